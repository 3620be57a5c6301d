"""News of the demo shops: a page that lists them, and two of the starter site's with what they are about."""

from typing import Final

from cms.news_categories import make_category
from cms.starter import starter_pages, write_page
from storefront.core.db import Work
from tenants.resellers import current_reseller

TITLES: Final[dict[str, dict[str, str]]] = {
    "news-prices": {"en": "Prices", "fr": "Prix", "pl": "Ceny", "de": "Preise"},
    "news-move": {"en": "Good to know", "fr": "Bon à savoir", "pl": "Warto wiedzieć", "de": "Gut zu wissen"},
}


def tell_news(db: Work) -> None:
    """Publish the news of a shop in its first language."""
    reseller = current_reseller(db)
    locale = reseller.default_locale
    spoken = {locale, *reseller.locales}
    starters = {starter.key: starter for starter in starter_pages(db, locale)}
    write_page(db, starters["news"], locale, publish=True)
    for key, titles in TITLES.items():
        words = {each: word for each, word in titles.items() if each in spoken}
        first = {locale: words[locale], **words}
        version = write_page(db, starters[key], locale, publish=True)
        version.settings = {**version.settings, "categories": [make_category(db, first).slug]}
    db.flush()

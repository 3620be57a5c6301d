"""Words that a shop writes in each of its languages: a field for each, and what was typed into them."""

from typing import Any

from flask import g

from storefront.web.forms import Line
from storefront.web.locale import NATIVE_NAMES
from tenants.resellers import current_reseller


def shop_locales() -> list[str]:
    """Return the languages of the shop, its first one first."""
    reseller = current_reseller(g.db)
    return list(dict.fromkeys([reseller.default_locale, *reseller.locales]))


def words_field(label: Any, locale: str, *, longest: int) -> Line:
    """Return a field for the words in one language, said behind its label where the shop has several."""
    return Line(label_in(label, locale), longest=longest, optional=True)


def label_in(label: Any, locale: str) -> str:
    """Return a label with the language behind it where the shop has several."""
    return f"{label} ({NATIVE_NAMES.get(locale, locale)})" if len(shop_locales()) > 1 else str(label)


def words_of(form: Any, name: str) -> dict[str, str]:
    """Return what was typed into the fields ``<name>_<locale>``, empty ones left out."""
    typed = {locale: (form[f"{name}_{locale}"].data or "").strip() for locale in shop_locales()}
    return {locale: words for locale, words in typed.items() if words}

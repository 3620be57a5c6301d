"""The shop's advertisement as the panel's first page shows it."""

from typing import Any

from flask import g

from storefront.web.assets import media_url
from tenants.adverts import find_advert_for


def panel_advert() -> dict[str, Any] | None:
    """Return ``advert`` for parts/advert.html, or ``None`` where nothing is advertised today."""
    advert = find_advert_for(g.db, g.locale)
    if advert is None:
        return None
    return {
        "title": advert.title,
        "text": advert.text,
        "link": advert.link,
        "link_words": advert.link_words,
        "ends_on": advert.ends_on,
        "picture_url": media_url(advert.picture, "webp"),
        "picture_width": advert.picture_width,
        "picture_height": advert.picture_height,
        "alt": advert.alt,
        "is_elsewhere": advert.link.startswith("https://"),
    }

"""Menus as the layout wants them."""

from typing import Any

from flask import request

from cms.queries import menus
from storefront.core.db import Work


def links_of(db: Work, locale: str) -> dict[str, Any]:
    """Return header links and footer columns in a language, with addresses that keep it."""
    found = menus(db, locale)
    header = found["header"].items if "header" in found else []
    footer = found["footer"].items if "footer" in found else []
    return {
        "header": [_link(item) for item in header],
        "footer": [{"title": column["title"], "items": [_link(item) for item in column["items"]]} for column in footer],
    }


def _link(item: dict[str, str]) -> dict[str, str]:
    url = item["url"]
    return {"label": item["label"], "url": f"{request.script_root}{url}" if url.startswith("/") else url}

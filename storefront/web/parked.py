"""What a customer's name shows that leads here and has no website: a page of the reseller's, and nothing else."""

from typing import Any, Final

import structlog
from flask import Response, g, make_response

from storefront.catalog.labels import decode_name
from storefront.catalog.scripts import looks_latin, mixes_scripts
from storefront.web.house import house
from storefront.web.own_pages import PARKED_PAGE, RESTRAINED_PAGE
from storefront.web.rendering import make_anew_after, render, storable
from tenants.parked_names import WWW, is_restrained

log = structlog.get_logger()

# What the page is made of is answered on the same name: nobody's browser asks another host.
FILES: Final = ("/assets/", "/media/")
# The name may become a website elsewhere in this house, which its shop does not hear.
LASTS_S: Final = 60


def parked_page() -> Response:
    """Answer with the page of the shop for such names, in the visitor's language."""
    key = RESTRAINED_PAGE if is_restrained(g.host) else PARKED_PAGE
    own = house().own_pages(g.db, g.locale, (key,)).get(key)
    response = _answer(key, own) if own is not None else None
    response = response or make_response(parked_html(key, None, g.host))
    response.headers["X-Robots-Tag"] = "noindex"
    make_anew_after(LASTS_S)
    return storable(response)


def _answer(key: str, own: Any) -> Response | None:
    """Show the shop's own words; ``None`` where they cannot be shown, and the theme's are."""
    try:
        return make_response(parked_html(key, own, g.host))
    except Exception:
        log.exception("parked_page.broken", key=key)
        return None


def parked_html(key: str, own: Any, host: str, **more: Any) -> str:
    """Return the page for a host; the office shows it for a sample."""
    name, ascii_name = shown_name(host)
    terms = {"name": name, "ascii_name": ascii_name, "is_restrained": key == RESTRAINED_PAGE, "own": own}
    origin = house().config.origin(g.place.canonical)
    return render("errors/parked.html", **{**terms, "shop_url": f"{origin}/", "words": "", "reference": "", **more})


def shown_name(host: str) -> tuple[str, str]:
    """Return a name as people read it, and as machines do where that is another.

    What could be taken for another name, because it mixes scripts or looks Latin, is written as machines do alone.
    """
    ascii_name = host.removeprefix(WWW)
    name = decode_name(ascii_name)
    if any(mixes_scripts(label) or looks_latin(label) for label in name.split(".")):
        name = ascii_name
    return name, ascii_name if ascii_name != name else ""

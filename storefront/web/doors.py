"""Which host shows what: frames everywhere, the shop on the preferred one, nothing yet while it is not open to all."""

from typing import Final
from urllib.parse import quote

from flask import g, redirect, request
from werkzeug.wrappers import Response

from storefront.web.errors import error_page
from storefront.web.guards import is_unsafe
from storefront.web.house import house
from storefront.web.maintenance import door_of_maintenance
from storefront.web.preparing import door_of_preparation, has_preview

# What every host of a shop answers itself: frames, and what they are made of.
ON_EVERY_HOST: Final = ("/frames/", "/assets/", "/media/")
STAYS: Final = (*ON_EVERY_HOST, "/preview/")


def turned_away() -> Response | None:
    """Return what this host answers instead of the page that was asked for; ``None`` lets the request in."""
    path = request.path + "/"
    if g.place.purpose == "frames" and not path.startswith(ON_EVERY_HOST):
        return error_page(404, "")
    if path.startswith(STAYS):
        return None
    return door_of_preparation() or door_of_maintenance() or to_preferred_host()


def to_preferred_host() -> Response | None:
    """Lead from a further host of the shop to the one it prefers, with path and query; offices stay where they are."""
    canonical, platform = g.place.canonical, house().config.platform_host
    if g.host in (canonical, f"{g.place.slug}.{platform}", platform) or is_unsafe() or has_preview():
        return None
    query = f"?{request.query_string.decode('latin-1')}" if request.query_string else ""
    path = quote(request.script_root + request.path, safe="/:@!$&'()*+,;=~")
    return redirect(f"{house().config.origin(canonical)}{path}{query}", 308)

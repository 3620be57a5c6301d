"""A shop closed for work: visitors read that it is back soon; its people, and what is owed to customers, go on."""

from typing import Final

from flask import Response, g, request

from storefront.web.errors import own_or_theme, problem, wants_json
from storefront.web.own_pages import MAINTENANCE
from storefront.web.preparing import may_look_inside
from tenants.maintenance import Maintenance

# By the first step of the address: the offices, what customers have and pay, what pages are made of, and what machines
# ask. A robots.txt that fails would keep search engines away for longer than the work takes.
STAYS_OPEN: Final = frozenset(
    {
        "reseller",
        "operator",
        "account",
        "panel",
        "pay",
        "drafts",
        "hooks",
        "api",
        "assets",
        "media",
        ".well-known",
        "robots.txt",
        "favicon.ico",
    }
)
COMES_BACK_S: Final = 3600


def door_of_maintenance() -> Response | None:
    """Answer that the shop is back soon while it is closed for work, unless this visitor may look inside."""
    closed: Maintenance | None = g.maintenance
    if closed is None or not closed.holds(g.db.now) or request.path.split("/", 2)[1] in STAYS_OPEN or may_look_inside():
        return None
    g.refusal = g.get("refusal") or True
    response = (
        problem(503, "")
        if wants_json()
        else own_or_theme("errors/maintenance.html", 503, MAINTENANCE, until=closed.until, reference="")
    )
    left_s = (closed.until - g.db.now).total_seconds() if closed.until is not None else COMES_BACK_S
    response.headers["Retry-After"] = str(max(60, int(left_s)))
    response.headers["X-Robots-Tag"] = "noindex"
    response.headers["Cache-Control"] = "no-store"
    return response

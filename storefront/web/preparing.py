"""A shop in preparation: visitors read that it opens soon, its people and whoever holds a preview see it all."""

from datetime import datetime, timedelta

from flask import Response, g, make_response, request
from flask_login import current_user

from storefront.core.sealing import is_signed, sign
from storefront.web.errors import problem, wants_json
from storefront.web.guards import is_signed_in
from storefront.web.house import house
from storefront.web.rendering import render
from storefront.web.sessions import leave_cookies_later

PREVIEW_COOKIE = "__Host-preview"
PREVIEW_LASTS = timedelta(hours=24)
PURPOSE = "preview"
# The office itself, the way into it, and what every page is made of.
OPEN_TO_ALL = ("/assets/", "/media/", "/account/", "/reseller", "/hooks/", "/.well-known/")
COMES_BACK_S = 3600


def door_of_preparation() -> Response | None:
    """Answer "opening soon" for a shop in preparation, unless this visitor may look inside."""
    if g.place.state != "preparing" or request.path.startswith(OPEN_TO_ALL) or may_look_inside():
        return None
    g.refusal = g.get("refusal") or True
    response = problem(503, "") if wants_json() else make_response(render("errors/opening.html"), 503)
    response.headers["Retry-After"] = str(COMES_BACK_S)
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def let_preview(until: datetime) -> None:
    """Let this browser see the shop in preparation on this host until a moment: staff, or who came by a link."""
    leave_cookies_later()[PREVIEW_COOKIE] = _ticket(until)


def preview_until(now: datetime) -> datetime:
    """Return until when a preview that begins now lasts."""
    return now + PREVIEW_LASTS


def has_preview() -> bool:
    """Whether this browser carries a preview of this shop that still holds."""
    stamp, _dot, signature = request.cookies.get(PREVIEW_COOKIE, "").partition(".")
    if not stamp.isdecimal() or len(stamp) > 12 or int(stamp) < g.db.now.timestamp():  # noqa: PLR2004 - seconds since 1970 have ten digits
        return False
    return is_signed(house().config, _said(stamp), signature, purpose=PURPOSE, owner=g.place.reseller_id)


def may_look_inside() -> bool:
    """Whether this visitor sees a shop that others do not see: staff who are signed in, and who holds a preview."""
    return has_preview() or (is_signed_in() and current_user.kind == "staff")


def _ticket(until: datetime) -> str:
    stamp = str(int(until.timestamp()))
    signature = sign(house().config, _said(stamp), purpose=PURPOSE, owner=g.place.reseller_id)
    return f"{stamp}.{signature}"


def _said(stamp: str) -> str:
    # The host is part of it: a preview of one host is none of another.
    return f"{g.host}/{stamp}"

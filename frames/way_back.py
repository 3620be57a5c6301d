"""The way back: from the shop's own pages to the page that a window stands on, if that is a site which may hold it."""

import base64
import json
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final
from urllib.parse import parse_qs, urlencode

from flask import request

from frames.counts import count
from frames.handoff import issue_ticket
from frames.kinds import KINDS, STAYS
from frames.origins import origin_of
from frames.page_addresses import page_address, site_name
from frames.settings import find_frame
from frames.window import find_window
from storefront.core.db import Work
from storefront.core.sealing import is_signed, sign
from storefront.web.locale import split_locale
from storefront.web.next_path import own_path
from storefront.web.sessions import leave_cookies_later

# The shop's own page on which a way through it ends; storefront/account/way_back.py shows it.
PATH: Final = "/account/way-back"
BACK_COOKIE: Final = "__Host-back"
TICKET_COOKIE: Final = "__Host-ticket"
PURPOSE: Final = "frame-back"
KEPT: Final = timedelta(hours=2)
LONGEST_COOKIE: Final = 3_500


@dataclass(frozen=True, kw_only=True)
class WayBack:
    """Where a visitor came from. ``frame`` is the key of the window, its kind where nobody made it."""

    frame: str
    url: str
    ending: str
    campaign: str = ""  # what the page is told with an order

    @property
    def origin(self) -> str:
        """The site."""
        return origin_of(self.url) or ""

    @property
    def site(self) -> str:
        """The site as people read it."""
        return site_name(self.url)

    @property
    def path(self) -> str:
        """The page of the shop on which the way ends."""
        return path_of(self.frame, self.url)

    def address(self, ticket: str = "") -> str:
        """Return the page to go back to, with what it is to be told."""
        return f"{self.url}#shop-ticket={ticket}" if ticket else self.url


def path_of(frame: str, back: str) -> str:
    """Name the page on which a way from a window ends, whatever was sent: it is looked at when somebody gets there."""
    told = {name: value for name, value in (("frame", frame[:40]), ("back", page_address(back))) if value}
    return own_path(f"{PATH}?{urlencode(told)}") or own_path(f"{PATH}?{urlencode({'frame': frame[:40]})}")


def is_way(path: str) -> bool:
    """Whether a page of this host is the one on which a way from a window ends, in any language."""
    return split_locale(path.partition("?")[0])[1] == PATH


def way_at(db: Work, path: str) -> WayBack | None:
    """Return the way that such a path names, if it may still be taken; asks nothing for any other path."""
    if not is_way(path):
        return None
    told = parse_qs(path.partition("?")[2])
    return find_way_back(db, "".join(told.get("frame", ())), "".join(told.get("back", ())))


def find_way_back(db: Work, frame: str, back: str) -> WayBack | None:
    """Return the way back to a page, if it lies on a site that may hold this window at this moment.

    Where no page is named, a window that has one site only came from that.
    """
    window = find_window(db, frame)
    if window is None:
        return None
    origins = window.origins
    url = page_address(back) if back else f"{origins[0]}/" if len(origins) == 1 else ""
    if not window.allows(url):
        return None
    ending = window.options.ending or next(iter(window.kind.endings), STAYS)
    return WayBack(frame=frame, url=url, ending=ending, campaign=window.options.campaign)


def arrive(db: Work, path: str) -> None:
    """Note that somebody signed in who came from a window, and make the ticket that its page is told by."""
    if not is_way(path):
        return
    frame = "".join(parse_qs(path.partition("?")[2]).get("frame", ()))
    if frame not in KINDS and find_frame(db, frame) is None:
        return
    count(db, frame, "signed_in")
    way = way_at(db, path)
    if way is not None:
        ticket = issue_ticket(db, frame=frame, origin=way.origin, event={"type": "signed-in"})
        leave_cookies_later()[TICKET_COOKIE] = ticket


def carried_ticket() -> str:
    """Take the ticket of who has just signed in out of its cookie; it is given to the page they go back to."""
    ticket = request.cookies.get(TICKET_COOKIE, "")
    if ticket:
        leave_cookies_later()[TICKET_COOKIE] = None
    return ticket if ticket.isascii() and ticket.replace("-", "").replace("_", "").isalnum() else ""


def remember(db: Work, way: WayBack) -> None:
    """Keep the way back for two hours in this browser: for ways through the shop that have no field for it."""
    until = int((db.now + KEPT).timestamp())
    told = {"frame": way.frame, "back": way.url, "until": until, "campaign": way.campaign}
    body = base64.urlsafe_b64encode(json.dumps(told).encode()).decode().rstrip("=")
    value = f"{body}.{sign(db.config, body, purpose=PURPOSE, owner=db.reseller_id)}"
    if len(value) <= LONGEST_COOKIE:
        leave_cookies_later()[BACK_COOKIE] = value


def remembered(db: Work, *, ended_at: datetime | None = None) -> WayBack | None:
    """Return the way back that this browser keeps, if it may still be taken; asks nothing where there is none.

    ``ended_at`` is when the order was placed that the page is to be told of: it is none of a way that began later.
    """
    body, _dot, signature = request.cookies.get(BACK_COOKIE, "").partition(".")
    if not body or not is_signed(db.config, body, signature, purpose=PURPOSE, owner=db.reseller_id):
        return None
    told: dict[str, Any] = json.loads(base64.urlsafe_b64decode(body + "=="))
    began_at = told["until"] - KEPT.total_seconds()
    is_over = told["until"] <= db.now.timestamp() or (ended_at is not None and ended_at.timestamp() < began_at)
    way = None if is_over else find_way_back(db, told["frame"], told["back"])
    return replace(way, campaign=told.get("campaign", "")) if way is not None else None


def forget() -> None:
    """Forget the way back: it was taken."""
    leave_cookies_later()[BACK_COOKIE] = None

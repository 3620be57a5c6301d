"""In which price group this request is answered: the customer's own, or the one that staff look through for a while."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from flask import g, request
from flask_login import current_user

from storefront.core.sealing import is_signed, sign
from storefront.customers.models import Customer
from storefront.pricing.offer_models import PriceGroup
from storefront.web.guards import is_signed_in
from storefront.web.house import house
from storefront.web.sessions import leave_cookies_later

GROUP_COOKIE: Final = "__Host-group"
LASTS: Final = timedelta(minutes=30)
PURPOSE: Final = "price_group"
# The office keeps its own sight of prices, and what is served beside pages has none.
NOT_HERE: Final = ("/reseller", "/operator", "/assets/", "/media/")
# Seconds since 1970 have ten digits.
STAMP_DIGITS: Final = 12


@dataclass(frozen=True, kw_only=True)
class SeenAs:
    """The group through whose eyes staff see the shop, for the line that every page then carries."""

    group_id: UUID
    name: str
    until: datetime


def see_as(group: PriceGroup) -> datetime:
    """Show this browser the shop as the customers of a group see it; returns when that ends by itself."""
    until: datetime = g.db.now + LASTS
    stamp = str(int(until.timestamp()))
    signature = sign(house().config, _said(group.id, stamp), purpose=PURPOSE, owner=g.place.reseller_id)
    leave_cookies_later()[GROUP_COOKIE] = f"{group.id}.{stamp}.{signature}"
    return until


def see_as_everybody() -> None:
    """Show this browser the shop as everybody sees it."""
    leave_cookies_later()[GROUP_COOKIE] = None


def begin() -> None:
    """Let the request of somebody who is signed in see the prices of the group that they look through, if any.

    A page for somebody who is signed in is never kept for others (web/ready.py), so neither is this one.
    """
    g.seen_as = _read_ticket()


def group_of_visitor() -> UUID | None:
    """Return the price group whose prices this request shows; ``None`` for what everybody pays.

    Asks the database only for somebody who is signed in.
    """
    if not is_signed_in():
        return None
    seen: SeenAs | None = g.get("seen_as")
    if seen is not None:
        return seen.group_id
    if current_user.customer_id is None:
        return None
    customer: Customer | None = g.db.find(Customer, current_user.customer_id)
    return customer.price_group_id if customer else None


def _read_ticket() -> SeenAs | None:
    ticket = request.cookies.get(GROUP_COOKIE, "")
    if not ticket or request.path.startswith(NOT_HERE) or current_user.kind != "staff":
        return None
    name, _dot, rest = ticket.partition(".")
    stamp, _dot, signature = rest.partition(".")
    group_id = _id_of(name)
    if group_id is None or not stamp.isdecimal() or not stamp.isascii() or len(stamp) > STAMP_DIGITS:
        return None
    is_ours = is_signed(house().config, _said(group_id, stamp), signature, purpose=PURPOSE, owner=g.place.reseller_id)
    if not is_ours or int(stamp) < g.db.now.timestamp():
        return None
    group = g.db.find(PriceGroup, group_id)
    if group is None or group.closed_at is not None:
        return None
    return SeenAs(group_id=group_id, name=group.name, until=datetime.fromtimestamp(int(stamp), tz=g.db.now.tzinfo))


def _id_of(name: str) -> UUID | None:
    try:
        return UUID(name)
    except ValueError:
        return None


def _said(group_id: UUID, stamp: str) -> str:
    # Host and person are part of it: nobody else's browser is let in by it.
    said: list[Any] = [g.host, current_user.user_id, group_id, stamp]
    return "/".join(map(str, said))

"""Windows that sell: search, order, cart. Every step is the window's own address with ``?step=``."""

from collections.abc import Callable
from typing import Any, Final

from flask import g, redirect, request
from werkzeug.wrappers import Response

from frames.kinds import GOES_TO_SHOP
from frames.shop_desk import CART, OPTIONS, SEARCH, SUMMARY, Desk, event
from frames.shop_presses import PRESSES
from frames.window import Window, shows
from storefront.core.errors import NotFound
from storefront.core.i18n import gettext
from storefront.orders.carts import items_in
from storefront.provisioning.availability import CannotAsk
from storefront.shop.cart_desk import cart_facts
from storefront.shop.search_wish import is_search_id
from storefront.shop.searching import Found, changed_facts, changed_since, look_for, premium_facts, search_facts
from storefront.web.guards import is_unsafe
from storefront.web.rendering import render

AUDIT: Final = "frame.cart_changed"
SELLING: Final = ("domain-search", "order", "cart")


@shows("domain-search", audit=AUDIT)
def domain_search(window: Window) -> Response:
    """A box for one name or many, the answers as they come, and the cart beside them."""
    return _answer(Desk.of(window, SEARCH))


@shows("order", audit=AUDIT)
def order(window: Window) -> Response:
    """Choose a name, its options, the cart, the summary: one after the other."""
    return _answer(Desk.of(window, CART if window.options.start == "cart" else SEARCH))


@shows("cart", audit=AUDIT)
def cart(window: Window) -> Response:
    """What was chosen so far, and the way on."""
    return _answer(Desk.of(window, CART))


def _answer(desk: Desk) -> Response:
    steps: dict[str, Callable[[Desk], Response]] = PRESSES if is_unsafe() else SHOWN_STEPS
    step = request.args.get("step", "")
    view = steps.get(step or ("" if is_unsafe() else desk.first))
    if view is None:
        raise NotFound
    if desk.held.is_lost and is_unsafe() and step != "add":
        g.refusal = True
        return show_cart(desk)
    return view(desk)


def show_search(desk: Desk) -> Response:
    """The box, and a row for each name."""
    wish = desk.wish()
    found = look_for(wish, desk.shop, desk.search_address(wish.address(search_id="")))
    is_new = found.progress is not None and found.progress.search_id != wish.search_id
    if is_new:
        desk.count_afterwards("searched")
    # The first document has a box and nothing more; a window for one group offers no other.
    is_plain = desk.has_group or not wish.text.strip()
    narrowed: dict[str, Any] = {"groups": [], "more_endings": []} if is_plain else {}
    answer = desk.render(
        "search",
        status=found.status,
        is_ready=desk.held.cart is None,
        events=_events(desk, found, is_new=is_new),
        leaves_to_shop=desk.window.options.ending == GOES_TO_SHOP,
        **{**search_facts(found, desk.shop, desk.held.cart, desk.ways), **narrowed},
    )
    if found.refusal:
        answer.headers["Retry-After"] = str(found.refusal.retry_after_s)
    return answer


def _events(desk: Desk, found: Found, *, is_new: bool) -> list[str]:
    events = desk.cart_events() + desk.step_events(SEARCH)
    if found.progress is not None and is_new:
        endings = list(dict.fromkeys(one.ending for one in found.candidates if one.name is not None and one.ending))
        events.append(event("search", names=len(found.progress.names), extensions=endings[:50]))
        if found.progress.is_done:
            events.append(desk.result_event(found.progress))
    return events


def show_rows(desk: Desk) -> Response:
    """The rows that changed since a number, as a piece of the window; 204 when none did."""
    search_id = request.args.get("search", "")
    if not is_search_id(search_id):
        raise NotFound
    try:
        progress = changed_since(search_id)
    except CannotAsk:
        return Response("", 503)
    if progress is None:
        return Response("", 204)
    facts = changed_facts(progress, desk.shop, desk.held.cart, desk.ways, request.args.get("best", ""))
    events = [desk.result_event(progress)] if progress.is_done else []
    return desk.private(Response(render("shop/search/rows.html", **{**facts, "events": events}), mimetype="text/html"))


def show_premium(desk: Desk) -> Response:
    """All prices of a name that its registry prices itself."""
    given, search_id = request.args.get("name", ""), request.args.get("search", "")
    return desk.render("premium", events=[], **premium_facts(given, search_id, desk.shop, desk.ways))


def show_cart(desk: Desk) -> Response:
    """What lies in the cart, with years, codes and the total."""
    lost = gettext("What you chose was kept for two hours and is gone. Please choose once more.")
    facts = cart_facts(desk.held.cart, desk.ways, **({"refusal": lost} if desk.held.is_lost else {}))
    events = desk.cart_events() + desk.step_events(CART)
    status = 422 if desk.held.is_lost and is_unsafe() else None
    return desk.render("cart", status=status, is_ready=desk.held.cart is None, events=events, **facts)


def show_options(desk: Desk) -> Response:
    """How long each name is taken for."""
    if desk.held.cart is None or not items_in(g.db, desk.held.cart):
        return redirect(desk.ways.more_names, 303)
    events = desk.cart_events() + desk.step_events(OPTIONS)
    return desk.render("options", events=events, **cart_facts(desk.held.cart, desk.ways))


def show_summary(desk: Desk) -> Response:
    """Everything once more, with what it costs now and later, before the visitor goes on at the top."""
    facts = cart_facts(desk.held.cart, desk.ways)
    if not facts["basket"].can_be_ordered:
        return redirect(desk.ways.cart, 303)
    return desk.render("summary", events=desk.step_events(SUMMARY), **facts)


SHOWN_STEPS: Final[dict[str, Callable[[Desk], Response]]] = {
    SEARCH: show_search,
    "rows": show_rows,
    "premium": show_premium,
    CART: show_cart,
    OPTIONS: show_options,
    SUMMARY: show_summary,
}

"""What every step of a window that sells knows: its cart, its ways, what it sells, what it tells the page around."""

import json
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Final
from uuid import UUID

from flask import g, make_response, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from frames.counts import count, count_afterwards
from frames.window import Window
from frames.window_carts import Held, WindowWays, held_by, ways_of
from storefront.core.errors import NotFound
from storefront.core.i18n import gettext
from storefront.orders.carts import require_item, summary
from storefront.orders.models import Cart, CartItem
from storefront.pricing.queries import Shelf
from storefront.provisioning.availability import Progress
from storefront.shop.buyer import this_shop
from storefront.shop.search_wish import Wish, read_wish
from storefront.shop.ways import Values
from storefront.web.next_path import own_path

SEARCH, CART, OPTIONS, SUMMARY = "search", "cart", "options", "summary"
TEMPLATES: Final = {
    SEARCH: "frames/shop/search.html",
    OPTIONS: "frames/shop/options.html",
    CART: "frames/shop/cart.html",
    SUMMARY: "frames/shop/summary.html",
    "premium": "frames/shop/premium.html",
}
# The steps of an order, as it shows them and as it names them to the page around.
STEPS: Final = {SEARCH: "choose", OPTIONS: "options", CART: "cart", SUMMARY: "summary"}


@dataclass(kw_only=True)
class Desk:
    """One request to a window that sells. ``first`` is the step without a name."""

    window: Window
    held: Held
    first: str

    @classmethod
    def of(cls, window: Window, first: str) -> "Desk":
        """Find the cart of a window."""
        return cls(window=window, held=held_by(window), first=first)

    @property
    def is_order(self) -> bool:
        """Whether it leads through all steps of an order."""
        return self.window.kind.key == "order"

    @cached_property
    def shop(self) -> Shelf:
        """What the shop sells."""
        return this_shop()

    @property
    def step(self) -> str:
        """The step that is shown, or was shown when a button was pressed."""
        named = request.args.get("at" if request.method == "POST" else "step", "")
        return named if named in STEPS else self.first

    @property
    def ways(self) -> WindowWays:
        """Where everything leads, with the cart as it is now."""
        return ways_of(self.held, first=self.first, at=self.step)

    @property
    def has_group(self) -> bool:
        """Whether the window was narrowed to one group of endings that the shop has."""
        wanted = self.window.options.group
        return bool(wanted) and any(group.slug == wanted for group in self.shop.groups)

    def wish(self) -> Wish:
        """Read what is searched for; a group that was chosen for the window stands."""
        wish = read_wish(request.args, self.shop)
        if self.has_group:
            wish = replace(wish, group=self.window.options.group, endings=())
        starts_with_many = self.window.options.start == "many" and "q" not in request.args
        return replace(wish, has_many=wish.has_many or starts_with_many)

    def search_address(self, values: Values) -> str:
        """Return the address of a search without the cart: it is kept with the answers."""
        return replace(self.ways, token="").search(values)

    def line(self) -> tuple[Cart, CartItem]:
        """Return the line that a button is about, with the cart; ``NotFound`` for anybody else's."""
        return self._line(is_removed=False)

    def removed_line(self) -> tuple[Cart, CartItem]:
        """Return a line that was taken out."""
        return self._line(is_removed=True)

    def _line(self, *, is_removed: bool) -> tuple[Cart, CartItem]:
        try:
            item_id = UUID(request.args.get("item", ""))
        except ValueError:
            raise NotFound from None
        item = require_item(g.db, self.held.cart, item_id, removed=is_removed)
        if self.held.cart is None:
            raise NotFound
        return self.held.cart, item

    def done(self, did: str, step: str | None = None, **values: Any) -> AnyResponse:
        """Lead on to a step (the one that was shown) and have it say once what was done."""
        return redirect(self.ways.step(self.step if step is None else step, did=did, **values), 303)

    def done_at(self, address: str, did: str, **values: Any) -> AnyResponse | None:
        """Lead on to an address of this very window that a form has carried along; None if it is none."""
        path, _mark, query = own_path(address).partition("?")
        if path != self.window.path.partition("?")[0]:
            return None
        more = {"did": did, **values, "cart": self.ways.token}
        added = "&".join(f"{name}={value}" for name, value in more.items() if value)
        return redirect(f"{path}?{query}&{added}" if query else f"{path}?{added}", 303)

    def count(self, what: str) -> None:
        """Raise a counter of this window with what this press does."""
        if not self.window.is_preview:
            count(g.db, self.window.whose, what)

    def count_afterwards(self, what: str) -> None:
        """Raise a counter of this window by a look."""
        if not self.window.is_preview:
            count_afterwards(self.window.whose, what)

    def cart_events(self) -> list[str]:
        """Return what is told of the cart after a press that changed it."""
        if request.args.get("did", "") not in CHANGES or self.held.cart is None:
            return []
        seen = summary(g.db, self.held.cart, self.shop.book.currency)
        total = seen.total
        return [event("cart", lines=seen.count, value=f"{total.decimal:f}", currency=total.currency)]

    def step_events(self, step: str) -> list[str]:
        """Return what is told of a step of an order."""
        if not self.is_order:
            return []
        return [event("step", step=STEPS[step], number=list(STEPS).index(step) + 1, of=len(STEPS))]

    def result_event(self, progress: Progress) -> str:
        """Return what is told of a search whose answers are all there."""
        answers = [progress.answers[name].availability for name in progress.names if name in progress.answers]
        free = sum(each.is_buyable for each in answers)
        unknown = sum(each.value == "unknown" for each in answers)
        return event("result", available=free, taken=len(answers) - free - unknown, unknown=unknown)

    def said(self) -> str:
        """Return the sentence about what has just been done."""
        did, item_id = request.args.get("did", ""), request.args.get("item", "")
        if did == "code":
            return gettext("The code counts.")
        if did == "empty":
            return gettext("Your cart is empty now.")
        if did != "add":
            return ""
        try:
            item = require_item(g.db, self.held.cart, UUID(item_id))
        except (ValueError, NotFound):
            return ""
        return gettext("%(name)s is in your cart.", name=item.name_unicode)

    def render(self, step: str, *, status: int | None = None, is_ready: bool = False, **context: Any) -> AnyResponse:
        """Answer with a step; what was searched for and chosen stays with this browser and this shop."""
        numbers = list(STEPS)
        response = self.window.render(
            TEMPLATES[step],
            status=status,
            is_ready=is_ready,
            **{
                "ways": self.ways,
                "said": self.said(),
                "leaving_token": self.held.leaving_token,
                "whole": self.window.address(step=CART, cart=self.held.leaving_token)
                if self.held.cart is not None
                else self.window.whole_url,
                "number": numbers.index(step) + 1 if self.is_order and step in numbers else 0,
                **context,
            },
        )
        is_plain = not request.args and self.held.cart is None and status in {None, 200}
        return response if is_plain else self.private(response)

    def private(self, response: AnyResponse) -> AnyResponse:
        """Keep an answer to this browser and this shop. The window's own steps still say where they come from."""
        answer = make_response(response)
        answer.headers["Referrer-Policy"] = "same-origin"
        answer.headers["Cache-Control"] = "private, no-cache"
        return answer


# Presses that change what lies in the cart, as the next page names them.
CHANGES: Final = frozenset({"add", "years", "agree", "remove", "put_back", "empty", "code"})


def event(kind: str, **facts: Any) -> str:
    """Write an event as the window's script reads it (frames/event_types.py)."""
    return json.dumps({"type": kind, **facts})

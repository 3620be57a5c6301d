"""The cart that a window fills: found by its own partitioned cookie, else by the token that the window carries."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any
from uuid import UUID

from flask import g, request

from frames.cart_tokens import cart_of_token, cart_token
from frames.window import Window, in_shop
from storefront.orders.carts import find_cart, make_cart
from storefront.orders.models import Cart
from storefront.shop.ways import Values, Ways
from storefront.web.sessions import FRAME_CART_COOKIE, leave_cookies_later


@dataclass(kw_only=True)
class Held:
    """What a window holds. ``is_lost``: it named a cart that nobody can find any more."""

    window: Window
    cart: Cart | None = None
    comes_by_cookie: bool = False
    is_lost: bool = False

    def to_fill(self) -> Cart:
        """Return the cart, made if there is none yet; only the next request shows whether its cookie comes back."""
        if self.cart is None:
            self.cart, secret = make_cart(g.db)
            leave_cookies_later()[FRAME_CART_COOKIE] = secret
        return self.cart

    @property
    def token(self) -> str:
        """What the pages of a window carry along where no cookie comes back; nothing where one does."""
        if self.cart is None or self.comes_by_cookie:
            return ""
        return cart_token(g.db, self.cart.id, frame=self.window.whose)

    @property
    def leaving_token(self) -> str:
        """What takes the cart out of the window: at the top the cookie of a window is another site's."""
        return cart_token(g.db, self.cart.id, frame=self.window.whose) if self.cart is not None else ""


def leaving_token(frame: str) -> str:
    """Return what takes the cart of the page around out of a window of this name, whichever window filled it."""
    cart = _kept()
    return cart_token(g.db, cart.id, frame=frame) if cart is not None else ""


def _kept() -> Cart | None:
    secret = request.cookies.get(FRAME_CART_COOKIE, "")[:200]
    return find_cart(g.db, secret) if secret else None


def held_by(window: Window) -> Held:
    """Find the cart of a window. What the window itself carried counts before the cookie."""
    kept, token = _kept(), _carried()
    if not token:
        return Held(window=window, cart=kept, comes_by_cookie=kept is not None)
    carried = cart_of(cart_of_token(g.db, token, frame=window.whose))
    if carried is None:
        return Held(window=window, cart=kept, comes_by_cookie=kept is not None, is_lost=kept is None)
    return Held(window=window, cart=carried, comes_by_cookie=kept is not None and kept.id == carried.id)


def cart_of(cart_id: UUID | None) -> Cart | None:
    """Return a cart of nobody's account."""
    found = g.db.find(Cart, cart_id) if cart_id is not None else None
    return found if found is not None and found.user_id is None else None


def _carried() -> str:
    """Return the token of this request. In an address only the window itself may name a cart.

    Otherwise whoever sends somebody a link would see which names they put into the cart it names.
    """
    if request.method == "POST":
        return request.form.get("cart", "")
    token = request.args.get("cart", "")
    return token if token and _is_from_here() else ""


def _is_from_here() -> bool:
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site == "same-origin"
    return request.headers.get("Referer", "").startswith(request.host_url)


@dataclass(frozen=True, kw_only=True)
class WindowWays(Ways):
    """The ways of a window: every step is the window's own address, and whatever needs the whole window opens one.

    ``token`` goes along with all of them; ``searches_at`` is the step at which names are looked for, ``at`` the one
    that is shown, ``first`` the one that needs no name.
    """

    window: Window
    token: str
    searches_at: str = ""
    first: str = ""
    at: str = ""

    def step(self, step: str, **values: Any) -> str:
        """Return the address of a step, with the cart where it must be carried along."""
        query = {"step": step if step != self.first else None, **values, "cart": self.token or None}
        return self.window.address(**{name: value for name, value in query.items() if value not in (None, "", [])})

    @property
    def box(self) -> str:
        """Where the search box leads."""
        return self.window.path

    @property
    def cart(self) -> str:
        """The cart, as a step of the window."""
        return self.step("cart")

    @property
    def checkout(self) -> str:
        """The step after the cart, in a window that has one."""
        return self.step("summary")

    @property
    def more_names(self) -> str:
        """Where one looks for another name."""
        return self.step(self.searches_at)

    @cached_property
    def leave(self) -> str:
        """Where the cart is taken to the top: on the host that shows the shop."""
        return in_shop("frames.leave")

    def search(self, values: Values) -> str:
        """Return the address of a search."""
        return self.step(self.searches_at, **values)

    def rows(self, search_id: str, best: str | None) -> str:
        """Return the address at which a running search is asked for what changed."""
        return self.step("rows", search=search_id, best=best)

    def premium(self, name: str, search_id: str) -> str:
        """Return the step with all prices of a name that its registry prices itself."""
        return self.step("premium", name=name, search=search_id)

    def whois(self, name: str) -> str:
        """Return the page that says who holds a name."""
        return in_shop("shop.search.whois", name=name)

    def transfer(self, name: str | None = None) -> str:
        """Return the page for names that are to move here."""
        return in_shop("shop.cart.transfer", name=name)

    def waiting_cart(self, look_up: str) -> str:
        """Return this step as it is asked for again while registries are asked about names."""
        return self.step(self.at, look=look_up)

    def carry(self, address: str) -> str:
        """Return an address of this window with the cart."""
        return f"{address}&cart={self.token}" if address and self.token else address

    def act(self, step: str, item_id: UUID | None = None) -> str:
        """Return where a button is pressed: a step, with the line it is about."""
        return self.window.address(**{"step": step, "at": self.at, **({"item": item_id} if item_id else {})})


def ways_of(held: Held, *, first: str, at: str) -> WindowWays:
    """Return the ways of a window that holds this, from the step that is shown (``at``)."""
    token, searches_at = held.token, "" if first == "search" else "search"
    carried = (("cart", token),) if token else ()
    chosen = tuple(held.window.options.as_row().items()) if held.window.is_preview else ()
    step = (("step", searches_at),) if searches_at else ()
    return WindowWays(
        window=held.window,
        token=token,
        fields=carried,
        kept=(*chosen, *step, *carried),
        is_window=True,
        searches_at=searches_at,
        first=first,
        at=at,
    )

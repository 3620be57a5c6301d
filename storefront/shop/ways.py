"""Where the rows of a search and the lines of a cart lead: on the shop's own pages. A window has ways of its own."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from flask import url_for

from storefront.shop.buyer import press_token

Values = Mapping[str, str | Sequence[str]]
Fields = tuple[tuple[str, str], ...]


@dataclass(frozen=True, kw_only=True)
class Ways:
    """The ways of the shop's own pages. ``fields`` go with every form that changes something, ``kept`` with the rest.

    ``is_window``: this is shown inside somebody else's page, so whatever needs the whole window opens one.
    """

    fields: Fields = ()
    kept: Fields = ()
    is_window: bool = False

    @property
    def box(self) -> str:
        """Where the search box leads."""
        return url_for("shop.search.results")

    @property
    def cart(self) -> str:
        """The cart."""
        return url_for("shop.cart.show")

    @property
    def checkout(self) -> str:
        """Where whoever has chosen goes on."""
        return url_for("shop.checkout.show")

    @property
    def more_names(self) -> str:
        """Where one looks for another name."""
        return url_for("cms.page", path="")

    def search(self, values: Values) -> str:
        """Return the address of a search."""
        return url_for("shop.search.results", **values)  # type: ignore[arg-type]  # values of an address

    def rows(self, search_id: str, best: str | None) -> str:
        """Return the address at which a running search is asked for what changed."""
        return url_for("shop.search.rows", search_id=search_id, best=best)

    def premium(self, name: str, search_id: str) -> str:
        """Return the page with all prices of a name that its registry prices itself."""
        return url_for("shop.search.premium", name=name, search=search_id)

    def whois(self, name: str) -> str:
        """Return the page that says who holds a name."""
        return url_for("shop.search.whois", name=name)

    def transfer(self, name: str | None = None) -> str:
        """Return the page for names that are to move here."""
        return url_for("shop.cart.transfer", name=name)

    def waiting_cart(self, look_up: str) -> str:
        """Return the cart as it is asked for again while registries are asked about its names."""
        return url_for("shop.cart.show", look=look_up)

    def carry(self, address: str) -> str:
        """Return an address that was kept with a search, as it is shown to this visitor."""
        return address

    def act(self, step: str, item_id: UUID | None = None) -> str:
        """Return where a button of the cart is pressed: the name of a view of ``/cart``, with the line it is about."""
        return url_for(f"shop.cart.{step}", item_id=item_id)


def ways_of_pages() -> Ways:
    """Return the ways of the shop's pages for this request."""
    token = press_token()
    return Ways(fields=(("csrf_token", token),) if token else ())

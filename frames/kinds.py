"""rule: the kinds of windows: what they are called, what may be chosen about them, and where else the same is done."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from storefront.core.i18n import Text
from storefront.core.i18n import lazy_gettext as _

# What happens at the end: the window says so and stays, the visitor goes back to the page around it, or to the shop.
STAYS, GOES_BACK, GOES_TO_SHOP = "stay", "back", "shop"


@dataclass(frozen=True, kw_only=True)
class Kind:
    """One kind of window. ``key`` is its address below /frames/, ``element`` its name in other people's pages."""

    key: str
    element: str
    title: Text
    about: Text
    steps: tuple[str, ...] = ()  # where it may begin, the usual place first
    endings: tuple[str, ...] = ()  # what may happen at the end, the usual thing first
    has_group: bool = False  # whether it may be narrowed to a group of extensions
    prefills: tuple[str, ...] = ()  # what the page around it may write into its fields
    whole: str = ""  # the endpoint of the shop's own page for the same; none: the window by itself

    @property
    def endpoint(self) -> str:
        """The window's own endpoint."""
        return f"frames.{self.view}"

    @property
    def view(self) -> str:
        """The name of the function that shows it, and of its template."""
        return self.key.replace("-", "_")


KINDS: Final[Mapping[str, Kind]] = {
    kind.key: kind
    for kind in (
        Kind(
            key="domain-search",
            element="shop-search",
            title=_("Domain search"),
            about=_(
                "Visitors look for a name, see which ones are free and what they cost, and put them into the cart."
            ),
            steps=("one", "many"),
            endings=(STAYS, GOES_TO_SHOP),
            has_group=True,
            prefills=("search", "campaign"),
            whole="shop.search.results",
        ),
        Kind(
            key="order",
            element="shop-order",
            title=_("Order"),
            about=_("Choose, options, cart and summary in one place. Paying happens in the whole window."),
            steps=("choose", "cart"),
            endings=(GOES_BACK, GOES_TO_SHOP),
            has_group=True,
            prefills=("search", "campaign", "code"),
            whole="shop.search.results",
        ),
        Kind(
            key="cart",
            element="shop-cart",
            title=_("Cart"),
            about=_("What the visitor has chosen so far, with its total and the way to the checkout."),
            endings=(GOES_BACK, GOES_TO_SHOP),
            prefills=("code", "campaign"),
            whole="shop.cart.show",
        ),
        Kind(
            key="user-login",
            element="shop-login",
            title=_("Sign in"),
            about=_("Customers sign in from your page; password and second factor are asked for in the whole window."),
            endings=(GOES_TO_SHOP, GOES_BACK),
            prefills=("email",),
            whole="account.sign_in.form",
        ),
        Kind(
            key="user-register",
            element="shop-register",
            title=_("Create an account"),
            about=_("New customers make an account in a few steps and confirm their address by a code."),
            endings=(GOES_TO_SHOP, GOES_BACK),
            prefills=("name", "email"),
            whole="account.sign_up.form",
        ),
        Kind(
            key="password-reset",
            element="shop-reset",
            title=_("Forgotten password"),
            about=_("Whoever forgot their password asks for a link by e-mail."),
            endings=(STAYS, GOES_BACK),
            prefills=("email",),
            whole="account.recovery.ask",
        ),
        Kind(
            key="price-list",
            element="shop-prices",
            title=_("Price list"),
            about=_("What extensions cost, all or one group of them."),
            endings=(STAYS,),
            has_group=True,
            whole="shop.price_list.list",
        ),
        Kind(
            key="whois",
            element="shop-whois",
            title=_("Whois"),
            about=_("Who keeps a name, since when and until when, as far as its registry says."),
            endings=(STAYS,),
            prefills=("search",),
        ),
        Kind(
            key="contact",
            element="shop-contact",
            title=_("Contact"),
            about=_("Visitors write to you; the messages stand in your office beside those of your own pages."),
            endings=(STAYS, GOES_BACK),
            prefills=("name", "email"),
        ),
    )
}

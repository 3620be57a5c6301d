"""What the transfer page shows and does: prices, what stands in the way, and names that go into the cart together."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import g, request, url_for
from werkzeug.utils import redirect
from werkzeug.wrappers import Response

from storefront.catalog.labels import decode_name
from storefront.catalog.names import DomainName, require_name
from storefront.catalog.tlds import TldRules
from storefront.core.errors import TooMany
from storefront.core.i18n import Text, ngettext
from storefront.core.i18n import lazy_gettext as _
from storefront.core.limits import spend
from storefront.core.money import Money
from storefront.orders.line_offers import record_of
from storefront.orders.models import CartItem
from storefront.orders.transfer_offers import needs_code, obstacle
from storefront.orders.transfers import TransferWish, add_transfer
from storefront.pricing.items import Item
from storefront.pricing.queries import Shelf
from storefront.pricing.shown_prices import shown_price
from storefront.provisioning.availability import CannotAsk
from storefront.provisioning.whois import ask_whois
from storefront.shop.buyer import cart_to_fill, tell_count, this_shop
from storefront.shop.forms.transfer import FIRST_SHOWN, NAME, TransferForm
from storefront.shop.search import WHOIS_RATE
from storefront.web.guards import who
from storefront.web.house import house
from storefront.web.rendering import page, say
from storefront.web.sessions import CART_COOKIE, leave_cookies_later

# Prices of so many endings stand on the page; the price of every other one is told when its name is typed.
ENDINGS_SHOWN = 8


@dataclass(frozen=True, kw_only=True)
class TransferPrice:
    """What bringing a name under an ending costs, what comes with it, and what later years cost."""

    ending: str
    price: Money
    renewal: Money | None
    rules: TldRules

    @property
    def shown(self) -> str:
        """The ending as people read it."""
        return decode_name(self.ending)

    @property
    def needs_code(self) -> bool:
        """Whether a code is asked for."""
        return needs_code(self.rules)


def answer_transfer() -> Response:
    """Show the form, or put what was written into the cart: everything, or nothing with a word on each line."""
    shop, form = this_shop(), TransferForm()
    if request.method == "GET":
        return _show(form, shop, wanted=_wanted(form, shop))
    if form.wants_more() or not form.submitted():
        return _show(form, shop)
    if not form.written:
        form[f"{NAME}0"].errors = [str(_("Please type the name that you want to bring here."))]
        g.refusal = True
        return _show(form, shop)
    return _add(form, shop)


def _wanted(form: TransferForm, shop: Shelf) -> DomainName | None:
    """Read the name that the address brings along and write it into the first line."""
    given = request.args.get("name", "")
    form.shown.data = str(1 if given.strip() else FIRST_SHOWN)
    if not given.strip():
        return None
    name = require_name(given, endings=shop.endings, label_rules=shop.label_rules)
    form[f"{NAME}0"].data = name.unicode
    if record_of(g.db, name.ascii) is None:
        look_up_record(name.ascii)
    return name


def _show(form: TransferForm, shop: Shelf, *, wanted: DomainName | None = None) -> Response:
    listed = [wanted.ending] if wanted else _listed(shop)
    prices = [each for each in (price_of(ending, shop) for ending in listed) if each is not None]
    return page(
        "shop/cart/transfer.html",
        form=form,
        wanted=wanted,
        prices=prices,
        blocked=_blocked(wanted, shop) if wanted else "",
        is_gross=shop.book.amounts == "gross",
    )


def _listed(shop: Shelf) -> Sequence[str]:
    return list(dict.fromkeys((*shop.default_group.endings, *shop.endings)))[:ENDINGS_SHOWN]


def _blocked(name: DomainName, shop: Shelf) -> Text:
    seen = record_of(g.db, name.ascii)
    return obstacle(shop.endings[name.ending].rules, seen, g.db.now) if seen is not None else ""


def price_of(ending: str, shop: Shelf) -> TransferPrice | None:
    """Return what bringing a name under an ending costs; ``None`` where it is not sold."""
    terms = shop.book.terms(ending, "transfer")
    if not terms or ending not in shop.endings:
        return None
    return TransferPrice(
        ending=ending,
        price=_price_now(ending, terms[0], shop),
        renewal=shop.book.prices.get((ending, "renew", 1)),
        rules=shop.endings[ending].rules,
    )


def _price_now(ending: str, years: int, shop: Shelf) -> Money:
    """Return what a transfer costs by itself at this moment."""
    item = Item(key="one", ending=ending, action="transfer", years=years)
    told = shown_price(item, shop.book, now=g.db.now)
    return told.price if told is not None else shop.book.prices[ending, "transfer", years]


def _add(form: TransferForm, shop: Shelf) -> Response:
    cart = cart_to_fill()
    added: list[CartItem] = []
    for number, name, code in form.written:
        with form.on_line(number):
            added.append(add_transfer(g.db, cart, TransferWish(name=name, code=code), shop))
    if form.errors:
        leave_cookies_later().pop(CART_COOKIE, None)
        return _show(form, shop)
    for item in added:
        look_up_record(item.name_ascii)
    tell_count(cart)
    if len(added) == 1:
        say(_("%(name)s is in your cart, to be transferred.", name=added[0].name_unicode))
    else:
        count = len(added)
        say(ngettext("%(num)s transfer is in your cart.", "%(num)s transfers are in your cart.", count))
    return redirect(url_for("shop.cart.show"), 303)


def look_up_record(name_ascii: str) -> None:
    """Have the public record of a name looked up, unless this visitor asks too often; nobody waits for it."""
    config, reseller_id = house().config, g.place.reseller_id
    try:
        spend(config, WHOIS_RATE, "whois", str(reseller_id), who())
        ask_whois(config, reseller_id, name_ascii)
    except (TooMany, CannotAsk):
        return

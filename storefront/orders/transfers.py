"""Transfers in the cart: a name that somebody has elsewhere, with the code that lets it move."""

from dataclasses import dataclass, field

from storefront.catalog.names import require_name
from storefront.core.db import Work
from storefront.core.errors import Refused
from storefront.core.i18n import lazy_gettext as _
from storefront.orders import carts
from storefront.orders.cart_offers import GONE
from storefront.orders.cart_prices import promise, reprice
from storefront.orders.models import Cart, CartItem
from storefront.orders.transfer_offers import needs_code, quote_transfer
from storefront.portfolio.domains import find_live
from storefront.pricing.queries import Shelf
from storefront.pricing.quote import RefusedItem
from storefront.providers.ports.registrar import Availability
from storefront.provisioning.transfer_codes import read_code, seal_code


@dataclass(frozen=True, kw_only=True)
class TransferWish:
    """A name to bring here, as typed; the code may still follow."""

    name: str
    code: str = field(default="", repr=False)


def add_transfer(db: Work, cart: Cart, wish: TransferWish, shop: Shelf) -> CartItem:
    """Put a transfer into a cart at the price of this moment; twice is once, and a new code replaces the old one.

    The same name, wished for as new, leaves the cart. Raises ``Refused`` with the reason on ``name`` or ``code``.
    """
    name = require_name(wish.name, endings=shop.endings, label_rules=shop.label_rules)
    quoted = quote_transfer(name.ending, shop.book, db.today)
    if isinstance(quoted, RefusedItem):
        raise Refused(_("Names under .%(ending)s cannot be transferred here.", ending=name.ending), field="name")
    rules = shop.endings[name.ending].rules
    code = read_code(wish.code) if needs_code(rules) else ""
    db.lock(cart)
    _refuse_what_is_no_transfer(db, name.ascii)
    item = carts.line_of(db, cart, name.ascii, "transfer")
    if item is None:
        carts.refuse_full(db, cart)
        item = CartItem(
            cart_id=cart.id,
            action="transfer",
            name_ascii=name.ascii,
            name_unicode=name.unicode,
            ending=name.ending,
            added_at=db.now,
        )
    if item.removed_at is not None:
        item.added_at, item.removed_at = db.now, None
    item.years = rules.transfer_years
    item.auth_code_sealed = seal_code(db, code) if code else item.auth_code_sealed or ""
    promise(db, item, quoted, shop)
    db.add(item)
    wished_as_new = carts.line_of(db, cart, name.ascii, "register")
    if wished_as_new is not None and wished_as_new.removed_at is None:
        wished_as_new.removed_at = db.now
    carts.touch(db, cart)
    reprice(db, cart, carts.items_in(db, cart), shop)
    return item


def _refuse_what_is_no_transfer(db: Work, name: str) -> None:
    if find_live(db, name) is not None:
        said = _("This name is here already. If it should be in your account, please write to us.")
        raise Refused(said, field="name")
    answer = carts.known_of(db, name)
    if answer is None or answer.availability is Availability.TAKEN:
        return
    if answer.availability.is_buyable:
        raise Refused(_("Nobody has this name. You can register it instead."), field="name")
    if answer.availability in GONE:
        raise Refused(GONE[answer.availability], field="name")


def give_code(db: Work, cart: Cart, item: CartItem, typed: str) -> None:
    """Keep the code of a line, sealed; nobody is shown it again. Raises ``Refused`` for what cannot be one."""
    code = read_code(typed)
    if item.action != "transfer" or not code:
        raise Refused(_("Please fill this in."), field="code")
    item.auth_code_sealed = seal_code(db, code)
    carts.touch(db, cart)

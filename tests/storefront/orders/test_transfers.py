"""Transfers in the cart: what is taken in, what is refused, and that nobody reads a code again."""

from collections.abc import Callable
from uuid import uuid4

import pytest
from sqlalchemy import select

from storefront.core.audit import AuditEntry
from storefront.core.db import Work
from storefront.core.errors import Refused
from storefront.orders import carts
from storefront.orders.basket import basket
from storefront.orders.models import Cart, CartItem
from storefront.orders.transfers import TransferWish, add_transfer, give_code
from storefront.portfolio.domains import Arrival, begin_arrival
from storefront.pricing.queries import Shelf, shelf
from storefront.providers.ports.registrar import Availability
from storefront.provisioning.transfer_codes import open_code
from tests import factories

CODE = "Geheim-7781"


@pytest.fixture
def shop(db: Work) -> Shelf:
    return shelf(db)


@pytest.fixture
def cart(db: Work) -> Cart:
    return carts.make_cart(db)[0]


def name(ending: str = "com") -> str:
    return f"move-{uuid4().hex[:12]}.{ending}"


def add(db: Work, cart: Cart, shop: Shelf, wanted: str, code: str = CODE) -> CartItem:
    return add_transfer(db, cart, TransferWish(name=wanted, code=code), shop)


def test_transfer_has_the_price_and_years_of_its_ending(db: Work, cart: Cart, shop: Shelf) -> None:
    com, pl = add(db, cart, shop, name()), add(db, cart, shop, name("pl"))

    assert (com.action, com.price_minor, com.years, com.renewal_minor) == ("transfer", 1290, 1, 1390)
    assert (pl.price_minor, pl.years) == (1290, 0)


def test_code_is_sealed_for_this_shop(db: Work, cart: Cart, shop: Shelf) -> None:
    item = add(db, cart, shop, name())

    assert CODE not in item.auth_code_sealed
    assert open_code(db.config, db.reseller_id, item.auth_code_sealed) == CODE
    assert CODE not in repr(TransferWish(name="a.com", code=CODE))
    assert CODE not in "".join(str(row.difference) for row in db.scalars(select(AuditEntry)))


def test_transfer_twice_is_once_and_keeps_its_code(db: Work, cart: Cart, shop: Shelf) -> None:
    wanted = name()
    first = add(db, cart, shop, wanted)

    again = add(db, cart, shop, f"https://www.{wanted}/", code="")

    assert again is first
    assert open_code(db.config, db.reseller_id, again.auth_code_sealed) == CODE
    assert len(carts.items_in(db, cart)) == 1


def test_transfer_takes_the_place_of_the_same_name_as_new(db: Work, cart: Cart, shop: Shelf) -> None:
    wanted = name()
    carts.add_item(db, cart, carts.NameWish(name=wanted), shop)

    add(db, cart, shop, wanted)

    assert [item.action for item in carts.items_in(db, cart)] == ["transfer"]


@pytest.mark.parametrize("code", ["a b c d e", "abc", "ü" * 10, "x" * 129, "tab\tcode"])
def test_what_is_no_code_is_refused(db: Work, cart: Cart, shop: Shelf, code: str) -> None:
    with pytest.raises(Refused) as refused:
        add(db, cart, shop, name(), code=code)

    assert refused.value.field == "code"


@pytest.mark.parametrize("availability", [Availability.AVAILABLE, Availability.PREMIUM, Availability.RESERVED])
def test_name_that_nobody_has_is_refused(
    db: Work, cart: Cart, shop: Shelf, known: Callable[..., None], availability: Availability
) -> None:
    wanted = name()
    known(wanted, availability, cost=5000)

    with pytest.raises(Refused):
        add(db, cart, shop, wanted)


def test_name_that_is_here_or_on_its_way_is_refused(db: Work, cart: Cart, shop: Shelf) -> None:
    wanted = name()
    customer = factories.make_customer(db)
    coming = Arrival(
        customer_id=customer.id, contact_id=None, name_ascii=wanted, name_unicode=wanted, ending="com", connection="x"
    )
    begin_arrival(db, coming)

    with pytest.raises(Refused, match="here already"):
        add(db, cart, shop, wanted)


def test_code_can_follow_in_the_cart(db: Work, cart: Cart, shop: Shelf) -> None:
    item = add(db, cart, shop, name(), code="")
    before = basket(db, cart, shop)

    give_code(db, cart, item, CODE)

    after = basket(db, cart, shop)
    assert ([line.state for line in before.lines], before.can_be_ordered) == (["code"], False)
    assert ([line.state for line in after.lines], after.can_be_ordered) == (["ok"], True)


def test_term_of_a_transfer_cannot_be_chosen(db: Work, cart: Cart, shop: Shelf) -> None:
    item = add(db, cart, shop, name())

    with pytest.raises(Refused):
        carts.change_years(db, cart, item, 3, shop)


def test_dead_line_is_not_counted_among_what_can_be_bought(
    db: Work, cart: Cart, shop: Shelf, known: Callable[..., None]
) -> None:
    wanted = name()
    add(db, cart, shop, wanted)
    carts.add_item(db, cart, carts.NameWish(name=name()), shop)
    known(wanted, Availability.AVAILABLE)

    seen = basket(db, cart, shop)

    assert [line.state for line in seen.lines] == ["free", "ok"]
    assert (len(seen.living), seen.has_dead_lines, seen.total.minor) == (1, True, 1090)


def test_cart_taken_along_keeps_a_transfer_beside_a_registration(db: Work, cart: Cart, shop: Shelf) -> None:
    wanted = name()
    user = factories.make_user(db, customer=factories.make_customer(db))
    mine = carts.make_cart(db, user.id)[0]
    carts.add_item(db, mine, carts.NameWish(name=wanted), shop)
    add(db, cart, shop, wanted)

    adopted = carts.adopt(db, cart, user)

    assert adopted is mine
    assert sorted(item.action for item in carts.items_in(db, mine)) == ["register", "transfer"]

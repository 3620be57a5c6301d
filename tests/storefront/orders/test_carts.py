"""The cart's actions: promises, terms, taking along, and what nobody else may touch."""

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import update

from storefront.core.db import Work
from storefront.core.errors import NotFound, Refused
from storefront.core.money import Money
from storefront.orders import carts
from storefront.orders.basket import basket
from storefront.orders.models import Cart, CartItem
from storefront.pricing.models import Price
from storefront.pricing.queries import Shelf, shelf
from storefront.providers.ports.registrar import Availability
from tests import factories


@pytest.fixture
def shop(db: Work) -> Shelf:
    return shelf(db)


@pytest.fixture
def cart(db: Work) -> Cart:
    return carts.make_cart(db)[0]


def name(ending: str = "com") -> str:
    return f"cart-{uuid4().hex[:12]}.{ending}"


def add(db: Work, cart: Cart, shop: Shelf, wanted: str, **more: object) -> CartItem:
    return carts.add_item(db, cart, carts.NameWish(name=wanted, **more), shop)  # type: ignore[arg-type]  # a wish's fields


def raise_prices(db: Work, ending: str = "com") -> None:
    db.execute(
        update(Price).where(Price.reseller_id == db.reseller_id, Price.ending == ending).values(minor=Price.minor + 500)
    )


def test_cart_is_found_by_its_secret_only(db: Work) -> None:
    made, token = carts.make_cart(db)

    assert carts.find_cart(db, token) is made
    assert carts.find_cart(db, "x" + token) is None
    assert token not in made.token_hash


def test_name_is_added_at_the_price_of_the_list_and_promised(db: Work, cart: Cart, shop: Shelf) -> None:
    item = add(db, cart, shop, name(), years=2)

    assert (item.years, item.price_minor, item.renewal_minor, item.amounts) == (2, 2180, 1390, "gross")
    assert item.promised_until == db.now + timedelta(minutes=30)


def test_name_added_twice_is_one_line(db: Work, cart: Cart, shop: Shelf) -> None:
    wanted = name()

    add(db, cart, shop, wanted)
    add(db, cart, shop, f"https://www.{wanted.upper()}/")

    assert [item.name_ascii for item in carts.items_in(db, cart)] == [wanted]


@pytest.mark.parametrize("wanted", ["nothing", "a b", "x.unknownending", "", "-.com", "x" * 9_000, "\x00.com"])
def test_what_is_no_name_is_refused(db: Work, cart: Cart, shop: Shelf, wanted: str) -> None:
    with pytest.raises(Refused):
        add(db, cart, shop, wanted)


@pytest.mark.parametrize("years", [4, 11, 999_999_999])
def test_term_that_is_not_sold_is_refused(db: Work, cart: Cart, shop: Shelf, years: int) -> None:
    with pytest.raises(Refused):
        add(db, cart, shop, name(), years=years)


def test_name_known_as_taken_is_refused(db: Work, cart: Cart, shop: Shelf, known: Callable[..., None]) -> None:
    wanted = name()
    known(wanted, Availability.TAKEN)

    with pytest.raises(carts.NameTaken):
        add(db, cart, shop, wanted)


def test_premium_name_waits_for_an_answer_to_its_price(
    db: Work, cart: Cart, shop: Shelf, known: Callable[..., None]
) -> None:
    wanted = name()
    known(wanted, Availability.PREMIUM, cost=10_000, renewal=5_000)

    item = add(db, cart, shop, wanted)
    before = basket(db, cart, shop).lines[0]
    carts.agree(db, cart, item, before.price, shop)
    after = basket(db, cart, shop).lines[0]

    assert (before.state, after.state) == ("agree", "ok")
    assert before.price.minor > 12_000
    assert item.premium is not None
    assert item.premium["cost"] == {"minor": 10_000, "currency": "EUR"}


def test_price_confirmed_in_the_search_needs_no_second_answer(
    db: Work, cart: Cart, shop: Shelf, known: Callable[..., None]
) -> None:
    wanted = name()
    known(wanted, Availability.PREMIUM, cost=10_000, renewal=5_000)
    price = add(db, cart, shop, wanted).price_minor

    add(db, cart, shop, wanted, agrees_to=Money(price - 1, "EUR"))
    cheaper = basket(db, cart, shop).lines[0].state
    add(db, cart, shop, wanted, agrees_to=Money(price, "EUR"))

    assert (cheaper, basket(db, cart, shop).lines[0].state) == ("agree", "ok")


def test_promise_outlives_a_new_price_list_and_ends(db: Work) -> None:
    made, _token = carts.make_cart(db)
    add(db, made, shelf(db), name())
    raise_prices(db)
    dearer = shelf(db)

    held = basket(db, made, dearer)
    db.now += timedelta(minutes=30)
    later = basket(db, made, dearer)

    assert (held.lines[0].state, held.total.minor, held.lines[0].before) == ("ok", 1090, None)
    assert (later.lines[0].state, later.lines[0].price.minor) == ("agree", 1590)
    assert later.lines[0].before == Money(1090, "EUR")
    assert not later.can_be_ordered


def test_new_price_is_kept_when_it_is_the_one_that_was_shown(db: Work, cart: Cart, shop: Shelf) -> None:
    item = add(db, cart, shop, name())
    raise_prices(db)
    dearer = shelf(db)
    db.now += timedelta(minutes=31)

    with pytest.raises(Refused):
        carts.agree(db, cart, item, Money(1091, "EUR"), dearer)
    carts.agree(db, cart, item, Money(1590, "EUR"), dearer)

    assert basket(db, cart, dearer).can_be_ordered
    assert item.promised_until == db.now + timedelta(minutes=30)


def test_line_taken_out_comes_back_as_it_was(db: Work, cart: Cart, shop: Shelf) -> None:
    item = add(db, cart, shop, name(), years=3)
    item.nameservers = ["ns1.a.net"]

    carts.remove(db, cart, item)
    gone = len(carts.items_in(db, cart))
    carts.put_back(db, cart, item)

    assert gone == 0
    assert [(each.years, each.nameservers) for each in carts.items_in(db, cart)] == [(3, ["ns1.a.net"])]


def test_name_taken_out_and_added_again_is_one_line_at_the_price_of_now(db: Work, cart: Cart, shop: Shelf) -> None:
    wanted = name()
    carts.remove(db, cart, add(db, cart, shop, wanted))
    raise_prices(db)

    add(db, cart, shelf(db), wanted)

    assert [item.price_minor for item in carts.items_in(db, cart)] == [1590]


def test_line_of_another_cart_is_not_found(db: Work, cart: Cart, shop: Shelf) -> None:
    other, _token = carts.make_cart(db)
    item = add(db, other, shop, name())

    with pytest.raises(NotFound):
        carts.require_item(db, cart, item.id)
    with pytest.raises(NotFound):
        carts.require_item(db, None, item.id)


def test_cart_is_full_at_a_hundred(db: Work, cart: Cart, shop: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(carts, "MOST", 2)
    add(db, cart, shop, name())
    add(db, cart, shop, name())

    with pytest.raises(Refused, match="at most 2"):
        add(db, cart, shop, name())


def test_signing_in_takes_the_cart_along(db: Work, cart: Cart, shop: Shelf) -> None:
    user = factories.make_user(db, customer=factories.make_customer(db))
    add(db, cart, shop, name())

    carts.adopt(db, cart, user)

    assert carts.find_cart(db, "", user.id) is cart


def test_signing_in_adds_the_cart_to_the_one_from_before(db: Work, shop: Shelf) -> None:
    user = factories.make_user(db, customer=factories.make_customer(db))
    same, new = name(), name()
    mine, _secret = carts.make_cart(db, user.id)
    add(db, mine, shop, same, years=2)
    browsers, token = carts.make_cart(db)
    add(db, browsers, shop, same)
    add(db, browsers, shop, new)

    kept = carts.adopt(db, browsers, user)

    assert kept is mine
    assert {(item.name_ascii, item.years) for item in carts.items_in(db, mine)} == {(same, 2), (new, 1)}
    assert carts.find_cart(db, token) is None


def test_carts_are_joined_with_their_codes_and_no_further_than_one_holds(
    db: Work, shop: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, _secret = carts.make_cart(db)
    second, token = carts.make_cart(db)
    for each in (first, second):
        add(db, each, shop, name())
        add(db, each, shop, name())
    first.codes, second.codes = ["A", "B", "C", "D"], ["C", "E", "F"]
    monkeypatch.setattr(carts, "MOST", 3)

    carts.join(db, second, first)

    assert len(carts.items_in(db, first)) == 3
    assert first.codes == ["A", "B", "C", "D", "E"]
    assert carts.find_cart(db, token) is None


def test_cart_of_somebody_else_is_not_taken_along(db: Work, cart: Cart) -> None:
    first = factories.make_user(db, customer=factories.make_customer(db))
    second = factories.make_user(db, customer=factories.make_customer(db))
    carts.adopt(db, cart, first)

    assert carts.adopt(db, cart, second) is None
    assert cart.user_id == first.id


def test_cart_of_a_user_is_hidden_from_the_cookie_alone(db: Work) -> None:
    user = factories.make_user(db, customer=factories.make_customer(db))
    made, token = carts.make_cart(db)
    carts.adopt(db, made, user)

    assert carts.find_cart(db, token) is None


def test_cart_of_the_other_shop_is_unknown(db: Work, stranger_db: Work) -> None:
    _made, token = carts.make_cart(db)
    db.flush()

    assert carts.find_cart(stranger_db, token) is None


def test_summary_counts_and_adds_up(db: Work, cart: Cart, shop: Shelf) -> None:
    add(db, cart, shop, name())
    carts.remove(db, cart, add(db, cart, shop, name()))

    found = carts.summary(db, cart, "EUR")

    assert (found.count, found.total) == (1, Money(1090, "EUR"))

"""Codes and promotions in a cart: tried at once, promised, kept for their half hour, and gone when others take them."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select, update

from storefront.core.db import Database, Work
from storefront.core.errors import Refused
from storefront.core.money import Money
from storefront.customers.models import Customer
from storefront.orders import carts
from storefront.orders.agreements import Agreed, Terms
from storefront.orders.basket import Basket, basket, reckon_basket
from storefront.orders.cancellation import cancel_order
from storefront.orders.cart_codes import WrongCode, apply_code, remove_code
from storefront.orders.checkout import CartChanged, OrderTerms, fingerprint, place_order
from storefront.orders.fulfilment import items_of
from storefront.orders.models import Cart, PurchaseOrder
from storefront.pricing.models import Price
from storefront.pricing.offer_models import Promotion, PromotionUse
from storefront.pricing.promotions import stop_promotion
from storefront.pricing.queries import shelf
from storefront.providers.ports.registrar import Availability
from tests import factories
from tests.fixtures_app import Shop

BOXES = frozenset({"immediate_performance", "right_lost_when_done"})


class Buyer:
    """A customer with a cart."""

    def __init__(self, db: Work, *names: str, customer: Customer | None = None) -> None:
        self.db = db
        self.customer = customer or factories.make_customer(db)
        if customer is None:
            factories.make_contact(db, self.customer)
        self.user = factories.make_user(db, customer=self.customer)
        self.cart: Cart = carts.make_cart(db, self.user.id)[0]
        for each in names or (name(),):
            self.add(each)

    def add(self, wanted: str) -> None:
        carts.add_item(self.db, self.cart, carts.NameWish(name=wanted), shelf(self.db))

    def type(self, code: str) -> None:
        apply_code(self.db, self.cart, code, shelf(self.db))

    @property
    def seen(self) -> Basket:
        return basket(self.db, self.cart, shelf(self.db))

    @property
    def prices(self) -> list[int]:
        return [line.price.minor for line in self.seen.lines]

    def order(self) -> PurchaseOrder:
        terms = OrderTerms(
            customer=self.customer,
            user_id=self.user.id,
            once_key=str(self.cart.id),
            shown=fingerprint(self.seen, reckon_basket(self.db, self.customer, self.seen)),
            pays_by="bank",
            agreed=Agreed(terms=Terms(version="7", wording="I accept."), accepts_terms=True, ticked=BOXES),
        )
        return place_order(self.db, self.cart, terms, shelf(self.db))


def name(ending: str = "com") -> str:
    return f"code-{uuid4().hex[:12]}.{ending}"


def offer(db: Work, percent: str = "10", **more: Any) -> Promotion:
    terms = {"method": "percent", "percent": percent, **more.pop("terms", {})}
    return factories.make_promotion(db, terms=terms, **more)


def coded(db: Work, percent: str = "10", **more: Any) -> Promotion:
    return offer(db, percent, needs_code=True, **more)


def dearer(db: Work) -> None:
    db.execute(update(Price).where(Price.reseller_id == db.reseller_id).values(minor=Price.minor + 1000))


def premium_buyer(db: Work, known: Callable[..., None]) -> Buyer:
    """Return somebody who has agreed to the price of a premium name."""
    wanted = name()
    known(wanted, Availability.PREMIUM, cost=10_000, renewal=5_000)
    buyer = Buyer(db, wanted)
    line = buyer.seen.lines[0]
    carts.agree(db, buyer.cart, line.item, line.price, shelf(db))
    return buyer


def test_promotion_without_a_code_is_in_the_price_at_once(db: Work) -> None:
    offer(db)

    buyer = Buyer(db)

    line = buyer.seen.lines[0]
    assert (line.price.minor, line.regular, line.offers) == (981, Money(1090, "EUR"), ("Spring offer",))
    assert line.item.price_minor == 981


def test_code_lowers_every_line_and_says_how_much(db: Work) -> None:
    code = factories.make_code(db, coded(db), "SAVE-TEN")
    buyer = Buyer(db, name(), name("eu"))

    buyer.type(" save-ten ")

    assert buyer.cart.codes == ["SAVE-TEN"]
    assert buyer.prices == [981, 981]
    assert [(each.code, each.saved.minor, each.why) for each in buyer.seen.codes] == [(code.code, 218, None)]
    assert buyer.seen.saved == Money(218, "EUR")


def test_code_typed_twice_counts_once(db: Work) -> None:
    factories.make_code(db, coded(db), "TWICE-10")
    buyer = Buyer(db)

    buyer.type("TWICE-10")
    buyer.type("twice-10")

    assert (buyer.cart.codes, buyer.prices) == (["TWICE-10"], [981])


def test_removed_code_takes_its_reduction_along(db: Work) -> None:
    factories.make_code(db, coded(db), "GOES-AWAY")
    buyer = Buyer(db)
    buyer.type("GOES-AWAY")

    remove_code(db, buyer.cart, "GOES-AWAY", shelf(db))

    line = buyer.seen.lines[0]
    assert (line.price.minor, line.state, line.item.price_minor) == (1090, "ok", 1090)


@pytest.mark.parametrize("typed", ["NOBODY-KNOWS", "", "!!", "A" * 80])
def test_unknown_code_is_refused(db: Work, typed: str) -> None:
    buyer = Buyer(db)

    with pytest.raises(WrongCode):
        buyer.type(typed)

    assert buyer.cart.codes == []


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"state": "draft"}, "not count yet"),
        ({"state": "stopped"}, "ended"),
        ({"max_uses": 3, "uses": 3}, "used up"),
        ({"terms": {"endings": ["pl"]}}, "other endings"),
        ({"terms": {"years": [2]}}, "other terms"),
        ({"terms": {"min_quantity": 3}}, "from 3 items"),
    ],
)
def test_code_that_takes_nothing_off_is_refused_with_its_reason(db: Work, more: dict[str, Any], said: str) -> None:
    factories.make_code(db, coded(db, **more), "NOT-HERE")
    buyer = Buyer(db)

    with pytest.raises(Refused, match=said):
        buyer.type("NOT-HERE")

    assert (buyer.cart.codes, buyer.prices) == ([], [1090])


def test_code_of_somebody_asks_a_visitor_to_sign_in(db: Work) -> None:
    factories.make_code(db, coded(db), "ONLY-HERS", customer_id=factories.make_customer(db).id)
    cart = carts.make_cart(db)[0]
    carts.add_item(db, cart, carts.NameWish(name=name()), shelf(db))

    with pytest.raises(Refused, match="sign in"):
        apply_code(db, cart, "ONLY-HERS", shelf(db))

    assert cart.codes == []


def test_promised_reduction_outlives_its_promotion_by_half_an_hour(db: Work) -> None:
    promotion = offer(db)
    buyer = Buyer(db)
    stop_promotion(db, promotion)

    during = buyer.prices
    db.now += timedelta(minutes=31)

    line = buyer.seen.lines[0]
    assert during == [981]
    assert (line.price.minor, line.state) == (1090, "agree")


def test_promised_reduction_of_a_stopped_promotion_is_for_no_further_name(db: Work) -> None:
    promotion = offer(db)
    buyer = Buyer(db)
    stop_promotion(db, promotion)

    buyer.add(name("eu"))

    assert buyer.prices == [981, 1090]


def test_promised_list_price_stands_beside_a_promotion(db: Work) -> None:
    offer(db)
    buyer = Buyer(db)
    dearer(db)

    assert buyer.prices == [981]


def test_promised_price_is_the_charged_price(db: Work) -> None:
    offer(db)
    buyer = Buyer(db)
    dearer(db)

    order = buyer.order()

    line = items_of(db, order.id)[0]
    assert (order.total_minor, line.price_minor, line.list_minor) == (981, 981, 1090)
    assert [each["kind"] for each in line.reasons] == ["price_list", "promotion"]


def test_promised_price_is_for_no_further_line(db: Work) -> None:
    buyer = Buyer(db, name())
    dearer(db)
    buyer.add(name())

    both = buyer.prices
    carts.remove(db, buyer.cart, carts.items_in(db, buyer.cart)[0])
    buyer.add(name())

    assert both == [1090, 2090]
    assert buyer.prices == [2090, 2090]
    assert buyer.order().total_minor == 2 * 2090


def test_promised_price_is_for_no_further_line_where_a_promotion_prices_all_anew(db: Work) -> None:
    offer(db)
    buyer = Buyer(db, name())
    until = carts.items_in(db, buyer.cart)[0].promised_until
    dearer(db)
    db.now += timedelta(minutes=20)

    buyer.add(name())

    assert buyer.prices == [981, 1881]
    assert [item.price_minor for item in carts.items_in(db, buyer.cart)] == [981, 1881]
    assert carts.items_in(db, buyer.cart)[0].promised_until == until
    db.now += timedelta(minutes=11)
    assert [(line.price.minor, line.state) for line in buyer.seen.lines] == [(1881, "agree"), (1881, "ok")]


def test_promised_price_is_kept_no_longer_by_agreeing_to_a_lost_reduction(db: Work) -> None:
    factories.make_code(db, coded(db, terms={"min_quantity": 2}), "TWO-TEN")
    buyer = Buyer(db, name(), name())
    buyer.type("TWO-TEN")
    dearer(db)
    db.now += timedelta(minutes=20)
    kept, gone = carts.items_in(db, buyer.cart)
    until = kept.promised_until
    carts.remove(db, buyer.cart, gone)

    carts.agree(db, buyer.cart, kept, Money(1090, "EUR"), shelf(db))

    assert (kept.price_minor, kept.promised_until) == (1090, until)


def test_reduction_that_has_ended_stays_with_the_lines_that_were_promised_it(db: Work) -> None:
    half = offer(db, "50", terms={"endings": ["com"]})
    buyer = Buyer(db, name())
    stop_promotion(db, half)
    small = offer(db)
    buyer.add(name())
    stop_promotion(db, small)

    prices = buyer.prices

    assert prices == [545, 981]


def test_use_of_a_code_is_counted_for_a_premium_name(db: Work, known: Callable[..., None]) -> None:
    promotion = coded(db, "90", max_uses=1, terms={"with_premium": True})
    code = factories.make_code(db, promotion, "DEAR-90")
    buyer = premium_buyer(db, known)
    full = buyer.prices[0]
    buyer.type("DEAR-90")
    reduced = buyer.prices[0]

    order = buyer.order()

    use = db.scalar(select(PromotionUse).where(PromotionUse.order_id == order.id))
    line = items_of(db, order.id)[0]
    assert reduced < full // 5
    assert use is not None
    assert (use.promotion_code_id, use.amount_minor, promotion.uses, code.uses) == (code.id, full - reduced, 1, 1)
    assert (line.price_minor, line.list_minor, order.total_minor) == (reduced, full, reduced)
    assert [each["kind"] for each in line.reasons][:2] == ["premium", "code"]
    with pytest.raises(Refused, match="used up"):
        premium_buyer(db, known).type("DEAR-90")


def test_code_for_a_premium_name_that_others_used_up_asks_about_the_price(db: Work, known: Callable[..., None]) -> None:
    factories.make_code(db, coded(db, "90", terms={"with_premium": True}), "LAST-90", max_uses=1)
    slow, quick = premium_buyer(db, known), premium_buyer(db, known)
    full = slow.prices[0]
    slow.type("LAST-90")
    quick.type("LAST-90")
    quick.order()

    line = slow.seen.lines[0]

    assert (line.price.minor, line.state) == (full, "agree")


def test_removed_code_takes_its_reduction_of_a_premium_name_along(db: Work, known: Callable[..., None]) -> None:
    promotion = coded(db, "90", terms={"with_premium": True})
    factories.make_code(db, promotion, "AWAY-90")
    buyer = premium_buyer(db, known)
    full = buyer.prices[0]
    buyer.type("AWAY-90")

    remove_code(db, buyer.cart, "AWAY-90", shelf(db))

    line = buyer.seen.lines[0]
    assert (line.price.minor, line.item.price_minor) == (full, full)
    assert buyer.order().total_minor == full
    assert promotion.uses == 0


def test_premium_name_whose_registry_asks_more_waits_for_an_answer_beside_a_code(
    db: Work, known: Callable[..., None]
) -> None:
    factories.make_code(db, coded(db, "90", terms={"with_premium": True}), "ASKS-90")
    buyer = premium_buyer(db, known)
    buyer.type("ASKS-90")
    before = buyer.seen.lines[0]

    known(before.item.name_ascii, Availability.PREMIUM, cost=20_000, renewal=5_000)

    after = buyer.seen.lines[0]
    assert (before.state, after.state) == ("ok", "agree")
    assert after.price.minor > before.price.minor


def test_condition_on_the_whole_cart_is_asked_again_when_it_shrinks(db: Work) -> None:
    factories.make_code(db, coded(db, terms={"min_quantity": 2}), "TWO-TEN")
    buyer = Buyer(db, name(), name())
    buyer.type("TWO-TEN")

    carts.remove(db, buyer.cart, carts.items_in(db, buyer.cart)[0])

    line = buyer.seen.lines[0]
    assert (line.price.minor, line.state) == (1090, "ok")
    assert "from 2 items" in str(buyer.seen.codes[0].why)


def test_amount_off_the_order_is_never_given_twice(db: Work) -> None:
    terms = {"method": "order_amount", "amount_minor": 500}
    factories.make_code(db, factories.make_promotion(db, needs_code=True, terms=terms), "FIVE-OFF")
    buyer = Buyer(db, name())
    buyer.type("FIVE-OFF")

    buyer.add(name())
    buyer.add(name())

    assert sum(buyer.prices) == 3 * 1090 - 500


def test_order_counts_its_promotion_and_keeps_the_code(db: Work) -> None:
    promotion = coded(db, max_uses=3)
    code = factories.make_code(db, promotion, "COUNTS-1")
    buyer = Buyer(db, name(), name())
    buyer.type("COUNTS-1")

    order = buyer.order()

    use = db.scalar(select(PromotionUse).where(PromotionUse.order_id == order.id))
    assert use is not None
    assert (use.promotion_code_id, use.amount_minor, use.state) == (code.id, 218, "reserved")
    assert (promotion.uses, promotion.spent_minor, code.uses) == (1, 218, 1)
    assert order.total_minor == 1962


def test_cancelled_order_gives_its_use_back(db: Work) -> None:
    promotion = coded(db, max_uses=1)
    factories.make_code(db, promotion, "COMES-BACK")
    buyer = Buyer(db)
    buyer.type("COMES-BACK")
    order = buyer.order()

    cancel_order(db, order, "customer")

    assert promotion.uses == 0
    later = Buyer(db)
    later.type("COMES-BACK")
    assert later.prices == [981]


def test_code_that_others_used_up_meanwhile_asks_about_the_price(db: Work) -> None:
    promotion = coded(db)
    factories.make_code(db, promotion, "LAST-USE", max_uses=1)
    slow, quick = Buyer(db), Buyer(db)
    slow.type("LAST-USE")
    quick.type("LAST-USE")
    quick.order()

    line = slow.seen.lines[0]

    assert (line.price.minor, line.state) == (1090, "agree")
    assert "used up" in str(slow.seen.codes[0].why)
    carts.agree(db, slow.cart, line.item, line.price, shelf(db))
    assert slow.order().total_minor == 1090


def test_promotion_for_new_customers_ends_with_the_first_order(db: Work) -> None:
    offer(db, terms={"new_customers_only": True})
    buyer = Buyer(db)
    first = buyer.order().total_minor

    again = Buyer(db, customer=buyer.customer)

    assert (first, again.prices) == (981, [1090])


def test_group_pays_its_own_price(db: Work) -> None:
    group = factories.make_group(db)
    cart = carts.make_cart(db)[0]

    carts.add_item(db, cart, carts.NameWish(name=name()), shelf(db, group_id=group.id))

    assert carts.items_in(db, cart)[0].price_minor == 981


def test_of_eight_orders_at_once_one_has_the_last_use(database: Database, shops: dict[str, Shop]) -> None:
    with database.work(shops["north"].id) as db:
        promotion = coded(db)
        factories.make_code(db, promotion, code := f"RACE-{uuid4().hex[:8].upper()}", max_uses=1)
        buyers = [Buyer(db) for _each in range(8)]
        for buyer in buyers:
            buyer.type(code)
        db.commit()

    def press(buyer: Buyer) -> UUID | None:
        with database.work(shops["north"].id) as db:
            buyer.db = db
            try:
                order = buyer.order()
            except CartChanged:
                return None
            db.commit()
            return order.id

    try:
        with ThreadPoolExecutor(8) as pool:
            orders = [each for each in pool.map(press, buyers) if each is not None]

        with database.work(shops["north"].id) as db:
            counted = select(func.count()).select_from(PromotionUse).where(PromotionUse.promotion_id == promotion.id)
            assert len(orders) == 1
            assert db.scalar(counted) == 1
            assert db.require(Promotion, promotion.id).spent_minor == 109
    finally:
        with database.work(shops["north"].id) as db:
            db.execute(update(Promotion).where(Promotion.id == promotion.id).values(state="stopped"))
            db.commit()

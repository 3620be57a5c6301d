"""Uses of promotions: counted under a lock, confirmed, released, and never one too many."""

from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import pytest
from sqlalchemy import func, select, update

from storefront.core import ids
from storefront.core.db import Database, Work
from storefront.core.money import Money
from storefront.customers.models import Customer
from storefront.orders.models import PurchaseOrder
from storefront.pricing.history import note_prices
from storefront.pricing.models import PriceSeen
from storefront.pricing.offer_models import Promotion, PromotionCode, PromotionUse
from storefront.pricing.promotion_uses import Claim, UsedUp, confirm_uses, release_uses, reserve_uses
from tenants.models import Site
from tests import factories
from tests.fixtures_app import Shop


def make_order(db: Work, customer: Customer) -> PurchaseOrder:
    order = db.add(
        PurchaseOrder(
            code=ids.public_code(10),
            once_key=ids.token(),
            customer_id=customer.id,
            state="awaiting_payment",
            currency="EUR",
            total_minor=1090,
            locale="en",
            is_consumer=True,
            pays_by="bank",
            placed_at=db.now,
        )
    )
    db.flush()
    return order


def claim(promotion: Promotion, code: PromotionCode | None = None, minor: int = 109) -> Claim:
    return Claim(promotion_id=promotion.id, code_id=code.id if code else None, amount=Money(minor, "EUR"))


def reserve(db: Work, *claims: Claim, customer: Customer | None = None) -> PurchaseOrder:
    customer = customer or factories.make_customer(db)
    order = make_order(db, customer)
    reserve_uses(db, order.id, customer.id, claims)
    return order


def states(db: Work, promotion: Promotion) -> list[str]:
    statement = select(PromotionUse.state).where(PromotionUse.promotion_id == promotion.id)
    return list(db.scalars(statement.order_by(PromotionUse.id)))


def test_use_raises_the_counters_of_promotion_and_code(db: Work) -> None:
    promotion = factories.make_promotion(db, needs_code=True, max_uses=5, budget_minor=1000)
    code = factories.make_code(db, promotion, max_uses=2)

    reserve(db, claim(promotion, code))

    assert (promotion.uses, promotion.spent_minor, code.uses) == (1, 109, 1)
    assert states(db, promotion) == ["reserved"]


def test_released_use_can_be_taken_by_somebody_else(db: Work) -> None:
    promotion = factories.make_promotion(db, needs_code=True, max_uses=1)
    code = factories.make_code(db, promotion, max_uses=1)
    order = reserve(db, claim(promotion, code))

    release_uses(db, order.id)
    release_uses(db, order.id)

    assert (promotion.uses, promotion.spent_minor, code.uses) == (0, 0, 0)
    reserve(db, claim(promotion, code))
    assert states(db, promotion) == ["released", "reserved"]


def test_confirmed_use_is_never_released(db: Work) -> None:
    promotion = factories.make_promotion(db, needs_code=True)
    order = reserve(db, claim(promotion))

    confirm_uses(db, order.id)
    release_uses(db, order.id)

    assert states(db, promotion) == ["confirmed"]
    assert promotion.uses == 1


def test_promotion_without_a_use_left_is_refused(db: Work) -> None:
    promotion = factories.make_promotion(db, needs_code=True, max_uses=1, uses=1)

    with pytest.raises(UsedUp) as refused:
        reserve(db, claim(promotion))

    assert refused.value.promotion_id == promotion.id
    assert states(db, promotion) == []


def test_code_without_a_use_left_is_refused_by_its_name(db: Work) -> None:
    promotion = factories.make_promotion(db, needs_code=True)
    code = factories.make_code(db, promotion, "LAST-ONE", max_uses=3, uses=3)

    with pytest.raises(UsedUp, match="LAST-ONE"):
        reserve(db, claim(promotion, code))


def test_code_of_another_customer_is_refused(db: Work) -> None:
    promotion = factories.make_promotion(db, needs_code=True)
    code = factories.make_code(db, promotion, customer_id=factories.make_customer(db).id)

    with pytest.raises(UsedUp):
        reserve(db, claim(promotion, code))


def test_customer_who_has_used_it_as_often_as_allowed_is_refused(db: Work) -> None:
    promotion = factories.make_promotion(db, needs_code=True, max_per_customer=1)
    customer = factories.make_customer(db)
    reserve(db, claim(promotion), customer=customer)

    with pytest.raises(UsedUp, match="as often"):
        reserve(db, claim(promotion), customer=customer)

    reserve(db, claim(promotion))


def test_last_order_may_overdraw_a_budget_and_the_next_is_refused(db: Work) -> None:
    promotion = factories.make_promotion(db, needs_code=True, budget_minor=150)
    reserve(db, claim(promotion))
    reserve(db, claim(promotion))

    with pytest.raises(UsedUp):
        reserve(db, claim(promotion))

    assert promotion.spent_minor == 218


def version(db: Work) -> int:
    return db.scalar(select(Site.version).where(Site.reseller_id == db.reseller_id)) or 0


def test_last_use_is_announced_and_so_is_its_return(db: Work) -> None:
    promotion = factories.make_promotion(db, max_uses=1)
    before = version(db)

    order = reserve(db, claim(promotion))
    taken = version(db)
    release_uses(db, order.id)

    assert (taken, version(db)) == (before + 1, before + 2)


def test_history_says_at_once_that_a_promotion_is_used_up(db: Work) -> None:
    promotion = factories.make_promotion(db, max_uses=1)
    note_prices(db, because="promotion.started")

    order = reserve(db, claim(promotion))
    release_uses(db, order.id)

    com = (PriceSeen.ending == "com", PriceSeen.action == "register", PriceSeen.years == 1)
    rows = list(db.scalars(select(PriceSeen).where(*com).order_by(PriceSeen.from_at, PriceSeen.id)))[-3:]
    assert [(row.minor, row.is_reduced, row.because) for row in rows] == [
        (981, True, "promotion.started"),
        (1090, False, "promotion.used_up"),
        (981, True, "promotion.free_again"),
    ]


def test_promotion_with_a_code_was_on_nobodys_page(db: Work) -> None:
    promotion = factories.make_promotion(db, needs_code=True, max_uses=1)
    note_prices(db, because="promotion.started")

    reserve(db, claim(promotion))

    assert db.scalar(select(func.count()).where(PriceSeen.because == "promotion.used_up")) == 0


def test_of_fifty_at_once_one_gets_the_last_use(database: Database, shops: dict[str, Shop]) -> None:
    with database.work(shops["north"].id) as db:
        promotion = factories.make_promotion(db, needs_code=True)
        code = factories.make_code(db, promotion, max_uses=10, uses=9)
        buyers = [(customer.id, make_order(db, customer).id) for customer in [factories.make_customer(db)] * 50]
        db.commit()

    def press(buyer: tuple[UUID, UUID]) -> bool:
        with database.work(shops["north"].id) as db:
            try:
                reserve_uses(db, buyer[1], buyer[0], [claim(promotion, code)])
            except UsedUp:
                return False
            db.commit()
            return True

    try:
        with ThreadPoolExecutor(50) as pool:
            won = list(pool.map(press, buyers))

        with database.work(shops["north"].id) as db:
            kept = select(func.count()).select_from(PromotionUse).where(PromotionUse.promotion_id == promotion.id)
            assert won.count(True) == 1
            assert db.scalar(kept) == 1
            assert db.require(PromotionCode, code.id).uses == 10
            assert db.require(Promotion, promotion.id).uses == 1
    finally:
        with database.work(shops["north"].id) as db:
            db.execute(update(Promotion).where(Promotion.id == promotion.id).values(state="stopped"))
            db.commit()

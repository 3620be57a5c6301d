"""What is sold below cost is found in every group, alone and together, premium names too."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import update

from storefront.core.db import Work
from storefront.core.errors import Refused
from storefront.pricing.history import note_prices
from storefront.pricing.offer_models import PriceGroup, Promotion
from storefront.pricing.promotion_losses import losing_offers, losing_prices, words_of_offer
from storefront.pricing.promotions import create_promotion, run_promotion, terms_of
from tests import factories
from tests.storefront.pricing.test_promotions import wish

# Of .fr, 10.90 with VAT is 8.69 without and costs 5.20: a quarter may be taken off, and not a quarter of the rest.
SMALL: dict[str, Any] = {
    "method": "percent",
    "percent": "25",
    "endings": ["fr"],
    "actions": ["register"],
    "years": [1],
    "combines": True,
}


@pytest.fixture(autouse=True)
def long_after(db: Work) -> None:
    """Whatever other tests let people see of this shop is more than thirty days ago, and their groups are closed."""
    note_prices(db, because="test")
    db.execute(update(PriceGroup).values(closed_at=db.now, is_default=False))
    db.now += timedelta(days=40)


def small(db: Work, **more: Any) -> Promotion:
    terms = {**SMALL, **more.pop("terms", {})}
    return create_promotion(db, wish(db, **{"needs_code": True, "terms": terms, **more}))


def losses(db: Work, promotion: Promotion) -> list[str]:
    return [words_of_offer(each, but=promotion.name) for each in losing_offers(db, terms_of(db, promotion))]


def test_small_reduction_alone_loses_nothing(db: Work) -> None:
    promotion = small(db)

    run_promotion(db, promotion)

    assert losses(db, promotion) == []


def test_two_that_combine_lose_what_neither_loses_alone(db: Work) -> None:
    run_promotion(db, small(db, name="First"))
    second = small(db, name="Second")

    with pytest.raises(Refused, match=r"1 year, together with “First” would be sold .* less than it costs"):
        run_promotion(db, second)


def test_tick_lets_both_run(db: Work) -> None:
    run_promotion(db, small(db, name="First"))
    second = small(db, name="Second", terms={"may_lose": True})

    run_promotion(db, second)

    assert second.state == "running"


@pytest.mark.parametrize(
    "more",
    [
        {"terms": {"combines": False}},
        {"terms": {"endings": ["de"]}},
        {"starts_at": timedelta(days=3)},
        {"needs_code": False},
    ],
)
def test_what_never_counts_together_is_not_tried_together(db: Work, more: dict[str, Any]) -> None:
    first = small(db, needs_code=False, ends_at=db.now + timedelta(days=2))
    run_promotion(db, first)
    if "starts_at" in more:
        more = {"starts_at": db.now + more["starts_at"]}

    assert losses(db, small(db, name="Second", **more)) == []


def test_two_that_meet_later_are_tried_together(db: Work) -> None:
    begins = db.now + timedelta(days=5)
    run_promotion(db, small(db, name="Later", starts_at=begins, ends_at=begins + timedelta(days=1)))

    assert losses(db, small(db)) == ["A registration of .fr for 1 year, together with “Later”"]


def test_discount_of_a_group_and_a_promotion_are_tried_together(db: Work) -> None:
    factories.make_group(db, discount_percent=Decimal(25))
    promotion = small(db)

    with pytest.raises(Refused, match=r"Partners: A registration of \.fr for 1 year"):
        run_promotion(db, promotion)


def test_what_a_group_buys_below_cost_anyway_stops_no_promotion(db: Work) -> None:
    factories.make_group(db, discount_percent=Decimal(60))

    assert losses(db, small(db)) == []


def test_promotion_for_one_group_is_not_tried_in_others(db: Work) -> None:
    factories.make_group(db, discount_percent=Decimal(25))
    other = factories.make_group(db, "Friends", discount_percent=Decimal(0))

    assert losses(db, small(db, terms={"price_groups": [str(other.id)]})) == []


@pytest.mark.parametrize(
    ("terms", "loses"),
    [
        ({"percent": "5"}, False),
        ({"percent": "40"}, True),
        ({"percent": "40", "with_premium": False}, False),
        ({"method": "price", "amount_minor": 900}, True),
        ({"method": "amount", "amount_minor": 400}, True),
    ],
)
def test_names_with_a_price_of_their_own_are_tried(db: Work, terms: dict[str, Any], loses: bool) -> None:
    promotion = small(db, terms={"endings": ["de"], "with_premium": True, **terms})

    found = [each for each in losing_offers(db, terms_of(db, promotion)) if each.item.premium is not None]

    assert bool(found) is loses
    assert all("a name whose own price costs you" in words_of_offer(each) for each in found)


def test_prices_of_a_group_are_tried_with_what_runs(db: Work) -> None:
    group = factories.make_group(db, discount_percent=Decimal(25))
    before = {each.key for each in losing_prices(db, group)}
    factories.make_promotion(db, needs_code=True, terms=SMALL)

    found = [each for each in losing_prices(db, group) if each.key not in before]

    assert [words_of_offer(each) for each in found] == [
        "Partners: A registration of .fr for 1 year, together with “Spring”"
    ]

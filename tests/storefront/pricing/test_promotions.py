"""Promotions are drafted, checked against the law and the cost, started, stopped; never changed behind anybody."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import update

from storefront.core.db import Work
from storefront.core.errors import Refused
from storefront.pricing.codes import SeriesWish, as_csv, find_code, make_series, read_code, withdraw_code
from storefront.pricing.groups import GroupWish, change_group
from storefront.pricing.history import note_prices, price_history
from storefront.pricing.items import Item
from storefront.pricing.models import Price
from storefront.pricing.offer_models import Promotion
from storefront.pricing.promotions import (
    PromotionWish,
    change_promotion,
    copy_promotion,
    create_promotion,
    delete_draft,
    phase_of,
    run_promotion,
    stop_promotion,
)
from tests import factories

TERMS: dict[str, Any] = {
    "method": "percent",
    "percent": "10",
    "endings": ["com"],
    "actions": ["register"],
    "years": [1],
    "may_lose": True,
}


@pytest.fixture(autouse=True)
def long_after(db: Work) -> None:
    """Whatever other tests let people see of this shop is more than thirty days ago."""
    note_prices(db, because="test")
    db.now += timedelta(days=40)


def wish(db: Work, **more: Any) -> PromotionWish:
    return PromotionWish(**{"name": "Spring", "title": {"en": "Spring"}, "starts_at": db.now, "terms": TERMS, **more})


def draft(db: Work, **more: Any) -> Promotion:
    return create_promotion(db, wish(db, **more))


def test_reduction_from_the_price_of_thirty_days_may_start(db: Work) -> None:
    promotion = draft(db)

    run_promotion(db, promotion)

    assert phase_of(promotion, db.now) == "running"


def test_second_reduction_that_is_none_is_refused_with_the_price_before(db: Work) -> None:
    first = draft(db)
    run_promotion(db, first)
    db.now += timedelta(hours=1)
    stop_promotion(db, first)
    db.now += timedelta(days=5)

    with pytest.raises(Refused, match="may not be announced as a reduction"):
        run_promotion(db, draft(db))


def test_same_offer_may_start_if_it_is_not_called_a_reduction(db: Work) -> None:
    first = draft(db)
    run_promotion(db, first)
    db.now += timedelta(hours=1)
    stop_promotion(db, first)
    db.now += timedelta(days=5)
    quiet = draft(db, terms={**TERMS, "is_announced": False})

    run_promotion(db, quiet)

    assert quiet.state == "running"


def test_same_offer_may_be_announced_again_after_thirty_days(db: Work) -> None:
    first = draft(db)
    run_promotion(db, first)
    db.now += timedelta(hours=1)
    stop_promotion(db, first)
    db.now += timedelta(days=32)
    second = draft(db)

    run_promotion(db, second)

    assert second.state == "running"


@pytest.mark.parametrize(
    ("title", "is_lawful"), [("10 % off", True), ("Up to 11% off", False), ("11 Prozent", False), ("Spring 2026", True)]
)
def test_percentage_in_the_title_must_be_so(db: Work, title: str, is_lawful: bool) -> None:
    promotion = draft(db, title={"en": "Spring", "de": title})

    if is_lawful:
        run_promotion(db, promotion)
    else:
        with pytest.raises(Refused, match="The title says"):
            run_promotion(db, promotion)

    assert (promotion.state == "running") is is_lawful


def test_loss_needs_a_tick(db: Work) -> None:
    promotion = draft(db, terms={**TERMS, "percent": "60", "may_lose": False})

    with pytest.raises(Refused, match="less than it costs you"):
        run_promotion(db, promotion)


def test_promotion_that_changes_nothing_is_refused(db: Work) -> None:
    with pytest.raises(Refused, match="No price becomes lower"):
        run_promotion(db, draft(db, terms={**TERMS, "endings": ["museum"]}))


def test_start_in_the_past_is_now_and_an_end_in_the_past_is_refused(db: Work) -> None:
    early = draft(db, starts_at=db.now - timedelta(days=9))
    late = draft(db, starts_at=db.now - timedelta(days=9), ends_at=db.now - timedelta(days=1))

    run_promotion(db, early)

    assert early.starts_at == db.now
    with pytest.raises(Refused) as refused:
        run_promotion(db, late)
    assert refused.value.field == "ends_at"


def test_running_promotion_keeps_its_terms(db: Work) -> None:
    promotion = draft(db)
    run_promotion(db, promotion)

    change_promotion(db, promotion, wish(db, name="Longer", terms={"method": "percent", "percent": "90"}, max_uses=9))

    assert (promotion.name, promotion.terms, promotion.max_uses) == ("Longer", TERMS, 9)


@pytest.mark.parametrize("terms", [{"method": "magic"}, {"method": "percent", "percent": "101"}, {"years": ["x"]}])
def test_terms_that_make_no_sense_are_refused(db: Work, terms: dict[str, Any]) -> None:
    with pytest.raises(Refused) as refused:
        draft(db, terms=terms)

    assert refused.value.field == "method"


def test_only_a_draft_without_codes_is_deleted(db: Work) -> None:
    promotion = draft(db, needs_code=True)
    factories.make_code(db, promotion)

    with pytest.raises(Refused):
        delete_draft(db, promotion)

    copy = copy_promotion(db, promotion, "Copy")
    delete_draft(db, copy)
    assert db.find(Promotion, copy.id) is None


def test_edit_that_lets_an_ended_promotion_run_again_is_a_new_start(db: Work) -> None:
    promotion = draft(db, ends_at=db.now + timedelta(days=3))
    run_promotion(db, promotion)
    db.now += timedelta(days=3, seconds=1)
    note_prices(db, because="test")
    db.now += timedelta(days=5)

    with pytest.raises(Refused, match="may not be announced as a reduction"):
        change_promotion(db, promotion, wish(db, ends_at=db.now + timedelta(days=9)))


def test_ended_promotion_runs_again_from_now_on_once_thirty_days_have_passed(db: Work) -> None:
    promotion = draft(db, ends_at=db.now + timedelta(days=3))
    run_promotion(db, promotion)
    db.now += timedelta(days=3, seconds=1)
    note_prices(db, because="test")
    db.now += timedelta(days=40)

    change_promotion(db, promotion, wish(db, ends_at=db.now + timedelta(days=9)))

    assert (phase_of(promotion, db.now), promotion.starts_at) == ("running", db.now)


def test_what_people_saw_after_an_end_is_on_record_before_a_promotion_runs_again(db: Work) -> None:
    promotion = draft(db, ends_at=db.now + timedelta(days=3), terms={**TERMS, "is_announced": False})
    run_promotion(db, promotion)
    db.now += timedelta(days=8)

    change_promotion(db, promotion, wish(db, ends_at=db.now + timedelta(days=9)))

    seen = price_history(db).of(Item(key="", ending="com", action="register", years=1))
    assert [(row.is_reduced, (db.now - row.from_at).days) for row in seen[-3:]] == [(True, 8), (False, 5), (True, 0)]


def test_edit_that_gives_a_used_up_promotion_more_uses_is_a_new_start(db: Work) -> None:
    promotion = draft(db, max_uses=1)
    run_promotion(db, promotion)
    db.now += timedelta(days=1)
    promotion.uses = 1
    db.flush()
    note_prices(db, because="promotion.used_up")
    db.now += timedelta(days=5)

    with pytest.raises(Refused, match="may not be announced as a reduction"):
        change_promotion(db, promotion, wish(db, max_uses=9))


def test_words_of_a_promotion_that_is_over_may_change(db: Work) -> None:
    promotion = draft(db, ends_at=db.now + timedelta(days=3))
    run_promotion(db, promotion)
    began_at = promotion.starts_at
    db.now += timedelta(days=8)

    change_promotion(db, promotion, wish(db, name="Spring, over", ends_at=promotion.ends_at))

    assert (promotion.name, promotion.starts_at, phase_of(promotion, db.now)) == ("Spring, over", began_at, "ended")


def test_promotion_may_be_shortened_whatever_the_price_list_does_meanwhile(db: Work) -> None:
    promotion = draft(db)
    run_promotion(db, promotion)
    db.now += timedelta(days=1)
    db.execute(update(Price).where(Price.reseller_id == db.reseller_id).values(minor=Price.minor * 2))

    change_promotion(db, promotion, wish(db, ends_at=db.now + timedelta(days=1), max_uses=4))

    assert promotion.max_uses == 4
    with pytest.raises(Refused, match="may not be announced as a reduction"):
        change_promotion(db, promotion, wish(db, ends_at=db.now + timedelta(days=2), max_uses=4))


def test_promotion_after_another_that_is_planned_is_held_against_its_prices(db: Work) -> None:
    deep = {**TERMS, "percent": "30"}
    begins = db.now + timedelta(days=3)
    run_promotion(db, draft(db, terms=deep, starts_at=begins, ends_at=begins + timedelta(days=5)))

    with pytest.raises(Refused, match="may not be announced as a reduction"):
        run_promotion(db, draft(db, starts_at=begins + timedelta(days=6)))


def test_promotion_after_a_dearer_list_is_held_against_the_cheaper_one(db: Work) -> None:
    db.execute(update(Price).where(Price.reseller_id == db.reseller_id).values(minor=Price.minor * 2))
    note_prices(db, because="price_list.published")
    db.now += timedelta(days=20)

    with pytest.raises(Refused, match="may not be announced as a reduction"):
        run_promotion(db, draft(db))


def test_group_whose_discount_was_taken_away_is_not_offered_it_as_a_reduction(db: Work) -> None:
    group = factories.make_group(db, discount_percent=Decimal(20))
    note_prices(db, because="price_group")
    db.now += timedelta(days=40)
    change_group(db, group, GroupWish(name="Partners"))
    db.now += timedelta(days=2)

    with pytest.raises(Refused, match=r"Partners.*may not be announced as a reduction"):
        run_promotion(db, draft(db))


def test_group_that_has_just_been_made_saw_what_everybody_did(db: Work) -> None:
    factories.make_group(db, "Newcomers", discount_percent=Decimal(5))
    note_prices(db, because="price_group")
    promotion = draft(db)

    run_promotion(db, promotion)

    assert promotion.state == "running"


def test_phases_follow_time_and_use(db: Work) -> None:
    soon = factories.make_promotion(db, starts_at=db.now + timedelta(days=1))
    over = factories.make_promotion(db, starts_at=db.now - timedelta(days=2), ends_at=db.now)
    spent = factories.make_promotion(db, budget_minor=10, spent_minor=10)

    assert [phase_of(each, db.now) for each in (soon, over, spent)] == ["scheduled", "ended", "used_up"]


@pytest.mark.parametrize(("typed", "code"), [("spring-26", "SPRING-26"), (" a b c d ", "ABCD"), ("0000", "0000")])
def test_code_is_read_as_people_type_it(typed: str, code: str) -> None:
    assert read_code(typed) == code


@pytest.mark.parametrize("typed", ["", "abc", "x" * 25, "sprïng", "a_b_c", "=cmd", "1'2\"3"])
def test_code_that_cannot_be_one_is_refused(typed: str) -> None:
    with pytest.raises(Refused):
        read_code(typed)


def test_series_has_as_many_codes_as_wanted_and_none_twice(db: Work) -> None:
    promotion = draft(db, needs_code=True)

    made = make_series(db, promotion, SeriesWish(name="Fair", count=2_500, prefix="fair"))

    with pytest.raises(Refused, match="this name"):
        make_series(db, promotion, SeriesWish(name="Fair", count=1))
    assert made == 2_500


def test_file_of_codes_holds_no_formula() -> None:
    text = as_csv([("-1+1", 0, None), ("ABCD", 2, 3)]).decode()

    assert text.splitlines() == ["code,used,may_be_used", "'-1+1,0,", "ABCD,2,3"]


def test_withdrawn_code_has_no_use_left(db: Work) -> None:
    promotion = factories.make_promotion(db, needs_code=True)
    code = factories.make_code(db, promotion, "GONE-SOON", uses=2)

    withdraw_code(db, code)

    found = find_code(db, "gone-soon")
    assert found is not None
    assert found.max_uses == 2

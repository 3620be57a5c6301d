"""The reseller's credit: never below zero, every movement sums to zero, every step safe to repeat."""

from concurrent.futures import ThreadPoolExecutor
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.exc import DBAPIError

from storefront.core.db import Database, Work
from storefront.core.errors import Refused
from storefront.core.money import Money
from tenants import credits as credit
from tenants.models import CreditAccount, CreditEntry
from tests.fixtures_app import Shop


def account(db: Work) -> CreditAccount:
    found = credit.credit_account(db, "EUR")
    db.session.refresh(found)
    return found


def test_hold_charge_moves_from_free_to_spent(db: Work) -> None:
    free, held, operation = account(db).available_minor, account(db).held_minor, uuid4()

    credit.hold(db, Money(820, "EUR"), operation_id=operation)
    credit.charge(db, operation_id=operation)

    assert (account(db).available_minor, account(db).held_minor) == (free - 820, held)


def test_release_gives_back_what_was_held(db: Work) -> None:
    before, operation = account(db).available_minor, uuid4()

    credit.hold(db, Money(820, "EUR"), operation_id=operation)
    credit.release(db, operation_id=operation)

    assert account(db).available_minor == before


@pytest.mark.parametrize("step", [credit.charge, credit.release])
def test_step_twice_is_once(db: Work, step: object) -> None:
    operation = uuid4()
    credit.hold(db, Money(820, "EUR"), operation_id=operation)
    credit.hold(db, Money(820, "EUR"), operation_id=operation)
    step(db, operation_id=operation)  # type: ignore[operator]  # one of two functions
    once = account(db).available_minor, account(db).held_minor

    step(db, operation_id=operation)  # type: ignore[operator]  # the same again

    assert (account(db).available_minor, account(db).held_minor) == once


def test_release_after_charge_changes_nothing(db: Work) -> None:
    operation = uuid4()
    credit.hold(db, Money(820, "EUR"), operation_id=operation)
    credit.charge(db, operation_id=operation)
    charged = account(db).available_minor

    credit.release(db, operation_id=operation)

    assert account(db).available_minor == charged


def test_hold_beyond_the_credit_says_what_there_is(db: Work) -> None:
    free = account(db).available_minor

    with pytest.raises(credit.NotCovered) as short:
        credit.hold(db, Money(free + 1, "EUR"), operation_id=uuid4())

    assert short.value.available == Money(free, "EUR")


@pytest.mark.parametrize("minor", [0, -500])
def test_top_up_refuses_nothing_and_less(db: Work, minor: int) -> None:
    with pytest.raises(Refused):
        credit.top_up(db, Money(minor, "EUR"), reference="test")


def test_credit_is_never_more_than_can_be_kept(db: Work) -> None:
    has = account(db).available_minor + account(db).held_minor

    credit.top_up(db, Money(credit.MOST_CREDIT_MINOR - has, "EUR"), reference="all")

    with pytest.raises(Refused, match="20,000,000"):
        credit.top_up(db, Money(1, "EUR"), reference="one more")


def test_movement_that_does_not_sum_to_zero_is_refused_by_the_database(
    database: Database, shops: dict[str, Shop]
) -> None:
    with database.work(shops["north"].id) as db:
        row = CreditEntry(
            account_id=credit.credit_account(db, "EUR").id,
            movement_id=uuid4(),
            ledger="available",
            kind="top_up",
            amount_minor=100,
            currency="EUR",
            at=db.now,
        )
        db.add(row)

        with pytest.raises(DBAPIError, match="does not sum to zero"):
            db.commit()


def test_entry_cannot_be_changed(db: Work) -> None:
    credit.hold(db, Money(1, "EUR"), operation_id=uuid4())

    with pytest.raises(DBAPIError, match="permission denied"):
        db.execute(update(CreditEntry).values(amount_minor=0))


def test_twenty_spends_at_once_never_overdraw(database: Database, shops: dict[str, Shop]) -> None:
    shop = shops["south"].id
    with database.work(shop) as db:
        free = account(db).available_minor
    each = Money(free // 3, "EUR")

    def spend(_number: int) -> UUID | None:
        operation = uuid4()
        with database.work(shop) as db:
            try:
                credit.hold(db, each, operation_id=operation)
            except credit.NotCovered:
                return None
            db.commit()
        return operation

    with ThreadPoolExecutor(8) as pool:
        held = [operation for operation in pool.map(spend, range(20)) if operation]

    with database.work(shop) as db:
        sums = {
            row[0]: row[1]
            for row in db.execute(
                select(CreditEntry.ledger, func.sum(CreditEntry.amount_minor)).group_by(CreditEntry.ledger)
            )
        }
        left = account(db).available_minor, account(db).held_minor
        for operation in held:
            credit.release(db, operation_id=operation)
        db.commit()
    assert len(held) == 3
    assert left == (sums["available"], sums["held"])

"""Warnings of rising purchase prices: to whom it concerns, once of each change, until prices were looked after."""

from collections.abc import Iterator
from datetime import date, timedelta
from uuid import UUID

import pytest
from sqlalchemy import delete, select

from storefront.core import clock, ids, jobs
from storefront.core.db import Database, Work
from storefront.core.jobs import Job
from storefront.core.outbox import OutboxEvent
from storefront.pricing.models import CostWarning, PriceList, WholesalePrice
from storefront.pricing.rising_costs import ask_for_warnings, open_warnings, rising_costs, warn_of_rising_costs
from storefront.pricing.wholesale_plans import withdraw_scheduled
from tests import factories
from tests.fixtures_app import Shop

PLAN = "rising"
DAY = clock.now().date() + timedelta(days=40)


@pytest.fixture
def shop(database: Database, shops: dict[str, Shop]) -> Iterator[UUID]:
    """A shop of its own on a plan of its own; the scheduled prices are gone afterwards."""
    assert shops, "the shops bring the prices of the standard plan along"
    with database.office_work() as db:
        made = factories.make_reseller(db, f"r{ids.public_code(8).lower().replace('-', '')}", wholesale_plan=PLAN)
        db.commit()
    with database.work(made.id) as db:
        factories.stock(db)
        db.commit()
    yield made.id
    with database.office_work() as db:
        db.execute(delete(WholesalePrice).where(WholesalePrice.plan == PLAN))
        db.commit()


def schedule(database: Database, minor: int, *, ending: str = "com", day: date = DAY) -> None:
    with database.office_work() as db:
        row = WholesalePrice(
            ending=ending,
            action="renew",
            years=1,
            currency="EUR",
            valid_from=day,
            plan=PLAN,
            kind="domain",
            minor=minor,
        )
        db.session.merge(row)
        ask_for_warnings(db, plan=PLAN, valid_from=day)
        db.commit()


def warn(database: Database, shop: UUID, day: date = DAY) -> None:
    """Do the job as a worker does."""
    with database.work(shop) as db:
        [job_id] = db.scalars(select(Job.id).where(Job.name == "warn_of_rising_costs", Job.argument == day.isoformat()))
    jobs.perform(database, job_id, shop)


def told(db: Work) -> list[str]:
    events = select(OutboxEvent.payload).where(OutboxEvent.name == "pricing.costs_rise").order_by(OutboxEvent.id)
    return [payload["warning_id"] for payload in db.scalars(events)]


def test_shop_is_warned_once_of_a_change(database: Database, shop: UUID) -> None:
    schedule(database, 5_000)
    warn(database, shop)

    # A worker that was killed comes again, and somebody takes the same table in a second time.
    with database.work(shop) as db:
        warn_of_rising_costs(db, DAY.isoformat())
        db.commit()
    schedule(database, 5_000)
    warn(database, shop)

    with database.work(shop) as db:
        [row] = db.scalars(select(CostWarning))
        assert told(db) == [str(row.id)]
        assert (row.valid_from, row.endings) == (DAY, 1)


def test_worker_killed_before_its_end_leaves_nothing(database: Database, shop: UUID) -> None:
    schedule(database, 5_000)

    with database.work(shop) as db:
        warn_of_rising_costs(db, DAY.isoformat())
        db.session.rollback()
    warn(database, shop)

    with database.work(shop) as db:
        assert len(told(db)) == 1


def test_another_change_of_the_same_day_is_told(database: Database, shop: UUID) -> None:
    schedule(database, 5_000)
    warn(database, shop)

    schedule(database, 6_000)
    warn(database, shop)

    with database.work(shop) as db:
        assert len(told(db)) == 2
        assert len(open_warnings(db)) == 1


@pytest.mark.parametrize(("ending", "minor"), [("com", 1), ("museum", 90_000)])
def test_nobody_is_warned_of_what_falls_or_is_not_theirs(
    database: Database, shop: UUID, ending: str, minor: int
) -> None:
    schedule(database, 500, ending="museum", day=clock.now().date())
    schedule(database, minor, ending=ending)

    warn(database, shop)

    with database.work(shop) as db:
        assert told(db) == []
        assert rising_costs(db, DAY) == []


def test_ending_no_longer_offered_counts_while_customers_have_names(database: Database, shop: UUID) -> None:
    schedule(database, 500, ending="museum", day=clock.now().date())
    schedule(database, 900, ending="museum")
    with database.work(shop) as db:
        factories.make_domain(db, factories.make_customer(db), f"{ids.public_code(8).lower()}.museum")
        db.commit()

        [change] = rising_costs(db, DAY)

    assert (change.key, change.after.minor) == (("domain", "museum", "renew", 1), 900)


def test_warning_stands_until_prices_were_published(database: Database, shop: UUID) -> None:
    schedule(database, 5_000)
    warn(database, shop)
    with database.work(shop) as db:
        before = len(open_warnings(db))

        db.add(PriceList(name="Next", currency="EUR", amounts="gross", starts_at=db.now, published_at=db.now))
        db.flush()

        assert before == 1
        assert open_warnings(db) == []


def test_warning_goes_with_its_change(database: Database, shop: UUID) -> None:
    schedule(database, 5_000)
    warn(database, shop)

    with database.office_work() as db:
        withdraw_scheduled(db, plan=PLAN, day=DAY)
        db.commit()

    with database.work(shop) as db:
        assert open_warnings(db) == []
        assert warn_of_rising_costs(db, DAY.isoformat()) is None
        assert len(told(db)) == 1

"""What anybody saw at any moment: noted as it changes, never twice, per group, and begun for shops from before."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import func, select

from storefront.core import clock, ids
from storefront.core.clock import Stopped
from storefront.core.db import Database, Work
from storefront.core.jobs import Job
from storefront.core.money import Money
from storefront.pricing.history import (
    begin_history,
    lawful_claim,
    note_prices,
    note_seen_prices,
    price_history,
    seen_on,
    shops_without_history,
)
from storefront.pricing.items import Item
from storefront.pricing.models import Price, PriceList, PriceSeen
from storefront.pricing.offer_models import GroupPrice
from tests import factories
from tests.fixtures_app import Shop
from tests.statements import counted

COM = Item(key="", ending="com", action="register", years=1)


def open_stocked(database: Database) -> UUID:
    """Open a shop of a new name with something on its shelves."""
    with database.office_work() as db:
        made = factories.make_reseller(db, f"seen{ids.public_code(8).lower().replace('-', '')}")
        db.commit()
    with database.work(made.id) as db:
        factories.stock(db)
        db.commit()
    return made.id


@pytest.fixture
def own_shop(database: Database, shops: dict[str, Shop]) -> UUID:
    """A shop that only this test knows, stocked."""
    assert shops, "the shops bring endings along"
    return open_stocked(database)


@pytest.fixture(scope="module")
def fresh_shop(database: Database, shops: dict[str, Shop]) -> UUID:
    """A shop whose prices nobody has changed yet: those of the worker's shops may be, by tests of the price lists."""
    assert shops, "the shops bring endings along"
    return open_stocked(database)


@pytest.fixture
def db(database: Database, fresh_shop: UUID) -> Iterator[Work]:
    """A Work of that shop that is undone after the test."""
    with database.work(fresh_shop) as work:
        yield work


def publish(db: Work, minor: int, *, at: datetime | None = None, ending: str = "com", line: str = "main") -> None:
    """Replace everything by a list of one price."""
    begins = at or db.now
    made = db.add(
        PriceList(name="Next", line=line, currency="EUR", amounts="gross", starts_at=begins, published_at=db.now)
    )
    db.flush()
    db.add(Price(price_list_id=made.id, ending=ending, action="register", years=1, minor=minor))
    db.flush()


def rows(db: Work, ending: str = "com") -> list[PriceSeen]:
    found = select(PriceSeen).where(PriceSeen.ending == ending, PriceSeen.action == "register", PriceSeen.years == 1)
    return list(db.scalars(found.order_by(PriceSeen.from_at, PriceSeen.id)))


def test_history_begins_with_the_lists_from_before(db: Work) -> None:
    note_prices(db, because="first")

    first = rows(db)
    assert [(row.minor, row.currency, row.amounts, row.is_reduced) for row in first] == [(1090, "EUR", "gross", False)]
    # The list was to begin a day before it was published: nobody saw it before it was.
    published_at = db.scalar(select(PriceList.published_at))
    assert first[0].from_at == published_at


def test_only_differences_are_noted(db: Work) -> None:
    note_prices(db, because="first")
    begun = db.scalar(select(func.count()).select_from(PriceSeen)) or 0
    again = note_prices(db, because="price_list.published")

    assert begun > 50
    assert again == 0
    assert db.scalar(select(func.count()).select_from(PriceSeen)) == begun


def test_new_price_and_what_is_no_longer_sold_are_noted(db: Work) -> None:
    note_prices(db, because="first")
    publish(db, 990)

    changed = note_prices(db, because="price_list.published")

    assert [row.minor for row in rows(db)] == [1090, 990]
    assert [row.minor for row in rows(db, "net")] == [1090, None]
    assert rows(db)[-1].because == "price_list.published"
    gone = db.scalar(select(func.count()).select_from(PriceSeen).where(PriceSeen.minor.is_(None)))
    assert changed == (gone or 0) + 1


def test_group_has_a_history_of_its_own(db: Work) -> None:
    note_prices(db, because="first")
    group = factories.make_group(db, "Friends", discount_percent=10)
    db.add(GroupPrice(price_group_id=group.id, ending="net", action="register", years=1, minor=500))
    db.flush()

    note_prices(db, because="price_group.changed")

    own, everybody = price_history(db, group_id=group.id), price_history(db)
    assert [row.price for row in own.of(COM)] == [Money(981, "EUR")]
    assert [row.price for row in everybody.of(COM)] == [Money(1090, "EUR")]
    assert own.rows["domain", "net", "register", 1][0].price == Money(500, "EUR")


def test_closed_group_sees_nothing_any_more(db: Work) -> None:
    group = factories.make_group(db, "Friends", discount_percent=10)
    note_prices(db, because="first")
    group.closed_at = db.now
    db.flush()

    note_prices(db, because="price_group.closed")

    assert [row.price for row in price_history(db, group_id=group.id).of(COM)] == [Money(981, "EUR"), None]


def test_promotion_is_noted_as_a_reduction_and_may_be_claimed(db: Work) -> None:
    note_prices(db, because="first")
    factories.make_promotion(db)
    db.flush()

    note_prices(db, because="promotion.started")

    seen = price_history(db, items=[COM])
    last = seen.of(COM)[-1]
    assert last.is_reduced
    assert last.price is not None
    assert last.price < Money(1090, "EUR")
    assert lawful_claim(seen, COM, last.price, db.now + timedelta(seconds=1)) is None


def test_code_that_must_be_typed_is_nothing_that_everybody_sees(db: Work) -> None:
    note_prices(db, because="first")
    factories.make_promotion(db, needs_code=True)
    db.flush()

    assert note_prices(db, because="promotion.started") == 0


def test_scheduled_list_is_noted_when_it_begins(database: Database, own_shop: UUID) -> None:
    with Stopped(clock.now()) as stopped, database.work(own_shop) as db:
        begins = clock.now() + timedelta(days=2)
        note_prices(db, because="first")
        publish(db, 790, at=begins)
        note_prices(db, because="price_list.published")
        asked = db.scalar(select(Job.next_at).where(Job.name == "note_seen_prices"))
        still = [row.minor for row in rows(db)]

        stopped.forward(timedelta(days=2, minutes=3))
        db.now = clock.now()
        note_seen_prices(db, "next")

        assert asked == begins
        assert still[-1] != 790
        assert rows(db)[-1].minor == 790
        # The worker came three minutes late; customers saw it from the moment it was planned for.
        assert rows(db)[-1].from_at == begins


def test_history_may_be_asked_from_a_moment_on(db: Work) -> None:
    start = db.now
    for step, minor in enumerate((1000, 900, 800)):
        publish(db, minor)
        note_prices(db, because="price_list.published", at=start + timedelta(days=step))
        db.now += timedelta(seconds=1)

    seen = price_history(db, items=[COM], since=start + timedelta(days=1, hours=1))

    assert [row.price for row in seen.of(COM)] == [Money(900, "EUR"), Money(800, "EUR")]


def test_day_shows_what_was_in_force_and_what_changed_on_it(db: Work) -> None:
    note_prices(db, because="first", at=db.now - timedelta(days=3))
    publish(db, 700)
    note_prices(db, because="price_list.published")

    today = [
        row.minor for row in seen_on(db, db.today) if (row.ending, row.action, row.years) == ("com", "register", 1)
    ]

    assert today[-1] == 700
    assert seen_on(db, db.today - timedelta(days=400)) == []


def test_shop_without_history_is_found_once(database: Database, own_shop: UUID) -> None:
    with database.office_work() as office:
        before = shops_without_history(office)
    with database.work(own_shop) as db:
        begin_history(db)
        db.commit()
    with database.office_work() as office:
        after = shops_without_history(office)

    assert own_shop in before
    assert own_shop not in after


def test_noting_takes_few_statements_however_many_prices(db: Work) -> None:
    note_prices(db, because="first")
    publish(db, 650)

    with counted(db.session.connection()) as asked:
        note_prices(db, because="price_list.published")

    about_history = [statement for statement in asked if "price_seen" in statement]
    assert len(about_history) <= 3
    assert len(asked) <= 16


def test_what_was_seen_is_the_shops_own(database: Database, own_shop: UUID, db: Work) -> None:
    with database.work(own_shop) as own:
        note_prices(own, because="first")
        own.commit()

    assert own_shop not in db.scalars(select(PriceSeen.reseller_id).distinct())
    assert price_history(db, items=[COM]).of(COM) == ()

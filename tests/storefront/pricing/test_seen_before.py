"""What was seen before of reduced prices is kept with the shop's version, and never beyond what it is about."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from uuid import UUID

import pytest

from storefront.core import clock
from storefront.core.clock import Stopped
from storefront.core.db import Work
from storefront.core.kept import KeptFacts
from storefront.pricing.book import price_book
from storefront.pricing.history import note_prices
from storefront.pricing.history_rules import History
from storefront.pricing.items import Item
from storefront.pricing.offer_models import GroupPrice
from storefront.pricing.seen_before import seen_before
from tests import factories
from tests.statements import counted

COM = Item(key="", ending="com", action="register", years=1)
NET = Item(key="", ending="net", action="register", years=1)


@pytest.fixture(autouse=True)
def _nothing_is_kept() -> Iterator[None]:
    KeptFacts.forget()
    yield
    KeptFacts.forget()


@contextmanager
def reading(db: Work) -> Iterator[list[str]]:
    """Collect the statements about the history."""
    with counted(db.session.connection(), about="price_seen") as asked:
        yield asked


def seen(db: Work, version: int | None, *items: Item, group_id: UUID | None = None) -> History | None:
    return seen_before(db, items or (COM,), price_book(db, version=version, group_id=group_id), version=version)


def test_nothing_is_asked_where_no_offer_runs(db: Work) -> None:
    with reading(db) as asked:
        assert seen(db, 1) is None

    assert asked == []


def test_history_is_read_once_a_version(db: Work) -> None:
    factories.make_promotion(db)
    note_prices(db, because="promotion.started")
    with reading(db) as asked:
        first, again = seen(db, 1), seen(db, 1)
        once = len(asked)
        newer = seen(db, 2)

    assert first is not None
    assert first is again
    assert (once, len(asked)) == (1, 2)
    assert newer is not None
    assert newer.rows == first.rows


def test_version_that_rose_shows_what_was_noted_since(db: Work) -> None:
    promotion = factories.make_promotion(db)
    note_prices(db, because="promotion.started")
    before = seen(db, 1)
    promotion.terms = {**promotion.terms, "percent": "20"}
    db.flush()
    note_prices(db, because="promotion.changed", at=db.now + timedelta(seconds=1))

    after = seen(db, 2)

    assert before is not None
    assert after is not None
    assert len(after.of(COM)) == len(before.of(COM)) + 1


def test_history_without_a_version_is_read_afresh(db: Work) -> None:
    factories.make_promotion(db)
    note_prices(db, because="promotion.started")
    with reading(db) as asked:
        seen(db, None)
        seen(db, None)

    assert len(asked) == 2


def test_other_items_and_other_groups_have_a_history_of_their_own(db: Work) -> None:
    note_prices(db, because="first")
    group = factories.make_group(db, "Friends", discount_percent=10)
    db.add(GroupPrice(price_group_id=group.id, ending="net", action="register", years=1, minor=900))
    factories.make_promotion(db)
    note_prices(db, because="promotion.started")

    everybody, both, own = seen(db, 1), seen(db, 1, COM, NET), seen(db, 1, NET, group_id=group.id)

    assert everybody is not None
    assert both is not None
    assert own is not None
    assert (everybody.of(NET), len(both.rows)) == ((), 2)
    assert own.of(NET)[0].price != both.of(NET)[0].price
    assert own.of(COM) == ()


def test_offer_that_begins_by_its_moment_is_looked_up_although_no_version_rose(db: Work) -> None:
    note_prices(db, because="first")
    factories.make_promotion(db, starts_at=db.now + timedelta(minutes=5))
    before = seen(db, 1)

    with Stopped(clock.now() + timedelta(minutes=6)):
        db.now = clock.now()
        after = seen(db, 1)

    assert before is None
    assert after is not None
    assert after.of(COM)


def test_history_of_another_shop_is_never_given(db: Work, stranger_db: Work) -> None:
    factories.make_promotion(db)
    note_prices(db, because="promotion.started")
    mine = seen(db, 1)
    factories.make_promotion(stranger_db)
    with reading(stranger_db) as asked:
        theirs = seen(stranger_db, 1)

    assert mine is not None
    assert theirs is not mine
    assert len(asked) == 1

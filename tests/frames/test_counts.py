"""Counters of frames and the sites that tried without leave: sums, bounds, sweeping."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from frames import counts
from frames.counts import (
    count,
    counted,
    counted_by_day,
    foreign_tries,
    note_foreign_try,
    shops_with_spent_rows,
    sweep_spent_rows,
)
from frames.models import ForeignTry, FrameCount, FrameTicket, FrameToken
from storefront.core import clock
from storefront.core.db import Database, Work
from tests import factories


def test_counter_is_one_row_for_a_frame_a_day_and_a_thing(db: Work, stranger_db: Work) -> None:
    for what in ("shown", "shown", "carted"):
        count(db, "domain-search", what)
    count(stranger_db, "domain-search", "shown")

    today = db.now.date()
    assert db.scalar(select(func.count()).select_from(FrameCount)) == 2
    wanted = {"shown": 2, "searched": 0, "carted": 1, "signed_in": 0, "signed_up": 0, "ordered": 0}
    assert counted(db, since=today) == {"domain-search": wanted}
    assert counted_by_day(db, "domain-search", since=today) == {today: wanted}
    assert counted(db, since=today + timedelta(days=1)) == {}


def test_foreign_site_is_named_and_beyond_a_number_counted_among_the_others(
    db: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(counts, "MOST_ORIGINS", 2)

    for origin in ("https://a.com", "https://b.com", "https://a.com", "https://c.com", "https://d.com"):
        note_foreign_try(db, "whois", origin)

    today = db.now.date()
    assert foreign_tries(db, since=today) == [
        ("", 2, today),
        ("https://a.com", 2, today),
        ("https://b.com", 1, today),
    ]


def test_flood_of_foreign_tries_fills_no_more_rows_than_allowed(db: Work, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counts, "MOST_TRIES", 3)

    for frame in ("whois", "cart", "order", "whois", "contact", "price-list"):
        note_foreign_try(db, frame, "https://a.com")

    rows = {(row.origin, row.frame): row.times for row in db.scalars(select(ForeignTry))}
    assert rows == {
        ("https://a.com", "whois"): 2,
        ("https://a.com", "cart"): 1,
        ("https://a.com", "order"): 1,
        ("", ""): 2,
    }


def test_what_is_over_is_swept(database: Database, stopped_clock: clock.Stopped) -> None:
    with database.office_work() as office:
        shop = factories.make_reseller(office, "swept-counters").id
        office.commit()
    with database.work(shop) as db:
        count(db, "whois", "shown")
        note_foreign_try(db, "whois", "https://a.com")
        db.add(
            FrameTicket(
                code_hash="h", frame="whois", what="ordered", origin="https://a.com", made_at=db.now, until=db.now
            )
        )
        db.add(FrameToken(token_hash="h", until=db.now))
        db.commit()
    tables = (FrameTicket, FrameToken, ForeignTry, FrameCount)

    left = []
    for days in (0, 2, 100, 900):
        stopped_clock.forward(timedelta(days=days))
        with database.office_work() as db:
            is_named = shop in shops_with_spent_rows(db)
        with database.work(shop) as db:
            sweep_spent_rows(db)
            db.commit()
            left.append((is_named, [db.scalar(select(func.count()).select_from(table)) for table in tables]))

    assert left == [
        (False, [1, 1, 1, 1]),
        (True, [0, 0, 1, 1]),
        (True, [0, 0, 0, 1]),
        (True, [0, 0, 0, 0]),
    ]

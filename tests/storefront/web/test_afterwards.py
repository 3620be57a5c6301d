"""What is kept of a request that keeps nothing itself: whatever its answer was, and never at the cost of it."""

import pytest
from flask import Flask, Response, g
from sqlalchemy import func, select, text

from storefront.core.audit import AuditEntry, record
from storefront.core.db import Database, Work
from storefront.web import lifecycle
from storefront.web.afterwards import keep_afterwards
from tests.fixtures_app import Shop


def entries(database: Database, shop: Shop, action: str) -> int:
    with database.work(shop.id) as db:
        return db.scalar(select(func.count()).select_from(AuditEntry).where(AuditEntry.action == action)) or 0


@pytest.mark.parametrize("status", [200, 303, 403, 500])
def test_note_of_a_look_is_kept_and_nothing_else_of_it(
    app: Flask, database: Database, shops: dict[str, Shop], status: int
) -> None:
    noted, lost = f"test.noted_{status}", f"test.lost_{status}"
    with app.test_request_context("/", base_url=shops["north"].url):
        assert lifecycle.open_request() is None
        record(g.db, lost)
        keep_afterwards(lambda db: record(db, noted))

        lifecycle.close_request(Response(status=status))

    assert (entries(database, shops["north"], noted), entries(database, shops["north"], lost)) == (1, 0)


def test_note_that_cannot_be_kept_costs_no_answer(app: Flask, shops: dict[str, Shop]) -> None:
    def fail(db: Work) -> None:
        db.execute(text("SELECT 1 / 0"))

    with app.test_request_context("/", base_url=shops["north"].url):
        assert lifecycle.open_request() is None
        keep_afterwards(fail)

        assert lifecycle.close_request(Response("as it was")).get_data(as_text=True) == "as it was"

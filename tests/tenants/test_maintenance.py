"""Closing a shop for work, and opening it."""

from datetime import timedelta

import pytest

from storefront.core.db import Work
from storefront.core.errors import Refused
from tenants.maintenance import (
    LONGEST,
    Maintenance,
    begin_maintenance,
    current_maintenance,
    end_maintenance,
    maintenance_of,
)
from tenants.resellers import current_reseller


def test_closed_shop_opens_when_somebody_opens_it(db: Work) -> None:
    reseller = current_reseller(db)
    assert maintenance_of(reseller.settings) is None

    begin_maintenance(db, reseller)

    found = current_maintenance(reseller, db.now + timedelta(days=300))
    assert found == Maintenance(since=db.now)
    end_maintenance(db, reseller)
    assert current_maintenance(reseller, db.now) is None


def test_end_that_was_set_comes_by_itself(db: Work) -> None:
    reseller = current_reseller(db)
    end = db.now + timedelta(hours=1)

    begin_maintenance(db, reseller, end)

    assert current_maintenance(reseller, end - timedelta(seconds=1)) is not None
    assert current_maintenance(reseller, end) is None


def test_other_end_keeps_the_beginning(db: Work) -> None:
    reseller = current_reseller(db)
    begin_maintenance(db, reseller)
    began = db.now
    db.now += timedelta(hours=1)

    begin_maintenance(db, reseller, db.now + timedelta(hours=1))

    found = current_maintenance(reseller, db.now)
    assert found is not None
    assert (found.since, found.until) == (began, db.now + timedelta(hours=1))


@pytest.mark.parametrize("after", [timedelta(0), -timedelta(days=1), LONGEST + timedelta(minutes=1)])
def test_end_that_is_past_or_far_away_is_refused(db: Work, after: timedelta) -> None:
    with pytest.raises(Refused) as no:
        begin_maintenance(db, current_reseller(db), db.now + after)

    assert no.value.field == "until"


def test_opening_an_open_shop_changes_nothing(db: Work) -> None:
    before = dict(current_reseller(db).settings)

    end_maintenance(db, current_reseller(db))

    assert current_reseller(db).settings == before

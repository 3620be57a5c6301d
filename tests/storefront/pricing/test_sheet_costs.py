"""The costs beside a price list: kept between pages, and never older than the database."""

from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import delete

from storefront.core import clock, ids
from storefront.core.db import Database
from storefront.core.money import Money
from storefront.pricing.models import WholesalePrice
from storefront.pricing.price_cells import CellKey
from storefront.pricing.sheet_costs import ComingCost, coming_costs, sheet_costs
from tenants.resellers import current_reseller
from tests import factories
from tests.fixtures_app import Shop

PLAN = "kept"
COM = CellKey("com", "renew", 1)
YESTERDAY = clock.now().date() - timedelta(days=1)


@pytest.fixture
def shop(database: Database, shops: dict[str, Shop]) -> Iterator[UUID]:
    """A shop of its own on a plan of its own, whose costs are gone afterwards."""
    assert shops, "the shops bring the prices of the standard plan along"
    with database.office_work() as db:
        made = factories.make_reseller(db, f"k{ids.public_code(8).lower().replace('-', '')}", wholesale_plan=PLAN)
        db.commit()
    yield made.id
    with database.office_work() as db:
        db.execute(delete(WholesalePrice).where(WholesalePrice.plan == PLAN))
        db.commit()


def cost(database: Database, shop: UUID, minor: int | None, currency: str = "EUR") -> Money | None:
    """Let .com cost so much, or nothing of its own, and say what stands beside the price."""
    key = {"ending": "com", "action": "renew", "years": 1, "valid_from": YESTERDAY, "plan": PLAN, "kind": "domain"}
    with database.office_work() as db:
        db.execute(delete(WholesalePrice).where(WholesalePrice.plan == PLAN))
        if minor is not None:
            db.add(WholesalePrice(**key, currency=currency, minor=minor))
        db.commit()
    return shown(database, shop)


def shown(database: Database, shop: UUID) -> Money | None:
    with database.work(shop) as db:
        return sheet_costs(db, "EUR").get(COM)


def test_new_cost_is_seen_at_once(database: Database, shop: UUID) -> None:
    standard = shown(database, shop)

    dearer, cheaper, gone = (cost(database, shop, minor) for minor in (1234, 1233, None))

    assert (dearer, cheaper, gone) == (Money(1234, "EUR"), Money(1233, "EUR"), standard)


def test_cost_to_come_is_told_with_its_day(database: Database, shop: UUID) -> None:
    cost(database, shop, 1234)
    day = clock.now().date() + timedelta(days=30)
    with database.work(shop) as db:
        before = coming_costs(db, ["com", "net"])
    with database.office_work() as db:
        row = {"action": "renew", "years": 1, "valid_from": day, "plan": PLAN, "kind": "domain", "currency": "EUR"}
        db.add(WholesalePrice(**row, ending="com", minor=1300))
        db.commit()

    with database.work(shop) as db:
        found, elsewhere = coming_costs(db, ["com", "net"]), coming_costs(db, ["net"])

    assert before == elsewhere == coming_costs(db, []) == {}
    assert found == {COM: ComingCost(Money(1300, "EUR"), day, rises=True)}


def test_costs_are_read_once_while_nothing_changes(database: Database, shop: UUID) -> None:
    cost(database, shop, 1234)

    with database.work(shop) as db:
        assert sheet_costs(db, "EUR") is sheet_costs(db, "EUR")


def test_cost_in_another_currency_follows_the_rate_of_the_shop(database: Database, shop: UUID) -> None:
    unknown = cost(database, shop, 1000, currency="SEK")

    found = []
    for rate in ("0.1", "0.2"):
        own = {"base": "SEK", "quoted": "EUR", "rate": rate, "on": clock.now().date().isoformat(), "source": "bank"}
        with database.work(shop) as db:
            reseller = current_reseller(db)
            reseller.settings = {**reseller.settings, "exchange_rates": [own]}
            db.commit()
        found.append(shown(database, shop))

    assert unknown is None
    assert found == [Money(100, "EUR"), Money(200, "EUR")]

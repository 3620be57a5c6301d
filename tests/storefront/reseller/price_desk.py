"""What the tests of price lists work at: the shop's live list, drafts made of it, and a tidy desk afterwards."""

from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import delete, select

from storefront.core.changes import announce
from storefront.core.db import Database, Work
from storefront.pricing import price_lists as actions
from storefront.pricing.book import price_book
from storefront.pricing.models import MarginRule, Price, PriceImport, PriceList
from storefront.pricing.price_cells import CellKey
from tests.fixtures_app import Shop


@dataclass(frozen=True, kw_only=True)
class Desk:
    """The shop in the north and its lists."""

    database: Database
    shop_id: UUID
    live_id: UUID

    def work(self) -> AbstractContextManager[Work]:
        """Open a Work of the shop."""
        return self.database.work(self.shop_id)

    def draft(self, *, name: str = "", **prices: int | None) -> UUID:
        """Copy the live list; ``com_register=990`` or ``de_register_3=None`` change the copy."""
        with self.database.work(self.shop_id) as db:
            source = db.require(PriceList, self.live_id)
            row = actions.copy_list(db, source, name or actions.free_name(db, source.name))
            for words, minor in prices.items():
                ending, action, *years = words.split("_")
                key = CellKey(ending, action, int(years[0]) if years else 1)
                db.execute(
                    delete(Price).where(
                        Price.price_list_id == row.id,
                        Price.ending == key.ending,
                        Price.action == key.action,
                        Price.years == key.years,
                    )
                )
                if minor is not None:
                    db.add(Price(price_list_id=row.id, **key._asdict(), minor=minor))
            db.commit()
            return row.id

    def publish(self, list_id: UUID, *, in_days: int = 0) -> None:
        """Publish a draft."""
        with self.database.work(self.shop_id) as db:
            row = db.require(PriceList, list_id)
            starts_at = db.now + timedelta(days=in_days) if in_days else None
            actions.publish_list(db, row, revision=row.revision, starts_at=starts_at)
            db.commit()

    def names(self) -> list[str]:
        """The names of all lists."""
        with self.database.work(self.shop_id) as db:
            return sorted(db.scalars(select(PriceList.name)))

    def prices(self, list_id: UUID) -> dict[CellKey, int]:
        """The prices of a list."""
        with self.database.work(self.shop_id) as db:
            rows = db.scalars(select(Price).where(Price.price_list_id == list_id))
            return {CellKey(row.ending, row.action, row.years): row.minor for row in rows}

    def live_price(self, ending: str, action: str, years: int = 1) -> int | None:
        """What customers pay now."""
        with self.database.work(self.shop_id) as db:
            found = price_book(db).prices.get((ending, action, years))  # type: ignore[arg-type]  # any word is asked
            return found.minor if found else None

    def revision(self, list_id: UUID) -> int:
        """How often a list was changed."""
        with self.database.work(self.shop_id) as db:
            return db.require(PriceList, list_id).revision


def tidy_up(database: Database, shop_id: UUID, live_id: UUID) -> None:
    """Leave one published list as it was."""
    with database.work(shop_id) as db:
        db.execute(delete(PriceImport))
        db.execute(delete(MarginRule))
        db.execute(delete(Price).where(Price.price_list_id != live_id))
        db.execute(delete(PriceList).where(PriceList.id != live_id))
        db.require(PriceList, live_id).name = "List"
        announce(db)
        db.commit()


@pytest.fixture
def desk(database: Database, shops: dict[str, Shop]) -> Iterator[Desk]:
    """The desk of the shop in the north."""
    shop_id = shops["north"].id
    with database.work(shop_id) as db:
        published = PriceList.published_at.is_not(None)
        live_id = db.scalar(select(PriceList.id).where(published).order_by(PriceList.starts_at))
    assert live_id is not None
    yield Desk(database=database, shop_id=shop_id, live_id=live_id)
    tidy_up(database, shop_id, live_id)

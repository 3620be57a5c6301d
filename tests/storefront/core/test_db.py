"""Work: one reseller, one transaction, behind the wall."""

import pytest
from sqlalchemy import func, insert, select
from sqlalchemy.exc import DBAPIError

from storefront.core.db import Database, NoReseller, Work
from storefront.core.errors import NotFound
from storefront.core.scope import ForeignRow
from storefront.customers.models import Customer
from tests import factories
from tests.fixtures_app import Shop


def test_work_without_reseller_is_refused(database: Database) -> None:
    with pytest.raises(NoReseller):
        database.work(None)


def test_work_stamps_new_rows(db: Work) -> None:
    customer = factories.make_customer(db)

    assert customer.reseller_id == db.reseller_id


def test_work_refuses_a_row_of_another_reseller(db: Work, stranger_db: Work) -> None:
    customer = factories.make_customer(stranger_db)
    stranger_db.session.expunge(customer)
    customer.given = "Changed"

    db.session.add(customer)

    with pytest.raises(ForeignRow):
        db.flush()


def test_require_finds_nothing_of_another_reseller(db: Work, stranger_db: Work) -> None:
    customer = factories.make_customer(stranger_db)

    with pytest.raises(NotFound):
        db.require(Customer, customer.id)


def test_count_sees_only_own_rows(database: Database, shops: dict[str, Shop]) -> None:
    with database.work(shops["south"].id) as south:
        factories.make_customer(south)
        south.commit()

    with database.work(shops["north"].id) as north:
        seen = north.scalar(select(func.count()).where(Customer.reseller_id == shops["south"].id))

    assert seen == 0


def test_insert_for_another_reseller_is_refused_by_the_database(db: Work, shops: dict[str, Shop]) -> None:
    statement = insert(Customer).values(reseller_id=shops["south"].id, code="X", kind="individual")

    with pytest.raises(DBAPIError):
        db.execute(statement)


@pytest.mark.usefixtures("shops")
def test_wall_has_no_open_door(database: Database) -> None:
    database.refuse_open_doors()

"""Every look-up by key, asked as the app of a shop with many rows, goes by an index (decision 4)."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import column as a_column
from sqlalchemy import create_engine, event, func, insert, literal, select
from sqlalchemy.pool import NullPool

from frames.models import FrameTicket
from storefront.billing import queries as billing
from storefront.core import ids
from storefront.core.db import Base, Database, Work
from storefront.core.jobs import Job
from storefront.customers import queries as customers
from storefront.customers.models import Customer
from storefront.identity.models import LoginUser, SecretCode
from storefront.identity.sessions import find_session, sessions_of
from storefront.notifications.models import Message
from storefront.orders import carts
from storefront.orders import queries as orders
from storefront.orders.models import Cart, CartItem, OrderItem, PurchaseOrder
from storefront.portfolio import queries as portfolio
from storefront.portfolio.models import Domain
from storefront.providers.adapters.sandbox.storage import close_all
from storefront.provisioning.models import Operation
from tests.conftest import Addresses
from tests.fixtures_app import config_for
from tests.isolation.world import World, make_world

MANY = 4_000


@pytest.fixture(scope="module")
def filled(other_addresses: Addresses, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Fill the tables that grow, so that reading one of them as a whole would be the slower way."""
    config = config_for(other_addresses, tmp_path_factory.mktemp("filled"))
    database = Database(config)
    try:
        world = make_world(config, database)
        fill(world)
        yield world
        world.app.extensions["vitrine"].resolver.close()
    finally:
        database.dispose()
        close_all()


def fill(world: World) -> None:
    """Copy rows of the first customer in the south; what is asked about is the second one's."""
    growing = (
        Customer, LoginUser, Domain, PurchaseOrder, OrderItem, Cart, CartItem, Message, Operation, Job, SecretCode,
        FrameTicket,
    )  # fmt: skip
    with world.database.work(world.south.shop.id) as db:
        for model in growing:
            _copy_rows(db, Base.metadata.tables[model.__tablename__])
        db.commit()
    engine = create_engine(world.database.config.owner_url, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    with engine.connect() as line:
        line.exec_driver_sql("ANALYZE")
    engine.dispose()


def _copy_rows(db: Work, table: Any) -> None:
    """Copy one row many times, with a key and unique texts of its own."""
    unique = {
        column.name
        for index in [*table.indexes, *table.constraints]
        if getattr(index, "unique", False) or type(index).__name__ == "UniqueConstraint"
        for column in index.columns
    }
    number = func.generate_series(1, MANY).table_valued(a_column("number"), name="numbers").render_derived()
    columns = []
    for column in table.columns:
        value: Any = column
        if column.name == "id":
            value = func.gen_random_uuid()
        elif column.name in unique and str(column.type) in ("VARCHAR", "TEXT"):
            value = func.concat(column, number.c.number)
        elif column.name == "order_item_id":
            value = func.cast(literal(None), column.type)
        columns.append(value.label(column.name))
    one = select(table.c.id).order_by(table.c.id).limit(1).scalar_subquery()
    rows = select(*columns).select_from(table).join(number, literal(value=True)).where(table.c.id == one)
    db.execute(insert(table).from_select([column.name for column in table.columns], rows))


LOOK_UPS: dict[str, Callable[[Work, World], object]] = {
    "session of a cookie": lambda db, w: find_session(db, "no such secret", w.south.shop.host),
    "sessions of a user": lambda db, w: sessions_of(db, w.south.second.user_id),
    "customer by id": lambda db, w: db.find(Customer, w.south.second.customer_id),
    "customer by code": lambda db, _: customers.find_customer_by_code(db, "NONE"),
    "contacts of a customer": lambda db, w: customers.contacts_of(db, w.south.second.customer_id),
    "user by login": lambda db, _: db.scalar(_mine(db, LoginUser).where(LoginUser.login_key == "nobody")),
    "user by e-mail": lambda db, _: db.scalars(_mine(db, LoginUser).where(LoginUser.email_key == "nobody@x.test")),
    "code that was sent": lambda db, _: db.scalar(
        _mine(db, SecretCode).where(SecretCode.purpose == "reset", SecretCode.code_hash == "none")
    ),
    "domains of a customer": lambda db, w: portfolio.domains_of(db, w.south.second.customer_id),
    "domains by prefix": lambda db, w: portfolio.domains_of(db, w.south.second.customer_id, wanted="abc"),
    "domains that end soon": lambda db, w: portfolio.ending_soon(db, w.south.second.customer_id),
    "number of domains": lambda db, w: portfolio.count_domains(db, w.south.second.customer_id),
    "documents of a customer": lambda db, w: billing.documents_of(db, w.south.second.customer_id),
    "documents of a shop": lambda db, _: billing.documents(db, "proforma", states=["issued"]),
    "document of an order": lambda db, _: billing.find_document_for_order(db, ids.uuid7(), "proforma"),
    "orders of a customer": lambda db, w: orders.orders_of(db, w.south.second.customer_id),
    "orders of a shop": lambda db, _: orders.orders(db),
    "lines of an order": lambda db, _: orders.items_of_orders(db, [ids.uuid7()]),
    "cart of a cookie": lambda db, _: carts.find_cart(db, "no such token"),
    "cart of a user": lambda db, _: carts.find_cart(db, "", ids.uuid7()),
    "lines of a cart": lambda db, _: db.scalars(_mine(db, CartItem).where(CartItem.cart_id == ids.uuid7())),
    "operation of a line": lambda db, _: db.scalar(_mine(db, Operation).where(Operation.order_item_id == ids.uuid7())),
    "ticket of a window": lambda db, _: db.scalar(_mine(db, FrameTicket).where(FrameTicket.code_hash == "none")),
    "message by id": lambda db, _: db.find(Message, ids.uuid7()),
}


def _mine(db: Work, model: Any) -> Any:
    return select(model).where(model.reseller_id == db.reseller_id)


@pytest.mark.parametrize("name", LOOK_UPS)
def test_look_up_uses_an_index(filled: World, name: str) -> None:
    """Under row-level security an index serves leakproof operators only (decision 4)."""
    with filled.database.work(filled.south.shop.id) as db:
        plans = _plans(filled, db, lambda: LOOK_UPS[name](db, filled))

    assert [scan for plan in plans for scan in _whole_reads(plan)] == []


def _plans(world: World, db: Work, ask: Callable[[], object]) -> list[dict[str, Any]]:
    """What PostgreSQL would do for everything that is asked."""
    asked: list[tuple[str, Any]] = []
    line = db.session.connection()
    event.listen(world.database.app, "before_cursor_execute", keep := _keeper(asked))
    ask()
    event.remove(world.database.app, "before_cursor_execute", keep)
    assert asked
    found = [line.exec_driver_sql(f"EXPLAIN (FORMAT JSON) {words}", values).scalar_one() for words, values in asked]
    return [plan[0]["Plan"] for plan in found]


GROWING = {"customer", "login_user", "domain", "purchase_order", "order_item", "cart", "cart_item", "message"} | {
    "operation", "job", "secret_code"
}  # fmt: skip


def _keeper(asked: list[tuple[str, Any]]) -> Callable[..., None]:
    def keep(_connection: Any, _cursor: Any, statement: str, values: Any, _context: Any, _many: Any) -> None:
        if statement.lstrip().startswith("SELECT"):
            asked.append((statement, values))

    return keep


def _whole_reads(plan: dict[str, Any]) -> list[str]:
    """Tables that grow and are read from end to end."""
    found = [_whole_reads(each) for each in plan.get("Plans", [])]
    here = [plan["Relation Name"]] if plan["Node Type"] == "Seq Scan" and plan["Relation Name"] in GROWING else []
    return here + [name for each in found for name in each]


def test_a_column_without_an_index_is_noticed(filled: World) -> None:
    """Without this the test above could pass by looking at nothing."""
    with filled.database.work(filled.south.shop.id) as db:
        plans = _plans(filled, db, lambda: db.scalars(_mine(db, Message).where(Message.subject == "none")))

    assert [scan for plan in plans for scan in _whole_reads(plan)] == ["message"]

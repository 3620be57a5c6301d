"""Ways to reach another shop's rows as this one, through ORM, Core and plain text: none may work."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Table, delete, exists, func, insert, literal, select, text, union_all, update
from sqlalchemy.dialects.postgresql import insert as insert_or
from sqlalchemy.exc import DBAPIError, IntegrityError, InvalidRequestError, NoResultFound
from sqlalchemy.orm import Session, aliased, joinedload, make_transient_to_detached
from sqlalchemy.orm.exc import StaleDataError

from storefront.core import ids
from storefront.core.db import NoReseller, Work
from storefront.core.errors import NotFound
from storefront.core.scope import ForeignRow
from storefront.customers.models import Contact, Customer
from storefront.identity.models import LoginUser
from storefront.orders.models import PurchaseOrder
from storefront.portfolio.models import Domain
from tenants.models import HostName, Reseller, Site
from tests import factories
from tests.isolation.estates import Estate
from tests.isolation.marks import mark_of
from tests.isolation.world import Fingerprint, World

SOUTH = mark_of("south")[: -len("shop")]
CUSTOMER: Table = Customer.__table__  # type: ignore[assignment]  # it is a table
DOMAIN: Table = Domain.__table__  # type: ignore[assignment]  # it is a table
REFUSED = (DBAPIError, ForeignRow, NotFound, NoResultFound, NoReseller, InvalidRequestError, StaleDataError)
BY_SETTING = text("SELECT given FROM customer WHERE reseller_id = :shop")


class Probe:
    """What a probe may use: a Work of the north, and ids of the south."""

    def __init__(self, db: Work, south: Estate, north: Estate) -> None:
        self.db = db
        self.session: Session = db.session
        self.shop: UUID = south.shop.id
        self.customer: UUID = south.first.customer_id
        self.domain: UUID = south.first.ids["domain_id"]
        self.order: UUID = south.first.ids["order_id"]
        self.user: UUID = south.first.user_id
        self.own: UUID = north.first.customer_id
        self.own_order: UUID = north.first.ids["order_id"]

    def own_customer(self) -> Customer:
        """A row that is one's own."""
        return self.db.require(Customer, self.own)

    def foreign_copy(self) -> Customer:
        """A row of the other shop as if it had been loaded by somebody else before."""
        names = {column.name: "x" for column in CUSTOMER.columns if str(column.type) == "VARCHAR"}
        return Customer(**{**names, "reseller_id": self.shop, "id": self.customer, "created_at": self.db.now})


def _copied(probe: Probe, statement: str) -> str:
    raw: Any = probe.session.connection().connection.driver_connection
    with raw.cursor().copy(statement) as out:
        return b"".join(bytes(piece) for piece in out).decode()


def _refreshed(probe: Probe) -> str:
    row = probe.foreign_copy()
    make_transient_to_detached(row)
    probe.session.add(row)
    probe.session.refresh(row)
    return row.given


def _without_row_security(probe: Probe) -> object:
    probe.session.execute(text("SET LOCAL row_security = off"))
    return probe.session.execute(text("SELECT given FROM customer")).all()


def _in_savepoint(probe: Probe) -> object:
    with probe.session.begin_nested():
        return probe.session.scalars(select(Customer.given)).all()


def _after_rollback(probe: Probe) -> object:
    probe.session.rollback()
    return probe.session.scalars(select(Customer.given)).all()


def _without_reseller(probe: Probe) -> object:
    with probe.db.database.platform() as line:
        found = line.execute(text("SELECT given FROM customer")).all()
    assert found == []
    return found


def _changed(result: Any) -> int:
    return max(0, int(result.rowcount))


def _values(probe: Probe) -> dict[str, Any]:
    taken = {"reseller_id", "id"}
    row = probe.own_customer()
    return {
        column.name: f"{getattr(row, column.name)}x" if column.name == "code" else getattr(row, column.name)
        for column in CUSTOMER.columns
        if column.name not in taken
    }


def _flush(probe: Probe, row: Any) -> None:
    probe.session.add(row)
    probe.session.flush()


def _given_away(probe: Probe) -> Customer:
    row = probe.own_customer()
    row.reseller_id = probe.shop
    return row


def _merged(probe: Probe) -> None:
    probe.session.merge(probe.foreign_copy())
    probe.session.flush()


def _detached(probe: Probe) -> None:
    row = probe.foreign_copy()
    make_transient_to_detached(row)
    probe.session.add(row)
    row.city = "changed"
    probe.session.flush()


def _contact(probe: Probe, **more: Any) -> Contact:
    contact = factories.make_contact(probe.db, probe.own_customer(), is_default=False)
    for name, value in more.items():
        setattr(contact, name, value)
    return contact


def _related(probe: Probe) -> None:
    order = probe.db.require(PurchaseOrder, probe.own_order)
    order.customer = probe.foreign_copy()
    probe.session.flush()


READS: dict[str, Callable[[Probe], object]] = {
    "get by key": lambda p: p.session.get(Customer, (p.shop, p.customer)),
    "get by key under our reseller": lambda p: p.session.get(Customer, (p.db.reseller_id, p.customer)),
    "find": lambda p: p.db.find(Customer, p.customer),
    "require": lambda p: p.db.require(Customer, p.customer),
    "select by id": lambda p: p.session.scalars(select(Customer).where(Customer.id == p.customer)).all(),
    "select by reseller": lambda p: p.session.scalars(select(Customer).where(Customer.reseller_id == p.shop)).all(),
    "select everything": lambda p: p.session.scalars(select(Customer.given)).all(),
    "count": lambda p: p.session.scalar(select(func.count()).where(Customer.reseller_id == p.shop)) or None,
    "exists": lambda p: p.session.scalar(select(exists().where(Customer.id == p.customer))) or None,
    "aggregate of words": lambda p: p.session.scalar(select(func.string_agg(Customer.given, ","))),
    "join": lambda p: p.session.execute(
        select(Domain, Customer).join(Customer, Customer.id == Domain.customer_id)
    ).all(),
    "join without key": lambda p: p.session.execute(
        select(Domain.name_ascii, Customer.given).join(Customer, literal(value=True))
    ).all(),
    "alias": lambda p: p.session.scalars(select(aliased(Customer)).where(literal(value=True))).all(),
    "subquery": lambda p: p.session.execute(select(select(Customer.given).subquery())).all(),
    "cte": lambda p: p.session.execute(select(select(Customer.given).cte())).all(),
    "union": lambda p: p.session.execute(union_all(select(Customer.given), select(Contact.given))).all(),
    "lateral": lambda p: p.session.execute(
        select(Customer.given, select(Contact.given).where(Contact.customer_id == Customer.id).lateral().c.given)
    ).all(),
    "joined load": lambda p: [
        domain.customer.given for domain in p.session.scalars(select(Domain).options(joinedload(Domain.customer)))
    ],
    "from statement": lambda p: p.session.scalars(
        select(Customer).from_statement(text("SELECT * FROM customer"))
    ).all(),
    "core select": lambda p: p.session.execute(select(CUSTOMER.c.given)).all(),
    "plain text": lambda p: p.session.execute(text("SELECT given FROM customer")).all(),
    "plain text by reseller": lambda p: p.session.execute(BY_SETTING, {"shop": p.shop}).all(),
    "connection": lambda p: p.session.connection().execute(text("SELECT * FROM customer")).all(),
    "driver": lambda p: p.session.connection().exec_driver_sql("SELECT * FROM customer").all(),
    "table": lambda p: p.session.connection().exec_driver_sql("TABLE customer").all(),
    "copy out": lambda p: _copied(p, "COPY (SELECT given FROM customer) TO STDOUT"),
    "as json": lambda p: p.session.scalar(text("SELECT jsonb_agg(c) FROM customer c")),
    "as xml": lambda p: p.session.scalar(text("SELECT query_to_xml('SELECT given FROM customer', true, false, '')")),
    "refresh": _refreshed,
    "statistics": lambda p: p.session.execute(
        text("SELECT most_common_vals::text FROM pg_stats WHERE tablename = 'customer'")
    ).all(),
    "returning of an update": lambda p: p.session.scalars(
        update(Customer).values(region=Customer.region).returning(Customer.given)
    ).all(),
    "inside a savepoint": _in_savepoint,
    "after a rollback": _after_rollback,
    "as the office": lambda p: p.session.execute(text("SET ROLE vitrine_office")),
    "as the owner": lambda p: p.session.execute(text("SET ROLE vitrine_owner")),
    "wall down": lambda p: p.session.execute(text("ALTER TABLE customer DISABLE ROW LEVEL SECURITY")),
    "policy away": lambda p: p.session.execute(text("DROP POLICY own_rows ON customer")),
    "row security off": _without_row_security,
    "without a reseller": _without_reseller,
    "other shop's own row": lambda p: p.session.scalar(select(Reseller.bank_name).where(Reseller.id == p.shop)),
    "relation of a foreign key": lambda p: p.session.scalars(
        select(Customer.given).where(Customer.id.in_(select(Domain.customer_id)))
    ).all(),
}


WRITES: dict[str, Callable[[Probe], object]] = {
    "update by id": lambda p: _changed(
        p.session.execute(update(Customer).where(Customer.id == p.customer).values(city="x"))
    ),
    "update everything": lambda p: p.session.execute(update(Customer).values(street2="x")),
    "update with text": lambda p: _changed(
        p.session.execute(text("UPDATE customer SET city = 'x' WHERE reseller_id = :shop"), {"shop": p.shop})
    ),
    "bulk update by key": lambda p: p.session.execute(
        update(Customer), [{"reseller_id": p.shop, "id": p.customer, "city": "x"}]
    ),
    "delete by id": lambda p: _changed(p.session.execute(delete(Domain).where(Domain.id == p.domain))),
    "delete with text": lambda p: _changed(
        p.session.execute(text("DELETE FROM domain WHERE reseller_id <> :own"), {"own": p.db.reseller_id})
    ),
    "truncate": lambda p: p.session.execute(text("TRUNCATE customer CASCADE")),
    "insert for another": lambda p: _flush(p, Customer(reseller_id=p.shop, **_values(p))),
    "core insert for another": lambda p: p.session.execute(
        insert(CUSTOMER).values(reseller_id=p.shop, id=ids.uuid7(), **_values(p))
    ),
    "insert from select": lambda p: _changed(
        p.session.execute(
            insert(CUSTOMER).from_select(
                [column.name for column in CUSTOMER.columns], select(CUSTOMER).where(CUSTOMER.c.reseller_id == p.shop)
            )
        )
    ),
    "upsert onto a foreign row": lambda p: p.session.execute(
        insert_or(CUSTOMER)
        .values(reseller_id=p.shop, id=p.customer, **_values(p))
        .on_conflict_do_update(index_elements=["reseller_id", "id"], set_={"city": "x"})
    ),
    "give a row away": lambda p: _flush(p, _given_away(p)),
    "give a row away with text": lambda p: p.session.execute(
        text("UPDATE customer SET reseller_id = :shop WHERE id = :own"), {"shop": p.shop, "own": p.own}
    ),
    "merge of a detached row": _merged,
    "detached row changed": _detached,
    "key of a foreign row": lambda p: _flush(p, _contact(p, customer_id=p.customer)),
    "key of a foreign row with text": lambda p: p.session.execute(
        text("UPDATE domain SET customer_id = :customer WHERE reseller_id = :own"),
        {"customer": p.customer, "own": p.db.reseller_id},
    ),
    "relationship to a foreign row": _related,
    "bulk insert": lambda p: p.session.execute(
        insert(Customer), [{"reseller_id": p.shop, "id": ids.uuid7(), **_values(p)}]
    ),
    "lock of a foreign row": lambda p: p.session.scalars(
        select(Customer).where(Customer.id == p.customer).with_for_update()
    ).all(),
    "host name taken away": lambda p: _changed(
        p.session.execute(update(HostName).where(HostName.reseller_id == p.shop).values(reseller_id=p.db.reseller_id))
    ),
    "site of another": lambda p: _changed(
        p.session.execute(update(Site).where(Site.reseller_id == p.shop).values(state="closed"))
    ),
    "shop's own row": lambda p: _changed(
        p.session.execute(update(Reseller).where(Reseller.id == p.shop).values(name="x"))
    ),
    "new reseller": lambda p: p.session.execute(text("INSERT INTO reseller SELECT * FROM reseller")),
    "shared rules": lambda p: p.session.execute(text("UPDATE tld SET rules = '{}'")),
    "log away": lambda p: p.session.execute(text("DELETE FROM audit_entry")),
    "ledger changed": lambda p: p.session.execute(text("UPDATE credit_entry SET amount_minor = 0")),
    "document away": lambda p: p.session.execute(text("DELETE FROM document")),
}


@pytest.mark.parametrize("name", READS)
def test_nothing_of_another_shop_can_be_read(world: World, name: str) -> None:
    with world.database.work(world.north.shop.id) as db:
        try:
            found = READS[name](Probe(db, world.south, world.north))
        except REFUSED as refusal:
            told = str(getattr(refusal, "orig", refusal))
        else:
            told = _words_of(found)

    assert SOUTH not in told
    assert str(world.south.first.user_id) not in told


def _words_of(found: object) -> str:
    """Everything that a probe has brought home, as one text."""
    if found is None or isinstance(found, str | int | bool):
        assert found in (None, 0) or isinstance(found, str), "a number or a yes about another shop's rows"
        return found or "" if isinstance(found, str) else ""
    if isinstance(found, Customer | Domain | Contact | LoginUser):
        return " ".join(str(getattr(found, column.name)) for column in found.__table__.columns)
    if isinstance(found, list | tuple) or hasattr(found, "_mapping"):
        return " ".join(_words_of(each) if not isinstance(each, int | float) else "" for each in found)  # type: ignore[attr-defined]  # rows are sequences
    return str(found)


def of_south(world: World) -> Fingerprint:
    """Everything that the shop in the south has."""
    return {place: each for place, each in world.everything().items() if place[0] == world.south.shop.id}


@pytest.mark.parametrize("name", WRITES)
def test_nothing_of_another_shop_can_be_changed(world: World, name: str) -> None:
    before = of_south(world)

    with world.database.work(world.north.shop.id) as db:
        probe = Probe(db, world.south, world.north)
        told = ""
        try:
            touched = WRITES[name](probe)
            db.commit()
        except REFUSED as refusal:
            touched, told = None, str(getattr(refusal, "orig", refusal))

    assert SOUTH not in told
    assert touched in (None, 0, []) or hasattr(touched, "rowcount"), f"{name} touched {touched}"
    assert of_south(world) == before


def test_every_probe_finds_something_where_the_wall_does_not_stand(world: World) -> None:
    """The same questions, asked by the owner who goes through walls: they do leak, so the tests above can fail."""
    leaky = ["select everything", "core select", "plain text", "table", "as json", "subquery", "cte", "union"]
    office = world.database.office_work()
    with office as db:
        found = {name: SOUTH in _words_of(READS[name](_Blind(db, world))) for name in leaky}

    assert found == dict.fromkeys(leaky, True)


class _Blind(Probe):
    def __init__(self, db: Work, world: World) -> None:
        super().__init__(db, world.south, world.north)


def test_a_work_cannot_change_its_reseller(world: World) -> None:
    with world.database.work(world.north.shop.id) as db, pytest.raises(AttributeError):
        db.reseller_id = world.south.shop.id  # type: ignore[misc]  # that is the point


def test_a_work_without_reseller_is_refused(world: World) -> None:
    with pytest.raises(NoReseller):
        world.database.work(None)


def test_a_foreign_key_error_does_not_tell_what_is_there(world: World) -> None:
    """The answer for a row of the other shop is the answer for none at all."""
    told = []
    for foreign in (world.south.first.customer_id, ids.uuid7()):
        with world.database.work(world.north.shop.id) as db:
            contact = factories.make_contact(db, db.require(Customer, world.north.first.customer_id))
            contact.customer_id = foreign
            with pytest.raises(IntegrityError) as refused:
                db.flush()
            told.append(str(refused.value.orig).replace(str(foreign), "<id>"))

    assert told[0] == told[1]


def test_the_setting_does_not_outlive_the_transaction(world: World) -> None:
    with world.database.work(world.south.shop.id) as db:
        assert db.scalar(select(func.count()).select_from(Customer))
        db.commit()

    with world.database.app.connect() as line:
        assert line.execute(text("SELECT count(*) FROM customer")).scalar_one() == 0

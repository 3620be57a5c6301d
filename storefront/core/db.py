"""Engine, Base with constraint naming, UtcDateTime, Work: a session for one reseller, one actor, one moment."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cached_property
from typing import Any, Final, Literal, Self, TypeVar
from uuid import UUID

from sqlalchemy import (
    Connection,
    DateTime,
    Dialect,
    Engine,
    Executable,
    MetaData,
    create_engine,
    event,
    func,
    select,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine import Result
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import DeclarativeBase, Session, SessionTransaction
from sqlalchemy.sql.selectable import TypedReturnsRows
from sqlalchemy.types import TypeDecorator

from storefront.core import clock
from storefront.core.config import Config
from storefront.core.errors import NotFound
from storefront.core.pool import look_after
from storefront.core.scope import ForeignRow, Owned, faults_of

Row = TypeVar("Row", bound="Base")
Value = TypeVar("Value")
# The database is away or too busy for a moment: what was begun is undone, and may be tried again as it is.
AWAY: Final = (OperationalError, InterfaceError, PoolTimeout)


class UtcDateTime(TypeDecorator[datetime]):
    """A moment: refuses naive values, gives back aware UTC."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse a moment that does not say where it is."""
        if value is not None and value.tzinfo is None:
            message = "a moment needs a time zone"
            raise ValueError(message)
        return value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give the moment back in UTC."""
        return value.astimezone(UTC) if value else value


class Base(DeclarativeBase):
    """Every table of ours; constraints are named so that migrations can drop them by name."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        },
    )
    type_annotation_map = {datetime: UtcDateTime(), dict[str, Any]: JSONB(), list[Any]: JSONB()}  # noqa: RUF012 - SQLAlchemy's own attribute


@dataclass(frozen=True, kw_only=True)
class Actor:
    """Who is doing this, for the audit log."""

    kind: Literal["visitor", "customer", "staff", "operator", "supplier", "system"]
    id: UUID | None = None
    name: str = ""
    address: str = ""


SYSTEM = Actor(kind="system")


class NoReseller(RuntimeError):
    """A Work was opened without a reseller where one is needed. A defect."""


class Database:
    """The engines of one process: ``app`` behind the wall, ``office`` for the operator, relay and schedule."""

    def __init__(self, config: Config) -> None:
        self.config = config
        self.app = _engine(config.database_url, config.database_pool)
        self.office = _engine(config.office_url, 4)
        self.on_commit: list[Callable[[Work], None]] = []

    def work(self, reseller_id: UUID | None, actor: Actor = SYSTEM) -> "Work":
        """Open a Work for one reseller. Use it as a context manager; what is not committed is undone."""
        if reseller_id is None:
            raise NoReseller("a Work needs a reseller; the office opens its own")
        return Work(self, self.app, reseller_id, actor)

    def office_work(self, actor: Actor = SYSTEM) -> "Work":
        """Open a Work that sees every reseller: operator pages, relay, schedule and nothing else."""
        return Work(self, self.office, None, actor)

    def platform(self) -> Connection:
        """Read platform tables before the reseller is known; owned tables answer nothing here."""
        return self.app.connect()

    def refuse_open_doors(self) -> None:
        """Stop the start if the wall between resellers has a hole (ADR 0004)."""
        for engine in (self.app, self.office):
            with engine.connect() as connection:
                faults = faults_of(connection)
            if faults:
                raise RuntimeError("The database would not keep resellers apart: " + "; ".join(faults))

    def dispose(self) -> None:
        """Give every connection back."""
        self.app.dispose()
        self.office.dispose()


def _engine(url: str, pool: int) -> Engine:
    # A policy makes a generic plan useless: it hides the reseller's share of a table (decision 2).
    options = {"options": "-c plan_cache_mode=force_custom_plan -c timezone=UTC", "application_name": "vitrine"}
    engine = create_engine(url, pool_size=pool, max_overflow=4, pool_timeout=10, connect_args=options)
    look_after(engine)
    return engine


class _Session(Session):
    """A session that knows whose it is; what is to be told to the database is listened for once, for all of them."""

    work: "Work"


@event.listens_for(_Session, "after_begin")
def _entered(session: _Session, _transaction: SessionTransaction, connection: Connection) -> None:
    session.work.enter(connection)


@event.listens_for(_Session, "before_flush")
def _flushed(session: _Session, _context: object, _instances: object) -> None:
    session.work.stamp()


class Work:
    """One database session: for one reseller, by one actor, at one moment; it is also the transaction.

    The edge that opened it commits; leaving the block undoes everything else.
    """

    def __init__(self, database: Database, engine: Engine, reseller_id: UUID | None, actor: Actor) -> None:
        self.database = database
        self.config = database.config
        self.reseller_id_or_none = reseller_id
        self.actor = actor
        self.now = clock.now()
        self.published = 0
        self.logged = False
        self.session = _Session(engine, autoflush=True, expire_on_commit=False)
        self.session.work = self

    @property
    def reseller_id(self) -> UUID:
        """The reseller this Work is for; ``NoReseller`` in an office Work."""
        if self.reseller_id_or_none is None:
            message = "this Work sees every reseller; name one"
            raise NoReseller(message)
        return self.reseller_id_or_none

    def enter(self, connection: Connection) -> None:
        """Tell the database for whom a transaction is that just began."""
        if self.reseller_id_or_none is not None:
            connection.execute(select(func.set_config("app.reseller", str(self.reseller_id_or_none), True)))

    def stamp(self) -> None:
        """Write on every new row whose it is, before it is sent; a row of somebody else is refused."""
        scope = self.reseller_id_or_none
        if scope is None:
            return
        for row in [*self.session.new, *self.session.dirty, *self.session.deleted]:
            if not isinstance(row, Owned):
                continue
            if getattr(row, "reseller_id", None) is None:
                row.reseller_id = scope
            elif row.reseller_id != scope:
                message = f"{type(row).__name__} of {row.reseller_id} in the Work of {scope}"
                raise ForeignRow(message)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Undo what was not committed and give the connection back."""
        self.session.close()

    def commit(self) -> None:
        """Keep everything. Only edges call this: a request, a job, a command."""
        self.session.commit()
        for tell in self.database.on_commit:
            tell(self)

    def rest(self) -> None:
        """End the read and give the connection back, before a supplier is called or an answer is streamed."""
        if self.session.new or self.session.dirty or self.session.deleted:
            message = "there are changes that would be lost"
            raise RuntimeError(message)
        self.session.rollback()

    @property
    def is_in_transaction(self) -> bool:
        """Whether a connection is held right now."""
        return self.session.in_transaction()

    @cached_property
    def zone(self) -> str:
        """The reseller's time zone."""
        return str(self.scalar(select(Base.metadata.tables["reseller"].c.zone)) or "UTC")

    @property
    def today(self) -> date:
        """The date it is where the reseller keeps the books."""
        return clock.today(self.zone)

    def add(self, row: Row) -> Row:
        """Put a new row into this Work."""
        self.session.add(row)
        return row

    def find(self, model: type[Row], row_id: UUID | None) -> Row | None:
        """Return the row with this id, if the reseller has one."""
        if row_id is None:
            return None
        owned = Owned in model.__mro__
        if owned and self.reseller_id_or_none is None:
            rows = Base.metadata.tables[model.__tablename__]
            return self.session.scalars(select(model).where(rows.c.id == row_id)).one_or_none()
        key = (self.reseller_id, row_id) if owned else row_id
        return self.session.get(model, key)

    def require(self, model: type[Row], row_id: UUID | None) -> Row:
        """Return the row with this id, or raise ``NotFound``: another reseller's id is simply not found."""
        row = self.find(model, row_id)
        if row is None:
            raise NotFound
        return row

    def lock(self, row: Row) -> Row:
        """Hold a row until the end and read it afresh: the only way to take a lock."""
        self.session.flush()
        self.session.refresh(row, with_for_update=True)
        return row

    def scalar(self, statement: TypedReturnsRows[Value]) -> Value | None:
        """Return the first column of the first row."""
        found: Value | None = self.session.scalar(statement)
        return found

    def scalars(self, statement: TypedReturnsRows[Value]) -> Sequence[Value]:
        """Return the first column of all rows."""
        return self.session.scalars(statement).all()

    def execute(self, statement: Executable, values: Mapping[str, Any] | None = None) -> Result[*tuple[Any, ...]]:
        """Run any statement, with values for what it leaves open."""
        return self.session.execute(statement, values)

    def flush(self) -> None:
        """Send what is pending, so that constraints speak now."""
        self.session.flush()

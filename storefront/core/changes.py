"""Announce that a shop changed, and hear it in every process within a second."""

import os
import threading
import time
import weakref
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import cast
from uuid import UUID

import psycopg
import structlog
from sqlalchemy import Connection, Integer, String, Uuid, column, create_engine, func, select, table, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import NullPool

from storefront.core.db import Database, UtcDateTime, Work

log = structlog.get_logger()

SITE = table("site", column("reseller_id", Uuid), column("version", Integer), column("changed_at", UtcDateTime()))
DATABASE = table("pg_database", column("oid", Integer), column("datname", String))
EVERY_SITE = "*"
STAMP_LENGTH = 24

# A change is heard at once by its notice; the look at the table once a second catches what a lost notice hid.
WAKE_S = 0.25
LOOK_S = 0.9
RETRY_S = 0.5
# A transaction may commit long after it stamped ``changed_at``.
MARGIN = timedelta(minutes=1)
LONG_MARGIN = timedelta(minutes=10)
# So many changed shops are remembered one by one; beyond that everything kept is thrown away instead.
FLOOR_LIMIT = 20_000
# A silent line counts as dead after ten seconds.
LINE = {
    "connect_timeout": 3,
    "keepalives_idle": 4,
    "keepalives_interval": 2,
    "keepalives_count": 3,
    "tcp_user_timeout": 10_000,
}


def announce(db: Work, reseller_id: UUID | None = None) -> int:
    """Say that what this shop shows has changed: every process drops its ready pages when this transaction commits.

    To be called by every action that changes what visitors see. Returns the new version; in an office Work the
    reseller is named. Raises ``NoResultFound`` for a shop that has no site.
    """
    scope = reseller_id or db.reseller_id
    raised = (
        update(SITE)
        .where(SITE.c.reseller_id == scope)
        .values(version=SITE.c.version + 1, changed_at=func.clock_timestamp())
        .returning(SITE.c.version)
    )
    version = int(db.execute(raised).scalar_one())
    db.execute(select(func.pg_notify("site", f"{scope} {version}")))
    return version


def announce_host(db: Work, name: str) -> None:
    """Say that a host name was connected, so that nobody goes on believing that it is unknown.

    A name that is released or moved needs ``announce`` for the reseller it leaves, too.
    """
    db.execute(select(func.pg_notify("host", name)))


def announce_everywhere(db: Work) -> None:
    """Say that what all shops show has changed: endings, exchange rates. Needs an office Work."""
    db.execute(update(SITE).values(version=SITE.c.version + 1, changed_at=func.clock_timestamp()))
    db.execute(select(func.pg_notify("site", EVERY_SITE)))


def read_clock(line: Connection) -> datetime:
    """Return the database's own moment: the one clock that all machines share."""
    return line.execute(select(func.clock_timestamp(type_=UtcDateTime()))).scalar_one()


def which_database(line: Connection) -> str:
    """Name this very database, so that what was kept of one is never taken for another's after a restore."""
    cluster = func.pg_control_system().table_valued("system_identifier")
    own = select(DATABASE.c.oid).where(DATABASE.c.datname == func.current_database())
    return f"{line.scalar(select(cluster.c.system_identifier))}/{line.scalar(own)}"


def stamp_of(reseller_id: UUID, version: int) -> bytes:
    """Join reseller and version into what is written on everything kept."""
    return reseller_id.bytes + version.to_bytes(STAMP_LENGTH - 16, "big")


class Versions:
    """What this process knows of the shops' versions: below which one nothing kept may be used any more.

    Three conditions: *current* (the line to the database stands, and what was missed has been read), *behind* (it
    stands again, but what was missed is not known yet: nothing kept is trusted), and *alone* (no database: what is
    kept is served, since stale is better than nothing).
    """

    def __init__(
        self, database: Database, kept_since: Callable[[Connection], datetime | None] = lambda _line: None
    ) -> None:
        self._database = database
        self._kept_since = kept_since
        self._floor: dict[bytes, bytes] = {}
        self._seen_at: datetime | None = None
        self._forgotten_at: datetime | None = None
        self._thread: threading.Thread | None = None
        self._stop = threading.Event()
        self.is_trusted = False
        self.epoch = 0
        self.on_host: list[Callable[[str], None]] = []
        self.on_forget: list[Callable[[], None]] = []
        self.on_look: list[Callable[[datetime], None]] = []
        _EVERY.add(self)

    def allow(self, stamp: bytes) -> bool:
        """Return whether something made under this stamp may still be shown."""
        if self._thread is None:
            self.start()
        floor = self._floor.get(stamp[:16])
        return self.is_trusted and (floor is None or stamp[16:] >= floor)

    def learn(self, reseller_id: UUID, version: int) -> None:
        """Take in that a shop is at this version now."""
        stamp = stamp_of(reseller_id, version)
        if stamp[16:] > self._floor.get(stamp[:16], b""):
            self._floor[stamp[:16]] = stamp[16:]
        if len(self._floor) > FLOOR_LIMIT:
            self.forget()

    def forget(self) -> None:
        """Throw away everything kept, here and in the store, instead of remembering what is stale."""
        self.epoch += 1
        for tell in self.on_forget:
            tell()
        self._floor.clear()

    def start(self) -> None:
        """Begin to listen, once in each process: a thread does not survive a fork."""
        with _STARTING:
            if self._thread is None:
                self._stop = threading.Event()
                self._thread = threading.Thread(
                    target=_listen, args=(weakref.ref(self), self._stop), daemon=True, name="changes"
                )
                self._thread.start()

    def close(self) -> None:
        """Stop listening."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join(timeout=5)
        self._thread = None
        self.is_trusted = False

    def hear(self, channel: str, payload: str) -> None:
        """Take in one notice."""
        if channel == "host":
            for tell in self.on_host:
                tell(payload)
        elif payload == EVERY_SITE:
            self.forget()
        else:
            name, _, version = payload.partition(" ")
            try:
                self.learn(UUID(name), int(version))
            except ValueError:
                log.warning("changes.unreadable", payload=payload)

    def look(self, line: Connection, margin: timedelta) -> None:
        """Read from the table what changed since the last look."""
        since = self._seen_at or self._kept_since(line)
        seen_at = read_clock(line)
        if since is not None:
            since -= margin
            if self._forgotten_at is not None and margin == MARGIN:
                # What made us forget everything must not do so again with every look of the next minute.
                since = max(since, self._forgotten_at)
            changed = select(SITE.c.reseller_id, SITE.c.version).where(SITE.c.changed_at > since)
            rows = line.execute(changed.limit(FLOOR_LIMIT + 1)).all()
            if len(rows) > FLOOR_LIMIT:
                self._forgotten_at = seen_at
                self.forget()
            else:
                for reseller_id, version in rows:
                    self.learn(reseller_id, version)
        self._seen_at = seen_at
        for tell in self.on_look:
            tell(seen_at)

    def connect(self) -> Connection:
        """Open the line of the listener: its own, so that a full pool cannot silence it."""
        engine = create_engine(
            self._database.config.database_url,
            poolclass=NullPool,
            isolation_level="AUTOCOMMIT",
            connect_args={**LINE, "application_name": "vitrine changes"},
        )
        return engine.connect()

    def look_without_line(self) -> None:
        """Look through the pool when the own line cannot be had; if that fails too, there is no database."""
        try:
            with self._database.app.connect() as line:
                self.look(line, LONG_MARGIN)
        except (SQLAlchemyError, OSError):
            log.info("changes.alone")
        self.is_trusted = True

    def after_fork(self) -> None:
        """Know nothing in the child: its parent's thread and line are not its own."""
        self._thread = None
        self.is_trusted = False


def _listen(reference: "weakref.ref[Versions]", stop: threading.Event) -> None:
    """Listen until told to stop, or until nobody needs these versions any more."""
    while not stop.is_set():
        versions = reference()
        if versions is None:
            return
        try:
            with versions.connect() as line:
                versions.is_trusted = False
                for channel in ("site", "host"):
                    line.exec_driver_sql(f"LISTEN {channel}")
                versions.look(line, LONG_MARGIN)
                versions.is_trusted = True
                del versions
                _hear(reference, line, stop)
        except (SQLAlchemyError, psycopg.Error, OSError) as lost:
            versions = reference()
            if versions is None:
                return
            log.warning("changes.line_lost", error=type(lost).__name__)
            versions.look_without_line()
            del versions
            stop.wait(RETRY_S)


def _hear(reference: "weakref.ref[Versions]", line: Connection, stop: threading.Event) -> None:
    """Take in notices, and look at the table once a second."""
    driver = cast("psycopg.Connection", line.connection.driver_connection)
    looked_at = time.monotonic()
    while not stop.is_set():
        notices = list(driver.notifies(timeout=WAKE_S, stop_after=1))
        versions = reference()
        if versions is None:
            return
        for notice in notices:
            versions.hear(notice.channel, notice.payload)
        if time.monotonic() - looked_at >= LOOK_S:
            versions.look(line, MARGIN)
            looked_at = time.monotonic()
        del versions


_STARTING = threading.Lock()
_EVERY: "weakref.WeakSet[Versions]" = weakref.WeakSet()


def _after_fork() -> None:
    for versions in list(_EVERY):
        versions.after_fork()


os.register_at_fork(after_in_child=_after_fork)

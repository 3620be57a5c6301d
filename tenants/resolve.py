"""Host header → shop, from memory; the database is asked only about what changed."""

import itertools
import re
import threading
import time
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple
from uuid import UUID

import idna
from sqlalchemy import Connection, select
from sqlalchemy.exc import SQLAlchemyError

from storefront.core.changes import STAMP_LENGTH, Versions, read_clock, stamp_of, which_database
from storefront.core.db import Database
from storefront.core.memory import Memory
from storefront.core.store import Store, key_of, shared_store
from tenants.models import HostName, Reseller, Site

MAX_NAME = 253
KNOWN_LIMIT = 20_000
UNKNOWN_LIMIT = 10_000
# A name nobody knows is believed unknown so long; a new one announces itself as well.
UNKNOWN_S = 0.9
# So many names that are not in memory are looked up at once; a flood of made-up names waits for a turn.
LOOKUPS = 4
# What is found in the store goes to memory every so many times: often asked for, it will soon be there.
PROMOTE_EVERY = 4
TURN_S = 2.0

_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_PLAIN = re.compile(rf"({_LABEL}(?:\.{_LABEL})*)\.?(?::([0-9]{{1,5}}))?")
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")
_MAX_HEADER = 1_000
_MAX_PORT = 65_535


class Unreachable(RuntimeError):
    """It cannot be known whose host this is: the database does not answer, or not in time."""


class Place(NamedTuple):
    """Whose host this is, and what must be known before the shop's own rows are read.

    A tuple, since one is made for every request whose host is not in memory.
    """

    host: str
    slug: str
    state: str  # preparing, open, suspended, closed
    canonical: str
    is_platform: bool
    locales: tuple[str, ...]  # the shop's own language first
    stamp: bytes  # reseller and version: what is kept under another stamp is stale or someone else's
    purpose: str = "shop"  # shop, frames

    @property
    def reseller_id(self) -> UUID:
        """The shop."""
        return UUID(bytes=self.stamp[:16])

    @property
    def version(self) -> int:
        """The version of the shop that this was read at."""
        return int.from_bytes(self.stamp[16:], "big")


def normalise(header: str) -> str | None:
    """Return the host name of a Host header, or ``None`` if it is no name that a shop could answer on.

    Lower case, A-labels, without port and without the final dot, at most 253 characters (RFC 9110 7.2, RFC 1035
    2.3.4, RFC 5891). Addresses, lists, user information and everything else are refused, not mended.
    """
    if not header or len(header) > _MAX_HEADER:
        return None
    found = _PLAIN.fullmatch(header) or _PLAIN.fullmatch(_mended(header))
    if found is None:
        return None
    name, port = found.groups()
    if len(name) > MAX_NAME or (port is not None and not 0 < int(port) <= _MAX_PORT):
        return None
    if _NUMBER.fullmatch(name.rpartition(".")[2]):
        return None
    if "xn--" in name and not _is_idna(name):
        return None
    return name


@lru_cache(maxsize=1_000)
def _mended(header: str) -> str:
    """Return the header in lower case and with A-labels; nothing at all if that cannot be done."""
    if header.isascii():
        return header.lower()
    try:
        # The bytes of a header arrive as Latin-1 (PEP 3333); what does not look like that is text already.
        text = header.encode("latin-1").decode("utf-8")
    except UnicodeError:
        text = header
    name, colon, port = text.partition(":")
    try:
        return idna.encode(name, uts46=True).decode("ascii") + colon + port
    except (idna.IDNAError, UnicodeError):
        return ""


@lru_cache(maxsize=4_000)
def _is_idna(name: str) -> bool:
    """Tell whether every A-label of a name stands for a U-label and is the only way to write it."""
    try:
        return all(
            idna.alabel(idna.ulabel(label)).decode("ascii") == label
            for label in name.split(".")
            if label.startswith("xn--")
        )
    except (idna.IDNAError, UnicodeError):
        return False


class Resolver:
    """Finds the shop of a host name. One for each process; a name seen before costs no query until its shop changes.

    Three layers: the last 20,000 names in memory, all others in the store on this machine, and the database. What
    the first two say counts only if ``versions`` allows it: a shop that changed, lost a name or was suspended has a
    higher version, and a name that moved to another shop raises the version of the shop it left.
    """

    def __init__(self, database: Database, store: Store | None = None) -> None:
        config = database.config
        self._database = database
        self.store = store or shared_store(config.data_dir / "pages", config.page_store_mb)
        self.versions = Versions(database, self._kept_since)
        self.versions.on_forget.append(self._forget)
        self.versions.on_look.append(self._look_at_store)
        self._known: Memory[str, Place] = Memory(KNOWN_LIMIT)
        self._unknown: Memory[str, float] = Memory(UNKNOWN_LIMIT)
        self.versions.on_host.append(self._unknown.drop)
        self._found = itertools.count()
        self._turns = threading.BoundedSemaphore(LOOKUPS)

    def find(self, host: str) -> Place | None:
        """Return the shop that answers on a normalised host name; ``Unreachable`` if that cannot be known now."""
        place = self._known.find(host)
        if place is not None and self.versions.allow(place.stamp):
            return place
        until = self._unknown.find(host)
        if until is not None and until > time.monotonic():
            return None
        return self._find_in_store(host) or self._find_in_database(host)

    def close(self) -> None:
        """Stop listening for changes."""
        self.versions.close()

    def _find_in_store(self, host: str) -> Place | None:
        record = self.store.read(_place_key(host))
        place = _read_place(host, record) if record else None
        if place is None or not self.versions.allow(place.stamp):
            return None
        if next(self._found) % PROMOTE_EVERY == 0:
            self._known.keep(host, place)
        return place

    def _find_in_database(self, host: str) -> Place | None:
        self.versions.start()
        epoch, birth = self.versions.epoch, self.store.birth
        if not self._turns.acquire(timeout=TURN_S):
            raise Unreachable(host)
        try:
            place = self._load(host)
        except (SQLAlchemyError, OSError) as error:
            raise Unreachable(host) from error
        finally:
            self._turns.release()
        if place is None:
            self._unknown.keep(host, time.monotonic() + UNKNOWN_S)
        elif self.versions.epoch == epoch:
            self._known.keep(host, place)
            self.store.write(_place_key(host), _write_place(place), birth=birth or None)
        return place

    def _load(self, host: str) -> Place | None:
        columns = (HostName.canonical, HostName.purpose, Site.reseller_id, Site.slug, Site.state, Site.version)
        named = select(*columns).join(Site, Site.reseller_id == HostName.reseller_id).where(HostName.name == host)
        with self._database.platform() as line:
            row = line.execute(named).one_or_none()
        if row is None:
            return None
        # The version was read first, so that what is read now can only be as new or newer.
        with self._database.work(row.reseller_id) as db:
            shop = db.execute(select(Reseller.is_platform, Reseller.default_locale, Reseller.locales)).one()
        return Place(
            host=host,
            slug=row.slug,
            state=row.state,
            canonical=row.canonical,
            is_platform=shop.is_platform,
            locales=tuple(dict.fromkeys([shop.default_locale, *shop.locales])),
            stamp=stamp_of(row.reseller_id, row.version),
            purpose=row.purpose,
        )

    def _kept_since(self, line: Connection) -> datetime | None:
        """Say since when things are kept here, after making sure that they come from this very database."""
        return self.store.belong_to(which_database(line), read_clock(line))

    def _look_at_store(self, moment: datetime) -> None:
        self.store.follow()
        self.store.all_is_known(moment)

    def _forget(self) -> None:
        self.store.renew()
        self._known.clear()


def _place_key(host: str) -> bytes:
    return key_of("place and purpose", host)


def _write_place(place: Place) -> bytes:
    first = (place.host, place.slug, place.state, place.canonical, place.purpose, "1" if place.is_platform else "")
    return place.stamp + "\n".join((*first, *place.locales)).encode()


def _read_place(host: str, record: bytes) -> Place | None:
    """Read a kept place; ``None`` if it is not about this host."""
    name, slug, state, canonical, purpose, platform, *locales = record[STAMP_LENGTH:].decode().split("\n")
    if name != host:
        return None
    return Place(host, slug, state, canonical, platform == "1", tuple(locales), record[:STAMP_LENGTH], purpose)

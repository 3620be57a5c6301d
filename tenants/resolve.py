"""Host header → shop, from memory; the database is asked only about what changed."""

import itertools
import re
import threading
import time
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple
from uuid import UUID

import idna
from sqlalchemy import Connection, Select, literal, select, union_all
from sqlalchemy.exc import SQLAlchemyError

from storefront.core.changes import STAMP_LENGTH, Versions, read_clock, stamp_of, which_database
from storefront.core.db import Database
from storefront.core.memory import Memory
from storefront.core.store import Store, key_of, shared_store
from tenants.models import HostName, ParkedName, Reseller, Site
from tenants.name_index import NameIndex
from tenants.parked_names import PARKED, names_of_host

MAX_NAME = 253
KNOWN_LIMIT = 20_000
UNKNOWN_LIMIT = 10_000
# A name nobody knows is believed unknown so long; a new one announces itself as well.
UNKNOWN_S = 0.9
# So many names that are not in memory are looked up at once; a flood of made-up names waits for a turn.
LOOKUPS = 4
# So many names a second that no shop is known to have are looked up all the same, since one may have come this moment;
# beyond that, what the index does not hold is nobody's.
DOUBTFUL_A_SECOND = 20
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
    purpose: str = "shop"  # shop, frames, parked (a customer's name without a website)

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
        # A customer's name without a website may have become a host of a shop.
        self.versions.on_host.extend((self._unknown.drop, self._known.drop))
        self.index = NameIndex(database, self.versions)
        self._doubtful = _Pace(DOUBTFUL_A_SECOND)
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
        found = self._find_in_store(host)
        if found is None and self._is_made_up(host):
            return None
        return found or self._find_in_database(host)

    def _is_made_up(self, host: str) -> bool:
        """Tell whether a name is one of a flood of names that nobody has: then the database is not asked."""
        return self.index.is_loaded and not self.index.may_be_active(host) and not self._doubtful.takes_one_more()

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
            if place.purpose == PARKED:
                # What such a name becomes is heard by this process, and by no store.
                return place
            self.store.write(_place_key(host), _write_place(place), birth=birth or None)
        return place

    def _load(self, host: str) -> Place | None:
        with self._database.platform() as line:
            row = line.execute(_question(host)).first()
        if row is None or (row.purpose == PARKED and not self._may_park(host)):
            return None
        # The version was read first, so that what is read now can only be as new or newer.
        with self._database.work(row.reseller_id) as db:
            facts = (Reseller.is_platform, Reseller.default_locale, Reseller.locales, Reseller.canonical_host)
            shop = db.execute(select(*facts)).one()
        return Place(
            host=host,
            slug=row.slug,
            state=row.state,
            canonical=row.canonical or shop.canonical_host,
            is_platform=shop.is_platform,
            locales=tuple(dict.fromkeys([shop.default_locale, *shop.locales])),
            stamp=stamp_of(row.reseller_id, row.version),
            purpose=row.purpose,
        )

    def _may_park(self, host: str) -> bool:
        """Whatever is registered, the platform's own names are never anybody else's."""
        ours = self._database.config.platform_host
        return host != ours and not host.endswith(f".{ours}")

    def _kept_since(self, line: Connection) -> datetime | None:
        """Say since when things are kept here, after making sure that they come from this very database."""
        return self.store.belong_to(which_database(line), read_clock(line))

    def _look_at_store(self, moment: datetime) -> None:
        self.store.follow()
        self.store.all_is_known(moment)

    def _forget(self) -> None:
        self.store.renew()
        self._known.clear()


def _question(host: str) -> Select[Any]:
    """Ask for the shop whose host this is, else for the one among whose registered names it is, in one question.

    Names of a shop that is not open lead nowhere. Of two shops that hold a name, the later one has it.
    """
    site = (Site.reseller_id, Site.slug, Site.state, Site.version)
    hosts = select(
        literal(0).label("rank"), HostName.canonical, HostName.purpose, *site, Site.changed_at.label("since")
    )
    names = select(literal(1), literal(""), literal(PARKED), *site, ParkedName.since)
    either = union_all(
        hosts.join(Site, Site.reseller_id == HostName.reseller_id).where(HostName.name == host),
        names.join(Site, Site.reseller_id == ParkedName.reseller_id).where(
            ParkedName.name.in_(names_of_host(host)), Site.state == "open"
        ),
    ).subquery()
    return select(either).order_by(either.c.rank, either.c.since.desc()).limit(1)


class _Pace:
    """Lets so many through in each second."""

    def __init__(self, a_second: int) -> None:
        self._a_second = a_second
        self._second = 0
        self._taken = itertools.count()

    def takes_one_more(self) -> bool:
        now = int(time.monotonic())
        if now != self._second:
            self._second, self._taken = now, itertools.count()
        return next(self._taken) < self._a_second


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

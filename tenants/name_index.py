"""NameIndex: every active host name, customers' names, and certificates that were seen, in a few bytes each."""

import secrets
import threading
from array import array
from bisect import bisect_left
from collections.abc import Iterable
from datetime import datetime, timedelta
from hashlib import blake2b
from itertools import chain
from uuid import UUID

import structlog
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from storefront.core.changes import Versions
from storefront.core.db import Database
from tenants.certificate_models import HostCertificate
from tenants.models import HostName, ParkedName
from tenants.parked_names import hosts_of_name, names_of_host

log = structlog.get_logger()

RELOAD = timedelta(minutes=10)
# Names asked for in vain that are looked up together once a second, should the notice of their connection be lost.
DOUBTS = 200
BATCH = 5_000
WORD_BYTES = 8


class NameIndex:
    """Tells which names may be active, so that a flood of made-up ones asks the database nothing.

    What it does not know is no shop's; what it knows the resolver still checks.

    Eight bytes a name: a keyed hash, so that nobody outside can make up a name that collides. A name that is connected
    is added by its notice; one that is detached stays until the next reload, which harms nothing. The reading happens
    in the thread that listens for changes, never in the one that answers.
    """

    def __init__(self, database: Database, versions: Versions) -> None:
        self._database = database
        self._key = secrets.token_bytes(16)
        self._words: array[int] = array("Q")
        self._seen: array[int] = array("Q")
        self._added: set[int] = set()
        self._doubts: set[str] = set()
        self._loaded_at: datetime | None = None
        self._is_wanted = False
        self._lock = threading.Lock()
        versions.on_host.append(self.add)
        versions.on_look.append(self.look)

    @property
    def is_loaded(self) -> bool:
        """Whether a name that is not found here is certainly nobody's; asking for the first time makes it so soon."""
        self._is_wanted = True
        return self._loaded_at is not None

    def may_be_active(self, name: str) -> bool:
        """Look a normalised name up; one that is not there is looked up again in the background."""
        word = self._word(name)
        if _holds(self._words, word) or word in self._added:
            return True
        if len(self._doubts) < DOUBTS:
            self._doubts.add(name)
        return False

    def has_certificate(self, name: str, reseller_id: UUID) -> bool:
        """Tell whether a certificate of this shop for the name was seen that still holds for a while."""
        return _holds(self._seen, self._word(f"{name} {reseller_id.hex}"))

    def add(self, name: str) -> None:
        """Take in a name that was connected."""
        with self._lock:
            self._added.add(self._word(name))

    def fill(self, names: Iterable[str]) -> None:
        """Hold exactly these names, and those added meanwhile."""
        before = set(self._added)
        words = array("Q", sorted(map(self._word, names)))
        with self._lock:
            self._words = words
            self._added -= before

    def look(self, moment: datetime) -> None:
        """Read what is missing; called about once a second while the database answers."""
        if not self._is_wanted:
            return
        try:
            if self._loaded_at is None or moment - self._loaded_at > RELOAD:
                self._load(moment)
                self._loaded_at = moment
            elif self._doubts:
                self._settle_doubts()
        except (SQLAlchemyError, OSError) as error:
            log.info("names.not_read", error=type(error).__name__)

    def __len__(self) -> int:
        return len(self._words) + len(self._added)

    def _load(self, moment: datetime) -> None:
        with self._database.platform() as line:
            streamed = line.execution_options(yield_per=BATCH)
            parked = (host for name in streamed.scalars(select(ParkedName.name)) for host in hosts_of_name(name))
            self.fill(chain(streamed.scalars(select(HostName.name)), parked))
            held = select(HostCertificate.name, HostCertificate.reseller_id).where(
                HostCertificate.valid_until > moment + 2 * RELOAD, HostCertificate.trouble == ""
            )
            rows = line.execution_options(yield_per=BATCH).execute(held)
            self._seen = array("Q", sorted(self._word(f"{name} {reseller_id.hex}") for name, reseller_id in rows))

    def _settle_doubts(self) -> None:
        doubts, self._doubts = self._doubts, set()
        with self._database.platform() as line:
            for name in line.scalars(select(HostName.name).where(HostName.name.in_(doubts))):
                self.add(name)
            bare = {name for doubt in doubts for name in names_of_host(doubt)}
            for name in line.scalars(select(ParkedName.name).where(ParkedName.name.in_(bare))):
                for host in hosts_of_name(name):
                    self.add(host)

    def _word(self, name: str) -> int:
        return int.from_bytes(blake2b(name.encode(), digest_size=WORD_BYTES, key=self._key).digest(), "big")


def _holds(words: "array[int]", word: int) -> bool:
    place = bisect_left(words, word)
    return place < len(words) and words[place] == word

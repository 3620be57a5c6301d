"""Store: bytes that every process of this machine shares, in one bounded file that may be lost at any moment."""

import ctypes
import os
import secrets
import shutil
import threading
import weakref
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from fcntl import LOCK_EX, flock
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path

import lmdb
import structlog

log = structlog.get_logger()

MAX_READERS = 1024
FACTS = b"facts"
MAX_KEY = 500
# So much of shared files may be resident: our libraries are about half of it.
MAPPED_LIMIT = 48 * 1024 * 1024
# What comes back costs a fault, so only a process that read less than this, so many looks (seconds) long, gives back.
QUIET_READS = 500
QUIET_LOOKS = 20
MADV_DONTNEED = 4  # for a shared file: drop the mapping's pages, not the file's (madvise(2))


def key_of(*parts: str) -> bytes:
    """Build a key of any number of parts; hashed if it is longer than the 511 bytes LMDB takes."""
    key = "\0".join(parts).encode("utf-8", "surrogateescape")
    return key if len(key) <= MAX_KEY else blake2b(key, digest_size=32).digest()


@lru_cache(maxsize=16)
def shared_store(folder: Path, limit_mb: int) -> "Store":
    """Return the store of this folder: LMDB forbids opening one file twice in a process."""
    return Store(folder, limit_mb)


class Store:
    """A map of bytes in LMDB, read without locks. It forgets everything rather than grow beyond its limit.

    ``folder/current`` names the directory in use. To begin anew means to make another directory and to name it
    there; processes that still read the old one notice within a second (``follow``). A directory is used only
    until the machine restarts: nothing is synced to the disk, so what a power cut leaves is not to be trusted.
    Everything here may fail (a full disk, a foreign file): then there is simply nothing in store.
    """

    def __init__(self, folder: Path, limit_mb: int) -> None:
        self._folder = folder
        self._limit = limit_mb * 1024 * 1024
        self._lock = threading.RLock()
        self._environment: lmdb.Environment | None = None
        self._has_failed = False
        self._facts = b""
        self._reads = 0
        self._quiet_looks = 0
        self.birth = ""
        _EVERY.add(self)

    def read(self, key: bytes) -> bytes | None:
        """Return the bytes kept under a key."""
        environment = self._environment or self._open()
        if environment is None:
            return None
        self._reads += 1
        try:
            with environment.begin() as transaction:
                found: bytes | None = transaction.get(key)
        except lmdb.Error as error:
            self._fail(error, environment)
            return None
        return found

    def write(self, key: bytes, value: bytes, *, birth: str | None = None) -> bool:
        """Keep bytes under a key; with ``birth``, only if the store has not begun anew since. Tells whether it did."""
        return self.write_many([(key, value)], birth=birth)

    def write_many(self, pairs: list[tuple[bytes, bytes]], *, birth: str | None = None) -> bool:
        """Keep several in one transaction; nothing is kept before it is known from which database it comes."""
        environment = self._environment or self._open()
        if environment is None or not self._facts or (birth is not None and birth != self.birth):
            return False
        try:
            with environment.begin(write=True) as transaction:
                for key, value in pairs:
                    transaction.put(key, value)
        except lmdb.Error as error:
            self._fail(error, environment)
            return False
        return True

    def renew(self) -> None:
        """Throw everything away and begin anew."""
        with self._lock:
            with suppress(OSError, lmdb.Error), self._alone():
                if self._current() in ("", self.birth):
                    self._begin()
            self._environment, self._has_failed = None, False
            self._open()

    def follow(self) -> None:
        """Change over if another process began anew; free the place of killed readers and of pages long read."""
        with suppress(OSError, lmdb.Error):
            if self._current() != self.birth:
                with self._lock:
                    self._environment, self._has_failed = None, False
                    self._open()
            elif self._environment is not None:
                self._environment.reader_check()
                self._quiet_looks = self._quiet_looks + 1 if self._reads < QUIET_READS else 0
                self._reads = 0
                if self._quiet_looks >= QUIET_LOOKS:
                    unmap(self._folder / self.birth / "data.mdb")

    def belong_to(self, database: str, moment: datetime) -> datetime:
        """Throw everything away that was made from another database; return since when things are kept here.

        Every process says this before it reads or writes; the moment is the database's own, and not before it all
        changes of shops are known to this process.
        """
        name, _, since = (self.read(FACTS) or b"").decode().partition("\n")
        self._facts = f"{database}\n{moment.isoformat()}".encode()
        if name == database:
            return datetime.fromisoformat(since)
        if name:
            self.renew()
        else:
            self.write(FACTS, self._facts)
        return moment

    def all_is_known(self, moment: datetime) -> None:
        """Take note that all changes up to this moment are known here: so old may things be after a new beginning."""
        if self._facts:
            self._facts = self._facts.partition(b"\n")[0] + b"\n" + moment.isoformat().encode()

    @property
    def size_bytes(self) -> int:
        """How much of its limit the store uses."""
        environment = self._environment
        if environment is None:
            return 0
        return int(environment.info()["last_pgno"] + 1) * int(environment.stat()["psize"])

    def after_fork(self) -> None:
        """Leave the parent's environment alone: closing it here would take the parent's readers away.

        LMDB lets no child open it a second time, so a process that forks late leaves its child without a store;
        servers fork before the first request, when nothing is open yet.
        """
        self._lock = threading.RLock()
        if self._environment is not None:
            _OF_PARENTS.append(self._environment)
        self._environment, self._has_failed, self.birth = None, False, ""

    def _open(self) -> lmdb.Environment | None:
        with self._lock:
            if self._environment is not None or self._has_failed:
                return self._environment
            try:
                self.birth = self._usable_birth()
                self._environment = self._opened(self.birth)
                if self._facts and self.read(FACTS) is None:
                    self.write(FACTS, self._facts)
            except (lmdb.Error, OSError) as error:
                # Tried again when another process begins anew, and at the next start.
                self._has_failed, self.birth = True, self._current()
                log.warning("store.not_opened", error=str(error))
            return self._environment

    def _opened(self, birth: str) -> lmdb.Environment:
        return lmdb.open(
            str(self._folder / birth),
            map_size=self._limit,
            mode=0o600,
            sync=False,
            metasync=False,
            readahead=False,
            max_readers=MAX_READERS,
            max_spare_txns=8,
        )

    def _usable_birth(self) -> str:
        """Return the directory in use, or make the first one."""
        birth = self._current()
        if self._is_usable(birth):
            return birth
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with self._alone():
            birth = self._current()
            return birth if self._is_usable(birth) else self._begin()

    def _is_usable(self, birth: str) -> bool:
        return birth.startswith(boot_id()) and (self._folder / birth).is_dir()

    def _begin(self) -> str:
        """Make another directory, with the facts already in it, and name it; the old ones go."""
        birth = f"{boot_id()}-{secrets.token_hex(6)}"
        (self._folder / birth).mkdir(mode=0o700)
        if self._facts:
            with self._opened(birth) as fresh, fresh.begin(write=True) as transaction:
                transaction.put(FACTS, self._facts)
        named = self._folder / "current.new"
        named.write_text(birth, encoding="ascii")
        named.replace(self._folder / "current")
        # Who still reads an old directory keeps its files until it lets go of them.
        for path in self._folder.iterdir():
            if path.is_dir() and path.name != birth:
                shutil.rmtree(path, ignore_errors=True)
        return birth

    def _fail(self, error: lmdb.Error, environment: lmdb.Environment) -> None:
        if isinstance(error, lmdb.ReadersFullError):
            environment.reader_check()
            return
        log.info("store.begins_anew", reason=type(error).__name__)
        with self._lock:
            if self._environment is environment:
                self.renew()

    def _current(self) -> str:
        try:
            return (self._folder / "current").read_text(encoding="ascii")
        except (OSError, UnicodeDecodeError):
            return ""

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Keep other processes from beginning anew at the same time."""
        with (self._folder / "lock").open("w", encoding="ascii") as file:
            flock(file, LOCK_EX)
            yield


def unmap(file: Path) -> None:
    """Stop counting the pages of a mapped file as this process's memory, once they are many.

    They stay where they are, in the system's cache, and come back by a touch; but a supervisor that watches resident
    memory would see a worker grow to the size of the store. Linux only: elsewhere nothing happens.
    """
    try:
        shared_pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[2])
        if shared_pages * os.sysconf("SC_PAGESIZE") < MAPPED_LIMIT:
            return
        lines = Path("/proc/self/maps").read_text(encoding="utf-8", errors="replace").splitlines()
    except (OSError, ValueError):
        return
    for line in lines:
        if line.endswith(str(file)):
            start, end = (int(address, 16) for address in line.split(maxsplit=1)[0].split("-"))
            ctypes.CDLL(None).madvise(ctypes.c_void_p(start), ctypes.c_size_t(end - start), MADV_DONTNEED)


@lru_cache(maxsize=1)
def boot_id() -> str:
    """Return what differs after every restart of the machine; the same always where the system does not say."""
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()[:13]
    except OSError:
        return "machine"


_OF_PARENTS: list[lmdb.Environment] = []
_EVERY: "weakref.WeakSet[Store]" = weakref.WeakSet()


def _after_fork() -> None:
    for store in list(_EVERY):
        store.after_fork()


os.register_at_fork(after_in_child=_after_fork)

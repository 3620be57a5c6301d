"""Hash and compare passwords on a bounded number of threads, so that a storm of sign-ins cannot starve the shop."""

import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from threading import BoundedSemaphore

from argon2 import PasswordHasher, Type
from argon2.exceptions import Argon2Error, InvalidHashError

from storefront.core.errors import TooMany
from storefront.core.i18n import lazy_gettext as _
from storefront.identity.strength import LONGEST

# OWASP Password Storage Cheat Sheet, Argon2id: 19 MiB, two passes, one lane (decision 30).
MEMORY_KIB = 19 * 1024
PASSES = 2
LANES = 1

# A worker has eight threads (decision 9): two may hash, three may wait for them, the others serve the shop.
RUNNING = 2
ADMITTED = 5
RETRY_AFTER_S = 2

_hasher = PasswordHasher(time_cost=PASSES, memory_cost=MEMORY_KIB, parallelism=LANES, type=Type.ID)
_running = BoundedSemaphore(RUNNING)
_admitted = BoundedSemaphore(ADMITTED)


@contextmanager
def _turn() -> Iterator[None]:
    if not _admitted.acquire(blocking=False):
        message = _("Many people are signing in at this moment. Please try again in a few seconds.")
        raise TooMany(message, retry_after_s=RETRY_AFTER_S)
    try:
        with _running:
            yield
    finally:
        _admitted.release()


def _bytes(password: str) -> bytes:
    """Make the same bytes of a password however a keyboard composes its accents (NIST SP 800-63B, 5.1.1.2)."""
    return unicodedata.normalize("NFKC", password[: LONGEST + 1]).encode("utf-8", "surrogatepass")


def hash_password(password: str) -> str:
    """Return the hash to store. Takes some 30 ms; raises ``TooMany`` when too many want this at once.

    Hold no database connection meanwhile (``db.rest()``) where many may come at once.
    """
    with _turn():
        return _hasher.hash(_bytes(password))


def is_password(password: str, stored: str | None) -> bool:
    """Tell whether a password fits a stored hash; takes as long for no hash at all, so that nobody learns which."""
    with _turn():
        try:
            _hasher.verify(stored or _nobody(), _bytes(password))
        except (Argon2Error, InvalidHashError):
            return False
    return stored is not None and len(password) <= LONGEST


def should_hash_again(stored: str) -> bool:
    """Tell whether a hash was made with other parameters than today's."""
    try:
        return _hasher.check_needs_rehash(stored)
    except InvalidHashError:
        return True


@lru_cache(maxsize=1)
def _nobody() -> str:
    """Return the hash of a password nobody has."""
    return _hasher.hash(b"\x00nobody\x00")

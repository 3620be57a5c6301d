"""rule: where the ending of a name begins, and whether it is an ending at all."""

from collections.abc import Collection, Sequence
from functools import lru_cache

from publicsuffixlist import PublicSuffixList


@lru_cache(maxsize=1)
def _public_suffixes() -> PublicSuffixList:
    # Only the ICANN section: with the private one github.io and eu.com would look like endings of registries.
    return PublicSuffixList(only_icann=True, accept_unknown=False)


def public_ending(labels: Sequence[str]) -> str | None:
    """Return the ending that some registry offers, ``None`` if there is none; the list is loaded on first use."""
    return _public_suffixes().publicsuffix(".".join(labels))


def sold_ending(labels: Sequence[str], endings: Collection[str]) -> str | None:
    """Return the longest of our endings that leaves a label before it: ``com.pl`` before ``pl``."""
    for start in range(1, len(labels)):
        ending = ".".join(labels[start:])
        if ending in endings:
            return ending
    return None

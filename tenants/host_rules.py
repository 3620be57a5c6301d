"""rule: which names a reseller may connect, when a host is looked at again, and when it is given up."""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import idna

from storefront.core.i18n import Text
from storefront.core.i18n import lazy_gettext as _
from tenants.look_alikes import ALIKE, mixes_scripts
from tenants.wanted_records import is_public_suffix, registered_domain

# Minutes after the connection at which a pending host is asked about, then hourly for three days, then daily.
FIRST_LOOKS_MIN: Final = (1, 5, 15, 60)
HOURLY_FOR: Final = timedelta(days=3)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
# Three misses over 72 hours are a warning, seven days are the end; the name stays its reseller's for thirty more.
MISSES: Final = 3
WARN_AFTER, DETACH_AFTER, HOLD = timedelta(hours=72), timedelta(days=7), timedelta(days=30)
# Names that lead nowhere in the world (RFC 6761, 6762, 7686, 8375 and ICANN's .internal); .test is a developer's.
NOWHERE: Final = frozenset({"localhost", "local", "internal", "invalid", "example", "onion", "arpa", "alt", "lan"})

_PAIRS: Final = (("rn", "m"), ("vv", "w"), ("cl", "d"))


@dataclass(frozen=True, kw_only=True)
class Standing:
    """How an active host stands after a look."""

    state: str  # active, failing, detached
    misses: int
    first_missed_at: datetime | None


def refusal_of(
    name: str, platform_host: str, further: Iterable[str] = (), *, is_development: bool = False
) -> Text | None:
    """Say why nobody may connect a name, or ``None``.

    ``name`` is normalised; ``further`` are other names of the platform, such as the edge, which show no brand.
    """
    ending = name.rpartition(".")[2]
    if ending in NOWHERE - {"localhost"} or (ending == "test" and not is_development):
        return _("This name leads nowhere in the world. Connect one that you registered.")
    if any(mixes_scripts(_shown(label)) for label in name.split(".")):
        return _("This name mixes letters of different alphabets, which looks like a name of somebody else.")
    for each in (platform_host, *further):
        is_double = each == platform_host and looks_like(name, each)
        if is_at_or_under(name, each) or f".{each}." in f".{name}." or is_double:
            return _("This name belongs to the platform or looks like one of its names. Choose one of your own.")
    if "." not in name or is_public_suffix(name):
        return _("Many register their names under this one, so it is nobody's own. Write the whole name.")
    return None


def is_at_or_under(name: str, other: str) -> bool:
    """Tell whether a name is another one or stands below it."""
    return name == other or name.endswith(f".{other}")


def looks_like(name: str, other: str) -> bool:
    """Tell whether the eye may take the registered part of a name for that of another."""
    mine, theirs = registered_domain(name), registered_domain(other)
    if mine == theirs:
        return False
    labels = skeleton(mine.split(".", 1)[0]), skeleton(theirs.split(".", 1)[0])
    return labels[0] == labels[1]


def skeleton(label: str) -> str:
    """Reduce a label to what the eye sees: without accents and hyphens, other scripts as Latin letters."""
    text = unicodedata.normalize("NFKD", _shown(label).lower())
    plain = "".join(sign for sign in text if not unicodedata.combining(sign))
    seen = "".join(ALIKE.get(sign, sign) for sign in plain).replace("-", "")
    for pair, one in _PAIRS:
        seen = seen.replace(pair, one)
    return seen


def _shown(label: str) -> str:
    """Return a label as browsers may show it."""
    try:
        return idna.ulabel(label) if label.startswith("xn--") else label
    except idna.IDNAError:
        return label


def next_look(began_at: datetime, now: datetime) -> datetime:
    """When a host that is not in order yet is asked about again: often at first, then less and less."""
    for minutes in FIRST_LOOKS_MIN:
        if began_at + timedelta(minutes=minutes) > now:
            return began_at + timedelta(minutes=minutes)
    return now + (HOUR if now - began_at < HOURLY_FOR else DAY)


def after_miss(misses: int, first_missed_at: datetime | None, now: datetime, *, counts: bool) -> Standing:
    """How an active host stands when the world no longer leads here; only the daily look counts as a miss."""
    first = first_missed_at or now
    misses += 1 if counts or first_missed_at is None else 0
    gone = now - first
    if misses >= MISSES and gone >= DETACH_AFTER:
        return Standing(state="detached", misses=misses, first_missed_at=first)
    if misses >= MISSES and gone >= WARN_AFTER:
        return Standing(state="failing", misses=misses, first_missed_at=first)
    return Standing(state="active", misses=misses, first_missed_at=first)

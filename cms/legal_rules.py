"""rule: legal documents: which kinds there are, how their editions are called, and which of them held at a moment."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, Protocol, TypeVar

from storefront.core.i18n import Text
from storefront.core.i18n import lazy_gettext as _

OTHER: Final = "other"
LONGEST_LABEL: Final = 20
_LABEL = re.compile(r"[A-Za-z0-9]+(?:[.-][A-Za-z0-9]+)*")


@dataclass(frozen=True, kw_only=True)
class Kind:
    """A kind of legal document: what it is called, what it is for, its address below /legal, and its sign."""

    name: Text
    about: Text
    slug: str
    sign: str = "file"
    needs_acceptance: bool = False


# The key of a kind is that of its page in the starter sites. A shop has one document of each, and any number of others.
KINDS: Final[Mapping[str, Kind]] = {
    "terms": Kind(
        name=_("Terms of service"),
        about=_("What customers agree to when they order."),
        slug="terms",
        needs_acceptance=True,
    ),
    "privacy": Kind(
        name=_("Privacy"),
        about=_("Whose data you keep, why, for how long, and who else sees them."),
        slug="privacy",
        sign="shield",
    ),
    "cookies": Kind(name=_("Cookies"), about=_("What is kept in the browsers of visitors."), slug="cookies"),
    "imprint": Kind(name=_("Imprint"), about=_("Who runs the shop."), slug="imprint", sign="building"),
    "acts": Kind(name=_("Applicable law"), about=_("Which acts of law hold for what you sell."), slug="law"),
    "registry_rules": Kind(
        name=_("Rules of registries"),
        about=_("What the registries above you ask of holders."),
        slug="registries",
        sign="globe",
    ),
    "owner_change": Kind(
        name=_("Change of owner"),
        about=_("How a name goes to somebody else electronically, and what both agree to."),
        slug="owner-change",
        sign="users",
    ),
    "disputes": Kind(
        name=_("Disputes about names"),
        about=_("Which institutions and courts decide about names."),
        slug="disputes",
        sign="help",
    ),
    "holder_data": Kind(
        name=_("Changed data of holders"),
        about=_("What holders must keep true, and how they change it."),
        slug="holder-data",
        sign="user",
    ),
    OTHER: Kind(
        name=_("Another document"), about=_("Terms of a product, of a contest, or whatever else binds."), slug=""
    ),
}


class Dated(Protocol):
    """An edition, as far as these rules look at it."""

    label: str
    in_force_at: datetime
    cancelled_at: datetime | None


Edition = TypeVar("Edition", bound=Dated)


def label_problem(label: str) -> Text | None:
    """Say what is wrong with what an edition is to be called; it stands in addresses."""
    if not label:
        return _("Please give this edition a number or a month, such as 3 or 2026-12.")
    if len(label) > LONGEST_LABEL or not _LABEL.fullmatch(label):
        return _("Please use letters without accents and digits, with dots or hyphens between them.")
    return None


def next_label(labels: Sequence[str], today: date) -> str:
    """Propose what the next edition is called, from those there were, the newest first: counted on, else the month."""
    if labels and labels[0].isdigit():
        return str(int(labels[0]) + 1)
    month = f"{today:%Y-%m}"
    return month if month not in labels else next(each for n in range(2, 999) if (each := f"{month}-{n}") not in labels)


def in_order(editions: Iterable[Edition]) -> list[Edition]:
    """Return the editions that were not cancelled, the one that comes last first."""
    kept = [each for each in editions if each.cancelled_at is None]
    return sorted(kept, key=lambda each: each.in_force_at, reverse=True)


def edition_at(editions: Iterable[Edition], moment: datetime) -> Edition | None:
    """Return the edition that held at a moment: the last one that had come into force by then."""
    return next((each for each in in_order(editions) if each.in_force_at <= moment), None)


def editions_to_come(editions: Iterable[Edition], moment: datetime) -> list[Edition]:
    """Return those that come into force after a moment, the nearest first."""
    return [each for each in reversed(in_order(editions)) if each.in_force_at > moment]


def edition_before(editions: Iterable[Edition], edition: Edition) -> Edition | None:
    """Return the edition that another one follows."""
    return next((each for each in in_order(editions) if each.in_force_at < edition.in_force_at), None)


def edition_after(editions: Iterable[Edition], edition: Edition) -> Edition | None:
    """Return the edition that follows another one: it held until then."""
    return next((each for each in reversed(in_order(editions)) if each.in_force_at > edition.in_force_at), None)

"""rule: a site that comes from elsewhere, whatever it comes as, and what is said of it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from storefront.core.i18n import Text
from storefront.core.i18n import lazy_gettext as _

MOST_REMARKS: Final = 5_000
LONGEST_REMARK: Final = 300
# What happened to a thing that is not simply there as it was, or could not come.
REMARKS: Final[Mapping[str, Text]] = {
    "as_draft": _("came as a draft, because something is to be mended before visitors may see it"),
    "bad_block": _("a block could not be read and was left out"),
    "bad_version": _("could not be read and was left out"),
    "comments": _("comments of readers stay behind"),
    "day_past": _("was planned for a moment that is past, and came as a draft"),
    "deep": _("lay too deep, and lies one step higher now"),
    "document": _("was a legal document of a kind that is not known here, and came as a page"),
    "document_there": _("you have this legal document already; it came as another one, which nobody has to accept"),
    "edition": _("this edition of a legal document has no name that can be kept, and was left out"),
    "editions": _("its editions come only where you publish what was published there"),
    "editions_there": _("the legal document here keeps its own editions; those that came were left out"),
    "embed": _("frames only films, sounds and maps of sites that are allowed; a link stands there instead"),
    "file": _("this file could not come"),
    "file_there": _("lies in your library already, and is used from there"),
    "form": _("a form that works only in the old shop was left out"),
    "html": _("some of the markup is not allowed here and was left out"),
    "kind": _("there is nothing of this kind here"),
    "language": _("this language is not offered here"),
    "link": _("this link cannot lead there"),
    "menu": _("this entry of a menu was left out"),
    "menu_replaced": _("took the place of the menu you had"),
    "menu_there": _("you have this menu already, and it stays as it is"),
    "moved": _("this address was taken, so the page has another one"),
    "old_link": _("this link still leads to the old site"),
    "parent": _("the page it lay below is not there; it lies at the top"),
    "picture": _("shows a picture or file that did not come"),
    "plugin": _("a block of a plugin was left out"),
    "private": _("was private or locked with a password, and came as a draft"),
    "promotion": _("names a promotion; choose one of yours"),
    "redirect": _("this redirect was left out"),
    "redirect_there": _("this address leads elsewhere already, and stays as it is"),
    "replaced": _("waits as a draft of the page that has this address"),
    "shortcode": _("a shortcode, which only its plugin understands, was left out"),
    "to_fetch": _("is fetched from the old site when you bring the site in"),
    "too_many": _("is more than a shop can hold, and was left out"),
    "trash": _("lay in the bin of the old site, and was left out"),
    "was_there": _("what was being written there before is kept among the versions of the page"),
}


@dataclass(frozen=True, kw_only=True)
class Remark:
    """One thing to know: ``what`` is a key of ``REMARKS``, ``place`` says where, ``detail`` which or why."""

    what: str
    place: str = ""
    detail: str = ""

    def to_json(self) -> list[str]:
        """Return it as it is kept."""
        return [self.what, self.place[:LONGEST_REMARK], self.detail[:LONGEST_REMARK]]


@dataclass(kw_only=True)
class Notes:
    """What is said of a site while it is read, so many remarks at most; the others are counted."""

    remarks: list[Remark] = field(default_factory=list)
    left_out: int = 0

    def say(self, what: str, place: str = "", detail: str = "") -> None:
        """Add a remark, each once."""
        remark = Remark(what=what, place=place, detail=detail)
        if len(self.remarks) >= MOST_REMARKS:
            self.left_out += 1
        elif not self.remarks or self.remarks[-1] != remark:
            self.remarks.append(remark)


@dataclass(frozen=True, kw_only=True)
class ArrivingVersion:
    """A page in one language and state. Pictures and files in ``blocks`` are named by the ``ref`` of a file."""

    locale: str
    path: str
    title: str
    description: str = ""
    blocks: Sequence[Any] = ()
    state: str = "draft"
    settings: Mapping[str, Any] = field(default_factory=dict)
    translated_from: Sequence[Any] | None = None
    since: datetime | None = None
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    edition: str = ""  # of a legal document, what its edition is called


@dataclass(frozen=True, kw_only=True)
class ArrivingEdition:
    """An edition of a legal document. ``texts`` reads the words that are no longer seen: the last of each language."""

    label: str
    in_force_at: datetime
    texts: Callable[[], Sequence[ArrivingVersion]]


@dataclass(frozen=True, kw_only=True)
class ArrivingDocument:
    """What makes a page a legal document; ``kind`` and ``slug`` as in cms/legal_rules.py."""

    kind: str
    slug: str = ""
    needs_acceptance: bool = False
    editions: Sequence[ArrivingEdition] = ()


@dataclass(frozen=True, kw_only=True)
class ArrivingPage:
    """A page in the tree. ``parent`` is the ref of a page before it, or nothing; ``places`` language and address."""

    ref: str
    parent: str = ""
    key: str = ""
    places: Sequence[tuple[str, str]] = ()
    document: ArrivingDocument | None = None


@dataclass(frozen=True, kw_only=True)
class ArrivingFile:
    """A picture or document. ``fetch`` returns its bytes; it raises ``Refused`` with the reason where it cannot."""

    ref: str
    name: str
    fetch: Callable[[], bytes]
    address: str = ""  # of another site, where it comes from one
    alt: Mapping[str, str] = field(default_factory=dict)
    is_decorative: bool = False
    focal_x: int = 500
    focal_y: int = 500


@dataclass(frozen=True, kw_only=True)
class ArrivingMenu:
    """A menu; its links to pages name their ``ref``."""

    place: str
    locale: str
    items: Sequence[Any]


@dataclass(frozen=True, kw_only=True)
class ArrivingRedirect:
    """An address that leads elsewhere, or to a page that comes along where ``page`` is its ref."""

    path: str
    target: str = ""
    is_permanent: bool = True
    is_automatic: bool = False
    page: str = ""
    locale: str = ""


@dataclass(frozen=True, kw_only=True)
class ArrivingCategory:
    """What some news are about; pages name it by its ``slug``."""

    slug: str
    titles: Mapping[str, str]


@dataclass(kw_only=True)
class Arrival:
    """A whole site. ``versions`` reads the words of one page after the other, in the order of ``pages``."""

    pages: Sequence[ArrivingPage]
    versions: Callable[[], Iterator[tuple[str, Sequence[ArrivingVersion]]]]
    files: Sequence[ArrivingFile] = ()
    menus: Sequence[ArrivingMenu] = ()
    redirects: Sequence[ArrivingRedirect] = ()
    categories: Sequence[ArrivingCategory] = ()
    notes: Notes = field(default_factory=Notes)


@dataclass(frozen=True, kw_only=True)
class Choices:
    """What somebody wants of an arrival."""

    # beside: a page whose address is taken gets another one. replace: it waits as a draft of the page that has it.
    taken: str = "beside"
    publishes: bool = False
    replaces_menus: bool = False
    locale: str = "en"  # of what does not say in which language it is
    reader: str = "en"  # in which the report is written

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "Choices":
        """Read what is kept."""
        return cls(
            taken="replace" if kept.get("taken") == "replace" else "beside",
            publishes=bool(kept.get("publishes")),
            replaces_menus=bool(kept.get("replaces_menus")),
            locale=str(kept.get("locale") or "en"),
            reader=str(kept.get("reader") or "en"),
        )

    def to_json(self) -> dict[str, Any]:
        """Return them as they are kept."""
        return {
            "taken": self.taken,
            "publishes": self.publishes,
            "replaces_menus": self.replaces_menus,
            "locale": self.locale,
            "reader": self.reader,
        }

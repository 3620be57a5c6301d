"""rule: the kinds of block a page is made of, as dataclasses, JSON in and out."""

from collections.abc import Mapping
from dataclasses import MISSING, dataclass, field, fields
from typing import Any, ClassVar

from cms.sanitize import clean


class BadBlock(ValueError):
    """A block's data is not of its kind's shape; the message names the field."""


@dataclass(frozen=True, kw_only=True)
class Block:
    """One piece of a page; ``kind`` is also the name of its template in cms/blocks."""

    kind: ClassVar[str] = ""

    def to_json(self) -> dict[str, Any]:
        """Return the block as a page version keeps it."""
        return {"kind": self.kind, **{each.name: getattr(self, each.name) for each in fields(self)}}


@dataclass(frozen=True, kw_only=True)
class Hero(Block):
    """The first thing a visitor sees."""

    kind: ClassVar[str] = "hero"
    title: str
    text: str = ""
    search: bool = True
    placeholder: str = ""
    links: list[dict[str, str]] = field(default_factory=list)
    buttons: list[dict[str, str]] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class DomainSearch(Block):
    """The search box in the middle of a page."""

    kind: ClassVar[str] = "domain_search"
    title: str = ""
    text: str = ""
    placeholder: str = ""


@dataclass(frozen=True, kw_only=True)
class PriceStrip(Block):
    """A few endings with first and renewal price, from the live price list."""

    kind: ClassVar[str] = "price_strip"
    endings: list[str]


@dataclass(frozen=True, kw_only=True)
class PriceTable(Block):
    """All four prices of some endings, or of every ending on offer when none is named."""

    kind: ClassVar[str] = "price_table"
    title: str = ""
    text: str = ""
    points: list[str] = field(default_factory=list)
    endings: list[str] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class Features(Block):
    """Reasons side by side."""

    kind: ClassVar[str] = "features"
    title: str = ""
    text: str = ""
    items: list[dict[str, Any]] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class CallToAction(Block):
    """One sentence and one button."""

    kind: ClassVar[str] = "call_to_action"
    title: str
    text: str = ""
    url: str
    button: str
    icon: str = ""


@dataclass(frozen=True, kw_only=True)
class Faq(Block):
    """Questions that open."""

    kind: ClassVar[str] = "faq"
    title: str = ""
    questions: list[dict[str, str]] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class RichText(Block):
    """What an editor wrote, cleaned by allow-list on the way in and out."""

    kind: ClassVar[str] = "rich_text"
    title: str = ""
    html: str = ""


@dataclass(frozen=True, kw_only=True)
class Columns(Block):
    """Two or three texts side by side."""

    kind: ClassVar[str] = "columns"
    title: str = ""
    columns: list[dict[str, str]] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class Testimonials(Block):
    """What customers said."""

    kind: ClassVar[str] = "testimonials"
    title: str = ""
    voices: list[dict[str, str]] = field(default_factory=list)


KINDS: Mapping[str, type[Block]] = {
    kind.kind: kind
    for kind in (
        Hero,
        DomainSearch,
        PriceStrip,
        PriceTable,
        Features,
        CallToAction,
        Faq,
        RichText,
        Columns,
        Testimonials,
    )
}


def block_from(data: Mapping[str, Any]) -> Block:
    """Build a block from what a page version keeps; raise ``BadBlock`` for anything that is not of its shape."""
    kind = KINDS.get(str(data.get("kind")))
    if kind is None:
        raise BadBlock(f"there is no kind of block called {data.get('kind')!r}")
    known = {each.name: each for each in fields(kind)}
    for name in data:
        if name != "kind" and name not in known:
            raise BadBlock(f"{kind.kind} has no {name}")
    for name, each in known.items():
        if name not in data and each.default is MISSING and each.default_factory is MISSING:
            raise BadBlock(f"{kind.kind} needs {name}")
    values = {name: data[name] for name in known if name in data}
    for name, value in values.items():
        wanted = (
            list if str(known[name].type).startswith("list") else bool if known[name].type in (bool, "bool") else str
        )
        if not isinstance(value, wanted):
            raise BadBlock(f"{kind.kind}.{name} is no {wanted.__name__}")
    if "html" in values:
        values["html"] = clean(values["html"])
    return kind(**values)

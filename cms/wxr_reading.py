"""rule: read an export of WordPress (WXR 1.1 and 1.2) piece by piece, with bounds on everything that fills the memory.

The file is RSS with names of its own. It is never made a tree: what an item says is gathered while it is open, and let
go when it ends. Document types are refused, and with them every entity that somebody could define (as in price sheets).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final
from xml.parsers import expat

from storefront.core.errors import Refused
from storefront.core.i18n import lazy_gettext as _

LARGEST: Final = 100 * 1024 * 1024
MOST_ELEMENTS: Final = 4_000_000
MOST_NAMES: Final = 2_000
DEEPEST: Final = 40
LONGEST_TAG: Final = 64 * 1024
LONGEST_TEXT: Final = 512 * 1024
LONGEST_LINE: Final = 2_000
LONGEST_META: Final = 20_000
MOST_META: Final = 200
MOST_CATEGORIES: Final = 200

BROKEN = _("This is no export of WordPress, or it is broken. In WordPress choose Tools, Export, All content.")
TOO_MUCH = _("This export holds far more than we take. Please export pages and posts in several parts.")

# Bytes that stand in exports although XML has no place for them.
_NO_LETTERS: Final = bytes([*range(9), 11, 12, *range(14, 32)])
_LONG: Final = frozenset({"content:encoded", "excerpt:encoded"})
_SHORT: Final = frozenset(
    {
        "title",
        "link",
        "wp:post_id",
        "wp:post_date",
        "wp:post_date_gmt",
        "wp:post_name",
        "wp:status",
        "wp:post_parent",
        "wp:menu_order",
        "wp:post_type",
        "wp:post_password",
        "wp:attachment_url",
    }
)


@dataclass(kw_only=True)
class Item:
    """One thing of the export: a page, a post, an attachment, an entry of a menu, or something of a plugin."""

    fields: dict[str, str] = field(default_factory=dict)
    categories: list[tuple[str, str, str]] = field(default_factory=list)  # domain, short name, name
    meta: dict[str, str] = field(default_factory=dict)
    comments: int = 0

    def said(self, name: str) -> str:
        """Return what a field says."""
        return self.fields.get(name, "").strip()

    @property
    def id(self) -> str:
        """Its number."""
        return self.said("wp:post_id")

    @property
    def kind(self) -> str:
        """What it is: page, post, attachment, nav_menu_item."""
        return self.said("wp:post_type")

    @property
    def status(self) -> str:
        """In which state: publish, draft, private."""
        return self.said("wp:status")

    @property
    def title(self) -> str:
        """What it is called."""
        return self.said("title")

    @property
    def order(self) -> int:
        """Where it stands among its siblings."""
        said = self.said("wp:menu_order").lstrip("-")
        return int(said) if said.isascii() and said.isdigit() and len(said) < len("1000000") else 0

    @property
    def at(self) -> datetime | None:
        """When it was published, by the clocks of Greenwich where it says so."""
        for name in ("wp:post_date_gmt", "wp:post_date"):
            try:
                found = datetime.fromisoformat(self.said(name)[:19])
            except ValueError:
                continue
            if found.year > 1990:  # noqa: PLR2004 - before the web, and the 0000 of drafts
                return found.replace(tzinfo=UTC)
        return None

    def named(self, domain: str) -> list[tuple[str, str]]:
        """Return short name and name of what it is filed under."""
        return [(short, name) for each, short, name in self.categories if each == domain]


@dataclass(kw_only=True)
class Channel:
    """What an export says of the whole site."""

    fields: dict[str, str] = field(default_factory=dict)

    @property
    def address(self) -> str:
        """Where the site was."""
        return self.fields.get("wp:base_blog_url") or self.fields.get("link") or ""


class _Reader:
    def __init__(self, *, with_content: bool) -> None:
        self.channel = Channel()
        self.found: list[Item] = []
        self._with_content = with_content
        self._left = MOST_ELEMENTS
        self._open: list[str] = []
        self._names: set[str] = set()
        self._item: Item | None = None
        self._text: list[str] | None = None
        self._room = 0
        self._about: dict[str, str] = {}
        self._pair: dict[str, str] = {}

    def starts(self, name: str, attributes: dict[str, str]) -> None:
        self._left -= 1
        self._open.append(name)
        self._names.add(name)
        self._names.update(attributes)
        if not self._left or len(self._open) > DEEPEST or len(self._names) > MOST_NAMES:
            raise Refused(TOO_MUCH)
        if len(self._open) == 1 and name != "rss":
            raise Refused(BROKEN)
        if name == "item" and self._item is None:
            self._item = Item()
        elif name == "wp:postmeta":
            self._pair = {}
        elif name == "wp:comment" and self._item is not None:
            self._item.comments += 1
        longest = self._longest(name)
        if longest:
            self._text, self._room, self._about = [], longest, attributes

    def _longest(self, name: str) -> int:
        """Return how many letters of an element are wanted."""
        above = self._open[-2] if len(self._open) > 1 else ""
        if self._item is None:
            return (
                LONGEST_LINE if above == "channel" and name in {"title", "link", "language", "wp:base_blog_url"} else 0
            )
        if above == "item":
            if name in _LONG:
                return LONGEST_TEXT if self._with_content else 0
            return LONGEST_LINE if name in _SHORT or name == "category" else 0
        return LONGEST_META if above == "wp:postmeta" and name in {"wp:meta_key", "wp:meta_value"} else 0

    def says(self, text: str) -> None:
        if self._text is not None and self._room > 0:
            self._text.append(text[: self._room])
            self._room -= len(text)

    def ends(self, name: str) -> None:
        self._open.pop()
        words = "".join(self._text) if self._text is not None else None
        self._text = None
        if name == "item" and self._item is not None and self._open[-1:] == ["channel"]:
            self.found.append(self._item)
            self._item = None
        elif self._item is None:
            if words is not None:
                self.channel.fields.setdefault(name, words.strip())
        elif name == "wp:postmeta":
            if len(self._item.meta) < MOST_META and self._pair.get("wp:meta_key"):
                self._item.meta.setdefault(self._pair["wp:meta_key"], self._pair.get("wp:meta_value", ""))
        elif words is not None:
            self._keep(self._item, name, words)

    def _keep(self, item: Item, name: str, words: str) -> None:
        if name.startswith("wp:meta_"):
            self._pair[name] = words
        elif name == "category":
            if len(item.categories) < MOST_CATEGORIES:
                item.categories.append((self._about.get("domain", ""), self._about.get("nicename", ""), words.strip()))
        else:
            item.fields.setdefault(name, words)


def read_items(pieces: Iterable[bytes], channel: Channel, *, with_content: bool = True) -> Iterator[Item]:
    """Read the items of an export in their order; ``channel`` learns what the head says. Raises ``Refused``."""
    reader = _Reader(with_content=with_content)
    reader.channel = channel
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse
    parser.EntityDeclHandler = _refuse
    parser.StartElementHandler = reader.starts
    parser.EndElementHandler = reader.ends
    parser.CharacterDataHandler = reader.says
    fed = size = 0
    try:
        for piece in pieces:
            size += len(piece)
            if size > LARGEST:
                raise Refused(TOO_MUCH)
            plain = piece.translate(None, _NO_LETTERS)
            fed += len(plain)
            parser.Parse(plain, False)
            if fed - parser.CurrentByteIndex > LONGEST_TAG:
                raise Refused(TOO_MUCH)
            yield from reader.found
            reader.found.clear()
        parser.Parse(b"", True)
    except (expat.ExpatError, ValueError) as error:
        raise Refused(BROKEN) from error
    yield from reader.found


def _refuse(*_: Any) -> None:
    """Document types have no place in an export: they are where entities are made."""
    raise Refused(BROKEN)

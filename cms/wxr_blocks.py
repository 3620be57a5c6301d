"""rule: the content of a WordPress page -> blocks of ours; what has no place here is named."""

import html as entities
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from cms.arrivals import Notes
from cms.embeds import embed_of
from cms.page_checks import is_link
from cms.sanitize import plain
from cms.wxr_markup import attribute, autop, first_tag, images_in, inner, pieces_of, table_rows
from cms.wxr_tree import Node, tree_of

LONGEST_LABEL: Final = 60
LONGEST_LINE: Final = 200
MOST_COLUMNS: Final = 3
MOST_PICTURES: Final = 24
LONGEST_CAPTION: Final = 300
# Blocks whose markup is text as it stands.
TEXTS: Final = frozenset(
    {
        "", "paragraph", "heading", "list", "list-item", "quote", "pullquote", "verse", "code", "preformatted",
        "freeform", "html", "footnotes",
    }
)  # fmt: skip
# Blocks that only hold others, or only make room.
BOXES: Final = frozenset({"group", "column", "row", "stack", "block", "template-part", "post-content", "media-text"})
NOTHING: Final = frozenset({"spacer", "more", "nextpage", "missing"})


@dataclass(kw_only=True)
class Sources:
    """What the content of a page refers to: files by number and address, and where old addresses lead now."""

    by_id: Mapping[str, str] = field(default_factory=dict)
    by_address: Mapping[str, str] = field(default_factory=dict)
    papers: frozenset[str] = frozenset()
    lead: Callable[[str], str] = str
    bare: Callable[[str], str] = str
    stays: Callable[[str], bool] = lambda _address: False

    def file(self, number: object, address: str) -> str:
        """Return the ref of a file; nothing where the export does not have it."""
        return self.by_id.get(str(number or "")) or self.by_address.get(self.bare(address), "")


def blocks_of(content: str, sources: Sources, notes: Notes, place: str) -> list[dict[str, Any]]:
    """Turn the content of a page into blocks."""
    writer = _Writer(sources, notes, place)
    root = tree_of(content)
    if not root.blocks():
        root.inside = [autop(each) if isinstance(each, str) else each for each in root.inside]
    writer.all(root)
    writer.end_text()
    return writer.blocks


class _Writer:
    def __init__(self, sources: Sources, notes: Notes, place: str) -> None:
        self.blocks: list[dict[str, Any]] = []
        self._sources = sources
        self._notes = notes
        self._place = place
        self._text: list[str] = []
        self._known: Mapping[str, Callable[[Node], None]] = {
            "image": self._image,
            "gallery": self._gallery,
            "columns": self._columns,
            "buttons": self._buttons,
            "button": lambda node: self._button(node.markup()),
            "table": self._table,
            "separator": lambda _node: self._put({"kind": "divider", "look": "line"}),
            "cover": self._cover,
            "file": self._file,
            "embed": self._embed,
            "details": self._details,
            "shortcode": lambda node: self.text(node.markup()),
            "latest-posts": lambda _node: self._put({"kind": "news_list", "page": "/news"}),
            "video": self._played,
            "audio": self._played,
        }

    def all(self, node: Node) -> None:
        """Write everything in a block."""
        for each in node.inside:
            if isinstance(each, str):
                self.text(each)
            else:
                self._one(each)

    def _one(self, node: Node) -> None:
        name = "embed" if node.name.startswith("core-embed/") else node.name
        if name in TEXTS:
            self.text(node.markup())
        elif name in self._known:
            self._known[name](node)
        elif name in BOXES:
            self._box(node)
        elif name not in NOTHING:
            self._notes.say("plugin", self._place, name)
            self.all(node)

    def _box(self, node: Node) -> None:
        if node.name == "media-text":
            self._picture(node.attributes.get("mediaId"), node.markup(), "")
        for each in node.blocks() or [Node("", {}, [node.markup()])]:
            self._one(each)

    def _put(self, block: dict[str, Any]) -> None:
        self.end_text()
        self.blocks.append(block)

    def text(self, markup: str) -> None:
        """Add to the text that is being written; pictures, frames and shortcodes in it take their own places."""
        for kind, piece in pieces_of(markup):
            if kind == "text":
                self._text.append(self._led(piece))
            elif kind == "img":
                self._picture(_number_of(piece), piece, "")
            elif kind == "caption":
                words = plain(re.sub(r"<img[^<>]*>", "", inner(piece))).strip()
                self._picture(_number_of(piece), piece, words)
            elif kind == "gallery":
                self._pictures([(number, "", "") for number in re.findall(r"\d{1,12}", attribute(piece, "ids"))])
            elif kind in {"iframe", "link"}:
                self._frame(attribute(piece, "src") if kind == "iframe" else inner(piece).strip())
            elif kind == "form":
                self._notes.say("form", self._place)
            elif kind == "html":
                self._notes.say("html", self._place, piece[:LONGEST_LINE])
            else:
                self._notes.say("shortcode", self._place, piece[:LONGEST_LINE])

    def end_text(self) -> None:
        """Make a block of the text so far."""
        markup, self._text = "".join(self._text).strip(), []
        if plain(markup).strip():
            self.blocks.append({"kind": "rich_text", "html": markup})

    def _led(self, markup: str) -> str:
        def lead(found: re.Match[str]) -> str:
            address = self._sources.lead(entities.unescape(found[2]))
            if self._sources.stays(address):
                self._notes.say("old_link", self._place, address[:LONGEST_LINE])
            return f"href={found[1]}{entities.escape(address)}{found[1]}"

        return re.sub(r"href=([\"'])([^\"'<>]{0,2000})\1", lead, markup)

    def _picture(self, number: object, markup: str, caption: str) -> None:
        tag = first_tag(markup, "img")
        source = attribute(tag, "src")
        ref = self._sources.file(number, source)
        if not ref:
            if source or number:
                self._notes.say("picture", self._place, source or f"#{number}")
            return
        self._put({"kind": "image", "picture": ref, "caption": caption[:LONGEST_CAPTION], "size": "m"})

    def _image(self, node: Node) -> None:
        markup = node.markup()
        caption = plain(inner(first_tag(markup, "figcaption", whole=True))).strip()
        self._picture(node.attributes.get("id") or _number_of(markup), markup, caption)

    def _gallery(self, node: Node) -> None:
        inside = [each for each in node.blocks() if each.name == "image"]
        if inside:
            found = []
            for each in inside:
                markup = each.markup()
                caption = plain(inner(first_tag(markup, "figcaption", whole=True))).strip()
                source = attribute(first_tag(markup, "img"), "src")
                found.append((each.attributes.get("id") or _number_of(markup), source, caption))
        else:
            numbers = node.attributes.get("ids")
            tags = images_in(node.markup())
            if isinstance(numbers, list) and len(numbers) == len(tags):
                found = [(number, attribute(tag, "src"), "") for number, tag in zip(numbers, tags, strict=True)]
            else:
                found = [(_number_of(tag), attribute(tag, "src"), "") for tag in tags]
        self._pictures(found)

    def _pictures(self, wanted: Sequence[tuple[object, str, str]]) -> None:
        rows = []
        for number, source, caption in wanted:
            ref = self._sources.file(number, source)
            if ref:
                rows.append({"picture": ref, "caption": caption[:LONGEST_LINE]})
            else:
                self._notes.say("picture", self._place, source or f"#{number}")
        for start in range(0, len(rows), MOST_PICTURES):
            self._put({"kind": "gallery", "pictures": rows[start : start + MOST_PICTURES]})

    def _columns(self, node: Node) -> None:
        columns = [each for each in node.blocks() if each.name == "column"]
        texts = [_only_text(each) for each in columns]
        if 1 < len(columns) <= MOST_COLUMNS and all(texts):
            rows = [{"title": "", "html": self._led(markup or "")} for markup in texts]
            self._put({"kind": "columns", "columns": rows})
        else:
            for each in columns:
                self.all(each)

    def _buttons(self, node: Node) -> None:
        for each in node.blocks():
            self._button(each.markup())

    def _button(self, markup: str) -> None:
        tag = first_tag(markup, "a", whole=True)
        label = " ".join(plain(inner(tag)).split())
        address = self._sources.lead(attribute(tag, "href"))
        if not label:
            return
        if not is_link(address):
            self._notes.say("link", self._place, f"{label}: {address}"[:LONGEST_LINE])
            self.text(f"<p>{entities.escape(label)}</p>")
            return
        self._put({"kind": "call_to_action", "title": label, "url": address, "button": label[:LONGEST_LABEL]})

    def _table(self, node: Node) -> None:
        markup = node.markup()
        rows, has_head = table_rows(markup)
        if not rows:
            self.text(markup)
            return
        caption = plain(inner(first_tag(markup, "figcaption", whole=True))).strip()
        text = "\n".join(" | ".join(row) for row in rows)
        self._put(
            {"kind": "raw_table", "text": text, "has_head": has_head, "has_side": False, "note": caption[:LONGEST_LINE]}
        )

    def _cover(self, node: Node) -> None:
        """A picture with words on it: the words open the page, the picture stands beside them."""
        markup = node.markup()
        number, source = node.attributes.get("id"), node.said("url")
        title, words, buttons = "", [], []
        for each in _leaves(node):
            said = " ".join(plain(each.markup()).split())
            if each.name == "heading" and not title:
                title = said
            elif each.name == "button":
                tag = first_tag(each.markup(), "a", whole=True)
                address = self._sources.lead(attribute(tag, "href"))
                if is_link(address):
                    buttons.append({"label": said[:LONGEST_LABEL], "url": address})
            elif said:
                words.append(said)
        if not title and words:
            title = words.pop(0)
        ref = self._sources.file(number, source)
        if title and len(title) <= LONGEST_LINE and len(" ".join(words)) <= LONGEST_CAPTION:
            hero = {"kind": "hero", "title": title, "text": " ".join(words), "search": False, "buttons": buttons[:3]}
            self._put(hero)
        else:
            self.text(markup)
        if ref:
            self._put({"kind": "image", "picture": ref, "size": "l"})
        elif source or number:
            self._notes.say("picture", self._place, source or f"#{number}")

    def _file(self, node: Node) -> None:
        markup = node.markup()
        tag = first_tag(markup, "a", whole=True)
        address = node.said("href") or attribute(tag, "href")
        ref = self._sources.file(node.attributes.get("id"), address)
        label = " ".join(plain(inner(tag)).split()) or address.rpartition("/")[2]
        if ref in self._sources.papers:
            self._put({"kind": "downloads", "files": [{"file": ref, "label": label[:LONGEST_LINE], "about": ""}]})
        else:
            self._notes.say("file", self._place, address)

    def _embed(self, node: Node) -> None:
        caption = plain(inner(first_tag(node.markup(), "figcaption", whole=True))).strip()
        self._frame(node.said("url") or _address_in(node.markup()), caption)

    def _frame(self, address: str, caption: str = "") -> None:
        address = entities.unescape(address.strip())
        address = f"https:{address}" if address.startswith("//") else address.replace("http://", "https://", 1)
        known = embed_of(address)
        if known is not None:
            about = caption or known.provider
            self._put({"kind": "embed", "address": address, "about_it": about[:LONGEST_LINE], "caption": caption[:300]})
            return
        self._notes.say("embed", self._place, address[:LONGEST_LINE])
        if is_link(address):
            self.text(f'<p><a href="{entities.escape(address)}">{entities.escape(address)}</a></p>')

    def _played(self, node: Node) -> None:
        self._notes.say("kind", self._place, f"{node.name} {attribute(first_tag(node.markup(), node.name), 'src')}")

    def _details(self, node: Node) -> None:
        markup = node.markup()
        question = " ".join(plain(inner(first_tag(markup, "summary", whole=True))).split())
        answer = re.sub(r"<summary\b[^<>]*>.{0,2000}?</summary>|</?details[^<>]*>", "", markup, flags=re.DOTALL)
        if not question or not plain(answer).strip():
            self.text(markup)
            return
        row = {"question": question[:LONGEST_LINE], "answer": self._led(answer)}
        last = self.blocks[-1] if self.blocks and not "".join(self._text).strip() else None
        if last is not None and last["kind"] == "faq":
            last["questions"].append(row)
        else:
            self._put({"kind": "faq", "questions": [row]})


def _number_of(markup: str) -> str:
    found = re.search(r"\b(?:wp-image-|attachment_)(\d{1,12})", markup)
    return found[1] if found else ""


def _address_in(markup: str) -> str:
    found = re.search(r"https?://[^\s<>\"']{1,1000}", markup)
    return found[0] if found else ""


def _leaves(node: Node) -> list[Node]:
    """Return the blocks in a block that hold no others."""
    found: list[Node] = []
    for each in node.blocks():
        found += _leaves(each) if each.blocks() else [each]
    return found


def _only_text(node: Node) -> str | None:
    """Return the markup of a column that holds nothing but text."""
    if any(each.name not in TEXTS for each in _leaves(node)):
        return None
    markup = node.markup()
    is_text = all(kind == "text" for kind, _piece in pieces_of(markup))
    return markup if is_text and plain(markup).strip() else None

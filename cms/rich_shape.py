"""rule: rich text in one shape, whoever wrote it: Trix, Word, Google Docs or a person.

Paragraphs hold words, lists hold entries, headings are h2 to h4 and marks stand in one order, so that the same text is
the same markup. What it takes went through the cleaner, and what it gives goes through it again.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from html import escape

from cms.rich_lines import BREAK, Mark, Run, in_order, joined, lines_of, paragraphs_of, preformatted, write_runs
from cms.rich_sources import MARK_OF, address_of, heading_of, is_hidden, list_entry, marks_by_style
from cms.rich_tree import Element

MOST_QUOTES = 4
MOST_LISTS = 6
MOST_COLUMNS = 100
LISTS = frozenset({"ul", "ol"})
HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
# Its first paragraph is written without a tag of its own.
CONTAINERS = frozenset({"li", "dd", "td", "th"})
TABLE_PARTS = frozenset({"thead", "tbody", "tfoot", "tr", "th", "td", "caption"})
# What stands apart from what is before and after it, and is nothing else to us.
APART = frozenset({
    "p", "div", "section", "article", "header", "footer", "main", "aside", "nav", "address", "center", "figure",
    "figcaption", "dt", "dd", *TABLE_PARTS,
})  # fmt: skip
SCOPES = frozenset({"col", "row", "colgroup", "rowgroup"})


@dataclass(slots=True)
class Block:
    """A paragraph with its runs, or something that holds others."""

    tag: str
    runs: list[Run] = field(default_factory=list)
    children: "list[Block]" = field(default_factory=list)
    attributes: dict[str, str] = field(default_factory=dict)
    level: int = 0

    @property
    def has_words(self) -> bool:
        """Whether there is anything to read in it."""
        return bool(self.runs) or self.tag == "hr" or any(each.has_words for each in self.children)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where the walk is: which marks hold, what a paragraph is called here, how deep it stands."""

    marks: tuple[Mark, ...] = ()
    tag: str = "p"
    quotes: int = 0
    lists: int = 0
    is_in_table: bool = False
    is_in_dl: bool = False


@dataclass(slots=True)
class Flow:
    """The blocks of one container as they come, and the words of the paragraph that is still open."""

    done: list[Block] = field(default_factory=list)
    runs: list[Run] = field(default_factory=list)

    def end(self, tag: str) -> None:
        """End the open paragraph."""
        runs, self.runs = self.runs, []
        if tag == "pre":
            found = [preformatted(runs)]
        elif tag == "p":
            found = paragraphs_of(runs)
        else:
            found = [joined([line for line in lines_of(runs) if line])]
        self.done += [Block(tag, each) for each in found if each]


def shaped(root: Element) -> str:
    """Write a tree in our shape."""
    return "".join(_written(block) for block in _Walk(root).blocks(root.children, Place()))


class _Walk:
    def __init__(self, root: Element) -> None:
        # A text that begins at h1 moves down as a whole: the page has its h1 already.
        self._step = 1 if _has_title(root) else 0

    def blocks(self, nodes: Iterable[Element | str], place: Place) -> list[Block]:
        flow = Flow()
        self._walk(nodes, flow, place)
        flow.end(place.tag)
        return _with_lists(flow.done, MOST_LISTS - place.lists)

    def _walk(self, nodes: Iterable[Element | str], flow: Flow, place: Place) -> None:
        for node in nodes:
            if isinstance(node, str):
                self._say(node, flow, place)
            elif node.tag == "br":
                flow.runs.append(Run(BREAK, _allowed(place)))
            elif not is_hidden(node):
                self._enter(node, flow, place)

    @staticmethod
    def _say(text: str, flow: Flow, place: Place) -> None:
        text = text.replace("\ufeff", "")  # Trix's, to put the cursor on
        if place.tag != "pre":
            text = text.replace(BREAK, " ")
        if text:
            flow.runs.append(Run(text, _allowed(place)))

    def _enter(self, node: Element, flow: Flow, place: Place) -> None:
        tag = node.tag
        if entry := list_entry(node):
            flow.end(place.tag)
            level, list_tag = entry
            found = self.blocks(node.children, replace(place, tag="p"))
            flow.done += [replace(each, level=level, attributes={"list": list_tag}) for each in found]
        elif tag in LISTS and place.lists < MOST_LISTS:
            self._add(flow, place, Block(tag, children=self._entries(node, place)))
        elif tag == "li" and place.lists < MOST_LISTS:
            self._add_orphan(node, flow, place)
        elif tag == "blockquote" and place.quotes < MOST_QUOTES:
            inside = self.blocks(node.children, replace(place, tag="p", quotes=place.quotes + 1))
            self._add(flow, place, Block(tag, children=inside))
        elif tag == "table" and not place.is_in_table:
            self._add_table(node, flow, place)
        elif tag == "dl" and not place.is_in_dl:
            self._add(flow, place, Block(tag, children=self._terms(node, place)))
        elif tag == "hr":
            self._add(flow, place, Block(tag))
        elif (own := self._tag_of(node)) is not None:
            here = place if place.tag != "p" and own == "p" else replace(place, tag=own)
            flow.end(place.tag)
            self._walk(node.children, flow, here)
            flow.end(here.tag)
        else:
            self._walk(node.children, flow, replace(place, marks=_marks(node, place.marks)))

    def _tag_of(self, node: Element) -> str | None:
        """Return what a paragraph in this element is called; ``None`` for what stands among words."""
        if heading := heading_of(node):
            return f"h{min(max(heading + self._step, 2), 4)}"
        if node.tag == "pre":
            return "pre"
        return "p" if node.tag in APART or node.tag in {"ul", "ol", "li", "blockquote", "table", "dl"} else None

    @staticmethod
    def _add(flow: Flow, place: Place, block: Block) -> None:
        flow.end(place.tag)
        if block.has_words:
            flow.done.append(block)

    def _entry(self, nodes: Iterable[Element | str], place: Place) -> list[Block]:
        found = self.blocks(nodes, replace(place, tag="p", lists=place.lists + 1))
        return [Block("li", children=found)] if found else []

    def _add_orphan(self, node: Element, flow: Flow, place: Place) -> None:
        flow.end(place.tag)
        entries = self._entry(node.children, place)
        if flow.done and flow.done[-1].tag in LISTS and not flow.done[-1].level:
            flow.done[-1].children += entries
        elif entries:
            flow.done.append(Block("ul", children=entries))

    def _entries(self, node: Element, place: Place) -> list[Block]:
        """Return the entries of a list; a list right in a list belongs to the entry before it."""
        found: list[Block] = []
        loose: list[Element | str] = []
        for child in [*node.children, Element("li")]:
            if isinstance(child, str) or child.tag not in {"li", *LISTS}:
                loose.append(child)
                continue
            found += self._entry(loose, place)
            loose = []
            if child.tag == "li":
                found += self._entry(child.children, place)
            elif found:
                found[-1].children += self.blocks([child], replace(place, tag="p", lists=place.lists + 1))
            else:
                found += self._entry([child], place)
        return found

    def _add_table(self, node: Element, flow: Flow, place: Place) -> None:
        inside = replace(place, tag="p", is_in_table=True)
        around: list[Element | str] = []
        heads: list[Block] = []
        bodies: list[Block] = []
        for part in node.children:
            if isinstance(part, str) or part.tag not in {"thead", "tbody", "tfoot"}:
                around.append(part)
                continue
            rows = heads if part.tag == "thead" and not bodies else bodies
            for row in part.children:
                if isinstance(row, str) or row.tag != "tr":
                    around.append(row)
                    continue
                cells = [each for each in row.children if isinstance(each, Element) and each.tag in {"th", "td"}]
                around += [each for each in row.children if isinstance(each, str) or each.tag not in {"th", "td"}]
                rows += [Block("tr", children=[self._cell(each, inside) for each in cells])] if cells else []
        parts = [Block(tag, children=rows) for tag, rows in (("thead", heads), ("tbody", bodies)) if rows]
        flow.end(place.tag)
        flow.done += self.blocks(around, replace(place, tag="p"))
        self._add(flow, place, Block("table", children=parts))

    def _cell(self, node: Element, place: Place) -> Block:
        scope, span = node.attributes.get("scope", "").lower(), node.attributes.get("colspan", "")
        kept = {"scope": scope} if node.tag == "th" and scope in SCOPES else {}
        if span.isascii() and span.isdigit() and len(span) <= len(str(MOST_COLUMNS)) and 1 < int(span) <= MOST_COLUMNS:
            kept["colspan"] = str(int(span))
        return Block(node.tag, children=self.blocks(node.children, place), attributes=kept)

    def _terms(self, node: Element, place: Place) -> list[Block]:
        """Return terms and what is said of them; what is neither is said of the term before it."""
        inside = replace(place, is_in_dl=True)
        found: list[Block] = []
        for child in _without_groups(node.children):
            if isinstance(child, Element) and child.tag == "dt":
                blocks = self.blocks(child.children, replace(inside, tag="dt"))
                found += [block if block.tag == "dt" else Block("dd", children=[block]) for block in blocks]
            elif said := self.blocks(
                child.children if isinstance(child, Element) and child.tag == "dd" else [child],
                replace(inside, tag="p"),
            ):
                found.append(Block("dd", children=said))
        return found


def _without_groups(nodes: Iterable[Element | str]) -> list[Element | str]:
    """Return the entries of a list of terms, also those that stand in groups."""
    return [
        entry
        for node in nodes
        for entry in (node.children if isinstance(node, Element) and node.tag == "div" else [node])
    ]


def _has_title(node: Element) -> bool:
    return heading_of(node) == 1 or any(_has_title(each) for each in node.children if isinstance(each, Element))


def _allowed(place: Place) -> tuple[Mark, ...]:
    """Return the marks that words have here: a heading is strong anyway, and what is preformatted is code."""
    never = {"pre": "code", "h2": "strong", "h3": "strong", "h4": "strong"}.get(place.tag)
    return tuple(mark for mark in place.marks if mark[0] != never)


def _marks(node: Element, before: Sequence[Mark]) -> tuple[Mark, ...]:
    marks = dict(before)
    if node.tag in MARK_OF:
        marks[MARK_OF[node.tag]] = ""
    if node.tag == "a" and (address := address_of(node.attributes.get("href", ""))):
        marks["a"] = address
    for tag, holds in marks_by_style(node).items():
        if holds:
            marks[tag] = ""
        else:
            marks.pop(tag, None)
    return in_order(marks.items())


def _with_lists(blocks: Sequence[Block], most: int) -> list[Block]:
    """Make lists of the paragraphs that were entries of a list to whoever wrote them, nested by their levels."""
    found: list[Block] = []
    is_open: list[Block] = []
    for block in blocks:
        if not block.level or most < 1:
            is_open = []
            found.append(replace(block, level=0, attributes={} if block.level else block.attributes))
            continue
        depth = min(block.level, most, len(is_open) + 1)
        tag = block.attributes["list"]
        del is_open[depth:]
        if len(is_open) == depth and is_open[-1].tag != tag:
            is_open.pop()
        entry = Block("li", children=[replace(block, level=0, attributes={})])
        if len(is_open) == depth:
            is_open[-1].children.append(entry)
            continue
        fresh = Block(tag, children=[entry])
        (is_open[-1].children[-1].children if is_open else found).append(fresh)
        is_open.append(fresh)
    return found


def _written(block: Block) -> str:
    said = "".join(f' {name}="{escape(value)}"' for name, value in block.attributes.items())
    if block.tag == "hr":
        return "<hr>"
    if block.runs:
        return f"<{block.tag}{said}>{write_runs(block.runs, BREAK if block.tag == 'pre' else '<br>')}</{block.tag}>"
    first, rest = block.children[:1], block.children[1:]
    if block.tag in CONTAINERS and first and first[0].tag == "p":
        inside = write_runs(first[0].runs) + "".join(_written(each) for each in rest)
    else:
        inside = "".join(_written(each) for each in block.children)
    return f"<{block.tag}{said}>{inside}</{block.tag}>"

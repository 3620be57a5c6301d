"""rule: what a block's template needs beside what was written, worked out of the words alone."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from cms.sanitize import plain, safe

MOST_ROWS, MOST_COLUMNS = 300, 20
# What cleaned markup can hold: a name, attributes in double quotes, nothing else (cms/sanitize.py writes it so).
TAG = re.compile(r'<(/?)([a-z][a-z0-9]*)(?:\s+[a-z-]+="[^"]*")*\s*>')
VOID = frozenset({"br", "hr"})
# Digits with what stands around them in prices, sizes and shares, in any language's way of writing them.
_ROOM = r"[ \u00a0\u202f]?"
NUMBER = re.compile(
    rf"(?:(?:[^\W\d_]{{1,3}}|[€$£]){_ROOM})?[-+\u2212\u2013]?\d[\d.,'\u2019 \u00a0\u202f]*(?:[^\W\d_]{{1,3}}|[€$£%‰])?"
)
PHONE = re.compile(r"[^\d+]")
# What the template asks of every feature; an editor gives what there is.
FEATURE: Final[Mapping[str, Any]] = {
    "icon": "",
    "text": "",
    "points": [],
    "price": None,
    "price_unit": "",
    "url": "",
    "button": "",
}


def facts_of_words(block: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a block says in another shape: the cells of a table, the chapters of a text, a number to call."""
    if block["kind"] == "features":
        return {"items": [{**FEATURE, **item} for item in block["items"]]}
    if block["kind"] == "raw_table":
        return table_of(str(block["text"]), has_head=bool(block["has_head"]))
    if block["kind"] == "legal_text":
        before, chapters = chapters_of(safe(str(block["html"])))
        return {"html": before, "chapters": chapters}
    if block["kind"] == "contact_card":
        return {"phone_url": f"tel:{PHONE.sub('', str(block['phone']))}"}
    return {}


def table_of(words: str, *, has_head: bool) -> dict[str, Any]:
    """Cut words into ``head``, ``rows`` of equal length and ``numbers``: which columns hold nothing but numbers.

    Cells are parted by tabs, as spreadsheets do, else by bars; what a row lacks is empty.
    """
    lines = [line for line in words.replace("\r", "").split("\n") if line.strip(" |\t")][:MOST_ROWS]
    rows = [_cells(line)[:MOST_COLUMNS] for line in lines]
    width = max((len(row) for row in rows), default=0)
    even = [[*row, *[""] * (width - len(row))] for row in rows]
    head, body = (even[0], even[1:]) if has_head and even else ([], even)
    return {"head": head, "rows": body, "numbers": [_is_of_numbers([row[at] for row in body]) for at in range(width)]}


def _cells(line: str) -> list[str]:
    mark = "\t" if "\t" in line else "|"
    bare = line.strip(" ")
    if mark == "|":
        bare = bare.removeprefix("|").removesuffix("|")
    return [cell.strip() for cell in bare.split(mark)]


def _is_of_numbers(cells: Sequence[str]) -> bool:
    said = [cell for cell in cells if cell and cell not in {"-", "\u2013", "\u2014"}]
    return bool(said) and all(NUMBER.fullmatch(cell) for cell in said)


def chapters_of(markup: str) -> tuple[str, list[dict[str, str]]]:
    """Cut cleaned markup at its headings of the second rank: what stands before them, and each with its words.

    A heading inside a list or a quotation cuts nothing.
    """
    cuts: list[tuple[int, int]] = []
    depth = 0
    for tag in TAG.finditer(markup):
        closes, name = bool(tag[1]), tag[2]
        if name in VOID:
            continue
        if closes:
            depth -= 1
        if depth == 0 and name == "h2":
            cuts = [*cuts[:-1], (cuts[-1][0], tag.end())] if closes and cuts else [*cuts, (tag.start(), tag.end())]
        if not closes:
            depth += 1
    if not cuts:
        return markup, []
    starts = [start for start, _end in cuts[1:]] + [len(markup)]
    chapters = [
        _chapter(markup[start:end], markup[end:after]) for (start, end), after in zip(cuts, starts, strict=True)
    ]
    return markup[: cuts[0][0]], chapters


def _chapter(heading: str, html: str) -> dict[str, str]:
    return {"title": " ".join(plain(heading.replace("<br>", " ")).split()), "html": html}

"""rule: words with their marks (strong, link and so on), brought to one shape: spaces, line breaks, order of marks."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from itertools import pairwise, takewhile

# A tag and, for a link, its address. From the outermost to the innermost.
Mark = tuple[str, str]
ORDER = ("a", "strong", "em", "u", "s", "sub", "sup", "code")
BREAK = "\n"
NO_BREAK_SPACE = "\u00a0"
SPACES = f" \t\r\n\f{NO_BREAK_SPACE}"
_MANY = re.compile(f"[{SPACES}]{{2,}}|[\t\r\n\f]")


@dataclass(frozen=True, slots=True)
class Run:
    """Words that are marked alike; ``BREAK`` alone is a line break."""

    text: str
    marks: tuple[Mark, ...] = ()


def in_order(marks: Iterable[Mark]) -> tuple[Mark, ...]:
    """Return marks in the order in which they are written; a link is underlined anyway."""
    found = dict(marks)
    return tuple((tag, found[tag]) for tag in ORDER if tag in found and not (tag == "u" and "a" in found))


def lines_of(runs: Iterable[Run]) -> list[list[Run]]:
    """Split runs at their line breaks; a line holds single spaces, none at its ends, and may be empty."""
    lines: list[list[Run]] = [[]]
    for run in runs:
        if run.text == BREAK:
            lines.append([])
        else:
            lines[-1].append(run)
    return [_tidy(line) for line in lines]


def paragraphs_of(runs: Iterable[Run]) -> list[list[Run]]:
    """Split runs where a line is empty, and leave the empty ones out."""
    found: list[list[list[Run]]] = [[]]
    for line in lines_of(runs):
        if line:
            found[-1].append(line)
        elif found[-1]:
            found.append([])
    return [joined(lines) for lines in found if lines]


def joined(lines: Sequence[list[Run]]) -> list[Run]:
    """Join lines with line breaks between them, marked like both sides."""
    found = list(lines[0]) if lines else []
    for before, after in pairwise(lines):
        found += [Run(BREAK, _common(before[-1].marks, after[0].marks)), *after]
    return found


def preformatted(runs: Iterable[Run]) -> list[Run]:
    """Return runs whose spaces and lines count, without empty lines around them."""
    kept = [Run(run.text.replace("\r", BREAK), run.marks) for run in runs]
    while kept and not (text := kept[0].text.lstrip(BREAK)):
        del kept[0]
    if kept:
        kept[0] = Run(text, kept[0].marks)
    while kept and not (text := kept[-1].text.rstrip(SPACES)):
        del kept[-1]
    if kept:
        kept[-1] = Run(text, kept[-1].marks)
    return _merged(kept)


def _tidy(line: Sequence[Run]) -> list[Run]:
    found: list[Run] = []
    for run in line:
        text = _MANY.sub(" ", run.text)
        if (not found or found[-1].text[-1] in SPACES) and text[:1] and text[0] in SPACES:
            text = text[1:]
        if text:
            found.append(Run(text, run.marks))
    if found and found[-1].text[-1] in SPACES:
        last = found.pop()
        found += [Run(last.text[:-1], last.marks)] if last.text[:-1] else []
    return _merged(_with_plain_spaces(found))


def _with_plain_spaces(runs: Sequence[Run]) -> list[Run]:
    """Mark a space that stands alone like both its neighbours: no link begins or ends with a space of its own."""
    found = list(runs)
    for place, run in enumerate(runs):
        if run.text in SPACES:  # never the first or the last: those were taken away
            found[place] = Run(run.text, _common(runs[place - 1].marks, runs[place + 1].marks))
    return found


def _common(left: Sequence[Mark], right: Sequence[Mark]) -> tuple[Mark, ...]:
    return tuple(mark for mark in left if mark in right)


def _merged(runs: Iterable[Run]) -> list[Run]:
    found: list[Run] = []
    for run in runs:
        if found and found[-1].marks == run.marks:
            found[-1] = Run(found[-1].text + run.text, run.marks)
        else:
            found.append(run)
    return found


def write_runs(runs: Iterable[Run], line_break: str = "<br>") -> str:
    """Write runs as markup; a mark stays open as long as it can."""
    written: list[str] = []
    is_open: list[Mark] = []

    def close(keep: int) -> None:
        while len(is_open) > keep:
            written.append(f"</{is_open.pop()[0]}>")

    for run in runs:
        same = list(takewhile(lambda pair: pair[0] == pair[1], zip(is_open, run.marks, strict=False)))
        close(len(same))
        for tag, address in run.marks[len(same) :]:
            written.append(f'<{tag} href="{escape(address)}">' if tag == "a" else f"<{tag}>")
            is_open.append((tag, address))
        written.append(escape(run.text, quote=False).replace(BREAK, line_break))
    close(0)
    return "".join(written)

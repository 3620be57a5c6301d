"""rule: a table of redirects as a file: what each of its lines would do, and why one cannot be."""

from collections.abc import Collection, Container, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

from cms.redirect_rules import TAKEN, source_of, why_not
from storefront.core.i18n import Text
from storefront.core.i18n import lazy_gettext as _

# What other programs call the columns, and people in our languages; without a line of names they stand in this order.
COLUMNS: Final = {
    "from": frozenset(
        {
            "from", "source", "source url", "old", "old url", "old address", "path", "redirect from",
            "stary", "stary adres", "stary url", "skąd", "z", "źródło", "ancien", "ancienne adresse", "ancienne url",
            "de", "source de", "alt", "alte adresse", "alte url", "von", "quelle",
        }
    ),
    "to": frozenset(
        {
            "to", "target", "target url", "new", "new url", "new address", "destination", "redirect to", "leads to",
            "nowy", "nowy adres", "nowy url", "dokąd", "do", "cel", "prowadzi do", "nouveau", "nouvelle adresse",
            "nouvelle url", "vers", "cible", "neu", "neue adresse", "neue url", "nach", "ziel", "führt zu",
        }
    ),
    "permanent": frozenset(
        {
            "permanent", "code", "http code", "status", "type", "for good",
            "kod", "kod http", "na stałe", "trwałe", "stałe", "typ",
            "définitif", "définitive", "permanente", "statut", "dauerhaft", "statuscode", "für immer",
        }
    ),
}  # fmt: skip
HEAD: Final = ("from", "to", "permanent")
_YES = frozenset(
    {"", "yes", "y", "true", "1", "301", "308", "tak", "t", "prawda", "oui", "o", "vrai", "ja", "j", "wahr"}
)
_NO = frozenset({"no", "n", "false", "0", "302", "303", "307", "nie", "fałsz", "non", "faux", "nein", "falsch"})
# Codes that say beside it that a form is sent again: what we answer instead.
_BECOMES: Final[Mapping[str, str]] = {"308": "301", "303": "302", "307": "302"}


@dataclass(frozen=True, kw_only=True)
class Known:
    """Where an address leads now."""

    target: str
    is_permanent: bool


@dataclass(frozen=True, kw_only=True)
class Line:
    """What a line of the file would do; ``why`` says what is wrong with it, ``note`` what it says and will not be."""

    number: int
    path: str
    target: str
    is_permanent: bool
    kind: Literal["new", "changed", "same", "fault"]
    why: Text = ""
    note: Text = ""


def read_redirects(
    rows: Sequence[tuple[int, Sequence[str]]],
    known: Mapping[str, Known],
    pages: Container[str],
    hosts: Collection[str] = (),
) -> list[Line]:
    """Say of each line of a table what it would do; ``pages`` are the addresses at which visitors see pages.

    ``hosts`` are the shop's own names.

    A line is judged together with all others: two that only together lead in a circle are both at fault.
    """
    places = dict(zip(HEAD, range(len(HEAD)), strict=True))
    if rows and (named := _named(rows[0][1])):
        places, rows = named, rows[1:]
    lines = [_line(number, cells, places) for number, cells in rows]
    together = {path: each.target for path, each in known.items()}
    together |= {line.path: line.target for line in lines if line.kind != "fault"}
    first: dict[str, Line] = {}
    judged = []
    for line in lines:
        refusal = why_not(line.path, line.target, together, may_be_known=True, hosts=hosts)
        judged.append(_judged(line, known, pages, first.setdefault(line.path, line), refusal and refusal[1]))
    return judged


def redirect_rows(known: Mapping[str, Known]) -> list[Sequence[str]]:
    """Return the table that can be read back."""
    return [HEAD, *((path, each.target, "yes" if each.is_permanent else "no") for path, each in known.items())]


def _named(cells: Sequence[str]) -> dict[str, int] | None:
    """Return where the columns stand by their names; nothing if this is no line of names."""
    found: dict[str, int] = {}
    for place, cell in enumerate(cells):
        for name, words in COLUMNS.items():
            if cell.strip().casefold() in words and name not in found:
                found[name] = place
    return found if "from" in found and "to" in found else None


def _line(number: int, cells: Sequence[str], places: Mapping[str, int]) -> Line:
    def cell(name: str) -> str:
        place = places.get(name, len(cells))
        return cells[place].strip() if place < len(cells) else ""

    word = cell("permanent").casefold()
    is_read = word in _YES or word in _NO
    return Line(
        number=number,
        path=source_of(cell("from")),
        target=cell("to"),
        is_permanent=word not in _NO,
        kind="new" if is_read else "fault",
        why="" if is_read else _("Please say in the third column whether it is for good: yes or no, 301 or 302."),
        note=_("%(code)s becomes %(other)s.", code=word, other=_BECOMES[word]) if word in _BECOMES else "",
    )


def _judged(line: Line, known: Mapping[str, Known], pages: Container[str], first: Line, why: Text | None) -> Line:
    if line.kind == "fault":
        return line
    if (first.target, first.is_permanent) != (line.target, line.is_permanent):
        return _fault(line, _("Line %(num)s says something else of this address.", num=first.number))
    if why is not None:
        return _fault(line, why)
    if line.path in pages:
        return _fault(line, TAKEN)
    now = known.get(line.path)
    if now == Known(target=line.target, is_permanent=line.is_permanent) or first is not line:
        kind: Literal["new", "changed", "same"] = "same"
    else:
        kind = "changed" if now is not None else "new"
    return replace(line, kind=kind)


def _fault(line: Line, why: Text) -> Line:
    return replace(line, kind="fault", why=why)

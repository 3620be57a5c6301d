"""rule: the links of a menu as a list of lines that are edited, and back: what a line may be, and what is wrong."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from cms.page_checks import BAD_LINK, is_link
from storefront.core.i18n import Text
from storefront.core.i18n import lazy_gettext as _

PLACES: Final[Mapping[str, Text]] = {
    "header": _("At the top of every page"),
    "footer": _("At the foot of every page"),
    "panel": _("In the panel of your customers"),
}
# What stands beside the header, how many columns fit into the foot, or what one looks through at a side.
MOST_LINKS: Final = {"header": 8, "footer": 40, "panel": 8}
MOST_COLUMNS: Final = 4
LONGEST_LABEL: Final = 60
# A line that begins a column of the foot, and one that leads to an address of one's own.
HEADING: Final = "heading"
ADDRESS: Final = "address"
PAGE: Final = "page:"
STEPS: Final = frozenset({"up", "down", "remove"})

_NEEDED = _("Please fill this in.")


@dataclass(frozen=True, kw_only=True)
class MenuLine:
    """One line: ``to`` is a heading, ``page:`` and an id, a place of the shop by its path, or an address in ``url``."""

    to: str
    label: str = ""
    url: str = ""


@dataclass(frozen=True, kw_only=True)
class Fault:
    """What is wrong with a line, counted from nought; ``field`` is label, to or url."""

    number: int
    field: str
    message: Text


def lines_of(items: Sequence[Mapping[str, Any]], own: Sequence[str]) -> list[MenuLine]:
    """Return a kept menu as lines; ``own`` are the paths that the shop offers by name."""
    found: list[MenuLine] = []
    for item in items:
        if "items" in item:
            found.append(MenuLine(to=HEADING, label=str(item.get("title", ""))))
            found += lines_of(item["items"], own)
            continue
        label, url = str(item.get("label", "")), str(item.get("url", ""))
        if item.get("page"):
            found.append(MenuLine(to=f"{PAGE}{item['page']}", label=label))
        elif url in own:
            found.append(MenuLine(to=url, label=label))
        else:
            found.append(MenuLine(to=ADDRESS, label=label, url=url))
    return found


def items_of(lines: Sequence[MenuLine], place: str) -> list[dict[str, object]]:
    """Return lines as a menu keeps them; in the foot links stand in the column that began last."""
    if place != "footer":
        return [_item(line) for line in lines]
    columns: list[tuple[str, list[dict[str, object]]]] = []
    for line in lines:
        if line.to == HEADING:
            columns.append((line.label, []))
        elif columns:
            columns[-1][1].append(_item(line))
    return [{"title": title, "items": items} for title, items in columns]


def _item(line: MenuLine) -> dict[str, object]:
    if line.to.startswith(PAGE):
        return {"label": line.label, "page": line.to.removeprefix(PAGE)}
    return {"label": line.label, "url": line.url if line.to == ADDRESS else line.to}


def faults_of(lines: Sequence[MenuLine], place: str, targets: Sequence[str]) -> list[Fault]:
    """List what must be mended, in the order of the lines. ``targets`` are pages and places that can be chosen."""
    found = []
    columns = sum(line.to == HEADING for line in lines)
    for number, line in enumerate(lines):
        found += [Fault(number=number, field=field, message=message) for field, message in _wrong(line, place, targets)]
    if lines and place == "footer" and lines[0].to != HEADING:
        found.insert(0, Fault(number=0, field="to", message=_("The first line has to begin a column.")))
    if columns > MOST_COLUMNS:
        last = max(number for number, line in enumerate(lines) if line.to == HEADING)
        found.append(Fault(number=last, field="to", message=_("Please use at most %(num)s columns.", num=MOST_COLUMNS)))
    if len(lines) - columns > MOST_LINKS[place]:
        found.append(
            Fault(
                number=len(lines) - 1, field="to", message=_("Please use at most %(num)s links.", num=MOST_LINKS[place])
            )
        )
    return found


def _wrong(line: MenuLine, place: str, targets: Sequence[str]) -> list[tuple[str, Text]]:
    found: list[tuple[str, Text]] = []
    known = {ADDRESS, *targets, *([HEADING] if place == "footer" else [])}
    if line.to not in known:
        found.append(("to", _("Please choose one of these.")))
    # A page has a title of its own.
    if not line.label and not line.to.startswith(PAGE):
        found.append(("label", _NEEDED))
    if len(line.label) > LONGEST_LABEL:
        found.append(("label", _("Please use at most %(num)s characters.", num=LONGEST_LABEL)))
    if line.to == ADDRESS and (len(line.url) > 500 or not is_link(line.url)):  # noqa: PLR2004 - as long as links of pages
        found.append(("url", BAD_LINK))
    return found


def stepped(lines: Sequence[MenuLine], step: str, number: int) -> list[MenuLine]:
    """Move a line up or down, or leave it out; what cannot be done changes nothing."""
    found = list(lines)
    if not 0 <= number < len(found) or step not in STEPS:
        return found
    line = found.pop(number)
    if step == "remove":
        return found
    found.insert(max(0, number - 1) if step == "up" else number + 1, line)
    return found

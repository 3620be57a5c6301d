"""The rows of the grid of a price list: which endings are wanted, and what stands in their cells."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import NamedTuple

from storefront.core.i18n import Text, format_day, format_money
from storefront.core.i18n import lazy_gettext as _
from storefront.pricing.items import BY_THE_YEAR, DOMAIN_ACTIONS
from storefront.pricing.price_cells import CellKey, Earning, earning
from storefront.pricing.price_sheet import PriceSheet
from storefront.pricing.sheet_costs import ComingCost
from storefront.reseller.price_shown import IN_FULL, PRICE_OF, Look, Wanted, field_name

ALWAYS = ("register", "renew", "transfer", "restore")


class Cell(NamedTuple):
    """A price in the grid, with what stands beside it; amounts are written as a person reads them."""

    name: str
    label: str
    value: str
    cost: str
    cost_minor: int | str
    live: int | str
    left: str
    percent: str
    tone: str
    is_full: bool
    is_wrong: bool
    is_changed: bool
    is_by_rule: bool
    may_sell: bool
    coming: Text = ""
    rises: bool = False


class Row(NamedTuple):
    """An ending with its cells."""

    ending: str
    shown: str
    is_offered: bool
    cells: list[Cell]


@dataclass(frozen=True, kw_only=True)
class Typed:
    """Cells that were sent and could not be kept: what was typed into them, and which are no amounts."""

    words: Mapping[CellKey, str] = field(default_factory=dict)
    wrong: Collection[CellKey] = ()


def grid_actions(sheet: PriceSheet) -> list[str]:
    """Return the actions that need a column: the usual four, others where there is a cost or a price."""
    known = {key[1] for key in sheet.costs} | {key[1] for key in sheet.prices}
    return [action for action in DOMAIN_ACTIONS if action in ALWAYS or action in known]


def grid_endings(sheet: PriceSheet, wanted: Wanted, of_group: Collection[str] | None, actions: list[str]) -> list[str]:
    """Return the endings that the filters leave, over all pages."""
    found = [
        ending
        for ending in sheet.endings
        if (of_group is None or ending in of_group) and fits(_shown(sheet, ending), wanted.pattern)
    ]
    if not wanted.view:
        return found
    return [
        ending
        for ending in found
        if any(wanted.view in _marks(sheet, key) for key in _keys(ending, actions, wanted.years))
    ]


def grid_rows(
    sheet: PriceSheet,
    endings: Sequence[str],
    *,
    years: int,
    actions: list[str],
    coming: Mapping[CellKey, ComingCost],
    typed: Typed | None = None,
) -> list[Row]:
    """Return the rows of some endings; ``typed`` is what was sent and could not be kept as it is."""
    look, offered = Look.of(sheet.terms.currency), frozenset(sheet.offered)
    labels = {action: str(PRICE_OF[action]) for action in actions}
    sent = typed or Typed()
    found = []
    for ending in endings:
        shown = _shown(sheet, ending)
        cells = [
            _with(coming.get(key), _cell(sheet, key, look, labels[key.action] % {"ending": shown}, sent))
            for key in _keys(ending, actions, years)
        ]
        found.append(Row(ending, shown, ending in offered, cells))
    return found


def fits(shown: str, pattern: str) -> bool:
    """Whether an ending is meant by a pattern such as ``.s*``, ``com`` or ``.de .at``."""
    words = pattern.lower().split()
    if not words:
        return True
    # A star may stand for anything; without one the letters may stand anywhere. Brackets mean nothing here.
    return any(
        fnmatchcase(shown, word.replace("[", "[[]")) if "*" in word or "?" in word else word in shown for word in words
    )


def _shown(sheet: PriceSheet, ending: str) -> str:
    rules = sheet.rules.get(ending)
    return "." + (rules.unicode if rules else ending)


def _keys(ending: str, actions: list[str], years: int) -> list[CellKey]:
    return [CellKey(ending, action, years if action in BY_THE_YEAR else 1) for action in actions]


def _earned(sheet: PriceSheet, key: CellKey) -> Earning | None:
    price = sheet.money(sheet.prices.get(key))
    return earning(price, sheet.costs.get(key), sheet.terms) if price is not None else None


def _marks(sheet: PriceSheet, key: CellKey) -> set[str]:
    """Return the views that a cell is in."""
    minor, earned = sheet.prices.get(key), _earned(sheet, key)
    marks = {_TONES[tone]} if (tone := _tone(earned)) else set()
    if minor != sheet.live.get(key):
        marks.add("changed")
    if minor is None:
        return marks | {"missing"} if sheet.may_sell(key) else marks
    return marks if key in sheet.by_rule else marks | {"hand"}


_TONES = {"danger": "loss", "warning": "thin"}


def _tone(earned: Earning | None) -> str:
    if earned is None:
        return ""
    return "danger" if earned.is_loss else "warning" if earned.is_thin else ""


def _cell(sheet: PriceSheet, key: CellKey, look: Look, label: str, sent: Typed) -> Cell:
    minor, cost, live = sheet.prices.get(key), sheet.costs.get(key), sheet.live.get(key)
    earned, typed = _earned(sheet, key), sent.words.get(key)
    return Cell(
        name=field_name(key),
        label=label,
        value=typed if typed is not None else look.amount(minor),
        cost=look.amount(cost.minor) if cost is not None else "",
        cost_minor=cost.minor if cost is not None else "",
        live="" if live is None else live,
        left=look.amount(earned.left.minor) if earned is not None else "",
        percent=look.percent(earned.percent) if earned is not None else "",
        tone=_tone(earned),
        is_full=key.action in IN_FULL,
        is_wrong=key in sent.wrong,
        is_changed=minor != live,
        is_by_rule=key in sheet.by_rule,
        may_sell=minor is not None or sheet.may_sell(key),
    )


def _with(coming: ComingCost | None, cell: Cell) -> Cell:
    if coming is None:
        return cell
    words = _("From %(day)s it costs you %(cost)s", day=format_day(coming.since), cost=format_money(coming.cost))
    return cell._replace(coming=words, rises=coming.rises)

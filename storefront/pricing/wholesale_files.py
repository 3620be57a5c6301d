"""rule: read purchase prices from a table, and what they would change; faults are named by cell."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from types import MappingProxyType

from storefront.core.i18n import Text
from storefront.core.i18n import lazy_gettext as _
from storefront.core.money import Money, exponent
from storefront.core.numbers import read_whole
from storefront.pricing.history_rules import SeenKey
from storefront.pricing.items import BY_THE_YEAR, DOMAIN_ACTIONS, LONGEST_TERM
from storefront.pricing.sheets import Sheet, Value, cell_name

KINDS = ("domain", "hosting", "email", "ssl", "redirect")
OTHER_ACTIONS = ("setup", "recurring")
# Those whose price is for a term; the others are one sum.
FOR_A_TERM = frozenset({*BY_THE_YEAR, "recurring"})
# One name for a year above this is a slip of the decimal point.
DEAREST = 10_000_000
MOST_FAULTS = 200
FAR_PERCENT = 20

HEAD = ("kind", "ending", "action", "years", "currency", "price")
# What people call the columns; compared without letter case, spaces at the ends gone.
NAMES: Mapping[str, str] = MappingProxyType(
    {
        "kind": "kind", "type": "kind", "ending": "ending", "tld": "ending", "extension": "ending", "code": "ending",
        "action": "action", "operation": "action", "years": "years", "period": "years", "term": "years",
        "currency": "currency", "price": "price", "cost": "price", "amount": "price", "net": "price",
    }
)  # fmt: skip
WORDS: Mapping[str, str] = MappingProxyType(
    {
        "create": "register", "registration": "register", "renewal": "renew", "redemption": "restore",
        "owner change": "trade", "change of owner": "trade", "back-order": "backorder",
    }
)  # fmt: skip
_ENDING = re.compile(r"[^\W_](?:[\w.-]{0,61}[^\W_])?")
_AMOUNT = re.compile(r"([0-9]{1,9})(?:[.,]([0-9]{1,4}))?")
_WIDE = re.compile(r"([a-z][a-z -]*?)\s*([0-9]{0,2})")


@dataclass(frozen=True, kw_only=True)
class Fault:
    """Something wrong in a file, and where."""

    cell: str
    text: Text


@dataclass(frozen=True, kw_only=True)
class ReadCosts:
    """The prices of a file, and what is wrong with it; with a single fault nothing of it is taken in."""

    costs: Mapping[SeenKey, Money]
    faults: tuple[Fault, ...] = ()
    is_cut: bool = False


@dataclass(kw_only=True)
class _Reading:
    """What has been read so far."""

    currency: str
    known: frozenset[str]
    costs: dict[SeenKey, Money] = field(default_factory=dict)
    places: dict[SeenKey, str] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    def blame(self, cell: str, text: Text) -> None:
        """Note a fault."""
        self.faults.append(Fault(cell=cell, text=text))

    def put(self, key: SeenKey, cost: Money, cell: str) -> None:
        """Note a price; the same thing twice is a fault, even at the same price."""
        if key in self.costs:
            self.blame(cell, _("This price stands in %(cell)s already.", cell=self.places[key]))
        else:
            self.costs[key], self.places[key] = cost, cell


def read_costs(sheet: Sheet, *, currency: str, known: Iterable[str]) -> ReadCosts:
    """Read purchase prices, a price a row or a column for each action; ``currency`` where the file names none.

    ``known`` are the endings that the platform has rules for. Every price is the total of its term, net.
    """
    reading = _Reading(currency=currency, known=frozenset(known))
    head = [name.lower() for name in sheet.head]
    named = [NAMES.get(name, name) for name in head]
    if "ending" not in named:
        reading.blame("A1", _("There is no column called “ending”."))
    elif len({name for name in named if name}) != len([name for name in named if name]):
        reading.blame("A1", _("Two columns have the same name."))
    elif "action" in named:
        _read_long(sheet, named, reading)
    else:
        _read_wide(sheet, named, reading)
    if not reading.costs and not reading.faults:
        reading.blame("A2", _("There is no price in this file."))
    faults = tuple(reading.faults[:MOST_FAULTS])
    return ReadCosts(costs=reading.costs, faults=faults, is_cut=len(reading.faults) > MOST_FAULTS)


def _read_long(sheet: Sheet, named: Sequence[str], reading: _Reading) -> None:
    for place, name in enumerate(named):
        if name and name not in HEAD:
            reading.blame(cell_name(1, place), _("No column is called “%(name)s”.", name=name[:40]))
    if "price" not in named:
        reading.blame("A1", _("There is no column called “price”."))
    if reading.faults:
        return
    at = {name: place for place, name in enumerate(named) if name}
    for number, row in sheet.body:
        found = _Row(number=number, cells={name: row[place] for name, place in at.items()}, places=at)
        kind = _kind(found, reading)
        code = _ending(found, kind, reading)
        action = _action(found, kind, reading)
        years = _years(found, action, reading)
        money = _money(found.text("price"), _currency(found, reading), found.cell("price"), reading)
        if kind and code and action and years and money is not None:
            reading.put((kind, code, action, years), money, found.cell("price"))


@dataclass(frozen=True, kw_only=True)
class _Row:
    """One row of a file by the names of its columns."""

    number: int
    cells: Mapping[str, str]
    places: Mapping[str, int]

    def text(self, name: str) -> str:
        """What stands in a column; nothing where there is none."""
        return self.cells.get(name, "")

    def cell(self, name: str) -> str:
        """Where it stands."""
        return cell_name(self.number, self.places.get(name, 0))


def _kind(row: _Row, reading: _Reading) -> str:
    kind = row.text("kind").lower() or "domain"
    if kind in KINDS:
        return kind
    reading.blame(row.cell("kind"), _("There is no kind of product called “%(name)s”.", name=kind[:40]))
    return ""


def _ending(row: _Row, kind: str, reading: _Reading) -> str:
    text = row.text("ending").lower().lstrip(".")
    if not text:
        reading.blame(row.cell("ending"), _("The ending is missing."))
    elif kind == "domain" and text in reading.known:
        return text
    elif not _ENDING.fullmatch(text):
        reading.blame(row.cell("ending"), _("“%(name)s” cannot be an ending.", name=text[:40]))
    elif kind == "domain":
        reading.blame(row.cell("ending"), _("The platform has no rules for the ending .%(name)s yet.", name=text[:40]))
    else:
        return text
    return ""


def _action(row: _Row, kind: str, reading: _Reading) -> str:
    text = row.text("action").lower()
    action = WORDS.get(text, text)
    if action in (DOMAIN_ACTIONS if kind == "domain" else OTHER_ACTIONS):
        return action
    if kind:
        reading.blame(row.cell("action"), _("“%(name)s” is no action that has a price.", name=text[:40]))
    return ""


def _years(row: _Row, action: str, reading: _Reading) -> int:
    text = row.text("years") or "1"
    years = read_whole(text, least=1, most=LONGEST_TERM)
    if years is None:
        reading.blame(row.cell("years"), _("Years are a whole number from 1 to %(most)s.", most=LONGEST_TERM))
        return 0
    if action and action not in FOR_A_TERM and years != 1:
        reading.blame(row.cell("years"), _("This action is paid once, so its years are 1."))
        return 0
    return years


def _currency(row: _Row, reading: _Reading) -> str:
    text = row.text("currency").upper() or reading.currency
    if re.fullmatch("[A-Z]{3}", text):
        return text
    reading.blame(row.cell("currency"), _("A currency has three letters, such as EUR."))
    return ""


def _money(text: str, currency: str, cell: str, reading: _Reading) -> Money | None:
    plain = re.sub(r"[\s\u00a0\u202f']", "", text)
    found = _AMOUNT.fullmatch(plain)
    if not plain:
        reading.blame(cell, _("The price is missing."))
    elif plain.startswith("-"):
        reading.blame(cell, _("A price below zero is not possible."))
    elif found is None:
        reading.blame(cell, _("“%(text)s” is no amount such as 9.40.", text=text[:40]))
    elif currency:
        amount = Decimal(f"{found[1]}.{found[2] or 0}")
        minor = amount.scaleb(exponent(currency))
        if minor != minor.to_integral_value():
            reading.blame(cell, _("%(text)s has more decimals than %(currency)s.", text=text[:40], currency=currency))
        elif minor > DEAREST:
            reading.blame(cell, _("%(text)s is far too much: is the decimal point right?", text=text[:40]))
        else:
            return Money(int(minor), currency)
    return None


def _read_wide(sheet: Sheet, named: Sequence[str], reading: _Reading) -> None:
    columns: dict[int, tuple[str, int]] = {}
    for place, name in enumerate(named):
        if not name or name in ("kind", "ending", "currency"):
            continue
        found = _WIDE.fullmatch(name)
        action = WORDS.get(found[1], found[1]) if found else ""
        years = int((found and found[2]) or 1)
        fits = action in DOMAIN_ACTIONS + OTHER_ACTIONS and 1 <= years <= LONGEST_TERM
        if not fits or (years > 1 and action not in FOR_A_TERM):
            reading.blame(cell_name(1, place), _("No column is called “%(name)s”.", name=name[:40]))
        else:
            columns[place] = (action, years)
    if reading.faults:
        return
    at = {name: place for place, name in enumerate(named) if name}
    for number, row in sheet.body:
        found_row = _Row(number=number, cells={name: row[place] for name, place in at.items()}, places=at)
        kind = _kind(found_row, reading)
        code = _ending(found_row, kind, reading)
        currency = _currency(found_row, reading)
        for place, (action, years) in columns.items():
            # An empty cell says nothing: not every ending has every action.
            if row[place]:
                money = _money(row[place], currency, cell_name(number, place), reading)
                if kind and code and money is not None:
                    reading.put((kind, code, action, years), money, cell_name(number, place))


def cost_table(costs: Mapping[SeenKey, Money]) -> list[list[Value]]:
    """Return prices as a table that ``read_costs`` takes back."""
    rows: list[list[Value]] = [list(HEAD)]
    for (kind, code, action, years), money in sorted(costs.items(), key=lambda each: sort_key(each[0])):
        rows.append([kind, code, action, years, money.currency, money.decimal])
    return rows


def sort_key(key: SeenKey) -> tuple[bool, str, str, int, int]:
    """Order prices as people read them: domains first, by ending, actions in the order of a name's life."""
    kind, code, action, years = key
    actions = DOMAIN_ACTIONS + OTHER_ACTIONS
    return (kind != "domain", kind, code, actions.index(action) if action in actions else len(actions), years)


@dataclass(frozen=True, kw_only=True)
class Change:
    """One price before and after; without a ``before`` it is new."""

    key: SeenKey
    before: Money | None
    after: Money

    @property
    def percent(self) -> int | None:
        """By how much it changes, whole percent; ``None`` for what is new, was free, or was in another currency."""
        if self.before is None or not self.before or self.before.currency != self.after.currency:
            return None
        return (self.after.minor - self.before.minor) * 100 // self.before.minor

    @property
    def is_rise(self) -> bool:
        """Whether it becomes dearer."""
        before = self.before
        return before is not None and before.currency == self.after.currency and self.after > before

    @property
    def is_far(self) -> bool:
        """Whether it moves further than is usual, so that somebody should look."""
        return self.percent is not None and abs(self.percent) > FAR_PERCENT


@dataclass(frozen=True, kw_only=True)
class Difference:
    """What a file would change."""

    changes: tuple[Change, ...]
    same: int
    untouched: int

    @property
    def new(self) -> int:
        """How many prices are new."""
        return sum(change.before is None for change in self.changes)

    @property
    def rises(self) -> int:
        """How many rise."""
        return sum(change.is_rise for change in self.changes)

    @property
    def falls(self) -> int:
        """How many fall."""
        return len(self.changes) - self.new - self.rises

    @property
    def far(self) -> int:
        """How many move further than is usual."""
        return sum(change.is_far for change in self.changes)


def compare(costs: Mapping[SeenKey, Money], present: Mapping[SeenKey, Money]) -> Difference:
    """Set the prices of a file against those that hold; what the file does not name stays as it is."""
    changes = tuple(
        Change(key=key, before=present.get(key), after=cost)
        for key, cost in sorted(costs.items(), key=lambda each: sort_key(each[0]))
        if present.get(key) != cost
    )
    return Difference(
        changes=changes,
        same=len(costs) - len(changes),
        untouched=sum(key not in costs for key in present),
    )

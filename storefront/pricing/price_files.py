"""rule: a price list as a table for a spreadsheet, and a table read back with what is wrong in which cell."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from storefront.catalog.tlds import TldRules
from storefront.core.i18n import Text
from storefront.core.i18n import lazy_gettext as _
from storefront.core.money import Money
from storefront.core.numbers import read_whole
from storefront.pricing.items import DOMAIN_ACTIONS, LONGEST_TERM
from storefront.pricing.price_cells import MOST, CellKey, is_sold, read_amount
from storefront.pricing.sheets import Sheet, Value, cell_name

HEAD = ("ending", "years", *DOMAIN_ACTIONS, "currency")
# What other programs call the same columns.
ALSO = {"tld": "ending", "extension": "ending", "year": "years", "period": "years", "owner change": "trade"}
# Somebody who sends a table of other things needs to know that, not two thousand faults.
MOST_FAULTS = 200
TAKEN_OUT = ("-", "\u2013", "\u2014")
_BELOW_ZERO = re.compile(r"[-\u2212][0-9][0-9.,]*")
_PLAIN_NUMBER = re.compile(r"([0-9]+)(?:[.,][0-9]+)?")


@dataclass(frozen=True, kw_only=True)
class Fault:
    """Something that cannot be read: the cell as spreadsheets name it, and why."""

    cell: str
    why: Text


@dataclass(frozen=True, kw_only=True)
class ReadPrices:
    """What a table says: prices by cell, ``None`` for one to be taken out; faults if anything could not be read."""

    prices: Mapping[CellKey, int | None]
    faults: tuple[Fault, ...]


def price_rows(
    endings: Sequence[str],
    prices: Mapping[CellKey, int],
    *,
    shown: Mapping[str, str],
    currency: str,
) -> list[list[Value]]:
    """Write a price list as rows: one for each ending and number of years; the first says what the columns are.

    ``shown`` are the endings as people read them, by A-label. Endings without a price get an empty row to fill in.
    """
    terms: dict[str, set[int]] = {ending: {1} for ending in endings}
    for key in prices:
        if key.ending in terms:
            terms[key.ending].add(key.years)
    rows: list[list[Value]] = [list(HEAD)]
    for ending in endings:
        for years in sorted(terms[ending]):
            amounts = [_amount(prices.get(CellKey(ending, action, years)), currency) for action in DOMAIN_ACTIONS]
            rows.append(["." + shown.get(ending, ending), years, *amounts, currency])
    return rows


def _amount(minor: int | None, currency: str) -> Decimal | None:
    return Money(minor, currency).decimal if minor is not None else None


def read_prices(
    sheet: Sheet, *, currency: str, rules: Mapping[str, TldRules], present: Mapping[CellKey, int]
) -> ReadPrices:
    """Read a table of prices; ``rules`` are those of every ending there is, by A-label, ``present`` the prices so far.

    An empty cell says nothing, a dash takes the price out. The columns may stand in any order; of a table with a
    fault nothing may be used.
    """
    faults: list[Fault] = []
    endings = {each.unicode: name for name, each in rules.items()} | {name: name for name in rules}
    columns = _columns(sheet, faults)
    prices: dict[CellKey, int | None] = {}
    where: dict[CellKey, str] = {}
    for number, row in sheet.body if columns else ():
        if len(faults) >= MOST_FAULTS:
            faults.append(Fault(cell="", why=_("There is more. Please put these right first.")))
            break
        found = _row_of(row, columns, number, endings=endings, currency=currency, faults=faults)
        if found is None:
            continue
        ending, years = found
        for action in DOMAIN_ACTIONS:
            column = columns.get(action)
            if column is None or not row[column]:
                continue
            name = cell_name(number, column)
            key = CellKey(ending, action, years)
            if key in where:
                faults.append(Fault(cell=name, why=_("This price stands in %(cell)s already.", cell=where[key])))
                continue
            where[key] = name
            try:
                prices[key] = _minor(row[column], currency)
            except ValueError:
                faults.append(Fault(cell=name, why=_why_no_amount(row[column], currency)))
            # What stands in the list already may stay there, whatever the registry says today.
            if prices.get(key) not in (None, present.get(key)) and not is_sold(key, rules[ending]):
                why = _("The registry of .%(ending)s does not sell this for so many years.", ending=ending)
                faults.append(Fault(cell=name, why=why))
    return ReadPrices(prices={} if faults else prices, faults=tuple(faults))


def _minor(typed: str, currency: str) -> int | None:
    if typed in TAKEN_OUT:
        return None
    amount = read_amount(typed, currency)
    return amount.minor if amount is not None else None


def _why_no_amount(typed: str, currency: str) -> Text:
    """Say what is wrong with what stands where an amount belongs."""
    plain = "".join(typed.split())
    if _BELOW_ZERO.fullmatch(plain):
        return _("A price below zero is not possible.")
    if number := _PLAIN_NUMBER.fullmatch(plain):
        if len(number[1]) > len(str(MOST)) or Decimal(plain.replace(",", ".")) > MOST:
            return _("%(text)s is far too much: is the decimal point right?", text=typed[:40])
        return _("%(text)s has more decimals than %(currency)s.", text=typed[:40], currency=currency)
    return _("“%(typed)s” is no amount. Write it like 12.90.", typed=typed[:40])


def _columns(sheet: Sheet, faults: list[Fault]) -> dict[str, int]:
    """Say in which column each thing stands."""
    found: dict[str, int] = {}
    first = sheet.numbers[0] if sheet.numbers else 1
    for place, typed in enumerate(sheet.head):
        name = " ".join(typed.lower().split())
        name = ALSO.get(name, name)
        if name in found:
            faults.append(Fault(cell=cell_name(first, place), why=_("This column is there twice.")))
        elif name in HEAD:
            found[name] = place
        elif name and not name.startswith(("cost", "margin", "note")):
            known = ", ".join(HEAD)
            why = _("Nobody knows the column “%(name)s”. It may be one of: %(known)s.", name=typed[:40], known=known)
            faults.append(Fault(cell=cell_name(first, place), why=why))
    if "ending" not in found:
        faults.append(Fault(cell=cell_name(first, 0), why=_("There is no column “ending” in the first row.")))
        return {}
    return found


def _row_of(
    row: Sequence[str],
    columns: Mapping[str, int],
    number: int,
    *,
    endings: Mapping[str, str],
    currency: str,
    faults: list[Fault],
) -> tuple[str, int] | None:
    """Say which ending and how many years a row is about; ``None`` with a fault where it cannot be read."""
    before = len(faults)
    place = columns["ending"]
    typed = row[place].strip().lstrip(".").lower()
    ending = endings.get(typed)
    if ending is None:
        why = _("Nobody knows the ending “%(ending)s”.", ending=row[place][:40]) if typed else _("Which ending?")
        faults.append(Fault(cell=cell_name(number, place), why=why))
    years = 1
    place = columns.get("years", -1)
    if place >= 0 and row[place]:
        typed_years = row[place].removesuffix(".0")
        years = read_whole(typed_years, least=1, most=LONGEST_TERM) or 0
        if not years:
            faults.append(Fault(cell=cell_name(number, place), why=_("A number of years from 1 to 10 belongs here.")))
    place = columns.get("currency", -1)
    if place >= 0 and row[place] and row[place].upper() != currency:
        why = _("This list is in %(currency)s.", currency=currency)
        faults.append(Fault(cell=cell_name(number, place), why=why))
    return (ending, years) if ending is not None and len(faults) == before else None

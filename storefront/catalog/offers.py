"""Which endings a shop offers today, with the rules that hold today."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from storefront.catalog.models import Offer, Tld
from storefront.catalog.tld_records import read_record
from storefront.catalog.tlds import TldRules
from storefront.core.db import Work
from storefront.core.memory import Memory
from storefront.core.text import LocalizedText


@dataclass(frozen=True, kw_only=True)
class OfferedEnding:
    """An ending (A-label, without a dot before it) that a shop sells, and how the shop announces it."""

    ending: str
    rules: TldRules
    badge: LocalizedText

    @property
    def shown(self) -> str:
        """The ending as people read it, with its dot."""
        return "." + self.rules.unicode


# Rules are the same for every shop, so a process keeps one object of each, however many shops it serves.
_READ: Memory[tuple[str, date], tuple[Mapping[str, Any], TldRules]] = Memory(4_000)


def _read(row: Tld) -> TldRules:
    kept = _READ.find((row.name, row.valid_from))
    if kept is not None and kept[0] == row.rules:
        return kept[1]
    rules = read_record({"ending": row.name, "valid_from": row.valid_from.isoformat(), **row.rules})
    _READ.keep((row.name, row.valid_from), (row.rules, rules))
    return rules


def rules_on(db: Work, day: date) -> dict[str, TldRules]:
    """Return the rules of every known ending as they hold on a day. One query."""
    in_turn = select(Tld).where(Tld.valid_from <= day).order_by(Tld.valid_from)
    newest = {row.name: row for row in db.scalars(in_turn)}
    return {name: _read(row) for name, row in newest.items()}


def find_rules(db: Work, ending: str) -> TldRules | None:
    """Find the rules of one ending today, whether it is sold here or not."""
    newest = select(Tld).where(Tld.name == ending, Tld.valid_from <= db.today).order_by(Tld.valid_from.desc()).limit(1)
    row = db.scalar(newest)
    return _read(row) if row else None


def offered(db: Work) -> dict[str, OfferedEnding]:
    """Return what the shop offers today, in the order in which it lists its endings. Two queries."""
    rules = rules_on(db, db.today)
    rows = db.scalars(select(Offer).where(Offer.is_offered).order_by(Offer.position, Offer.ending))
    return {
        row.ending: OfferedEnding(ending=row.ending, rules=rules[row.ending], badge=row.badge)
        for row in rows
        if row.ending in rules
    }

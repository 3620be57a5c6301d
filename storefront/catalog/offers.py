"""Which endings a shop offers today, with the rules that hold today."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import BigInteger, func, select

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


# Rules are the same for every shop, so a process keeps one object of each, however many shops it serves. By a digest of
# what they were read from it is seen that they are still the same, without reading the text of five hundred.
# PostgreSQL's own hash of JSON, 64 bits: a third of the time of making it text for MD5.
_READ: Memory[tuple[str, date], tuple[int, TldRules]] = Memory(4_000)
_DIGEST = func.jsonb_hash_extended(Tld.rules, 0, type_=BigInteger)


def _read(name: str, valid_from: date, digest: int, record: Mapping[str, Any]) -> TldRules:
    rules = _find_read(name, valid_from, digest)
    if rules is None:
        rules = read_record({"ending": name, "valid_from": valid_from.isoformat(), **record})
        _READ.keep((name, valid_from), (digest, rules))
    return rules


def _find_read(name: str, valid_from: date, digest: int) -> TldRules | None:
    kept = _READ.find((name, valid_from))
    return kept[1] if kept is not None and kept[0] == digest else None


def rules_on(db: Work, day: date) -> dict[str, TldRules]:
    """Return the rules of every known ending as they hold on a day. One query, a second one for what is new here."""
    in_turn = select(Tld.name, Tld.valid_from, _DIGEST).where(Tld.valid_from <= day).order_by(Tld.valid_from)
    newest = {name: (valid_from, digest) for name, valid_from, digest in db.execute(in_turn)}
    found = {name: _find_read(name, *stamp) for name, stamp in newest.items()}
    unread = [name for name, rules in found.items() if rules is None]
    if unread:
        columns = select(Tld.name, Tld.valid_from, Tld.rules)
        for name, valid_from, record in db.execute(columns.where(Tld.name.in_(unread))):
            if valid_from == newest[name][0]:
                found[name] = _read(name, *newest[name], record)
    return {name: rules for name, rules in found.items() if rules is not None}


def find_rules(db: Work, ending: str) -> TldRules | None:
    """Find the rules of one ending today, whether it is sold here or not."""
    columns = select(Tld.name, Tld.valid_from, _DIGEST, Tld.rules)
    dated = columns.where(Tld.name == ending, Tld.valid_from <= db.today)
    row = db.execute(dated.order_by(Tld.valid_from.desc()).limit(1)).one_or_none()
    return _read(*row) if row else None


def offered(db: Work) -> dict[str, OfferedEnding]:
    """Return what the shop offers today, in the order in which it lists its endings. Two queries."""
    rules = rules_on(db, db.today)
    # Columns, not rows: a shop offers five hundred.
    columns = select(Offer.ending, Offer.badge).where(Offer.is_offered).order_by(Offer.position, Offer.ending)
    return {
        ending: OfferedEnding(ending=ending, rules=rules[ending], badge=badge)
        for ending, badge in db.execute(columns)
        if ending in rules
    }

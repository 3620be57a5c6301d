"""Write, order, switch and remove margin rules, and let them make the prices of a draft."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import func, select, update

from storefront.catalog.models import TldGroup
from storefront.core.audit import record
from storefront.core.db import Work
from storefront.core.errors import Refused
from storefront.core.i18n import lazy_gettext as _
from storefront.core.money import Money
from storefront.pricing.items import BY_THE_YEAR, DOMAIN_ACTIONS, LONGEST_TERM, Item
from storefront.pricing.margin_rules import Rule, first_fitting, read_rule
from storefront.pricing.models import MarginRule
from storefront.pricing.price_cells import CellKey, Change
from storefront.pricing.price_sheet import PriceSheet

LONGEST_NAME = 80
MOST_RULES = 200


def margin_rules(db: Work) -> Sequence[MarginRule]:
    """Return the shop's rules in the order in which they are tried."""
    return db.scalars(select(MarginRule).order_by(MarginRule.position, MarginRule.id))


def endings_of_groups(db: Work) -> dict[str, list[str]]:
    """Return the endings of every group of the shop, by slug."""
    return {slug: list(endings) for slug, endings in db.execute(select(TldGroup.slug, TldGroup.endings))}


def active_rules(db: Work) -> list[Rule]:
    """Return the rules that are switched on, read and in order; one that cannot be read is left out."""
    groups = endings_of_groups(db)
    found = []
    for row in margin_rules(db):
        if row.is_active:
            try:
                found.append(read_rule(row, groups))
            except (ValueError, TypeError, ArithmeticError):
                continue
    return found


def add_rule(db: Work, name: str, terms: Mapping[str, Any]) -> MarginRule:
    """Add a rule below all others; raises ``Refused`` for terms that make no sense."""
    last, count = db.execute(select(func.max(MarginRule.position), func.count(MarginRule.id))).one()
    if count >= MOST_RULES:
        raise Refused(_("There are %(num)s rules already. Remove one first.", num=MOST_RULES))
    row = MarginRule(
        name=_named(name),
        position=(last if last is not None else -1) + 1,
        terms=dict(terms),
        changed_at=db.now,
        changed_by=db.actor.name[:200],
    )
    db.add(row)
    db.flush()
    _refuse_nonsense(db, row)
    record(db, "margin_rule.added", row, after={"name": row.name, **row.terms})
    return row


def change_rule(db: Work, row: MarginRule, name: str, terms: Mapping[str, Any]) -> None:
    """Change a rule; prices that it made stay until the rules are applied to a draft again."""
    before = {"name": row.name, **row.terms}
    row.name, row.terms = _named(name), dict(terms)
    row.changed_at, row.changed_by = db.now, db.actor.name[:200]
    _refuse_nonsense(db, row)
    record(db, "margin_rule.changed", row, before=before, after={"name": row.name, **row.terms})


def _refuse_nonsense(db: Work, row: MarginRule) -> None:
    try:
        read_rule(row, endings_of_groups(db))
    except (ValueError, TypeError, ArithmeticError) as no:
        raise Refused(_("This rule cannot be: look at its amounts and percentages.")) from no


def _named(name: str) -> str:
    wanted = " ".join(name.split())[:LONGEST_NAME]
    if not wanted:
        raise Refused(_("Please give the rule a name."), field="name")
    return wanted


def switch_rule(db: Work, row: MarginRule, *, is_active: bool) -> None:
    """Let a rule count or not."""
    before, row.is_active = row.is_active, is_active
    row.changed_at, row.changed_by = db.now, db.actor.name[:200]
    record(db, "margin_rule.switched", row, before={"is_active": before}, after={"is_active": is_active})


def move_rule(db: Work, row: MarginRule, *, is_up: bool) -> None:
    """Try a rule one place earlier or later; at the end of the list nothing happens."""
    rows = list(margin_rules(db))
    place = rows.index(row)
    other = place - 1 if is_up else place + 1
    if not 0 <= other < len(rows):
        return
    rows[place], rows[other] = rows[other], rows[place]
    for position, each in enumerate(rows):
        each.position = position
    record(db, "margin_rule.moved", row, before={"position": place}, after={"position": other})


def remove_rule(db: Work, row: MarginRule) -> None:
    """Remove a rule; what it made stays in the lists."""
    record(db, "margin_rule.removed", None, before={"name": row.name, **row.terms})
    db.session.delete(row)
    db.flush()
    later = MarginRule.position > row.position
    db.execute(update(MarginRule).where(later).values(position=MarginRule.position - 1))


def ruled_changes(sheet: PriceSheet, rules: Sequence[Rule], *, also_by_hand: bool = False) -> list[Change]:
    """Return what the rules make of a list: of every cell that the shop offers, the registry sells and has a cost.

    A price that was set by hand stays as it is, unless ``also_by_hand``. Cells that no rule fits stay as they are.
    """
    found = []
    for ending in sheet.offered:
        for key in cells_of(ending):
            cost = sheet.costs.get(key)
            before = sheet.prices.get(key)
            is_by_hand = before is not None and key not in sheet.by_rule
            if cost is None or (is_by_hand and not also_by_hand) or not sheet.may_sell(key):
                continue
            after = ruled_price(key, cost, sheet, rules)
            if after is not None:
                found.append(
                    Change(key=key, before=sheet.money(before), after=sheet.money(after), cost=cost, is_by_rule=True)
                )
    return found


def ruled_price(key: CellKey, cost: Money, sheet: PriceSheet, rules: Sequence[Rule]) -> int | None:
    """Return the price that the first fitting rule makes, in minor units as the list counts; ``None`` without one."""
    item = Item(key="", ending=key.ending, action=key.action, years=key.years)  # type: ignore[arg-type]  # one of DOMAIN_ACTIONS
    rule = first_fitting(rules, item, cost)
    if rule is None:
        return None
    terms = sheet.terms
    made = rule.price(cost, years=key.years, amounts=terms.amounts, vat_percent=terms.vat_percent).price
    return (made.gross if terms.amounts == "gross" else made.net).minor


def cells_of(ending: str) -> list[CellKey]:
    """List every cell an ending may have."""
    return [
        CellKey(ending, action, years)
        for action in DOMAIN_ACTIONS
        for years in (range(1, LONGEST_TERM + 1) if action in BY_THE_YEAR else (1,))
    ]

"""Read in one statement what a price book needs besides its prices: lists, group, promotions, rules."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy import ScalarSelect, Select, String, cast, func, or_, select
from sqlalchemy.dialects.postgresql import distinct_on

from storefront.catalog.models import TldGroup
from storefront.core.db import Work
from storefront.pricing.ecb import EURO, Quoted
from storefront.pricing.margin_rules import Rule, read_rule
from storefront.pricing.models import MAIN_LINE, ExchangeQuote, MarginRule, PriceList
from storefront.pricing.offer_models import PriceGroup, Promotion
from storefront.pricing.promotion_rules import PromotionTerms, read_terms

log = structlog.get_logger()


@dataclass(frozen=True, kw_only=True)
class ListFacts:
    """A price list that holds now."""

    id: UUID
    line: str
    name: str
    amounts: str


@dataclass(frozen=True, kw_only=True)
class GroupFacts:
    """A price group that is open."""

    id: UUID
    name: str
    line: str
    discount_percent: Decimal


@dataclass(frozen=True, kw_only=True)
class PromotionFacts:
    """A promotion that was started and has not ended, as ``read_terms`` wants it."""

    id: UUID
    name: str
    title: Mapping[str, str]
    needs_code: bool
    starts_at: datetime
    ends_at: datetime | None
    currency: str
    terms: Mapping[str, Any]
    max_per_customer: int | None


@dataclass(frozen=True, kw_only=True)
class RuleFacts:
    """A margin rule, as ``read_rule`` wants it."""

    id: UUID
    name: str
    position: int
    terms: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class BookFacts:
    """What holds for a group of customers, and when something of it changes by itself."""

    main: ListFacts | None
    own: ListFacts | None
    group: GroupFacts | None
    promotions: tuple[PromotionTerms, ...]
    premium_rules: tuple[Rule, ...]
    quotes: tuple[Quoted, ...]
    changes_at: tuple[datetime, ...]


def book_facts(db: Work, currency: str, group_id: UUID | None, at: datetime) -> BookFacts:
    """Read what holds at a moment; the default group's terms where none is named, or where it was closed. One query."""
    begins = select(func.min(PriceList.starts_at)).where(PriceList.published_at.is_not(None), PriceList.starts_at > at)
    row = db.execute(
        select(
            _as_json(_lists(currency, at)),
            begins.scalar_subquery(),
            _as_json(_groups(group_id)),
            _as_json(_promotions(at)),
            _as_json(_premium_rules()),
            _as_json(select(TldGroup.slug, TldGroup.endings)),
            _as_json(_quotes()),
        )
    ).one()
    lists = {each["line"]: ListFacts(**{**each, "id": UUID(each["id"])}) for each in row[0] or ()}
    # Of the group that was asked for and the default one, the first that stands.
    groups = sorted(row[2] or (), key=lambda each: each["id"] != str(group_id))
    group = _group_of(groups[0]) if groups else None
    endings = {each["slug"]: each["endings"] for each in row[5] or ()}
    promotions = [_promotion_of(each) for each in row[3] or ()]
    changes = [row[1], *(each.starts_at if each.starts_at > at else each.ends_at for each in promotions)]
    return BookFacts(
        main=lists.get(MAIN_LINE),
        own=lists.get(group.line) if group else None,
        group=group,
        promotions=_terms_of([each for each in promotions if each.starts_at <= at], endings),
        premium_rules=_rules_of([RuleFacts(**{**each, "id": UUID(each["id"])}) for each in row[4] or ()], endings),
        quotes=tuple(_quoted(each) for each in row[6] or ()),
        changes_at=tuple(moment for moment in changes if moment is not None),
    )


def _as_json(statement: Select[*tuple[Any, ...]]) -> ScalarSelect[Any]:
    """Turn the rows of a statement into one value, so that several statements travel as one."""
    rows = statement.subquery()
    return select(func.jsonb_agg(func.to_jsonb(rows.table_valued()))).select_from(rows).scalar_subquery()


def _lists(currency: str, at: datetime) -> Select[*tuple[Any, ...]]:
    """Select the list of every line that holds: of those that have begun, the one that did last."""
    return (
        select(PriceList.id, PriceList.line, PriceList.name, PriceList.amounts)
        .ext(distinct_on(PriceList.line))
        .where(PriceList.published_at.is_not(None), PriceList.starts_at <= at, PriceList.currency == currency)
        .order_by(PriceList.line, PriceList.starts_at.desc(), PriceList.published_at.desc())
    )


def _groups(group_id: UUID | None) -> Select[*tuple[Any, ...]]:
    percent = cast(PriceGroup.discount_percent, String).label("discount_percent")
    return select(PriceGroup.id, PriceGroup.name, PriceGroup.line, percent).where(
        PriceGroup.closed_at.is_(None), or_(PriceGroup.id == group_id, PriceGroup.is_default)
    )


def _promotions(at: datetime) -> Select[*tuple[Any, ...]]:
    return (
        select(
            Promotion.id,
            Promotion.name,
            Promotion.title,
            Promotion.needs_code,
            Promotion.starts_at,
            Promotion.ends_at,
            Promotion.currency,
            Promotion.terms,
            Promotion.max_per_customer,
        )
        .where(
            Promotion.state == "running",
            or_(Promotion.ends_at.is_(None), Promotion.ends_at > at),
            or_(Promotion.max_uses.is_(None), Promotion.uses < Promotion.max_uses),
            or_(Promotion.budget_minor.is_(None), Promotion.spent_minor < Promotion.budget_minor),
        )
        .order_by(Promotion.starts_at, Promotion.id)
    )


def _premium_rules() -> Select[*tuple[Any, ...]]:
    return (
        select(MarginRule.id, MarginRule.name, MarginRule.position, MarginRule.terms)
        .where(MarginRule.is_active, MarginRule.terms["names"].astext == "premium")
        .order_by(MarginRule.position, MarginRule.id)
    )


def _quotes() -> Select[*tuple[Any, ...]]:
    """Select the newest rate of every currency against the euro."""
    rate = cast(ExchangeQuote.rate, String).label("rate")
    return (
        select(ExchangeQuote.quoted, rate, ExchangeQuote.on_day, ExchangeQuote.source)
        .ext(distinct_on(ExchangeQuote.quoted))
        .where(ExchangeQuote.base == EURO)
        .order_by(ExchangeQuote.quoted, ExchangeQuote.on_day.desc())
    )


def _quoted(row: Mapping[str, Any]) -> Quoted:
    on = date.fromisoformat(row["on_day"])
    return Quoted(currency=row["quoted"], rate=Decimal(row["rate"]), on=on, source=row["source"])


def _group_of(row: Mapping[str, Any]) -> GroupFacts:
    return GroupFacts(
        id=UUID(row["id"]),
        name=row["name"],
        line=row["line"],
        discount_percent=Decimal(row["discount_percent"]).normalize(),
    )


def _promotion_of(row: Mapping[str, Any]) -> PromotionFacts:
    ends_at = row["ends_at"]
    return PromotionFacts(
        **{
            **row,
            "id": UUID(row["id"]),
            "starts_at": datetime.fromisoformat(row["starts_at"]),
            "ends_at": datetime.fromisoformat(ends_at) if ends_at else None,
        }
    )


def _terms_of(rows: Collection[PromotionFacts], endings: Mapping[str, Collection[str]]) -> tuple[PromotionTerms, ...]:
    found = []
    for row in rows:
        try:
            found.append(read_terms(row, endings))
        except (ValueError, TypeError, KeyError):  # one that makes no sense must not close the shop
            log.warning("promotion.unreadable", promotion=str(row.id))
    return tuple(found)


def _rules_of(rows: Collection[RuleFacts], endings: Mapping[str, Collection[str]]) -> tuple[Rule, ...]:
    found = []
    for row in sorted(rows, key=lambda row: (row.position, row.id)):
        try:
            found.append(read_rule(row, endings))
        except (ValueError, TypeError, KeyError):
            log.warning("margin_rule.unreadable", rule=str(row.id))
    return tuple(found)

"""rule: what a promotion takes off, for whom, for what and when; and the codes that let one count."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from functools import cached_property
from types import MappingProxyType
from typing import Any, Literal, Protocol
from uuid import UUID

from babel.support import LazyProxy

from storefront.core.i18n import Text, current_locale, format_money, format_percent
from storefront.core.i18n import lazy_gettext as _
from storefront.core.money import Money
from storefront.pricing.amounts import HUNDRED
from storefront.pricing.items import Item
from storefront.pricing.title_percent import percent_said

# percent off; an amount off each item; an amount off the whole order, shared out; a price instead.
Method = Literal["percent", "amount", "order_amount", "price"]
METHODS: tuple[Method, ...] = ("percent", "amount", "order_amount", "price")
_ENDED = _("This promotion has ended.")


class PromotionRow(Protocol):
    """What is read of a promotion: a row of its table, or anything that looks like one."""

    @property
    def id(self) -> UUID:
        """Its id."""

    @property
    def name(self) -> str:
        """What the office calls it."""

    @property
    def title(self) -> Mapping[str, str]:
        """What customers read, by language."""

    @property
    def needs_code(self) -> bool:
        """Whether it counts only with a code."""

    @property
    def starts_at(self) -> datetime:
        """From when on."""

    @property
    def ends_at(self) -> datetime | None:
        """Until when, if that is known."""

    @property
    def currency(self) -> str:
        """The currency of its amounts."""

    @property
    def terms(self) -> Mapping[str, Any]:
        """Its reward and its conditions."""

    @property
    def max_per_customer(self) -> int | None:
        """In how many orders of one customer it counts."""


@dataclass(frozen=True, kw_only=True)
class BuyerFacts:
    """What is known of who buys. Somebody of whom nothing is known counts as new and is in no group.

    ``promotion_uses`` says in how many orders each promotion has counted already, ``vat_percent`` what VAT the buyer
    owes, where that was decided.
    """

    customer_id: UUID | None = None
    group_id: UUID | None = None
    is_new: bool = True
    promotion_uses: Mapping[UUID, int] = field(default_factory=lambda: MappingProxyType({}))
    vat_percent: Decimal | None = None


NOBODY = BuyerFacts()


@dataclass(frozen=True, kw_only=True)
class CodeTerms:
    """A code somebody typed in, as it stands in its table. ``uses_left`` is ``None`` where nobody counts."""

    code: str
    promotion_id: UUID
    customer_id: UUID | None = None
    uses_left: int | None = None

    def counts_for(self, buyer: BuyerFacts) -> Text | None:
        """Say why the code does not count for this buyer; ``None`` if it does."""
        if self.customer_id is not None and self.customer_id != buyer.customer_id:
            return _("This code is meant for another customer.")
        if self.uses_left is not None and self.uses_left <= 0:
            return _("This code has been used up.")
        return None


@dataclass(frozen=True, kw_only=True)
class PromotionTerms:
    """A reduction and its conditions; an empty set of a condition (``None``) means any.

    ``first_year_only`` reduces one year of a longer term. ``combines`` with another promotion only if that one says
    so too. Quantities and totals are counted over the items of the cart that fit otherwise. ``only_for`` are the keys
    of the items that were promised it before it ended.
    """

    id: UUID
    name: str
    title: Mapping[str, str]
    starts_at: datetime
    ends_at: datetime | None
    method: Method
    percent: Decimal = Decimal(0)
    amount: Money | None = None
    needs_code: bool = False
    kinds: frozenset[str] | None = None
    endings: frozenset[str] | None = None
    actions: frozenset[str] | None = None
    years: frozenset[int] | None = None
    groups: frozenset[UUID] | None = None
    first_year_only: bool = False
    new_customers_only: bool = False
    min_quantity: int = 0
    min_total: Money | None = None
    max_per_customer: int | None = None
    with_premium: bool = False
    combines: bool = False
    is_announced: bool = True
    only_for: frozenset[str] | None = None

    def __post_init__(self) -> None:
        if (self.method == "percent") == (self.amount is not None):
            raise ValueError("an amount belongs to every method but percent")
        if not 0 <= self.percent <= HUNDRED or (self.amount is not None and self.amount.minor < 0):
            raise ValueError("a reduction lies between nothing and everything")

    @cached_property
    def shown(self) -> Text:
        """What customers read, in their language."""
        return in_language(self.title, self.name)

    @cached_property
    def said(self) -> Fraction | None:
        """The percentage that the title names, in any language; ``None`` where it names none."""
        return percent_said(self.title.values())

    @cached_property
    def reward(self) -> Text:
        """Say what is taken off."""
        if self.method == "percent":
            words = _("%(percent)s less in the first year") if self.first_year_only else _("%(percent)s less")
        elif self.method == "amount":
            words = _("%(amount)s less in the first year") if self.first_year_only else _("%(amount)s less")
        elif self.method == "order_amount":
            words = _("%(amount)s off the whole order, shared out")
        else:
            words = _("%(amount)s in the first year") if self.first_year_only else _("%(amount)s instead")
        return LazyProxy(_filled, words, self.percent, self.amount, enable_cache=False)

    def applies(self, item: Item, buyer: BuyerFacts, now: datetime) -> Text | None:
        """Say why the promotion does not count for an item; ``None`` if it does, whatever else is in the cart."""
        return self.why_not_now(now) or self.why_not_for(buyer) or self.why_not_on(item)

    def why_not_now(self, now: datetime) -> Text | None:
        """Say why it does not count at a moment: from its start on, until just before its end."""
        if now < self.starts_at:
            return _("This promotion has not begun yet.")
        if self.ends_at is not None and now >= self.ends_at:
            return _ENDED
        return None

    def why_not_for(self, buyer: BuyerFacts) -> Text | None:
        """Say why it does not count for a buyer."""
        if self.groups is not None and buyer.group_id not in self.groups:
            return _("This promotion is for other customers.")
        if self.new_customers_only and not buyer.is_new:
            return _("This promotion is for new customers.")
        if self.max_per_customer is not None and buyer.promotion_uses.get(self.id, 0) >= self.max_per_customer:
            return _("You have used this promotion already.")
        return None

    def is_about(self, item: Item) -> bool:
        """Whether it counts for an item: ``why_not_on`` without words, for thousands of prices at once."""
        return (
            (self.with_premium or item.premium is None)
            and _has(self.endings, item.ending)
            and _has(self.actions, item.action)
            and _has(self.years, item.years)
            and _has(self.kinds, item.kind)
            and _has(self.only_for, item.key)
        )

    def why_not_on(self, item: Item) -> Text | None:
        """Say why it does not count for an item."""
        if item.premium is not None and not self.with_premium:
            return _("This promotion is not for names with a price of their own.")
        if not _has(self.kinds, item.kind) or not _has(self.endings, item.ending):
            return _("This promotion is for other endings or products.")
        if not _has(self.actions, item.action):
            return _("This promotion is for another kind of order, such as a registration instead of a renewal.")
        if not _has(self.years, item.years):
            return _("This promotion is for other terms.")
        if not _has(self.only_for, item.key):
            return _ENDED
        return None


def _has(allowed: Collection[object] | None, value: object) -> bool:
    return allowed is None or value in allowed


def in_language(words: Mapping[str, str], default: str) -> Text:
    """Choose among words by language when they are shown."""
    return LazyProxy(_chosen, words, default, enable_cache=False)


def _filled(words: Text, percent: Decimal, amount: Money | None) -> str:
    shown = format_money(amount) if amount is not None else ""
    return str(words) % {"percent": format_percent(percent), "amount": shown}


def _chosen(words: Mapping[str, str], default: str) -> str:
    return words.get(current_locale()) or words.get("en") or next(filter(None, words.values()), default)


def read_terms(row: PromotionRow, tld_groups: Mapping[str, Collection[str]] | None = None) -> PromotionTerms:
    """Read a promotion's row; ``tld_groups`` are the endings of the shop's groups of endings, by slug.

    Its ``terms``: ``method`` with ``percent`` (a text) or ``amount_minor``; the conditions ``kinds``, ``endings``,
    ``tld_groups``, ``actions``, ``years``, ``price_groups`` (lists, empty for any); ``first_year_only``,
    ``new_customers_only``, ``with_premium``, ``combines``; ``min_quantity``, ``min_total_minor``. Raises
    ``ValueError`` for terms that make no sense.
    """
    terms = row.terms
    method = terms.get("method", "percent")
    if method not in METHODS:
        raise ValueError(f"no such reduction: {method}")
    is_percent = method == "percent"
    return PromotionTerms(
        id=row.id,
        name=row.name,
        title=MappingProxyType(dict(row.title)),
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        method=method,
        percent=read_percent(terms.get("percent", "0")) if is_percent else Decimal(0),
        amount=None if is_percent else Money(int(terms.get("amount_minor", 0)), row.currency),
        needs_code=row.needs_code,
        kinds=read_set(terms, "kinds"),
        endings=read_endings(terms, tld_groups or {}),
        actions=read_set(terms, "actions"),
        years=frozenset(int(years) for years in terms["years"]) if terms.get("years") else None,
        groups=frozenset(UUID(str(each)) for each in terms["price_groups"]) if terms.get("price_groups") else None,
        first_year_only=bool(terms.get("first_year_only")),
        new_customers_only=bool(terms.get("new_customers_only")),
        min_quantity=int(terms.get("min_quantity") or 0),
        min_total=Money(int(terms["min_total_minor"]), row.currency) if terms.get("min_total_minor") else None,
        max_per_customer=row.max_per_customer,
        with_premium=bool(terms.get("with_premium")),
        combines=bool(terms.get("combines")),
        is_announced=bool(terms.get("is_announced", True)),
    )


def read_percent(given: object) -> Decimal:
    """Read a percentage that was written down as text; raises ``ValueError`` for anything else."""
    try:
        percent = Decimal(str(given))
    except InvalidOperation:
        raise ValueError(f"no percentage: {given}") from None
    if not percent.is_finite():
        raise ValueError(f"no percentage: {given}")
    return percent


def read_set(terms: Mapping[str, Any], name: str) -> frozenset[str] | None:
    """Read a condition; nothing named means any."""
    return frozenset(map(str, terms[name])) if terms.get(name) else None


def read_endings(terms: Mapping[str, Any], tld_groups: Mapping[str, Collection[str]]) -> frozenset[str] | None:
    """Read which endings are meant, alone and by groups; a group that is gone has no endings, rather than all."""
    alone, groups = terms.get("endings") or (), terms.get("tld_groups") or ()
    if not alone and not groups:
        return None
    return frozenset(map(str, alone)).union(*(tld_groups.get(slug, ()) for slug in groups))

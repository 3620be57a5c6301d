"""Move customers into price groups by the groups' own rules: how many domains they have, how much they paid."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select

from storefront.billing.models import Document
from storefront.core.audit import record
from storefront.core.db import Work
from storefront.core.jobs import job
from storefront.customers.models import Customer
from storefront.portfolio.models import Domain
from storefront.pricing.offer_models import PriceGroup
from tenants.resellers import current_reseller

# What somebody paid counts for so long.
TURNOVER_COUNTS = timedelta(days=365)


@dataclass(frozen=True, kw_only=True)
class GroupRule:
    """From how many domains on, or from how much turnover without VAT on, a customer belongs to a group."""

    group_id: UUID
    from_domains: int | None = None
    from_turnover_minor: int | None = None

    def fits(self, domains: int, turnover_minor: int) -> bool:
        """Whether one of the two is reached."""
        has_domains = self.from_domains is not None and domains >= self.from_domains
        return has_domains or (self.from_turnover_minor is not None and turnover_minor >= self.from_turnover_minor)

    @property
    def rank(self) -> tuple[int, int]:
        """How much it asks for: of several that fit, the one that asks most counts."""
        return (self.from_domains or 0, self.from_turnover_minor or 0)


def _has_rule() -> ColumnElement[bool]:
    return or_(PriceGroup.from_domains.is_not(None), PriceGroup.from_turnover_minor.is_not(None))


def shops_with_group_rules(db: Work) -> Sequence[UUID]:
    """List, in an office Work, the shops whose groups fill themselves, or have done so."""
    rules = select(PriceGroup.reseller_id).where(_has_rule(), PriceGroup.closed_at.is_(None))
    moved = select(Customer.reseller_id).where(Customer.is_grouped_by_rule)
    return db.scalars(rules.union(moved))


@job(queue="later")
def group_customers(db: Work, _argument: str) -> None:
    """Move customers by the rules of their shop, as a job: a group was changed."""
    group_by_rules(db)


def group_by_rules(db: Work) -> None:
    """Put every customer where the rules say; whoever was put somewhere by hand stays. Four queries."""
    rules = _rules(db)
    domains, turnover = _domains(db), _turnover(db)
    known = select(Customer).where(
        Customer.reseller_id == db.reseller_id,
        Customer.closed_at.is_(None),
        or_(Customer.is_grouped_by_rule, Customer.price_group_id.is_(None)),
    )
    moved: dict[str, int] = {}
    for customer in db.scalars(known):
        wanted = _group_for(rules, domains.get(customer.id, 0), turnover.get(customer.id, 0))
        if wanted == customer.price_group_id:
            continue
        customer.price_group_id, customer.is_grouped_by_rule = wanted, wanted is not None
        moved[str(wanted or "")] = moved.get(str(wanted or ""), 0) + 1
    if moved:
        db.flush()
        record(db, "price_group.customers_moved_by_rule", after=moved)


def _rules(db: Work) -> list[GroupRule]:
    groups = select(PriceGroup).where(
        PriceGroup.reseller_id == db.reseller_id,
        PriceGroup.closed_at.is_(None),
        _has_rule(),
    )
    found = [
        GroupRule(group_id=row.id, from_domains=row.from_domains, from_turnover_minor=row.from_turnover_minor)
        for row in db.scalars(groups.order_by(PriceGroup.position))
    ]
    return sorted(found, key=lambda rule: rule.rank, reverse=True)


def _group_for(rules: Sequence[GroupRule], domains: int, turnover_minor: int) -> UUID | None:
    return next((rule.group_id for rule in rules if rule.fits(domains, turnover_minor)), None)


def _domains(db: Work) -> Mapping[UUID, int]:
    live = select(Domain.customer_id, func.count()).where(
        Domain.reseller_id == db.reseller_id, Domain.closed_at.is_(None), Domain.paid_until.is_not(None)
    )
    return {customer: int(count) for customer, count in db.execute(live.group_by(Domain.customer_id))}


def _turnover(db: Work) -> Mapping[UUID, int]:
    invoiced = select(Document.customer_id, func.sum(Document.net_minor)).where(
        Document.reseller_id == db.reseller_id,
        Document.kind == "invoice",
        Document.currency == current_reseller(db).currency,
        Document.issued_on > db.today - TURNOVER_COUNTS,
    )
    return {customer: int(minor) for customer, minor in db.execute(invoiced.group_by(Document.customer_id))}

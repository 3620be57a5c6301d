"""Promotions: drafted, started under the law, stopped, copied; and what the office lists of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from storefront.catalog.queries import assortment
from storefront.core.audit import record
from storefront.core.changes import announce
from storefront.core.db import Work
from storefront.core.errors import Refused
from storefront.core.i18n import Text
from storefront.core.i18n import lazy_gettext as _
from storefront.core.moments import require_near
from storefront.core.money import Money
from storefront.core.text import LocalizedText
from storefront.pricing.history import note_meanwhile, note_prices
from storefront.pricing.offer_models import Promotion, PromotionCode, PromotionUse
from storefront.pricing.promotion_checks import why_not_run
from storefront.pricing.promotion_rules import PromotionTerms, read_terms
from storefront.pricing.promotion_uses import is_used_up
from tenants.resellers import current_reseller

MOST_PROMOTIONS = 500
OVER = ("used_up", "ended")
PHASES = ("running", "scheduled", "draft", "used_up", "ended", "stopped")


@dataclass(frozen=True, kw_only=True)
class PromotionWish:
    """A promotion as the form says it; ``terms`` as ``promotion_rules.read_terms`` reads them."""

    name: str
    title: Mapping[str, str]
    starts_at: datetime
    ends_at: datetime | None = None
    needs_code: bool = False
    terms: Mapping[str, Any] = field(default_factory=dict)
    max_uses: int | None = None
    max_per_customer: int | None = None
    budget_minor: int | None = None


@dataclass(frozen=True, kw_only=True)
class Given:
    """What a promotion has given so far: orders that are paid, orders that wait for their money, and what of each."""

    confirmed: int
    reserved: int
    paid: Money
    waiting: Money


def phase_of(promotion: Promotion, now: datetime) -> str:
    """Tell where a promotion stands at a moment: one of ``PHASES``."""
    if promotion.state != "running":
        return promotion.state
    if promotion.ends_at is not None and now >= promotion.ends_at:
        return "ended"
    if is_used_up(promotion):
        return "used_up"
    return "scheduled" if now < promotion.starts_at else "running"


def promotions(db: Work) -> list[Promotion]:
    """List the promotions: what runs first, then what will, drafts, and what is over, the newest first in each."""
    found = db.scalars(select(Promotion).where(Promotion.reseller_id == db.reseller_id).order_by(Promotion.id.desc()))
    return sorted(found, key=lambda each: PHASES.index(phase_of(each, db.now)))


def terms_of(db: Work, promotion: Promotion) -> PromotionTerms:
    """Read the terms of a promotion with the shop's groups of endings; ``ValueError`` if they make no sense."""
    groups = {group.slug: group.endings for group in assortment(db).groups}
    return read_terms(promotion, groups)


def given_by(db: Work, rows: Sequence[Promotion]) -> dict[UUID, Given]:
    """Count the orders in which promotions counted, and what they took off there. One query."""
    statement = (
        select(
            PromotionUse.promotion_id,
            PromotionUse.state,
            func.count(),
            func.coalesce(func.sum(PromotionUse.amount_minor), 0),
        )
        .where(PromotionUse.reseller_id == db.reseller_id, PromotionUse.promotion_id.in_([row.id for row in rows]))
        .group_by(PromotionUse.promotion_id, PromotionUse.state)
    )
    found = {(row_id, state): (count, int(minor)) for row_id, state, count, minor in db.execute(statement)}
    return {row.id: _given(row, found) for row in rows}


def _given(row: Promotion, found: Mapping[tuple[UUID, str], tuple[int, int]]) -> Given:
    confirmed, paid = found.get((row.id, "confirmed"), (0, 0))
    reserved, waiting = found.get((row.id, "reserved"), (0, 0))
    return Given(
        confirmed=confirmed,
        reserved=reserved,
        paid=Money(paid, row.currency),
        waiting=Money(waiting, row.currency),
    )


def create_promotion(db: Work, wish: PromotionWish) -> Promotion:
    """Draft a promotion; nobody sees it before it is started. Raises ``Refused`` naming what to mend."""
    count = db.scalar(select(func.count()).where(Promotion.reseller_id == db.reseller_id)) or 0
    if count >= MOST_PROMOTIONS:
        raise Refused(_("A shop has at most %(num)s promotions. Please delete old drafts first.", num=MOST_PROMOTIONS))
    promotion = Promotion(currency=current_reseller(db).currency, terms={})
    _write(db, promotion, wish)
    db.add(promotion)
    db.flush()
    record(db, "promotion.created", promotion, after=_shown(promotion))
    return promotion


def change_promotion(db: Work, promotion: Promotion, wish: PromotionWish) -> None:
    """Change a promotion: all of a draft; of one that runs its words, its end and its limits, never what was offered.

    What makes prices lower again that were so no longer is a start of its own, judged as one from this moment on.
    Raises ``Refused`` naming what to mend, and for a promotion that was stopped.
    """
    db.lock(promotion)
    before = _shown(promotion)
    if promotion.state == "stopped":
        raise Refused(_("This promotion has been stopped. Make a copy of it to use it again."))
    if promotion.state == "running":
        _change_what_runs(db, promotion, _only_what_may_change(promotion, wish))
    else:
        _write(db, promotion, wish)
        db.flush()
    record(db, "promotion.changed", promotion, before=before, after=_shown(promotion))


def _change_what_runs(db: Work, promotion: Promotion, wish: PromotionWish) -> None:
    # What people see until now has to be on record before anything is compared to it.
    note_meanwhile(db)
    was_over = phase_of(promotion, db.now) in OVER
    gives_more = _gives_more(promotion, wish)
    _write(db, promotion, wish)
    if was_over and phase_of(promotion, db.now) not in OVER:
        promotion.starts_at = max(promotion.starts_at, db.now)
    db.flush()
    if gives_more and phase_of(promotion, db.now) not in OVER:
        _require_lawful(db, promotion)
    _tell(db, "promotion.changed")


def _gives_more(promotion: Promotion, wish: PromotionWish) -> bool:
    """Whether a change says or gives anything that was not looked at when the promotion was started."""
    limits = (
        (promotion.ends_at, wish.ends_at),
        (promotion.max_uses, wish.max_uses),
        (promotion.max_per_customer, wish.max_per_customer),
        (promotion.budget_minor, wish.budget_minor),
    )
    says_else = dict(promotion.title) != dict(wish.title)
    return says_else or any(_is_wider(before, after) for before, after in limits)


def _is_wider(before: Any, after: Any) -> bool:
    return before is not None and (after is None or after > before)


def _only_what_may_change(promotion: Promotion, wish: PromotionWish) -> PromotionWish:
    return PromotionWish(
        name=wish.name,
        title=wish.title,
        starts_at=promotion.starts_at,
        ends_at=wish.ends_at,
        needs_code=promotion.needs_code,
        terms=promotion.terms,
        max_uses=wish.max_uses,
        max_per_customer=wish.max_per_customer,
        budget_minor=wish.budget_minor,
    )


def _write(db: Work, promotion: Promotion, wish: PromotionWish) -> None:
    require_near(wish.starts_at, db.now, field="starts_at")
    require_near(wish.ends_at, db.now, field="ends_at")
    if wish.ends_at is not None and wish.ends_at <= wish.starts_at:
        raise Refused(_("A promotion ends after it has begun."), field="ends_at")
    promotion.name, promotion.title = wish.name, LocalizedText(wish.title)
    promotion.starts_at, promotion.ends_at = wish.starts_at, wish.ends_at
    promotion.needs_code, promotion.terms = wish.needs_code, dict(wish.terms)
    promotion.max_uses, promotion.max_per_customer = wish.max_uses, wish.max_per_customer
    promotion.budget_minor, promotion.changed_at = wish.budget_minor, db.now
    try:
        terms_of(db, promotion)
    except ValueError as fault:
        raise Refused(_("These terms make no sense together. Please look at the reduction."), field="method") from fault


def _shown(promotion: Promotion) -> dict[str, Any]:
    return {
        "name": promotion.name,
        "state": promotion.state,
        "starts_at": promotion.starts_at,
        "ends_at": promotion.ends_at,
        "needs_code": promotion.needs_code,
        "max_uses": promotion.max_uses,
        "max_per_customer": promotion.max_per_customer,
        "budget": promotion.budget_minor,
        **{name: str(value) for name, value in sorted(promotion.terms.items())},
    }


def run_promotion(db: Work, promotion: Promotion) -> None:
    """Start a promotion now, or let it start at its moment.

    Raises ``Refused`` when it would break the law or sell at a loss, saying what and why, and when its end has passed.
    """
    db.lock(promotion)
    if promotion.state != "draft":
        raise Refused(_("Only a draft can be started. Make a copy of this promotion first."))
    if promotion.ends_at is not None and promotion.ends_at <= db.now:
        raise Refused(_("The end of this promotion has passed. Please give it a later one."), field="ends_at")
    # Nobody was offered anything in the past: its beginning is the moment at which people can see it.
    promotion.starts_at = max(promotion.starts_at, db.now)
    # What people see until now has to be on record before anything is compared to it.
    note_meanwhile(db)
    _require_lawful(db, promotion)
    promotion.state, promotion.changed_at = "running", db.now
    db.flush()
    record(db, "promotion.started", promotion, after={"starts_at": promotion.starts_at, "ends_at": promotion.ends_at})
    _tell(db, "promotion.started")


def _require_lawful(db: Work, promotion: Promotion) -> None:
    objection: Text | None = why_not_run(db, promotion, terms_of(db, promotion))
    if objection is not None:
        raise Refused(objection)


def stop_promotion(db: Work, promotion: Promotion) -> None:
    """Stop a promotion for good; prices that were promised in a cart hold for their half hour."""
    db.lock(promotion)
    if promotion.state != "running":
        raise Refused(_("This promotion does not run."))
    promotion.state, promotion.changed_at = "stopped", db.now
    db.flush()
    record(db, "promotion.stopped", promotion, before={"state": "running"}, after={"state": "stopped"})
    _tell(db, "promotion.stopped")


def copy_promotion(db: Work, promotion: Promotion, name: str) -> Promotion:
    """Draft the same promotion once more, without its codes; its time begins now."""
    lasts = promotion.ends_at - promotion.starts_at if promotion.ends_at else None
    return create_promotion(
        db,
        PromotionWish(
            name=name,
            title=promotion.title,
            starts_at=db.now,
            ends_at=db.now + lasts if lasts else None,
            needs_code=promotion.needs_code,
            terms=promotion.terms,
            max_uses=promotion.max_uses,
            max_per_customer=promotion.max_per_customer,
            budget_minor=promotion.budget_minor,
        ),
    )


def delete_draft(db: Work, promotion: Promotion) -> None:
    """Throw a draft away. Raises ``Refused`` for anything else: what people were offered is kept."""
    db.lock(promotion)
    has_codes = db.scalar(select(PromotionCode.id).where(PromotionCode.promotion_id == promotion.id).limit(1))
    if promotion.state != "draft" or has_codes is not None:
        raise Refused(_("Only a draft without codes can be deleted."))
    record(db, "promotion.deleted", promotion, before={"name": promotion.name})
    db.session.delete(promotion)
    db.flush()


def codes_counted(db: Work, ids: Sequence[UUID]) -> dict[UUID, int]:
    """Count the codes of some promotions. One query."""
    statement = (
        select(PromotionCode.promotion_id, func.count())
        .where(PromotionCode.reseller_id == db.reseller_id, PromotionCode.promotion_id.in_(ids))
        .group_by(PromotionCode.promotion_id)
    )
    return {promotion_id: count for promotion_id, count in db.execute(statement)}  # noqa: C416 - rows are not pairs to mypy


def _tell(db: Work, because: str) -> None:
    """Have every page made anew, and note what customers see from now on."""
    announce(db)
    note_prices(db, because=because)

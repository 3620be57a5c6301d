"""Warn a shop of purchase prices that will rise, once of each change: when a change is scheduled, or changed again."""

from collections.abc import Sequence
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import Uuid, func, literal, select
from sqlalchemy.dialects.postgresql import insert

from storefront.catalog.queries import offered_endings
from storefront.core import jobs
from storefront.core.db import Work
from storefront.core.ids import uuid7
from storefront.core.outbox import publish
from storefront.pricing.events import CostsRise
from storefront.pricing.models import CostWarning, PriceList, WholesalePrice
from storefront.pricing.wholesale import current_costs, on_plan, own_domain_endings, plan_of
from storefront.pricing.wholesale_files import Change, Difference, compare
from storefront.pricing.wholesale_plans import fingerprint, reseller_ids_on

DAY = timedelta(days=1)


def ask_for_warnings(db: Work, *, plan: str, valid_from: date) -> int:
    """Have every shop that a scheduled change concerns warned; returns how many are looked at. Office Work."""
    concerned = reseller_ids_on(db, plan)
    jobs.ask_each(db, warn_of_rising_costs.__name__, valid_from.isoformat(), concerned)
    return len(concerned)


@jobs.job(queue="later")
def warn_of_rising_costs(db: Work, day: str) -> None:
    """Tell the shop what rises on a day, unless it was told just that before. Safe to repeat."""
    valid_from = date.fromisoformat(day)
    rises = rising_costs(db, valid_from) if valid_from > db.today else []
    if not rises:
        return
    row = {
        "reseller_id": db.reseller_id,
        "id": uuid7(),
        "valid_from": valid_from,
        "digest": fingerprint(Difference(changes=tuple(rises), same=0, untouched=0)),
        "endings": len({change.key[1] for change in rises}),
        "warned_at": db.now,
    }
    once = (
        insert(CostWarning).values(row).on_conflict_do_nothing(index_elements=["reseller_id", "valid_from", "digest"])
    )
    made: UUID | None = db.scalar(once.returning(CostWarning.id))
    if made is not None:
        publish(db, CostsRise(warning_id=made))


def rising_costs(db: Work, day: date) -> list[Change]:
    """List what this shop pays more for from a day on than the day before: of endings that it or its customers have."""
    concerned = {*offered_endings(db), *own_domain_endings(db)}
    before, after = current_costs(db, on=day - DAY), current_costs(db, on=day)
    return [
        change
        for change in compare(after, before).changes
        if change.is_rise and change.key[0] == "domain" and change.key[1] in concerned
    ]


def open_warnings(db: Work) -> Sequence[CostWarning]:
    """List what the shop still has to think of, the nearest day first and one of each.

    A warning is done with when its day has come, when prices were published after it, and when nothing is scheduled
    for its day any more. One statement.
    """
    published = select(func.max(PriceList.published_at)).scalar_subquery()
    plan = plan_of(literal(db.reseller_id, Uuid))
    scheduled = select(WholesalePrice.ending).where(WholesalePrice.valid_from == CostWarning.valid_from, on_plan(plan))
    waiting = (
        select(CostWarning)
        .where(
            CostWarning.valid_from > db.today,
            CostWarning.warned_at > func.coalesce(published, literal(db.now - 1000 * DAY)),
            scheduled.exists(),
        )
        .order_by(CostWarning.valid_from, CostWarning.warned_at)
    )
    return [*{row.valid_from: row for row in db.scalars(waiting)}.values()]

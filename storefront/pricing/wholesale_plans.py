"""The platform's plans for resellers and what they cost: made, changed, scheduled, withdrawn. In office Works."""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert

from storefront.core.audit import record
from storefront.core.db import Work
from storefront.core.errors import NotFound, Refused
from storefront.core.i18n import Text
from storefront.core.i18n import lazy_gettext as _
from storefront.core.numbers import read_whole
from storefront.pricing.models import STANDARD_PLAN, WholesalePlan, WholesalePrice
from storefront.pricing.wholesale import plan_of
from storefront.pricing.wholesale_files import Difference
from tenants.models import Reseller

LONGEST_CODE, LONGEST_TITLE = 40, 80
FURTHEST = timedelta(days=400)
MOST_DOMAINS = 1_000_000
_CODE = re.compile(r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?")


@dataclass(frozen=True, kw_only=True)
class PlanTerms:
    """A plan as somebody typed it; ``from_domains`` is empty for one that is agreed by hand."""

    code: str
    title: str
    from_domains: str = ""


@dataclass(frozen=True, kw_only=True)
class Scheduled:
    """Prices of a plan that hold from a coming day on."""

    plan: str
    day: date
    prices: int


def plans(db: Work) -> list[WholesalePlan]:
    """List the plans: by volume from the smallest number of domains on, then those by hand."""
    order = (WholesalePlan.from_domains.asc().nulls_last(), WholesalePlan.title)
    return list(db.scalars(select(WholesalePlan).order_by(*order)))


def plan_title(db: Work, code: str) -> Text:
    """Return what a plan is called; the standard one has a name even if nobody ever wrote it down."""
    row = db.session.get(WholesalePlan, code)
    return row.title if row else (_("Standard") if code == STANDARD_PLAN else code)


def require_plan(db: Work, code: str) -> WholesalePlan:
    """Return a plan, the standard one also before anybody wrote it down; ``NotFound`` otherwise."""
    row = db.session.get(WholesalePlan, code)
    if row is not None:
        return row
    if code != STANDARD_PLAN:
        raise NotFound
    return WholesalePlan(code=STANDARD_PLAN, title=str(_("Standard")), from_domains=None)


def make_plan(db: Work, terms: PlanTerms) -> WholesalePlan:
    """Make a plan. Raises ``Refused``."""
    code = terms.code.strip().lower()
    if not _CODE.fullmatch(code) or len(code) > LONGEST_CODE:
        raise Refused(_("Please use small letters, digits and hyphens."), field="code")
    if code == STANDARD_PLAN or db.session.get(WholesalePlan, code) is not None:
        raise Refused(_("There is a plan with this short name already."), field="code")
    row = WholesalePlan(code=code, title=_title(terms), from_domains=_from_domains(db, terms, code))
    db.add(row)
    return row


def change_plan(db: Work, row: WholesalePlan, terms: PlanTerms) -> None:
    """Give a plan another title, or another number of domains from which it counts. Raises ``Refused``."""
    title, from_domains = _title(terms), _from_domains(db, terms, row.code)
    if row.code == STANDARD_PLAN and from_domains is not None:
        raise Refused(_("The standard plan needs no number of domains: it holds for everybody else."), field="title")
    row.title, row.from_domains = title, from_domains
    db.add(row)


def _title(terms: PlanTerms) -> str:
    if not terms.title.strip():
        raise Refused(_("Please fill this in."), field="title")
    return terms.title.strip()[:LONGEST_TITLE]


def _from_domains(db: Work, terms: PlanTerms, code: str) -> int | None:
    typed = terms.from_domains.strip()
    if not typed:
        return None
    number = read_whole(typed, least=1, most=MOST_DOMAINS)
    if number is None:
        raise Refused(_("Please type a whole number of domains."), field="from_domains")
    same = select(WholesalePlan.title).where(WholesalePlan.from_domains == number, WholesalePlan.code != code)
    if other := db.scalar(same):
        raise Refused(_("The plan “%(title)s” counts from this number already.", title=other), field="from_domains")
    return number


def put_on_plan(db: Work, slug: str, code: str) -> Reseller:
    """Agree on a plan with a reseller, whatever its number of domains; an empty code goes by volume again."""
    reseller = db.scalar(select(Reseller).where(Reseller.slug == slug.strip().lower()))
    if reseller is None:
        raise Refused(_("There is no reseller called %(name)s.", name=slug.strip()[:40]), field="slug")
    if code:
        require_plan(db, code)
    before, reseller.wholesale_plan = reseller.wholesale_plan, code
    entry = record(db, "wholesale_plan.agreed", before={"plan": before}, after={"plan": code})
    entry.reseller_id, entry.subject_kind, entry.subject_id = reseller.id, "Reseller", reseller.id
    return reseller


def resellers_by_plan(db: Work) -> dict[str, int]:
    """Count the resellers that are on each plan today, by hand or by volume."""
    on = select(plan_of(Reseller.id).label("plan")).where(~Reseller.is_platform).subquery()
    found = db.execute(select(on.c.plan, func.count()).group_by(on.c.plan))
    return {plan: count for plan, count in found}  # noqa: C416 - dict() takes a result for a mapping


def resellers_on(db: Work, code: str, limit: int = 200) -> Sequence[Reseller]:
    """List the resellers that are on a plan today."""
    on = select(Reseller).where(plan_of(Reseller.id) == code, ~Reseller.is_platform)
    rows: Sequence[Reseller] = db.scalars(on.order_by(Reseller.name).limit(limit))
    return rows


def reseller_ids_on(db: Work, code: str) -> list[UUID]:
    """List whom a change of a plan concerns: who is on it; of the standard one, everybody whose plan leans on it."""
    wanted = select(Reseller.id).where(~Reseller.is_platform)
    return list(db.scalars(wanted if code == STANDARD_PLAN else wanted.where(plan_of(Reseller.id) == code)))


def fingerprint(difference: Difference) -> str:
    """Name what a file would change, so that nobody agrees to something else than was shown."""
    text = ";".join(f"{change.key} {change.before} {change.after}" for change in difference.changes)
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def require_day(db: Work, day: date | None) -> date:
    """Return the day from which prices may hold: today or later, since what was charged stays charged."""
    today = db.now.date()
    if day is None:
        raise Refused(_("Please fill this in."), field="valid_from")
    if day < today:
        raise Refused(_("Prices cannot change in the past. The first possible day is today."), field="valid_from")
    if day > today + FURTHEST:
        raise Refused(_("This day is more than a year away."), field="valid_from")
    return day


def apply_costs(db: Work, difference: Difference, *, plan: str, valid_from: date) -> int:
    """Let the prices of a file hold from a day on; one statement, all of them or none. Returns how many."""
    rows = [
        {
            "kind": kind,
            "ending": code,
            "action": action,
            "years": years,
            "currency": change.after.currency,
            "minor": change.after.minor,
            "valid_from": valid_from,
            "plan": plan,
        }
        for change in difference.changes
        for kind, code, action, years in [change.key]
    ]
    # One statement takes at most 65,535 values.
    for start in range(0, len(rows), 5_000):
        given = insert(WholesalePrice).values(rows[start : start + 5_000])
        key = ["ending", "action", "years", "currency", "valid_from", "plan", "kind"]
        db.execute(given.on_conflict_do_update(index_elements=key, set_={"minor": given.excluded.minor}))
    return len(rows)


def scheduled_changes(db: Work) -> list[Scheduled]:
    """List the changes that are still to come, the nearest first."""
    coming = (
        select(WholesalePrice.plan, WholesalePrice.valid_from, func.count())
        .where(WholesalePrice.valid_from > db.now.date())
        .group_by(WholesalePrice.plan, WholesalePrice.valid_from)
        .order_by(WholesalePrice.valid_from, WholesalePrice.plan)
    )
    return [Scheduled(plan=plan, day=day, prices=count) for plan, day, count in db.execute(coming)]


def withdraw_scheduled(db: Work, *, plan: str, day: date) -> int:
    """Take a change back that has not come yet. Raises ``Refused`` when there is none."""
    if day <= db.now.date():
        raise Refused(_("These prices hold already. Take in the old ones again to go back."))
    gone = delete(WholesalePrice).where(WholesalePrice.plan == plan, WholesalePrice.valid_from == day)
    count = len(db.execute(gone.returning(WholesalePrice.ending)).all())
    if not count:
        raise Refused(_("Nothing is scheduled for this day."))
    return count


def count_prices(db: Work) -> dict[str, int]:
    """Count the prices that each plan has of its own, past and coming ones among them."""
    found = db.execute(select(WholesalePrice.plan, func.count()).group_by(WholesalePrice.plan))
    return {plan: count for plan, count in found}  # noqa: C416 - dict() takes a result for a mapping

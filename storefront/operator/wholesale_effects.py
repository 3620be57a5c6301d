"""What a change of purchase prices means for resellers: whose renewals cost otherwise, and what they are told."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from sqlalchemy import Integer, String, column, func, select, values

from storefront.core.db import Work
from storefront.core.i18n import LOCALES, format_day, format_money, gettext, ngettext, speaking
from storefront.core.money import Money
from storefront.portfolio.models import Domain
from storefront.pricing.models import STANDARD_PLAN
from storefront.pricing.wholesale import plan_of
from storefront.pricing.wholesale_files import Change, Difference
from storefront.web.price_words import action_words
from tenants.announcements import LONGEST_BODY, MOST_RESELLERS, AnnouncementTerms
from tenants.models import Reseller

# As far as the forecast of the credit looks.
DAYS_AHEAD = 90
SHOWN_FOR = timedelta(days=30)
LINES_TOLD = 25


@dataclass(frozen=True, kw_only=True)
class Effect:
    """What renewals of one reseller cost more, or less, in the first days after a change."""

    reseller_id: UUID
    name: str
    slug: str
    names: int
    more: Money


def effects(db: Work, difference: Difference, *, plan: str, valid_from: date) -> list[Effect]:
    """List the resellers with names that renew by themselves at a changed price, the dearest first. Office Work.

    Only those whose plan the prices are of; a change of the standard plan concerns all that pay it. One statement.
    """
    changed = [
        (change.key[1], change.after.minor - before.minor, before.currency)
        for change in difference.changes
        if (before := change.before) is not None
        and before.currency == change.after.currency
        and (change.key[0], *change.key[2:]) == ("domain", "renew", 1)
    ]
    if not changed:
        return []
    table = values(column("ending", String), column("more", Integer), column("currency", String), name="changed")
    changes = table.data(changed)
    begins = _midnight(max(valid_from, db.now.date()))
    found = (
        select(Reseller.id, Reseller.name, Reseller.slug, changes.c.currency, func.count(), func.sum(changes.c.more))
        .join(Domain, Domain.reseller_id == Reseller.id)
        .join(changes, changes.c.ending == Domain.ending)
        .where(Domain.closed_at.is_(None), Domain.renews_itself.is_(True))
        .where(Domain.paid_until >= begins, Domain.paid_until < begins + timedelta(days=DAYS_AHEAD))
        .where(plan_of(Reseller.id) == plan, ~Reseller.is_platform)
        .group_by(Reseller.id, Reseller.name, Reseller.slug, changes.c.currency)
        .order_by(func.sum(changes.c.more).desc(), Reseller.name)
    )
    return [
        Effect(reseller_id=key, name=name, slug=slug, names=count, more=Money(int(more), currency))
        for key, name, slug, currency, count, more in db.execute(found)
    ]


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def announcement_of(db: Work, difference: Difference, *, plan: str, valid_from: date) -> AnnouncementTerms:
    """Write what the resellers of a plan are told, in every language of the offices. Office Work."""
    title, body = {}, {}
    for locale in LOCALES:
        with speaking(locale):
            day = format_day(valid_from)
            title[locale] = gettext("Purchase prices change on %(day)s", day=day)
            body[locale] = _body(difference, day)
    return AnnouncementTerms(
        title=title,
        body=body,
        severity="warning" if difference.rises else "info",
        shown_from=db.now,
        shown_until=_midnight(valid_from) + SHOWN_FOR,
        slugs=_slugs(db, plan),
    )


def _slugs(db: Work, plan: str) -> Sequence[str]:
    """Return whom it concerns; of the standard plan everybody, and of one that is too many to name."""
    if plan == STANDARD_PLAN:
        return ()
    on = select(Reseller.slug).where(plan_of(Reseller.id) == plan, ~Reseller.is_platform).limit(MOST_RESELLERS + 1)
    found = list(db.scalars(on))
    return found if len(found) <= MOST_RESELLERS else ()


def _body(difference: Difference, day: str) -> str:
    told = [change for change in difference.changes if change.key[0] == "domain" and change.key[3] == 1]
    told = told or list(difference.changes)
    lines = [_line(change) for change in told[:LINES_TOLD]]
    left = len(difference.changes) - len(lines)
    more = [ngettext("And one more price.", "And %(num)s more prices.", left)] if left else []
    ends = gettext("All of them stand under “Purchase prices” in your office, with the day from which they hold.")
    begins = gettext("From %(day)s on these purchase prices hold:", day=day)
    while len("\n".join([begins, *lines, *more, ends])) > LONGEST_BODY:
        lines.pop()
        more = [ngettext("And one more price.", "And %(num)s more prices.", len(difference.changes) - len(lines))]
    return "\n".join([begins, *lines, *more, ends])


def _line(change: Change) -> str:
    kind, code, action, _years = change.key
    name = f".{code}" if kind == "domain" else code
    words = {"name": name, "action": str(action_words(action)), "after": format_money(change.after)}
    if change.before is None:
        return gettext("%(name)s, %(action)s: %(after)s (new)", **words)
    before = format_money(change.before)
    return gettext("%(name)s, %(action)s: %(before)s becomes %(after)s", **words, before=before)

"""What the schedule does for a shop, in words: when it did it last, and when it does it next."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from storefront.core.i18n import Text, format_clock, format_moment, gettext, ngettext
from storefront.core.i18n import lazy_gettext as _
from storefront.core.task_runs import TaskRun

# Late is what is overdue by as much again as it usually takes, and never less than this.
LEAST_LATE = timedelta(minutes=2)
_MINUTE_S, _HOUR_S, _DAY_S = 60, 3600, 86_400

# Only what concerns a shop's people; what the machinery does for itself is the operator's business.
TITLES: dict[str, Text] = {
    "expire_overdue_orders": _("Orders that nobody paid expire"),
    "cancel_abandoned_payments": _("Card payments that were left are ended"),
    "give_up_late_transfers": _("Transfers that never came are given up"),
    "look_at_due_hosts": _("Hosts are looked at from two places"),
    "look_at_due_certificates": _("Certificates are looked at before they end"),
    "check_supplier_accounts": _("Supplier accounts are checked, each once a day"),
    "group_customers": _("Customers are put into price groups by the rules of these"),
    "sweep_old_carts": _("Carts that were left are cleared away"),
}


@dataclass(frozen=True, kw_only=True)
class TaskRow:
    """One task as a page shows it."""

    title: Text
    text: str
    is_late: bool
    has_failed: bool


def task_rows(runs: Iterable[TaskRun], now: datetime) -> list[TaskRow]:
    """Describe the tasks that concern a shop, in the order of the list above."""
    known = {run.name: run for run in runs}
    return [_row(TITLES[name], known[name], now) for name in TITLES if name in known]


def _row(title: Text, run: TaskRun, now: datetime) -> TaskRow:
    return TaskRow(
        title=title,
        text=gettext(
            "%(every)s; last %(last)s, next %(next)s",
            every=every(run.every_s),
            last=_at(run.began_at, now),
            next=_at(run.next_at, now),
        ),
        is_late=now > run.next_at + max(LEAST_LATE, timedelta(seconds=run.every_s)),
        has_failed=run.failed_at is not None,
    )


def every(seconds: int) -> str:
    """Say how often something happens."""
    if seconds < _MINUTE_S:
        return ngettext("every second", "every %(num)s seconds", seconds)
    if seconds < _HOUR_S:
        return ngettext("every minute", "every %(num)s minutes", seconds // _MINUTE_S)
    if seconds < _DAY_S:
        return ngettext("every hour", "every %(num)s hours", seconds // _HOUR_S)
    return ngettext("every day", "every %(num)s days", seconds // _DAY_S)


def _at(moment: datetime, now: datetime) -> str:
    """Say a moment: only the time of day where it is near."""
    return format_clock(moment) if abs(moment - now) < timedelta(hours=12) else format_moment(moment, "short")

"""What happens every so often: name, every how many seconds, function. What is not listed does not run."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import structlog

from cms.cards import sweep_cards
from cms.media import shops_with_full_library_bins, sweep_library_bin
from cms.publishing import publish_due, shops_with_due_pages
from cms.site_moves import shops_with_old_moves, sweep_moves
from cms.tree import shops_with_full_bins, sweep_bin
from cms.visitor_messages import shops_with_old_messages, sweep_old_messages
from frames.counts import shops_with_spent_rows, sweep_spent_rows
from frames.health import ask_for_due_checks, shops_with_due_checks
from frames.site_looks import ask_for_due_sites, shops_with_due_sites
from storefront.billing.closing import (
    cancel_abandoned_payments,
    shops_with_abandoned_payments,
    shops_with_overdue_proformas,
)
from storefront.core import clock, stops
from storefront.core.db import Database, Work
from storefront.core.old_events import shops_with_old_events, sweep_old_events
from storefront.core.old_jobs import shops_with_old_jobs, sweep_old_jobs
from storefront.core.task_runs import note_run
from storefront.identity.leftovers import (
    shops_with_ended_sessions,
    shops_with_old_codes,
    sweep_ended_sessions,
    sweep_old_codes,
)
from storefront.orders.expiry import expire_overdue_orders
from storefront.orders.grouping import group_by_rules, shops_with_group_rules
from storefront.orders.old_carts import shops_with_old_carts, sweep_old_carts
from storefront.pricing.history import begin_history, shops_without_history
from storefront.provisioning.people import give_up_late_transfers
from storefront.provisioning.transfer_codes import shops_that_wait_too_long
from tenants.certificates import look_at_due_certificates, shops_with_certificates_to_look_at
from tenants.host_looks import ask_for_due_looks, end_holds, shops_with_due_hosts, shops_with_ended_holds
from tenants.supplier_accounts import recheck_accounts, shops_with_accounts_to_check

log = structlog.get_logger()

HOUR_S = 3600
DAY_S = 24 * HOUR_S
MINUTE_S = 60


@dataclass(frozen=True, kw_only=True)
class Task:
    """One line of the schedule; ``run`` opens its own Works and is safe to run twice."""

    name: str
    every_s: int
    run: Callable[[Database], None]


def in_each_shop(
    shops_concerned: Callable[[Work], Sequence[UUID]], act: Callable[[Work], None]
) -> Callable[[Database], None]:
    """Make a task of an action: a Work for each shop concerned, committed here; one that fails stops no other."""

    def run(database: Database) -> None:
        with database.office_work() as db:
            shops = shops_concerned(db)
        for shop in shops:
            try:
                with database.work(shop) as db:
                    act(db)
                    db.commit()
                stops.point("schedule.committed")
            except Exception:
                log.exception("schedule.failed_in_shop", action=act.__name__, reseller=str(shop))

    return run


SCHEDULE: tuple[Task, ...] = (
    Task(
        name="expire_overdue_orders",
        every_s=HOUR_S // 4,
        run=in_each_shop(shops_with_overdue_proformas, expire_overdue_orders),
    ),
    Task(
        name="cancel_abandoned_payments",
        every_s=HOUR_S,
        run=in_each_shop(shops_with_abandoned_payments, cancel_abandoned_payments),
    ),
    Task(
        name="give_up_late_transfers",
        every_s=HOUR_S,
        run=in_each_shop(shops_that_wait_too_long, give_up_late_transfers),
    ),
    Task(name="group_customers", every_s=DAY_S, run=in_each_shop(shops_with_group_rules, group_by_rules)),
    Task(name="sweep_old_carts", every_s=HOUR_S, run=in_each_shop(shops_with_old_carts, sweep_old_carts)),
    Task(name="sweep_old_codes", every_s=HOUR_S, run=in_each_shop(shops_with_old_codes, sweep_old_codes)),
    Task(name="sweep_sessions", every_s=HOUR_S, run=in_each_shop(shops_with_ended_sessions, sweep_ended_sessions)),
    Task(
        name="sweep_old_visitor_messages",
        every_s=DAY_S,
        run=in_each_shop(shops_with_old_messages, sweep_old_messages),
    ),
    Task(name="sweep_old_jobs", every_s=HOUR_S, run=in_each_shop(shops_with_old_jobs, sweep_old_jobs)),
    Task(name="sweep_old_events", every_s=HOUR_S, run=in_each_shop(shops_with_old_events, sweep_old_events)),
    Task(
        name="look_at_due_hosts",
        every_s=MINUTE_S // 2,
        run=in_each_shop(shops_with_due_hosts, ask_for_due_looks),
    ),
    Task(
        name="look_at_due_frame_sites",
        every_s=MINUTE_S // 2,
        run=in_each_shop(shops_with_due_sites, ask_for_due_sites),
    ),
    Task(
        name="look_at_due_frame_pages",
        every_s=MINUTE_S,
        run=in_each_shop(shops_with_due_checks, ask_for_due_checks),
    ),
    Task(name="sweep_frames", every_s=DAY_S, run=in_each_shop(shops_with_spent_rows, sweep_spent_rows)),
    Task(name="end_holds_of_names", every_s=HOUR_S, run=in_each_shop(shops_with_ended_holds, end_holds)),
    Task(
        name="look_at_due_certificates",
        every_s=MINUTE_S,
        run=in_each_shop(shops_with_certificates_to_look_at, look_at_due_certificates),
    ),
    Task(
        name="check_supplier_accounts",
        every_s=HOUR_S,
        run=in_each_shop(shops_with_accounts_to_check, recheck_accounts),
    ),
    Task(name="publish_due_pages", every_s=MINUTE_S // 2, run=in_each_shop(shops_with_due_pages, publish_due)),
    Task(name="empty_bins_of_pages", every_s=DAY_S, run=in_each_shop(shops_with_full_bins, sweep_bin)),
    Task(
        name="empty_bins_of_libraries",
        every_s=DAY_S,
        run=in_each_shop(shops_with_full_library_bins, sweep_library_bin),
    ),
    Task(name="sweep_site_moves", every_s=DAY_S, run=in_each_shop(shops_with_old_moves, sweep_moves)),
    Task(name="sweep_cards", every_s=DAY_S, run=sweep_cards),
    Task(name="begin_price_history", every_s=HOUR_S, run=in_each_shop(shops_without_history, begin_history)),
)

_last: dict[str, datetime] = {}


def run_due(database: Database) -> None:
    """Run what is due in this process; each task is safe beside itself in another."""
    now = clock.now()
    for task in SCHEDULE:
        if now - _last.get(task.name, datetime.min.replace(tzinfo=now.tzinfo)) >= timedelta(seconds=task.every_s):
            _last[task.name] = now
            has_failed = False
            try:
                task.run(database)
            except Exception:
                log.exception("schedule.failed", task=task.name)
                has_failed = True
            with database.office_work() as db:
                note_run(db, task.name, every_s=task.every_s, began_at=now, has_failed=has_failed)
                db.commit()

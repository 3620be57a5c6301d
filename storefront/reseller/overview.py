"""/reseller/overview: what needs somebody, what the platform says, the last days in figures, awaited money."""

from typing import Any

from flask import Blueprint, g, request
from flask_login import current_user
from sqlalchemy import select
from werkzeug.wrappers import Response

from storefront.billing.queries import awaited_proformas
from storefront.core import clock
from storefront.core.money import Money
from storefront.core.task_runs import task_runs
from storefront.identity.permissions import Permission
from storefront.reseller.announcement_rows import announcement_rows
from storefront.reseller.figures import DAYS, SPANS, ending_within, last_days
from storefront.reseller.menu import may
from storefront.reseller.readiness_rows import item_rows
from storefront.reseller.runway import forecast
from storefront.reseller.shop_facts import shop_readiness
from storefront.reseller.shown import proforma_rows
from storefront.reseller.standing import standing
from storefront.reseller.tasks import task_rows
from storefront.reseller.todo import things_to_do
from storefront.reseller.todo_prices import prices_to_do
from storefront.web.guards import SIGNED_IN, reads
from storefront.web.rendering import page
from tenants.announcements import unread_announcements
from tenants.models import Host
from tenants.resellers import PREPARING, current_reseller

bp = Blueprint("overview", __name__)

AWAITED = 5


@bp.get("/overview")
@bp.get("/")
@reads(SIGNED_IN)
def show() -> Response:
    """The first page: everybody of the staff sees what concerns their role."""
    stands = standing(g.db)
    reseller = current_reseller(g.db)
    ready = shop_readiness(g.db) if may(Permission.SETTINGS_READ) else None
    prices = prices_to_do(g.db) if stands.cost_warnings and may(Permission.PRICING_READ) else []
    return page(
        today=clock.today(g.zone),
        hosts=list(g.db.scalars(select(Host.name).where(Host.state == "active").order_by(Host.name))),
        canonical=reseller.canonical_host,
        is_preparing=g.place.state == PREPARING,
        things=[thing for thing in (*things_to_do(stands), *prices) if may(thing.permission)],
        ready=ready,
        lacks=item_rows(ready.left) if ready else [],
        announcements=announcement_rows(unread_announcements(g.db, current_user.user_id)),
        tasks=task_rows(task_runs(g.db), g.db.now),
        stands=stands,
        **_figures(reseller.currency),
        **_money(),
    )


def _figures(currency: str) -> dict[str, Any]:
    """Return the figures of the chosen days, for those who may see orders."""
    asked = request.args.get("days", "")
    days = int(asked) if asked in {str(span) for span in SPANS} else DAYS
    if not may(Permission.ORDERS_READ):
        return {"figures": None, "sales": None, "ending": None, "days": days, "spans": SPANS}
    figures = last_days(g.db, g.zone, days)
    sales = Money(figures["sales"].total, currency) if may(Permission.BILLING_READ) else None
    return {"figures": figures, "sales": sales, "ending": ending_within(g.db, days), "days": days, "spans": SPANS}


def _money() -> dict[str, Any]:
    """Return what is awaited and how far the credit reaches, for those who may see money."""
    stands = standing(g.db)
    awaited = awaited_proformas(g.db, AWAITED) if may(Permission.BILLING_READ) else []
    sees_credit = may(Permission.CREDIT_READ) and stands.has_account
    ahead = forecast(g.db, stands.credit) if sees_credit else None
    return {
        "awaited": proforma_rows(awaited, clock.today(g.zone)),
        "unpaid": stands.unpaid,
        "runway": ahead.stretches if ahead else [],
        "ahead": ahead,
    }

"""/reseller/overview: what needs somebody, the last thirty days, the money that is awaited."""

from flask import Blueprint, g
from sqlalchemy import select
from werkzeug.wrappers import Response

from storefront.billing.queries import awaited_proformas
from storefront.core import clock
from storefront.core.money import Money
from storefront.identity.permissions import Permission
from storefront.reseller.figures import last_days
from storefront.reseller.menu import may
from storefront.reseller.runway import runway
from storefront.reseller.shown import proforma_rows
from storefront.reseller.standing import standing
from storefront.reseller.todo import things_to_do
from storefront.web.guards import SIGNED_IN, reads
from storefront.web.rendering import page
from tenants.models import Host
from tenants.resellers import current_reseller

bp = Blueprint("overview", __name__)

AWAITED = 5


@bp.get("/overview")
@bp.get("/")
@reads(SIGNED_IN)
def show() -> Response:
    """The first page: everybody of the staff sees what concerns their role."""
    stands = standing(g.db)
    reseller = current_reseller(g.db)
    sees_money = may(Permission.BILLING_READ)
    awaited = awaited_proformas(g.db, AWAITED) if sees_money else []
    figures = last_days(g.db, g.zone) if may(Permission.ORDERS_READ) else None
    stretches = runway(g.db, stands.credit.currency) if may(Permission.CREDIT_READ) and stands.has_account else []
    return page(
        today=clock.today(g.zone),
        hosts=list(g.db.scalars(select(Host.name).where(Host.state == "active").order_by(Host.name))),
        canonical=reseller.canonical_host,
        things=[thing for thing in things_to_do(stands) if may(thing.permission)],
        figures=figures,
        sales=Money(figures["sales"].total, reseller.currency) if figures and sees_money else None,
        awaited=proforma_rows(awaited, clock.today(g.zone)),
        unpaid=stands.unpaid,
        stands=stands,
        runway=stretches,
    )

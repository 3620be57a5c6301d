"""/panel/overview: what needs attention."""

from flask import Blueprint, Response, g
from flask_login import current_user

from storefront.billing.queries import documents_of
from storefront.core.i18n import gettext as _
from storefront.orders.queries import open_orders_of
from storefront.panel.shown import domain_rows, order_rows
from storefront.portfolio.queries import count_domains, ending_soon
from storefront.web.guards import SIGNED_IN, reads
from storefront.web.rendering import page

bp = Blueprint("overview", __name__)


@bp.get("/overview")
@bp.get("/")
@reads(SIGNED_IN)
def show() -> Response:
    """What needs attention, what runs, what is under way."""
    customer_id = current_user.customer_id
    orders = open_orders_of(g.db, customer_id)
    unpaid = [each for each in documents_of(g.db, customer_id, kind="proforma").rows if each.state == "issued"]
    ending = domain_rows(g.db, ending_soon(g.db, customer_id))
    return page(
        greeting=_greeting(),
        domains=count_domains(g.db, customer_id),
        ending=ending,
        orders=order_rows(g.db, orders),
        unpaid=unpaid,
    )


def _greeting() -> str:
    name = current_user.name.split(" ", maxsplit=1)[0]
    return _("Welcome back, %(name)s", name=name)

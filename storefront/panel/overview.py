"""/panel/overview: what needs attention."""

from flask import Blueprint, Response, g
from flask_login import current_user

from cms.legal_notices import changes_for
from storefront.billing.queries import unpaid_proformas_of
from storefront.core.i18n import gettext as _
from storefront.orders.queries import open_orders_of
from storefront.panel.menu import domain_count
from storefront.panel.shown import codes_wanted, domain_rows, order_rows
from storefront.portfolio.queries import ending_soon
from storefront.web.advert import panel_advert
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
    return page(
        greeting=_greeting(),
        domains=domain_count(),
        ending=domain_rows(g.db, ending_soon(g.db, customer_id), version=g.place.version),
        orders=order_rows(g.db, orders),
        unpaid=unpaid_proformas_of(g.db, customer_id),
        advert=panel_advert(),
        # Whoever has a second factor has proved it in every session there is.
        has_second_factor=current_user.has_second_factor,
        codes_wanted=codes_wanted(g.db, customer_id),
        changes=changes_for(g.db, customer_id, g.locale),
    )


def _greeting() -> str:
    name = current_user.name.split(" ", maxsplit=1)[0]
    return _("Welcome, %(name)s", name=name)

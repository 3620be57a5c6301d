"""/reseller/customers: who buys, and everything of theirs on one page."""

from uuid import UUID

from flask import Blueprint, g
from werkzeug.wrappers import Response

from storefront.billing.queries import documents_of
from storefront.core import clock
from storefront.customers.models import Customer
from storefront.customers.queries import customers
from storefront.identity.permissions import Permission
from storefront.identity.queries import users_of_customer
from storefront.orders.queries import orders_of
from storefront.portfolio.queries import domains_of
from storefront.reseller.menu import may
from storefront.reseller.shown import PROFORMA_WORDS, order_rows
from storefront.web.guards import reads
from storefront.web.lists import after_of, paged, wanted_of
from storefront.web.rendering import page

bp = Blueprint("customers", __name__, url_prefix="/customers")

LATEST = 10


@bp.get("/")
@reads(Permission.CUSTOMERS_READ)
def list() -> Response:  # noqa: A001 - the verb of every list
    """All customers, the newest first; or those whose name or e-mail address begins with what is wanted."""
    wanted = wanted_of()
    found = customers(g.db, wanted=wanted, after=after_of())
    return page(rows=found.rows, pager=paged(found), wanted=wanted)


@bp.get("/<uuid:customer_id>")
@reads(Permission.CUSTOMERS_READ)
def show(customer_id: UUID) -> Response:
    """One customer: who they are, what they have, what they ordered, their papers."""
    customer = g.db.require(Customer, customer_id)
    orders = orders_of(g.db, customer.id).rows[:LATEST] if may(Permission.ORDERS_READ) else []
    return page(
        customer=customer,
        users=users_of_customer(g.db, customer.id),
        domains=domains_of(g.db, customer.id).rows[:LATEST] if may(Permission.DOMAINS_READ) else [],
        orders=order_rows(g.db, orders),
        documents=documents_of(g.db, customer.id).rows[:LATEST] if may(Permission.BILLING_READ) else [],
        words=PROFORMA_WORDS,
        today=clock.today(g.zone),
    )

"""/reseller/customers: who buys, and everything of theirs on one page."""

from uuid import UUID

from flask import Blueprint, g
from werkzeug.wrappers import Response

from cms.legal_consents import agreements_of
from storefront.billing.queries import documents_of
from storefront.core import clock
from storefront.core.i18n import lazy_gettext as _
from storefront.customers.models import Customer
from storefront.customers.queries import customers
from storefront.identity.permissions import Permission
from storefront.identity.queries import users_of_customer
from storefront.orders.queries import orders_of
from storefront.portfolio.queries import domains_of
from storefront.pricing import groups
from storefront.pricing.group_losses import known_losses, require_no_new_loss
from storefront.pricing.offer_models import PriceGroup
from storefront.reseller.menu import may
from storefront.reseller.price_group_forms import NO_GROUP, MoveForm
from storefront.reseller.shown import PROFORMA_WORDS, order_rows
from storefront.web.guards import acts, reads
from storefront.web.lists import after_of, paged, wanted_of
from storefront.web.rendering import done, page

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
    return _show(customer, MoveForm(data={"group": str(customer.price_group_id or NO_GROUP)}))


@bp.post("/<uuid:customer_id>/group")
@acts(Permission.PRICING_MANAGE, audit="price_group.customers_moved")
def move(customer_id: UUID) -> Response:
    """Put one customer into a price group, or into none."""
    customer = g.db.require(Customer, customer_id)
    form = MoveForm().offer(each.group for each in groups.price_groups(g.db))
    if form.submitted():
        with form.blames_refusals():
            group = groups.require_group(g.db, form.group_id) if form.group_id else None
            if group is not None and not form.may_lose.data:
                own = g.db.find(PriceGroup, customer.price_group_id) if customer.price_group_id else None
                require_no_new_loss(g.db, group, known_losses(g.db, own))
            groups.move_customers(g.db, [customer.id], group)
            said = _("Now in: %(group)s.", group=group.name) if group else _("Now in no price group.")
            return done(said, ".show", customer_id=customer.id)
    return _show(customer, form)


def _show(customer: Customer, form: MoveForm) -> Response:
    orders = orders_of(g.db, customer.id).rows[:LATEST] if may(Permission.ORDERS_READ) else []
    known = [each.group for each in groups.price_groups(g.db)] if may(Permission.PRICING_READ) else []
    own = next((each for each in known if each.id == customer.price_group_id), None)
    return page(
        "reseller/customers/show.html",
        customer=customer,
        users=users_of_customer(g.db, customer.id),
        domains=domains_of(g.db, customer.id).rows[:LATEST] if may(Permission.DOMAINS_READ) else [],
        orders=order_rows(g.db, orders),
        documents=documents_of(g.db, customer.id).rows[:LATEST] if may(Permission.BILLING_READ) else [],
        words=PROFORMA_WORDS,
        today=clock.today(g.zone),
        form=form.offer(known),
        group=own or next((each for each in known if each.is_default), None),
        is_default=own is None,
        has_groups=bool(known),
        agreements=agreements_of(g.db, customer.id, limit=LATEST),
    )

"""/panel/agreements: what the customer agreed to, when and from where; new editions to read and accept."""

from uuid import UUID

from flask import Blueprint, g
from flask_login import current_user
from werkzeug.wrappers import Response

from cms.legal_consents import agreements_of
from cms.legal_notices import accept_edition, changes_for
from storefront.core.i18n import lazy_gettext as _
from storefront.customers.models import Customer
from storefront.web.forms import require_token
from storefront.web.guards import SIGNED_IN, acts, reads
from storefront.web.rendering import done, page

bp = Blueprint("agreements", __name__, url_prefix="/agreements")


def customer_of_request() -> Customer:
    """Return the customer who is signed in."""
    found: Customer = g.db.require(Customer, current_user.customer_id)
    return found


@bp.get("/")
@reads(SIGNED_IN)
def list() -> Response:  # noqa: A001 - the verb of every list
    """Everything the customer agreed to, the latest first, and what is new."""
    customer = customer_of_request()
    return page(rows=agreements_of(g.db, customer.id), changes=changes_for(g.db, customer.id, g.locale))


@bp.post("/<uuid:edition_id>/accept")
@acts(SIGNED_IN, audit="legal.accepted")
def accept(edition_id: UUID) -> Response:
    """Accept a new edition."""
    require_token()
    change = accept_edition(g.db, customer_of_request(), edition_id, g.locale)
    return done(_("You accepted edition %(label)s.", label=change.edition.label), ".list")

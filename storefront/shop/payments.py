"""/pay: what is to be paid and how, the way to the gateway and back."""

from uuid import UUID

from flask import Blueprint
from werkzeug.wrappers import Response

from storefront.core.errors import NotFound
from storefront.web.guards import SIGNED_IN, reads

bp = Blueprint("payments", __name__, url_prefix="/pay")


@bp.get("/<uuid:proforma_id>")
@reads(SIGNED_IN)
def show(proforma_id: UUID) -> Response:
    """How to pay a proforma, or that it is paid."""
    raise NotFound

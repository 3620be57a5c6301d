"""/checkout: who orders, how they pay, what they agree to; one press is one order."""

from flask import Blueprint
from werkzeug.wrappers import Response

from storefront.core.errors import NotFound
from storefront.web.guards import PUBLIC, acts

bp = Blueprint("checkout", __name__, url_prefix="/checkout")


@bp.route("", methods=["GET", "POST"])
@acts(PUBLIC, audit="order.placed")
def show() -> Response:
    """Check and order."""
    raise NotFound

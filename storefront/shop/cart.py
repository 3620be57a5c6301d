"""/cart: what somebody wishes for, with years, contacts, name servers and prices that hold for half an hour."""

from flask import Blueprint
from werkzeug.wrappers import Response

from storefront.core.errors import NotFound
from storefront.web.guards import PUBLIC, acts, reads

bp = Blueprint("cart", __name__, url_prefix="/cart")


@bp.get("")
@reads(PUBLIC)
def show() -> Response:
    """The cart."""
    raise NotFound


@bp.get("/transfer")
@reads(PUBLIC)
def transfer() -> Response:
    """What a transfer of a taken name (``?name=``) costs and how it goes."""
    raise NotFound


@bp.post("/add")
@acts(PUBLIC, audit="cart.item_added")
def add() -> Response:
    """Put a name (``name``, ``years``) into the cart."""
    raise NotFound

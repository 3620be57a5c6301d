"""/account/sign-up: data, code, account."""

from flask import Blueprint
from werkzeug.wrappers import Response

from storefront.web.guards import PUBLIC, acts
from storefront.web.rendering import page

bp = Blueprint("sign_up", __name__, url_prefix="/sign-up")


@bp.route("", methods=["GET", "POST"])
@acts(PUBLIC, audit="user.signed_up")
def form() -> Response:
    """Open an account."""
    return page()

"""/account/recovery: a letter with links, a new password."""

from flask import Blueprint
from werkzeug.wrappers import Response

from storefront.web.guards import PUBLIC, acts
from storefront.web.rendering import page

bp = Blueprint("recovery", __name__, url_prefix="/recovery")


@bp.route("", methods=["GET", "POST"])
@acts(PUBLIC, audit="password.reset_asked", rate="mail_rate")
def ask() -> Response:
    """Ask for a letter."""
    return page()

"""/account/sign-in: password, choice among accounts, second factor; leave."""

from flask import Blueprint
from werkzeug.wrappers import Response

from storefront.core.i18n import lazy_gettext as _
from storefront.web.guards import PUBLIC, acts
from storefront.web.rendering import done, page

bp = Blueprint("sign_in", __name__, url_prefix="/sign-in")


@bp.route("", methods=["GET", "POST"])
@acts(PUBLIC, audit="user.signed_in", rate="sign_in_rate")
def form() -> Response:
    """Sign in with login or e-mail address and password."""
    return page()


@bp.post("/leave")
@acts(PUBLIC, audit="user.signed_out")
def leave() -> Response:
    """Sign out of this browser."""
    return done(_("You are signed out."), "account.sign_in.form")

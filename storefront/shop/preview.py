"""/preview/<token>: a look at a shop that is not open yet, for whom its staff sent the link to."""

from datetime import timedelta

from flask import Blueprint, g
from werkzeug.wrappers import Response

from storefront.core.i18n import lazy_gettext as _
from storefront.web.forms import Form
from storefront.web.guards import PUBLIC, acts
from storefront.web.preparing import let_preview
from storefront.web.rendering import done, page
from tenants.previews import enter

LASTS = timedelta(hours=2)

bp = Blueprint("preview", __name__, url_prefix="/preview")


@bp.route("/<token>", methods=["GET", "POST"])
@acts(PUBLIC, audit="host.previewed", rate="sign_in_rate")
def show(token: str) -> Response:
    """Ask before the link is used up, so that a program which opens links cannot do it; on POST let the visitor in."""
    form = Form()
    if form.submitted():
        with form.blames_refusals():
            enter(g.db, g.host, token)
            let_preview(g.db.now + LASTS)
            return done(_("You see the shop as it will be. Nobody else does."), "cms.page", path="")
    response = page(form=form, token=token)
    response.headers["Cache-Control"] = "no-store"
    # Not "no-referrer": browsers would then send this page's own form with "Origin: null".
    response.headers["Referrer-Policy"] = "same-origin"
    return response

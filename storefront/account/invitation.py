"""/account/invitation: join a reseller's staff with the link of a letter."""

from flask import Blueprint, abort, g
from werkzeug.wrappers import Response

from storefront.account.entering import go_on, kinds_here
from storefront.account.forms.invitation import JoinForm
from storefront.core.i18n import lazy_gettext as _
from storefront.identity import invitations as actions
from storefront.identity.new_passwords import hash_new_password
from storefront.identity.permissions import Role, role_names
from storefront.identity.sign_in import Step
from storefront.web.guards import PUBLIC, acts
from storefront.web.rendering import page, say

bp = Blueprint("invitation", __name__, url_prefix="/invitation")


@bp.route("/<token>", methods=["GET", "POST"])
@acts(PUBLIC, audit="staff.joined", rate="sign_in_rate")
def accept(token: str) -> Response:
    """Choose name and password and begin; looking at the page does not use the link up."""
    if "staff" not in kinds_here():
        abort(404)
    row = actions.find_invitation(g.db, token)
    if row is None:
        return _private(page("account/invitation/spent.html", status=404))
    email, role, by = row.email, role_names()[Role(row.role)], row.invited_by
    form = JoinForm(data={"login": email}, personal=(email,))
    if form.submitted():
        typed = (form.login.data or "", form.name.data or "")
        fresh = hash_new_password(g.db, form.password.data or "", personal=(email, *typed))
        with form.blames_refusals():
            user = actions.accept(g.db, token, name=typed[1], login=typed[0], locale=g.locale, password_hash=fresh)
            say(_("Welcome! This is the office of the shop."))
            return _private(go_on(Step(kind="in", user=user)))
    return _private(page(form=form, token=token, email=email, role=role, by=by))


def _private(response: Response) -> Response:
    """Keep the token of the address to ourselves."""
    # Not "no-referrer": browsers would then send this page's own form with "Origin: null".
    response.headers["Referrer-Policy"] = "same-origin"
    return response

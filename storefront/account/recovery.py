"""/account/recovery: a letter with links, a new password."""

from flask import Blueprint, g, redirect, request, url_for
from werkzeug.wrappers import Response

from frames.way_back import find_way_back, remember, remembered, way_at
from storefront.account.entering import asked_next
from storefront.account.forms.recovery import AskForm, NewPasswordForm
from storefront.core.i18n import lazy_gettext as _
from storefront.identity import recovery as actions
from storefront.identity.new_passwords import hash_new_password, personal_facts
from storefront.web.guards import PUBLIC, acts, reads
from storefront.web.house import house
from storefront.web.rendering import done, page

bp = Blueprint("recovery", __name__, url_prefix="/recovery")


@bp.route("", methods=["GET", "POST"])
@acts(PUBLIC, audit="password.reset_asked", rate="mail_rate")
def ask() -> Response:
    """Ask for a letter; the answer is the same for everybody."""
    filled = AskForm(data={"next": asked_next()})
    if filled.submitted():
        with filled.blames_refusals():
            # The letter may go to somebody else than who asks for it: it names the window and nothing that was sent.
            way = way_at(g.db, asked_next())
            path = url_for(".renew", token=actions.TOKEN_PLACE, frame=way.frame if way is not None else None)
            actions.ask_reset(g.db, filled.login.data or "", link=house().config.origin(g.host) + path)
            if way is not None:
                remember(g.db, way)
            return redirect(url_for(".sent", next=asked_next() or None), 303)
    return page(form=filled, next=asked_next())


@bp.get("/sent")
@reads(PUBLIC)
def sent() -> Response:
    """Say what happens next."""
    return page(next=asked_next())


@bp.route("/<token>", methods=["GET", "POST"])
@acts(PUBLIC, audit="password.reset", rate="sign_in_rate")
def renew(token: str) -> Response:
    """Choose a new password; looking at the page does not use the link up."""
    found = actions.find_reset(g.db, token)
    if found is None:
        return _private(page("account/recovery/spent.html", status=404))
    login, name, facts = found.user.login, found.user.name, personal_facts(found.user)
    filled = NewPasswordForm(personal=facts)
    if filled.submitted():
        fresh = hash_new_password(g.db, filled.password.data or "", personal=facts)
        with filled.blames_refusals():
            actions.reset_password(g.db, token, fresh)
            message = _("Your new password is set. Everybody who was signed in with the old one is signed out.")
            return done(message, "account.sign_in.form", next=_way_on() or None)
    return _private(page(form=filled, login=login, name=name, token=token, frame=request.args.get("frame") or None))


def _way_on() -> str:
    """Return where the way of somebody ends who came from a window, as far as this browser or the letter knows it."""
    way = remembered(g.db) or find_way_back(g.db, request.args.get("frame", "")[:40], "")
    return way.path if way is not None else ""


def _private(response: Response) -> Response:
    """Keep the token of the address to ourselves."""
    # Not "no-referrer": browsers would then send this page's own form with "Origin: null".
    response.headers["Referrer-Policy"] = "same-origin"
    return response

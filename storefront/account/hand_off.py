"""/account/hand-off: who has just made an account in a window comes in at the top, once, by a code of a minute (F4)."""

from flask import Blueprint, g, make_response, redirect, request, url_for
from werkzeug.wrappers import Response

from frames import handoff
from storefront.account.entering import asked_next, go_on
from storefront.account.from_windows import carry_cart, comes_directly
from storefront.core.i18n import lazy_gettext as _
from storefront.identity.sign_in import Step
from storefront.web.guards import PUBLIC, acts, is_unsafe
from storefront.web.rendering import page, say

bp = Blueprint("hand_off", __name__, url_prefix="/hand-off")


@bp.route("", methods=["GET", "POST"])
@acts(PUBLIC, audit="user.signed_in", rate="sign_in_rate", from_windows=True)
def take() -> Response:
    """Let somebody in by the code; ask first where another document than the window's own page led here.

    Else whoever sends a stranger a code of their own would have them work in a foreign account.
    """
    code = request.form.get("code", "") if is_unsafe() else ""
    carry_cart()
    user = handoff.find_code(g.db, code, host=g.host) if code else None
    if user is not None and not comes_directly():
        g.refusal = True  # nothing was done yet, so nothing is logged
        asked = page(code=code, next=asked_next(), name=user.name, login=user.login)
        return _private(asked)
    user = handoff.use_code(g.db, code, host=g.host) if user is not None else None
    if user is None:
        return _private(_to_sign_in())
    return _private(go_on(Step(kind="in", user=user)))


def _to_sign_in() -> Response:
    g.refusal = True  # nobody came in, so nothing is logged
    if is_unsafe():
        say(_("Your account is open. Please sign in with the password that you have just chosen."), "info")
    return redirect(url_for("account.sign_in.form", next=asked_next() or None), 303)


def _private(answer: Response) -> Response:
    """Keep the code, and where it was used, to ourselves."""
    response = make_response(answer)
    response.headers["Referrer-Policy"] = "same-origin"
    response.headers["Cache-Control"] = "no-store"
    return response

"""/account/sign-in: password, choice among accounts, second step; leave."""

from uuid import UUID

from flask import Blueprint, g, redirect, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from frames.way_back import way_at
from storefront.account.entering import (
    STEP_COOKIE,
    asked_next,
    browser_token,
    go_on,
    kinds_here,
    landing,
    step_token,
)
from storefront.account.forms.sign_in import ChooseForm, SecondStepForm, SignInForm
from storefront.account.from_windows import carry_cart, is_good_form, use_form
from storefront.core.audit import record
from storefront.core.i18n import lazy_gettext as _
from storefront.identity import sign_in as actions
from storefront.identity.email_addresses import veiled
from storefront.identity.factors import EMAIL, PASSKEY
from storefront.identity.models import LoginUser
from storefront.identity.own_codes import find_own_code
from storefront.identity.passkeys import request_options
from storefront.identity.proving import Proof, find_prover, prove, ways
from storefront.identity.proving import send_code as send_step_code
from storefront.identity.sessions import end_session
from storefront.web.fields import options
from storefront.web.forms import require_token
from storefront.web.guards import PUBLIC, acts, is_signed_in, is_unsafe
from storefront.web.passkey_place import passkey_place
from storefront.web.rendering import done, page, say
from storefront.web.sessions import CART_COUNT_COOKIE, SESSION_COOKIE, leave_cookies_later

bp = Blueprint("sign_in", __name__, url_prefix="/sign-in")


@bp.route("", methods=["GET", "POST"])
@acts(PUBLIC, audit="user.signed_in", rate="sign_in_rate", from_windows=True)
def form() -> Response:
    """Sign in with login or e-mail address and password."""
    if is_signed_in() and not is_unsafe():
        return redirect(landing(current_user.kind, asked_next()), 303)
    filled = SignInForm(next=asked_next())
    is_good = is_good_form(filled)
    carry_cart()
    if filled.submitted() and is_good:
        # Compared before anything is changed and without a connection held: this takes its time.
        matching = actions.accounts_matching(
            g.db, filled.login.data or "", filled.password.data or "", kinds=kinds_here()
        )
        with filled.blames_refusals():
            use_form()
            return go_on(actions.sign_in(g.db, matching, browser_token=browser_token()))
    return page(form=filled, next=asked_next(), way=way_at(g.db, asked_next()))


@bp.route("/choose", methods=["GET", "POST"])
@acts(PUBLIC, audit="user.signed_in", rate="sign_in_rate")
def choose() -> Response:
    """Choose among the accounts that the password fitted."""
    accounts = actions.accounts_to_choose(g.db, step_token())
    if not accounts:
        return _begin_again()
    filled = ChooseForm(next=asked_next())
    filled.account.choices = options((str(user.id), f"{user.name} ({user.login})") for user in accounts)
    if filled.submitted():
        with filled.blames_refusals():
            chosen = UUID(filled.account.data)
            return go_on(actions.choose_account(g.db, step_token(), chosen, browser_token=browser_token()))
    return page(form=filled, next=asked_next())


@bp.route("/second-step", methods=["GET", "POST"])
@acts(PUBLIC, audit="user.signed_in", rate="sign_in_rate")
def second_step() -> Response:
    """Prove by a second factor that it is really you."""
    prover = find_prover(g.db, step_token())
    if prover is None:
        return _begin_again()
    possible = ways(prover.factors, g.host)
    by = request.values.get("by", "")
    by = by if by in possible else possible[0]
    filled = SecondStepForm(next=asked_next(), by=by)
    filled.by.data = by
    if filled.submitted():
        proof = Proof(by=by, typed=filled.typed(), at=passkey_place())
        with filled.blames_refusals():
            return go_on(prove(g.db, step_token(), proof, trusts_browser=filled.trust.data))
    keys = prover.factors.passkeys_at(g.host)
    return page(
        form=filled,
        next=asked_next(),
        by=by,
        others=[way for way in possible if way != by],
        email=veiled(prover.user.email),
        may_trust=prover.user.kind != "operator",
        is_sent=by == EMAIL and find_own_code(g.db, prover.user) is not None,
        options=request_options(prover.challenge, at=passkey_place(), known=keys) if by == PASSKEY else "",
    )


@bp.post("/second-step/code")
@acts(PUBLIC, audit="user.second_step_code_asked", rate="mail_rate")
def send_code() -> Response:
    """Send a code for the second step by e-mail."""
    require_token()
    if find_prover(g.db, step_token()) is None:
        return _begin_again()
    send_step_code(g.db, step_token())
    message = _("We have sent six digits to your e-mail address. They are good for ten minutes.")
    return done(message, ".second_step", by=EMAIL, next=asked_next() or None)


@bp.post("/leave")
@acts(PUBLIC, audit="user.signed_out")
def leave() -> Response:
    """Sign out of this browser."""
    require_token()
    cookies = leave_cookies_later()
    cookies.update({SESSION_COOKIE: None, STEP_COOKIE: None, CART_COUNT_COOKIE: None})
    if is_signed_in():
        record(g.db, "user.signed_out", g.db.find(LoginUser, current_user.user_id))
        end_session(g.db, current_user.session_id)
    return done(_("You are signed out."), "account.sign_in.form")


def _begin_again() -> Response:
    leave_cookies_later()[STEP_COOKIE] = None
    g.refusal = True  # nobody came in, so nothing is logged
    say(_("This took too long. Please sign in again."), "warning")
    return redirect(url_for("account.sign_in.form", next=asked_next() or None), 303)

"""/account/sign-up: data, code by e-mail where the shop asks for one, account."""

from dataclasses import asdict

from flask import Blueprint, g, redirect, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from storefront.account.entering import STEP_COOKIE, asked_next, go_on, landing, step_token
from storefront.account.forms.sign_up import CodeForm, SignUpForm
from storefront.core.i18n import lazy_gettext as _
from storefront.core.limits import spend
from storefront.customers.accounts import Application, open_account
from storefront.identity import sign_up as codes
from storefront.identity.new_passwords import hash_new_password
from storefront.identity.sign_in import Step
from storefront.web.forms import require_token
from storefront.web.guards import PUBLIC, acts, is_signed_in, is_unsafe, who
from storefront.web.rendering import done, page, say
from storefront.web.sessions import leave_cookies_later
from tenants.resellers import current_reseller

bp = Blueprint("sign_up", __name__, url_prefix="/sign-up")

# The reseller's setting: an account is made only after a code from a letter was typed (M39).
WANTS_CODE = "sign_up_code"


@bp.route("", methods=["GET", "POST"])
@acts(PUBLIC, audit="user.signed_up")
def form() -> Response:
    """Open an account."""
    if is_signed_in() and not is_unsafe():
        return redirect(landing(current_user.kind, asked_next()), 303)
    reseller = current_reseller(g.db)
    wants_code = bool(reseller.settings.get(WANTS_CODE))
    filled = SignUpForm(shop=reseller.name, data=_typed_before() or {"kind": "individual", "country": reseller.country})
    filled.next.data = asked_next()
    if not filled.changes_country() and filled.submitted():
        application = Application(
            data=filled.registrant(),
            locale=g.locale,
            vat_number=filled.vat_number.data or "",
            # Takes its time, so it comes before anything is changed and without a connection held.
            password_hash=hash_new_password(g.db, filled.password.data or "", personal=filled.personal()),
        )
        with filled.blames_refusals():
            return _send_code(application) if wants_code else _enter(application, is_email_confirmed=False)
    return page(form=filled, next=asked_next(), wants_code=wants_code)


def _typed_before() -> dict[str, str]:
    """Return what somebody typed who comes back from the code to mend it, such as the address."""
    pending = codes.find_pending(g.db, step_token())
    if pending is None:
        return {}
    application = Application.from_facts(pending)
    return {**asdict(application.data), "vat_number": application.vat_number}


def _send_code(application: Application) -> Response:
    data = application.data
    spend(g.db.config, g.db.config.mail_rate, "sign_up", str(g.place.reseller_id), who())
    name = f"{data.given} {data.family}"
    leave_cookies_later()[STEP_COOKIE] = codes.ask_code(g.db, data.email, name=name, facts=application.to_facts())
    return redirect(url_for(".code", next=asked_next() or None), 303)


def _enter(application: Application, *, is_email_confirmed: bool) -> Response:
    _customer, user = open_account(g.db, application, is_email_confirmed=is_email_confirmed)
    say(_("Welcome! Your account is open."))
    return go_on(Step(kind="in", user=user))


@bp.route("/code", methods=["GET", "POST"])
@acts(PUBLIC, audit="user.signed_up")
def code() -> Response:
    """Type the code from the letter; then the account is made."""
    pending = codes.find_pending(g.db, step_token())
    if pending is None:
        say(_("This took too long. Please fill in the form once more."), "warning")
        return redirect(url_for(".form", next=asked_next() or None), 303)
    filled = CodeForm(data={"next": asked_next()})
    if filled.submitted():
        with filled.blames_refusals():
            facts = codes.take_code(g.db, step_token(), filled.code.data or "")
            return _enter(Application.from_facts(facts), is_email_confirmed=True)
    return page(form=filled, next=asked_next(), email=pending["email"])


@bp.post("/code/again")
@acts(PUBLIC, audit="user.sign_up_code_asked", rate="mail_rate")
def again() -> Response:
    """Send another code."""
    require_token()
    codes.send_code_again(g.db, step_token())
    return done(_("We have sent another code. The one before no longer counts."), ".code", next=asked_next() or None)

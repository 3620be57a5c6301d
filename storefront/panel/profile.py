"""/panel/profile: the customer's data, language, password, where they are signed in."""

from uuid import UUID

from flask import Blueprint, g
from flask_login import current_user
from werkzeug.wrappers import Response

from storefront.core.errors import Conflict, NotFound, Refused
from storefront.core.i18n import lazy_gettext as _
from storefront.customers.models import Customer
from storefront.customers.profiles import change_customer
from storefront.identity.browsers import browser_name
from storefront.identity.factors import factors_of
from storefront.identity.models import LoginUser
from storefront.identity.new_passwords import change_password, check_own_password, hash_new_password, personal_facts
from storefront.identity.sessions import end_session, sessions_of
from storefront.identity.users import choose_language
from storefront.panel import profile_security
from storefront.panel.forms.profile import ProfileForm
from storefront.web.forms import require_token
from storefront.web.guards import SIGNED_IN, acts, reads
from storefront.web.locale import NATIVE_NAMES
from storefront.web.rendering import done, page
from storefront.web.security_forms import PasswordForm
from tenants.resellers import current_reseller

bp = Blueprint("profile", __name__, url_prefix="/profile")
bp.register_blueprint(profile_security.bp)


def _customer() -> Customer:
    found: Customer = g.db.require(Customer, current_user.customer_id)
    return found


def _user() -> LoginUser:
    found: LoginUser = g.db.require(LoginUser, current_user.user_id)
    return found


@bp.get("")
@reads(SIGNED_IN)
def show() -> Response:
    """What is known of the customer, and where they are signed in."""
    sessions = [(session, browser_name(session.browser)) for session in sessions_of(g.db, current_user.user_id)]
    user = _user()
    return page(
        customer=_customer(),
        user=user,
        has_factor=factors_of(g.db, user).has_any,
        sessions=sessions,
        this_session=current_user.session_id,
    )


@bp.route("/edit", methods=["GET", "POST"])
@acts(SIGNED_IN, audit="customer.changed")
def edit() -> Response:
    """Change address, phone, e-mail, VAT number and language."""
    customer, user = _customer(), _user()
    languages = [(tag, NATIVE_NAMES.get(tag, tag)) for tag in current_reseller(g.db).locales or [user.locale]]
    form = ProfileForm(customer, languages)
    if form.submitted():
        with form.blames_refusals():
            change_customer(
                g.db,
                customer,
                form.registrant(),
                vat_number=form.vat_number.data or "",
                company_number=customer.company_number,
            )
            choose_language(g.db, user, form.locale.data)
            return done(_("Your details are saved."), ".show")
    return page(form=form, customer=customer)


@bp.route("/password", methods=["GET", "POST"])
@acts(SIGNED_IN, audit="password.changed", rate="sign_in_rate")
def password() -> Response:
    """Change the password; every other browser is signed out."""
    facts = personal_facts(_user())
    form = PasswordForm(personal=facts)
    if form.submitted():
        try:
            # Both take their time, so they come before anything is changed and without a connection held.
            check_own_password(g.db, _user(), form.present.data or "", field="present")
            fresh = hash_new_password(g.db, form.password.data or "", personal=facts)
        except Refused as refusal:
            form.blame(refusal)
            g.refusal = refusal
        else:
            change_password(g.db, _user(), fresh, by="profile", keep_session=current_user.session_id)
            return done(_("Your password is changed. Every other browser is signed out."), ".show")
    return page(form=form, login=current_user.email)


@bp.post("/sessions/<uuid:session_id>/end")
@acts(SIGNED_IN, audit="session.ended")
def end(session_id: UUID) -> Response:
    """Sign out another browser of the same user."""
    require_token()
    if session_id not in {session.id for session in sessions_of(g.db, current_user.user_id)}:
        raise NotFound
    if session_id == current_user.session_id:
        raise Conflict(_("This is the browser you are using. Please sign out instead."))
    end_session(g.db, session_id)
    return done(_("That browser is signed out."), ".show")

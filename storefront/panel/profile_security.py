"""/panel/profile/security: how the customer signs in."""

from uuid import UUID

from flask import Blueprint, g, redirect, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from storefront.customers.contacts import contacts_behind
from storefront.customers.models import Customer
from storefront.customers.profiles import follow_email
from storefront.web import security_pages as pages
from storefront.web.guards import SIGNED_IN, acts, reads

bp = Blueprint("security", __name__, url_prefix="/security")
HERE = pages.Corner(
    endpoints="panel.profile.security",
    frame="panel/layout.html",
    home="panel.profile.show",
    renewal="panel.profile.password",
    end="panel.profile.end",
)


@bp.get("")
@reads(SIGNED_IN)
def show() -> Response:
    """What there is to sign in with, and where."""
    return pages.show(HERE)


@bp.route("/authenticator", methods=["GET", "POST"])
@acts(SIGNED_IN, audit="second_factor.switched_on", rate="sign_in_rate")
def authenticator() -> Response:
    """Switch on codes of an authenticator."""
    return pages.authenticator(HERE)


@bp.route("/email-codes", methods=["GET", "POST"])
@acts(SIGNED_IN, audit="second_factor.switched_on", rate="sign_in_rate")
def email_codes() -> Response:
    """Switch on codes by e-mail."""
    return pages.email_codes(HERE)


@bp.post("/code")
@acts(SIGNED_IN, audit="user.own_code_asked", rate="mail_rate")
def send_code() -> Response:
    """Send a code to the address the account has."""
    return pages.send_code(HERE)


@bp.route("/passkey", methods=["GET", "POST"])
@acts(SIGNED_IN, audit="second_factor.switched_on", rate="sign_in_rate")
def passkey() -> Response:
    """Make a passkey."""
    return pages.passkey(HERE)


@bp.route("/off/<factor>", methods=["GET", "POST"])
@acts(SIGNED_IN, audit="second_factor.switched_off", rate="sign_in_rate")
def off(factor: str) -> Response:
    """Switch codes off."""
    return pages.off(HERE, factor)


@bp.route("/passkeys/<uuid:passkey_id>/off", methods=["GET", "POST"])
@acts(SIGNED_IN, audit="second_factor.switched_off", rate="sign_in_rate")
def passkey_off(passkey_id: UUID) -> Response:
    """Remove a passkey."""
    return pages.passkey_off(HERE, passkey_id)


@bp.route("/recovery-codes", methods=["GET", "POST"])
@acts(SIGNED_IN, audit="second_factor.codes_renewed", rate="sign_in_rate")
def recovery_codes() -> Response:
    """Make new recovery codes."""
    return pages.recovery_codes(HERE)


@bp.route("/email", methods=["GET", "POST"])
@acts(SIGNED_IN, audit="user.email_change_asked", rate="sign_in_rate")
def email() -> Response:
    """Ask for another e-mail address."""
    return pages.email(HERE)


@bp.route("/email/code", methods=["GET", "POST"])
@acts(SIGNED_IN, audit="user.email_changed", rate="sign_in_rate")
def email_code() -> Response:
    """Take the code of the new address; the customer's papers go there too."""
    response, addresses = pages.email_code(HERE)
    if addresses is not None:
        customer = g.db.require(Customer, current_user.customer_id)
        follow_email(g.db, customer, *addresses)
        if contacts_behind(g.db, customer.id, {addresses[0].lower()}):
            # They are asked about there: a contact may belong to somebody else.
            return redirect(url_for("panel.contacts.list"), 303)
    return response


@bp.post("/sessions/end-others")
@acts(SIGNED_IN, audit="session.ended")
def end_others() -> Response:
    """Sign out every other browser."""
    return pages.end_others(HERE)

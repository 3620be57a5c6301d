"""How somebody signs in, as pages: one kit for the customer's panel and the reseller's office.

Each function answers one address; ``Corner`` says whose corner of the site it is. Everything weighty asks for the
present password, and for a second factor besides once there is one: else a password and a borrowed session would
be enough to be rid of it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import g, redirect, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from storefront.core.errors import Conflict, NotFound, Refused
from storefront.core.i18n import Text
from storefront.core.i18n import lazy_gettext as _
from storefront.identity import second_factor as actions
from storefront.identity import totp
from storefront.identity.browsers import browser_name
from storefront.identity.email_change import ask_email_change, confirm_email_change, find_email_change
from storefront.identity.factors import AUTHENTICATOR, EMAIL, PASSKEY, factors_of
from storefront.identity.models import LoginUser
from storefront.identity.new_passwords import change_password, check_own_password, hash_new_password, personal_facts
from storefront.identity.own_codes import find_own_code, send_own_code
from storefront.identity.passkeys import creation_options, is_fresh_challenge, new_challenge, request_options
from storefront.identity.proving import Proof, require_proof, ways
from storefront.identity.recovery_codes import LOW, recovery_codes_left
from storefront.identity.sessions import end_session, end_sessions_of, sessions_of
from storefront.identity.staff import Enrolment
from storefront.identity.staff_policy import needs_second_factor
from storefront.web.forms import require_token
from storefront.web.guards import is_unsafe
from storefront.web.next_path import own_path
from storefront.web.passkey_place import passkey_place
from storefront.web.rendering import done, page
from storefront.web.security_forms import (
    AuthenticatorForm,
    CodeForm,
    EmailCodesForm,
    EmailForm,
    OffForm,
    PasskeyForm,
    PasswordForm,
    PresentForm,
    ProofForm,
)
from tenants.resellers import current_reseller


@dataclass(frozen=True, kw_only=True)
class Corner:
    """Where these pages stand: the endpoints' beginning, the frame around them, the page of one's own above them."""

    endpoints: str
    frame: str
    home: str
    renewal: str  # the endpoint where the password is changed
    end: str  # the endpoint that signs one browser out

    def at(self, view: str) -> str:
        """Return the endpoint of a view."""
        return f"{self.endpoints}.{view}"


@dataclass(frozen=True, kw_only=True)
class Again:
    """By what somebody proves once more that it is them, and what the page needs for it."""

    by: str
    others: Sequence[str]
    is_sent: bool
    options: str


def _possible(user: LoginUser, but: str) -> list[str]:
    """List by what somebody can prove it again; empty without a second factor."""
    factors = factors_of(g.db, user)
    return [way for way in ways(factors, g.host) if way != but] if factors.has_any else []


def _choose_way(form: ProofForm, user: LoginUser, but: str = "") -> None:
    possible = _possible(user, but)
    by = request.values.get("by", "")
    form.by.data = by if by in possible else next(iter(possible), "")


def _prove_again(form: ProofForm, but: str = "") -> None:
    """Make sure of a second factor where there is one, before anything is changed. Raises ``Refused``."""
    user = _user()
    possible, challenge = _possible(user, but), form.challenge.data or ""
    if not possible:
        return
    if form.by.data not in possible:
        raise Refused(_("This page was open for too long. Please try once more."))
    if form.by.data == PASSKEY:
        _require_fresh(challenge)
    proof = Proof(by=form.by.data, typed=form.proved(), at=passkey_place())
    require_proof(g.db, user, proof, challenge=challenge, field="proof")


def _again(form: ProofForm, user: LoginUser, but: str = "") -> Again | None:
    """Return what the page shows for it."""
    by = form.by.data
    if not by:
        return None
    options = ""
    if by == PASSKEY:
        form.challenge.data = new_challenge(g.db.config, current_user.session_id, g.db.now)
        form.credential.data = ""
        at = passkey_place()
        options = request_options(form.challenge.data, at=at, known=factors_of(g.db, user).passkeys_at(at.host))
    is_sent = by == EMAIL and find_own_code(g.db, user) is not None
    others = [way for way in _possible(user, but) if way != by]
    return Again(by=by, others=others, is_sent=is_sent, options=options)


def _user() -> LoginUser:
    found: LoginUser = g.db.require(LoginUser, current_user.user_id)
    return found


def _page(corner: Corner, template: str, **context: Any) -> Response:
    return page(template, corner=corner, frame=corner.frame, **context)


def _knows_password(form: PresentForm) -> bool:
    """Compare the present password. Before anything is changed, since it gives the connection back."""
    try:
        check_own_password(g.db, _user(), form.present.data or "", field="present")
    except Refused as refusal:
        form.blame(refusal)
        g.refusal = refusal
        return False
    return True


def show(corner: Corner) -> Response:
    """What there is to sign in with, and where somebody is signed in."""
    user = _user()
    return _page(
        corner,
        "account/security/_show.html",
        user=user,
        factors=factors_of(g.db, user),
        left=recovery_codes_left(g.db, user),
        is_low=LOW,
        is_required=needs_second_factor(g.db, user.kind, user.role),
        sessions=[(session, browser_name(session.browser)) for session in sessions_of(g.db, user.id)],
        this_session=current_user.session_id,
    )


def authenticator(corner: Corner) -> Response:
    """Switch on codes of an authenticator: scan, type the first code."""
    user, form = _user(), AuthenticatorForm()
    _choose_way(form, user)
    if form.submitted() and _knows_password(form):
        with form.blames_refusals():
            _prove_again(form)
            codes = actions.switch_on_authenticator(
                g.db, _user(), form.offer.data or "", form.code.data or "", session_id=current_user.session_id
            )
            return _switched_on(corner, codes, _("Codes of your authenticator are asked for from now on."))
    try:
        secret = actions.offered_secret(g.db, user, form.offer.data or "")
    except Refused:
        form.offer.data = actions.offer_authenticator(g.db, user)
        secret = actions.offered_secret(g.db, user, form.offer.data)
    uri = totp.enrolment_uri(secret, account=user.login, issuer=current_reseller(g.db).name)
    enrolment = Enrolment(secret=secret, uri=uri)
    return _page(
        corner,
        "account/security/_authenticator.html",
        form=form,
        login=user.login,
        enrolment=enrolment,
        again=_again(form, user),
    )


def email_codes(corner: Corner) -> Response:
    """Switch on codes by e-mail, once one has arrived."""
    user, form = _user(), EmailCodesForm()
    # The one code of a letter cannot be both.
    _choose_way(form, user, EMAIL)
    if form.submitted() and _knows_password(form):
        with form.blames_refusals():
            _prove_again(form, EMAIL)
            codes = actions.switch_on_email_codes(
                g.db, _user(), form.code.data or "", session_id=current_user.session_id
            )
            return _switched_on(corner, codes, _("Codes by e-mail are asked for from now on."))
    is_sent = find_own_code(g.db, user) is not None
    return _page(
        corner,
        "account/security/_email_codes.html",
        form=form,
        email=user.email,
        login=user.login,
        is_sent=is_sent,
        again=_again(form, user, EMAIL),
    )


def send_code(corner: Corner) -> Response:
    """Send a code to the address the account has, for the page it was asked from."""
    require_token()
    send_own_code(g.db, _user())
    back = own_path(request.form.get("next")) or url_for(corner.at("show"))
    return redirect(back, 303)


def passkey(corner: Corner) -> Response:
    """Make a passkey; the browser's part is js/passkey.js."""
    user, form = _user(), PasskeyForm()
    at, challenge = passkey_place(), form.challenge.data or ""
    # The device is asked once, for the new one.
    _choose_way(form, user, PASSKEY)
    if form.submitted() and _knows_password(form):
        with form.blames_refusals():
            _prove_again(form, PASSKEY)
            _require_fresh(challenge)
            codes = actions.switch_on_passkey(
                g.db,
                _user(),
                form.credential.data or "",
                challenge=challenge,
                at=at,
                name=form.name.data or "",
                session_id=current_user.session_id,
            )
            return _switched_on(corner, codes, _("Your passkey is asked for from now on."))
    form.challenge.data = new_challenge(g.db.config, current_user.session_id, g.db.now)
    form.credential.data = ""
    form.name.data = form.name.data or str(browser_name(request.user_agent.string))
    known = factors_of(g.db, user).passkeys_at(at.host)
    options = creation_options(user, form.challenge.data, at=at, shop=current_reseller(g.db).name, known=known)
    again = _again(form, user, PASSKEY)
    return _page(corner, "account/security/_passkey.html", form=form, login=user.login, options=options, again=again)


def _require_fresh(challenge: str) -> None:
    if not is_fresh_challenge(g.db.config, challenge, current_user.session_id, g.db.now):
        raise Refused(_("This page was open for too long. Please try once more."))


def _switched_on(corner: Corner, codes: Sequence[str], message: Text) -> Response:
    """Show new recovery codes, the only time; without new ones lead back."""
    return _show_codes(corner, codes, message) if codes else done(message, corner.at("show"))


def _show_codes(corner: Corner, codes: Sequence[str], message: Text) -> Response:
    shop = current_reseller(g.db).name
    return _page(corner, "account/security/_codes.html", codes=codes, message=message, shop=shop, login=_user().login)


def off(corner: Corner, factor: str) -> Response:
    """Switch codes of an authenticator or by e-mail off."""
    if factor not in (AUTHENTICATOR, EMAIL):
        raise NotFound
    return _off(corner, factor, None)


def passkey_off(corner: Corner, passkey_id: UUID) -> Response:
    """Remove a passkey."""
    return _off(corner, PASSKEY, passkey_id)


def _off(corner: Corner, factor: str, passkey_id: UUID | None) -> Response:
    user, form = _user(), OffForm()
    factors = factors_of(g.db, user)
    chosen = next((each for each in factors.passkeys if each.id == passkey_id), None)
    if not {AUTHENTICATOR: factors.has_authenticator, EMAIL: factors.has_email_codes}.get(factor, chosen is not None):
        raise NotFound
    at, possible = passkey_place(), ways(factors, g.host)
    by = request.values.get("by", "")
    form.by.data = by = by if by in possible else possible[0]
    challenge = form.challenge.data or ""
    if form.submitted() and _knows_password(form):
        with form.blames_refusals():
            user = _user()
            if by == PASSKEY:
                _require_fresh(challenge)
            require_proof(g.db, user, Proof(by=by, typed=form.typed(), at=at), challenge=challenge)
            needed = needs_second_factor(g.db, user.kind, user.role)
            actions.switch_off(g.db, user, factor, is_required=needed, passkey_id=passkey_id)
            return done(_("It is switched off. Nobody is asked for it any more."), corner.at("show"))
    form.challenge.data = new_challenge(g.db.config, current_user.session_id, g.db.now)
    form.credential.data = ""
    return _page(
        corner,
        "account/security/_off.html",
        form=form,
        login=user.login,
        factor=factor,
        passkey=chosen,
        by=by,
        others=[way for way in possible if way != by],
        is_last=factors.count == 1,
        is_sent=by == EMAIL and find_own_code(g.db, user) is not None,
        options=request_options(form.challenge.data, at=at, known=factors.passkeys_at(at.host))
        if by == PASSKEY
        else "",
    )


def recovery_codes(corner: Corner) -> Response:
    """Make ten new recovery codes and show them once."""
    user, form = _user(), ProofForm()
    _choose_way(form, user)
    if form.submitted() and _knows_password(form):
        with form.blames_refusals():
            _prove_again(form)
            codes = actions.renew_recovery_codes(g.db, _user())
            return _show_codes(corner, codes, _("These are your new recovery codes. The ones before are void."))
    left, again = recovery_codes_left(g.db, user), _again(form, user)
    return _page(corner, "account/security/_recovery_codes.html", form=form, login=user.login, left=left, again=again)


def password(corner: Corner) -> Response:
    """Change the password; every other browser is signed out."""
    facts = personal_facts(_user())
    form = PasswordForm(personal=facts)
    if form.submitted() and _knows_password(form):
        try:
            # Takes its time, so it comes before anything is changed and without a connection held.
            fresh = hash_new_password(g.db, form.password.data or "", personal=facts)
        except Refused as refusal:
            form.blame(refusal)
            g.refusal = refusal
        else:
            change_password(g.db, _user(), fresh, by="profile", keep_session=current_user.session_id)
            return done(_("Your password is changed. Every other browser is signed out."), corner.at("show"))
    return _page(corner, "account/security/_password.html", form=form, login=_user().login)


def email(corner: Corner) -> Response:
    """Ask for another address; the account keeps the one it has until the new one has shown itself."""
    user, form = _user(), EmailForm()
    _choose_way(form, user)
    if form.submitted() and _knows_password(form):
        with form.blames_refusals():
            _prove_again(form)
            ask_email_change(g.db, _user(), form.email.data or "")
            return redirect(url_for(corner.at("email_code")), 303)
    again = _again(form, user)
    return _page(corner, "account/security/_email.html", form=form, login=user.login, email=user.email, again=again)


def email_code(corner: Corner) -> tuple[Response, tuple[str, str] | None]:
    """Take the code that was sent to the new address; returns the addresses before and after once it is changed."""
    user, form = _user(), CodeForm()
    waiting = find_email_change(g.db, user)
    if waiting is None:
        if is_unsafe():
            raise Refused(_("This code is no longer good. Please ask for a new one."))
        return redirect(url_for(corner.at("email")), 303), None
    if form.submitted():
        with form.blames_refusals():
            addresses = confirm_email_change(g.db, user, form.code.data or "")
            return done(_("Your account has its new e-mail address."), corner.at("show")), addresses
    return _page(corner, "account/security/_email_code.html", form=form, email=waiting[1]), None


def end(corner: Corner, session_id: UUID) -> Response:
    """Sign out another browser of the same user."""
    require_token()
    if session_id not in {session.id for session in sessions_of(g.db, current_user.user_id)}:
        raise NotFound
    if session_id == current_user.session_id:
        raise Conflict(_("This is the browser you are using. Please sign out instead."))
    end_session(g.db, session_id)
    return done(_("That browser is signed out."), corner.at("show"))


def end_others(corner: Corner) -> Response:
    """Sign out every browser but this one."""
    require_token()
    end_sessions_of(g.db, current_user.user_id, but=current_user.session_id)
    return done(_("Every other browser is signed out."), corner.at("show"))

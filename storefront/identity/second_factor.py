"""Switch second factors on and off; only what was tried once is switched on."""

from uuid import UUID

from sqlalchemy import delete, update

from storefront.core.audit import record
from storefront.core.db import Work
from storefront.core.errors import NotFound, Refused
from storefront.core.i18n import lazy_gettext as _
from storefront.core.outbox import publish
from storefront.core.sealing import Unsealable, seal, unseal
from storefront.identity import own_codes, totp
from storefront.identity.events import SecondFactorChanged
from storefront.identity.factors import AUTHENTICATOR, EMAIL, PASSKEY, TOTP, factors_of, take_totp
from storefront.identity.known_browsers import trust_no_browser
from storefront.identity.models import LoginSession, LoginUser, Passkey
from storefront.identity.passkeys import Place, add_passkey
from storefront.identity.recovery_codes import forget_recovery_codes, new_recovery_codes, recovery_codes_left
from storefront.identity.sessions import end_sessions_of

OFFERED = "totp_offered"


def offer_authenticator(db: Work, user: LoginUser) -> str:
    """Make a secret for an authenticator and seal it for the page; nothing is kept before its first code was typed."""
    return seal(db.config, f"{user.id}/{totp.new_secret()}", purpose=OFFERED, owner=db.reseller_id)


def offered_secret(db: Work, user: LoginUser, offer: str) -> str:
    """Return the secret that was offered to this user. Raises ``Refused``."""
    try:
        user_id, _slash, secret = unseal(db.config, offer, purpose=OFFERED, owner=db.reseller_id).partition("/")
    except Unsealable:
        user_id, secret = "", ""
    if user_id != str(user.id):
        raise Refused(_("This page was open for too long. Please open it again."))
    return secret


def switch_on_authenticator(db: Work, user: LoginUser, offer: str, code: str, *, session_id: UUID) -> tuple[str, ...]:
    """Begin to ask for codes of an authenticator, once it has shown a right one; returns new recovery codes if any."""
    secret = offered_secret(db, user, offer)
    user.totp_sealed, user.totp_counter = seal(db.config, secret, purpose=TOTP, owner=db.reseller_id), 0
    db.flush()
    if not take_totp(db, user, code):
        raise Refused(_("This code is not right. Please type the one that the app shows now."), field="code")
    return _switched_on(db, user, AUTHENTICATOR, session_id)


def switch_on_email_codes(db: Work, user: LoginUser, code: str, *, session_id: UUID) -> tuple[str, ...]:
    """Begin to ask for codes by e-mail, once one has arrived; returns new recovery codes if any."""
    if not own_codes.take_own_code(db, user, code):
        raise Refused(_("This is not the code we sent last. Please look at the newest letter."), field="code")
    user.email_codes_at = db.now
    user.email_confirmed_at = user.email_confirmed_at or db.now
    return _switched_on(db, user, EMAIL, session_id)


def switch_on_passkey(
    db: Work, user: LoginUser, answer: str, *, challenge: str, at: Place, name: str, session_id: UUID
) -> tuple[str, ...]:
    """Begin to ask for a passkey that was just made; returns new recovery codes if any."""
    add_passkey(db, user, answer, challenge=challenge, at=at, name=name)
    return _switched_on(db, user, PASSKEY, session_id)


def _switched_on(db: Work, user: LoginUser, factor: str, session_id: UUID) -> tuple[str, ...]:
    """Whoever was signed in elsewhere without it is signed out; who switched it on has just proved it."""
    end_sessions_of(db, user.id, but=session_id)
    trust_no_browser(db, user)
    _mark_sessions(db, user, proved=True)
    publish(db, SecondFactorChanged(user_id=user.id, factor=factor, is_on=True))
    record(db, "second_factor.switched_on", user, after={"factor": factor})
    return () if recovery_codes_left(db, user) else new_recovery_codes(db, user)


def switch_off(db: Work, user: LoginUser, factor: str, *, is_required: bool, passkey_id: UUID | None = None) -> None:
    """Stop asking for a factor. Raises ``NotFound`` if it is not on, ``Refused`` for the last where one is needed."""
    factors = factors_of(db, user)
    keys = {passkey.id: passkey for passkey in factors.passkeys}
    is_on = {
        AUTHENTICATOR: factors.has_authenticator,
        EMAIL: factors.has_email_codes,
        PASSKEY: passkey_id in keys,
    }
    if not is_on.get(factor):
        raise NotFound
    if is_required and factors.count == 1:
        raise Refused(_("Your account needs a second factor. Switch another one on first, then this one off."))
    if factor == AUTHENTICATOR:
        user.totp_sealed = ""
    elif factor == EMAIL:
        user.email_codes_at = None
    else:
        db.execute(delete(Passkey).where(Passkey.reseller_id == user.reseller_id, Passkey.id == passkey_id))
    trust_no_browser(db, user)
    if factors.count == 1:
        forget_recovery_codes(db, user)
        _mark_sessions(db, user, proved=False)
    publish(db, SecondFactorChanged(user_id=user.id, factor=factor, is_on=False))
    record(db, "second_factor.switched_off", user, before={"factor": factor})


def renew_recovery_codes(db: Work, user: LoginUser) -> tuple[str, ...]:
    """Make ten new recovery codes; those before are void. Raises ``Refused`` where no factor is on."""
    if not factors_of(db, user).has_any:
        raise Refused(_("Recovery codes come with a second factor. Please switch one on first."))
    record(db, "second_factor.codes_renewed", user)
    return new_recovery_codes(db, user)


def _mark_sessions(db: Work, user: LoginUser, *, proved: bool) -> None:
    db.execute(
        update(LoginSession)
        .where(LoginSession.reseller_id == user.reseller_id, LoginSession.user_id == user.id)
        .values(second_factor_at=db.now if proved else None)
        .execution_options(synchronize_session=False),
    )

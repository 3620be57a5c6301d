"""The second step of a sign-in: a code of the authenticator, by e-mail or for recovery, or a passkey."""

from dataclasses import dataclass

from storefront.core.db import Work
from storefront.core.errors import Refused
from storefront.core.i18n import Text
from storefront.core.i18n import lazy_gettext as _
from storefront.identity import own_codes, passkeys, secret_codes
from storefront.identity.events import SignInFailed
from storefront.identity.factors import AUTHENTICATOR, EMAIL, PASSKEY, RECOVERY, Factors, factors_of, take_totp
from storefront.identity.models import LoginUser, SecretCode
from storefront.identity.recovery_codes import take_recovery_code
from storefront.identity.sign_in import PROVE, Step, goes_on, require_going_on, rests


@dataclass(frozen=True, kw_only=True)
class Prover:
    """Who is about to prove that it is them, with what, and the challenge that a passkey signs."""

    user: LoginUser
    factors: Factors
    challenge: str


@dataclass(frozen=True, kw_only=True)
class Proof:
    """What somebody gave: ``by`` is a factor, ``typed`` a code or the answer of a passkey; ``at`` the place of keys."""

    by: str
    typed: str
    at: passkeys.Place


def find_prover(db: Work, token: str) -> Prover | None:
    """Return who is about to prove that it is them."""
    row = secret_codes.find(db, PROVE, token)
    user = db.find(LoginUser, row.user_id) if row is not None else None
    if row is None or user is None or not goes_on(user, str(row.facts.get("password", ""))):
        return None
    return Prover(user=user, factors=factors_of(db, user), challenge=str(row.facts.get("challenge", "")))


def ways(factors: Factors, host: str) -> list[str]:
    """List by what somebody can prove it on this host, the surest first; recovery codes are always the last way."""
    can = {
        PASSKEY: bool(factors.passkeys_at(host)),
        AUTHENTICATOR: factors.has_authenticator,
        EMAIL: factors.has_email_codes,
        RECOVERY: True,
    }
    return [way for way, is_there in can.items() if is_there]


def send_code(db: Work, token: str) -> None:
    """Send a code for the second step to the address of the account. Raises ``Refused`` and ``TooMany``."""
    row = secret_codes.require_open(db, PROVE, token)
    user = _require_user(db, row)
    if user.email_codes_at is None:
        raise Refused(_("Codes by e-mail are not switched on for this account."))
    own_codes.send_own_code(db, user)


def prove(db: Work, token: str, proof: Proof, *, trusts_browser: bool = False) -> Step:
    """Take a proof; each counts once. Raises ``Refused``; wrong ones rest the account as wrong passwords do."""
    row = secret_codes.require_open(db, PROVE, token)
    user = _require_user(db, row)
    require_proof(db, user, proof, challenge=str(row.facts.get("challenge", "")))
    row.used_at = db.now
    return Step(kind="in", user=user, has_second_factor=True, trusts_browser=trusts_browser)


def _require_user(db: Work, row: SecretCode) -> LoginUser:
    if row.user_id is None:
        raise Refused(secret_codes.too_late())
    return require_going_on(db, row.user_id, str(row.facts.get("password", "")))


def require_proof(db: Work, user: LoginUser, proof: Proof, *, challenge: str, field: str = "code") -> None:
    """Make sure that somebody has a second factor of theirs at hand. Raises ``Refused``; a wrong one is counted."""
    if rests(user.locked_until, db.now):
        raise Refused(_("After five wrong tries an account rests for five minutes. Please wait."), field=field)
    if not _is_good(db, user, proof, challenge):
        failed = SignInFailed(key=user.login_key, kinds=user.kind, user_id=user.id)
        raise Refused(_wrong(proof.by), field=field, remember=failed)


def _is_good(db: Work, user: LoginUser, proof: Proof, challenge: str) -> bool:
    match proof.by:
        case "authenticator":
            return take_totp(db, user, proof.typed)
        case "email":
            return user.email_codes_at is not None and own_codes.take_own_code(db, user, proof.typed)
        case "passkey":
            return bool(challenge) and passkeys.take_passkey(
                db, user, proof.typed, challenge=challenge.encode(), at=proof.at
            )
        case "recovery":
            return take_recovery_code(db, user, proof.typed)
        case _:
            return False


def _wrong(by: str) -> Text:
    sentences = {
        AUTHENTICATOR: _("This code is not right, or it was used already. Please type the one that is shown now."),
        EMAIL: _("This is not the code we sent last. Please look at the newest letter."),
        PASSKEY: _("This passkey could not be used here. Please try once more or choose another way."),
    }
    return sentences.get(by, _("This recovery code is not right, or it was used already."))

"""Passkeys (WebAuthn Level 2): one made on a device and kept, one used to prove who somebody is."""

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select

from storefront.core import ids
from storefront.core.config import Config
from storefront.core.db import Work
from storefront.core.errors import Refused
from storefront.core.i18n import lazy_gettext as _
from storefront.core.sealing import is_signed, sign
from storefront.identity.models import LoginUser, Passkey

PURPOSE = "passkey"
CHALLENGE_LASTS = timedelta(minutes=10)
LONGEST_ANSWER = 20_000
MOST = 10  # of one account
WAIT_MS = 120_000


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where passkeys are used: the host they are bound to, and the origin the browser says it is at."""

    host: str
    origin: str


def new_challenge(config: Config, session_id: UUID, now: datetime) -> str:
    """Make what a new passkey signs, good for this session and ten minutes; nothing is kept of it."""
    said = f"{int((now + CHALLENGE_LASTS).timestamp())}.{ids.token()}"
    return f"{said}.{sign(config, f'{session_id}/{said}', purpose=PURPOSE)}"


def is_fresh_challenge(config: Config, challenge: str, session_id: UUID, now: datetime) -> bool:
    """Tell whether a challenge was made for this session less than ten minutes ago."""
    until, _dot, rest = challenge.partition(".")
    token, _dot, signature = rest.partition(".")
    is_ours = is_signed(config, f"{session_id}/{until}.{token}", signature, purpose=PURPOSE)
    return is_ours and until.isdecimal() and int(until) > now.timestamp()


def creation_options(user: LoginUser, challenge: str, *, at: Place, shop: str, known: Sequence[Passkey]) -> str:
    """Return, as JSON, what a browser needs to make a passkey."""
    return json.dumps(
        {
            "rp": {"id": at.host, "name": shop},
            "user": {"id": _text(user.id.bytes), "name": user.login, "displayName": user.name},
            "challenge": _text(challenge.encode()),
            # ES256, EdDSA, RS256: what the library checks and devices have (RFC 8152, RFC 8812).
            "pubKeyCredParams": [{"type": "public-key", "alg": number} for number in (-7, -8, -257)],
            "timeout": WAIT_MS,
            "excludeCredentials": _described(known),
            "authenticatorSelection": {"residentKey": "preferred", "userVerification": "preferred"},
            "attestation": "none",
        },
    )


def request_options(challenge: str, *, at: Place, known: Sequence[Passkey]) -> str:
    """Return, as JSON, what a browser needs to use one of the passkeys."""
    return json.dumps(
        {
            "rpId": at.host,
            "challenge": _text(challenge.encode()),
            "allowCredentials": _described(known),
            "timeout": WAIT_MS,
            "userVerification": "preferred",
        },
    )


def _described(known: Sequence[Passkey]) -> list[dict[str, str]]:
    return [{"type": "public-key", "id": passkey.credential} for passkey in known]


def add_passkey(db: Work, user: LoginUser, answer: str, *, challenge: str, at: Place, name: str) -> Passkey:
    """Keep a passkey that a browser has just made. Raises ``Refused``."""
    # Some 0.4 s to import: only who uses a passkey waits for it.
    from webauthn import verify_registration_response  # noqa: PLC0415 - see above

    try:
        made = verify_registration_response(
            credential=_read(answer),
            expected_challenge=challenge.encode(),
            expected_rp_id=at.host,
            expected_origin=at.origin,
        )
    except Exception as error:  # whatever a hostile answer breaks in the parsers, it is no passkey
        raise Refused(_("The passkey could not be made. Please try once more.")) from error
    known = select(Passkey.credential).where(Passkey.reseller_id == db.reseller_id)
    credential = _text(made.credential_id)
    if db.scalar(known.where(Passkey.credential == credential)) is not None:
        raise Refused(_("This passkey is known already."))
    if len(db.scalars(known.where(Passkey.user_id == user.id))) >= MOST:
        raise Refused(_("You have as many passkeys as one account can have. Please remove one first."))
    passkey = Passkey(
        user_id=user.id,
        credential=credential,
        public_key=_text(made.credential_public_key),
        sign_count=made.sign_count,
        host=at.host,
        name=name,
        created_at=db.now,
    )
    db.add(passkey)
    db.flush()
    return passkey


def take_passkey(db: Work, user: LoginUser, answer: str, *, challenge: bytes, at: Place) -> bool:
    """Tell whether a passkey of this user signed the challenge, here and now; its counter only ever rises."""
    from webauthn import verify_authentication_response  # noqa: PLC0415 - 0.4 s, only for who uses a passkey

    try:
        given = _read(answer)
    except (ValueError, RecursionError):
        return False
    own = select(Passkey).where(Passkey.reseller_id == user.reseller_id, Passkey.user_id == user.id)
    passkey = db.scalar(own.where(Passkey.credential == str(given.get("id", "")), Passkey.host == at.host))
    if passkey is None:
        return False
    passkey = db.lock(passkey)
    try:
        used = verify_authentication_response(
            credential=given,
            expected_challenge=challenge,
            expected_rp_id=at.host,
            expected_origin=at.origin,
            credential_public_key=_bytes(passkey.public_key),
            credential_current_sign_count=passkey.sign_count,
        )
    except Exception:  # noqa: BLE001 - whatever a hostile answer breaks in the parsers, it is no proof
        return False
    passkey.sign_count, passkey.used_at = used.new_sign_count, db.now
    return True


def _read(answer: str) -> dict[str, Any]:
    """Read what a browser sent. Raises ``ValueError``."""
    given = json.loads(answer[:LONGEST_ANSWER])
    if not isinstance(given, dict):
        message = "no answer of an authenticator"
        raise ValueError(message)  # noqa: TRY004 - what was typed is wrong, not our call
    return given


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def _bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))

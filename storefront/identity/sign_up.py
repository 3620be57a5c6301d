"""A code by e-mail before an account is made: six digits, thirty minutes, five tries (decision 20)."""

import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import update

from storefront.core import ids
from storefront.core.db import Work
from storefront.core.errors import Refused
from storefront.core.i18n import Text, current_locale
from storefront.core.i18n import lazy_gettext as _
from storefront.core.limits import spend
from storefront.core.outbox import keeps, publish
from storefront.core.sealing import is_signed, seal, sign, unseal
from storefront.identity import secret_codes
from storefront.identity.email_addresses import EmailAddress, read_email
from storefront.identity.events import LETTER, SignUpCodeAsked, SignUpCodeMissed
from storefront.identity.models import SecretCode

PURPOSE = "sign_up"
LASTS = timedelta(minutes=30)
TRIES = 5


def ask_code(db: Work, email: str, *, name: str, facts: Mapping[str, Any]) -> str:
    """Keep what was typed, sealed, and send a code to the address; returns the token for the browser's cookie.

    Raises ``TooMany`` when this address was written to too often.
    """
    address = read_email(email)
    _spend_letter(db, address)
    kept = {**facts, "email": address.address, "name": name}
    sealed = seal(db.config, json.dumps(kept), purpose=PURPOSE, owner=db.reseller_id)
    row, token = secret_codes.issue(db, PURPOSE, lasts=LASTS, email_key=address.key, facts={"sealed": sealed})
    db.flush()
    _send(db, row, address.address, name)
    return token


def send_code_again(db: Work, token: str) -> None:
    """Send another code to the same address; the one before is void. Raises ``Refused`` and ``TooMany``."""
    row = _require_pending(db, token)
    kept = _facts_of(db, row)
    _spend_letter(db, read_email(kept["email"]))
    row.tries, row.until = 0, db.now + LASTS
    _send(db, row, kept["email"], kept["name"])


def _spend_letter(db: Work, address: EmailAddress) -> None:
    spend(db.config, db.config.mail_rate, "sign_up", str(db.reseller_id), address.key)


def _send(db: Work, row: SecretCode, email: str, name: str) -> None:
    code = ids.digits()
    row.facts = {**row.facts, "proof": sign(db.config, f"{row.id}/{code}", purpose=PURPOSE, owner=db.reseller_id)}
    letter = json.dumps({"email": email, "name": name, "code": code})
    sealed = seal(db.config, letter, purpose=LETTER, owner=db.reseller_id)
    publish(db, SignUpCodeAsked(code_id=row.id, locale=current_locale(), until=row.until, sealed=sealed))


def find_pending(db: Work, token: str) -> dict[str, Any] | None:
    """Return what somebody typed who still has to type the code; ``None`` when there is nobody like that."""
    row = secret_codes.find(db, PURPOSE, token)
    return _facts_of(db, row) if row is not None else None


def take_code(db: Work, token: str, typed: str) -> dict[str, Any]:
    """Use up the code and return what was typed before. Raises ``Refused``; a wrong try is counted all the same."""
    row = _require_pending(db, token)
    if row.tries >= TRIES:
        raise Refused(_("That was the fifth wrong code. Please ask for a new one."), field="code")
    code = "".join(typed.split()).replace("-", "")[:20]
    proof = row.facts.get("proof", "")
    if not is_signed(db.config, f"{row.id}/{code}", proof, purpose=PURPOSE, owner=db.reseller_id):
        message = _("This is not the code we sent last. Please look at the newest letter.")
        raise Refused(message, field="code", remember=SignUpCodeMissed(code_id=row.id))
    row.used_at = db.now
    return _facts_of(db, row)


def _require_pending(db: Work, token: str) -> SecretCode:
    row = secret_codes.find(db, PURPOSE, token)
    row = db.lock(row) if row is not None else None
    if row is None or row.used_at is not None:
        raise Refused(_stale(), field="code")
    return row


def _facts_of(db: Work, row: SecretCode) -> dict[str, Any]:
    kept: dict[str, Any] = json.loads(unseal(db.config, row.facts["sealed"], purpose=PURPOSE, owner=row.reseller_id))
    return {**kept, "tries_left": max(0, TRIES - row.tries)}


def _stale() -> Text:
    return _("This code is no longer good. Please ask for a new one.")


@keeps(SignUpCodeMissed)
def count_miss(db: Work, event: SignUpCodeMissed) -> None:
    """Count a wrong try."""
    db.execute(
        update(SecretCode)
        .where(SecretCode.reseller_id == db.reseller_id, SecretCode.id == event.code_id)
        .values(tries=SecretCode.tries + 1)
        .execution_options(synchronize_session=False),
    )

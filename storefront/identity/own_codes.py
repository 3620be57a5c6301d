"""A code to the address that an account has already: for the second step, and before something weighty is changed."""

import json
from datetime import timedelta

from sqlalchemy import select

from storefront.core.db import Work
from storefront.core.i18n import current_locale
from storefront.core.limits import spend
from storefront.core.outbox import publish
from storefront.core.sealing import seal
from storefront.identity import secret_codes
from storefront.identity.events import LETTER, OwnCodeAsked
from storefront.identity.models import LoginUser, SecretCode
from storefront.identity.typed_codes import is_code, make_code

PURPOSE = "own_code"
LASTS = timedelta(minutes=10)


def send_own_code(db: Work, user: LoginUser) -> None:
    """Send six digits to the address of an account; those before are void. Raises ``TooMany``."""
    spend(db.config, db.config.mail_rate, "own_code", str(db.reseller_id), str(user.id))
    secret_codes.void(db, PURPOSE, user.id)
    row, _token = secret_codes.issue(db, PURPOSE, lasts=LASTS, user_id=user.id, email_key=user.email_key)
    letter = json.dumps({"code": make_code(db, row)})
    sealed = seal(db.config, letter, purpose=LETTER, owner=db.reseller_id)
    publish(db, OwnCodeAsked(user_id=user.id, locale=current_locale(), until=row.until, sealed=sealed))


def find_own_code(db: Work, user: LoginUser) -> SecretCode | None:
    """Return the row of the code that was sent last while it is good."""
    return db.scalar(
        select(SecretCode)
        .where(SecretCode.reseller_id == user.reseller_id, SecretCode.purpose == PURPOSE)
        .where(SecretCode.user_id == user.id, SecretCode.used_at.is_(None), SecretCode.until > db.now)
        .order_by(SecretCode.created_at.desc())
        .limit(1),
    )


def take_own_code(db: Work, user: LoginUser, typed: str) -> bool:
    """Use the code up; False if it is wrong. Wrong tries are counted for the account, so not here once more."""
    row = find_own_code(db, user)
    if row is None:
        return False
    row = db.lock(row)
    if row.used_at is not None or row.email_key != user.email_key or not is_code(db, row, typed):
        return False
    row.used_at = db.now
    return True

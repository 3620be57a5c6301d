"""Tokens and codes that are good once and not for long: issued, found, used up."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import CursorResult, Update, select, update

from storefront.core import ids
from storefront.core.db import Work
from storefront.core.errors import Refused
from storefront.core.i18n import Text
from storefront.core.i18n import lazy_gettext as _
from storefront.core.sealing import hash_token
from storefront.identity.models import SecretCode

LONGEST_TOKEN = 100


def issue(
    db: Work,
    purpose: str,
    *,
    lasts: timedelta,
    user_id: UUID | None = None,
    email_key: str = "",
    facts: Mapping[str, Any] | None = None,
    token: str = "",
) -> tuple[SecretCode, str]:
    """Make a token of 256 bits, or take one that a browser has already; only its hash is kept."""
    token = token or ids.token()
    row = SecretCode(
        purpose=purpose,
        user_id=user_id,
        email_key=email_key,
        code_hash=hash_token(token),
        facts=dict(facts or {}),
        created_at=db.now,
        until=db.now + lasts,
    )
    return db.add(row), token


def find(db: Work, purpose: str, token: str) -> SecretCode | None:
    """Return the row of a token while it is good. Looking does not use it up."""
    if not token or len(token) > LONGEST_TOKEN:
        return None
    statement = select(SecretCode).where(
        SecretCode.reseller_id == db.reseller_id,
        SecretCode.purpose == purpose,
        SecretCode.code_hash == hash_token(token),
        SecretCode.used_at.is_(None),
        SecretCode.until > db.now,
    )
    return db.scalar(statement)


def require_open(db: Work, purpose: str, token: str) -> SecretCode:
    """Hold the row of a token that is still good, so that of many at once only one goes on. Raises ``Refused``."""
    row = find(db, purpose, token)
    if row is not None:
        row = db.lock(row)
    if row is None or row.used_at is not None or row.until <= db.now:
        raise Refused(too_late())
    return row


def too_late() -> Text:
    """Say that something begun earlier cannot be gone on with."""
    return _("This took too long, or it was done already. Please begin again.")


def void(db: Work, purpose: str, user_id: UUID) -> None:
    """Make every older code of a user for this purpose useless."""
    db.execute(
        update(SecretCode)
        .where(SecretCode.reseller_id == db.reseller_id, SecretCode.purpose == purpose)
        .where(SecretCode.user_id == user_id, SecretCode.used_at.is_(None))
        .values(used_at=db.now)
        .execution_options(synchronize_session=False),
    )


def rows_changed(db: Work, statement: Update) -> int:
    """Run a change and say how many rows it met."""
    done = db.execute(statement.execution_options(synchronize_session=False))
    return done.rowcount if isinstance(done, CursorResult) else 0

"""Browsers somebody came in with before, and those that need no second step for thirty days.

A browser carries one secret in a host-only cookie; a row for each user says what it is good for. Whoever sets a new
password or changes a second factor begins with no trusted browser again.
"""

from datetime import timedelta

from sqlalchemy import select

from storefront.core.db import Work
from storefront.core.sealing import hash_token
from storefront.identity import secret_codes
from storefront.identity.models import LoginUser, SecretCode

KNOWN, TRUSTED = "known_browser", "trusted_browser"
KNOWN_FOR = timedelta(days=365)
TRUSTED_FOR = timedelta(days=30)


def is_known(db: Work, user: LoginUser, token: str) -> bool:
    """Tell whether a user came in with this browser before."""
    return _find(db, KNOWN, user, token) is not None


def is_trusted(db: Work, user: LoginUser, token: str) -> bool:
    """Tell whether this browser needs no second step of this user. Never for operators."""
    return user.kind != "operator" and _find(db, TRUSTED, user, token) is not None


def is_met(db: Work, user: LoginUser, token: str) -> bool:
    """Tell whether this secret was given to a browser of this user, for whatever it is good."""
    return any(_find(db, purpose, user, token) is not None for purpose in (KNOWN, TRUSTED))


def know(db: Work, user: LoginUser, token: str) -> None:
    """Remember a browser."""
    found = _find(db, KNOWN, user, token)
    if found is not None:
        found.until = db.now + KNOWN_FOR
    elif token:
        secret_codes.issue(db, KNOWN, lasts=KNOWN_FOR, user_id=user.id, token=token)


def trust(db: Work, user: LoginUser, token: str) -> None:
    """Ask no second step of this user on this browser for thirty days."""
    if token and user.kind != "operator":
        secret_codes.issue(db, TRUSTED, lasts=TRUSTED_FOR, user_id=user.id, token=token)


def trust_no_browser(db: Work, user: LoginUser) -> None:
    """Ask for the second step everywhere again."""
    secret_codes.void(db, TRUSTED, user.id)


def _find(db: Work, purpose: str, user: LoginUser, token: str) -> SecretCode | None:
    if not token or len(token) > secret_codes.LONGEST_TOKEN:
        return None
    return db.scalar(
        select(SecretCode)
        .where(SecretCode.reseller_id == user.reseller_id, SecretCode.purpose == purpose)
        .where(SecretCode.code_hash == hash_token(token), SecretCode.user_id == user.id)
        .where(SecretCode.used_at.is_(None), SecretCode.until > db.now)
        .limit(1),
    )

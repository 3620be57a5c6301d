"""Sessions that have ended and secret codes nobody can use any more."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, delete, select

from storefront.core.db import Work
from storefront.identity.models import LoginSession, SecretCode

CODES_KEPT = timedelta(days=7)


def shops_with_ended_sessions(db: Work) -> Sequence[UUID]:
    """List, in an office Work, the shops with sessions that have ended."""
    return db.scalars(select(LoginSession.reseller_id).where(LoginSession.until < db.now).distinct())


def sweep_ended_sessions(db: Work) -> None:
    """Forget the sessions that have ended, with the address and browser in them."""
    db.execute(delete(LoginSession).where(LoginSession.reseller_id == db.reseller_id, LoginSession.until < db.now))


def shops_with_old_codes(db: Work) -> Sequence[UUID]:
    """List, in an office Work, the shops with secret codes older than seven days."""
    return db.scalars(select(SecretCode.reseller_id).where(_is_old(db)).distinct())


def sweep_old_codes(db: Work) -> None:
    """Forget the secret codes older than seven days, used or not; one that is still good stays."""
    db.execute(delete(SecretCode).where(SecretCode.reseller_id == db.reseller_id, _is_old(db)))


def _is_old(db: Work) -> ColumnElement[bool]:
    return (SecretCode.created_at < db.now - CODES_KEPT) & (SecretCode.until < db.now)

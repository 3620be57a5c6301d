"""Sessions are rows: begun, found by a cookie's secret, listed, ended from afar."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from sqlalchemy import delete, select, update

from storefront.core import ids
from storefront.core.db import Work
from storefront.core.sealing import hash_token
from storefront.identity.models import LoginSession, LoginUser

# How long a browser stays signed in without being used, and at most.
IDLE = {"customer": timedelta(days=14), "staff": timedelta(hours=12), "operator": timedelta(hours=8)}
SEEN_EVERY = timedelta(minutes=10)


def begin_session(db: Work, user: LoginUser, *, host: str, address: str, browser: str) -> tuple[LoginSession, str]:
    """Sign a user in on one browser; returns the row and the secret for the cookie, which is kept nowhere."""
    secret = ids.token()
    row = LoginSession(
        user_id=user.id,
        token_hash=hash_token(secret),
        csrf_seed=ids.token(),
        host=host,
        address=address,
        browser=browser[:300],
        created_at=db.now,
        seen_at=db.now,
        until=db.now + IDLE[user.kind],
    )
    user.signed_in_at = db.now
    return db.add(row), secret


def find_session(db: Work, secret: str, host: str) -> tuple[LoginSession, LoginUser] | None:
    """Return the session of a cookie on this host with its user, while both are good."""
    statement = (
        select(LoginSession, LoginUser)
        .join(LoginUser, (LoginUser.reseller_id == LoginSession.reseller_id) & (LoginUser.id == LoginSession.user_id))
        .where(
            LoginSession.token_hash == hash_token(secret),
            LoginSession.host == host,
            LoginSession.until > db.now,
            LoginUser.closed_at.is_(None),
            LoginUser.suspended_at.is_(None),
        )
    )
    found = db.execute(statement).first()
    return (found[0], found[1]) if found else None


def needs_touch(db: Work, session: LoginSession) -> bool:
    """Whether the last sight of this session is old enough to be written down again."""
    return db.now - session.seen_at > SEEN_EVERY


def touch_session(db: Work, session_id: UUID, kind: str) -> None:
    """Note that a session is in use, and so keep it longer."""
    db.execute(
        update(LoginSession)
        .where(LoginSession.reseller_id == db.reseller_id, LoginSession.id == session_id)
        .values(seen_at=db.now, until=db.now + IDLE[kind]),
    )


def end_session(db: Work, session_id: UUID) -> None:
    """Sign one browser out."""
    db.execute(delete(LoginSession).where(LoginSession.reseller_id == db.reseller_id, LoginSession.id == session_id))


def end_sessions_of(db: Work, user_id: UUID, *, but: UUID | None = None) -> None:
    """Sign a user out everywhere, or everywhere else."""
    statement = delete(LoginSession).where(LoginSession.reseller_id == db.reseller_id, LoginSession.user_id == user_id)
    db.execute(statement.where(LoginSession.id != but) if but else statement)


def sessions_of(db: Work, user_id: UUID) -> Sequence[LoginSession]:
    """List where a user is signed in, the latest first."""
    statement = select(LoginSession).where(LoginSession.user_id == user_id, LoginSession.until > db.now)
    return db.scalars(statement.order_by(LoginSession.seen_at.desc()))

"""Users for pages, letters and commands."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from storefront.core.db import Work
from storefront.identity.models import LoginUser
from storefront.identity.sign_in import login_key


def find_user_by_login(db: Work, login: str) -> LoginUser | None:
    """Return the user with a login."""
    key = login_key(login)
    return db.scalar(select(LoginUser).where(LoginUser.reseller_id == db.reseller_id, LoginUser.login_key == key))


def users_of_customer(db: Work, customer_id: UUID) -> Sequence[LoginUser]:
    """List the users of a customer, the first one first."""
    statement = select(LoginUser).where(LoginUser.reseller_id == db.reseller_id, LoginUser.customer_id == customer_id)
    return db.scalars(statement.where(LoginUser.closed_at.is_(None)).order_by(LoginUser.created_at))


def staff_users(db: Work) -> Sequence[LoginUser]:
    """List who works in the offices of this reseller."""
    statement = select(LoginUser).where(LoginUser.reseller_id == db.reseller_id, LoginUser.kind != "customer")
    return db.scalars(statement.where(LoginUser.closed_at.is_(None)).order_by(LoginUser.created_at))

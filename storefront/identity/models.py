"""LoginUser, LoginSession, SecretCode."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from storefront.core.db import Base
from storefront.core.scope import Owned, owned_key, owned_unique, to_one


class LoginUser(Owned, Base):
    """Somebody who signs in: a customer's person, the reseller's staff, or an operator (of the platform)."""

    __tablename__ = "login_user"
    __owned_args__ = (
        owned_unique("login_key"),
        Index("ix_login_user_email", "reseller_id", "email_key"),
        Index("ix_login_user_customer", "reseller_id", "customer_id"),
        owned_key("customer_id", "customer"),
        CheckConstraint("kind IN ('customer', 'staff', 'operator')", name="kind"),
    )

    kind: Mapped[str]
    role: Mapped[str] = mapped_column(default="")
    customer_id: Mapped[UUID | None] = mapped_column(default=None)
    login: Mapped[str]
    login_key: Mapped[str]
    email: Mapped[str]
    email_key: Mapped[str]
    email_confirmed_at: Mapped[datetime | None] = mapped_column(default=None)
    name: Mapped[str]
    locale: Mapped[str]
    password_hash: Mapped[str]
    failed_sign_ins: Mapped[int] = mapped_column(default=0)
    locked_until: Mapped[datetime | None] = mapped_column(default=None)
    totp_sealed: Mapped[str] = mapped_column(default="")
    totp_counter: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    signed_in_at: Mapped[datetime | None] = mapped_column(default=None)
    closed_at: Mapped[datetime | None] = mapped_column(default=None)

    customer = to_one("LoginUser.customer_id", "Customer")


class LoginSession(Owned, Base):
    """One browser somebody is signed in with: listed, and ended from afar (decision 18)."""

    __tablename__ = "login_session"
    __owned_args__ = (
        owned_unique("token_hash"),
        owned_key("user_id", "login_user"),
        Index("ix_login_session_user", "reseller_id", "user_id"),
    )

    user_id: Mapped[UUID]
    token_hash: Mapped[str]
    csrf_seed: Mapped[str]
    host: Mapped[str]
    address: Mapped[str]
    browser: Mapped[str]
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    until: Mapped[datetime]
    second_factor_at: Mapped[datetime | None] = mapped_column(default=None)

    user = to_one("LoginSession.user_id", "LoginUser")


class SecretCode(Owned, Base):
    """A code or link sent to an address: hashed, once, with an expiry and a purpose."""

    __tablename__ = "secret_code"
    __owned_args__ = (
        Index("ix_secret_code_hash", "reseller_id", "purpose", "code_hash"),
        Index("ix_secret_code_email", "reseller_id", "purpose", "email_key"),
    )

    purpose: Mapped[str]  # sign_up, reset
    user_id: Mapped[UUID | None] = mapped_column(default=None)
    email_key: Mapped[str]
    code_hash: Mapped[str]
    facts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    tries: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    until: Mapped[datetime]
    used_at: Mapped[datetime | None] = mapped_column(default=None)

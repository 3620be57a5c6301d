"""LoginUser, LoginSession, Passkey, StaffInvitation, SecretCode."""

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
    email_codes_at: Mapped[datetime | None] = mapped_column(default=None)  # since when codes by e-mail are asked for
    created_at: Mapped[datetime]
    signed_in_at: Mapped[datetime | None] = mapped_column(default=None)
    suspended_at: Mapped[datetime | None] = mapped_column(default=None)
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


class Passkey(Owned, Base):
    """A key that a device or browser keeps for one host: only its public half is here (WebAuthn Level 2, section 4)."""

    __tablename__ = "passkey"
    __owned_args__ = (
        owned_unique("credential"),
        owned_key("user_id", "login_user"),
        Index("ix_passkey_user", "reseller_id", "user_id"),
    )

    user_id: Mapped[UUID]
    credential: Mapped[str]  # the id that the authenticator gave it, base64url
    public_key: Mapped[str]  # COSE, base64url
    sign_count: Mapped[int] = mapped_column(default=0)
    host: Mapped[str]
    name: Mapped[str]
    created_at: Mapped[datetime]
    used_at: Mapped[datetime | None] = mapped_column(default=None)


class StaffInvitation(Owned, Base):
    """A letter that lets somebody join the reseller's staff: good once, for seven days, until it is withdrawn."""

    __tablename__ = "staff_invitation"
    __owned_args__ = (
        Index("ix_staff_invitation_token", "reseller_id", "token_hash"),
        # One open invitation for each address, however many press the button at once.
        Index(
            "ix_staff_invitation_open",
            "reseller_id",
            "email_key",
            unique=True,
            postgresql_where="accepted_at IS NULL AND withdrawn_at IS NULL",
        ),
        CheckConstraint("role <> ''", name="role"),
    )

    email: Mapped[str]
    email_key: Mapped[str]
    role: Mapped[str]
    locale: Mapped[str]
    token_hash: Mapped[str]
    invited_by: Mapped[str]
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime]
    until: Mapped[datetime]
    accepted_at: Mapped[datetime | None] = mapped_column(default=None)
    withdrawn_at: Mapped[datetime | None] = mapped_column(default=None)


class SecretCode(Owned, Base):
    """A code or link sent to an address: hashed, once, with an expiry and a purpose."""

    __tablename__ = "secret_code"
    __owned_args__ = (
        Index("ix_secret_code_hash", "reseller_id", "purpose", "code_hash"),
        Index("ix_secret_code_email", "reseller_id", "purpose", "email_key"),
    )

    purpose: Mapped[str]  # sign_up, reset, recovery, browser, …: the constants of those who issue them
    user_id: Mapped[UUID | None] = mapped_column(default=None)
    email_key: Mapped[str]
    code_hash: Mapped[str]
    facts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    tries: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    until: Mapped[datetime]
    used_at: Mapped[datetime | None] = mapped_column(default=None)

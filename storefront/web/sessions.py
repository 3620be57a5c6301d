"""Host-only cookies and Flask-Login over our own session rows."""

from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID

from flask import Flask, Request, Response, g, request
from flask.sessions import SecureCookieSessionInterface, SessionMixin
from flask_login import LoginManager, UserMixin

from storefront.core.db import Actor
from storefront.identity.models import LoginSession, LoginUser
from storefront.identity.sessions import find_session, needs_touch

SESSION_COOKIE = "__Host-session"
CART_COOKIE = "__Host-cart"
NOTE_COOKIE = "__Host-note"
# What a browser is known again by, for a year: no session, and good for nothing without the password.
BROWSER_COOKIE = "__Host-browser"
CART_COUNT_COOKIE = "cart-count"
# The cart of a window inside somebody else's page, in that page's own jar; never anybody's session (security 2.3, F2).
FRAME_CART_COOKIE = "__Host-frame-cart"
MONTH_S = 30 * 24 * 3600
YEAR_S = 365 * 24 * 3600


@dataclass(frozen=True, kw_only=True, eq=False)
class SignedIn(UserMixin):  # type: ignore[misc]  # Flask-Login has no type hints
    """Who is behind this request: what ``current_user`` is while somebody is signed in."""

    session_id: UUID
    user_id: UUID
    kind: str
    role: str
    name: str
    email: str
    locale: str
    customer_id: UUID | None
    csrf_seed: str
    has_second_factor: bool

    def get_id(self) -> str:
        """Flask-Login's name for the key of a user."""
        return str(self.user_id)

    @property
    def actor(self) -> Actor:
        """The same person for the audit log."""
        kind: Literal["customer", "operator", "staff"] = "staff"
        if self.kind in ("customer", "operator"):
            kind = "customer" if self.kind == "customer" else "operator"
        return Actor(kind=kind, id=self.user_id, name=self.name, address=request.remote_addr or "")


class NoteSession(SecureCookieSessionInterface):
    """Flask's ``session``, which here carries only messages shown once after a redirect.

    A page that merely looked for messages and found none is the same for everybody, so it does not vary by cookie.
    """

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Write the cookie when there is something to say or something was said."""
        if session.modified or NOTE_COOKIE in request.cookies:
            super().save_session(app, session, response)


def install(app: Flask) -> None:
    """Teach Flask-Login where our sessions are.

    Without ``init_app``: its remember-me hook would make every page vary by cookie, and we have no such cookie.
    """
    manager = LoginManager()
    manager.session_protection = None
    manager.request_loader(_load)
    app.login_manager = manager  # type: ignore[attr-defined]  # Flask-Login looks for it here
    app.session_interface = NoteSession()


def _load(incoming: Request) -> SignedIn | None:
    secret = incoming.cookies.get(SESSION_COOKIE)
    if not secret or "db" not in g or not g.get("has_session"):
        return None
    found = find_session(g.db, secret, g.host)
    if found is None:
        return None
    if needs_touch(g.db, found[0]):
        g.stale_session = (found[0].id, found[1].kind)
    return signed_in(*found)


def signed_in(session: LoginSession, user: LoginUser) -> SignedIn:
    """Describe the person of a session."""
    return SignedIn(
        session_id=session.id,
        user_id=user.id,
        kind=user.kind,
        role=user.role,
        name=user.name,
        email=user.email,
        locale=user.locale,
        customer_id=user.customer_id,
        csrf_seed=session.csrf_seed,
        has_second_factor=session.second_factor_at is not None,
    )


def set_cookie(response: Response, name: str, value: str, **more: Any) -> None:
    """Set a host-only cookie: Secure, HttpOnly, Lax, nothing but this host (security 2.3)."""
    response.set_cookie(name, value, secure=True, httponly=True, samesite="Lax", path="/", **more)


def drop_cookie(response: Response, name: str) -> None:
    """Take a host-only cookie back."""
    response.delete_cookie(name, secure=True, httponly=True, samesite="Lax", path="/")


def leave_cookies_later() -> dict[str, str | None]:
    """Return the cookies this request wants to set, by name; ``None`` takes one back."""
    if "cookies" not in g:
        g.cookies = {}
    cookies: dict[str, str | None] = g.cookies
    return cookies


def write_cookies(response: Response) -> None:
    """Set what views asked for, on the answer."""
    for name, value in g.get("cookies", {}).items():
        if value is None:
            drop_cookie(response, name)
        elif name == CART_COUNT_COOKIE:
            # Read by a script, so that the page itself is the same for everybody.
            response.set_cookie(name, value, max_age=YEAR_S, secure=True, samesite="Lax", path="/")
        elif name == FRAME_CART_COOKIE:
            response.set_cookie(
                name, value, max_age=MONTH_S, secure=True, httponly=True, samesite="None", partitioned=True, path="/"
            )
        else:
            set_cookie(response, name, value, max_age=YEAR_S if name in (CART_COOKIE, BROWSER_COOKIE) else None)

"""Looking at the shop in another theme: only in this browser, only while its staff are signed in, never kept."""

from dataclasses import dataclass

from flask import g, request
from flask_login import current_user

from storefront.web.sessions import leave_cookies_later
from tenants.themes import Theme, known_theme, theme

LOOK_COOKIE = "__Host-look"
# The office keeps the platform's face, and what it serves beside pages has the theme in its address.
NOT_HERE = ("/reseller", "/operator", "/assets/", "/media/")


@dataclass(frozen=True, kw_only=True)
class LookedAt:
    """A theme that somebody looks at, for the line that every page then carries."""

    key: str
    name: str


def look_at(key: str) -> Theme:
    """Show this browser the shop in a theme from now on; raises ``KeyError`` for one that is not here."""
    found = theme(key)
    leave_cookies_later()[LOOK_COOKIE] = found.key
    return found


def stop_looking() -> None:
    """Show this browser the shop as everybody sees it."""
    leave_cookies_later()[LOOK_COOKIE] = None


def looked_at() -> LookedAt | None:
    """Return the theme in which somebody who is signed in is shown this page instead of the shop's own.

    A page for somebody who is signed in is never kept for others (web/ready.py), so neither is this one.
    """
    key = request.cookies.get(LOOK_COOKIE, "")
    if not key or request.path.startswith(NOT_HERE) or current_user.kind != "staff":
        return None
    return LookedAt(key=key, name=theme(key).name) if known_theme(key) == key else None


def begin() -> None:
    """Put the request of somebody who is signed in into the theme that they look at, if any."""
    g.looked_at = looked_at()
    if g.looked_at is not None:
        g.theme = g.looked_at.key

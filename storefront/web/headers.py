"""Content security policy; no framing unless a frame says so."""

from collections.abc import Iterable
from secrets import token_urlsafe

from flask import Response, g, request

from storefront.web.house import house
from tenants.parked_names import PARKED

# Cached bytes carry no nonce, so 'self' everywhere on the shop (decision 19).
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; manifest-src 'self'; form-action 'self'{gateways}; base-uri 'none'; object-src 'none'; "
    "frame-ancestors 'none'"
)
PERMISSIONS = (
    "camera=(), microphone=(), geolocation=(), payment=(), usb=(), publickey-credentials-get=(self), browsing-topics=()"
)


def protect(response: Response) -> Response:
    """Put the security headers on every answer, errors and files included (security 2.3, F1 and F8)."""
    gateways = f" {house().config.gateway_url}" if g.get("leaves_to_gateway") else ""
    gateways += "".join(f" {origin}" for origin in sorted(g.get("led_to", ())))
    headers = response.headers
    framed = f"; frame-src {' '.join(sorted(g.framed))}" if g.get("framed") else ""
    headers.setdefault("Content-Security-Policy", POLICY.format(gateways=gateways) + framed)
    _say_who_embeds(response)
    if nonce := g.get("style_nonce"):
        allowed = headers["Content-Security-Policy"].replace("style-src 'self'", f"style-src 'self' 'nonce-{nonce}'")
        headers["Content-Security-Policy"] = allowed
    if not g.get("embedders"):
        headers.setdefault("X-Frame-Options", "DENY")
    headers.setdefault("X-Content-Type-Options", "nosniff")
    headers.setdefault("Referrer-Policy", "strict-origin-when-cross-origin")
    headers.setdefault("Permissions-Policy", PERMISSIONS)
    if "embedders" not in g:
        headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    # A customer's name is not ours to bind to https for a year.
    is_ours = "place" not in g or g.place.purpose != PARKED
    if request.is_secure and is_ours and not house().config.is_development:
        headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    if g.get("looked_at"):
        headers["Cache-Control"] = "no-store"
    if "Cache-Control" not in headers:
        headers["Cache-Control"] = "no-store" if g.get("has_session") or is_private() else "no-cache"
    response.vary.add("Cookie" if g.get("has_session") else "Accept-Language")
    return response


def style_nonce() -> str:
    """Return the word by which a script of this page may add style sheets; for pages of offices, which nobody keeps."""
    if "style_nonce" not in g:
        g.style_nonce = token_urlsafe(16)
    word: str = g.style_nonce
    return word


def may_frame(origin: str) -> None:
    """Let this page hold a frame of another site, which its visitor asks for by a click."""
    g.framed = {*g.get("framed", ()), origin}


def may_lead_to(origin: str) -> None:
    """Let a form of this page end on another site: where a visitor came from, or the host that shows the shop."""
    g.led_to = {*g.get("led_to", ()), origin}


def let_embed(origins: Iterable[str]) -> None:
    """Let pages of these sites, and of no other, hold this answer (security 2.3, F1). None: nobody, as everywhere.

    X-Frame-Options cannot name sites, so it is left out where there are some.
    """
    g.embedders = tuple(origins)


def _say_who_embeds(response: Response) -> None:
    if g.get("embedders"):
        policy = response.headers["Content-Security-Policy"]
        named = f"frame-ancestors {' '.join(g.embedders)}"
        response.headers["Content-Security-Policy"] = policy.replace("frame-ancestors 'none'", named)


def may_show_frames(response: Response) -> Response:
    """Let a page of an office show pieces of the shop on the same host in frames."""
    response.headers["Content-Security-Policy"] = f"{POLICY.format(gateways='')}; frame-src 'self'"
    return response


def may_be_framed(response: Response) -> Response:
    """Let a page stand in a frame of the same host, for the offices' own pictures of the shop."""
    alone = POLICY.format(gateways="").replace("frame-ancestors 'none'", "frame-ancestors 'self'")
    response.headers["Content-Security-Policy"] = alone
    response.headers["X-Frame-Options"] = "SAMEORIGIN"
    return response


def is_private() -> bool:
    """Whether this page is about one person or one office."""
    return request.path.startswith(("/panel", "/reseller", "/operator", "/account", "/cart", "/checkout", "/pay"))

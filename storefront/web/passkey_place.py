"""Where passkeys of this request are used: its host, and the origin its browser names."""

from flask import g, request

from storefront.identity.passkeys import Place
from storefront.web.house import house


def passkey_place() -> Place:
    """Return the host passkeys are bound to. The Origin was compared with the Host before any view ran."""
    return Place(host=g.host, origin=request.headers.get("Origin") or house().config.origin(g.host))

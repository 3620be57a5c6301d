"""rule: addresses of sites that may hold a window, written one way; who may frame, and who proves what."""

import re
from collections.abc import Iterable, Sequence
from typing import Final
from urllib.parse import urlsplit

import idna

from storefront.core.errors import Refused
from storefront.core.i18n import lazy_gettext as _
from tenants.host_rules import NOWHERE
from tenants.wanted_records import is_public_suffix, registered_domain

MOST_SITES: Final = 20
LONGEST: Final = 300
_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_NAME: Final = re.compile(rf"{_LABEL}(?:\.{_LABEL})*")
_NUMBER: Final = re.compile(r"[0-9]+|0x[0-9a-f]*")
_MAX_NAME, _MAX_PORT = 253, 65_535
_USUAL_PORTS: Final = {"https": 443, "http": 80}


def site_origin(text: str, *, is_development: bool = False) -> str:
    """Read what somebody typed or copied from the address bar as the origin of a page: ``https://www.example.com``.

    A path is left out; https is meant where nothing is said. Raises ``Refused`` for what is no name, for addresses in
    digits, for endings under which many register, and for plain http outside of a developer's machine.
    """
    bare = text.strip()
    found = origin_of(bare if "://" in bare else f"https://{bare}")
    if found is None or len(bare) > LONGEST:
        raise Refused(_("This is no address of a website. Write it like https://www.example.com."), field="origin")
    scheme, host = found.split("://")[0], host_of(found)
    if is_local(host):
        if is_development:
            return found
        raise Refused(
            _("Only this very machine knows that name. Write the address that everybody uses."), field="origin"
        )
    if scheme != "https":
        raise Refused(
            _("Frames stand on encrypted pages only. Write an address that begins with https://."), field="origin"
        )
    ending = host.rpartition(".")[2]
    if ending in NOWHERE or (ending == "test" and not is_development):
        raise Refused(_("This name leads nowhere in the world."), field="origin")
    if "." not in host or is_public_suffix(host):
        raise Refused(
            _("Many register their names under this one, so it is nobody's own. Write the whole name."), field="origin"
        )
    return found


def origin_of(address: str) -> str | None:
    """Return the origin of an address, written as browsers do (RFC 6454 6.2); ``None`` if it has none we could name.

    Made anew from its parts, so that nothing that was typed can reach a header.
    """
    if not address or any(ord(sign) < ord("!") or sign in '\\"<>`' for sign in address):
        return None
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        return None
    scheme = parts.scheme.lower()
    if scheme not in _USUAL_PORTS or "@" in parts.netloc or not parts.hostname:
        return None
    host = _as_ascii(parts.hostname)
    if not _NAME.fullmatch(host) or len(host) > _MAX_NAME or _NUMBER.fullmatch(host.rpartition(".")[2]):
        return None
    if port is not None and not 0 < port <= _MAX_PORT:
        return None
    return f"{scheme}://{host}" + (f":{port}" if port is not None and port != _USUAL_PORTS[scheme] else "")


def _as_ascii(host: str) -> str:
    """Return a host in A-labels; nothing if it cannot be written so."""
    name = host.lower().removesuffix(".")
    if name.isascii() and "xn--" not in name:
        return name
    try:
        return idna.encode(name, uts46=True).decode("ascii")
    except (idna.IDNAError, UnicodeError):
        return ""


def host_of(origin: str) -> str:
    """Return the name in an origin."""
    return origin.split("://", 1)[-1].partition(":")[0]


def is_local(host: str) -> bool:
    """Whether a name means the very machine it is read on (RFC 6761 6.3)."""
    return host == "localhost" or host.endswith(".localhost")


def ancestors(origins: Iterable[str]) -> str:
    """Return the directive that lets exactly these sites frame a page; none at all where there is none."""
    named = " ".join(dict.fromkeys(origins)) or "'none'"
    return f"frame-ancestors {named}"


def may_embed(origin: str | None, allowed: Sequence[str]) -> bool:
    """Whether a site may hold a window."""
    return origin is not None and origin in allowed


def is_under_host(host: str, verified: Iterable[str]) -> bool:
    """Whether a verified host of the shop shows whose a name is: the same, or one of the same registered domain.

    ``verified`` never holds a name of the platform, under which every shop has one.
    """
    domain = registered_domain(host)
    return any(
        each == host or (registered_domain(each) == domain and not is_public_suffix(domain)) for each in verified
    )

"""What certificate the edge shows for a host name: a handshake with our own web server, never with anybody else's."""

import socket
import ssl
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from cryptography import x509

CONNECT_S = 5.0


class EdgeAway(RuntimeError):
    """The edge does not answer, or none is configured: nothing is known about the certificate."""


@dataclass(frozen=True, kw_only=True)
class SeenCertificate:
    """What stands in a certificate, and whether a browser would take it for this name."""

    issuer: str
    valid_from: datetime
    valid_until: datetime
    is_trusted: bool


def see_certificate(edge: str, host: str, *, timeout_s: float = CONNECT_S) -> SeenCertificate | None:
    """Ask the edge at ``address:port`` for the certificate of a host name (SNI, RFC 6066).

    ``None`` if the edge has none for this name; raises ``EdgeAway`` if it cannot be asked.
    """
    if not edge:
        raise EdgeAway("no edge is configured")
    try:
        packed = _shown(edge, host, _trusting(), timeout_s)
    except ssl.SSLCertVerificationError:
        return _read(_shown_at_all(edge, host, timeout_s), is_trusted=False)
    except ssl.SSLError:
        # The server ended the handshake: it has nothing to show for this name.
        return None
    except OSError as error:
        raise EdgeAway(str(error)) from error
    return _read(packed, is_trusted=True)


def _shown_at_all(edge: str, host: str, timeout_s: float) -> bytes | None:
    try:
        return _shown(edge, host, _taking_anything(), timeout_s)
    except ssl.SSLError:
        return None
    except OSError as error:
        raise EdgeAway(str(error)) from error


def _shown(edge: str, host: str, context: ssl.SSLContext, timeout_s: float) -> bytes | None:
    address, _, port = edge.rpartition(":")
    place = (address.strip("[]"), int(port))
    with (
        socket.create_connection(place, timeout=timeout_s) as line,
        context.wrap_socket(line, server_hostname=host) as secured,
    ):
        return secured.getpeercert(binary_form=True)


def _read(packed: bytes | None, *, is_trusted: bool) -> SeenCertificate | None:
    if packed is None:
        return None
    found = x509.load_der_x509_certificate(packed)
    names = found.issuer.get_attributes_for_oid(x509.NameOID.ORGANIZATION_NAME) or list(found.issuer)
    return SeenCertificate(
        issuer=str(names[0].value) if names else "",
        valid_from=found.not_valid_before_utc,
        valid_until=found.not_valid_after_utc,
        is_trusted=is_trusted,
    )


@lru_cache(maxsize=1)
def _trusting() -> ssl.SSLContext:
    """Believe what browsers of this system believe; ``SSL_CERT_FILE`` names other authorities."""
    return ssl.create_default_context()


@lru_cache(maxsize=1)
def _taking_anything() -> ssl.SSLContext:
    """Look at a certificate that no browser would take: nothing is sent over such a line."""
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context

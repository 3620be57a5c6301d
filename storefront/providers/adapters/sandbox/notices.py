"""rule: signed notices as the Standard Webhooks specification has them: HMAC-SHA256 over ``id.timestamp.body``."""

import base64
import hmac
from collections.abc import Iterable, Mapping

TOLERANCE_S = 300
VERSION = "v1"


class BadSignatureError(ValueError):
    """A notice is unsigned, signed with another key, or too old or too new."""


def sign(secret: str, event_id: str, timestamp: int, body: bytes) -> dict[str, str]:
    """Return the headers that go with a notice."""
    return {
        "webhook-id": event_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": f"{VERSION},{_signature(secret, event_id, str(timestamp), body)}",
    }


def verify(secrets: Iterable[str], headers: Mapping[str, str], body: bytes, now: float) -> str:
    """Return the event's id; raises ``BadSignatureError``. Several secrets may be valid while one is exchanged."""
    found = {name.lower(): value for name, value in headers.items()}
    event_id, timestamp = found.get("webhook-id", ""), found.get("webhook-timestamp", "")
    given = [part.partition(",")[2] for part in found.get("webhook-signature", "").split() if part.startswith("v1,")]
    if not event_id or not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) < 16) or not given:  # noqa: PLR2004 - far beyond any clock
        raise BadSignatureError("the notice is not signed")
    if abs(now - int(timestamp)) > TOLERANCE_S:
        raise BadSignatureError("the notice is too old or too new")
    wanted = [_signature(secret, event_id, timestamp, body) for secret in secrets if secret]
    if not any(hmac.compare_digest(one.encode(), other.encode()) for one in wanted for other in given):
        raise BadSignatureError("the notice is signed with another key")
    return event_id


def _signature(secret: str, event_id: str, timestamp: str, body: bytes) -> str:
    message = event_id.encode() + b"." + timestamp.encode() + b"." + body
    return base64.b64encode(hmac.digest(secret.encode(), message, "sha256")).decode()

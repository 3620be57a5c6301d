"""rule: RFC 6238 codes and their drift."""

import hmac
import re
from datetime import datetime

import pyotp

STEP_S = 30  # RFC 6238, section 5.2: the recommended step
DIGITS = 6
DRIFT_STEPS = 1  # one step either way: a clock half a minute off, or a slow hand
_LONGEST_TYPED = 32
_CODE = re.compile(r"[0-9]{6}")
_BETWEEN = re.compile(r"[\s-]")


def new_secret() -> str:
    """Make a shared secret of 160 bits in base32 (RFC 4226, section 4, requirement 6)."""
    return pyotp.random_base32(32)


def enrolment_uri(secret: str, *, account: str, issuer: str) -> str:
    """Return the ``otpauth:`` address that authenticator apps read from a QR code."""
    return pyotp.TOTP(secret).provisioning_uri(name=account, issuer_name=issuer)


def normalise(code: str) -> str | None:
    """Return the six digits of what somebody typed, spaces and hyphens removed, or ``None``."""
    if len(code) > _LONGEST_TYPED:
        return None
    compact = _BETWEEN.sub("", code)
    return compact if _CODE.fullmatch(compact) else None


def code_at(secret: str, moment: datetime) -> str:
    """Return the code that an authenticator shows at a moment."""
    return pyotp.TOTP(secret).generate_otp(counter_at(moment))


def counter_at(moment: datetime) -> int:
    """Return the number of the step that a moment (aware) falls into."""
    return int(moment.timestamp()) // STEP_S


def matching_counter(secret: str, code: str, moment: datetime, *, last_counter: int | None = None) -> int | None:
    """Return the counter that a code belongs to, or ``None`` if it is wrong.

    Store the counter and give it back as ``last_counter``: a code of that step or an earlier one is then refused, so
    that nobody can use a code twice (RFC 6238, section 5.2).
    """
    digits = normalise(code)
    if digits is None:
        return None
    one_time = pyotp.TOTP(secret)
    now = counter_at(moment)
    found = None
    for counter in range(now - DRIFT_STEPS, now + DRIFT_STEPS + 1):
        # No early end: the time taken must not tell which step matched.
        is_right = hmac.compare_digest(one_time.generate_otp(counter), digits)
        if is_right and (last_counter is None or counter > last_counter):
            found = counter
    return found

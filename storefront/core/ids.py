"""uuid7 keys, short public codes, URL-safe tokens."""

import secrets
import time
from datetime import datetime
from uuid import UUID

# Without I, L, O, U, 0 and 1: nothing that is misread over the telephone.
CODE_LETTERS = "ABCDEFGHJKMNPQRSTVWXYZ23456789"


def uuid7() -> UUID:
    """Make a key that sorts by its millisecond of birth (RFC 9562, section 5.7)."""
    moment = time.time_ns() // 1_000_000
    value = (moment & 0xFFFF_FFFF_FFFF) << 80 | secrets.randbits(80)
    value = value & ~(0xF << 76) | 0x7 << 76
    value = value & ~(0x3 << 62) | 0x2 << 62
    return UUID(int=value)


def uuid7_texts(count: int) -> list[str]:
    """Make many keys of this millisecond at once, as text: for rows that are written by the ten thousand."""
    born, noise = f"{time.time_ns() // 1_000_000:012x}", secrets.token_hex(10 * count)
    pieces = (noise[start : start + 20] for start in range(0, 20 * count, 20))
    return [
        f"{born[:8]}-{born[8:]}-7{piece[:3]}-{'89ab'[int(piece[3], 16) & 3]}{piece[4:7]}-{piece[7:19]}"
        for piece in pieces
    ]


def first_uuid7(moment: datetime) -> UUID:
    """Return the smallest key of a moment: what was born since then has one that is not below it."""
    born = int(moment.timestamp() * 1000)
    return UUID(int=(born & 0xFFFF_FFFF_FFFF) << 80 | 0x7 << 76 | 0x2 << 62)


def public_code(length: int = 6) -> str:
    """Make a short code for people, such as ``A7K-3QF``; unique only by a constraint."""
    letters = "".join(secrets.choice(CODE_LETTERS) for _ in range(length))
    return f"{letters[: length // 2]}-{letters[length // 2 :]}"


def token() -> str:
    """Make a secret for a link: 256 random bits, URL-safe. Store only its hash."""
    return secrets.token_urlsafe(32)


def digits(length: int = 6) -> str:
    """Make a code to be typed from an e-mail or SMS."""
    return "".join(secrets.choice("0123456789") for _ in range(length))

"""rule: what the first bytes of a picture say of it: kind, width and height, before anything is decoded."""

import struct
from dataclasses import dataclass
from typing import Final, Literal

from storefront.core.errors import Refused
from storefront.core.i18n import lazy_gettext as _

Kind = Literal["png", "jpeg", "gif", "webp"]

# Decoding is bounded twice: by the bytes that come in and by the points that would come out.
LARGEST_BYTES: Final = 5 * 1024 * 1024
MOST_POINTS: Final = 16_000_000
LONGEST_SIDE: Final = 12_000
SMALLEST_SIDE: Final = 8

_PNG: Final = b"\x89PNG\r\n\x1a\n"
_GIF: Final = (b"GIF87a", b"GIF89a")
_JPEG: Final = b"\xff\xd8\xff"
# Start of frame: every process of JPEG but DHT, JPG and DAC, which share the range (ITU-T T.81, table B.1).
_FRAMES: Final = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_ALONE: Final = frozenset({0x01, *range(0xD0, 0xD8)})
_MARKER, _SCAN, _END = 0xFF, 0xDA, 0xD9
_VP8_START: Final = b"\x9d\x01\x2a"
_VP8L_SIGNATURE: Final = 0x2F


@dataclass(frozen=True, kw_only=True)
class PictureFacts:
    """What a picture says of itself, in points."""

    kind: Kind
    width: int
    height: int


def picture_facts(content: bytes) -> PictureFacts:
    """Read kind and size from the header and check them against our bounds; nothing is decoded.

    Raises ``Refused`` for what is no PNG, JPEG, WebP or GIF, and for what is too large or too small.
    """
    if len(content) > LARGEST_BYTES:
        raise Refused(_("This picture is larger than 5 MB. Please save it smaller."))
    kind = kind_of(content)
    if kind is None:
        raise Refused(_("This is no picture that we can read. Please choose a PNG, JPEG, WebP, GIF or SVG file."))
    try:
        width, height = _READERS[kind](content)
    except (struct.error, IndexError, ValueError):
        raise Refused(_("This picture is broken. Please save it again and choose the new file.")) from None
    require_bounds(width, height)
    return PictureFacts(kind=kind, width=width, height=height)


def require_bounds(width: int, height: int) -> None:
    """Refuse a picture that would need too much memory, or of which nothing could be seen."""
    if max(width, height) > LONGEST_SIDE or width * height > MOST_POINTS:
        raise Refused(_("This picture has too many points. Please save it at most 4,000 points wide and high."))
    if min(width, height) < SMALLEST_SIDE:
        raise Refused(_("This picture is too small. Please choose one that is at least 8 points wide and high."))


def kind_of(content: bytes) -> Kind | None:
    """Tell the kind by the first bytes, never by the name or by what the browser says."""
    if content.startswith(_PNG):
        return "png"
    if content.startswith(_JPEG):
        return "jpeg"
    if content.startswith(_GIF):
        return "gif"
    return "webp" if content[:4] == b"RIFF" and content[8:12] == b"WEBP" else None


def _png(content: bytes) -> tuple[int, int]:
    """PNG, 11.2.1: IHDR is the first chunk."""
    if content[12:16] != b"IHDR":
        raise ValueError
    return _pair(">II", content, 16)


def _gif(content: bytes) -> tuple[int, int]:
    """GIF89a, 18: the logical screen; a frame beyond it is seen when the file is opened."""
    return _pair("<HH", content, 6)


def _jpeg(content: bytes) -> tuple[int, int]:
    """ITU-T T.81, B.2.2: walk the segments up to the start of the frame."""
    at = 2
    while content[at] == _MARKER:
        marker = content[at + 1]
        if marker == _MARKER:
            at += 1
        elif marker in _ALONE:
            at += 2
        elif marker in _FRAMES:
            height, width = _pair(">HH", content, at + 5)
            return width, height
        elif marker in (_SCAN, _END):
            break
        else:
            at += 2 + _whole(">H", content, at + 2)
    raise ValueError


def _webp(content: bytes) -> tuple[int, int]:
    """RFC 9649, 2.5 to 2.7: lossy, lossless or extended."""
    form, body = content[12:16], content[20:]
    if form == b"VP8X":
        return 1 + int.from_bytes(_part(body, 4, 3), "little"), 1 + int.from_bytes(_part(body, 7, 3), "little")
    if form == b"VP8L" and body[0] == _VP8L_SIGNATURE:
        bits = _whole("<I", body, 1)
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    if form == b"VP8 " and body[3:6] == _VP8_START:
        width, height = _pair("<HH", body, 6)
        return width & 0x3FFF, height & 0x3FFF
    raise ValueError


def _part(content: bytes, at: int, length: int) -> bytes:
    found = content[at : at + length]
    if len(found) != length:
        raise ValueError
    return found


def _pair(layout: str, content: bytes, at: int) -> tuple[int, int]:
    first, second = struct.unpack_from(layout, content, at)
    return int(first), int(second)


def _whole(layout: str, content: bytes, at: int) -> int:
    return int(struct.unpack_from(layout, content, at)[0])


_READERS: Final = {"png": _png, "jpeg": _jpeg, "gif": _gif, "webp": _webp}

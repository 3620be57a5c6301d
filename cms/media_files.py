"""What an upload becomes before it is kept: a picture written anew, or a document that is what it says."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Final

from PIL import Image

from storefront.core.errors import Refused
from storefront.core.i18n import lazy_gettext as _
from tenants.picture_headers import kind_of
from tenants.pictures import fitted, read_picture, saved
from tenants.svg_clean import is_drawing

BOX: Final = (2_000, 2_000)
WIDTHS: Final = (480, 960, 1_600)
LARGEST_DOCUMENT: Final = 10 * 1024 * 1024
LONGEST_NAME: Final = 120
PDF: Final = "application/pdf"
WEBP: Final = "image/webp"
AVIF: Final = "image/avif"
_OPAQUE: Final = 255
# Parts of a WebP that hold points (RFC 9649, 2.5 to 2.7), and the one flag that such a file may have.
_BARE: Final = frozenset({b"VP8X", b"VP8 ", b"VP8L", b"ALPH"})
_ALPHA: Final = 0x10
# A PDF says where it begins in its first line and where it ends in its last (ISO 32000-1, 7.5.2 and 7.5.5).
_PDF_HEAD, _PDF_END, _PDF_TAIL = b"%PDF-", b"%%EOF", 2_048
# Kinds that are drawn rather than photographed: these may be smaller, and are sharper, without loss.
_DRAWN: Final = frozenset({"png", "gif"})
_UNTYPED: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff/\\]")


@dataclass(frozen=True, kw_only=True)
class Kept:
    """An upload as it is kept. ``width`` and ``height`` are of pictures only."""

    name: str
    kind: str
    content: bytes = field(repr=False)
    width: int | None = None
    height: int | None = None


@dataclass(frozen=True, kw_only=True)
class Smaller:
    """The same picture, less wide, in another kind of file."""

    kind: str
    width: int
    height: int
    content: bytes = field(repr=False)


def made_of(name: str, content: bytes) -> Kept:
    """Turn an upload into what is kept: a picture as WebP, or a PDF as it is. Raises ``Refused``."""
    if content.startswith(_PDF_HEAD):
        return _document(name, content)
    if content and kind_of(content) is None and not is_drawing(content):
        raise Refused(_("This file is of a kind that we cannot show. Please choose PNG, JPEG, WebP, GIF, SVG or PDF."))
    picture = fitted(read_picture(content, BOX), BOX)
    return Kept(
        name=plain_name(name, ".webp"),
        kind=WEBP,
        content=_webp(picture, may_be_drawn=kind_of(content) in _DRAWN or is_drawing(content)),
        width=picture.width,
        height=picture.height,
    )


def kept_again(name: str, content: bytes) -> Kept:
    """Return what comes back from an archive of ours: a picture that we wrote as it is, all else as an upload.

    It is decoded like any other picture, and must be a WebP without anything beside its points: then it is what we
    would have written, and no second loss comes to it. Raises ``Refused``.
    """
    if not is_bare_webp(content):
        return made_of(name, content)
    picture = read_picture(content, BOX)
    if picture.width > BOX[0] or picture.height > BOX[1]:
        return made_of(name, content)
    kept = plain_name(f"{name}.x", "")
    return Kept(name=kept, kind=WEBP, content=content, width=picture.width, height=picture.height)


def stand_in() -> bytes:
    """Return a picture for one that is not here yet: for a look at pages that would show it."""
    return _webp(Image.new("RGBA", (64, 64)))


def is_bare_webp(content: bytes) -> bool:
    """Whether a file is one still picture in WebP without films, words, or anything behind its end."""
    if content[:4] != b"RIFF" or content[8:12] != b"WEBP" or int.from_bytes(content[4:8], "little") != len(content) - 8:
        return False
    place, pictures = 12, 0
    while place < len(content):
        name, size = content[place : place + 4], int.from_bytes(content[place + 4 : place + 8], "little")
        if name not in _BARE or (name == b"VP8X" and content[place + 8] & ~_ALPHA):
            return False
        pictures += name in {b"VP8 ", b"VP8L"}
        place += 8 + size + size % 2
    return place == len(content) and pictures == 1


def _document(name: str, content: bytes) -> Kept:
    if len(content) > LARGEST_DOCUMENT:
        raise Refused(_("This document is larger than 10 MB. Please save it smaller."))
    if _PDF_END not in content[-_PDF_TAIL:]:
        raise Refused(_("This document is broken or cut off. Please save it again and choose the new file."))
    return Kept(name=plain_name(name, ".pdf"), kind=PDF, content=content)


def plain_name(name: str, ending: str) -> str:
    """Return the name of an upload without folders and what no keyboard types, with the ending it has now."""
    last = PurePosixPath(name.replace("\\", "/")).name
    stem = " ".join(_UNTYPED.sub("", last.rpartition(".")[0] or last).split()).strip(". ")
    return f"{stem[:LONGEST_NAME] or 'file'}{ending}"


def smaller(content: bytes) -> Iterator[Smaller]:
    """Make what smaller screens need of a kept picture, each width in two kinds; none as wide as the picture itself."""
    picture = read_picture(content, BOX)
    for width in widths_of(picture.width):
        less = _shrunk(picture, width)
        avif = saved(_plain(less), "AVIF", quality=60, speed=8, max_threads=1)
        yield Smaller(kind=AVIF, width=less.width, height=less.height, content=avif)
        if width < picture.width:
            yield Smaller(kind=WEBP, width=less.width, height=less.height, content=_webp(less))


def widths_of(width: int) -> list[int]:
    """Return the widths that are made of a picture: ours that are less than its own, and its own if that is small."""
    less = [each for each in WIDTHS if each < width]
    return less if len(less) == len(WIDTHS) else [*less, width]


def _shrunk(picture: Image.Image, width: int) -> Image.Image:
    if width >= picture.width:
        return picture
    height = max(1, round(picture.height * width / picture.width))
    return picture.resize((width, height), Image.Resampling.LANCZOS, reducing_gap=3.0)


def _webp(picture: Image.Image, *, may_be_drawn: bool = False) -> bytes:
    """Write a WebP; of what may be a drawing the smaller of two, one of them without loss."""
    photograph = saved(picture, "WEBP", quality=84, method=4)
    if not may_be_drawn:
        return photograph
    drawing = saved(picture, "WEBP", lossless=True, quality=60, method=3)
    return min(drawing, photograph, key=len)


def _plain(picture: Image.Image) -> Image.Image:
    """Drop a channel that says nothing."""
    lowest, _highest = picture.getchannel("A").getextrema()
    return picture.convert("RGB") if lowest == _OPAQUE else picture

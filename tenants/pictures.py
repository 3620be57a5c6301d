"""Pictures that people upload: bounded, decoded once, written anew without anything they carried along."""

import io
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final

from PIL import Image, ImageFile, ImageOps

from storefront.core.errors import Refused
from storefront.core.i18n import lazy_gettext as _
from tenants.picture_headers import LARGEST_BYTES, PictureFacts, picture_facts, require_bounds
from tenants.svg_clean import is_drawing
from tenants.svg_draw import draw

# A logo stands 36 points high on pages and letters and 16 mm on paper: these are enough for the sharpest screen.
LOGO_BOX: Final = (640, 160)
LETTER_BOX: Final = (288, 72)
SHOWN_BOX: Final = (224, 36)
ADVERT_BOX: Final = (1440, 480)
ICON_SIDES: Final = (16, 32, 48)
TOUCH_SIDE, MASK_SIDE, LARGE_SIDE = 180, 512, 512
# Of a maskable icon any system may cut all but the inner circle of 80 % (W3C manifest, 5.1).
MASK_SAFE: Final = 0.64
_NEARLY_SQUARE: Final = 1.7
_VISIBLE: Final = 24  # of 255: fainter points of a logo count as nothing
_STRICT: Final = threading.Lock()
_ANY_BROKEN: Final = (OSError, ValueError, SyntaxError, EOFError, IndexError, KeyError, TypeError, OverflowError)


@dataclass(frozen=True, kw_only=True)
class Logo:
    """An uploaded logo in the sizes we show, each a PNG of our own writing."""

    page: bytes = field(repr=False)
    letter: bytes = field(repr=False)
    width: int
    height: int
    colour: str  # what it is mostly painted in, "" if it is black, white or grey


def read_picture(content: bytes, box: tuple[int, int] = ADVERT_BOX) -> Image.Image:
    """Decode an upload (PNG, JPEG, WebP, GIF, or SVG drawn by a child process) to RGBA; of a film the first picture.

    What is far larger than a box needs comes smaller. Raises ``Refused`` for what is too large, too many points,
    broken, or no picture. Nothing is decoded before the header has been checked.
    """
    if not content:
        raise Refused(_("This file is empty. Please choose another one."))
    if len(content) > LARGEST_BYTES:
        raise Refused(_("This picture is larger than 5 MB. Please save it smaller."))
    if is_drawing(content):
        content = draw(content)
    facts = picture_facts(content)
    try:
        with _strictly(), Image.open(io.BytesIO(content), formats=(facts.kind.upper(),)) as opened:
            return _decoded(opened, facts, box)
    except (*_ANY_BROKEN, Image.DecompressionBombError, MemoryError):
        raise Refused(_("This picture is broken. Please save it again and choose the new file.")) from None


@contextmanager
def _strictly() -> Iterator[None]:
    """Decode nothing that is cut off, whatever a library told Pillow for the whole process (WeasyPrint does)."""
    with _STRICT:
        before, ImageFile.LOAD_TRUNCATED_IMAGES = ImageFile.LOAD_TRUNCATED_IMAGES, False
        try:
            yield
        finally:
            ImageFile.LOAD_TRUNCATED_IMAGES = before


def _decoded(opened: ImageFile.ImageFile, facts: PictureFacts, box: tuple[int, int]) -> Image.Image:
    """Decode what has been opened; its own idea of its size is checked against the header's and our bounds."""
    width, height = opened.size
    if (width, height) != (facts.width, facts.height):
        require_bounds(width, height)
    if facts.kind == "jpeg":
        opened.draft("RGB", box)
    opened.load()
    most = 2 * max(box)
    # Shrunk before it is converted: two large copies at once are what runs a small machine out of memory.
    if opened.mode in ("RGB", "RGBA", "L", "LA") and max(opened.size) > most:
        opened.thumbnail((most, most), reducing_gap=2.0)
    # A telephone says beside the points which way is up; what is kept says nothing beside the points.
    plain = ImageOps.exif_transpose(opened).convert("RGBA")
    plain.info.clear()
    return plain


def logo_from(content: bytes) -> tuple[Logo, Image.Image]:
    """Make a logo of an upload, and return the picture it was made of, without its empty edges."""
    picture = trimmed(read_picture(content))
    page = fitted(picture, LOGO_BOX)
    shown = fitted_size(page.size, SHOWN_BOX)
    logo = Logo(
        page=png(page),
        letter=png(fitted(picture, LETTER_BOX)),
        width=shown[0],
        height=shown[1],
        colour=main_colour(page),
    )
    return logo, picture


def trimmed(picture: Image.Image) -> Image.Image:
    """Cut away edges through which nothing but the ground is seen."""
    seen = picture.getchannel("A").point(lambda part: 255 if part > _VISIBLE else 0)
    box = seen.getbbox()
    if box is None:
        raise Refused(_("Nothing can be seen on this picture. Please choose another one."))
    return picture.crop(box)


def fitted_size(size: tuple[int, int], box: tuple[int, int]) -> tuple[int, int]:
    """Return the size at which a picture fits a box; it is never made larger."""
    scale = min(1.0, box[0] / size[0], box[1] / size[1])
    return max(1, round(size[0] * scale)), max(1, round(size[1] * scale))


def fitted(picture: Image.Image, box: tuple[int, int]) -> Image.Image:
    """Shrink a picture to fit a box."""
    size = fitted_size(picture.size, box)
    return picture if size == picture.size else picture.resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0)


def png(picture: Image.Image) -> bytes:
    """Write a PNG that holds points and nothing else."""
    return saved(picture, "PNG", optimize=True)


def advert_picture(content: bytes) -> tuple[bytes, int, int]:
    """Make the picture of an advertisement: WebP, with its width and height."""
    picture = fitted(read_picture(content), ADVERT_BOX)
    return saved(picture, "WEBP", quality=82, method=4), picture.width, picture.height


def saved(picture: Image.Image, form: str, **how: object) -> bytes:
    """Write a picture as a file that holds points and nothing else."""
    fresh = Image.new(picture.mode, picture.size)
    fresh.paste(picture)
    written = io.BytesIO()
    fresh.save(written, form, **how)
    return written.getvalue()


def icons_from(picture: Image.Image, ground: str) -> Mapping[str, bytes] | None:
    """Derive the browser's icons from a mark or a logo; ``None`` if it has no part that is nearly square.

    ``ground`` (#rrggbb) fills what systems want filled: the icon for home screens and the maskable one.
    """
    mark = _mark_of(picture)
    if mark is None:
        return None
    ico = io.BytesIO()
    sides = [_squared(mark, side, "", 1.0) for side in ICON_SIDES]
    sides[-1].save(ico, "ICO", sizes=[(side, side) for side in ICON_SIDES], append_images=sides[:-1])
    return {
        "ico": ico.getvalue(),
        "icon": png(_squared(mark, 64, "", 1.0)),
        "touch": png(_squared(mark, TOUCH_SIDE, ground, 0.8)),
        "large": png(_squared(mark, LARGE_SIDE, "", 1.0)),
        "mask": png(_squared(mark, MASK_SIDE, ground, MASK_SAFE)),
    }


def _mark_of(picture: Image.Image) -> Image.Image | None:
    """Return the picture if it is nearly square, else the sign that stands before the name, if there is one."""
    width, height = picture.size
    if max(width / height, height / width) <= _NEARLY_SQUARE:
        return picture
    if width < height:
        return None
    small = fitted(picture, (400, 100))
    columns = small.getchannel("A").resize((small.width, 1), Image.Resampling.BOX).tobytes()
    gap = max(2, small.height // 12)
    first = next((at for at in range(len(columns) - gap) if not any(columns[at : at + gap])), None)
    if first is None or not 1 / _NEARLY_SQUARE <= first / small.height <= _NEARLY_SQUARE:
        return None
    return trimmed(picture.crop((0, 0, round(first * width / small.width), height)))


def _squared(mark: Image.Image, side: int, ground: str, share: float) -> Image.Image:
    """Put a mark into the middle of a square."""
    inner = max(1, round(side * share))
    scale = inner / max(mark.size)
    size = max(1, round(mark.width * scale)), max(1, round(mark.height * scale))
    placed = mark.resize(size, Image.Resampling.LANCZOS)
    square = Image.new("RGBA", (side, side), ground or (0, 0, 0, 0))
    square.alpha_composite(placed, ((side - size[0]) // 2, (side - size[1]) // 2))
    return square


def main_colour(picture: Image.Image) -> str:
    """Return the colour a picture is mostly painted in, as #rrggbb; "" where there is only black, white and grey."""
    small = fitted(picture, (96, 96))
    points = small.getcolors(maxcolors=96 * 96) or []
    weights: dict[tuple[int, int, int], float] = {}
    for count, point in points:
        red, green, blue, opacity = point if isinstance(point, tuple) else (0, 0, 0, 0)
        strength = max(red, green, blue) - min(red, green, blue)
        if opacity < 128 or strength < 40:  # noqa: PLR2004 - half seen, or next to grey
            continue
        key = red >> 4, green >> 4, blue >> 4
        weights[key] = weights.get(key, 0.0) + count * strength
    if not weights:
        return ""
    best = max(weights, key=lambda key: weights[key])
    same = [
        (count, point)
        for count, point in points
        if isinstance(point, tuple) and tuple(part >> 4 for part in point[:3]) == best and point[3] >= 128  # noqa: PLR2004 - half seen
    ]
    total = sum(count for count, _point in same)
    return "#" + "".join(f"{round(sum(count * point[at] for count, point in same) / total):02x}" for at in range(3))

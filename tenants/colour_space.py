"""rule: colours as numbers: sRGB, CIE XYZ and Oklab, and the steps between them that tokens.css takes."""

import math
from typing import Final, NamedTuple


class Colour(NamedTuple):
    """A colour in CIE XYZ with white D65; y is the relative luminance of WCAG's contrast formula."""

    x: float
    y: float
    z: float


BLACK: Final = Colour(0, 0, 0)
WHITE: Final = Colour(0.9505, 1, 1.0888)

# IEC 61966-2-1: below these sRGB is a straight line.
_STRAIGHT_GAMMA, _STRAIGHT_LIGHT = 0.04045, 0.0031308

_Matrix = tuple[tuple[float, float, float], tuple[float, float, float], tuple[float, float, float]]

# CSS Color 4, section 18 (sample code for conversions).
_RGB_TO_XYZ: Final[_Matrix] = (
    (506752 / 1228815, 87881 / 245763, 12673 / 70218),
    (87098 / 409605, 175762 / 245763, 12673 / 175545),
    (7918 / 409605, 87881 / 737289, 1001167 / 1053270),
)
_XYZ_TO_RGB: Final[_Matrix] = (
    (12831 / 3959, -329 / 214, -1974 / 3959),
    (-851781 / 878810, 1648619 / 878810, 36519 / 878810),
    (705 / 12673, -2585 / 12673, 705 / 667),
)
_XYZ_TO_LMS: Final[_Matrix] = (
    (0.8190224379967030, 0.3619062600528904, -0.1288737815209879),
    (0.0329836539323885, 0.9292868615863434, 0.0361446663506424),
    (0.0481771893596242, 0.2642395317527308, 0.6335478284694309),
)
_LMS_TO_XYZ: Final[_Matrix] = (
    (1.2268798758459243, -0.5578149944602171, 0.2813910456659647),
    (-0.0405757452148008, 1.1122868032803170, -0.0717110580655164),
    (-0.0763729366746601, -0.4214933324022432, 1.5869240198367816),
)
_LMS_TO_LAB: Final[_Matrix] = (
    (0.2104542683093140, 0.7936177747023054, -0.0040720430116193),
    (1.9779985324311684, -2.4285922420485799, 0.4505937096174110),
    (0.0259040424655478, 0.7827717124575296, -0.8086757549230774),
)
_LAB_TO_LMS: Final[_Matrix] = (
    (1.0, 0.3963377773761749, 0.2158037573099136),
    (1.0, -0.1055613458156586, -0.0638541728258133),
    (1.0, -0.0894841775298119, -1.2914855480194092),
)


def colour_from_hex(text: str) -> Colour:
    """Return the colour of "#rrggbb"."""
    red, green, blue = (_linear(int(text[at : at + 2], 16) / 255) for at in (1, 3, 5))
    return Colour(*_times(_RGB_TO_XYZ, red, green, blue))


def hex_from_colour(colour: Colour) -> str:
    """Return "#rrggbb"; what a screen cannot show is cut to what it can, as browsers do."""
    linear = _times(_XYZ_TO_RGB, *colour)
    return "#" + "".join(f"{round(_gamma(min(1.0, max(0.0, part))) * 255):02x}" for part in linear)


def luminance(colour: Colour) -> float:
    """Return the relative luminance, 0 to 1 (WCAG 2.2)."""
    return colour.y


def darkened(colour: Colour, cap: float) -> Colour:
    """Scale the light down until the luminance is at most ``cap``; hue and saturation stay."""
    factor = min(1.0, cap / max(colour.y, 0.001))
    return Colour(colour.x * factor, colour.y * factor, colour.z * factor)


def lightened(colour: Colour, floor: float) -> Colour:
    """Mix with white light until the luminance is at least ``floor``."""
    share = max(0.0, (floor - colour.y) / (1.001 - colour.y))
    return Colour(*(own + (white - own) * share for own, white in zip(colour, WHITE, strict=True)))


def oklch(lightness: float, chroma: float, hue: float) -> Colour:
    """Return a colour as CSS writes it in Oklch: lightness 0 to 1, chroma 0 to about 0.4, hue in degrees."""
    angle = math.radians(hue)
    return _from_lab(lightness, chroma * math.cos(angle), chroma * math.sin(angle))


def chroma_and_lightness(colour: Colour) -> tuple[float, float]:
    """Return the chroma and the lightness in Oklch."""
    lightness, a, b = _to_lab(colour)
    return math.hypot(a, b), lightness


def at_lightness(colour: Colour, lightness: float, chroma: float) -> Colour:
    """Return the colour's hue with another lightness and chroma in Oklch."""
    _lightness, a, b = _to_lab(colour)
    angle = math.atan2(b, a)
    return _from_lab(lightness, chroma * math.cos(angle), chroma * math.sin(angle))


def blended(one: Colour, other: Colour, share: float) -> Colour:
    """Mix in Oklab; ``share`` of the other, 0 to 1."""
    pairs = zip(_to_lab(one), _to_lab(other), strict=True)
    return _from_lab(*(first + (second - first) * share for first, second in pairs))


def _times(matrix: _Matrix, a: float, b: float, c: float) -> tuple[float, float, float]:
    first, second, third = (row[0] * a + row[1] * b + row[2] * c for row in matrix)
    return first, second, third


def _to_lab(colour: Colour) -> tuple[float, float, float]:
    return _times(_LMS_TO_LAB, *(math.cbrt(part) for part in _times(_XYZ_TO_LMS, *colour)))


def _from_lab(lightness: float, a: float, b: float) -> Colour:
    return Colour(*_times(_LMS_TO_XYZ, *(part**3 for part in _times(_LAB_TO_LMS, lightness, a, b))))


def _linear(part: float) -> float:
    """From what a screen is told to light."""
    return part / 12.92 if part <= _STRAIGHT_GAMMA else math.pow((part + 0.055) / 1.055, 2.4)


def _gamma(part: float) -> float:
    """From light to what a screen is told."""
    return part * 12.92 if part <= _STRAIGHT_LIGHT else 1.055 * math.pow(part, 1 / 2.4) - 0.055

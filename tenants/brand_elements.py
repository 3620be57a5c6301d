"""rule: a colour chosen for one element (page, text, header, …) -> the roles it changes, each readable where it stands.

A role is a name of tokens.css. What is not chosen changes nothing; what is chosen keeps its hue, and its lightness as
far as it can be read. Ratios are those of WCAG 2.2: 4.5 for text, 3 for edges of controls.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from tenants.colour_space import (
    BLACK,
    WHITE,
    Colour,
    at_lightness,
    blended,
    chroma_and_lightness,
    colour_from_hex,
    darkened,
    hex_from_colour,
    lightened,
    luminance,
)

TEXT, CONTROL = 4.5, 3.0
# Grounds of pages stay within these luminances, so that states (success, danger) read on them in every brand.
LIGHT_GROUND, DARK_GROUND = 0.8, 0.024
LIGHT_SUNKEN: Final = 0.77
# What is taken for dark when a colour has to serve in the other scheme too.
SEEMS_DARK: Final = 0.18
# Up to this luminance a ground carries white text, made readable by darkening it to the second.
WHITE_WINS_BELOW, READS_WHITE = 0.3, 0.168
DARK_INK: Final = 0.012
# A little more than asked, because a colour is rounded to 256 steps in the end.
SPARE: Final = 1.02

GROUNDS: Final = ("page", "surface")
STRIPS: Final = ("header", "footer", "menu")
ELEMENTS: Final = (*GROUNDS, "header", "footer", "menu", "text", "link", "button", "success", "warning", "danger")


@dataclass(frozen=True, kw_only=True)
class Button:
    """The main button: its ground at rest, under the pointer, pressed; its edge and its words."""

    fill: str
    hover: str
    active: str
    edge: str
    on: str


def ratio(one: Colour, other: Colour) -> float:
    """Return the contrast of two colours, 1 to 21."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def settled(colour: Colour) -> Colour:
    """Return a colour as a screen shows it: in 256 steps, and cut to what it can show."""
    return colour_from_hex(hex_from_colour(colour))


def readable(colour: Colour, grounds: Sequence[Colour], needed: float, *, dark: bool) -> Colour:
    """Return a colour as near as can be that reaches a ratio on every ground: darker on light ones, lighter on dark."""
    shown = settled(colour)
    if dark:
        floor = max(luminance(ground) + 0.05 for ground in grounds) * needed * SPARE - 0.05
        return lightened(shown, min(1.0, floor))
    cap = min(luminance(ground) + 0.05 for ground in grounds) / (needed * SPARE) - 0.05
    return darkened(shown, max(0.0, cap))


def element_roles(chosen: Mapping[str, str], base: Mapping[str, str], *, dark: bool) -> dict[str, str]:
    """Return the roles of the whole page that differ from ``base`` (every role as #rrggbb) in one scheme.

    ``chosen`` holds #rrggbb or "" by element; strips and the button are not here: they have rules of their own.
    """
    if not any(chosen.get(name) for name in (*GROUNDS, "text", "link")):
        return {}
    roles = {name: colour_from_hex(value) for name, value in base.items()}
    _put_grounds(roles, chosen, dark=dark)
    places = [roles[name] for name in ("page", "surface", "sunken", "brand_soft")]
    edges = places[:3]
    if chosen.get("text"):
        words = _for_text(colour_from_hex(chosen["text"]), dark=dark)
        roles["ink"] = words
        roles["ink_soft"] = blended(readable(words, places, TEXT, dark=dark), roles["page"], 0.25)
    for name in ("ink", "ink_soft", "brand_ink"):
        roles[name] = readable(roles[name], places, TEXT, dark=dark)
    for name in ("brand_edge", "line_strong"):
        roles[name] = readable(roles[name], edges, CONTROL, dark=dark)
    roles["link"] = roles["brand_ink"]
    if chosen.get("link"):
        roles["link"] = readable(_for_link(colour_from_hex(chosen["link"]), dark=dark), places, TEXT, dark=dark)
    written = {name: hex_from_colour(colour) for name, colour in roles.items()}
    return {name: value for name, value in written.items() if value != base.get(name)}


def _put_grounds(roles: dict[str, Colour], chosen: Mapping[str, str], *, dark: bool) -> None:
    for name in GROUNDS:
        if chosen.get(name):
            roles[name] = settled(ground_for(colour_from_hex(chosen[name]), name, dark=dark))
    if any(chosen.get(name) for name in GROUNDS):
        page = roles["page"]
        chroma, lightness = chroma_and_lightness(page)
        if dark:
            roles["sunken"] = darkened(settled(at_lightness(page, lightness + 0.06, chroma)), DARK_GROUND)
            roles["line"] = at_lightness(page, lightness + 0.14, chroma)
        else:
            roles["sunken"] = lightened(settled(at_lightness(page, lightness - 0.022, chroma)), LIGHT_SUNKEN)
            roles["line"] = at_lightness(page, lightness - 0.075, chroma)


def ground_for(colour: Colour, name: str, *, dark: bool) -> Colour:
    """Return a chosen ground as it may be in one scheme: itself if it can, else its hue at the scheme's lightness."""
    if not dark:
        return lightened(colour, LIGHT_GROUND)
    if luminance(colour) < SEEMS_DARK:
        return darkened(colour, DARK_GROUND)
    chroma, _lightness = chroma_and_lightness(colour)
    return at_lightness(colour, 0.175 if name == "page" else 0.215, min(chroma * 0.5, 0.02))


def _for_text(colour: Colour, *, dark: bool) -> Colour:
    """Turn a dark text light for the dark scheme, and keep everything else."""
    if dark and luminance(colour) < SEEMS_DARK:
        chroma, _lightness = chroma_and_lightness(colour)
        return at_lightness(colour, 0.95, min(chroma * 0.15, 0.02))
    return colour


def _for_link(colour: Colour, *, dark: bool) -> Colour:
    if not dark:
        return colour
    chroma, lightness = chroma_and_lightness(colour)
    return at_lightness(colour, max(lightness, 0.68), min(chroma * 1.3, 0.125))


def carries_white(colour: Colour) -> bool:
    """Whether a ground of this colour carries white text, perhaps after darkening; else it carries dark text."""
    return luminance(colour) < WHITE_WINS_BELOW


def strip_roles(colour: str, base: Mapping[str, str], *, dark: bool) -> dict[str, str]:
    """Return the roles inside a header, footer or menu of a chosen colour (#rrggbb), in one scheme.

    A ground that carries white text is the same in both schemes; a light one becomes dark in the dark scheme.
    """
    chosen = colour_from_hex(colour)
    white = carries_white(chosen)
    ground = darkened(chosen, READS_WHITE) if white else chosen
    if dark and not white:
        chroma, _lightness = chroma_and_lightness(chosen)
        ground = at_lightness(chosen, 0.24, min(chroma * 0.5, 0.03))
        white = True
    away = BLACK if white else WHITE
    ink = WHITE if white else darkened(chosen, DARK_INK)
    ground = settled(ground)
    sunken, soft = settled(blended(ground, away, 0.1)), settled(blended(ground, away, 0.16))
    grounds = [ground, sunken, soft]
    # The brand's own ink where it stands on a light strip; on a coloured one only white or black is calm.
    words = readable(colour_from_hex(base["brand_ink"]), grounds, TEXT, dark=white) if not white else ink
    roles = {
        "surface": ground,
        "sunken": sunken,
        "brand_soft": soft,
        "ink": ink,
        "ink_soft": readable(blended(ink, ground, 0.25), grounds, TEXT, dark=white),
        "brand_ink": words,
        "link": words,
        "line": blended(ground, ink, 0.16),
        "line_strong": readable(blended(ink, ground, 0.5), grounds, CONTROL, dark=white),
        "brand_edge": ink if white else readable(colour_from_hex(base["brand_edge"]), grounds, CONTROL, dark=False),
        "focus": ink,
        "brand_fill": ink,
        "on_brand": ground,
    }
    return {name: hex_from_colour(value) for name, value in roles.items()}


def is_dark_strip(colour: str) -> bool:
    """Whether a strip of this colour is dark in both schemes."""
    return carries_white(colour_from_hex(colour))

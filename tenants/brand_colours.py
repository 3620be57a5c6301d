"""rule: one brand colour and a few choices -> the brand's CSS, and plain colours for letters, PDFs and old browsers."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Final, Literal, NamedTuple

from storefront.core.errors import Refused
from storefront.core.i18n import lazy_gettext as _
from tenants.brand_elements import ELEMENTS, STRIPS, Button, element_roles, is_dark_strip, strip_roles
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
    oklch,
)

_HEX: Final = re.compile(r"#[0-9a-f]{6}")

COLOURS: Final = ("brand", "accent", *ELEMENTS)

RADII: Final = ("0px", "4px", "8px", "10px", "16px")
SCHEMES: Final = ("both", "light", "dark")
HERO_GROUNDS: Final = ("brand", "soft", "page")
HERO_ARTS: Final = ("none", "peaks", "circles", "tiles", "dots", "rays", "waves")
# What a font choice sets; all are fonts the reader already has, so nothing is fetched.
FONTS: Final[Mapping[str, str]] = {
    "plain": "",
    "serif": (
        '--font-heading:ui-serif,"Iowan Old Style","Palatino Linotype",Palatino,Georgia,serif;'
        "--heading-weight:560;--heading-tracking:-0.015em;"
    ),
    "strong": "--heading-weight:780;--heading-tracking:-0.035em;",
    "round": (
        '--font-heading:ui-rounded,"SF Pro Rounded","Hiragino Maru Gothic ProN",Quicksand,Nunito,system-ui,sans-serif;'
        "--heading-weight:700;--heading-tracking:-0.01em;"
    ),
}

Scheme = Literal["light", "dark"]


@dataclass(frozen=True, kw_only=True)
class Brand:
    """What a reseller may choose; made by ``brand_from`` only, so every value is one of ours."""

    brand: str = "#14507f"
    accent: str = ""  # empty: the same as brand
    radius: str = "10px"
    font: str = "plain"
    scheme: str = "both"
    hero_ground: str = "brand"
    hero_art: str = "none"
    # The full palette. Empty: derived from brand.
    page: str = ""
    surface: str = ""
    header: str = ""
    footer: str = ""
    menu: str = ""
    text: str = ""
    link: str = ""
    button: str = ""
    success: str = ""
    warning: str = ""
    danger: str = ""

    @property
    def elements(self) -> dict[str, str]:
        """The elements that have a colour of their own."""
        return {name: value for name in ELEMENTS if (value := getattr(self, name))}


@dataclass(frozen=True, kw_only=True)
class Tone:
    """The four colours of a state such as success or danger, as #rrggbb."""

    ink: str
    fill: str
    soft: str
    line: str


@dataclass(frozen=True, kw_only=True)
class PlainColours:
    """The roles of tokens.css for one brand in one scheme, as #rrggbb. A field is the role's name."""

    brand_fill: str
    brand_fill_hover: str
    brand_fill_active: str
    on_brand: str
    brand_edge: str
    brand_ink: str
    brand_soft: str
    brand_line: str
    page: str
    surface: str
    sunken: str
    line: str
    line_strong: str
    ink: str
    ink_soft: str
    link: str
    button: Button
    tones: Mapping[str, Tone]


# The roles of a whole page, in the order of the sheet.
ROLES: Final = tuple(field.name for field in fields(PlainColours) if field.name not in ("button", "tones"))
# Where a strip begins, and what it needs beside its colours: the side menu has no ground of its own otherwise.
_STRIPS: Final[Mapping[str, tuple[str, str]]] = {
    "header": (".site-head", ""),
    "footer": (".site-foot", "background:var(--surface);"),
    "menu": (".side-nav", "background:var(--surface);padding:var(--s2);border-radius:var(--radius);"),
}


class _Wash(NamedTuple):
    """A tint of the brand: its lightness, how much of the brand's chroma, and at most how much."""

    lightness: float
    share: float
    most: float


# tokens.css, tier 3. The first is for light ground, the second for dark.
_WASHES: Final[Mapping[str, tuple[_Wash, _Wash]]] = {
    "brand_soft": (_Wash(0.957, 0.18, 0.021), _Wash(0.275, 0.35, 0.05)),
    "brand_line": (_Wash(0.87, 0.5, 0.07), _Wash(0.4, 0.5, 0.08)),
    "page": (_Wash(0.984, 0.05, 0.006), _Wash(0.175, 0.1, 0.014)),
    "surface": (_Wash(1, 0, 0), _Wash(0.215, 0.1, 0.016)),
    "sunken": (_Wash(0.962, 0.06, 0.008), _Wash(0.25, 0.1, 0.018)),
    "line": (_Wash(0.912, 0.08, 0.012), _Wash(0.315, 0.12, 0.02)),
    "line_strong": (_Wash(0.61, 0.1, 0.02), _Wash(0.57, 0.12, 0.025)),
    "ink": (_Wash(0.225, 0.18, 0.026), _Wash(0.955, 0.05, 0.006)),
    "ink_soft": (_Wash(0.475, 0.15, 0.022), _Wash(0.755, 0.1, 0.015)),
}
_TONE_SOFT: Final = (_Wash(0.962, 0.22, 0.03), _Wash(0.275, 0.35, 0.05))
_TONE_LINE: Final = (_Wash(0.86, 0.55, 0.08), _Wash(0.42, 0.5, 0.08))
_STATES: Final[Mapping[str, Colour]] = {
    "success": oklch(0.6, 0.14, 152),
    "warning": oklch(0.74, 0.15, 80),
    "danger": oklch(0.58, 0.2, 25),
    "info": oklch(0.6, 0.12, 240),
}
# Luminances that reach 4.5:1 (ink) and 3:1 (edge) on our lightest and darkest grounds; WCAG 2.2, 1.4.3 and 1.4.11.
_INK_CAP, _EDGE_CAP, _INK_FLOOR, _EDGE_FLOOR = 0.12, 0.22, 0.38, 0.19
# Up to this luminance of the brand its buttons carry white text, made 4.8:1 by darkening to the second.
_WHITE_WINS_BELOW, _READS_WHITE = 0.3, 0.168
_VISIBLE_IN_THE_DARK, _DARK_INK = 0.125, 0.012


def brand_from(values: Mapping[str, object]) -> Brand:
    """Check what a reseller chose and return it; unknown keys are left out, missing ones get our default.

    Raises Refused, naming the field, for anything that is not a #rrggbb colour or not in our lists.
    """
    chosen = {
        field.name: str(values[field.name]) for field in fields(Brand) if values.get(field.name) not in (None, "")
    }
    for name in COLOURS:
        if name in chosen:
            chosen[name] = chosen[name].strip().lower()
            if not _HEX.fullmatch(chosen[name]):
                raise Refused(_("Write the colour as # and six digits, like #14507f."), field=name)
    allowed = {
        "radius": RADII,
        "font": tuple(FONTS),
        "scheme": SCHEMES,
        "hero_ground": HERO_GROUNDS,
        "hero_art": HERO_ARTS,
    }
    for name, choices in allowed.items():
        if name in chosen and chosen[name] not in choices:
            raise Refused(_("Choose one of the list."), field=name)
    return Brand(**chosen)


def contrast(one: str, other: str) -> float:
    """Return the contrast of two #rrggbb colours, 1 to 21 (WCAG 2.2, relative luminance)."""
    darker, lighter = sorted((luminance(colour_from_hex(one)), luminance(colour_from_hex(other))))
    return (lighter + 0.05) / (darker + 0.05)


def brand_css(brand: Brand) -> str:
    """Return the sheet that follows tokens.css: the brand's values, and plain colours where sums are not understood.

    An element without a colour of its own costs no byte.
    """
    scheme = "light dark" if brand.scheme == "both" else brand.scheme
    named = ("accent", "success", "warning", "danger")
    chosen = "".join(f"--{name}:{getattr(brand, name)};" for name in named if getattr(brand, name))
    own = f"--brand:{brand.brand};{chosen}--radius:{brand.radius};--scheme:{scheme};{FONTS[brand.font]}"
    roles, rules = _element_css(brand, _schemes(brand))
    return (
        f"@layer brand{{:root{{{own}{roles}}}{rules}}}\n"
        f"@supports not (color:color(from red xyz-d65 x y z)){{@layer brand{{{_fallback(brand)}}}}}\n"
    )


def _schemes(brand: Brand) -> tuple[Scheme, ...]:
    if brand.scheme == "both":
        return ("light", "dark")
    return ("dark",) if brand.scheme == "dark" else ("light",)


def _element_css(brand: Brand, schemes: Sequence[Scheme]) -> tuple[str, str]:
    """Return what the chosen elements add to ``:root``, and the rules of button and strips."""
    if not brand.elements:
        return "", ""
    bare = replace(brand, **dict.fromkeys(ELEMENTS, ""))
    plain = [plain_colours(brand, scheme) for scheme in schemes]
    before = [plain_colours(bare, scheme) for scheme in schemes]
    changed = [
        name
        for name in ROLES
        if any(getattr(one, name) != getattr(two, name) for one, two in zip(plain, before, strict=True))
    ]
    roles = "".join(_role(name, [getattr(each, name) for each in plain]) for name in changed)
    rules = []
    if brand.button:
        parts = {"brand_fill": "fill", "brand_fill_hover": "hover", "brand_fill_active": "active"}
        parts |= {"brand_edge": "edge", "on_brand": "on"}
        sets = "".join(_role(name, [getattr(each.button, part) for each in plain]) for name, part in parts.items())
        rules.append(f'.button[data-kind="primary"]{{{sets}}}')
    for name in STRIPS:
        if colour := getattr(brand, name):
            found = [
                strip_roles(colour, roles_of(each), dark=scheme == "dark")
                for each, scheme in zip(plain, schemes, strict=True)
            ]
            rules.append(_strip_css(name, colour, found))
    return roles, "".join(rules)


def _strip_css(name: str, colour: str, found: Sequence[Mapping[str, str]]) -> str:
    where, more = _STRIPS[name]
    sets = "".join(_role(role, [each[role] for each in found]) for role in found[0])
    if not is_dark_strip(colour):
        return f"{where}{{{sets}color:var(--ink);{more}}}"
    return (
        f"{where}{{color-scheme:dark;{sets}color:var(--ink);{more}}}"
        f"{where} .logo:has(.logo-dark) .logo-light{{display:none}}{where} .logo-dark{{display:block}}"
        # A logo that was drawn for white paper gets white paper.
        f"{where} .logo:not(:has(.logo-dark))>img{{background:#fff;padding:.25rem .5rem;border-radius:var(--radius-s)}}"
    )


def _role(name: str, values: Sequence[str]) -> str:
    value = values[0] if len(set(values)) == 1 else f"light-dark({','.join(values)})"
    return f"--{name.replace('_', '-')}:{value};"


def roles_of(plain: PlainColours) -> dict[str, str]:
    """Return the roles of the whole page by name."""
    return {name: getattr(plain, name) for name in ROLES}


def plain_colours(brand: Brand, scheme: Scheme = "light") -> PlainColours:
    """Do the sums of tokens.css for one scheme and return plain colours, chosen elements included."""
    base = colour_from_hex(brand.brand)
    dark = scheme == "dark"
    main = _button(base, dark=dark)
    ink = hex_from_colour(_brand_ladder(base, dark=dark, white_wins=_white_wins(base))[2])
    roles = {
        "brand_fill": main.fill,
        "brand_fill_hover": main.hover,
        "brand_fill_active": main.active,
        "on_brand": main.on,
        "brand_edge": main.edge,
        "brand_ink": ink,
        "link": ink,
        **{name: hex_from_colour(_washed(base, pair[dark])) for name, pair in _WASHES.items()},
    }
    roles |= element_roles(brand.elements, roles, dark=dark)
    button = (
        _button(colour_from_hex(brand.button), dark=dark) if brand.button else replace(main, edge=roles["brand_edge"])
    )
    return PlainColours(button=button, tones=_tones(brand, base, dark=dark), **roles)


def _white_wins(base: Colour) -> bool:
    return luminance(base) < _WHITE_WINS_BELOW


def _button(base: Colour, *, dark: bool) -> Button:
    """Return a ground that words can be read on, made of one colour."""
    white_wins = _white_wins(base)
    fill, edge, _ink = _brand_ladder(base, dark=dark, white_wins=white_wins)
    away = BLACK if white_wins else WHITE
    return Button(
        fill=hex_from_colour(fill),
        hover=hex_from_colour(blended(fill, away, 0.13)),
        active=hex_from_colour(blended(fill, away, 0.24)),
        edge=hex_from_colour(edge),
        on=hex_from_colour(WHITE if white_wins else darkened(base, _DARK_INK)),
    )


def _brand_ladder(base: Colour, *, dark: bool, white_wins: bool) -> tuple[Colour, Colour, Colour]:
    """Return fill, edge and ink of the brand."""
    light_fill = darkened(base, _READS_WHITE) if white_wins else base
    if not dark:
        return light_fill, darkened(base, _EDGE_CAP), darkened(base, _INK_CAP)
    chroma, lightness = chroma_and_lightness(light_fill)
    vivid = at_lightness(light_fill, max(lightness, 0.5), max(chroma, min(0.15, chroma * 1.2)))
    glow = at_lightness(light_fill, max(lightness, 0.68), min(chroma * 1.3, 0.125))
    return lightened(vivid, _VISIBLE_IN_THE_DARK), lightened(vivid, _EDGE_FLOOR), lightened(glow, _INK_FLOOR)


def _tones(brand: Brand, base: Colour, *, dark: bool) -> dict[str, Tone]:
    chroma, _lightness = chroma_and_lightness(base)
    accent = colour_from_hex(brand.accent) if brand.accent else base
    neutral = at_lightness(base, 0.55, min(chroma * 0.15, 0.02))
    states = {name: colour_from_hex(own) for name in _STATES if (own := getattr(brand, name, ""))}
    sources = {**_STATES, **states, "brand": base, "accent": accent, "neutral": neutral}
    return {name: _tone(colour, dark=dark) for name, colour in sources.items()}


def _tone(colour: Colour, *, dark: bool) -> Tone:
    chroma, lightness = chroma_and_lightness(colour)
    glow = at_lightness(colour, max(lightness, 0.66), min(chroma * 1.2, 0.14))
    return Tone(
        ink=hex_from_colour(lightened(glow, _INK_FLOOR) if dark else darkened(colour, _INK_CAP)),
        fill=hex_from_colour(lightened(glow, _EDGE_FLOOR) if dark else darkened(colour, _EDGE_CAP)),
        soft=hex_from_colour(_washed(colour, _TONE_SOFT[dark])),
        line=hex_from_colour(_washed(colour, _TONE_LINE[dark])),
    )


def _washed(colour: Colour, wash: _Wash) -> Colour:
    chroma, _lightness = chroma_and_lightness(colour)
    return at_lightness(colour, wash.lightness, min(chroma * wash.share, wash.most))


def _fallback(brand: Brand) -> str:
    """Old browsers get one scheme, written out."""
    scheme: Scheme = "dark" if brand.scheme == "dark" else "light"
    plain = plain_colours(brand, scheme)
    # A link is the brand's ink unless it was chosen.
    names = [name for name in ROLES if name != "link" or plain.link != plain.brand_ink]
    roles = "".join(_role(name, [getattr(plain, name)]) for name in names)
    tones = "".join(
        f'[data-tone="{name}"]{{--tone-ink:{tone.ink};--tone-fill:{tone.fill};--tone-soft:{tone.soft};--tone-line:{tone.line}}}'
        for name, tone in plain.tones.items()
    )
    rules = _element_css(brand, [scheme])[1]
    return f":root,:root[data-scheme]{{color-scheme:{scheme};{roles}}}{tones}{rules}"

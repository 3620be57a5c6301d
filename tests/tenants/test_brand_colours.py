"""A brand's colours can be read whatever the reseller picks, and nothing but a colour gets into the sheet."""

import random
import tomllib
from pathlib import Path

import pytest

from storefront.core.errors import Refused
from tenants import brand_colours
from tenants.brand_colours import Brand, Scheme, brand_css, brand_from, contrast, plain_colours
from tests.samples import WHOLE, sampled

THEME = Path(__file__).parents[2] / "themes" / "default" / "theme.toml"
MANY = 1_000 if WHOLE else 200
CORNERS = ("#000000", "#ffffff", "#808080", "#ff0000", "#00ff00", "#0000ff", "#ffff00", "#00ffff", "#ff00ff", "#777777")

# The table of the design: two roles and the contrast they need.
READABLE = (
    ("ink", "page", 4.5),
    ("ink_soft", "sunken", 4.5),
    ("ink_soft", "brand_soft", 4.5),
    ("on_brand", "brand_fill", 4.5),
    ("on_brand", "brand_fill_hover", 4.5),
    ("on_brand", "brand_fill_active", 4.5),
    ("brand_ink", "surface", 4.5),
    ("brand_ink", "sunken", 4.5),
    ("brand_ink", "brand_soft", 4.5),
    ("brand_edge", "sunken", 3.0),
    ("line_strong", "page", 3.0),
)


def some_brands(count: int) -> list[str]:
    numbers = random.Random(20251121)
    return [*CORNERS, *(f"#{numbers.randrange(1 << 24):06x}" for _ in range(count - len(CORNERS)))]


@sampled
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pairs_of_text_and_ground_are_readable_for_whatever_brand(scheme: Scheme) -> None:
    unreadable = []

    for colour in some_brands(MANY):
        plain = plain_colours(Brand(brand=colour), scheme)
        unreadable += [
            (colour, ink, ground)
            for ink, ground, needed in READABLE
            if contrast(getattr(plain, ink), getattr(plain, ground)) < needed
        ]

    assert unreadable == []


@sampled
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_tones_are_readable_for_whatever_brand(scheme: Scheme) -> None:
    unreadable = []

    for colour in some_brands(MANY):
        plain = plain_colours(Brand(brand=colour, accent=colour[:1] + colour[:0:-1]), scheme)
        for name, tone in plain.tones.items():
            if contrast(tone.ink, tone.soft) < 4.5 or contrast(tone.fill, plain.surface) < 3:
                unreadable.append((colour, name))

    assert unreadable == []


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("#000000", "#ffffff", 21.0),
        ("#ffffff", "#ffffff", 1.0),
        ("#767676", "#ffffff", 4.54),
        ("#ff0000", "#ffffff", 4.0),
    ],
)
def test_contrast_agrees_with_published_figures(one: str, other: str, expected: float) -> None:
    measured = contrast(one, other)

    assert measured == pytest.approx(expected, abs=0.01)


def test_dark_brand_keeps_its_colour_on_buttons_with_white_text() -> None:
    plain = plain_colours(Brand(brand="#10497a"))

    assert (plain.brand_fill, plain.on_brand) == ("#10497a", "#ffffff")


def test_bright_brand_keeps_its_colour_and_takes_a_dark_ink_of_its_hue() -> None:
    plain = plain_colours(Brand(brand="#ffc21a"))

    assert (plain.brand_fill, plain.on_brand) == ("#ffc21a", "#271b01")


def test_middling_brand_is_darkened_until_white_reads() -> None:
    plain = plain_colours(Brand(brand="#4a90e2"))

    assert plain.on_brand == "#ffffff"
    assert plain.brand_fill != "#4a90e2"
    assert contrast(plain.on_brand, plain.brand_fill) >= 4.5


def test_sheet_of_a_brand_holds_its_choices() -> None:
    brand = brand_from({"brand": "#93284F", "accent": "#d9822b", "radius": "16px", "font": "serif", "scheme": "light"})

    first_line = brand_css(brand).splitlines()[0]

    assert first_line == (
        "@layer brand{:root{--brand:#93284f;--accent:#d9822b;--radius:16px;--scheme:light;"
        '--font-heading:ui-serif,"Iowan Old Style","Palatino Linotype",Palatino,Georgia,serif;'
        "--heading-weight:560;--heading-tracking:-0.015em;}}"
    )


def test_sheet_ends_with_plain_colours_for_old_browsers() -> None:
    css = brand_css(Brand(brand="#10497a"))

    assert "@supports not (color:color(from red xyz-d65 x y z)){@layer brand{:root" in css
    assert "--brand-fill:#10497a;" in css


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("brand", "red"),
        ("brand", "#fff"),
        ("brand", "#12345g"),
        ("brand", "#123456;}body{display:none"),
        ("brand", "#123456\n"[::-1]),
        ("accent", "url(https://example.com)"),
        ("radius", "11px"),
        ("radius", "0px;--brand:#000000"),
        ("font", "Comic Sans"),
        ("scheme", "light dark"),
        ("hero_ground", "url(#)"),
        ("hero_art", "../../etc/passwd"),
        ("brand", 7),
        ("brand", ["#123456"]),
    ],
)
def test_anything_but_a_choice_of_ours_is_refused(field: str, value: object) -> None:
    with pytest.raises(Refused) as refusal:
        brand_from({field: value})

    assert refusal.value.field == field


def test_missing_and_unknown_choices_get_our_defaults() -> None:
    brand = brand_from({"accent": None, "radius": "", "logo": "shop.png"})

    assert brand == Brand()


def test_choices_are_those_the_theme_names() -> None:
    theme = tomllib.loads(THEME.read_text(encoding="utf-8"))["reseller"]

    ours = {
        "radius": list(brand_colours.RADII),
        "font": list(brand_colours.FONTS),
        "scheme": list(brand_colours.SCHEMES),
        "hero_ground": list(brand_colours.HERO_GROUNDS),
        "hero_art": list(brand_colours.HERO_ARTS),
    }

    assert {name: theme[name] for name in ours} == ours

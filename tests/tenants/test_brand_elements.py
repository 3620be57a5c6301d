"""A full palette can be read whatever the reseller picks: every token pair, both schemes, and nothing for nothing."""

import random

import pytest

from tenants.brand_colours import Brand, Scheme, brand_css, brand_from, contrast, plain_colours, roles_of
from tenants.brand_elements import ELEMENTS, STRIPS, strip_roles
from tests.samples import WHOLE, sampled

INKS = ("ink", "ink_soft", "brand_ink", "link")
TEXT_PAIRS = [
    *((ink, ground) for ink in INKS for ground in ("page", "surface", "sunken", "brand_soft")),
    *(("on_brand", ground) for ground in ("brand_fill", "brand_fill_hover", "brand_fill_active")),
]
CONTROL_PAIRS = [(edge, ground) for edge in ("brand_edge", "line_strong") for ground in ("page", "surface")]
STRIP_PAIRS = [
    *((ink, ground) for ink in INKS for ground in ("surface", "sunken", "brand_soft")),
    ("on_brand", "brand_fill"),
]
MANY = 500 if WHOLE else 100
CORNERS = ("#000000", "#ffffff", "#808080", "#ff0000", "#00ff00", "#0000ff", "#ffff00", "#00ffff", "#ff00ff", "#777777")


def some_palettes(count: int) -> list[Brand]:
    numbers = random.Random(20261121)

    def colour() -> str:
        return numbers.choice(CORNERS) if numbers.random() < 0.2 else f"#{numbers.randrange(1 << 24):06x}"

    full = [Brand(brand=colour(), accent=colour(), **{name: colour() for name in ELEMENTS}) for _ in range(count)]
    some = [
        Brand(brand=colour(), **{name: colour() for name in ELEMENTS if numbers.random() < 0.4})
        for _ in range(count // 5)
    ]
    return [*full, *some]


def faults_of(brand: Brand, scheme: Scheme) -> list[tuple[str, str, str, float]]:
    plain = plain_colours(brand, scheme)
    roles = roles_of(plain)
    checks = [("page", ink, ground, roles[ink], roles[ground], 4.5) for ink, ground in TEXT_PAIRS]
    checks += [("page", edge, ground, roles[edge], roles[ground], 3.0) for edge, ground in CONTROL_PAIRS]
    checks += [
        ("button", "on", state, plain.button.on, getattr(plain.button, state), 4.5)
        for state in ("fill", "hover", "active")
    ]
    checks.append(("button", "edge", "surface", plain.button.edge, roles["surface"], 3.0))
    for name, tone in plain.tones.items():
        checks += [("tone", name, ground, tone.ink, roles[ground], 4.5) for ground in ("surface", "page")]
        checks += [
            ("tone", name, "soft", tone.ink, tone.soft, 4.5),
            ("tone", name, "fill", tone.fill, roles["surface"], 3.0),
        ]
    for strip in STRIPS:
        if colour := getattr(brand, strip):
            inner = strip_roles(colour, roles, dark=scheme == "dark")
            checks += [(strip, ink, ground, inner[ink], inner[ground], 4.5) for ink, ground in STRIP_PAIRS]
            checks += [
                (strip, edge, "surface", inner[edge], inner["surface"], 3.0)
                for edge in ("line_strong", "brand_edge", "focus")
            ]
    return [
        (where, ink, ground, contrast(one, two))
        for where, ink, ground, one, two, needed in checks
        if contrast(one, two) < needed
    ]


@sampled
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_pair_of_whatever_brand_and_palette_is_readable(scheme: Scheme) -> None:
    unreadable = [(brand.brand, fault) for brand in some_palettes(MANY) for fault in faults_of(brand, scheme)]

    assert unreadable == []


def test_element_without_a_colour_costs_no_byte() -> None:
    bare = brand_css(Brand(brand="#10497a"))

    assert "light-dark(" not in bare
    assert not any(where in bare for where in (".site-head", ".site-foot", ".side-nav", ".button"))
    assert len(bare.splitlines()[0]) < 100


@pytest.mark.parametrize("name", ELEMENTS)
def test_each_element_alone_changes_the_sheet(name: str) -> None:
    bare = brand_css(Brand(brand="#10497a"))

    own = brand_css(brand_from({"brand": "#10497a", name: "#7A3E10"}))

    assert own != bare
    assert "#7A3E10" not in own


def test_colour_that_can_be_read_is_kept() -> None:
    plain = plain_colours(brand_from({"brand": "#10497a", "page": "#fff4e0", "text": "#2b1a00", "link": "#7a1020"}))

    assert (plain.page, plain.ink, plain.link) == ("#fff4e0", "#2b1a00", "#7a1020")


def test_chosen_header_stays_the_same_in_the_dark_if_white_reads_on_it() -> None:
    css = brand_css(Brand(header="#10497a"))

    assert ".site-head{color-scheme:dark;--surface:#10497a;" in css


def test_light_header_becomes_dark_in_the_dark() -> None:
    css = brand_css(Brand(header="#fff4e0"))

    assert ".site-head{--surface:light-dark(#fff4e0,#" in css


def test_brand_of_one_scheme_writes_one_colour() -> None:
    css = brand_css(Brand(scheme="dark", page="#101020", header="#fff4e0"))

    assert "light-dark(" not in css


@pytest.mark.parametrize("name", ELEMENTS)
def test_element_takes_a_colour_and_nothing_else(name: str) -> None:
    with pytest.raises(Exception, match="Write the colour"):
        brand_from({name: "#123456;}body{display:none"})

"""Every letter in every theme and brand: it is whole, carries the brand, fetches nothing and names no platform."""

import re

import pytest

from storefront.notifications.compose import Composed, compose
from storefront.notifications.letters import LETTERS, Audience
from storefront.notifications.look import look_of
from tenants.themes import themes
from tests.storefront.notifications.letters_at_hand import CONFIG, LINKS, SAID, SHOPS, make_shop

KEYS = [theme.key for theme in themes()]
BRANDS = {
    **SHOPS,
    "domaineo": make_shop("domaineo", brand={"brand": "#8a1f4b", "radius": "16px", "font": "serif", "scheme": "dark"}),
}


def written(name: str, key: str, shop: str) -> Composed:
    reseller = BRANDS[shop]
    before, reseller.theme = reseller.theme, key
    try:
        look = look_of(CONFIG, reseller)
    finally:
        reseller.theme = before
    values = {**SAID[name], "links": LINKS, "name": "Marta Zielińska"}
    return compose(name, values, look=look, locale="pl", zone=reseller.zone)


@pytest.mark.parametrize("shop", BRANDS)
@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("name", LETTERS)
def test_letter_is_whole_in_every_theme_and_brand(name: str, key: str, shop: str) -> None:
    letter = written(name, key, shop)
    look = look_of(CONFIG, BRANDS[shop])

    assert "{{" not in letter.html + letter.text
    assert look.name in letter.html
    assert look.colours.brand_fill in letter.html
    assert re.findall(r"url\(|@import|<link|<script|https?://[^\"]*\.(?:png|css)", letter.html) == []
    assert len(re.findall(r"<h1[ >]", letter.html)) == 1
    assert len(letter.html.encode()) < 100_000
    if LETTERS[name].audience is not Audience.OPERATOR:
        assert "vitrine" not in (letter.subject + letter.text + letter.html).lower()


def test_themes_give_letters_a_different_frame() -> None:
    shown = {key: written("welcome", key, "nordhost") for key in KEYS}

    assert len({re.sub(r"\s+", " ", letter.html) for letter in shown.values()}) == len(KEYS)
    assert len({letter.text for letter in shown.values()}) == 1

"""The picture that is shown where a page's link is shared: who gets it, when it is drawn, what it looks like."""

import io
import os
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from PIL import Image

from cms.card_layout import Paint
from cms.cards import KEPT, SHELF, _drawn, sweep_cards
from cms.pages import PageTerms, publish_page
from storefront.core import clock
from storefront.core.db import Database
from tenants.brand_colours import Brand, contrast, plain_colours
from tests.cms.test_card_layout import card
from tests.fixtures_app import Shop

PICTURE = re.compile(r'property="og:image" content="https?://[^/]+(/[^"]+)"')


@pytest.fixture
def address_of(database: Database, shops: dict[str, Shop], client: FlaskClient) -> Callable[..., str]:
    """Publish a page and return the address of the picture it names."""

    def write(title: str, path: str = "/carded") -> str:
        with database.work(shops["north"].id) as db:
            publish_page(db, PageTerms(key="carded", locale="en", path=path, title=title))
            db.commit()
        found = PICTURE.search(client.get(f"/en{path}?asked=afresh").text)
        assert found is not None
        return found[1]

    return write


@pytest.fixture
def kept(database: Database, shops: dict[str, Shop]) -> Callable[[str], Path]:
    """Where the picture of an address is kept once it was drawn."""

    def find(address: str) -> Path:
        digest = address.rpartition("/")[2].removesuffix(".png")
        return database.config.files_dir / str(shops["north"].id) / SHELF / digest[:2] / digest

    return find


def ink_of(content: bytes) -> tuple[int, int, int, int]:
    """Return what of the middle of a picture is painted in another colour than the ground."""
    picture = Image.open(io.BytesIO(content)).convert("RGB").crop((0, 130, 1200, 530))
    ground = picture.getpixel((0, 0))
    box = picture.convert("L").point([0 if tone == sum_of(ground) else 255 for tone in range(256)]).getbbox()
    assert box is not None
    return box


def sum_of(colour: object) -> int:
    return int(Image.new("RGB", (1, 1), colour).convert("L").getpixel((0, 0)))  # type: ignore[arg-type]  # Pillow's


def test_page_names_a_picture_of_its_title(address_of: Callable[..., str], client: FlaskClient) -> None:
    answer = client.get(address_of("Zażółć gęślą jaźń"))

    assert answer.status_code == 200
    assert answer.mimetype == "image/png"
    assert "immutable" in answer.headers["Cache-Control"]
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert Image.open(io.BytesIO(answer.data)).size == (1200, 630)
    left, _top, right, _bottom = ink_of(answer.data)
    assert left >= 76
    assert right <= 1124


def test_picture_is_drawn_once(
    address_of: Callable[..., str], client: FlaskClient, kept: Callable[[str], Path]
) -> None:
    address = address_of("Drawn but once")
    assert not kept(address).exists()
    client.get(address)

    kept(address).write_bytes(b"kept")

    # With a query nothing is answered from memory.
    assert client.get(f"{address}?asked=afresh").data == b"kept"


def test_only_an_address_that_a_page_names_is_drawn(
    address_of: Callable[..., str], client: FlaskClient, kept: Callable[[str], Path]
) -> None:
    address = address_of("Nobody else's")
    page, _slash, name = address.rpartition("/")
    before = len([*kept(address).parents[1].rglob("*")])

    codes = {
        client.get(wrong).status_code
        for wrong in (
            f"{page}/{'0' * 64}.png",
            f"{page}/{name.removesuffix('.png').upper()}.png",
            f"{page}/x.png",
            address.replace("/en/", "/de/"),
            f"/media/cards/01890000-0000-7000-8000-00000000000a/en/{name}",
        )
    }

    assert codes == {404}
    assert len([*kept(address).parents[1].rglob("*")]) == before


def test_another_shop_has_no_picture_of_this_one(
    address_of: Callable[..., str], client: FlaskClient, shops: dict[str, Shop]
) -> None:
    address = address_of("Ours alone")
    client.get(address)

    assert client.get(address, base_url=f"http://{shops['south'].host}").status_code == 404


def test_new_title_has_a_new_address_and_the_old_picture_stays(
    address_of: Callable[..., str], client: FlaskClient
) -> None:
    before = address_of("Before")
    client.get(before)

    after = address_of("After")

    assert after != before
    # Networks that show the link keep asking for the address they know.
    assert client.get(before).status_code == 200
    assert client.get(after).data != client.get(before).data


def test_pictures_nobody_asks_for_are_thrown_away(
    address_of: Callable[..., str], client: FlaskClient, database: Database, kept: Callable[[str], Path]
) -> None:
    address = address_of("Thrown away")
    client.get(address)
    path = kept(address)
    old = (clock.now() - KEPT - timedelta(days=1)).timestamp()

    sweep_cards(database)
    assert path.exists()
    os.utime(path, (old, old))
    sweep_cards(database)

    assert not path.exists()
    assert client.get(address).status_code == 200


@pytest.mark.parametrize("title", ["Привет, мир", "\U0010fff0"])
def test_letters_are_never_boxes(title: str) -> None:
    paint = Paint(ground="#000000", ink="#ffffff")
    known = _drawn(card(title=title), paint)

    # What no font here has is told by the name of the shop instead.
    assert ink_of(known)
    if title.startswith("\U0010fff0"):
        assert known == _drawn(card(title="North"), paint)


def test_longest_title_stays_within_its_edges() -> None:
    content = _drawn(card(title="Wahrscheinlichkeitsrechnungen " * 9), Paint(ground="#000000", ink="#ffffff"))

    left, top, right, _bottom = ink_of(content)
    assert left >= 76
    assert right <= 1140
    assert top > 0


@pytest.mark.parametrize("colour", ["#14507f", "#ffd54a", "#ff00ff", "#777777", "#ffffff", "#000000", "#8bc34a"])
def test_title_can_be_read_on_every_brand(colour: str) -> None:
    colours = plain_colours(Brand(brand=colour))

    assert contrast(colours.brand_fill, colours.on_brand) >= 4.5

"""Uploaded pictures: nothing is decoded beyond the bounds, nothing is kept but points, logos become all they must."""

import io
import resource
import socket
import threading
import time
from collections.abc import Iterator

import pytest
from PIL import Image, ImageFile

from storefront.core.errors import Refused
from tenants import svg_draw
from tenants.picture_headers import MOST_POINTS, picture_facts
from tenants.pictures import advert_picture, icons_from, logo_from, main_colour, read_picture
from tenants.svg_clean import clean_drawing
from tests.tenants.hostile_drawings import HEAD, SHAPE, around, refused
from tests.tenants.picture_bombs import bombs, png, saved

BOMBS = list(bombs())
TRAPPED = "http://127.0.0.1:1"
DRAWINGS = list(refused(TRAPPED))


@pytest.mark.parametrize(("name", "content"), BOMBS, ids=[name for name, _content in BOMBS])
def test_bomb_is_refused_in_little_time_and_memory(name: str, content: bytes) -> None:
    before, began = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time()

    with pytest.raises(Refused):
        read_picture(content)

    assert time.process_time() - began < 2, name
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 150_000, name


@pytest.mark.parametrize(("name", "content"), BOMBS, ids=[name for name, _content in BOMBS])
def test_bomb_is_refused_whatever_a_library_told_the_process(
    monkeypatch: pytest.MonkeyPatch, name: str, content: bytes
) -> None:
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", True)  # as WeasyPrint does when it is imported

    with pytest.raises(Refused):
        read_picture(content)

    assert ImageFile.LOAD_TRUNCATED_IMAGES is True, name


def test_there_are_enough_bombs_and_drawings() -> None:
    assert len(BOMBS) >= 25
    assert len(DRAWINGS) >= 60


def test_size_is_read_before_anything_is_decoded(monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[object] = []
    monkeypatch.setattr(Image, "open", lambda *given, **_more: opened.append(given))

    with pytest.raises(Refused, match="too many points"):
        read_picture(png(30_000, 30_000))

    assert opened == []


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF"])
def test_size_in_the_header_is_the_size_of_the_picture(kind: str) -> None:
    content = saved(kind, (321, 123))

    facts = picture_facts(content)

    assert (facts.width, facts.height) == (321, 123)
    assert read_picture(content).size == (321, 123)


def test_lossless_and_extended_webp_are_read_too() -> None:
    lossless = saved("WEBP", (321, 123), lossless=True)
    extended = saved(
        "WEBP", (321, 123), mode="RGBA", exif=b"Exif\x00\x00MM\x00*\x00\x00\x00\x08\x00\x00\x00\x00\x00\x00"
    )

    assert [(facts.width, facts.height) for facts in map(picture_facts, (lossless, extended))] == [(321, 123)] * 2


def test_largest_picture_allowed_stays_within_the_memory() -> None:
    side = int(MOST_POINTS**0.5)
    content = saved("PNG", (side, side))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    picture = read_picture(content)

    assert picture.width <= 2_880
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 150_000


def test_nothing_but_points_is_kept() -> None:
    exif = Image.Exif()
    exif[0x010E] = "secret place 60.1, 24.9"
    content = saved("JPEG", exif=exif, comment=b"secret word", icc_profile=b"secret profile")

    logo, _picture = logo_from(content)

    assert b"secret" not in logo.page
    assert Image.open(io.BytesIO(logo.page)).info == {}


def test_picture_lies_the_right_way_up() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by a quarter

    picture = read_picture(saved("JPEG", (64, 32), exif=exif))

    assert picture.size == (32, 64)


def test_of_a_film_the_first_picture_is_taken() -> None:
    written = io.BytesIO()
    frames = [Image.new("RGB", (40, 20), colour) for colour in ("#ff0000", "#00ff00", "#0000ff")]
    frames[0].save(written, "GIF", save_all=True, append_images=frames[1:])

    picture = read_picture(written.getvalue())

    assert picture.getpixel((5, 5)) == (255, 0, 0, 255)


def test_logo_loses_empty_edges_and_fits_pages_and_letters() -> None:
    drawn = Image.new("RGBA", (2_000, 1_000), (0, 0, 0, 0))
    drawn.paste((18, 120, 60, 255), (400, 400, 1_600, 600))
    written = io.BytesIO()
    drawn.save(written, "PNG")

    logo, _picture = logo_from(written.getvalue())

    assert Image.open(io.BytesIO(logo.page)).size == (640, 107)
    assert Image.open(io.BytesIO(logo.letter)).size == (288, 48)
    assert (logo.width, logo.height) == (215, 36)
    assert logo.colour == "#12783c"


def test_picture_of_nothing_is_refused() -> None:
    written = io.BytesIO()
    Image.new("RGBA", (64, 64), (0, 0, 0, 0)).save(written, "PNG")

    with pytest.raises(Refused, match="Nothing can be seen"):
        logo_from(written.getvalue())


def test_square_logo_becomes_every_icon() -> None:
    icons = icons_from(Image.new("RGBA", (300, 280), "#12783c"), "#ffffff")

    assert icons is not None
    assert Image.open(io.BytesIO(icons["ico"])).info["sizes"] == {(16, 16), (32, 32), (48, 48)}
    assert {name: Image.open(io.BytesIO(icons[name])).size[0] for name in ("touch", "large", "mask")} == {
        "touch": 180,
        "large": 512,
        "mask": 512,
    }
    assert Image.open(io.BytesIO(icons["mask"])).getpixel((10, 10)) == (255, 255, 255, 255)


def test_sign_before_the_name_becomes_the_icon_and_words_alone_none() -> None:
    signed = Image.new("RGBA", (600, 100), (0, 0, 0, 0))
    signed.paste("#12783c", (0, 0, 100, 100))
    signed.paste("#111111", (140, 20, 600, 80))
    words = Image.new("RGBA", (600, 100), "#111111")

    assert icons_from(signed, "#ffffff") is not None
    assert icons_from(words, "#ffffff") is None


@pytest.mark.parametrize(("colour", "told"), [("#12783c", "#12783c"), ("#222222", ""), ("#fafafa", "")])
def test_main_colour_is_a_colour_and_no_grey(colour: str, told: str) -> None:
    assert main_colour(Image.new("RGBA", (50, 50), colour)) == told


def test_advertisement_becomes_webp_of_bounded_size() -> None:
    content, width, height = advert_picture(saved("PNG", (3_000, 900)))

    assert (width, height) == (1_440, 432)
    assert content[8:12] == b"WEBP"


# ------------------------------------------------------------------------------------------------------------- drawings


@pytest.mark.parametrize(("name", "content"), DRAWINGS, ids=[name for name, _content in DRAWINGS])
def test_hostile_drawing_is_refused(name: str, content: bytes) -> None:
    began = time.monotonic()

    with pytest.raises(Refused):
        read_picture(content)

    assert time.monotonic() - began < svg_draw.PATIENCE_S + 2, name


@pytest.fixture
def trap() -> Iterator[tuple[str, list[object]]]:
    """An address of this machine, and who came."""
    came: list[object] = []
    server = socket.create_server(("127.0.0.1", 0))
    server.settimeout(0.2)
    stop = threading.Event()

    def listen() -> None:
        while not stop.is_set():
            try:
                came.append(server.accept())
            except TimeoutError:
                continue

    thread = threading.Thread(target=listen)
    thread.start()
    yield f"http://127.0.0.1:{server.getsockname()[1]}", came
    stop.set()
    thread.join()
    server.close()


def test_no_drawing_asks_anybody(trap: tuple[str, list[object]]) -> None:
    address, came = trap

    for _name, content in refused(address):
        if address.encode() in content:
            with pytest.raises(Refused):
                read_picture(content)

    assert came == []


def test_plain_drawing_becomes_a_picture_of_points() -> None:
    picture = read_picture(around('<title>Logo</title><circle cx="20" cy="25" r="10" fill="#fff"/>'))

    assert picture.size == (1_024, 512)
    assert picture.getpixel((2, 2)) == (204, 0, 51, 255)


def test_what_a_drawing_program_adds_is_left_out() -> None:
    content = around('<metadata>x</metadata><sodipodi:namedview xmlns:sodipodi="http://s" id="n"/><desc>me</desc>')

    drawing = clean_drawing(content)

    assert "namedview" not in drawing.markup
    assert "me" not in drawing.markup.replace("xmlns", "")


def test_gradients_classes_and_uses_inside_stay() -> None:
    content = around(
        '<style>.a{fill:url(#g)}</style><defs><linearGradient id="g"><stop offset="0" stop-color="#00f"/>'
        '<stop offset="1" stop-color="#00f"/></linearGradient><rect id="r" class="a" width="100" height="50"/></defs>'
        '<use href="#r"/>'
    )

    assert read_picture(content).getpixel((500, 250)) == (0, 0, 255, 255)


def test_declared_code_is_not_believed() -> None:
    content = f'<?xml version="1.0" encoding="UTF-7"?>{HEAD}{SHAPE}+ADw-script+AD4-</svg>'.encode()

    assert "script" not in clean_drawing(content).markup


def test_child_that_takes_too_long_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(svg_draw, "PATIENCE_S", 0.001)

    with pytest.raises(Refused, match="too much work"):
        svg_draw.draw(around(""))


def test_drawings_of_one_request_have_their_time_together() -> None:
    with svg_draw.drawing_within(0.001):
        with pytest.raises(Refused, match="too much work"):
            svg_draw.draw(around("<g/>"))
        begun = time.monotonic()
        for _each in range(12):
            with pytest.raises(Refused, match="too much work"):
                svg_draw.draw(around("<g/>"))
        assert time.monotonic() - begun < svg_draw.PATIENCE_S

    assert svg_draw.draw(around("<g/>"))

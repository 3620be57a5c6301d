"""What uploads become: pictures written anew, documents that are what they say, names without tricks."""

import io

import pytest
from PIL import Image

from cms.media_files import AVIF, PDF, WEBP, made_of, plain_name, smaller, widths_of
from storefront.core.errors import Refused
from tests.tenants import hostile_drawings
from tests.tenants.picture_bombs import bombs, saved

DOCUMENT = b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
BOMBS = [(told, content) for told, content in bombs() if told != "PDF"]


def opened(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content))


def test_picture_is_written_anew_without_what_it_carried() -> None:
    exif = Image.Exif()
    exif[0x010F] = "a camera"
    exif[0x8825] = {1: "N", 2: (54.0, 31.0, 0.0)}
    photograph = saved("JPEG", (640, 480), exif=exif, comment=b"a secret")

    made = made_of("Beach.JPG", photograph)

    assert (made.name, made.kind, made.width, made.height) == ("Beach.webp", WEBP, 640, 480)
    assert b"secret" not in made.content
    assert not opened(made.content).getexif()


def test_telephones_say_which_way_is_up() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6

    made = made_of("tall.jpg", saved("JPEG", (640, 480), exif=exif))

    assert (made.width, made.height) == (480, 640)


def test_large_picture_is_kept_as_large_as_anybody_needs() -> None:
    made = made_of("wide.png", saved("PNG", (3_000, 1_500)))

    assert (made.width, made.height) == (2_000, 1_000)


@pytest.mark.parametrize(("told", "content"), BOMBS, ids=[told for told, _content in BOMBS])
def test_hostile_picture_is_refused(told: str, content: bytes) -> None:
    with pytest.raises(Refused):
        made_of(f"{told}.png", content)


def test_hostile_drawings_are_refused() -> None:
    traps = list(hostile_drawings.refused("http://127.0.0.1:9"))[:40]

    def is_refused(content: bytes) -> bool:
        try:
            made_of("drawing.svg", content)
        except Refused:
            return True
        return False

    assert [told for told, content in traps if not is_refused(content)] == []


@pytest.mark.parametrize(
    "content",
    [
        DOCUMENT[:40],
        DOCUMENT + bytes(4_000),
        b"%PDF-" + bytes(11 * 1024 * 1024) + b"%%EOF",
        b"<html>%PDF-1.7 %%EOF",
        b"PK\x03\x04%PDF-%%EOF",
    ],
)
def test_what_is_no_document_is_refused(content: bytes) -> None:
    with pytest.raises(Refused):
        made_of("form.pdf", content)


def test_document_is_kept_as_it_is() -> None:
    made = made_of("C:\\papers\\Price list.final.pdf", DOCUMENT)

    assert (made.name, made.kind, made.content, made.width) == ("Price list.final.pdf", PDF, DOCUMENT, None)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("harbour.png", "harbour.webp"),
        ("../../etc/passwd", "passwd.webp"),
        ("a\x00b\r\nSet-Cookie: x.png", "abSet-Cookie x.webp"),
        ("invoice\u202egnp.exe", "invoicegnp.webp"),
        (".htaccess", "htaccess.webp"),
        ("   ", "file.webp"),
        ("", "file.webp"),
        ("x" * 300 + ".png", "x" * 120 + ".webp"),
        ("Übersicht März.JPEG", "Übersicht März.webp"),
        ("half\ud83e.png", "half.webp"),
    ],
)
def test_name_has_nothing_that_nobody_types(name: str, expected: str) -> None:
    assert plain_name(name, ".webp").replace(":", "") == expected


def test_smaller_ones_are_made_in_two_kinds() -> None:
    kept = made_of("wide.png", saved("PNG", (1_200, 600)))

    made = [(each.kind, each.width, each.height, opened(each.content).size) for each in smaller(kept.content)]

    assert made == [
        (AVIF, 480, 240, (480, 240)),
        (WEBP, 480, 240, (480, 240)),
        (AVIF, 960, 480, (960, 480)),
        (WEBP, 960, 480, (960, 480)),
        (AVIF, 1_200, 600, (1_200, 600)),
    ]


@pytest.mark.parametrize(
    ("width", "expected"),
    [(40, [40]), (480, [480]), (481, [480, 481]), (1_600, [480, 960, 1_600]), (2_000, [480, 960, 1_600])],
)
def test_nothing_is_made_wider_than_the_picture(width: int, expected: list[int]) -> None:
    assert widths_of(width) == expected


def test_what_shines_through_still_does() -> None:
    glass = Image.new("RGBA", (600, 300), (200, 30, 60, 90))
    written = io.BytesIO()
    glass.save(written, "PNG")

    kinds = {
        each.kind: opened(each.content).convert("RGBA").getpixel((5, 5))
        for each in smaller(made_of("glass.png", written.getvalue()).content)
    }

    assert all(isinstance(point, tuple) and 80 < point[3] < 100 for point in kinds.values())

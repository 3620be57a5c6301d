"""Exports that somebody made by hand to hurt are refused with a sentence, and what is odd in honest ones is read."""

import tracemalloc
from collections.abc import Iterable, Iterator

import pytest

from cms import wxr_reading
from cms.wxr_reading import Channel, Item, read_items
from storefront.core.errors import Refused
from tests.cms.wxr_samples import FOOT, HEAD, SMALL, export, item

LAUGHS = """<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">
<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]><rss><channel><item><title>&c;</title></item></channel></rss>"""
OUTSIDE = '<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd">]><rss><channel><title>&x;</title></channel></rss>'


def items(content: bytes, piece: int = 50_000) -> list[Item]:
    return list(read_items((content[at : at + piece] for at in range(0, len(content), piece)), Channel()))


@pytest.mark.parametrize(
    "content",
    [
        b"", b"hello", b"{}", b"<html></html>", b"<rss", b"<rss><channel>", LAUGHS.encode(), OUTSIDE.encode(),
        b'<!DOCTYPE rss SYSTEM "http://evil.example/x.dtd"><rss/>', b"<rss><channel>&nothing;</channel></rss>",
        ("<rss>" + "<a>" * 100).encode(), HEAD.encode() + b"<item><title>" + b"\xff\xfe</title></item>",
        ("<rss>" + "".join(f"<n{n}/>" for n in range(3_000)) + "</rss>").encode(),
        b"<rss><a " + b"x" * 300_000, "\ufeff<rss>".encode("utf-16"),
    ],
    ids=range(15),
)  # fmt: skip
def test_what_is_no_export_is_refused(content: bytes) -> None:
    with pytest.raises(Refused):
        items(content)


def test_export_that_never_ends_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wxr_reading, "LARGEST", 1024 * 1024)

    def endless() -> Iterator[bytes]:
        yield HEAD.encode()
        while True:
            yield b"<!-- " + b"x" * 10_000 + b" -->"

    with pytest.raises(Refused):
        list(read_items(endless(), Channel()))


def test_memory_is_bounded_however_long_a_text_is() -> None:
    def long() -> Iterable[bytes]:
        yield HEAD.encode() + b"<item><content:encoded>"
        for _piece in range(600):
            yield b"words " * 10_000
        yield b"</content:encoded></item>" + FOOT.encode()

    tracemalloc.start()
    found = list(read_items(long(), Channel()))
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert len(found[0].said("content:encoded")) <= wxr_reading.LONGEST_TEXT
    assert peak < 8 * 1024 * 1024


@pytest.mark.parametrize("piece", [1, 7, 64, 50_000])
def test_items_are_the_same_however_the_file_arrives(piece: int) -> None:
    assert items(SMALL, piece) == items(SMALL)


def test_signs_that_xml_has_no_place_for_are_left_out() -> None:
    found = items(export(item(1, "page", "A\x08b\x0b", "c\x00d")))

    assert (found[0].title, found[0].said("content:encoded")) == ("Ab", "cd")


def test_numbers_and_days_that_are_none_count_as_nothing() -> None:
    first, second = items(
        export(item(1, "page", "A", order="x", at="0000-00-00 00:00:00"), item(2, "page", "B", order="9" * 30))
    )

    assert (first.order, first.at, second.order) == (0, None, 0)

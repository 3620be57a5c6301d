"""Archives that somebody made by hand to hurt: refused with a sentence, or what is wrong in them left out and named."""

import json
import struct
import zipfile
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from cms import archive_json
from cms.archive_shape import arrival_of
from cms.arrivals import Choices
from cms.entering import enter_site
from cms.models import MediaFile, Menu, Page, PageVersion, Redirect
from cms.zip_reading import opened
from storefront.core.db import Work
from storefront.core.errors import Refused
from tests.cms.made_sites import brought_in, emptied
from tests.tenants.picture_bombs import saved

SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(1)</script></svg>'


def archive(folder: Path, site: object, more: dict[str, bytes] | None = None) -> Path:
    path = folder / "hostile.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in (more or {}).items():
            made.writestr(name, content)
        made.writestr("site.json", site if isinstance(site, bytes | str) else json.dumps(site))
    return path


def site(**more: object) -> dict[str, object]:
    return {"format": "vitrine-site", "version": 1, **more}


def page(folder: Path, *versions: dict[str, Any], **more: Any) -> Path:
    """An archive with one page."""
    listed = [{"ref": "p1", "key": "p-one", "file": "pages/0001.json"}]
    whole = [
        {"locale": "en", "path": "/one", "title": "One", "state": "published", "blocks": [], **v} for v in versions
    ]
    files = {"pages/0001.json": json.dumps({"versions": whole}).encode(), **more.pop("files", {})}
    return archive(folder, site(pages=listed, **more), files)


@pytest.fixture
def shop(db: Work) -> Work:
    emptied(db)
    return db


def rows(db: Work) -> list[PageVersion]:
    return list(db.scalars(select(PageVersion).where(PageVersion.reseller_id == db.reseller_id)))


@pytest.mark.parametrize(
    "content",
    [
        b"", b"[]", b"null", b'"x"', b"{", b"\xff\xfe", b'{"format":"vitrine-site"}', b'{"format":"other","version":1}',
        b'{"format":"vitrine-site","version":2}', b'{"format":"vitrine-site","version":"1"}',
        b'{"format":"vitrine-site","version":1,"a":' + b"[" * 5_000 + b"]" * 5_000 + b"}",
        b'{"format":"vitrine-site","version":1,"a":' + b"9" * 5_000 + b"}",
        b'{"format":"vitrine-site","version":1,"a":1e999}', b'{"format":"vitrine-site","version":1,"a":NaN}',
        b'{"a":[' + b"[]," * 150_000 + b"1]}",
    ],
    ids=range(15),
)  # fmt: skip
def test_list_of_an_archive_that_is_none_is_refused(tmp_path: Path, content: bytes) -> None:
    with opened(archive(tmp_path, content)) as entries, pytest.raises(Refused):
        arrival_of(entries)


def test_archive_with_a_million_files_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "many.zip"
    count, size = 1_000_000, 46_000_000
    with path.open("wb") as file:
        file.truncate(size)
        file.seek(size)
        file.write(struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 65_535, 65_535, size, 0, 0))

    with pytest.raises(Refused), opened(path):
        pass
    assert count


def test_archive_beyond_four_gigabytes_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "far.zip"
    path.write_bytes(b"PK\6\7" + bytes(16) + struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 1, 1, 46, 0, 0))

    with pytest.raises(Refused), opened(path):
        pass


def test_bomb_is_refused_when_it_grows(tmp_path: Path) -> None:
    path = tmp_path / "bomb.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("site.json", bytes(archive_json.LARGEST + 1))

    with opened(path) as entries, pytest.raises(Refused):
        arrival_of(entries)


def test_locked_and_oddly_packed_files_are_refused(tmp_path: Path) -> None:
    whole = archive(tmp_path, site()).read_bytes()
    locked = bytearray(whole)
    at = whole.rindex(b"PK\1\2")
    locked[at + 8] |= 1
    path = tmp_path / "locked.zip"
    path.write_bytes(locked)

    with opened(path) as entries, pytest.raises(Refused):
        arrival_of(entries)
    squeezed = tmp_path / "lzma.zip"
    with zipfile.ZipFile(squeezed, "w", zipfile.ZIP_LZMA) as made:
        made.writestr("site.json", "{}")
    with opened(squeezed) as entries, pytest.raises(Refused):
        arrival_of(entries)


@pytest.mark.parametrize("cut", [1, 10, 30, 60, 200])
def test_cut_archive_is_refused(tmp_path: Path, cut: int) -> None:
    path = archive(tmp_path, site(), {"pages/0001.json": b"{}" * 200})
    path.write_bytes(path.read_bytes()[:-cut])

    with pytest.raises(Refused), opened(path) as entries:
        arrival_of(entries)


def test_files_outside_the_archive_are_never_meant(shop: Work, tmp_path: Path) -> None:
    names = [
        "../../etc/passwd",
        "/etc/passwd",
        "media/../site.json",
        "media/0001.svg/../../x",
        "C:\\x",
        "pages/0001.json",
    ]
    media = [{"ref": f"m{n}", "file": name, "name": name} for n, name in enumerate(names)]
    pages = [{"ref": f"p{n}", "file": name} for n, name in enumerate(names[:5])]

    _entered, arrival = brought_in(shop, archive(tmp_path, site(media=media, pages=pages), {"pages/0001.json": b"{}"}))

    assert {remark.what for remark in arrival.notes.remarks} == {"file"}
    assert rows(shop) == []


@pytest.mark.parametrize("name", ["0001.webp", "0001.svg", "0001.html", "0001.pdf"])
@pytest.mark.parametrize("content", [SVG[:60], b"<html><script>alert(1)</script>", b"%PDF-no end", b"RIFF\0\0\0\0WEBP"])
def test_what_is_no_picture_does_not_come(shop: Work, tmp_path: Path, name: str, content: bytes) -> None:
    media = [{"ref": "m1", "file": f"media/{name}", "name": "x.html"}]

    _entered, arrival = brought_in(shop, archive(tmp_path, site(media=media), {f"media/{name}": content}))

    assert [remark.what for remark in arrival.notes.remarks] == ["file"]
    assert shop.scalars(select(MediaFile).where(MediaFile.reseller_id == shop.reseller_id)) == []


def test_picture_with_something_behind_its_end_is_written_anew(shop: Work, tmp_path: Path) -> None:
    picture = saved("WEBP") + b"<script>alert(1)</script>"
    media = [
        {"ref": "m1", "file": "media/1.webp", "name": "x\u202egpj.webp/../y", "focal": ["a", -1], "alt": {"en": 5}}
    ]

    brought_in(shop, archive(tmp_path, site(media=media), {"media/1.webp": picture}))

    row = shop.scalars(select(MediaFile).where(MediaFile.reseller_id == shop.reseller_id))[0]
    assert (row.kind, row.focal_x, row.alt, row.name) == ("image/webp", 500, {}, "y.webp")
    assert row.size < len(picture)


@pytest.mark.parametrize(
    "block",
    [
        {"kind": "nothing"}, {"kind": ["hero"]}, {"kind": "hero", "title": 5, "links": "x"}, "x", None,
        {"kind": "hero", "search": "y"}, {"kind": "news_list", "most": True}, {"kind": "rich_text"},
        {"kind": "columns", "columns": [1, "x", None]}, {"kind": "promotion_countdown", "promotion": "x"},
        {"kind": "image", "picture": "01890000-0000-7000-8000-00000000000a"},
        {"kind": "divider", "look": "javascript:"}, {"kind": "faq", "questions": [{"question": {}, "answer": []}]},
        {"kind": "rich_text", "html": "<script>alert(1)</script><p onclick=x>ok</p><a href='javascript:x'>y</a>"},
        {"kind": "call_to_action", "url": "javascript:alert(1)", "title": "x", "button": "x"},
        {"id": '"><script>', "kind": "divider"}, {"kind": "hero", "title": "a\u0000b\ud800c"},
    ],
    ids=range(17),
)  # fmt: skip
def test_hostile_block_never_gets_in_view(shop: Work, tmp_path: Path, block: Any) -> None:
    brought_in(shop, page(tmp_path, {"blocks": [block]}))

    version = rows(shop)[0]
    kept = json.dumps(version.blocks)
    assert "<script" not in kept
    assert "onclick" not in kept
    assert "01890000" not in kept
    assert version.state == "draft" or "javascript" not in kept


@pytest.mark.parametrize(
    "path",
    [
        "/cart",
        "/reseller/x",
        "/api",
        "//evil.example",
        "../x",
        "/a b",
        "/é",
        "/" + "x" * 400,
        "",
        "/a/b/c/d/e/f",
        "javascript:x",
    ],
)
def test_address_that_cannot_be_becomes_one_that_can(shop: Work, tmp_path: Path, path: str) -> None:
    brought_in(shop, page(tmp_path, {"path": path}))

    found = rows(shop)[0].path
    assert found.startswith("/")
    assert found not in {"/cart", "/reseller/x", "/api"}
    assert "//" not in found


def test_wrong_types_everywhere_change_nothing_else(shop: Work, tmp_path: Path) -> None:
    odd: list[Any] = [None, 1, "x", [], {}, {"ref": 5}, {"ref": "p9", "file": 5}]
    hostile = site(pages=odd, menus=odd, redirects=odd, media=odd)

    _entered, arrival = brought_in(shop, archive(tmp_path, hostile))

    assert rows(shop) == []
    assert arrival.pages == []


def test_circles_and_strange_redirects_are_left_out(shop: Work, tmp_path: Path) -> None:
    pairs = [
        ("/a", "/b"),
        ("/b", "/a"),
        ("/c", "javascript:x"),
        ("/cart", "/x"),
        ("/d", "//evil"),
        ("/", "/x"),
        ("/e", "/f"),
    ]
    redirects = [{"path": path, "target": target} for path, target in pairs]

    entered, _arrival = brought_in(shop, archive(tmp_path, site(redirects=redirects)))

    found = shop.scalars(select(Redirect.path).where(Redirect.reseller_id == shop.reseller_id))
    assert (found, entered.counts["redirects"]) == (["/e"], 1)


def test_menu_keeps_only_links_that_may_be(shop: Work, tmp_path: Path) -> None:
    items = [{"label": "ok", "url": "/x"}, {"label": "bad", "url": "javascript:x"}, {"label": "p", "page": "p77"}, {}]
    menus = [{"place": "header", "locale": "en", "items": items}, {"place": "nowhere", "locale": "en", "items": items}]

    brought_in(shop, archive(tmp_path, site(menus=menus)))

    found = shop.scalars(select(Menu).where(Menu.reseller_id == shop.reseller_id))
    assert [menu.items for menu in found] == [[{"label": "ok", "url": "/x"}]]


def test_deep_and_circular_trees_become_trees(shop: Work, tmp_path: Path) -> None:
    versions = json.dumps({"versions": [{"locale": "en", "path": "/x", "title": "x"}]}).encode()
    pages = [{"ref": f"p{n}", "parent": f"p{n - 1}", "file": "pages/1.json"} for n in range(1, 9)]
    pages += [
        {"ref": "p9", "parent": "p9", "file": "pages/1.json"},
        {"ref": "p1", "parent": "p9", "file": "pages/1.json"},
    ]

    brought_in(shop, archive(tmp_path, site(pages=pages), {"pages/1.json": versions}))

    found = {page.id: page for page in shop.scalars(select(Page).where(Page.reseller_id == shop.reseller_id))}
    depths = []
    for each in found.values():
        depth, above = 1, each
        while above.parent_id:
            above, depth = found[above.parent_id], depth + 1
        depths.append(depth)
    assert (len(found), max(depths)) == (9, 4)


def test_nothing_that_is_there_is_lost_and_a_look_leaves_no_trace(shop: Work, tmp_path: Path) -> None:
    path = page(tmp_path, {"path": "/"}, {"locale": "fr", "path": "/"}, redirects=[{"path": "/r", "target": "/one"}])
    brought_in(shop, path)
    before = {row.id: (row.state, row.path) for row in rows(shop)}

    for taken in ("beside", "replace"):
        with opened(path) as entries:
            enter_site(shop, arrival_of(entries), Choices(taken=taken, publishes=True))

    after = {row.id: (row.state, row.path) for row in rows(shop)}
    assert {row_id: after[row_id] for row_id in before} == before
    assert sorted(row.path for row in rows(shop) if row.state == "published") == ["/", "/", "/home", "/home"]

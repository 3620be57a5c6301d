"""Templates and sheets keep what the look promises: nothing inline, every icon drawn, every part there, and light."""

import gzip
import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
THEME = ROOT / "themes" / "default"
OFFICES = ROOT / "storefront" / "web" / "static"
PAGES = sorted([*THEME.glob("templates/**/*.html"), *ROOT.glob("storefront/**/templates/**/*.html")])
# Letters and documents leave the house: mail programs want inline style, and they have no script to fear.
ON_SCREEN = [page for page in PAGES if not {"letters", "documents"} & set(page.parts)]

INLINE = re.compile(r"\sstyle\s*=|<style|\son[a-z]+\s*=\s*[\"']|<script(?![^>]*\ssrc=)|javascript:", re.IGNORECASE)
ICON = re.compile(r"\bicon\(\s*\"([a-z-]+)\"")
IMPORT = re.compile(r"{%-?\s*from\s+\"([^\"]+)\"\s+import\s+([a-z_, ]+?)\s*(?:with context\s*)?-?%}")
MACRO = re.compile(r"{%-?\s*macro\s+([a-z_]+)\(")
COMMENT = re.compile(r"{#.*?#}", re.DOTALL)


def name_of(page: Path) -> str:
    return str(page.relative_to(ROOT))


def words_of(page: Path) -> str:
    return COMMENT.sub("", page.read_text(encoding="utf-8"))


def bundles() -> dict[str, list[Path]]:
    lists = {}
    for file in (THEME / "theme.toml", OFFICES / "bundles.toml"):
        lists.update(tomllib.loads(file.read_text(encoding="utf-8"))["bundles"])
    return {
        name: [
            next((base / part for base in (OFFICES, THEME / "static") if (base / part).is_file()), Path(part))
            for part in parts
        ]
        for name, parts in lists.items()
    }


@pytest.mark.parametrize("page", ON_SCREEN, ids=name_of)
def test_page_has_nothing_inline(page: Path) -> None:
    found = INLINE.findall(words_of(page))

    assert found == []


@pytest.mark.parametrize("page", ON_SCREEN, ids=name_of)
def test_page_uses_icons_that_are_drawn(page: Path) -> None:
    drawn = set(re.findall(r'<symbol id="([a-z-]+)"', (THEME / "static" / "icons.svg").read_text(encoding="utf-8")))

    missing = set(ICON.findall(words_of(page))) - drawn

    assert missing == set()


@pytest.mark.parametrize("page", ON_SCREEN, ids=name_of)
def test_page_imports_macros_that_exist(page: Path) -> None:
    offices = [ROOT / "storefront" / area / "templates" for area in ("web", "reseller", "operator")]
    homes = [THEME / "templates", *offices]
    missing = []

    for source, names in IMPORT.findall(words_of(page)):
        files = [home / source for home in homes if (home / source).is_file()]
        macros = set(MACRO.findall(files[0].read_text(encoding="utf-8"))) if files else set()
        wanted = {name.split(" as ")[0].strip() for name in names.split(",")}
        missing += [(source, name) for name in sorted(wanted - macros)]

    assert missing == []


def test_bundles_are_made_of_files_that_exist() -> None:
    missing = [part for parts in bundles().values() for part in parts if not part.is_file()]

    assert missing == []


def test_sheets_name_no_address() -> None:
    sheets = {part for parts in bundles().values() for part in parts}

    fetching = [sheet.name for sheet in sheets if re.search(r"url\(|@import", sheet.read_text(encoding="utf-8"))]

    assert fetching == []


def test_shop_page_is_light() -> None:
    sheet = b"".join(part.read_bytes() for part in bundles()["css/shop.css"])
    scripts = [(THEME / "static" / "js" / name).read_bytes() for name in ("scheme.js", "shop.js")]
    icons = (THEME / "static" / "icons.svg").read_bytes()

    weights = {
        "sheet": len(gzip.compress(sheet)),
        "scripts": sum(map(len, scripts)),
        "icons": len(gzip.compress(icons)),
    }

    assert weights["sheet"] < 16_000
    assert weights["scripts"] < 8_000
    assert weights["icons"] < 4_000

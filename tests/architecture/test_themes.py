"""Templates and sheets keep what the look promises: nothing inline, every icon drawn, every part there, and light."""

import gzip
import re
import tomllib
from functools import cache
from pathlib import Path

import pytest

from tests.architecture.sources import ROOT, name_of, offenders

THEME = ROOT / "themes" / "default"
OTHERS = sorted(path.parent for path in ROOT.glob("themes/*/theme.toml") if path.parent != THEME)
OFFICES = ROOT / "storefront" / "web" / "static"
PAGES = sorted([*ROOT.glob("themes/*/templates/**/*.html"), *ROOT.glob("storefront/**/templates/**/*.html")])
# Letters and documents leave the house: mail programs want inline style, and they have no script to fear.
ON_SCREEN = [page for page in PAGES if not {"letters", "documents"} & set(page.parts)]

# Structured data for search engines is escaped for where it stands, and run by nobody.
SCRIPT = r"<script(?![^>]*\ssrc=| type=\"application/ld\+json\">)"
INLINE = re.compile(rf"\sstyle\s*=|<style|\son[a-z]+\s*=\s*[\"']|{SCRIPT}|javascript:", re.IGNORECASE)
ICON = re.compile(r"\bicon\(\s*\"([a-z-]+)\"")
IMPORT = re.compile(r"{%-?\s*from\s+\"([^\"]+)\"\s+import\s+([a-z_, ]+?)\s*(?:with context\s*)?-?%}")
MACRO = re.compile(r"{%-?\s*macro\s+([a-z_]+)\(")
COMMENT = re.compile(r"{#.*?#}", re.DOTALL)


@cache
def words_of(page: Path) -> str:
    return COMMENT.sub("", page.read_text(encoding="utf-8"))


def bundles(theme: Path = THEME) -> dict[str, list[Path]]:
    lists = {}
    for file in (theme / "theme.toml", OFFICES / "bundles.toml"):
        lists.update(tomllib.loads(file.read_text(encoding="utf-8")).get("bundles", {}))
    homes = (OFFICES, theme / "static", THEME / "static")
    return {
        name: [next((base / part for base in homes if (base / part).is_file()), Path(part)) for part in parts]
        for name, parts in lists.items()
    }


def test_pages_have_nothing_inline() -> None:
    assert offenders(ON_SCREEN, lambda page: INLINE.findall(words_of(page))) == {}


def test_pages_use_icons_that_are_drawn() -> None:
    drawn = set(re.findall(r'<symbol id="([a-z-]+)"', (THEME / "static" / "icons.svg").read_text(encoding="utf-8")))

    assert offenders(ON_SCREEN, lambda page: sorted(set(ICON.findall(words_of(page))) - drawn)) == {}


def test_pages_import_macros_that_exist() -> None:
    assert offenders(ON_SCREEN, _missing_macros) == {}


def _missing_macros(page: Path) -> list[str]:
    offices = [ROOT / "storefront" / area / "templates" for area in ("web", "reseller", "operator")]
    homes = [THEME / "templates", *offices]
    missing = []
    for source, names in IMPORT.findall(words_of(page)):
        files = [home / source for home in homes if (home / source).is_file()]
        macros = set(MACRO.findall(files[0].read_text(encoding="utf-8"))) if files else set()
        wanted = {name.split(" as ")[0].strip() for name in names.split(",")}
        missing += [f"{name} of {source}" for name in sorted(wanted - macros)]
    return missing


@pytest.mark.parametrize("theme", [THEME, *OTHERS], ids=name_of)
def test_bundles_are_made_of_files_that_exist(theme: Path) -> None:
    missing = [part for parts in bundles(theme).values() for part in parts if not part.is_file()]

    assert missing == []


@pytest.mark.parametrize("theme", [THEME, *OTHERS], ids=name_of)
def test_sheets_name_no_address(theme: Path) -> None:
    sheets = {part for parts in bundles(theme).values() for part in parts}

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


@pytest.mark.parametrize("theme", OTHERS, ids=name_of)
def test_page_in_another_theme_stays_light(theme: Path) -> None:
    """A page of a shop weighs 60 KB at most (look.md); scripts and icons are the default's."""
    sheet = b"".join(part.read_bytes() for part in bundles(theme)["css/shop.css"])

    assert len(gzip.compress(sheet)) < 26_000


COLOUR = re.compile(r"#[0-9a-f]{3,8}\b|\b(?:rgb|hsl)a?\(", re.IGNORECASE)


@pytest.mark.parametrize("theme", OTHERS, ids=name_of)
def test_sheets_of_a_theme_take_every_colour_from_the_brand(theme: Path) -> None:
    own = [part for part in bundles(theme)["css/shop.css"] if part.is_relative_to(theme)]

    fixed = [found for part in own for found in COLOUR.findall(part.read_text(encoding="utf-8"))]

    assert own
    assert fixed == []


@pytest.mark.parametrize("theme", OTHERS, ids=name_of)
def test_theme_has_no_copy_of_what_the_default_has(theme: Path) -> None:
    """What is the same falls back to the default, so that its next change reaches this theme too."""
    copies = [
        name_of(path)
        for path in theme.rglob("*")
        if path.is_file()
        and (alike := THEME / path.relative_to(theme)).is_file()
        and alike.read_bytes() == path.read_bytes()
    ]

    assert copies == []

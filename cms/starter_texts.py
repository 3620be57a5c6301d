"""The starter site as data: a file of words for each language, in which what a shop says of itself is put once."""

import html
import re
import tomllib
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any, Final

FOLDER: Final = Path(__file__).parent / "starter"
PLACEHOLDER: Final = re.compile(r"\{\{ ([a-z_]+) \}\}")
GAP: Final = re.compile(r"\[[^\[\]]{1,300}\]")
MARKUP: Final = frozenset({"html", "answer"})
GROUP: Final = "endings-"


class UnknownPlaceholder(ValueError):
    """A text names something that a shop does not say of itself."""


@dataclass(frozen=True, kw_only=True)
class StarterPage:
    """A page that a shop can begin with, in one language; ``menu`` is what links call it, ``under`` the page above."""

    key: str
    path: str
    menu: str
    title: str
    description: str
    blocks: Sequence[Mapping[str, Any]]
    under: str = ""
    is_legal: bool = False

    @property
    def gaps(self) -> list[str]:
        """What somebody has to complete, each once, in the order of the page."""
        return list(dict.fromkeys(gaps_in([self.title, self.description, *self.blocks])))


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What a shop says of itself: ``words`` by the name of a placeholder, ``endings`` lists of them.

    ``services`` are those beside domains of which visitors see a product; what ``needs`` another is left out.
    """

    words: Mapping[str, str]
    endings: Mapping[str, Sequence[str]]
    services: Container[str] = frozenset()


@dataclass(frozen=True, kw_only=True)
class Group:
    """A group of endings that gets a page of its own."""

    slug: str
    title: str
    endings: Sequence[str]
    shown: str


def languages() -> list[str]:
    """Name the languages that have a starter site."""
    return sorted(path.stem for path in FOLDER.glob("*.toml"))


@cache
def texts_in(locale: str) -> Mapping[str, Any]:
    """Read the words of a language; raises ``KeyError`` for one that has none."""
    path = FOLDER / f"{locale}.toml"
    if locale not in languages():
        raise KeyError(locale)
    return tomllib.loads(path.read_text())


def menus_in(locale: str) -> Mapping[str, Any]:
    """Return the menus of a starter site: keys of pages, those of the footer in columns with a title."""
    found: Mapping[str, Any] = texts_in(locale)["menus"]
    return found


def pages_of(locale: str, facts: Facts, groups: Sequence[Group]) -> list[StarterPage]:
    """Return all pages of a language with what the shop says of itself; a group's page stands behind the domains."""
    texts = texts_in(locale)
    words = {**facts.words, **{name: text for name, text in texts["gaps"].items() if not facts.words.get(name)}}
    found = []
    for data in _wanted(texts["pages"], facts):
        found.append(_page(data["key"], data, replace(facts, words=words)))
        if data["key"] == "domains":
            found += [_group_page(texts["group"], words, facts, group) for group in groups]
    return found


def _group_page(data: Mapping[str, Any], words: Mapping[str, str], facts: Facts, group: Group) -> StarterPage:
    own = {"group": group.title, "group_path": group.slug, "group_endings": group.shown}
    lists = {**facts.endings, "endings": group.endings}
    return _page(
        f"{GROUP}{group.slug}", {"menu": group.title, **data}, replace(facts, words={**words, **own}, endings=lists)
    )


def _page(key: str, data: Mapping[str, Any], facts: Facts) -> StarterPage:
    blocks = _filled(data["blocks"], facts)
    # A few prices of nothing are none.
    shown = [block for block in blocks if "endings" not in block or block["endings"]]
    return StarterPage(
        key=key,
        path=fill(data["path"], facts.words),
        menu=data["menu"],
        title=fill(data["title"], facts.words),
        description=fill(data["description"], facts.words),
        blocks=shown,
        under=data.get("under", "domains" if key.startswith(GROUP) else ""),
        is_legal=data.get("is_legal", False),
    )


def fill(text: str, words: Mapping[str, str], *, is_markup: bool = False) -> str:
    """Put words in the place of ``{{ name }}``, in one go: what was put in is not looked at again."""

    def put(found: re.Match[str]) -> str:
        if found[1] not in words:
            raise UnknownPlaceholder(found[1])
        return html.escape(words[found[1]]) if is_markup else words[found[1]]

    return PLACEHOLDER.sub(put, text)


def _filled(value: Any, facts: Facts, name: str = "") -> Any:
    if isinstance(value, Mapping):
        return {key: _filled(each, facts, key) for key, each in value.items() if key != "needs"}
    if isinstance(value, list):
        return [_filled(each, facts, name) for each in _wanted(value, facts)]
    if not isinstance(value, str):
        return value
    if name == "endings":
        found = PLACEHOLDER.fullmatch(value)
        if found is None or found[1] not in facts.endings:
            raise UnknownPlaceholder(value)
        return list(facts.endings[found[1]])
    return fill(value, facts.words, is_markup=name in MARKUP)


def _wanted(values: Sequence[Any], facts: Facts) -> list[Any]:
    """Leave out pages, blocks and rows that need a service of which the shop shows nothing."""
    return [
        each
        for each in values
        if not isinstance(each, Mapping) or "needs" not in each or each["needs"] in facts.services
    ]


@cache
def pattern_gaps(locale: str) -> frozenset[str]:
    """Return everything that the starter site of a language leaves to be completed."""
    return frozenset(gaps_in(texts_in(locale))) if (FOLDER / f"{locale}.toml").exists() else frozenset()


def gaps_in(value: Any) -> Iterator[str]:
    """Find what stands between square brackets: words that somebody has to complete."""
    if isinstance(value, Mapping):
        value = list(value.values())
    if isinstance(value, list):
        for each in value:
            yield from gaps_in(each)
    elif isinstance(value, str):
        yield from (html.unescape(found[0][1:-1]) for found in GAP.finditer(value))

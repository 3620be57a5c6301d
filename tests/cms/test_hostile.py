"""What wants to be more than text stays text: in rich text, and in every field of every block on a page."""

import re
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest
import tinyhtml5  # type: ignore[import-untyped]  # it has no types
from flask.testing import FlaskClient
from markupsafe import escape

from cms.block_fields import Spec
from cms.blocks import KINDS, SPECS, block_from
from cms.page_checks import Words, problems_of
from cms.pages import PageTerms, publish_page
from cms.sanitize import ATTRIBUTES, TAGS, clean
from storefront.core.changes import announce
from storefront.core.db import Database
from tests.fixtures_app import Shop

LINES = (Path(__file__).parent / "hostile.txt").read_text(encoding="utf-8").splitlines()
ESCAPES = re.compile(r"\\(?:[nrt\\]|x[0-9a-f]{2}|u[0-9a-f]{4})")
SCHEME = re.compile(r"[\x00-\x20]*([a-z][a-z0-9+.\x00-\x20-]*):", re.IGNORECASE)
GOOD = {"http", "https", "mailto", "tel"}
LEADS = ("href", "src", "action", "formaction", "xlink:href", "srcset", "data", "poster", "background", "ping")
# Elements that run, frame or redirect; a page has as many of them as one made of plain words.
STRONG = {
    "script", "iframe", "frame", "object", "embed", "base", "meta", "link", "form", "style", "svg", "math", "img",
    "button", "input", "textarea", "select", "template", "noscript", "video", "audio", "portal", "dialog",
}  # fmt: skip
FEW = 3
# How many of them a page of plain words has; found once.
USUAL: dict[str, int] = {}
NUMBERS = count(1)


def read(line: str) -> str:
    """A line of the file as what somebody sends."""
    return ESCAPES.sub(lambda found: found[0].encode().decode("unicode_escape"), line)


VECTORS = [read(line) for line in LINES if line.strip() and not line.startswith("# ")]


def elements(markup: str) -> Iterator[tuple[str, dict[str, str]]]:
    """Every element as a browser's parser finds it, with its attributes."""
    for each in tinyhtml5.parse(markup, namespace_html_elements=False).iter():
        if isinstance(each.tag, str):
            yield each.tag.rpartition("}")[2].lower(), {str(name): value for name, value in each.attrib.items()}


def dangers(markup: str) -> list[str]:
    """What in markup could act by itself or lead somewhere it must not."""
    found = []
    for tag, attributes in elements(markup):
        for name, value in attributes.items():
            scheme = SCHEME.match(value) if name in LEADS else None
            if name.startswith("on") or name in {"style", "srcdoc", "formaction"}:
                found.append(f"<{tag} {name}>")
            elif scheme and re.sub(r"[\x00-\x20]", "", scheme[1]).lower() not in GOOD:
                found.append(f"<{tag} {name}={value}>")
    return found


def strong(markup: str) -> dict[str, int]:
    tags = [tag for tag, _attributes in elements(markup)]
    return {tag: tags.count(tag) for tag in STRONG}


def test_corpus_is_large() -> None:
    assert len(set(VECTORS)) == len(VECTORS) > 300


def test_hostile_markup_comes_out_as_text() -> None:
    faults = {}
    for vector in VECTORS:
        kept = clean(vector)
        found = [*elements(kept)]
        strange = {tag for tag, _attributes in found} - TAGS - {"html", "head", "body"}
        beyond = {name for tag, said in found for name in said if name not in {"rel", *ATTRIBUTES.get(tag, ())}}
        if strange or beyond or dangers(kept) or clean(kept) != kept:
            faults[vector] = kept

    assert faults == {}


def test_hostile_links_are_refused() -> None:
    blocks = [{"id": "b", "kind": "call_to_action", "title": "x", "button": "x", "url": ""}]

    for vector in VECTORS:
        blocks[0]["url"] = vector
        refused = any(problem.place == "b.url" for problem in problems_of(Words(title="x"), blocks))
        scheme = SCHEME.match(vector)
        assert refused or not scheme or scheme[1].lower() in GOOD, vector


def value_of(spec: Spec, vector: str) -> Any:
    """A field that holds a vector wherever it can."""
    if spec.widget == "rows":
        return [{name: value_of(part, vector) for name, part in spec.parts.items()}]
    if spec.widget in {"sentences", "endings"}:
        return [vector]
    # Forms read no other choice than those offered (page_reading.value_of).
    return {"flag": True, "number": 1, "choice": spec.empty}.get(spec.widget, vector)


def blocks_of(vector: str) -> list[dict[str, Any]]:
    return [
        {"kind": kind, "id": kind, **{name: value_of(spec, vector) for name, spec in SPECS[kind].items()}}
        for kind in KINDS
    ]


@pytest.fixture
def shown(
    database: Database, shops: dict[str, Shop], client: FlaskClient, heard: Callable[[Shop, int], None]
) -> Callable[[str], str]:
    """Publish a page that holds a vector in every field, past all checks, and return what a visitor gets."""

    def show(vector: str) -> str:
        with database.work(shops["north"].id) as db:
            # A page of its own each time: a ready page may be a second old. The database keeps no zero byte.
            path = f"/hostile-{next(NUMBERS)}"
            bare = vector.replace("\x00", "")
            terms = PageTerms(
                key=path[1:], locale="en", path=path, title=bare[:100], description=bare,
                blocks=[block_from(each) for each in blocks_of(bare)],
            )  # fmt: skip
            publish_page(db, terms)
            version = announce(db)
            db.commit()
        # Whether a list of news has a feed is known to this process a moment later.
        heard(shops["north"], version)
        answer = client.get(path)
        assert answer.status_code == 200
        return answer.text

    return show


def faults_of(show: Callable[[str], str], vector: str) -> list[str]:
    if not USUAL:
        # A list of news of no category is one of all news, and has a feed.
        plain, empty = strong(show("plain words")), strong(show(""))
        USUAL.update({tag: max(many, empty[tag]) for tag, many in plain.items()})
    page = show(vector)
    more = [f"{many - USUAL[tag]} more <{tag}>" for tag, many in strong(page).items() if many > USUAL[tag]]
    return [*dangers(page), *more]


@pytest.mark.parametrize("number", range(FEW))
def test_no_field_of_a_block_takes_part_in_the_page(shown: Callable[[str], str], number: int) -> None:
    """Some at a time here, all of them one by one in the proof."""
    chosen = VECTORS[number :: len(VECTORS) // 12]

    assert faults_of(shown, " ".join(chosen)) == []


def test_field_that_is_not_escaped_would_be_seen(shown: Callable[[str], str]) -> None:
    for vector in ("<script>alert(1)</script>", '" onmouseover="alert(1)', "<img src=x onerror=alert(1)>"):
        page = shown(vector)

        assert faults_of(shown, vector) == []
        assert faults_of(lambda _: page.replace(str(escape(vector)), vector), vector), vector  # noqa: B023 - asked at once


@pytest.mark.proof
@pytest.mark.parametrize("vector", VECTORS)
def test_hostile_words_in_every_field_of_every_block(shown: Callable[[str], str], vector: str) -> None:
    assert faults_of(shown, vector) == []

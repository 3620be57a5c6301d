"""How a page stands in a language."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest

from cms.page_states import Standing, found_in, says_more, standing_of

LATER = datetime(2026, 12, 1, tzinfo=UTC)
HERO = {"id": "a", "kind": "hero", "title": "Hello"}


@dataclass
class Said:
    locale: str = "en"
    path: str = "/about"
    title: str = "About"
    description: str = ""
    blocks: list[Any] = field(default_factory=lambda: [HERO])
    settings: dict[str, Any] = field(default_factory=dict)
    translated_from: list[Any] | None = None
    starts_at: datetime | None = None
    ends_at: datetime | None = None


@pytest.mark.parametrize(
    ("versions", "wanted"),
    [
        ({}, Standing(locale="en", state="missing")),
        ({"draft": Said()}, Standing(locale="en", state="draft")),
        ({"published": Said()}, Standing(locale="en", state="published")),
        ({"published": Said(), "draft": Said()}, Standing(locale="en", state="published")),
        ({"published": Said(), "draft": Said(title="New")}, Standing(locale="en", state="changed")),
        ({"waiting": Said(starts_at=LATER)}, Standing(locale="en", state="waiting", starts_at=LATER)),
        (
            {"published": Said(), "waiting": Said(starts_at=LATER), "draft": Said()},
            Standing(locale="en", state="published", starts_at=LATER),
        ),
        ({"published": Said(ends_at=LATER)}, Standing(locale="en", state="published", ends_at=LATER)),
    ],
)
def test_state_is_what_visitors_see_and_what_is_newer(versions: dict[str, Said], wanted: Standing) -> None:
    assert standing_of({("en", state): version for state, version in versions.items()}, "en", "en") == wanted


def test_translation_is_to_be_looked_at_where_its_source_changed() -> None:
    done = Said(locale="fr", blocks=[{**HERO, "title": "Bonjour"}], translated_from=[HERO])
    versions = {("en", "published"): Said(), ("fr", "published"): done}
    changed = {**versions, ("en", "published"): Said(blocks=[{**HERO, "title": "Hello there"}])}

    assert not standing_of(versions, "fr", "en").is_stale
    assert standing_of(changed, "fr", "en").is_stale
    assert not standing_of(changed, "en", "en").is_stale


def test_opening_an_old_page_alone_says_nothing_new() -> None:
    without_ids = [{"kind": "hero", "title": "Hello"}]
    with_ids = [{"id": "b1", "kind": "hero", "title": "Hello"}]

    assert not says_more(Said(blocks=with_ids, settings={"noindex": False}), Said(blocks=without_ids))
    assert says_more(Said(settings={"noindex": True}), Said())


@pytest.mark.parametrize(("wanted", "is_found"), [("ABOUT", True), ("/abo", True), ("hell", True), ("nothing", False)])
def test_words_are_looked_for_everywhere(wanted: str, *, is_found: bool) -> None:
    assert found_in([Said()], wanted) is is_found

"""What windows tell: one table; its schema, its types, the guide and both scripts say the same, for ever."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from frames.event_types import (
    EVENT_TYPES,
    SORTS,
    STEPS,
    VERSION,
    event_declarations,
    event_schema,
    event_table,
    fields_in_scripts,
)
from frames.kinds import KINDS
from frames.snippet import integrity_of

ROOT = Path(__file__).resolve().parents[2]
STATIC = ROOT / "frames" / "static"
SCRIPTS = (STATIC / "embed.v1.js", ROOT / "themes" / "default" / "static" / "js" / "frame.js")
PUBLISHED: dict[str, str] = json.loads((STATIC / "published.json").read_text(encoding="utf-8"))


def test_published_files_never_change() -> None:
    now = {path.name: integrity_of(path.read_bytes()) for path in sorted(STATIC.glob("*.v*"))}

    assert now == PUBLISHED, (
        "Pages of others name these files by their sums. Leave them as they are, write a new version beside them "
        "(embed.v2.js, events.v2.json) and add its sum to frames/static/published.json."
    )


def test_the_schema_and_the_types_are_those_of_the_table() -> None:
    assert (STATIC / f"events.v{VERSION}.json").read_text(encoding="utf-8") == event_schema()
    assert (STATIC / f"events.v{VERSION}.d.ts").read_text(encoding="utf-8") == event_declarations()


def test_the_guide_shows_the_table() -> None:
    assert event_table() in (ROOT / "docs" / "guides" / "embed.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_scripts_hold_the_same_table(script: Path) -> None:
    found = re.search(r"const EVENTS = (\{.*\});", script.read_text(encoding="utf-8"))

    assert found is not None
    assert json.loads(found[1]) == fields_in_scripts()


def test_the_script_in_pages_checks_what_the_schema_says() -> None:
    script = SCRIPTS[0].read_text(encoding="utf-8")

    patterns = [SORTS[name].schema["pattern"] for name in ("code", "amount", "currency", "word")]
    patterns.append(SORTS["endings"].schema["items"]["pattern"])
    assert [each for each in patterns if f"/{each}/" not in script.replace(r"\/", "/")] == []
    assert f"const STEPS = {json.dumps(STEPS)};" in script


def test_the_script_in_pages_knows_all_kinds() -> None:
    known = dict(re.findall(r'"(shop-[a-z]+)": \["([a-z-]+)", \[\d+', SCRIPTS[0].read_text(encoding="utf-8")))

    assert known == {kind.element: kind.key for kind in KINDS.values()}


def test_no_event_is_about_a_person() -> None:
    said = {field.name for event in EVENT_TYPES for field in event.fields}

    assert said.isdisjoint({"email", "name", "login", "customer", "user", "address", "phone", "query", "words"})


def test_every_definition_is_closed_and_names_its_version() -> None:
    schema: dict[str, Any] = json.loads(event_schema())

    for name, definition in schema["$defs"].items():
        assert definition["additionalProperties"] is False, name
        assert definition["properties"]["v"] == {"const": VERSION}, name
        assert definition["required"] == list(definition["properties"]), name

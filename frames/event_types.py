"""rule: what windows tell the pages around them: one table, from which schema, types, documents and checks are made.

A published version never changes, since pages of others read it: what is new gets a new version (tests/frames).
"""

import json
from dataclasses import dataclass
from typing import Any, Final

VERSION: Final = 1

STEPS: Final = (
    "choose",
    "options",
    "cart",
    "summary",
    "details",
    "code",
    "password",
    "sign-in",
    "sent",
    "failed",
    "done",
)


@dataclass(frozen=True, kw_only=True)
class Sort:
    """A sort of value: as JSON schema and as TypeScript."""

    schema: dict[str, Any]
    written: str


SORTS: Final[dict[str, Sort]] = {
    "height": Sort(schema={"type": "number", "minimum": 0, "maximum": 5000}, written="number"),
    "count": Sort(schema={"type": "integer", "minimum": 0, "maximum": 1_000_000}, written="number"),
    "code": Sort(schema={"type": "string", "pattern": "^[A-Za-z0-9][A-Za-z0-9._/-]{0,63}$"}, written="string"),
    "amount": Sort(schema={"type": "string", "pattern": r"^\d{1,12}(\.\d{1,4})?$"}, written="string"),
    "currency": Sort(schema={"type": "string", "pattern": "^[A-Z]{3}$"}, written="string"),
    "word": Sort(schema={"type": "string", "pattern": "^[A-Za-z0-9_.-]{0,60}$"}, written="string"),
    "endings": Sort(
        schema={"type": "array", "maxItems": 50, "items": {"type": "string", "pattern": "^[^\\s<>\"'&]{1,63}$"}},
        written="readonly string[]",
    ),
    "step": Sort(schema={"enum": list(STEPS)}, written=" | ".join(f'"{each}"' for each in STEPS)),
}


@dataclass(frozen=True, kw_only=True)
class Field:
    """One thing an event says."""

    name: str
    sort: str
    says: str


@dataclass(frozen=True, kw_only=True)
class EventType:
    """One thing that a window tells; what it says is about no person."""

    name: str
    says: str
    fields: tuple[Field, ...] = ()

    @property
    def dom_name(self) -> str:
        """The event's name in the page."""
        return f"shop:{self.name}"

    @property
    def layer_name(self) -> str:
        """The event's name in a data layer."""
        return f"shop_{self.name.replace('-', '_')}"


def _field(name: str, sort: str, says: str) -> Field:
    return Field(name=name, sort=sort, says=says)


EVENT_TYPES: Final[tuple[EventType, ...]] = (
    EventType(name="ready", says="The window can be used. Comes again after each step inside it."),
    EventType(
        name="resize",
        says="The window's content has another height. The script follows it by itself.",
        fields=(_field("height", "height", "the height in CSS pixels"),),
    ),
    EventType(
        name="search",
        says="Somebody asked for names. What was typed is not told: it may be a person's name.",
        fields=(
            _field("names", "count", "how many names were asked for"),
            _field("extensions", "endings", "the endings that were asked for"),
        ),
    ),
    EventType(
        name="result",
        says="All answers of a search are there.",
        fields=(
            _field("available", "count", "names that can be registered"),
            _field("taken", "count", "names that cannot"),
            _field("unknown", "count", "names of which nobody knew in time"),
        ),
    ),
    EventType(
        name="cart",
        says="The cart has changed.",
        fields=(
            _field("lines", "count", "how many things lie in it"),
            _field("value", "amount", "what they cost as the visitor sees it, with a point"),
            _field("currency", "currency", "the three letters of ISO 4217"),
        ),
    ),
    EventType(
        name="step",
        says="A step of several is shown.",
        fields=(
            _field("step", "step", "which one"),
            _field("number", "count", "its number, from 1"),
            _field("of", "count", "how many there are"),
        ),
    ),
    EventType(name="signed-in", says="The visitor signed in at the shop and has come back. Who it is, is not told."),
    EventType(
        name="ordered",
        says="The visitor ordered at the shop and has come back.",
        fields=(
            _field("order", "code", "the number of the order"),
            _field("value", "amount", "what was ordered for, with VAT where it is due"),
            _field("currency", "currency", "the three letters of ISO 4217"),
            _field("campaign", "word", "the campaign of the frame or of the page's line; empty where there is none"),
        ),
    ),
)

# What every event says besides.
SHARED: Final[tuple[Field, ...]] = (
    Field(name="frame", sort="", says="the frame's key; empty where the address has none"),
    Field(name="kind", sort="", says="which kind of window speaks"),
)
FRAME: Final = {"type": "string", "pattern": "^([0-9a-hjkmnp-tv-z]{10})?$"}
KIND: Final = {"type": "string", "pattern": "^[a-z]{2,20}(-[a-z]{2,20})?$"}


def event_schema() -> str:
    """Write the JSON schema of all events."""
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"What the shop's windows tell the page around them, version {VERSION}",
        "oneOf": [{"$ref": f"#/$defs/{each.name}"} for each in EVENT_TYPES],
        "$defs": {each.name: _definition(each) for each in EVENT_TYPES},
    }
    return json.dumps(schema, indent=1, ensure_ascii=False) + "\n"


def _definition(event: EventType) -> dict[str, Any]:
    properties: dict[str, Any] = {"v": {"const": VERSION}, "type": {"const": event.name}, "frame": FRAME, "kind": KIND}
    for field in event.fields:
        properties[field.name] = {**SORTS[field.sort].schema, "description": field.says}
    return {
        "description": event.says,
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def event_declarations() -> str:
    """Write the events as TypeScript types."""
    lines = [
        f"// What the shop's windows tell the page around them, version {VERSION}.",
        f"// addEventListener and removeEventListener know the names by these types; detail says v: {VERSION}.",
        "",
        "export interface ShopEvent {",
        f"  /** The version of this table. */\n  readonly v: {VERSION};",
        *(f"  /** {_sentence(field.says)} */\n  readonly {field.name}: string;" for field in SHARED),
        "}",
    ]
    for event in EVENT_TYPES:
        lines += [
            "",
            f"/** {event.says} */",
            f"export interface {_type_name(event)} extends ShopEvent {{",
            f'  readonly type: "{event.name}";',
        ]
        for field in event.fields:
            lines += [f"  /** {_sentence(field.says)} */", f"  readonly {field.name}: {SORTS[field.sort].written};"]
        lines.append("}")
    listened = [f'    "{event.dom_name}": CustomEvent<{_type_name(event)}>;' for event in EVENT_TYPES]
    lines += [
        "",
        f"export type AnyShopEvent = {' | '.join(_type_name(event) for event in EVENT_TYPES)};",
        "",
        "declare global {",
        "  interface HTMLElementEventMap {",
        *listened,
        "  }",
        "  interface DocumentEventMap {",
        *listened,
        "  }",
        "}",
    ]
    return "\n".join(lines) + "\n"


def _type_name(event: EventType) -> str:
    return "Shop" + "".join(part.title() for part in event.name.split("-"))


def _sentence(words: str) -> str:
    return words[0].upper() + words[1:] + "."


def event_table() -> str:
    """Write the events as the table of the guide."""
    rows = ["| event | data layer | when | says |", "| --- | --- | --- | --- |"]
    for event in EVENT_TYPES:
        says = "; ".join(f"`{field.name}`: {field.says}" for field in event.fields) or "nothing more"
        layer = "not told" if event.name == "resize" else f"`{event.layer_name}`"
        rows.append(f"| `{event.dom_name}` | {layer} | {event.says} | {says} |")
    return "\n".join(rows) + "\n"


def fields_in_scripts() -> dict[str, dict[str, str]]:
    """Return the table as the two scripts hold it: type, field, sort."""
    return {event.name: {field.name: field.sort for field in event.fields} for event in EVENT_TYPES}

"""Event base class, name <-> class registry, JSON in and out."""

from collections.abc import Callable
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, ClassVar, TypeVar, get_type_hints
from uuid import UUID

Kind = TypeVar("Kind", bound="type[Event]")


@dataclass(frozen=True, kw_only=True)
class Event:
    """Something that has happened: ids and a few facts, never whole rows; a reaction reads the present."""

    name: ClassVar[str] = ""
    version: ClassVar[int] = 1

    def to_json(self) -> dict[str, Any]:
        """Return the payload as the outbox keeps it."""
        return {field.name: _plain(getattr(self, field.name)) for field in fields(self)}


EVENTS: dict[str, type[Event]] = {}


def event(name: str, *, version: int = 1) -> Callable[[Kind], Kind]:
    """Name an event class on the wire: ``@event("billing.proforma_paid")``."""

    def register(kind: Kind) -> Kind:
        if name in EVENTS:
            message = f"two events are called {name}"
            raise RuntimeError(message)
        kind.name, kind.version = name, version
        EVENTS[name] = kind
        return kind

    return register


def from_json(name: str, payload: dict[str, Any]) -> Event:
    """Build an event from what the outbox kept. ``KeyError`` if nobody knows the name."""
    kind = EVENTS[name]
    hints = get_type_hints(kind)
    return kind(**{field.name: _typed(payload.get(field.name), hints[field.name]) for field in fields(kind)})


def _plain(value: object) -> object:
    if isinstance(value, UUID):
        return str(value)
    return value.isoformat() if isinstance(value, datetime) else value


def _typed(value: Any, hint: Any) -> Any:
    if value is None or not isinstance(value, str):
        return value
    wanted = str(hint)
    if "UUID" in wanted:
        return UUID(value)
    return datetime.fromisoformat(value) if "datetime" in wanted else value

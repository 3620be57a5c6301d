"""publish(): the event row lives or dies with the change; remember(): one that outlives a refusal."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from storefront.core.db import Base, Work
from storefront.core.events import Event
from storefront.core.scope import Owned


class OutboxEvent(Owned, Base):
    """An event that has happened, waiting to be handed to its reactions."""

    __tablename__ = "outbox_event"
    __owned_args__ = (Index("ix_outbox_event_waiting", "occurred_at", postgresql_where="handed_at IS NULL"),)

    name: Mapped[str]
    version: Mapped[int]
    payload: Mapped[dict[str, Any]]
    actor: Mapped[dict[str, Any]]
    occurred_at: Mapped[datetime]
    handed_at: Mapped[datetime | None] = mapped_column(default=None)


def publish(db: Work, event: Event, *, reseller_id: UUID | None = None) -> OutboxEvent:
    """Write an event into the outbox of this transaction; in an office Work the reseller is named."""
    row = OutboxEvent(
        name=event.name,
        version=event.version,
        payload=event.to_json(),
        actor={"kind": db.actor.kind, "id": str(db.actor.id or ""), "name": db.actor.name},
        occurred_at=db.now,
    )
    if reseller_id is not None:
        row.reseller_id = reseller_id
    db.published += 1
    return db.add(row)


Keeper = TypeVar("Keeper", bound=Callable[..., None])
_KEEPERS: dict[type[Event], Callable[..., None]] = {}


def keeps(kind: type[Event]) -> Callable[[Keeper], Keeper]:
    """Let a function ``keep(db, event)`` write what a refusal must leave behind at once, such as a counter of tries."""

    def take(function: Keeper) -> Keeper:
        _KEEPERS[kind] = function
        return function

    return take


def remember(db: Work, event: Event) -> None:
    """Publish the event that travelled on a refusal, in a Work of its own, with what must be written at once."""
    publish(db, event)
    keep = _KEEPERS.get(type(event))
    if keep is not None:
        keep(db, event)

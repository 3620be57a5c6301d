"""What is asked of the database meanwhile."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, event

from storefront.core.db import Database


@contextmanager
def counted(where: Database | Connection, *, about: str = "") -> Iterator[list[str]]:
    """Collect every statement about something that is sent meanwhile: by both engines, or on one line."""
    found: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if about in statement:
            found.append(statement)

    places = (where.app, where.office) if isinstance(where, Database) else (where,)
    for place in places:
        event.listen(place, "before_cursor_execute", note)
    try:
        yield found
    finally:
        for place in places:
            event.remove(place, "before_cursor_execute", note)

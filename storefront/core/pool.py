"""Connections at rest: one that has gone is found before it is used, without a question to the database each time.

A server that ends a connection closes it, and a closed line can be heard without asking. What makes no sound when it
is cut (a firewall that forgets lines at rest) needs time: a connection that rested for long is asked.
"""

import select
import time
from typing import Any

from psycopg import Connection, Error
from sqlalchemy import Engine, event
from sqlalchemy.exc import DisconnectionError

RESTED_S = 5.0


def look_after(engine: Engine) -> None:
    """Replace connections of an engine that have gone while they rested."""
    event.listen(engine, "checkin", _rest)
    event.listen(engine, "checkout", _wake)


def _rest(_connection: Connection[Any] | None, record: Any) -> None:
    record.info["rests_since"] = time.monotonic()


def _wake(connection: Connection[Any], record: Any, _proxy: object) -> None:
    since = record.info.get("rests_since")
    if since is None:  # a new one
        return
    try:
        if time.monotonic() - since > RESTED_S or _says_something(connection):
            connection.execute("SELECT 1")
            connection.rollback()
    except Error as error:
        raise DisconnectionError from error


def _says_something(connection: Connection[Any]) -> bool:
    """Whether the server has sent something unasked: what ends a connection does."""
    line = select.poll()
    line.register(connection.fileno(), select.POLLIN | select.POLLHUP)
    return bool(line.poll(0))

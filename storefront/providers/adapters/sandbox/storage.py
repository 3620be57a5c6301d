"""The sandbox suppliers' own way to the database, apart from the shop's, as a supplier's would be."""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine, create_engine
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolIsBusy

from storefront.providers.outcomes import NotSent, Unknown

MOST = 4

_engines: dict[str, Engine] = {}
_changing = threading.Lock()


def engine_for(url: str) -> Engine:
    """Return this process's engine for a database; whoever asks for the same one shares its few connections."""
    with _changing:
        if url not in _engines:
            while len(_engines) >= MOST:
                _engines.pop(next(iter(_engines))).dispose()
            _engines[url] = _open(url)
        return _engines[url]


def close_all() -> None:
    """Give every connection back; the next question opens new ones."""
    with _changing:
        while _engines:
            _engines.popitem()[1].dispose()


def _open(url: str) -> Engine:
    return create_engine(
        make_url(url).set(drivername="postgresql+psycopg"),
        pool_size=4,
        max_overflow=8,
        pool_timeout=5,
        pool_pre_ping=True,
        connect_args={
            "connect_timeout": 3,
            "application_name": "sandbox-suppliers",
            "options": "-c timezone=UTC -c statement_timeout=8000",
        },
    )


def _forget_in_child() -> None:
    # A forked worker must not speak over its parent's sockets, nor close them.
    global _changing  # noqa: PLW0603 - the parent's lock may have been held at the fork
    _changing = threading.Lock()
    for engine in _engines.values():
        engine.dispose(close=False)
    _engines.clear()


os.register_at_fork(after_in_child=_forget_in_child)


@contextmanager
def reading(url: str) -> Iterator[Connection]:
    """Read; a database that cannot be reached is a supplier that cannot be reached: ``NotSent``."""
    try:
        with engine_for(url).connect() as connection:
            yield connection
    except (DBAPIError, PoolIsBusy) as error:
        raise NotSent("the sandbox's database does not answer") from error


@contextmanager
def writing(url: str) -> Iterator[Connection]:
    """Write in one transaction; a failure in the middle leaves us in doubt: ``Unknown``."""
    try:
        connection = engine_for(url).connect()
    except (DBAPIError, PoolIsBusy) as error:
        raise NotSent("the sandbox's database does not answer") from error
    try:
        with connection, connection.begin():
            yield connection
    except DBAPIError as error:
        raise Unknown("the sandbox's database broke off") from error

"""A connection that has gone is never handed out; one that is there is not asked each time."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, create_engine, text

from storefront.core import pool
from tests.conftest import Addresses


@pytest.fixture
def engine(addresses: Addresses) -> Iterator[Engine]:
    made = create_engine(addresses.office, pool_size=1)
    pool.look_after(made)
    yield made
    made.dispose()


def process_of(engine: Engine) -> int:
    with engine.connect() as connection:
        return int(connection.scalar(text("SELECT pg_backend_pid()")) or 0)


def end(addresses: Addresses, process: int) -> None:
    """End a connection from the other side, as a server does that restarts."""
    owner = create_engine(addresses.office)
    with owner.begin() as connection:
        connection.execute(text("SELECT pg_terminate_backend(:process, 5000)"), {"process": process})
    owner.dispose()


def test_connection_is_used_again(engine: Engine) -> None:
    assert process_of(engine) == process_of(engine)


def test_connection_that_was_ended_is_replaced(engine: Engine, addresses: Addresses) -> None:
    first = process_of(engine)

    end(addresses, first)

    assert process_of(engine) not in (0, first)


def test_connection_that_was_ended_is_replaced_after_a_long_rest(
    engine: Engine, addresses: Addresses, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pool, "RESTED_S", -1.0)
    first = process_of(engine)

    end(addresses, first)

    assert process_of(engine) not in (0, first)


@pytest.mark.parametrize(("rested_s", "asked"), [(60.0, 0), (-1.0, 1)])
def test_only_after_a_long_rest_it_is_asked(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, rested_s: float, asked: int
) -> None:
    monkeypatch.setattr(pool, "RESTED_S", rested_s)
    process_of(engine)
    questions: list[str] = []
    monkeypatch.setattr("psycopg.Connection.execute", lambda _line, query: questions.append(query))

    process_of(engine)

    assert questions == ["SELECT 1"] * asked

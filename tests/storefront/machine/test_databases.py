"""Every worker has a migrated database of its own, reached as three roles of which two never see past the wall."""

import psycopg
import pytest

from tests.conftest import Addresses


def ask(url: str, question: bytes) -> object:
    with psycopg.connect(url.replace("+psycopg", "", 1)) as line:
        row = line.execute(question).fetchone()
    return row[0] if row else None


@pytest.mark.parametrize(("role", "sees_past_the_wall"), [("owner", True), ("app", False), ("office", False)])
def test_role_of_tests_has_only_its_rights(addresses: Addresses, role: str, sees_past_the_wall: bool) -> None:
    url = getattr(addresses, role)

    rights = ask(url, b"SELECT (rolbypassrls, rolsuper) FROM pg_roles WHERE rolname = current_user")

    assert rights == (("t" if sees_past_the_wall else "f"), "f")


def test_database_of_tests_is_migrated(addresses: Addresses) -> None:
    tables = ask(addresses.owner, b"SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")

    assert isinstance(tables, int)
    assert tables > 20


def test_empty_database_is_empty(empty_database: Addresses) -> None:
    tables = ask(empty_database.owner, b"SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")

    assert tables == 0


def test_plans_of_the_app_are_made_for_each_question(addresses: Addresses) -> None:
    assert ask(addresses.app, b"SHOW plan_cache_mode") == "force_custom_plan"

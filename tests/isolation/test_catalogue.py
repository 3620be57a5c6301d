"""The wall as PostgreSQL knows it: policies, keys, grants, and a boot that refuses a hole."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.pool import NullPool

from storefront.core.db import Base, Database
from tests.conftest import Addresses
from tests.fixtures_app import config_for
from tests.isolation.marks import owned_tables

# What the app may do with each table; every table must stand here. Nothing that is money or proof is ever deleted.
EVERYTHING = frozenset({"SELECT", "INSERT", "UPDATE", "DELETE"})
NO_DELETE = EVERYTHING - {"DELETE"}
ONLY_ADDED = frozenset({"SELECT", "INSERT"})
READ = frozenset({"SELECT"})
SPECIAL: dict[str, frozenset[str]] = {
    "document": NO_DELETE,
    "purchase_order": NO_DELETE,
    "payment_notice": NO_DELETE,
    "credit_entry": ONLY_ADDED,
    "audit_entry": ONLY_ADDED,
    "consent": ONLY_ADDED,
    "reseller": frozenset({"SELECT", "UPDATE"}),
    "tld": READ,
    "wholesale_price": READ,
    "wholesale_plan": READ,
    "exchange_quote": READ,
    "price_seen": ONLY_ADDED,
    "announcement": READ,
    "task_run": READ,
    "alembic_version": frozenset(),
}
OFFICE_SPECIAL: dict[str, frozenset[str]] = {
    **SPECIAL,
    "reseller": NO_DELETE,
    "tld": EVERYTHING,
    "wholesale_price": EVERYTHING,
    "wholesale_plan": EVERYTHING,
    "exchange_quote": EVERYTHING,
    "announcement": NO_DELETE,
    "task_run": EVERYTHING,
}
# Tables without a reseller's wall: the platform's own, with the reason in migrations/walls.py.
SHARED = {"tld", "wholesale_price", "wholesale_plan", "exchange_quote", "task_run", "alembic_version"}


@pytest.fixture
def line(own_addresses: Addresses) -> Iterator[Connection]:
    """The catalogue as the owner sees it."""
    engine = create_engine(own_addresses.owner, poolclass=NullPool)
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def tables(line: Connection) -> list[str]:
    found = line.execute(text("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"))
    return list(found.scalars())


def test_every_table_is_mapped(line: Connection) -> None:
    assert set(tables(line)) - {"alembic_version"} == set(Base.metadata.tables)


def test_every_table_but_the_shared_ones_forces_its_policies(line: Connection) -> None:
    forced = line.execute(
        text(
            "SELECT relname FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace "
            "WHERE nspname = 'public' AND relkind IN ('r', 'p') AND relrowsecurity AND relforcerowsecurity"
        )
    ).scalars()

    assert set(forced) == set(tables(line)) - SHARED


def test_owned_tables_have_one_policy_for_the_app_and_one_for_the_office(line: Connection) -> None:
    rows = line.execute(
        text("SELECT tablename, roles::text[], cmd, qual, with_check FROM pg_policies WHERE schemaname = 'public'")
    ).all()
    own = "(reseller_id = (NULLIF(current_setting('app.reseller'::text, true), ''::text))::uuid)"
    expected = [(["vitrine_app"], "ALL", own, own), (["vitrine_office"], "ALL", "true", "true")]

    found = {
        table.name: sorted(([*row[1]], *row[2:]) for row in rows if row.tablename == table.name)
        for table in owned_tables()
    }

    assert found == {table.name: expected for table in owned_tables()}


def test_no_policy_holds_an_or(line: Connection) -> None:
    """Measured: with an ``OR`` in its policy a list of 0.03 ms took 82 ms (decision 2)."""
    policies = "SELECT coalesce(qual, '') || coalesce(with_check, '') FROM pg_policies"

    assert [each for each in line.execute(text(policies)).scalars() if " OR " in each] == []


def test_keys_begin_with_the_reseller(line: Connection) -> None:
    """Primary keys, uniques (constraint or index) and foreign keys, else one shop could feel another's rows."""
    keys = line.execute(
        text(
            """
            SELECT i.indrelid::regclass::text AS name, i.indexrelid::regclass::text AS key, a.attname AS first
              FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0]
              JOIN pg_class c ON c.oid = i.indrelid JOIN pg_namespace n ON n.oid = c.relnamespace
             WHERE n.nspname = 'public' AND i.indisunique
            UNION ALL
            SELECT c.conrelid::regclass::text, c.conname, a.attname
              FROM pg_constraint c JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
             WHERE c.contype = 'f' AND c.connamespace = 'public'::regnamespace
            """
        )
    ).all()
    owned = {table.name for table in owned_tables()}

    assert {(name, key) for name, key, first in keys if name in owned and first != "reseller_id"} == set()
    assert {name for name, _key, _first in keys} >= owned


def test_foreign_keys_between_owned_tables_carry_the_reseller(line: Connection) -> None:
    rows = line.execute(
        text(
            "SELECT conrelid::regclass::text, confrelid::regclass::text, cardinality(conkey) FROM pg_constraint "
            "WHERE contype = 'f' AND connamespace = 'public'::regnamespace"
        )
    ).all()

    assert {(one, other) for one, other, parts in rows if other != "reseller" and parts < 2} == set()
    assert rows


def test_nothing_runs_or_keeps_rows_with_the_owners_rights(line: Connection) -> None:
    definers = line.execute(
        text("SELECT proname FROM pg_proc WHERE prosecdef AND pronamespace IN ('public'::regnamespace)")
    ).scalars()
    views = line.execute(
        text("SELECT relname FROM pg_class WHERE relkind IN ('v', 'm') AND relnamespace = 'public'::regnamespace")
    ).scalars()

    assert [*definers, *views] == []


@pytest.mark.parametrize(("role", "special"), [("vitrine_app", SPECIAL), ("vitrine_office", OFFICE_SPECIAL)])
def test_grants_are_exact(line: Connection, role: str, special: dict[str, frozenset[str]]) -> None:
    rows = line.execute(
        text(
            "SELECT table_name, privilege_type FROM information_schema.role_table_grants "
            "WHERE table_schema = 'public' AND grantee IN (:role, 'PUBLIC')"
        ),
        {"role": role},
    ).all()
    found = {name: frozenset(right for table, right in rows if table == name) for name in tables(line)}

    assert found == {name: special.get(name, EVERYTHING) for name in tables(line)}


def test_roles_have_no_more_rights_than_they_need(line: Connection) -> None:
    roles = line.execute(
        text(
            "SELECT rolname, rolsuper, rolbypassrls, rolcreaterole, rolcreatedb FROM pg_roles "
            "WHERE rolname IN ('vitrine_app', 'vitrine_office') ORDER BY 1"
        )
    ).all()

    assert [tuple(role) for role in roles] == [
        ("vitrine_app", False, False, False, False),
        ("vitrine_office", False, False, False, False),
    ]


def test_boot_accepts_the_migrated_database(own_database: Addresses, tmp_path: Path) -> None:
    with opened(own_database, tmp_path) as database:
        database.refuse_open_doors()


@pytest.mark.parametrize(
    ("statement", "fault"),
    [
        ("CREATE TABLE hole (reseller_id uuid, id uuid)", "table hole has a reseller but no forced policy"),
        ("ALTER TABLE customer NO FORCE ROW LEVEL SECURITY", "table customer has a reseller but no forced policy"),
        ("ALTER TABLE customer DISABLE ROW LEVEL SECURITY", "table customer has a reseller but no forced policy"),
        (
            "DROP POLICY own_rows ON customer; DROP POLICY all_rows ON customer",
            "table customer has a reseller but no forced policy",
        ),
    ],
)
def test_boot_refuses_a_table_without_a_forced_policy(
    own_database: Addresses, tmp_path: Path, statement: str, fault: str
) -> None:
    engine = create_engine(own_database.owner, poolclass=NullPool)
    with engine.begin() as line:
        line.exec_driver_sql(statement)

    with opened(own_database, tmp_path) as database, pytest.raises(RuntimeError, match=fault):
        database.refuse_open_doors()


def test_boot_refuses_the_owner_of_the_tables(own_database: Addresses, tmp_path: Path) -> None:
    with (
        opened(own_database, tmp_path, DATABASE_URL=own_database.owner) as database,
        pytest.raises(RuntimeError, match=r"bypasses row-level security|owns \d+ tables"),
    ):
        database.refuse_open_doors()


@contextmanager
def opened(addresses: Addresses, data: Path, **more: str) -> Iterator[Database]:
    """The engines of a process that starts on this database."""
    database = Database(config_for(addresses, data, **more))
    try:
        yield database
    finally:
        database.dispose()

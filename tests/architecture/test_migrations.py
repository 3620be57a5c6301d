"""One head, the head file true, models = migrations, and every step goes down and up again."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, inspect
from sqlalchemy.pool import NullPool

from storefront.models import metadata
from tests.architecture.sources import ROOT, text_of
from tests.conftest import Addresses

VERSIONS = sorted((ROOT / "migrations" / "versions").glob("*.py"))


@pytest.fixture(scope="module")
def scripts() -> ScriptDirectory:
    config = Config(toml_file=str(ROOT / "pyproject.toml"))
    return ScriptDirectory.from_config(config)


def alembic(addresses: Addresses, *arguments: str) -> None:
    environment = {**os.environ, **addresses.environment()}
    program = [sys.executable, "-m", "alembic", *arguments]
    done = subprocess.run(program, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-4_000:]


def shape(addresses: Addresses) -> dict[str, list[str]]:
    engine = create_engine(addresses.owner, poolclass=NullPool)
    with engine.connect() as line:
        seen = inspect(line)
        found = {
            f"{schema}.{table}": sorted(column["name"] for column in seen.get_columns(table, schema=schema))
            for schema in ("public", "sandbox")
            if schema in seen.get_schema_names()
            for table in seen.get_table_names(schema=schema)
        }
    engine.dispose()
    return found


def test_there_is_one_head_and_the_file_names_it(scripts: ScriptDirectory) -> None:
    assert scripts.get_heads() == [text_of(ROOT / "migrations" / "head.txt").strip()]


def test_migrations_are_numbered_in_their_order(scripts: ScriptDirectory) -> None:
    order = [script.revision for script in reversed(list(scripts.walk_revisions()))]

    assert order == [f"{number:04}" for number in range(1, len(VERSIONS) + 1)]
    assert [path.name[:4] for path in VERSIONS] == order


@pytest.mark.parametrize("path", VERSIONS, ids=lambda path: path.stem)
def test_migration_imports_no_model(path: Path) -> None:
    assert re.findall(r"^\s*(?:from|import) (?:storefront|tenants|cms|frames)\b.*", text_of(path), re.MULTILINE) == []


def test_models_are_what_the_migrations_make(own_database: Addresses) -> None:
    engine = create_engine(own_database.owner, poolclass=NullPool)
    with engine.connect() as line:
        context = MigrationContext.configure(line, opts={"compare_type": False, "compare_server_default": False})
        difference = compare_metadata(context, metadata)
    engine.dispose()

    assert difference == []


def test_migrations_go_up_down_and_up_again(empty_database: Addresses) -> None:
    alembic(empty_database, "upgrade", "head")
    first = shape(empty_database)
    alembic(empty_database, "downgrade", "base")
    bottom = shape(empty_database)
    alembic(empty_database, "upgrade", "head")

    assert set(bottom) <= {"public.alembic_version"}
    assert shape(empty_database) == first
    assert len(first) > 30

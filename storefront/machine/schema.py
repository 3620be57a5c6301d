"""The schema of a database: brought to the newest migration when a stamp says that it is behind."""

import hashlib
import subprocess
from pathlib import Path

from storefront.machine.children import migration_command, run, tool
from storefront.machine.environment import TESTING, need_environment
from storefront.machine.places import ROOT
from storefront.machine.postgres import execute, libpq_url, wheel_binaries
from storefront.machine.services import Services
from storefront.machine.speech import CannotGoOnError, say, step

STAMP = "schema-stamp"


def fingerprint_of(migrations: Path, owner_url: str) -> str:
    """What stands for the newest schema in one database."""
    told = hashlib.sha256(owner_url.encode())
    for file in sorted(migrations.glob("**/*.py")):
        told.update(file.name.encode() + file.read_bytes())
    return told.hexdigest()


def bring_up(services: Services, data: Path, environment: dict[str, str]) -> None:
    """Migrate, unless the embedded database was migrated by exactly these files already."""
    stamp, now = data / STAMP, fingerprint_of(ROOT / "migrations", services.owner_url)
    if services.server is not None and stamp.exists() and stamp.read_text() == now:
        return
    command = migration_command()
    if command is None:
        sentence = "There is nothing to migrate with yet: migrations/ and storefront/cli.py are missing."
        raise CannotGoOnError(sentence)
    with step("migrating the database"):
        done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        tail = "\n".join((done.stdout + done.stderr).splitlines()[-25:])
        sentence = f"The migrations failed:\n{tail}"
        raise CannotGoOnError(sentence)
    stamp.write_text(now)


def is_empty(services: Services) -> bool:
    """Whether no shop has been opened in this database; the platform's own does not count."""
    question = "SELECT NOT EXISTS (SELECT FROM reseller WHERE slug <> 'platform')"
    if services.server is not None:
        return execute(services.server, "vitrine", question) == "t"
    command = [str(wheel_binaries() / "psql"), "-X", "-A", "-t", "-d", libpq_url(services.owner_url), "-c", question]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip() == "t"


def migration(arguments: list[str]) -> int:
    """Write the next migration from what the models say and the database does not have yet."""
    from storefront.machine.testing import migrated_throw_away  # noqa: PLC0415 - testing leans on this module

    if len(arguments) != 1:
        sentence = "Say what it does in a few words: ./run migration add_price_groups"
        raise CannotGoOnError(sentence)
    need_environment(TESTING)
    versions = ROOT / "migrations" / "versions"
    number = f"{1 + max((int(file.name[:4]) for file in versions.glob('[0-9]*.py')), default=0):04d}"
    slug = "_".join(arguments[0].lower().split())
    with migrated_throw_away() as environment:
        alembic = ["alembic", "revision", "--autogenerate", "-m", slug, "--rev-id", number]
        code = run(tool(*alembic), environment)
    if code == 0:
        (ROOT / "migrations" / "head.txt").write_text(f"{number}\n")
        say(f"· migrations/versions/{number}_{slug}.py is yours to read and mend")
    return code

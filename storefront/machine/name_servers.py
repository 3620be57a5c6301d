"""Where Knot and Unbound are, for the tests that ask real name servers.

Debian's packages are unpacked beside the project and not installed: that would start name servers on port 53.
"""

import os
import shutil
from collections.abc import Mapping

from storefront.machine.debian import unpack
from storefront.machine.places import ROOT
from storefront.machine.speech import step

PLACE = ROOT / ".cache" / "name_servers"
# Program → Debian's package.
PROGRAMS: Mapping[str, str] = {"knotd": "knot", "unbound": "unbound"}
PLACES = ("/usr/sbin", "/usr/local/sbin", str(PLACE / "usr" / "sbin"))


def find_programs() -> dict[str, str]:
    """The paths of the programs that are here: installed, or unpacked earlier."""
    path = os.pathsep.join([os.environ.get("PATH", os.defpath), *PLACES])
    found = {name: shutil.which(name, path=path) for name in PROGRAMS}
    return {name: place for name, place in found.items() if place}


def libraries() -> str:
    """Where the unpacked programs find their libraries, as ``LD_LIBRARY_PATH``."""
    return os.pathsep.join(str(folder) for folder in sorted(PLACE.glob("usr/lib/*-linux-*")))


def need_name_servers() -> tuple[dict[str, str], str]:
    """The programs, or what there is with the reason why not all; unpacks Debian's packages where root may."""
    found = find_programs()
    missing = sorted({package for name, package in PROGRAMS.items() if name not in found})
    if not missing:
        return found, ""
    words = " and ".join(missing)
    if os.geteuid() != 0 or not (shutil.which("apt-get") and shutil.which("dpkg-deb")):
        return found, f"no {words} on this machine; install the packages, or run this as root on Debian"
    with step(f"unpacking {words} for the tests of DNS"):
        unpack(missing, PLACE)
    found = find_programs()
    return found, "" if len(found) == len(PROGRAMS) else f"apt-get could not bring {words}"

"""Where Chromium and Firefox are, for the tests that look at pages with them."""

import os
import shutil
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path

from storefront.machine.debian import unpack
from storefront.machine.environment import install_packages
from storefront.machine.places import ROOT
from storefront.machine.speech import step

SMALLEST_PROGRAM = 10_000  # bytes; the real thing is far larger, so may be the script that starts it
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ON_MACOS = (
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)
# Chromium without windows, as Debian's package of the same name brings it; another package has some of its files.
SHELL = "chromium-headless-shell"
UNPACKED = ROOT / ".cache" / "browser"
PLACE = UNPACKED / "usr" / "lib" / "chromium"
INSTALLED = Path("/usr/lib/chromium")
IN_COMMON = ("icudtl.dat", "snapshot_blob.bin", "v8_context_snapshot.bin")
FIREFOX_NAMES = ("firefox-esr", "firefox")
FIREFOX_ON_MACOS = ("/Applications/Firefox.app/Contents/MacOS/firefox",)


def find_chromium() -> str | None:
    """The path of Chromium or Chrome; VITRINE_CHROMIUM says which. A stub that only points to a snap does not count."""
    return _find(os.environ.get("VITRINE_CHROMIUM"), NAMES, ON_MACOS)


def need_chromium() -> tuple[str | None, str]:
    """Chromium's path, or None with the reason; installs it where the system lets root do so."""
    return _need(find_chromium, "Chromium", "chromium", "VITRINE_CHROMIUM")


def find_shell() -> str | None:
    """The path of Chromium without windows: installed, or unpacked earlier."""
    return shutil.which(SHELL, path=os.pathsep.join([os.environ.get("PATH", os.defpath), str(PLACE)]))


def lighter(chromium: str | None) -> str | None:
    """Chromium without windows, tabs and menus, which no test looks at: a page costs it less than half.

    Debian's package is unpacked where root may; elsewhere, or where VITRINE_CHROMIUM names one, it stays the whole.
    """
    if not chromium or os.environ.get("VITRINE_CHROMIUM"):
        return chromium
    may_unpack = os.geteuid() == 0 and shutil.which("apt-get") and shutil.which("dpkg-deb")
    if not find_shell() and may_unpack and not PLACE.exists():
        with step("unpacking Chromium without windows for the browser tests"):
            _bring_shell()
    return find_shell() or chromium


def _bring_shell() -> None:
    """Unpack it; it is in its place only as a whole, and where it does not run its place stays empty."""
    unfinished = UNPACKED.with_name(f".{UNPACKED.name}.{os.getpid()}")
    unpack([SHELL], unfinished)
    folder = unfinished / PLACE.relative_to(UNPACKED)
    folder.mkdir(parents=True, exist_ok=True)
    for name in IN_COMMON:  # not fetched once more with the Chromium that is installed
        if not (folder / name).exists() and (INSTALLED / name).exists():
            shutil.copy(INSTALLED / name, folder / name)
    if not _runs(folder / SHELL):
        (folder / SHELL).unlink(missing_ok=True)
    try:
        unfinished.replace(UNPACKED)
    except OSError:  # another run of the tests was faster
        shutil.rmtree(unfinished, ignore_errors=True)


def _runs(program: Path) -> bool:
    if not program.exists():
        return False
    command = [str(program), "--no-sandbox", "--disable-gpu", "--dump-dom", "about:blank"]
    asked = subprocess.run(command, capture_output=True, text=True, check=False)
    return asked.returncode == 0 and "<html>" in asked.stdout


def find_firefox() -> str | None:
    """The path of Firefox, as a Linux brings it or as its makers do; VITRINE_FIREFOX says which."""
    return _find(os.environ.get("VITRINE_FIREFOX"), FIREFOX_NAMES, FIREFOX_ON_MACOS)


def need_firefox() -> tuple[str | None, str]:
    """Firefox's path, or None with the reason; installs it where the system lets root do so."""
    return _need(find_firefox, "Firefox", "firefox-esr", "VITRINE_FIREFOX")


def _find(told: str | None, names: Sequence[str], elsewhere: Sequence[str]) -> str | None:
    found = [told, *(shutil.which(name) for name in names), *elsewhere]
    return next((path for path in found if path and Path(path).exists() and not _is_snap_stub(Path(path))), None)


def _need(find: Callable[[], str | None], name: str, package: str, setting: str) -> tuple[str | None, str]:
    found = find()
    if found:
        return found, ""
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return None, f"no {name} on this machine; install the package {package}, or set {setting}"
    with step(f"installing {name} for the browser tests"):
        install_packages([package])
    found = find()
    return found, "" if found else f"no {name} on this machine, and apt-get could not install it"


def _is_snap_stub(path: Path) -> bool:
    if path.stat().st_size > SMALLEST_PROGRAM:
        return False
    is_there = any(Path("/snap/bin", name).exists() for name in ("chromium", "firefox"))
    return "snap" in path.read_text(errors="replace") and not is_there

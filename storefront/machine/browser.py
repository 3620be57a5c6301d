"""Where Chromium is, for the tests that look at pages with it."""

import os
import shutil
from pathlib import Path

from storefront.machine.environment import install_packages
from storefront.machine.speech import step

SMALLEST_PROGRAM = 10_000  # bytes; the real thing is far larger, so may be the script that starts it
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ON_MACOS = (
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)


def find_chromium() -> str | None:
    """The path of Chromium or Chrome; VITRINE_CHROMIUM says which. A stub that only points to a snap does not count."""
    told = os.environ.get("VITRINE_CHROMIUM")
    found = [told, *(shutil.which(name) for name in NAMES), *ON_MACOS]
    return next((path for path in found if path and Path(path).exists() and not _is_snap_stub(Path(path))), None)


def need_chromium() -> tuple[str | None, str]:
    """Chromium's path, or None with the reason; installs it where the system lets root do so."""
    found = find_chromium()
    if found:
        return found, ""
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return None, "no Chromium on this machine; install the package chromium, or set VITRINE_CHROMIUM"
    with step("installing Chromium for the browser tests"):
        install_packages(["chromium"])
    found = find_chromium()
    return found, "" if found else "no Chromium on this machine, and apt-get could not install it"


def _is_snap_stub(path: Path) -> bool:
    if path.stat().st_size > SMALLEST_PROGRAM:
        return False
    return "snap" in path.read_text(errors="replace") and not Path("/snap/bin/chromium").exists()

"""What drives Firefox and Chromium over WebDriver BiDi: Puppeteer, brought by npm for the tests of windows alone.

It lies beside the project and is never part of the shop. Playwright, which drives Chromium in the other tests, cannot
drive the Firefox that people have.
"""

from collections.abc import Sequence

from storefront.machine.browser import need_firefox
from storefront.machine.checkers import bring
from storefront.machine.places import ROOT

LOCK = ROOT / "tests" / "driver"
PLACE = ROOT / ".cache" / "driver"
TESTS = "tests/frames"


def need_driver() -> dict[str, str]:
    """Bring the driver, and Firefox; returns where each is, or why not, as the settings of a run of tests."""
    reason = bring(LOCK, PLACE, "the driver of browsers")
    firefox, firefox_reason = need_firefox()
    return {
        "TEST_DRIVER": "" if reason else str(PLACE),
        "TEST_DRIVER_MISSING": reason,
        "TEST_FIREFOX": firefox or "",
        "TEST_FIREFOX_MISSING": firefox_reason,
    }


def is_wanted(places: Sequence[str]) -> bool:
    """Whether tests that need it may be among those of these places; none means all."""
    bare = [place.partition("::")[0].rstrip("/") for place in places]
    return not bare or any(f"{each}/".startswith(f"{TESTS}/") or f"{TESTS}/".startswith(f"{each}/") for each in bare)

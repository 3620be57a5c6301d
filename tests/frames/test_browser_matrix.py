"""Every kind of window in Chromium and Firefox, on the same site and on another, in the sandboxes people write.

Each walk ends at the top, on the right page and with the cart, or shows a way out; whatever the browser does with
cookies of other sites. This is ``./run proof frames``; a sample of it stands in test_two_browsers.py.
"""

import itertools

import pytest

from tests.fixtures_driven import ALLOWED, AS_SHIPPED, BLOCKED, Browsers
from tests.frames.stalls import Stalls
from tests.frames.walks import SANDBOXES, SITES, WALKS, Walk

pytestmark = [pytest.mark.proof, pytest.mark.browser, pytest.mark.usefixtures("valkey")]

CASES = [
    pytest.param(*case, id=f"{case[0]} in {case[1]}, {case[2]}") for case in itertools.product(WALKS, SITES, SANDBOXES)
]
EVERY = pytest.mark.parametrize(("kind", "site", "sandbox"), CASES)


@EVERY
def test_chromium_with_foreign_cookies(browsers: Browsers, stalls: Stalls, kind: str, site: str, sandbox: str) -> None:
    browser = browsers.open("chrome", ALLOWED)

    Walk(browser=browser, stalls=stalls, site=site, sandbox=sandbox, kind=kind).take()


@EVERY
def test_chromium_without_foreign_cookies(
    browsers: Browsers, stalls: Stalls, kind: str, site: str, sandbox: str
) -> None:
    browser = browsers.open("chrome", BLOCKED)

    Walk(browser=browser, stalls=stalls, site=site, sandbox=sandbox, kind=kind).take()


@EVERY
def test_firefox_with_foreign_cookies(browsers: Browsers, stalls: Stalls, kind: str, site: str, sandbox: str) -> None:
    browser = browsers.open("firefox", ALLOWED)

    Walk(browser=browser, stalls=stalls, site=site, sandbox=sandbox, kind=kind).take()


@EVERY
def test_firefox_as_it_comes(browsers: Browsers, stalls: Stalls, kind: str, site: str, sandbox: str) -> None:
    browser = browsers.open("firefox", AS_SHIPPED)

    Walk(browser=browser, stalls=stalls, site=site, sandbox=sandbox, kind=kind).take()


@EVERY
def test_firefox_without_foreign_cookies(
    browsers: Browsers, stalls: Stalls, kind: str, site: str, sandbox: str
) -> None:
    browser = browsers.open("firefox", BLOCKED)

    Walk(browser=browser, stalls=stalls, site=site, sandbox=sandbox, kind=kind).take()

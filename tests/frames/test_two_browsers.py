"""The ways out of a window in Chromium and in Firefox, on a page of another site, with foreign cookies blocked.

The whole matrix is ``./run proof frames`` (test_browser_matrix.py).
"""

import pytest

from tests.fixtures_driven import BLOCKED, Browsers
from tests.frames.stalls import FAR, FREE, RIGHT, STRICT, Stalls
from tests.frames.walks import Walk

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("valkey")]


@pytest.mark.parametrize(
    ("kind", "sandbox"),
    [
        pytest.param("user-login", RIGHT, id="signed in at the top"),
        pytest.param("order", FREE, id="the cart comes along"),
        pytest.param("user-login", STRICT, id="another way is shown"),
    ],
)
@pytest.mark.parametrize("name", ["chrome", "firefox"])
def test_window_of_another_site_leads_out(
    browsers: Browsers, stalls: Stalls, name: str, kind: str, sandbox: str
) -> None:
    browser = browsers.open(name, BLOCKED)

    Walk(browser=browser, stalls=stalls, site=FAR, sandbox=sandbox, kind=kind).take()

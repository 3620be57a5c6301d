"""Who may frame what, by the map of all addresses: windows name sites, everything else says nobody, errors included."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from frames.kinds import KINDS
from tests.fixtures_app import Shop
from tests.frames.sites_at_hand import FJORD, Estate
from tests.isolation.routes import Route, routes

WINDOWS = frozenset(kind.endpoint for kind in KINDS.values())
# Answers of these are read, not shown: a page that holds a window fetches the script that makes it.
READ = [route for route in routes() if route.method == "GET" and route.endpoint not in WINDOWS]


def is_framed(response: object) -> bool:
    headers = response.headers  # type: ignore[attr-defined]  # a TestResponse
    policy: str = headers.get("Content-Security-Policy", "")
    is_alone = "frame-ancestors 'none'" in policy and policy.count("frame-ancestors") == 1
    is_drawn_alone = policy == "default-src 'none'; sandbox"  # a picture or a file by itself
    return not ((is_alone or is_drawn_alone) and headers.get("X-Frame-Options") == "DENY")


@pytest.fixture
def browser(client_of: Callable[[Shop], FlaskClient], estate: Estate) -> FlaskClient:
    estate.site()
    return client_of(estate.shop)


def test_nothing_but_windows_may_be_framed(browser: FlaskClient) -> None:
    framed = [
        str(route.rule)
        for route in READ
        if is_framed(browser.get(_address(route), headers={"Sec-Fetch-Dest": "iframe", "Referer": f"{FJORD}/"}))
    ]

    assert framed == []


def test_every_window_names_its_sites_in_every_language(browser: FlaskClient) -> None:
    answers = {
        f"{prefix}/frames/{kind}": browser.get(f"{prefix}/frames/{kind}") for kind in KINDS for prefix in ("", "/pl")
    }

    for path, response in answers.items():
        policy = response.headers["Content-Security-Policy"]
        assert f"frame-ancestors {FJORD}" in policy, path
        assert policy.count("frame-ancestors") == 1
        assert "X-Frame-Options" not in response.headers


@pytest.mark.parametrize(
    "path", ["/frames", "/frames/", "/frames/nothing", "/frames/pay/x", "/frames/shown/x", "/nothing"]
)
def test_error_names_nobody(browser: FlaskClient, path: str) -> None:
    response = browser.get(path)

    assert response.status_code in (404, 405)
    assert not is_framed(response)


def test_answer_of_the_front_itself_names_nobody(browser: FlaskClient) -> None:
    response = browser.get("/frames/whois", headers={"Host": "nobody.test"})

    assert response.status_code == 421
    assert "frame-ancestors 'none'" in response.headers["Content-Security-Policy"]


def _address(route: Route) -> str:
    """An address of this route with ids of nobody: whatever it answers, nobody may frame it."""
    nobody = "00000000-0000-7000-8000-000000000000"
    return route.address(dict.fromkeys(route.row_parameters, nobody))

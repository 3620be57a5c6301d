"""The way back: only to a site that may hold this very window, at the moment when it is asked."""

from urllib.parse import quote

import pytest
from flask import Flask

from frames.models import FrameSite
from frames.settings import make_frame
from frames.sites import add_site
from frames.way_back import WayBack, find_way_back, is_way, path_of, remember, remembered, way_at
from storefront.core.db import Work
from storefront.web.sessions import leave_cookies_later
from tests.fixtures_app import Shop

SITE, OTHER = "http://www.localhost:9001", "http://other.localhost:9002"


@pytest.fixture
def sites(db: Work) -> tuple[FrameSite, FrameSite]:
    """Two sites of the shop in the north; names of this machine are proven by themselves."""
    return add_site(db, SITE), add_site(db, OTHER)


def frame(db: Work, *sites: FrameSite, **options: str) -> str:
    made = make_frame(db, kind="user-login", name="Sign in", options=options, sites=[site.id for site in sites] or None)
    db.flush()
    return made.key


def test_page_of_an_allowed_site_is_a_way_back(db: Work, sites: tuple[FrameSite, FrameSite]) -> None:
    key = frame(db, sites[0], ending="back")

    way = find_way_back(db, key, f"{SITE}/shop?a=1#here")

    assert way == WayBack(frame=key, url=f"{SITE}/shop?a=1", ending="back")
    assert (way.site, way.origin) == ("localhost:9001", SITE)
    assert way.address("abc") == f"{SITE}/shop?a=1#shop-ticket=abc"


def test_site_of_another_frame_is_no_way_back(db: Work, sites: tuple[FrameSite, FrameSite]) -> None:
    key = frame(db, sites[0])

    assert find_way_back(db, key, f"{OTHER}/") is None
    assert find_way_back(db, "user-login", f"{OTHER}/") is not None


def test_site_that_lost_its_proof_is_no_way_back(db: Work, sites: tuple[FrameSite, FrameSite]) -> None:
    way = find_way_back(db, "user-login", f"{SITE}/")
    sites[0].state = "lost"
    db.flush()

    assert way is not None
    assert way_at(db, way.path) is None


def test_frame_of_another_shop_is_no_way_back(db: Work, stranger_db: Work, sites: tuple[FrameSite, FrameSite]) -> None:
    key = frame(db, *sites)

    assert find_way_back(stranger_db, key, f"{SITE}/") is None
    assert find_way_back(stranger_db, "user-login", f"{SITE}/") is None


FOREIGN = [
    "https://evil.example/",
    "http://www.localhost:9003/",
    "https://www.localhost:9001/",
    "http://www.localhost:9001.evil.example/",
    "http://www.localhost:9001@evil.example/",
    "http://evil.example\\@www.localhost:9001/",
    "//www.localhost:9001/",
    "javascript:alert(1)//www.localhost:9001",
    "data:text/html,x",
    "http://evil.www.localhost:9001/",
    "\thttp://www.localhost:9001/",
    "x" * 9_000,
]


@pytest.mark.parametrize("back", FOREIGN)
def test_foreign_address_is_no_way_back(db: Work, sites: tuple[FrameSite, FrameSite], back: str) -> None:
    assert sites
    assert find_way_back(db, "user-login", back) is None
    assert way_at(db, path_of("user-login", back)) is None


@pytest.mark.parametrize("word", ["", "nothing", "0123456789", "x" * 500, "user-login/", "\x00", "'; --"])
def test_frame_that_is_none_has_no_way_back(db: Work, sites: tuple[FrameSite, FrameSite], word: str) -> None:
    assert sites
    assert find_way_back(db, word, f"{SITE}/") is None


def test_window_of_one_site_comes_from_there(db: Work, sites: tuple[FrameSite, FrameSite]) -> None:
    way = find_way_back(db, frame(db, sites[1]), "")

    assert way is not None
    assert way.url == f"{OTHER}/"
    assert find_way_back(db, "user-login", "") is None


def test_path_of_a_way_is_a_page_of_this_host(db: Work, sites: tuple[FrameSite, FrameSite]) -> None:
    assert sites
    path = path_of("user-login", f"{SITE}/a?b=c&d=e")

    assert path == f"/account/way-back?frame=user-login&back={quote(SITE + '/a?b=c&d=e', safe='')}"
    assert is_way(path)
    assert is_way(f"/fr{path}")
    assert not is_way(f"/about{path}")
    assert not is_way("/panel/")
    way = way_at(db, f"/fr{path}")
    assert way is not None
    assert way.url == f"{SITE}/a?b=c&d=e"


def test_way_is_kept_in_a_signed_cookie(
    app: Flask, db: Work, stranger_db: Work, shops: dict[str, Shop], sites: tuple[FrameSite, FrameSite]
) -> None:
    way = find_way_back(db, frame(db, *sites), f"{SITE}/page")
    assert way is not None
    with app.test_request_context("/", base_url=shops["north"].url):
        remember(db, way)
        value = leave_cookies_later()["__Host-back"]
    assert value is not None

    def read(text: str, work: Work = db) -> WayBack | None:
        with app.test_request_context("/", headers={"Cookie": f"__Host-back={text}"}):
            return remembered(work)

    assert read(value) == way
    assert read(value, stranger_db) is None
    assert read("x" + value) is None
    assert read("") is None
    sites[0].state = "lost"
    db.flush()
    assert read(value) is None

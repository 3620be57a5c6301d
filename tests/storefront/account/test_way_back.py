"""The end of a way from a window: back to the page around it, at once where the frame says so, and to nobody else."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from frames.models import FrameSite
from storefront.core.db import Database
from storefront.identity.models import LoginUser
from tests.fixtures_app import Shop
from tests.frames.people import OTHER, PAGE, SITE, Windows, open_windows, way_in, way_to


@pytest.fixture(scope="module")
def windows(database: Database, shops: dict[str, Shop]) -> Windows:
    assert shops
    return open_windows(database, "way-back", ending="back")


def test_who_is_not_signed_in_is_taken_back(visitor: FlaskClient, windows: Windows) -> None:
    answer = visitor.get(way_to(windows.keys["user-login"], PAGE))

    assert (answer.status_code, answer.location) == (303, PAGE)


@pytest.mark.parametrize("back", ["https://evil.example/", f"{OTHER}/", "//evil.example", "javascript:alert(1)"])
def test_no_way_leads_to_a_foreign_page(
    visitor: FlaskClient,
    windows: Windows,
    user: LoginUser,
    sign_in: Callable[[FlaskClient, Shop, LoginUser], str],
    back: str,
) -> None:
    way = way_to(windows.keys["user-login"], back)

    early = visitor.get(way)
    sign_in(visitor, windows.shop, user)
    late = visitor.get(way)

    assert (early.status_code, early.location) == (303, "/account/sign-in")
    assert (late.status_code, late.location) == (303, "/panel/")


def test_frame_that_leads_back_does_so_at_once(
    visitor: FlaskClient, windows: Windows, user: LoginUser, sign_in: Callable[[FlaskClient, Shop, LoginUser], str]
) -> None:
    sign_in(visitor, windows.shop, user)

    answer = visitor.get(way_to(windows.keys["user-login"], PAGE))

    assert answer.status_code == 200
    assert f'<meta http-equiv="refresh" content="0; url={PAGE}">' in answer.text
    assert way_in(answer) == PAGE
    assert "form-action 'self';" in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Frame-Options"] == "DENY"


def test_site_that_lost_its_proof_meanwhile_is_not_led_back_to(
    visitor: FlaskClient, database: Database, windows: Windows
) -> None:
    def state(new: str) -> None:
        with database.work(windows.shop.id) as db:
            for site in db.scalars(FrameSite.__table__.select().with_only_columns(FrameSite.id)):
                found = db.require(FrameSite, site)
                found.state = new if found.origin == SITE else found.state
            db.commit()

    state("lost")
    lost = visitor.get(way_to(windows.keys["user-login"], PAGE))
    state("proven")
    found = visitor.get(way_to(windows.keys["user-login"], PAGE))

    assert (lost.location, found.location) == ("/account/sign-in", PAGE)


def test_ticket_is_handed_over_once_and_only_as_a_ticket(
    visitor: FlaskClient, windows: Windows, user: LoginUser, sign_in: Callable[[FlaskClient, Shop, LoginUser], str]
) -> None:
    sign_in(visitor, windows.shop, user)
    way, host = way_to(windows.keys["user-login"], PAGE), windows.shop.host

    visitor.set_cookie("__Host-ticket", "abc-DEF_1", domain=host, secure=True)
    given = way_in(visitor.get(way))
    again = way_in(visitor.get(way))
    visitor.set_cookie("__Host-ticket", "a&b=c%22", domain=host, secure=True)
    wicked = way_in(visitor.get(way))

    assert (given, again, wicked) == (f"{PAGE}#shop-ticket=abc-DEF_1", PAGE, PAGE)

"""Come in by the code of an account that was made in a window: once, soon, and only from there (security 2.3, F4)."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from frames.handoff import CODE_LASTS, issue_code
from storefront.core import clock
from storefront.core.db import Database
from storefront.identity.models import LoginUser
from storefront.web.sessions import SESSION_COOKIE
from tests import factories
from tests.fixtures_app import Shop
from tests.frames.people import PAGE, TO_THE_TOP, Windows, form_in, make_customer, sessions_in, way_to
from tests.storefront.account.people import cookie

ADDRESS = "/account/hand-off"


@pytest.fixture
def fresh(database: Database, windows: Windows) -> tuple[LoginUser, str]:
    """Somebody who has just made an account, and the code that the window gave."""
    with database.work(windows.shop.id) as db:
        user = factories.make_user(db, customer=factories.make_customer(db))
        user.signed_in_at = None
        db.flush()
        code = issue_code(db, user, host=windows.shop.host)
        db.commit()
    return user, code


def hand_off(client: FlaskClient, windows: Windows, code: str, **headers: str) -> TestResponse:
    said = {**TO_THE_TOP, **{name.replace("_", "-"): value for name, value in headers.items()}}
    data = {"code": code, "frame": windows.keys["user-register"], "back": PAGE}
    return client.post(ADDRESS, data=data, headers=said)


def test_code_lets_in_and_leads_to_a_clean_address(
    visitor: FlaskClient, windows: Windows, fresh: tuple[LoginUser, str]
) -> None:
    answer = hand_off(visitor, windows, fresh[1])

    assert (answer.status_code, answer.location) == (303, way_to(windows.keys["user-register"], PAGE))
    assert cookie(visitor, SESSION_COOKIE, windows.shop.host)
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert visitor.get("/panel/").status_code == 200


def test_code_lets_in_once(
    client_of: Callable[[Shop], FlaskClient], windows: Windows, fresh: tuple[LoginUser, str], database: Database
) -> None:
    hand_off(client_of(windows.shop), windows, fresh[1])
    before, again = sessions_in(database, windows.shop), client_of(windows.shop)

    answer = hand_off(again, windows, fresh[1])

    assert answer.location.startswith("/account/sign-in?next=")
    assert cookie(again, SESSION_COOKIE, windows.shop.host) is None
    assert sessions_in(database, windows.shop) == before


def test_code_of_more_than_a_minute_ago_leads_to_the_sign_in(
    visitor: FlaskClient, windows: Windows, fresh: tuple[LoginUser, str]
) -> None:
    with clock.Stopped(clock.now() + CODE_LASTS + timedelta(seconds=1)):
        answer = hand_off(visitor, windows, fresh[1])
        shown = visitor.get(answer.location)

    assert answer.status_code == 303
    assert "Your account is open" in shown.text
    assert cookie(visitor, SESSION_COOKIE, windows.shop.host) is None


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec_Fetch_Site": "cross-site"},
        {"Sec_Fetch_Site": "same-site"},
        {"Sec_Fetch_Site": ""},
        {"Sec_Fetch_Dest": "iframe"},
        {"Sec_Fetch_Dest": "empty"},
    ],
)
def test_code_that_came_another_way_asks_first(
    visitor: FlaskClient, database: Database, windows: Windows, fresh: tuple[LoginUser, str], headers: dict[str, str]
) -> None:
    before = sessions_in(database, windows.shop)

    asked = hand_off(visitor, windows, fresh[1], **headers)
    early = cookie(visitor, SESSION_COOKIE, windows.shop.host)
    form = form_in(asked, to=ADDRESS)
    sure = visitor.post(ADDRESS, data=form.values, headers=TO_THE_TOP)

    assert asked.status_code == 200
    assert fresh[0].login in asked.text
    assert early is None
    assert sessions_in(database, windows.shop) == before + 1
    assert sure.location == way_to(windows.keys["user-register"], PAGE)


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://www.localhost:9001"])
def test_code_from_a_page_of_others_is_refused(
    visitor: FlaskClient, database: Database, windows: Windows, fresh: tuple[LoginUser, str], origin: str
) -> None:
    before = sessions_in(database, windows.shop)

    answer = hand_off(visitor, windows, fresh[1], Origin=origin)

    assert answer.status_code == 403
    assert sessions_in(database, windows.shop) == before


def test_code_of_another_shop_lets_nobody_in(
    client_of: Callable[[Shop], FlaskClient], shops: dict[str, Shop], windows: Windows, fresh: tuple[LoginUser, str]
) -> None:
    stranger = client_of(shops["north"])

    answer = hand_off(stranger, windows, fresh[1])

    assert answer.location.startswith("/account/sign-in")
    assert cookie(stranger, SESSION_COOKIE, shops["north"].host) is None


@pytest.mark.parametrize("code", ["", "x", "\x00", "9" * 3_000])
def test_what_is_no_code_leads_to_the_sign_in(visitor: FlaskClient, windows: Windows, code: str) -> None:
    answer = hand_off(visitor, windows, code)

    assert answer.location.startswith("/account/sign-in?next=")


def test_link_lets_nobody_in(visitor: FlaskClient, fresh: tuple[LoginUser, str]) -> None:
    answer = visitor.get(ADDRESS, query_string={"code": fresh[1]})

    assert (answer.status_code, answer.location) == (303, "/account/sign-in")


def test_who_is_signed_in_as_somebody_else_changes_over(
    visitor: FlaskClient,
    database: Database,
    windows: Windows,
    fresh: tuple[LoginUser, str],
    sign_in: Callable[[FlaskClient, Shop, LoginUser], str],
) -> None:
    sign_in(visitor, windows.shop, make_customer(database, windows.shop))
    before = sessions_in(database, windows.shop)

    answer = hand_off(visitor, windows, fresh[1])

    assert answer.status_code == 303
    assert sessions_in(database, windows.shop) == before
    assert fresh[0].name in visitor.get("/panel/").text

"""Sign in from a window: what the form must prove, who cannot forge it, and where the way ends."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from frames.handoff import FORM_LASTS, form_token
from storefront.core import clock
from storefront.core.db import Database
from storefront.identity import totp
from storefront.identity.models import LoginUser
from storefront.identity.staff import enrol_second_factor
from storefront.web.sessions import SESSION_COOKIE
from tests.fixtures_app import Shop
from tests.frames.people import (
    OTHER,
    PAGE,
    SITE,
    TO_THE_TOP,
    Windows,
    counts_of,
    make_customer,
    sessions_in,
    sign_in_form,
    way_in,
    way_to,
)
from tests.storefront.account.people import OTHER_PASSWORD, PASSWORD, cookie, errors_in, token_in

ADDRESS = "/account/sign-in"


def sent(client: FlaskClient, windows: Windows, user: LoginUser, **changes: str) -> dict[str, str]:
    """What a browser sends from the window."""
    form = sign_in_form(client, windows.address("user-login"))
    return {**form.values, "back": PAGE, "login": user.login, "password": PASSWORD, **changes}


def post(client: FlaskClient, values: dict[str, str], **headers: str) -> TestResponse:
    said = {**TO_THE_TOP, **{name.replace("_", "-"): value for name, value in headers.items()}}
    return client.post(ADDRESS, data=values, headers=said)


def test_form_in_a_window_signs_in_at_the_top_and_leads_back(
    visitor: FlaskClient, database: Database, windows: Windows, user: LoginUser
) -> None:
    key = windows.keys["user-login"]
    before = counts_of(database, windows, key).get("signed_in", 0)

    entered = post(visitor, sent(visitor, windows, user))
    end = visitor.get(entered.location)
    back = way_in(end)
    ticket = back.partition("#shop-ticket=")[2]
    told = [visitor.post("/frames/told", data={"ticket": ticket, "frame": key}).json for _each in range(2)]

    assert entered.status_code == 303, errors_in(entered)
    assert entered.location == way_to(key, PAGE)
    assert cookie(visitor, SESSION_COOKIE, windows.shop.host)
    assert "Back to localhost:9001" in end.text
    assert back.startswith(f"{PAGE}#shop-ticket=")
    assert told == [{"events": [{"type": "signed-in"}]}, {"events": []}]
    assert counts_of(database, windows, key)["signed_in"] == before + 1


def test_form_is_used_once(
    client_of: Callable[[Shop], FlaskClient], database: Database, windows: Windows, user: LoginUser
) -> None:
    values = sent(client_of(windows.shop), windows, user)
    post(client_of(windows.shop), values)
    before, again = sessions_in(database, windows.shop), client_of(windows.shop)

    answer = post(again, values)

    assert answer.status_code == 422
    assert "once more" in answer.text
    assert cookie(again, SESSION_COOKIE, windows.shop.host) is None
    assert sessions_in(database, windows.shop) == before


@pytest.mark.parametrize(
    ("changes", "headers", "status"),
    [
        ({"token": ""}, {}, 422),
        ({"token": "1.x.k1.y"}, {}, 422),
        ({"frame": "user-login"}, {}, 422),
        ({"frame": ""}, {}, 422),
        ({"frame": "0123456789"}, {}, 422),
        ({}, {"Sec_Fetch_Site": "cross-site"}, 422),
        ({}, {"Sec_Fetch_Site": "same-site"}, 422),
        ({}, {"Sec_Fetch_Site": "none"}, 422),
        ({}, {"Origin": "https://evil.example"}, 403),
        ({}, {"Origin": SITE}, 403),
        ({}, {"Origin": "null"}, 403),
        ({}, {"Origin": "https://north.localhost"}, 403),
        ({}, {"Origin": "https://from-windows.localhost.evil.example"}, 403),
        ({}, {"Origin": "https://from-windows.localhost:8443"}, 403),
        ({}, {"Origin": "https://from-windows.localhost@evil.example"}, 403),
        ({}, {"Origin": "ftp://from-windows.localhost"}, 403),
        ({}, {"Origin": "https://"}, 403),
    ],
)
def test_forged_form_begins_no_session(
    visitor: FlaskClient,
    database: Database,
    windows: Windows,
    user: LoginUser,
    changes: dict[str, str],
    headers: dict[str, str],
    status: int,
) -> None:
    before = sessions_in(database, windows.shop)

    answer = post(visitor, sent(visitor, windows, user, **changes), **headers)

    assert answer.status_code == status
    assert cookie(visitor, SESSION_COOKIE, windows.shop.host) is None
    assert sessions_in(database, windows.shop) == before


def test_form_of_another_shop_or_frame_or_of_long_ago_begins_no_session(
    visitor: FlaskClient, database: Database, windows: Windows, user: LoginUser, shops: dict[str, Shop]
) -> None:
    frame, host = windows.keys["user-login"], windows.shop.host
    with database.work(shops["north"].id) as db:
        of_another_shop = form_token(db, frame=frame, host=host)
    with database.work(windows.shop.id) as db:
        of_another_frame = form_token(db, frame="user-login", host=host)
        of_another_host = form_token(db, frame=frame, host="north.localhost")
        db.now -= FORM_LASTS + timedelta(seconds=1)
        of_long_ago = form_token(db, frame=frame, host=host)

    statuses = [
        post(visitor, sent(visitor, windows, user, token=token)).status_code
        for token in (of_another_shop, of_another_frame, of_another_host, of_long_ago)
    ]

    assert statuses == [422] * 4
    assert cookie(visitor, SESSION_COOKIE, windows.shop.host) is None


def test_form_without_fetch_metadata_is_judged_by_its_origin(
    visitor: FlaskClient, windows: Windows, user: LoginUser
) -> None:
    assert visitor.post(ADDRESS, data=sent(visitor, windows, user)).status_code == 303


def test_wrong_password_is_answered_at_the_top_and_leads_back(
    visitor: FlaskClient, windows: Windows, user: LoginUser
) -> None:
    way = way_to(windows.keys["user-login"], PAGE)

    wrong = post(visitor, sent(visitor, windows, user, password=OTHER_PASSWORD))
    back = visitor.get(way)
    right = visitor.post(ADDRESS, data={"login": user.login, "password": PASSWORD, "next": way})

    assert wrong.status_code == 422
    assert "frame-ancestors 'none'" in wrong.headers["Content-Security-Policy"]
    assert "Back to localhost:9001" in wrong.text
    assert f'value="{user.login}"' in wrong.text
    assert (back.status_code, back.location) == (303, PAGE)
    assert (right.status_code, right.location) == (303, way)


@pytest.mark.parametrize(
    "back",
    [
        "https://evil.example/",
        f"{OTHER}/",  # the shop's own, but not this frame's
        f"{SITE}.evil.example/",
        "http://www.localhost:9001@evil.example/",
        "//evil.example",
        "javascript:alert(1)",
        "x" * 5_000,
        "\x00",
    ],
)
def test_foreign_address_is_never_led_back_to(
    visitor: FlaskClient, windows: Windows, user: LoginUser, back: str
) -> None:
    wrong = post(visitor, sent(visitor, windows, user, back=back, password=OTHER_PASSWORD))
    entered = post(visitor, sent(visitor, windows, user, back=back))
    end = visitor.get(entered.location)

    assert wrong.status_code == 422
    assert "evil" not in wrong.headers["Content-Security-Policy"]
    assert entered.status_code == 303, errors_in(entered)
    assert entered.location.startswith("/account/way-back?")
    assert "evil" not in way_in(end)
    assert "evil" not in (end.location or "")


def test_second_step_and_choice_keep_the_way(visitor: FlaskClient, database: Database, windows: Windows) -> None:
    guarded = make_customer(database, windows.shop)
    with database.work(windows.shop.id) as db:
        secret = enrol_second_factor(db, db.require(LoginUser, guarded.id), issuer="North").secret
        db.commit()
    way = way_to(windows.keys["user-login"], PAGE)

    asked = post(visitor, sent(visitor, windows, guarded))
    early = cookie(visitor, SESSION_COOKIE, windows.shop.host)
    shown = visitor.get(asked.location)
    entered = visitor.post(
        "/account/sign-in/second-step", data={"code": totp.code_at(secret, clock.now()), "next": way}
    )

    assert "/account/sign-in/second-step" in asked.location
    assert early is None
    assert shown.status_code == 200
    assert way.replace("&", "&amp;") in shown.text
    assert entered.location == way


def test_who_is_signed_in_can_sign_in_from_a_window_once_more(
    visitor: FlaskClient, database: Database, windows: Windows, user: LoginUser
) -> None:
    post(visitor, sent(visitor, windows, user))
    first = cookie(visitor, SESSION_COOKIE, windows.shop.host)
    before = sessions_in(database, windows.shop)

    answer = post(visitor, sent(visitor, windows, user))

    assert answer.status_code == 303, errors_in(answer)
    assert cookie(visitor, SESSION_COOKIE, windows.shop.host) not in (None, first)
    assert sessions_in(database, windows.shop) == before


def test_without_a_window_nothing_is_asked_and_nothing_shown(visitor: FlaskClient, user: LoginUser) -> None:
    shown = visitor.get(ADDRESS)
    entered = visitor.post(ADDRESS, data={"login": user.login, "password": PASSWORD})

    assert "Back to" not in shown.text
    assert token_in(shown) == ""
    assert entered.location == "/panel/"

"""Windows for people: forms that work without scripts and cookies, and never a session in a page of somebody else."""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from storefront.core.db import Database
from storefront.core.outbox import OutboxEvent
from storefront.core.sealing import unseal
from storefront.customers.models import Customer
from storefront.identity.events import LETTER
from storefront.identity.models import LoginUser
from storefront.identity.recovery import PURPOSE as RESET
from storefront.web.sessions import SESSION_COOKIE
from tenants.models import HostName
from tests.fixtures_app import Shop
from tests.frames.people import (
    PAGE,
    SITE,
    TO_THE_TOP,
    Windows,
    counts_of,
    form_in,
    sessions_in,
    settings_of,
    sign_in_form,
    way_to,
)
from tests.storefront.account.people import PASSWORD, WICKED, cookie, errors_in, person

KINDS = ("user-login", "user-register", "password-reset")


def told(database: Database, shop: Shop, name: str, purpose: str) -> dict[str, Any]:
    """The newest letter of a name that is on its way."""
    with database.work(shop.id) as db:
        waiting = select(OutboxEvent).where(OutboxEvent.name == name)
        event = db.scalars(waiting.order_by(OutboxEvent.occurred_at.desc(), OutboxEvent.id.desc()))[0]
        found: dict[str, Any] = json.loads(unseal(db.config, event.payload["sealed"], purpose=purpose, owner=shop.id))
        return found


def typed(answer: TestResponse, **more: str) -> dict[str, str]:
    """What a browser sends that fills a form of a window in."""
    form = form_in(answer)
    return {**form.values, **{name: value for name, value in more.items() if name in form.kinds}}


def apply_for(client: FlaskClient, address: str, **more: str) -> tuple[TestResponse, TestResponse]:
    """Go through both steps of the form; returns the second one and what came after it."""
    values = person(**more)
    second = client.post(address, data=typed(client.get(address), **values))
    return second, client.post(address, data=typed(second, **values))


# Every window.


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("is_made", [True, False])
def test_window_is_for_its_sites_and_the_same_for_everybody(
    visitor: FlaskClient,
    client_of: Callable[[Shop], FlaskClient],
    windows: Windows,
    user: LoginUser,
    sign_in: Callable[[FlaskClient, Shop, LoginUser], str],
    kind: str,
    is_made: bool,
) -> None:
    address = windows.address(kind) if is_made else f"/frames/{kind}"
    known = client_of(windows.shop)
    sign_in(known, windows.shop, user)

    answer, of_user = visitor.get(address), known.get(address)

    assert answer.status_code == 200
    assert f"frame-ancestors {SITE}" in answer.headers["Content-Security-Policy"] or not is_made
    assert "X-Frame-Options" not in answer.headers
    assert "Set-Cookie" not in answer.headers
    assert of_user.text == answer.text
    assert user.name not in of_user.text


@pytest.mark.parametrize("kind", KINDS)
def test_window_is_kept_ready(visitor: FlaskClient, app: Flask, windows: Windows, kind: str) -> None:
    front = app.wsgi_app
    while not hasattr(front, "counts"):
        front = front._app  # type: ignore[attr-defined]  # the layers of the house
    visitor.get(windows.address(kind))
    before = front.counts["memory"]

    visitor.get(windows.address(kind))

    assert front.counts["memory"] == before + 1


@pytest.mark.parametrize("kind", KINDS)
def test_window_of_another_shop_or_kind_is_not_there(
    client_of: Callable[[Shop], FlaskClient], shops: dict[str, Shop], windows: Windows, kind: str
) -> None:
    stranger, own = client_of(shops["north"]), client_of(windows.shop)
    other = KINDS[KINDS.index(kind) - 1]

    assert stranger.get(windows.address(kind)).status_code == 404
    assert stranger.post(windows.address(kind), data={"step": "details"}).status_code == 404
    assert own.get(f"/frames/{other}/{windows.keys[kind]}").status_code == 404


@pytest.mark.parametrize("kind", KINDS)
def test_form_from_a_strict_sandbox_is_answered_inside_the_window_with_a_way_out(
    visitor: FlaskClient, windows: Windows, kind: str
) -> None:
    answer = visitor.post(windows.address(kind), data={"step": "details"}, headers={"Origin": "null"})

    assert answer.status_code == 403
    assert f"frame-ancestors {SITE}" in answer.headers["Content-Security-Policy"]
    assert 'target="_blank"' in answer.text


# Sign in.


def test_sign_in_leads_out_of_the_window(visitor: FlaskClient, windows: Windows) -> None:
    entry = visitor.get(windows.address("user-login"))
    ready, made = form_in(entry), sign_in_form(visitor, windows.address("user-login"))

    assert ready.action == made.action == "/en/account/sign-in"
    assert 'target="_top"' in entry.text
    assert ready.values["token"] == ""
    assert made.values["token"]
    assert ready.values["frame"] == windows.keys["user-login"]
    assert {"username", "current-password"} <= set(re.findall(r'autocomplete="([^"]+)"', entry.text))
    # Without a script the step with a token comes by itself, and by a link where that is forbidden.
    assert f'content="0; url={windows.address("user-login")}?step=form"' in entry.text


def test_script_is_given_a_token_that_signs_in(visitor: FlaskClient, windows: Windows, user: LoginUser) -> None:
    frame = windows.keys["user-login"]
    answer = visitor.post("/frames/token", data={"frame": frame}, headers={"Accept": "application/json"})
    values = {"frame": frame, "back": PAGE, "login": user.login, "password": PASSWORD}

    entered = visitor.post("/account/sign-in", data={**values, **(answer.json or {})}, headers=TO_THE_TOP)

    assert answer.headers["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in answer.headers
    assert entered.location == way_to(frame, PAGE), errors_in(entered)


def test_sign_in_window_holds_the_other_two(visitor: FlaskClient, windows: Windows) -> None:
    address = windows.address("user-login")

    reset, account = visitor.get(f"{address}?step=forgotten"), visitor.get(f"{address}?step=details")

    assert form_in(reset).action == form_in(account).action == address
    assert 'target="_top"' not in reset.text + account.text
    assert "Forgotten password" in reset.text
    assert "Create an account" in account.text


@pytest.fixture
def frames_host(database: Database, windows: Windows) -> Iterator[Shop]:
    """A host of the shop that shows windows and nothing else."""
    name = "frames-of-people.localhost"
    with database.office_work() as office:
        row = HostName(name=name, reseller_id=windows.shop.id, canonical=windows.shop.host, purpose="frames")
        office.add(row)
        office.commit()
    yield Shop(id=windows.shop.id, host=name)
    with database.office_work() as office:
        office.session.delete(office.session.get(HostName, name))
        office.commit()


def test_window_on_a_host_of_its_own_leads_to_the_shop(
    client_of: Callable[[Shop], FlaskClient], windows: Windows, user: LoginUser, frames_host: Shop
) -> None:
    inside, top = client_of(frames_host), client_of(windows.shop)

    form = sign_in_form(inside, windows.address("user-login"))
    values = {**form.values, "back": PAGE, "login": user.login, "password": PASSWORD}
    headers = {**TO_THE_TOP, "Sec-Fetch-Site": "cross-site", "Origin": frames_host.url}
    elsewhere = top.post("/account/recovery", data={"login": user.login}, headers=headers)
    bare = {"login": user.login, "password": PASSWORD}
    tokenless = [top.post("/account/sign-in", data=each, headers=headers) for each in (bare, {**values, "token": ""})]
    entered = top.post("/account/sign-in", data=values, headers=headers)
    again = client_of(windows.shop).post("/account/sign-in", data=values, headers=headers)
    nameless = {**bare, "token": inside.post("/frames/token", headers={"Origin": frames_host.url}).get_json()["token"]}
    unnamed = [client_of(windows.shop).post("/account/sign-in", data=nameless, headers=headers) for _each in range(2)]

    assert form.action == f"http://{windows.shop.host}:8000/en/account/sign-in"
    assert elsewhere.status_code == 403
    assert [each.status_code for each in tokenless] == [422, 422]
    assert entered.location == way_to(windows.keys["user-login"], PAGE), errors_in(entered)
    assert cookie(top, SESSION_COOKIE, windows.shop.host)
    assert again.status_code == 422
    assert [each.status_code for each in unnamed] == [422, 422]


# A new account.


def test_account_is_made_in_steps_without_a_cookie_and_the_way_in_leads_out(
    visitor: FlaskClient, database: Database, windows: Windows
) -> None:
    address, email = windows.address("user-register"), "steps@example.test"
    before = counts_of(database, windows, windows.keys["user-register"]).get("signed_up", 0)

    second, third = apply_for(visitor, address, email=email)
    letter = told(database, windows.shop, "identity.sign_up_code_asked", LETTER)
    done = visitor.post(address, data=typed(third, code=letter["code"]))
    cookies = [answer.headers.getlist("Set-Cookie") for answer in (second, third, done)]
    way = form_in(done, to="/account/hand-off")
    entered = visitor.post(way.action, data={**way.values, "back": PAGE}, headers=TO_THE_TOP)

    assert [second.status_code, third.status_code, done.status_code] == [200, 200, 200], errors_in(third)
    assert PASSWORD not in second.text + third.text + done.text
    assert letter["email"] == email
    assert cookies == [[], [], []]
    assert done.headers["Cache-Control"] == "no-store"
    assert 'target="_top"' in done.text
    assert entered.location == f"/en{way_to(windows.keys['user-register'], PAGE)}"
    assert cookie(visitor, SESSION_COOKIE, windows.shop.host)
    assert counts_of(database, windows, windows.keys["user-register"])["signed_up"] == before + 1
    with database.work(windows.shop.id) as db:
        made = db.scalars(select(LoginUser).where(LoginUser.email == email))[0]
        assert made.email_confirmed_at is not None
        assert db.require(Customer, made.customer_id).city == "Helsinki"


def test_code_is_asked_for_only_where_the_shop_wants_one(
    visitor: FlaskClient, database: Database, windows: Windows
) -> None:
    settings_of(database, windows.shop, sign_up_code=False)
    try:
        _second, done = apply_for(visitor, windows.address("user-register"), email="at-once@example.test")
    finally:
        settings_of(database, windows.shop, sign_up_code=True)

    assert form_in(done, to="/account/hand-off").values["code"]
    assert "<li data-done>Code" not in done.text


def test_what_is_wrong_is_said_at_its_own_step(visitor: FlaskClient, windows: Windows) -> None:
    address = windows.address("user-register")
    first = visitor.get(address)

    nameless = visitor.post(address, data=typed(first, **person(given="", street="")))
    second = visitor.post(address, data=typed(first, **person()))
    homeless = visitor.post(address, data=typed(second, **person(street="", password="short")))
    changed = visitor.post(address, data={**typed(second, **person()), "email": "nonsense"})

    assert [each.status_code for each in (nameless, second, homeless, changed)] == [422, 200, 422, 422]
    assert 'id="given-error"' in nameless.text
    assert 'id="street-error"' not in nameless.text
    assert "-error" not in second.text
    assert {'id="street-error"', 'id="password-error"'} <= set(re.findall(r'id="[a-z]+-error"', homeless.text))
    assert 'id="email-error"' in changed.text
    assert form_in(changed).values["city"] == "Helsinki"
    assert "password" not in form_in(changed).values


def test_steps_lead_back_and_keep_what_was_typed(visitor: FlaskClient, windows: Windows, database: Database) -> None:
    address, mine = windows.address("user-register"), person(email="back@example.test")
    second = visitor.post(address, data=typed(visitor.get(address), **mine))

    first = visitor.post(address, data={**typed(second, **mine), "again": "details"})
    country = visitor.post(address, data={**typed(second, **{**mine, "country": "US"}), "change_country": "1"})
    third = visitor.post(address, data=typed(second, **mine))
    pending = form_in(third).values["pending"]
    mended = visitor.post(address, data={"step": "code", "pending": pending, "again": "details"})
    another = visitor.post(address, data={"step": "code", "pending": pending, "again": "code"})
    letter = told(database, windows.shop, "identity.sign_up_code_asked", LETTER)
    done = visitor.post(address, data=typed(another, code=letter["code"]))

    assert form_in(first).values["email"] == form_in(mended).values["email"] == "back@example.test"
    assert form_in(first).values["street"] == form_in(mended).values["street"] == "Hämeentie 31"
    assert 'name="region"' in country.text
    assert "We have sent another code" in another.text
    assert form_in(done, to="/account/hand-off").values["code"]


def test_wrong_used_and_foreign_codes_make_no_account(
    visitor: FlaskClient, client_of: Callable[[Shop], FlaskClient], shops: dict[str, Shop], windows: Windows
) -> None:
    address = windows.address("user-register")
    _second, third = apply_for(visitor, address, email="wrong@example.test")
    pending = form_in(third).values["pending"]

    wrong = visitor.post(address, data=typed(third, code="12"))
    late = visitor.post(address, data={"step": "code", "pending": "nothing", "code": "123456"})
    stranger = client_of(shops["north"]).post(
        "/frames/user-register", data={"step": "code", "pending": pending, "code": "123456"}
    )

    assert [wrong.status_code, late.status_code, stranger.status_code] == [422, 422, 422]
    assert 'id="code-error"' in wrong.text
    assert "took too long" in late.text
    assert "took too long" in stranger.text


# A forgotten password.


@pytest.mark.parametrize("login", ["user", "nobody@example.test"])
def test_letter_is_asked_for_inside_and_its_links_lead_to_the_top(
    visitor: FlaskClient, database: Database, windows: Windows, user: LoginUser, login: str
) -> None:
    address = windows.address("password-reset")
    form = visitor.get(address)

    asked = visitor.post(address, data=typed(form, login=user.login if login == "user" else login))
    sent = visitor.get(asked.location)
    letter = told(database, windows.shop, "identity.password_reset_asked", RESET)

    assert (asked.status_code, asked.location) == (303, f"{address}?step=sent")
    assert "Look into your mail" in sent.text
    assert (
        letter["link"]
        == f"http://{windows.shop.host}:8000/en/account/recovery/TOKEN?frame={windows.keys['password-reset']}"
    )
    assert "Set-Cookie" not in asked.headers


def test_too_many_letters_are_refused_in_the_form(
    visitor: FlaskClient, app: Flask, windows: Windows, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = app.extensions["vitrine"]
    monkeypatch.setattr(house, "config", replace(house.config, mail_rate="0/hour"))
    address = windows.address("password-reset")

    answer = visitor.post(address, data=typed(visitor.get(address), login="aino@example.test"))

    assert answer.status_code == 429
    assert 'value="aino@example.test"' in answer.text


@pytest.mark.parametrize(("name", "text"), WICKED.items())
def test_wicked_text_breaks_no_window(
    visitor: FlaskClient, database: Database, windows: Windows, name: str, text: str
) -> None:
    assert name
    before = sessions_in(database, windows.shop)
    bad = text.encode("utf-8", "replace").decode()

    statuses = [
        visitor.post(windows.address(kind), data=dict.fromkeys((*person(), "step", "again", "pending"), bad))
        for kind in KINDS
    ]
    statuses += [
        visitor.post(windows.address("user-register"), data={**dict.fromkeys(person(), bad), "step": step})
        for step in ("details", "password", "code")
    ]

    assert {answer.status_code for answer in statuses} <= {200, 422}
    assert "<script>alert(1)</script>" not in "".join(answer.text for answer in statuses)
    assert sessions_in(database, windows.shop) == before

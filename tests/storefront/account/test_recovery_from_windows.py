"""Who forgot the password in a window finds the way back to its page, past the letter and the new password."""

import json
import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from frames.way_back import BACK_COOKIE
from storefront.core.db import Database
from storefront.core.events import from_json
from storefront.core.outbox import OutboxEvent
from storefront.core.sealing import unseal
from storefront.identity.events import LETTER
from storefront.identity.models import LoginUser
from storefront.identity.recovery import prepare_reset
from tests.frames.people import PAGE, SITE, Windows, form_in, make_customer, way_to
from tests.storefront.account.people import OTHER_PASSWORD, cookie, errors_in


@pytest.fixture
def customer(database: Database, windows: Windows) -> LoginUser:
    return make_customer(database, windows.shop)


def link_for(database: Database, windows: Windows) -> str:
    """Let the worker prepare the letter that was asked for last; returns the path of its link."""
    with database.work(windows.shop.id) as db:
        newest = select(OutboxEvent).order_by(OutboxEvent.occurred_at.desc(), OutboxEvent.id.desc()).limit(1)
        asked = db.scalars(newest.where(OutboxEvent.name == "identity.password_reset_asked"))[0]
        prepare_reset(db, from_json(asked.name, asked.payload))
        db.flush()
        made = db.scalars(newest.where(OutboxEvent.name == "identity.password_reset_prepared"))[0]
        letter = json.loads(unseal(db.config, made.payload["sealed"], purpose=LETTER, owner=windows.shop.id))
        db.commit()
    return re.sub(r"^https?://[^/]+", "", letter["accounts"][0]["link"])


def ask_in_window(client: FlaskClient, windows: Windows, user: LoginUser, kind: str = "password-reset") -> None:
    address = windows.address(kind)
    form = form_in(client.get(address if kind == "password-reset" else f"{address}?step=forgotten"), to="/frames/")
    client.post(form.action, data={**form.values, "login": user.login})


def renew(client: FlaskClient, link: str) -> str:
    """Choose the new password as a browser does; returns where that leads."""
    form = form_in(client.get(link), to="/account/recovery")
    answer = client.post(form.action, data={**form.values, "password": OTHER_PASSWORD})
    assert answer.status_code == 303, errors_in(answer)
    return answer.location


@pytest.mark.parametrize("kind", ["password-reset", "user-login"])
def test_new_password_leads_back_to_the_one_site_of_the_window(
    visitor: FlaskClient, database: Database, windows: Windows, customer: LoginUser, kind: str
) -> None:
    ask_in_window(visitor, windows, customer, kind)
    link = link_for(database, windows)

    sign_in = renew(visitor, link)
    shown = visitor.get(sign_in)
    form = form_in(shown, to="/account/sign-in")
    entered = visitor.post(form.action, data={**form.values, "login": customer.login, "password": OTHER_PASSWORD})

    assert link.endswith(f"?frame={windows.keys[kind]}")
    assert "Back to localhost:9001" in shown.text
    assert entered.location == f"/en{way_to(windows.keys[kind], f'{SITE}/')}"
    assert f"{SITE}/#shop-ticket=" in visitor.get(entered.location).text


def test_browser_that_remembers_the_page_is_led_back_to_it(
    visitor: FlaskClient, database: Database, windows: Windows, customer: LoginUser
) -> None:
    way = way_to(windows.keys["user-login"], PAGE)
    form = form_in(visitor.get("/account/recovery", query_string={"next": way}), to="/account/recovery")
    visitor.post(form.action, data={**form.values, "login": customer.login})

    link = link_for(database, windows)
    sign_in = renew(visitor, link)

    assert cookie(visitor, BACK_COOKIE, windows.shop.host)
    assert "http" not in link  # a stranger may ask for the letter: nothing of theirs stands in it
    assert form_in(visitor.get(sign_in), to="/account/sign-in").values["next"] == way


@pytest.mark.parametrize("frame", ["", "0123456789", "user-login", "<b>", "x" * 500])
def test_no_way_is_offered_where_none_is_proven(
    visitor: FlaskClient, database: Database, windows: Windows, customer: LoginUser, frame: str
) -> None:
    ask_in_window(visitor, windows, customer)
    link = link_for(database, windows).partition("?")[0]

    sign_in = visitor.post(link, query_string={"frame": frame}, data={"password": OTHER_PASSWORD})

    assert sign_in.status_code == 303
    assert "next" not in sign_in.location

"""Join the staff with a link: on the office's host only, once, with a good password; the role's factor comes first."""

import json
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from storefront.core.db import Database
from storefront.core.outbox import OutboxEvent
from storefront.core.sealing import unseal
from storefront.identity import invitations
from storefront.identity.events import LETTER, StaffInvited
from storefront.identity.models import LoginUser
from storefront.identity.staff_policy import require_second_factor_of
from storefront.web.sessions import SESSION_COOKIE
from tests.fixtures_app import Shop
from tests.storefront.account.people import PASSWORD, cookie, errors_in

LINK = f"https://north.localhost/account/invitation/{invitations.TOKEN_PLACE}"


def invited(database: Database, shop: Shop, email: str, role: str = "content") -> str:
    """Invite somebody and return the path of the letter's link."""
    with database.work(shop.id) as db:
        invitations.invite(db, email, role, locale="en", link=LINK, by="Mika")
        db.flush()
        rows = db.scalars(select(OutboxEvent).where(OutboxEvent.name == StaffInvited.name).order_by(OutboxEvent.id))
        told = json.loads(unseal(db.config, rows[-1].payload["sealed"], purpose=LETTER, owner=db.reseller_id))
        db.commit()
    return str(told["link"]).removeprefix("https://north.localhost")


def typed(login: str, **more: str) -> dict[str, str]:
    return {"name": "Vera Salo", "login": login, "password": PASSWORD, **more}


def test_link_leads_into_the_office(client: FlaskClient, database: Database, shops: dict[str, Shop]) -> None:
    path = invited(database, shops["north"], "vera@join.test")

    shown = client.get(path)
    answer = client.post(path, data=typed("vera-joins"))

    assert shown.status_code == 200
    assert shown.headers["Cache-Control"] == "no-store"
    assert shown.headers["Referrer-Policy"] == "same-origin"
    assert answer.status_code == 303, errors_in(answer)
    assert answer.location == "/reseller/"
    assert cookie(client, SESSION_COOKIE, shops["north"].host)
    with database.work(shops["north"].id) as db:
        user = db.scalars(select(LoginUser).where(LoginUser.login == "vera-joins"))[0]
        assert (user.kind, user.role, user.email) == ("staff", "content", "vera@join.test")
    assert client.get(path).status_code == 404


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"password": "short"}, "at least 12"),
        ({"password": "vera.weak@join.test"}, "leave out your name"),
        ({"name": ""}, "fill this in"),
        ({"login": ""}, "fill this in"),
    ],
)
def test_form_that_is_not_right_keeps_the_link(
    client: FlaskClient, database: Database, shops: dict[str, Shop], change: dict[str, str], sentence: str
) -> None:
    path = invited(database, shops["north"], f"{abs(hash(sentence + str(change)))}@join.test")

    answer = client.post(path, data={**typed("vera-errs"), **change})

    assert answer.status_code == 422
    assert sentence in answer.text
    assert client.get(path).status_code == 200


def test_link_is_none_of_another_shop_or_of_a_customers_host(
    client_of: Callable[[Shop], FlaskClient], database: Database, shops: dict[str, Shop]
) -> None:
    path = invited(database, shops["north"], "far@join.test")

    assert client_of(shops["south"]).get(path).status_code == 404
    assert client_of(shops["south"]).post(path, data=typed("far")).status_code == 404
    assert client_of(shops["north"]).get("/account/invitation/nothing").status_code == 404


def test_role_that_needs_a_second_factor_sees_it_first(
    client: FlaskClient, database: Database, shops: dict[str, Shop]
) -> None:
    with database.work(shops["north"].id) as db:
        require_second_factor_of(db, ["support"])
        db.commit()
    path = invited(database, shops["north"], "support@join.test", role="support")
    client.post(path, data=typed("support-joins"))

    led = client.get("/reseller/orders/")
    open_page = client.get("/reseller/profile/security")

    assert led.location == "/reseller/profile/security"
    assert open_page.status_code == 200
    assert "Your role needs a second factor" in open_page.text
    with database.work(shops["north"].id) as db:
        require_second_factor_of(db, [])
        db.commit()
    assert client.get("/reseller/orders/").status_code == 200

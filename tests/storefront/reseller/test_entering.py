"""Who gets into the office, where, and what each role finds there."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from storefront.core.db import Database
from storefront.identity.permissions import STAFF_ROLES, can
from storefront.web.sessions import SESSION_COOKIE
from tests import factories
from tests.fixtures_app import Shop
from tests.storefront.reseller.conftest import Enter

PAGES = {
    "/reseller/": "",
    "/reseller/overview": "",
    "/reseller/orders/": "orders.read",
    "/reseller/proformas/": "billing.read",
    "/reseller/invoices/": "billing.read",
    "/reseller/customers/": "customers.read",
    "/reseller/credits/": "credit.read",
}


@pytest.mark.parametrize("page", PAGES)
def test_visitor_is_led_to_the_door(client: FlaskClient, page: str) -> None:
    answer = client.get(page)

    assert answer.status_code == 302
    assert answer.location.startswith("/account/sign-in?next=")


@pytest.mark.parametrize("page", PAGES)
def test_customer_finds_nothing(
    client: FlaskClient, database: Database, shops: dict[str, Shop], sign_in: Callable[..., str], page: str
) -> None:
    with database.work(shops["north"].id) as db:
        user = factories.make_user(db, customer=factories.make_customer(db))
        db.commit()
    sign_in(client, shops["north"], user)

    assert client.get(page).status_code == 404


@pytest.mark.parametrize("page", PAGES)
def test_session_of_the_other_shop_opens_nothing(
    client: FlaskClient, enter: Enter, shops: dict[str, Shop], page: str
) -> None:
    stranger, _token = enter(slug="south")
    held = stranger.get_cookie(SESSION_COOKIE, domain=shops["south"].host)
    assert held is not None
    client.set_cookie(SESSION_COOKIE, held.value, domain=shops["north"].host, secure=True)

    assert client.get(page).status_code == 302


def test_office_is_only_on_the_name_at_the_platform(app: Flask) -> None:
    answer = app.test_client().get("/reseller/", base_url="https://localhost")

    assert answer.status_code in (302, 404)


@pytest.mark.parametrize("role", STAFF_ROLES)
def test_each_role_opens_what_it_may(enter: Enter, role: str) -> None:
    client, _token = enter(role)

    found = {page: client.get(page).status_code for page in PAGES}

    wanted = {page: 200 if not need or can(role, need) else 403 for page, need in PAGES.items()}
    assert found == wanted


@pytest.mark.parametrize("role", STAFF_ROLES)
def test_menu_shows_only_what_opens(enter: Enter, role: str) -> None:
    client, _token = enter(role)

    menu = client.get("/reseller/").text.partition('<nav class="side"')[2].partition("</nav>")[0]

    for page, need in PAGES.items():
        if page.endswith("/") and page != "/reseller/":
            assert (f'href="{page}"' in menu) == (not need or can(role, need)), page

"""What was chosen in a window goes along with who signs in from one beside it, whatever comes in between."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from frames.cart_tokens import LASTS, cart_token
from storefront.core import clock
from storefront.core.db import Database
from storefront.identity import totp
from storefront.identity.models import LoginUser
from storefront.identity.staff import enrol_second_factor
from storefront.orders.models import Cart
from tests import factories
from tests.fixtures_app import Shop
from tests.frames.people import PAGE, TO_THE_TOP, Windows, form_in, make_customer, settings_of, way_to
from tests.frames.selling import Inside, lines, new_name
from tests.isolation.forms import Found
from tests.storefront.account.people import OTHER_PASSWORD, PASSWORD, errors_in, person

pytestmark = pytest.mark.usefixtures("valkey")

ADDRESS = "/account/sign-in"


@pytest.fixture(scope="module")
def shop(database: Database, windows: Windows) -> Shop:
    """The shop of the windows, with something to sell."""
    with database.work(windows.shop.id) as db:
        factories.stock(db)
        db.commit()
    return windows.shop


@pytest.fixture
def customer(database: Database, shop: Shop) -> LoginUser:
    return make_customer(database, shop)


@pytest.fixture
def page(app: Flask, shop: Shop) -> Inside:
    """The page around: what its windows keep, they all keep in its jar."""
    return Inside(app, shop, "/frames/domain-search")


def form_of(page: Inside, windows: Windows, user: LoginUser, **changes: str) -> dict[str, str]:
    """What the sign-in window beside a search sends, made without a script."""
    page.look(f"{windows.address('user-login')}?step=form")
    form: Found = form_in(page.answer, to=ADDRESS)
    return {**form.values, "back": PAGE, "login": user.login, "password": PASSWORD, **changes}


def post(client: FlaskClient, values: dict[str, str], address: str = ADDRESS) -> TestResponse:
    return client.post(address, data=values, headers=TO_THE_TOP)


def cart_of(client: FlaskClient) -> list[str]:
    return sorted(lines(client.get("/cart").text))


def test_cart_goes_along_with_who_signs_in(
    visitor: FlaskClient, windows: Windows, page: Inside, customer: LoginUser
) -> None:
    name = new_name()
    page.add(name)

    entered = post(visitor, form_of(page, windows, customer))
    again = post(visitor, form_of(page, windows, customer))

    assert entered.location == way_to(windows.keys["user-login"], PAGE), errors_in(entered)
    assert again.status_code == 303, errors_in(again)
    assert cart_of(visitor) == [name]
    page.look("/frames/cart")
    assert lines(page.page) == []


def test_cart_is_put_to_what_the_browser_and_the_account_held(
    visitor: FlaskClient, windows: Windows, page: Inside, customer: LoginUser, app: Flask
) -> None:
    here, there, before = new_name(), new_name(), new_name()
    elsewhere = Inside(app, windows.shop, "/frames/domain-search")
    elsewhere.add(before)
    post(visitor, form_of(elsewhere, windows, customer))
    top = app.test_client()
    browser = Inside(app, windows.shop, "/frames/domain-search")
    browser.add(here)
    browser.leave(into=top)
    page.add(there)

    values = form_of(page, windows, customer)
    top.post(ADDRESS, data=values, base_url=windows.shop.url, headers={**TO_THE_TOP, "Origin": windows.shop.url})

    assert cart_of(visitor) == sorted([here, there, before])


def test_script_is_given_what_names_the_cart(
    visitor: FlaskClient, windows: Windows, page: Inside, customer: LoginUser
) -> None:
    frame, name = windows.keys["user-login"], new_name()
    bare = page.press("/frames/token", {"Sec-Fetch-Site": "same-origin"}, frame=frame).get_json()
    page.look(page.path)
    page.add(name)

    given = page.press("/frames/token", {"Sec-Fetch-Site": "same-origin"}, frame=frame).get_json()
    post(visitor, {"frame": frame, "back": PAGE, "login": customer.login, "password": PASSWORD, **given})

    assert bare["cart"] == ""
    assert cart_of(visitor) == [name]


def test_wrong_password_first_loses_nothing(
    visitor: FlaskClient, windows: Windows, page: Inside, customer: LoginUser
) -> None:
    name, way = new_name(), way_to(windows.keys["user-login"], PAGE)
    page.add(name)

    wrong = post(visitor, form_of(page, windows, customer, password=OTHER_PASSWORD))
    right = visitor.post(ADDRESS, data={"login": customer.login, "password": PASSWORD, "next": way})

    assert wrong.status_code == 422
    assert right.location == way, errors_in(right)
    assert cart_of(visitor) == [name]


def test_form_that_was_open_too_long_loses_nothing(
    visitor: FlaskClient, windows: Windows, page: Inside, customer: LoginUser
) -> None:
    name = new_name()
    page.add(name)

    late = post(visitor, form_of(page, windows, customer, token=""))
    visitor.post(ADDRESS, data={"login": customer.login, "password": PASSWORD})

    assert late.status_code == 422
    assert cart_of(visitor) == [name]


def test_second_step_loses_nothing(
    visitor: FlaskClient, database: Database, windows: Windows, page: Inside, customer: LoginUser
) -> None:
    name = new_name()
    page.add(name)
    with database.work(windows.shop.id) as db:
        secret = enrol_second_factor(db, db.require(LoginUser, customer.id), issuer="North").secret
        db.commit()

    asked = post(visitor, form_of(page, windows, customer))
    between = cart_of(visitor)
    visitor.post("/account/sign-in/second-step", data={"code": totp.code_at(secret, clock.now())})

    assert "/account/sign-in/second-step" in asked.location
    assert between == []
    assert cart_of(visitor) == [name]


def test_cart_goes_along_with_a_new_account(
    visitor: FlaskClient, database: Database, windows: Windows, page: Inside
) -> None:
    settings_of(database, windows.shop, sign_up_code=False)
    address, name, who = windows.address("user-register"), new_name(), person(email="with-cart@example.test")
    page.add(name)
    page.look(address)
    for _step in range(2):
        form = form_in(page.answer)
        page.press(address, {}, **{**form.values, **{key: value for key, value in who.items() if key in form.kinds}})

    way = form_in(page.answer, to="/account/hand-off")
    post(visitor, {**way.values, "back": PAGE}, way.action)

    assert cart_of(visitor) == [name]


@pytest.mark.parametrize("changed", ["forged", "other window", "too old", "none"])
def test_cart_of_nobody_goes_along_with_nobody(
    visitor: FlaskClient, database: Database, windows: Windows, page: Inside, customer: LoginUser, changed: str
) -> None:
    page.add(new_name())
    frame = windows.keys["user-login"]
    with database.work(windows.shop.id) as db:
        cart = db.scalars(select(Cart).order_by(Cart.changed_at.desc()).limit(1))[0]
        of_another = cart_token(db, cart.id, frame="cart")
        db.now -= LASTS
        of_long_ago = cart_token(db, cart.id, frame=frame)
    token = {"forged": f"{cart.id.hex}.9999999999.k1.x", "other window": of_another, "too old": of_long_ago}

    post(visitor, form_of(page, windows, customer, cart=token.get(changed, "")))

    assert cart_of(visitor) == []


def test_cart_that_is_somebodys_stays_with_them(
    client_of: Callable[[Shop], FlaskClient],
    database: Database,
    windows: Windows,
    page: Inside,
    customer: LoginUser,
) -> None:
    name, thief, first = new_name(), make_customer(database, windows.shop), client_of(windows.shop)
    page.add(name)
    mine, stolen = (form_of(page, windows, user) for user in (customer, thief))

    post(first, mine)
    second = client_of(windows.shop)
    post(second, stolen)

    assert cart_of(first) == [name]
    assert cart_of(second) == []

"""Sign in, choose, second step, leave."""

from collections.abc import Callable
from datetime import timedelta
from functools import cache

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from storefront.core import clock
from storefront.core.db import Database
from storefront.core.outbox import OutboxEvent
from storefront.identity import sign_in as sign_in_actions
from storefront.identity import totp
from storefront.identity.events import NewBrowserSeen
from storefront.identity.models import LoginUser
from storefront.identity.passwords import hash_password, is_password
from storefront.identity.staff import create_staff, enrol_second_factor
from storefront.web.sessions import SESSION_COOKIE
from tests import factories
from tests.fixtures_app import Shop
from tests.storefront.account.people import OTHER_PASSWORD, PASSWORD, WICKED, cookie, errors_in, same_shape, token_in

ADDRESS = "/account/sign-in"


@cache
def hashed(password: str) -> str:
    return hash_password(password)


@pytest.fixture
def user(database: Database, shops: dict[str, Shop]) -> LoginUser:
    """A customer of the shop in the north with a password."""
    return make_user(database, shops["north"])


def make_user(database: Database, shop: Shop, *, password: str = PASSWORD, **more: str) -> LoginUser:
    with database.work(shop.id) as db:
        customer = factories.make_customer(db)
        made = factories.make_user(db, customer=customer, password_hash=hashed(password), **more)
        db.commit()
        return made


def post(client: FlaskClient, login: str, password: str = PASSWORD, **more: str) -> TestResponse:
    return client.post(ADDRESS, data={"login": login, "password": password, **more})


def test_form_shows_and_is_private(client: FlaskClient) -> None:
    answer = client.get(ADDRESS)

    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    assert 'autocomplete="current-password"' in answer.text


def test_login_and_email_both_lead_in(
    client_of: Callable[[Shop], FlaskClient], shops: dict[str, Shop], user: LoginUser
) -> None:
    for typed in (user.login, user.email, f"  {user.email.upper()} "):
        client = client_of(shops["north"])

        answer = post(client, typed)

        assert answer.status_code == 303, errors_in(answer)
        assert answer.location == "/panel/"
        assert cookie(client, SESSION_COOKIE, shops["north"].host)


def test_wrong_password_is_refused_and_login_is_kept(client: FlaskClient, user: LoginUser) -> None:
    answer = post(client, user.login, "wrong but long enough")

    assert answer.status_code == 422
    assert f'value="{user.login}"' in answer.text
    assert "wrong but long enough" not in answer.text


def test_stranger_of_another_shop_is_unknown(
    client_of: Callable[[Shop], FlaskClient], shops: dict[str, Shop], user: LoginUser
) -> None:
    answer = post(client_of(shops["south"]), user.login)

    assert answer.status_code == 422


def test_unknown_and_known_names_get_equal_answers(
    client_of: Callable[[Shop], FlaskClient], shops: dict[str, Shop], user: LoginUser
) -> None:
    known = post(client_of(shops["north"]), user.login, OTHER_PASSWORD)
    unknown = post(client_of(shops["north"]), "x" * len(user.login), OTHER_PASSWORD)

    assert same_shape(known, unknown, but={user.login: "x" * len(user.login)})


def test_sixth_failure_and_right_password_at_rest_get_the_same_answer(client: FlaskClient, user: LoginUser) -> None:
    first = post(client, user.login, OTHER_PASSWORD)
    for _each in range(4):
        post(client, user.login, OTHER_PASSWORD)

    right_but_resting = post(client, user.login)

    assert same_shape(first, right_but_resting, but={})


def test_account_wakes_after_five_minutes(client: FlaskClient, user: LoginUser) -> None:
    for _each in range(5):
        post(client, user.login, OTHER_PASSWORD)

    with clock.Stopped(clock.now() + timedelta(minutes=5, seconds=1)):
        answer = post(client, user.login)

    assert answer.status_code == 303


def test_four_failures_leave_the_account_awake(client: FlaskClient, user: LoginUser) -> None:
    for _each in range(4):
        post(client, user.login, OTHER_PASSWORD)

    assert post(client, user.login).status_code == 303


def test_failures_before_a_success_do_not_count_any_more(client: FlaskClient, user: LoginUser) -> None:
    for _each in range(2):
        for _other in range(4):
            post(client, user.login, OTHER_PASSWORD)

        assert post(client, user.login).status_code == 303
        client.delete_cookie(SESSION_COOKIE, domain="north.localhost")


def test_session_is_another_after_signing_in_again(
    client: FlaskClient, shops: dict[str, Shop], user: LoginUser
) -> None:
    post(client, user.login)
    before = cookie(client, SESSION_COOKIE, shops["north"].host)
    client.delete_cookie(SESSION_COOKIE, domain=shops["north"].host)

    post(client, user.login)

    assert cookie(client, SESSION_COOKIE, shops["north"].host) not in (None, before)


def test_several_accounts_with_the_password_lead_to_a_choice(
    client: FlaskClient, database: Database, shops: dict[str, Shop], user: LoginUser
) -> None:
    other = make_user(database, shops["north"], email=user.email)
    third = make_user(database, shops["north"], email=user.email, password=OTHER_PASSWORD)

    asked = post(client, user.email, next="/cart")
    choice = client.get(asked.location)
    taken = client.post("/account/sign-in/choose", data={"account": str(other.id), "next": "/cart"})

    assert "/choose" in asked.location
    assert user.login in choice.text
    assert other.login in choice.text
    assert third.login not in choice.text
    assert taken.location == "/cart"


def test_choice_refuses_an_account_the_password_does_not_fit(
    client: FlaskClient, database: Database, shops: dict[str, Shop], user: LoginUser
) -> None:
    make_user(database, shops["north"], email=user.email)
    third = make_user(database, shops["north"], email=user.email, password=OTHER_PASSWORD)
    post(client, user.email)

    answer = client.post("/account/sign-in/choose", data={"account": str(third.id)})

    assert answer.status_code == 422
    assert cookie(client, SESSION_COOKIE, shops["north"].host) is None


def test_choice_without_its_cookie_begins_again(client: FlaskClient) -> None:
    answer = client.get("/account/sign-in/choose")

    assert answer.status_code == 303
    assert answer.location == ADDRESS


@pytest.fixture
def guarded(database: Database, shops: dict[str, Shop]) -> tuple[LoginUser, str]:
    """A customer with a second factor, and its secret."""
    made = make_user(database, shops["north"])
    with database.work(shops["north"].id) as db:
        enrolment = enrol_second_factor(db, db.require(LoginUser, made.id), issuer="North")
        db.commit()
    return made, enrolment.secret


def test_second_factor_is_asked_for(
    client: FlaskClient, shops: dict[str, Shop], guarded: tuple[LoginUser, str]
) -> None:
    user, secret = guarded

    asked = post(client, user.login)
    early = cookie(client, SESSION_COOKIE, shops["north"].host)
    shown = client.get(asked.location)
    proved = client.post("/account/sign-in/second-step", data={"code": totp.code_at(secret, clock.now())})

    assert asked.location == "/account/sign-in/second-step"
    assert early is None
    assert shown.status_code == 200
    assert proved.location == "/panel/"


def test_code_counts_once(
    client_of: Callable[[Shop], FlaskClient], shops: dict[str, Shop], guarded: tuple[LoginUser, str]
) -> None:
    user, secret = guarded
    with clock.Stopped(clock.now()):
        code = totp.code_at(secret, clock.now())
        statuses = []
        for _each in range(2):
            client = client_of(shops["north"])
            post(client, user.login)
            statuses.append(client.post("/account/sign-in/second-step", data={"code": code}).status_code)

    assert statuses == [303, 422]


def test_five_wrong_codes_rest_the_account(client: FlaskClient, guarded: tuple[LoginUser, str]) -> None:
    user, secret = guarded
    post(client, user.login)
    right = totp.code_at(secret, clock.now())
    wrong = str((int(right) + 1) % 1_000_000).zfill(6)

    for _each in range(5):
        client.post("/account/sign-in/second-step", data={"code": wrong})

    assert client.post("/account/sign-in/second-step", data={"code": right}).status_code == 422
    assert post(client, user.login).status_code == 422


def test_staff_sign_in_only_where_their_office_is(
    client_of: Callable[[Shop], FlaskClient], database: Database, shops: dict[str, Shop]
) -> None:
    with database.work(shops["north"].id) as db:
        create_staff(
            db, role="owner", login="boss", email="boss@north.test", name="Boss", locale="en", password=PASSWORD
        )
        db.commit()

    inside = post(client_of(shops["north"]), "boss", next="/cart")
    outside = post(client_of(shops["south"]), "boss")

    assert inside.status_code == 303
    assert inside.location != "/cart"
    assert outside.status_code == 422


def test_operator_needs_the_second_factor(
    client_of: Callable[[Shop], FlaskClient], database: Database, shops: dict[str, Shop]
) -> None:
    platform = Shop(id=shops["platform"].id, host="localhost")
    with database.work(platform.id) as db:
        root = create_staff(
            db, role="operator", login="root", email="root@platform.test", name="Root", locale="en", password=PASSWORD
        )
        db.commit()
    client = client_of(platform)
    before = post(client, "root")
    with database.work(platform.id) as db:
        secret = enrol_second_factor(db, db.require(LoginUser, root.id), issuer="Platform").secret
        db.commit()

    asked = post(client, "root")
    proved = client.post("/account/sign-in/second-step", data={"code": totp.code_at(secret, clock.now())})

    assert before.status_code == 422
    assert "second-step" in asked.location
    assert proved.location.startswith("/operator")


def test_leaving_ends_the_session(client: FlaskClient, shops: dict[str, Shop], user: LoginUser) -> None:
    post(client, user.login)
    secret = cookie(client, SESSION_COOKIE, shops["north"].host)

    without_token = client.post("/account/sign-in/leave")
    token = token_in(client.get("/panel/profile"))
    answer = client.post("/account/sign-in/leave", data={"csrf_token": token})
    client.set_cookie(SESSION_COOKIE, secret or "", domain=shops["north"].host, secure=True)

    assert answer.status_code == 303
    assert without_token.status_code == 403
    assert client.get("/panel/profile").location.startswith(ADDRESS)


def test_leaving_by_a_link_is_not_possible(client: FlaskClient) -> None:
    assert client.get("/account/sign-in/leave").status_code in (404, 405)


@pytest.mark.parametrize("text", WICKED.values(), ids=WICKED.keys())
@pytest.mark.parametrize("name", ["login", "password", "next"])
def test_wicked_text_never_breaks_the_form(client: FlaskClient, name: str, text: str) -> None:
    typed = {"login": "somebody", "password": "something long", "next": "/cart"} | {
        name: text.encode("utf-8", "replace").decode()
    }

    answer = client.post(ADDRESS, data=typed)

    assert answer.status_code == 422
    assert "<script>alert" not in answer.text
    if name != "login":
        assert 'value="somebody"' in answer.text


@pytest.mark.parametrize(
    ("wanted", "landed"),
    [
        ("/cart/add", "/cart"),
        ("/cart/empty?x=1", "/cart"),
        ("/fr/cart/add", "/fr/cart"),
        ("/panel/profile/security/sessions/end-others", "/panel/profile/security"),
        (
            "/panel/contacts/3f0c0f0e-0000-7000-8000-000000000000/delete",
            "/panel/contacts/3f0c0f0e-0000-7000-8000-000000000000",
        ),
        ("/account/sign-in/leave", "/account/sign-in"),
        ("/cart?look=2", "/cart?look=2"),
        ("/about", "/about"),
    ],
)
def test_post_only_address_leads_to_the_page_above_it(
    client: FlaskClient, user: LoginUser, wanted: str, landed: str
) -> None:
    assert post(client, user.login, next=wanted).location == landed


def test_failure_offers_the_way_back_and_a_new_password(client: FlaskClient, user: LoginUser) -> None:
    answer = post(client, user.login, OTHER_PASSWORD, next="/cart")

    assert 'href="/account/sign-in?next=/cart"' in answer.text
    assert 'href="/account/recovery?next=/cart"' in answer.text


@pytest.mark.parametrize(("accounts", "compared"), [(0, 3), (1, 3), (2, 3), (5, 3)])
def test_clock_does_not_tell_how_many_accounts_share_an_address(
    client: FlaskClient,
    database: Database,
    shops: dict[str, Shop],
    monkeypatch: pytest.MonkeyPatch,
    accounts: int,
    compared: int,
) -> None:
    address = f"shared{accounts}@example.test"
    for _each in range(accounts):
        make_user(database, shops["north"], email=address)
    counted: list[str | None] = []

    def count(password: str, stored: str | None) -> bool:
        counted.append(stored)
        return is_password(password, stored)

    monkeypatch.setattr(sign_in_actions, "is_password", count)

    post(client, address, OTHER_PASSWORD)

    assert len(counted) == compared


def test_login_that_looks_like_an_address_of_many_is_found_first(
    client: FlaskClient, database: Database, shops: dict[str, Shop]
) -> None:
    address = "first@example.test"
    for _each in range(4):
        make_user(database, shops["north"], email=address, password=OTHER_PASSWORD)
    make_user(database, shops["north"], login=address)

    assert post(client, address).status_code == 303


def test_new_browser_of_staff_is_told_once(
    client_of: Callable[[Shop], FlaskClient], database: Database, shops: dict[str, Shop]
) -> None:
    with database.work(shops["north"].id) as db:
        user = factories.make_user(db, kind="staff", role="sales", password_hash=hashed(PASSWORD))
        db.commit()
    first = client_of(shops["north"])

    for client in (first, first, client_of(shops["north"]), first):
        assert post(client, user.login).status_code == 303
        client.delete_cookie(SESSION_COOKIE, domain=shops["north"].host)

    with database.work(shops["north"].id) as db:
        found = db.scalars(select(OutboxEvent).where(OutboxEvent.name == NewBrowserSeen.name))
        assert len([row for row in found if row.payload["user_id"] == str(user.id)]) == 1

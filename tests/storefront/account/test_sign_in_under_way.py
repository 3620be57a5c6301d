"""A sign-in under way ends when the password changes or the account does; a planted cookie is worth nothing."""

from collections.abc import Callable
from functools import cache

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from storefront.core import clock
from storefront.core.db import Database, Work
from storefront.core.errors import Refused
from storefront.core.outbox import OutboxEvent
from storefront.identity import secret_codes, totp
from storefront.identity.events import NewBrowserSeen
from storefront.identity.models import LoginUser
from storefront.identity.new_passwords import change_password
from storefront.identity.passwords import hash_password
from storefront.identity.recovery import LASTS, PURPOSE, find_reset
from storefront.identity.sign_in import Browser, Step, enter
from storefront.identity.staff import create_staff, enrol_second_factor
from storefront.web.sessions import BROWSER_COOKIE, SESSION_COOKIE
from tests import factories
from tests.fixtures_app import Shop
from tests.storefront.account.people import OTHER_PASSWORD, PASSWORD, cookie

ADDRESS = "/account/sign-in"
CHOOSE, STEP = f"{ADDRESS}/choose", f"{ADDRESS}/second-step"
PLANTED = "planted-by-somebody-else"


def renew(db: Work, user: LoginUser) -> None:
    change_password(db, user, hashed(OTHER_PASSWORD), by="profile")


def suspend(db: Work, user: LoginUser) -> None:
    user.suspended_at = db.now


def close(db: Work, user: LoginUser) -> None:
    user.closed_at = db.now


CHANGES = pytest.mark.parametrize("change", [renew, suspend, close])


@cache
def hashed(password: str) -> str:
    return hash_password(password)


def make_user(database: Database, shop: Shop, **more: str) -> LoginUser:
    with database.work(shop.id) as db:
        made = factories.make_user(db, customer=factories.make_customer(db), password_hash=hashed(PASSWORD), **more)
        db.commit()
        return made


@pytest.fixture
def user(database: Database, shops: dict[str, Shop]) -> LoginUser:
    return make_user(database, shops["north"])


def meddle(database: Database, shop: Shop, user: LoginUser, change: Callable[[Work, LoginUser], None]) -> None:
    with database.work(shop.id) as db:
        change(db, db.require(LoginUser, user.id))
        db.commit()


def enrol(database: Database, shop: Shop, user: LoginUser) -> str:
    with database.work(shop.id) as db:
        secret = enrol_second_factor(db, db.require(LoginUser, user.id), issuer="North").secret
        db.commit()
        return secret


@CHANGES
def test_choice_under_way_ends(
    client: FlaskClient,
    database: Database,
    shops: dict[str, Shop],
    user: LoginUser,
    change: Callable[[Work, LoginUser], None],
) -> None:
    other = make_user(database, shops["north"], email=user.email)
    client.post(ADDRESS, data={"login": user.email, "password": PASSWORD})
    meddle(database, shops["north"], user, change)

    shown = client.get(CHOOSE).text
    refused = client.post(CHOOSE, data={"account": str(user.id)})
    session = cookie(client, SESSION_COOKIE, shops["north"].host)
    taken = client.post(CHOOSE, data={"account": str(other.id)})

    assert (user.login in shown, other.login in shown) == (False, True)
    assert (refused.status_code, session) == (422, None)
    assert taken.location == "/panel/"


@CHANGES
def test_second_step_under_way_ends(
    client: FlaskClient,
    database: Database,
    shops: dict[str, Shop],
    user: LoginUser,
    change: Callable[[Work, LoginUser], None],
) -> None:
    secret = enrol(database, shops["north"], user)
    assert client.post(ADDRESS, data={"login": user.login, "password": PASSWORD}).location == STEP
    meddle(database, shops["north"], user, change)

    proved = client.post(STEP, data={"code": totp.code_at(secret, clock.now())})

    assert proved.location == ADDRESS
    assert cookie(client, SESSION_COOKIE, shops["north"].host) is None


@pytest.mark.parametrize("change", [suspend, close])
def test_nobody_enters_an_account_that_is_at_its_end(
    db: Work, user: LoginUser, change: Callable[[Work, LoginUser], None]
) -> None:
    found = db.require(LoginUser, user.id)
    change(db, found)

    with pytest.raises(Refused):
        enter(db, Step(kind="in", user=found), Browser(host="north.localhost", address="", name=""))


def test_new_password_voids_the_link_to_choose_another(db: Work, user: LoginUser) -> None:
    found = db.require(LoginUser, user.id)
    _row, token = secret_codes.issue(db, PURPOSE, lasts=LASTS, user_id=user.id, email_key=user.email_key)
    db.flush()
    assert find_reset(db, token) is not None

    renew(db, found)

    assert find_reset(db, token) is None


def test_planted_cookie_is_never_trusted(
    client: FlaskClient, database: Database, shops: dict[str, Shop], user: LoginUser
) -> None:
    secret = enrol(database, shops["north"], user)
    host = shops["north"].host
    client.set_cookie(BROWSER_COOKIE, PLANTED, domain=host, secure=True)
    client.post(ADDRESS, data={"login": user.login, "password": PASSWORD})
    client.post(STEP, data={"code": totp.code_at(secret, clock.now()), "trust": "y"})
    given = cookie(client, BROWSER_COOKIE, host)
    client.delete_cookie(SESSION_COOKIE, domain=host)

    again = client.post(ADDRESS, data={"login": user.login, "password": PASSWORD}).location
    kept = cookie(client, BROWSER_COOKIE, host)
    client.delete_cookie(SESSION_COOKIE, domain=host)
    client.set_cookie(BROWSER_COOKIE, PLANTED, domain=host, secure=True)
    planted = client.post(ADDRESS, data={"login": user.login, "password": PASSWORD}).location

    assert given not in (None, PLANTED)
    assert (again, kept) == ("/panel/", given)
    assert planted == STEP


def test_colleague_keeps_an_own_cookie_and_no_planted_one(
    client: FlaskClient, database: Database, shops: dict[str, Shop]
) -> None:
    host = shops["north"].host
    told = select(func.count()).select_from(OutboxEvent).where(OutboxEvent.name == NewBrowserSeen.name)
    with database.work(shops["north"].id) as db:
        before = db.scalar(told)
        create_staff(db, role="sales", login="planter", email="p@north.test", name="P", locale="en", password=PASSWORD)
        db.commit()
    client.set_cookie(BROWSER_COOKIE, PLANTED, domain=host, secure=True)

    given = []
    for _each in range(2):
        client.post(ADDRESS, data={"login": "planter", "password": PASSWORD})
        given.append(cookie(client, BROWSER_COOKIE, host))
        client.delete_cookie(SESSION_COOKIE, domain=host)

    assert given[0] not in (None, PLANTED)
    assert given[0] == given[1]
    with database.work(shops["north"].id) as db:
        assert db.scalar(told) == before

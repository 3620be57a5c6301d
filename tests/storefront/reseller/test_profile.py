"""One's own name, language and way of signing in, as staff."""

from collections.abc import Callable

from flask.testing import FlaskClient
from sqlalchemy import select

from storefront.core.db import Database
from storefront.identity.models import LoginSession, LoginUser
from storefront.identity.passwords import hash_password, is_password
from tests import factories
from tests.fixtures_app import Shop
from tests.storefront.account.people import OTHER_PASSWORD, PASSWORD, errors_in, token_in

ADDRESS = "/reseller/profile"


def colleague(
    database: Database, shop: Shop, client: FlaskClient, sign_in: Callable[..., str], browsers: int = 1
) -> LoginUser:
    with database.work(shop.id) as db:
        user = factories.make_user(db, kind="staff", role="content", password_hash=hash_password(PASSWORD))
        db.commit()
    for _each in range(browsers):
        sign_in(client, shop, user)
    return user


def test_name_and_language_change(
    client: FlaskClient, database: Database, shops: dict[str, Shop], sign_in: Callable[..., str]
) -> None:
    user = colleague(database, shops["north"], client, sign_in)

    data = {"csrf_token": token_in(client.get(ADDRESS)), "name": "Vera Uusi", "locale": "fr"}
    answer = client.post(ADDRESS, data=data)

    assert answer.status_code == 303, errors_in(answer)
    with database.work(shops["north"].id) as db:
        found = db.require(LoginUser, user.id)
        assert (found.name, found.locale) == ("Vera Uusi", "fr")


def test_password_changes_and_others_are_signed_out(
    client: FlaskClient, database: Database, shops: dict[str, Shop], sign_in: Callable[..., str]
) -> None:
    user = colleague(database, shops["north"], client, sign_in, browsers=3)
    page = f"{ADDRESS}/security/password"
    token = token_in(client.get(page))

    wrong = client.post(page, data={"csrf_token": token, "present": "not this one", "password": OTHER_PASSWORD})
    weak = client.post(page, data={"csrf_token": token, "present": PASSWORD, "password": "short"})
    right = client.post(page, data={"csrf_token": token, "present": PASSWORD, "password": OTHER_PASSWORD})

    assert (wrong.status_code, weak.status_code, right.status_code) == (422, 422, 303)
    with database.work(shops["north"].id) as db:
        assert is_password(OTHER_PASSWORD, db.require(LoginUser, user.id).password_hash)
        assert len(db.scalars(select(LoginSession).where(LoginSession.user_id == user.id))) == 1


def test_browsers_are_listed_and_ended(
    client: FlaskClient, database: Database, shops: dict[str, Shop], sign_in: Callable[..., str]
) -> None:
    user = colleague(database, shops["north"], client, sign_in, browsers=3)
    page = client.get(f"{ADDRESS}/security")
    with database.work(shops["north"].id) as db:
        first = db.scalars(select(LoginSession).where(LoginSession.user_id == user.id).order_by(LoginSession.id))[0]

    one = client.post(f"{ADDRESS}/security/sessions/{first.id}/end", data={"csrf_token": token_in(page)})
    rest = client.post(f"{ADDRESS}/security/sessions/end-others", data={"csrf_token": token_in(page)})

    assert (one.status_code, rest.status_code) == (303, 303)
    with database.work(shops["north"].id) as db:
        assert len(db.scalars(select(LoginSession).where(LoginSession.user_id == user.id))) == 1
    assert client.get(ADDRESS).status_code == 200

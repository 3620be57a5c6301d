"""Forgotten password: same answer for all, links that count once."""

import json
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from storefront.core import clock
from storefront.core.db import Database
from storefront.core.events import from_json
from storefront.core.outbox import OutboxEvent
from storefront.core.sealing import unseal
from storefront.identity.events import LETTER
from storefront.identity.models import LoginSession, LoginUser
from storefront.identity.passwords import hash_password
from storefront.identity.recovery import prepare_reset
from storefront.identity.sessions import begin_session
from storefront.identity.staff import enrol_second_factor
from tests import factories
from tests.fixtures_app import Shop
from tests.storefront.account.people import OTHER_PASSWORD, PASSWORD, WICKED, errors_in, same_shape

ADDRESS = "/account/recovery"


@pytest.fixture(scope="module")
def password_hash() -> str:
    return hash_password(PASSWORD)


@pytest.fixture
def user(database: Database, shops: dict[str, Shop], password_hash: str) -> LoginUser:
    with database.work(shops["north"].id) as db:
        made = factories.make_user(db, customer=factories.make_customer(db), password_hash=password_hash)
        db.commit()
        return made


def letters(database: Database, shop: Shop, client: FlaskClient, typed: str) -> list[dict[str, object]]:
    """Ask for a letter, let the worker prepare it, and read what would be sent."""
    answer = client.post(ADDRESS, data={"login": typed})
    assert answer.status_code == 303, errors_in(answer)
    with database.work(shop.id) as db:
        asked = select(OutboxEvent).where(OutboxEvent.name == "identity.password_reset_asked")
        row = db.scalars(asked.order_by(OutboxEvent.occurred_at.desc(), OutboxEvent.id.desc()))[0]
        before = set(db.scalars(select(OutboxEvent.id)))
        prepare_reset(db, from_json(row.name, row.payload))
        db.flush()
        fresh = [each for each in db.scalars(select(OutboxEvent)) if each.id not in before]
        found = [json.loads(unseal(db.config, each.payload["sealed"], purpose=LETTER, owner=shop.id)) for each in fresh]
        db.commit()
        return found


def link_for(database: Database, shop: Shop, client: FlaskClient, user: LoginUser) -> str:
    letter = letters(database, shop, client, user.email)[0]
    address = str(letter["accounts"][0]["link"])  # type: ignore[index]  # JSON
    return re.sub(r"^https?://[^/]+", "", address)


def test_known_and_unknown_addresses_get_equal_answers(
    client_of: Callable[[Shop], FlaskClient], shops: dict[str, Shop], user: LoginUser
) -> None:
    answers = [client_of(shops["north"]).post(ADDRESS, data={"login": typed}) for typed in (user.email, "no@one.test")]

    assert [answer.status_code for answer in answers] == [303, 303]
    assert same_shape(answers[0], answers[1], but={})


def test_nobody_is_written_to_for_an_unknown_address(
    client: FlaskClient, database: Database, shops: dict[str, Shop]
) -> None:
    assert letters(database, shops["north"], client, "nobody@example.test") == []


def test_letter_lists_every_account_of_the_address(
    client: FlaskClient, database: Database, shops: dict[str, Shop], user: LoginUser
) -> None:
    with database.work(shops["north"].id) as db:
        other = factories.make_user(db, customer=factories.make_customer(db), email=user.email)
        db.commit()

    found = letters(database, shops["north"], client, user.login)

    assert len(found) == 1
    assert found[0]["email"] == user.email
    assert {account["login"] for account in found[0]["accounts"]} == {user.login, other.login}  # type: ignore[attr-defined]  # JSON
    assert len({account["link"] for account in found[0]["accounts"]}) == 2  # type: ignore[attr-defined]  # JSON


def test_accounts_of_the_other_shop_are_not_listed(
    client_of: Callable[[Shop], FlaskClient], database: Database, shops: dict[str, Shop], user: LoginUser
) -> None:
    assert letters(database, shops["south"], client_of(shops["south"]), user.email) == []


def test_link_stays_good_when_it_is_only_looked_at(
    client: FlaskClient, database: Database, shops: dict[str, Shop], user: LoginUser
) -> None:
    link = link_for(database, shops["north"], client, user)

    looks = [client.get(link).status_code for _each in range(3)]
    done = client.post(link, data={"password": OTHER_PASSWORD})

    assert looks == [200, 200, 200]
    assert done.status_code == 303, errors_in(done)


def test_new_password_counts_and_the_old_one_does_not(
    client: FlaskClient, database: Database, shops: dict[str, Shop], user: LoginUser
) -> None:
    client.post(link_for(database, shops["north"], client, user), data={"password": OTHER_PASSWORD})

    old = client.post("/account/sign-in", data={"login": user.login, "password": PASSWORD})
    new = client.post("/account/sign-in", data={"login": user.login, "password": OTHER_PASSWORD})

    assert (old.status_code, new.status_code) == (422, 303)


def test_reset_signs_everybody_out_and_ends_the_rest(
    client: FlaskClient, database: Database, shops: dict[str, Shop], user: LoginUser
) -> None:
    with database.work(shops["north"].id) as db:
        begin_session(db, db.require(LoginUser, user.id), host="north.localhost", address="", browser="")
        db.commit()
    for _each in range(5):
        client.post("/account/sign-in", data={"login": user.login, "password": OTHER_PASSWORD})

    client.post(link_for(database, shops["north"], client, user), data={"password": OTHER_PASSWORD})
    with database.work(shops["north"].id) as db:
        sessions = db.scalars(select(LoginSession).where(LoginSession.user_id == user.id))
    answer = client.post("/account/sign-in", data={"login": user.login, "password": OTHER_PASSWORD})

    assert sessions == []
    assert answer.status_code == 303


def test_link_counts_once(client: FlaskClient, database: Database, shops: dict[str, Shop], user: LoginUser) -> None:
    link = link_for(database, shops["north"], client, user)

    statuses = [client.post(link, data={"password": OTHER_PASSWORD}).status_code for _each in range(2)]

    assert statuses == [303, 404]
    assert client.get(link).status_code == 404


def test_of_fifty_at_once_one_link_lets_one_through(
    client_of: Callable[[Shop], FlaskClient], database: Database, shops: dict[str, Shop], user: LoginUser
) -> None:
    link = link_for(database, shops["north"], client_of(shops["north"]), user)

    def use(number: int) -> int:
        # More than five at once are told to wait, so everybody comes again until there is an answer.
        while True:
            answer = client_of(shops["north"]).post(link, data={"password": f"{OTHER_PASSWORD} {number}"})
            if answer.status_code not in (429, 503):
                return answer.status_code

    with ThreadPoolExecutor(10) as pool:
        statuses = list(pool.map(use, range(50)))

    assert statuses.count(303) == 1
    assert set(statuses) <= {303, 404, 422}


def test_older_link_is_void_when_a_newer_one_is_sent(
    client: FlaskClient, database: Database, shops: dict[str, Shop], user: LoginUser
) -> None:
    older = link_for(database, shops["north"], client, user)
    newer = link_for(database, shops["north"], client, user)

    assert client.get(older).status_code == 404
    assert client.get(newer).status_code == 200


def test_link_is_good_for_an_hour(
    client: FlaskClient, database: Database, shops: dict[str, Shop], user: LoginUser
) -> None:
    link = link_for(database, shops["north"], client, user)

    with clock.Stopped(clock.now() + timedelta(minutes=61)):
        answer = client.get(link)

    assert answer.status_code == 404


def test_link_of_one_shop_is_nothing_in_another(
    client_of: Callable[[Shop], FlaskClient], database: Database, shops: dict[str, Shop], user: LoginUser
) -> None:
    link = link_for(database, shops["north"], client_of(shops["north"]), user)

    assert client_of(shops["south"]).get(link).status_code == 404


def test_weak_password_is_refused_and_the_link_stays_good(
    client: FlaskClient, database: Database, shops: dict[str, Shop], user: LoginUser
) -> None:
    link = link_for(database, shops["north"], client, user)

    assert client.post(link, data={"password": "password1234"}).status_code == 422
    assert client.get(link).status_code == 200


def test_second_factor_is_still_asked_for(
    client: FlaskClient, database: Database, shops: dict[str, Shop], user: LoginUser
) -> None:
    with database.work(shops["north"].id) as db:
        enrol_second_factor(db, db.require(LoginUser, user.id), issuer="North")
        db.commit()

    client.post(link_for(database, shops["north"], client, user), data={"password": OTHER_PASSWORD})
    answer = client.post("/account/sign-in", data={"login": user.login, "password": OTHER_PASSWORD})

    assert answer.location == "/account/sign-in/second-step"


def test_link_is_nowhere_in_clear(
    client: FlaskClient, database: Database, shops: dict[str, Shop], user: LoginUser
) -> None:
    token = link_for(database, shops["north"], client, user).rpartition("/")[2]

    with database.work(shops["north"].id) as db:
        payloads = json.dumps([row.payload for row in db.scalars(select(OutboxEvent))])

    assert token not in payloads
    assert user.email not in payloads


def test_wrong_tokens_are_not_found(client: FlaskClient) -> None:
    for token in ("x", "a" * 5_000, "%00", "..%2f..", str(UUID(int=0)), "{{7*7}}"):
        assert client.get(f"{ADDRESS}/{token}").status_code == 404


@pytest.mark.parametrize("text", WICKED.values(), ids=WICKED.keys())
def test_wicked_text_never_breaks_the_forms(
    client: FlaskClient, database: Database, shops: dict[str, Shop], user: LoginUser, text: str
) -> None:
    sent = text.encode("utf-8", "replace").decode()
    link = link_for(database, shops["north"], client, user)

    asked = client.post(ADDRESS, data={"login": sent})
    chosen = client.post(link, data={"password": sent})

    assert asked.status_code in (303, 422)
    assert chosen.status_code in (303, 422)
    assert "<script>alert" not in asked.text + chosen.text

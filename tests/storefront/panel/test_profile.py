"""One's own data, password, browsers."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from storefront.core.audit import AuditEntry
from storefront.core.db import Database
from storefront.customers.models import Customer
from storefront.identity.models import LoginSession, LoginUser
from storefront.identity.passwords import hash_password, is_password
from storefront.identity.sessions import begin_session
from tests import factories
from tests.fixtures_app import Shop
from tests.samples import sampled, some
from tests.storefront.account.people import OTHER_PASSWORD, PASSWORD, WICKED, errors_in, token_in

ADDRESS = "/panel/profile"


@dataclass(frozen=True, kw_only=True)
class Person:
    """A customer who is signed in."""

    user: LoginUser
    customer: Customer
    client: FlaskClient
    token: str


@pytest.fixture(scope="module")
def password_hash() -> str:
    return hash_password(PASSWORD)


@pytest.fixture
def somebody(
    database: Database,
    shops: dict[str, Shop],
    client_of: Callable[[Shop], FlaskClient],
    sign_in: Callable[[FlaskClient, Shop, LoginUser], str],
    password_hash: str,
) -> Callable[..., Person]:
    def enter(shop: str = "north", **more: str) -> Person:
        with database.work(shops[shop].id) as db:
            customer = factories.make_customer(db, **more)
            user = factories.make_user(db, customer=customer, password_hash=password_hash)
            db.commit()
        client = client_of(shops[shop])
        sign_in(client, shops[shop], user)
        return Person(user=user, customer=customer, client=client, token=token_in(client.get(f"{ADDRESS}/edit")))

    return enter


def typed(person: Person, **more: str) -> dict[str, str]:
    return {
        "csrf_token": person.token,
        "street": "Kalevankatu 18",
        "street2": "B 12",
        "postcode": "00100",
        "city": "Helsinki",
        "region": "",
        "phone": "+358 40 765 4321",
        "email": "aino.new@example.test",
        "vat_number": "",
        "locale": "fr",
        **more,
    }


def test_address_stands_with_its_region(somebody: Callable[..., Person]) -> None:
    person = somebody(street="9 Palm Drive", city="Beverly Hills", postcode="90210", region="CA", country="US")

    answer = person.client.get(ADDRESS)

    assert "9 Palm Drive, Beverly Hills, CA 90210, United States" in answer.text


def fresh(database: Database, shops: dict[str, Shop], person: Person) -> tuple[Customer, LoginUser]:
    with database.work(shops["north"].id) as db:
        return db.require(Customer, person.customer.id), db.require(LoginUser, person.user.id)


def test_strangers_are_led_to_the_sign_in(client: FlaskClient) -> None:
    for path in (ADDRESS, f"{ADDRESS}/edit", f"{ADDRESS}/password"):
        answer = client.get(path)

        assert answer.status_code in (302, 303)
        assert "/account/sign-in" in answer.location


def test_page_shows_data_and_this_browser(somebody: Callable[..., Person]) -> None:
    person = somebody()

    answer = person.client.get(ADDRESS)

    assert answer.status_code == 200
    assert "Hämeentie 31" in answer.text
    assert "This browser" in answer.text


def test_data_and_language_are_changed(
    somebody: Callable[..., Person], database: Database, shops: dict[str, Shop]
) -> None:
    person = somebody()

    answer = person.client.post(f"{ADDRESS}/edit", data=typed(person))

    customer, user = fresh(database, shops, person)
    assert answer.status_code == 303, errors_in(answer)
    assert (customer.street, customer.street2, customer.postcode) == ("Kalevankatu 18", "B 12", "00100")
    # Another address is confirmed by a code: tests/storefront/panel/test_profile_security.py.
    assert customer.email == person.customer.email
    assert user.locale == "fr"


def test_change_is_logged_with_before_and_after(
    somebody: Callable[..., Person], database: Database, shops: dict[str, Shop]
) -> None:
    person = somebody()

    person.client.post(f"{ADDRESS}/edit", data=typed(person))

    with database.work(shops["north"].id) as db:
        found = select(AuditEntry).where(AuditEntry.subject_id == person.customer.id)
        entry = db.scalars(found.where(AuditEntry.action == "customer.changed"))[0]
    assert entry.difference["street"] == ["Hämeentie 31", "Kalevankatu 18"]
    assert entry.actor_id == person.user.id


def test_who_somebody_is_cannot_be_changed(
    somebody: Callable[..., Person], database: Database, shops: dict[str, Shop]
) -> None:
    person = somebody()
    other = {"kind": "company", "given": "Eve", "family": "Else", "orgname": "Evil Oy", "country": "SE"}

    answer = person.client.post(f"{ADDRESS}/edit", data=typed(person, **other))

    customer, _user = fresh(database, shops, person)
    assert answer.status_code == 303, errors_in(answer)
    assert (customer.kind, customer.given, customer.orgname, customer.country) == ("individual", "Aino", "", "FI")


def test_wrong_data_is_refused_and_kept(somebody: Callable[..., Person]) -> None:
    person = somebody()

    answer = person.client.post(f"{ADDRESS}/edit", data=typed(person, postcode="1", street="Kept Street 9"))

    assert answer.status_code == 422
    assert 'id="postcode-error"' in answer.text
    assert 'value="Kept Street 9"' in answer.text


def test_form_of_another_session_is_refused(somebody: Callable[..., Person]) -> None:
    person, other = somebody(), somebody()

    answer = person.client.post(f"{ADDRESS}/edit", data=typed(person, csrf_token=other.token))

    assert answer.status_code == 422


def test_password_is_changed_and_other_browsers_are_signed_out(
    somebody: Callable[..., Person], database: Database, shops: dict[str, Shop]
) -> None:
    person = somebody()
    with database.work(shops["north"].id) as db:
        begin_session(db, db.require(LoginUser, person.user.id), host="north.localhost", address="", browser="")
        db.commit()

    answer = person.client.post(
        f"{ADDRESS}/password",
        data={"csrf_token": person.token, "present": PASSWORD, "password": OTHER_PASSWORD},
    )

    _customer, user = fresh(database, shops, person)
    with database.work(shops["north"].id) as db:
        sessions = db.scalars(select(LoginSession).where(LoginSession.user_id == person.user.id))
    assert answer.status_code == 303, errors_in(answer)
    assert is_password(OTHER_PASSWORD, user.password_hash)
    assert len(sessions) == 1
    assert person.client.get(ADDRESS).status_code == 200


@pytest.mark.parametrize(
    ("present", "password", "field"),
    [(OTHER_PASSWORD, OTHER_PASSWORD, "present"), (PASSWORD, "short", "password"), ("", "", "present")],
)
def test_password_is_not_changed(
    somebody: Callable[..., Person],
    database: Database,
    shops: dict[str, Shop],
    present: str,
    password: str,
    field: str,
) -> None:
    person = somebody()

    answer = person.client.post(
        f"{ADDRESS}/password", data={"csrf_token": person.token, "present": present, "password": password}
    )

    _customer, user = fresh(database, shops, person)
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    assert user.password_hash == person.user.password_hash


def test_another_browser_is_signed_out(
    somebody: Callable[..., Person], database: Database, shops: dict[str, Shop]
) -> None:
    person = somebody()
    with database.work(shops["north"].id) as db:
        user = db.require(LoginUser, person.user.id)
        other, _secret = begin_session(db, user, host="north.localhost", address="10.0.0.1", browser="Elsewhere")
        db.commit()

    answer = person.client.post(f"{ADDRESS}/sessions/{other.id}/end", data={"csrf_token": person.token})

    with database.work(shops["north"].id) as db:
        assert db.find(LoginSession, other.id) is None
    assert answer.status_code == 303


def test_sessions_of_others_are_not_found(
    somebody: Callable[..., Person], database: Database, shops: dict[str, Shop]
) -> None:
    person, neighbour, foreigner = somebody(), somebody(), somebody("south")
    found: list[UUID] = []
    for shop, other in (("north", neighbour), ("south", foreigner)):
        with database.work(shops[shop].id) as db:
            found += db.scalars(select(LoginSession.id).where(LoginSession.user_id == other.user.id))

    answers = [
        person.client.post(f"{ADDRESS}/sessions/{session_id}/end", data={"csrf_token": person.token})
        for session_id in found
    ]

    assert [answer.status_code for answer in answers] == [404, 404]
    assert neighbour.client.get(ADDRESS).status_code == 200


def test_ones_own_browser_is_not_ended_by_mistake(
    somebody: Callable[..., Person], database: Database, shops: dict[str, Shop]
) -> None:
    person = somebody()
    with database.work(shops["north"].id) as db:
        own = db.scalars(select(LoginSession.id).where(LoginSession.user_id == person.user.id))[0]

    answer = person.client.post(f"{ADDRESS}/sessions/{own}/end", data={"csrf_token": person.token})

    assert answer.status_code == 409


FIELDS = ("street", "street2", "postcode", "city", "region", "phone", "email", "vat_number", "locale")


@sampled
@pytest.mark.parametrize("text", WICKED.values(), ids=WICKED.keys())
def test_wicked_text_never_breaks_the_forms(somebody: Callable[..., Person], text: str) -> None:
    person = somebody()
    sent = text.encode("utf-8", "replace").decode()

    for name in some(FIELDS, 3, text):
        answer = person.client.post(f"{ADDRESS}/edit", data=typed(person, **{"phone": "wrong", name: sent}))

        assert answer.status_code == 422, name
        assert "<script>alert" not in answer.text
        assert name == "city" or 'value="Helsinki"' in answer.text
    for name in ("present", "password"):
        both = {"csrf_token": person.token, "present": "not mine at all", "password": "short", name: sent}
        assert person.client.post(f"{ADDRESS}/password", data=both).status_code == 422

"""Registry contacts of a customer."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from storefront.core.audit import record
from storefront.core.db import Database
from storefront.core.ids import public_code
from storefront.customers.models import Contact, Customer
from storefront.identity.models import LoginUser
from tests import factories
from tests.fixtures_app import Shop
from tests.samples import sampled, some
from tests.storefront.account.people import WICKED, errors_in, person, token_in

ADDRESS = "/panel/contacts/"


@dataclass(frozen=True, kw_only=True)
class Owner:
    """A customer who is signed in, with the usual contact and another one."""

    customer: Customer
    usual: Contact
    other: Contact
    client: FlaskClient
    token: str


@pytest.fixture
def somebody(
    database: Database,
    shops: dict[str, Shop],
    client_of: Callable[[Shop], FlaskClient],
    sign_in: Callable[[FlaskClient, Shop, LoginUser], str],
) -> Callable[..., Owner]:
    def enter(shop: str = "north") -> Owner:
        with database.work(shops[shop].id) as db:
            customer = factories.make_customer(db)
            usual = factories.make_contact(db, customer)
            other = factories.make_contact(db, customer, given="Otso", is_default=False)
            user = factories.make_user(db, customer=customer)
            db.commit()
        client = client_of(shops[shop])
        sign_in(client, shops[shop], user)
        token = token_in(client.get(f"{ADDRESS}new"))
        return Owner(customer=customer, usual=usual, other=other, client=client, token=token)

    return enter


@pytest.fixture
def owner(somebody: Callable[..., Owner]) -> Owner:
    return somebody()


def contacts(database: Database, shops: dict[str, Shop], owner: Owner) -> dict[str, Contact]:
    with database.work(shops["north"].id) as db:
        found = db.scalars(select(Contact).where(Contact.customer_id == owner.customer.id))
        return {f"{contact.given} {contact.family}": contact for contact in found}


def test_list_shows_ones_own_contacts(owner: Owner, somebody: Callable[..., Owner]) -> None:
    somebody()

    answer = owner.client.get(ADDRESS)

    assert answer.status_code == 200
    assert "Otso Virtanen" in answer.text
    assert answer.text.count('<th scope="row">') == 2


def test_contact_is_made(owner: Owner, database: Database, shops: dict[str, Shop]) -> None:
    answer = owner.client.post(f"{ADDRESS}new", data=person(csrf_token=owner.token, given="Maija"))

    made = contacts(database, shops, owner)["Maija Virtanen"]
    assert answer.status_code == 303, errors_in(answer)
    assert (made.is_default, made.phone) == (False, "+358401234567")


def test_wrong_contact_is_refused_and_kept(owner: Owner) -> None:
    answer = owner.client.post(f"{ADDRESS}new", data=person(csrf_token=owner.token, city="", given="Maija"))

    assert answer.status_code == 422
    assert 'value="Maija"' in answer.text


def test_country_changes_without_a_script(owner: Owner) -> None:
    answer = owner.client.post(f"{ADDRESS}new", data=person(csrf_token=owner.token, country="US", change_country="1"))

    assert answer.status_code == 200
    assert 'value="NY"' in answer.text


def test_address_is_changed_but_not_the_name(owner: Owner, database: Database, shops: dict[str, Shop]) -> None:
    answer = owner.client.post(
        f"{ADDRESS}{owner.other.id}",
        data=person(csrf_token=owner.token, given="Eve", street="New Street 1", country="SE"),
    )

    changed = contacts(database, shops, owner)["Otso Virtanen"]
    assert answer.status_code == 303, errors_in(answer)
    assert (changed.street, changed.country) == ("New Street 1", "FI")


def test_another_contact_becomes_the_usual_one(owner: Owner, database: Database, shops: dict[str, Shop]) -> None:
    answer = owner.client.post(f"{ADDRESS}{owner.other.id}/usual", data={"csrf_token": owner.token})

    found = contacts(database, shops, owner)
    assert answer.status_code == 303
    assert (found["Otso Virtanen"].is_default, found["Aino Virtanen"].is_default) == (True, False)


def test_contact_is_deleted(owner: Owner, database: Database, shops: dict[str, Shop]) -> None:
    answer = owner.client.post(f"{ADDRESS}{owner.other.id}/delete", data={"csrf_token": owner.token})

    assert answer.status_code == 303
    assert set(contacts(database, shops, owner)) == {"Aino Virtanen"}


def test_usual_contact_stays(owner: Owner, database: Database, shops: dict[str, Shop]) -> None:
    answer = owner.client.post(f"{ADDRESS}{owner.usual.id}/delete", data={"csrf_token": owner.token})

    assert answer.status_code == 422
    assert "Aino Virtanen" in contacts(database, shops, owner)


@pytest.mark.parametrize("action", ["", "/usual", "/delete"])
def test_contacts_of_others_are_not_found(owner: Owner, somebody: Callable[..., Owner], action: str) -> None:
    foreign = [somebody().other, somebody("south").other]

    answers = [
        owner.client.post(f"{ADDRESS}{contact.id}{action}", data=person(csrf_token=owner.token)) for contact in foreign
    ]

    assert [answer.status_code for answer in answers] == [404, 404]


@pytest.mark.parametrize("action", ["/usual", "/delete"])
def test_buttons_need_the_token(owner: Owner, action: str) -> None:
    assert owner.client.post(f"{ADDRESS}{owner.other.id}{action}").status_code == 403


@sampled
@pytest.mark.parametrize("text", WICKED.values(), ids=WICKED.keys())
def test_wicked_text_never_breaks_the_form(owner: Owner, text: str) -> None:
    sent = text.encode("utf-8", "replace").decode()

    for name in some(list(person()), 4, text):
        typed = person(**{"csrf_token": owner.token, "phone": "wrong", name: sent})
        answer = owner.client.post(f"{ADDRESS}new", data=typed)

        assert answer.status_code == 422, name
        assert "<script>alert" not in answer.text


def change_email(database: Database, shops: dict[str, Shop], owner: Owner) -> None:
    """Give the account another address, as the code of a letter does."""
    with database.work(shops["north"].id) as db:
        user = db.scalar(select(LoginUser).where(LoginUser.customer_id == owner.customer.id))
        assert user is not None
        before, user.email = owner.usual.email, f"new-{owner.usual.email}"
        record(db, "user.email_changed", user, before={"email": before}, after={"email": user.email})
        for contact in (owner.usual, owner.other):
            db.require(Contact, contact.id).email = before
        db.commit()


def test_contacts_with_the_former_address_follow_when_asked_to(
    database: Database, shops: dict[str, Shop], owner: Owner
) -> None:
    change_email(database, shops, owner)

    offered = owner.client.get(ADDRESS).text
    done = owner.client.post(f"{ADDRESS}e-mail", data={"csrf_token": owner.token})
    after = owner.client.get(ADDRESS).text

    assert "2 contacts still have your former e-mail address" in offered
    assert done.status_code == 303
    assert {each.email for each in contacts(database, shops, owner).values()} == {f"new-{owner.usual.email}"}
    assert "former e-mail address" not in after


@pytest.mark.parametrize(("ending", "follows"), [("com", False), ("pl", True)])
def test_holder_under_icann_is_changed_by_hand(
    database: Database, shops: dict[str, Shop], owner: Owner, ending: str, follows: bool
) -> None:
    change_email(database, shops, owner)
    with database.work(shops["north"].id) as db:
        name = f"{public_code(8).lower()}.{ending}"
        factories.make_domain(db, owner.customer, name, contact_id=owner.usual.id)
        db.commit()

    offered = owner.client.get(ADDRESS).text
    owner.client.post(f"{ADDRESS}e-mail", data={"csrf_token": owner.token})

    is_new = {name: each.email.startswith("new-") for name, each in contacts(database, shops, owner).items()}
    assert ("One holder of domains still has" in offered) is not follows
    assert sorted(is_new.values()) == [follows, True]


def test_contacts_of_others_never_follow(
    database: Database, shops: dict[str, Shop], somebody: Callable[..., Owner], owner: Owner
) -> None:
    change_email(database, shops, owner)
    other = somebody()
    with database.work(shops["north"].id) as db:
        db.require(Contact, other.usual.id).email = owner.usual.email
        db.commit()

    page = other.client.get(ADDRESS).text
    other.client.post(f"{ADDRESS}e-mail", data={"csrf_token": other.token})

    assert "former e-mail address" not in page
    with database.work(shops["north"].id) as db:
        assert db.require(Contact, other.usual.id).email == owner.usual.email

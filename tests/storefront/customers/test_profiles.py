"""Customers, contacts, consents: the actions."""

from dataclasses import replace
from uuid import uuid4

import pytest
from sqlalchemy import select

from storefront.core.alphabet import sort_key
from storefront.core.audit import AuditEntry
from storefront.core.db import Work
from storefront.core.errors import NotFound, Refused
from storefront.core.outbox import OutboxEvent
from storefront.customers.accounts import Application, open_account
from storefront.customers.consents import consents_of, record_consent
from storefront.customers.contacts import (
    change_contact,
    create_contact,
    delete_contact,
    make_default,
    require_contact_of,
)
from storefront.customers.postal import registrant_of
from storefront.customers.profiles import change_customer, create_customer
from storefront.customers.queries import contacts_of, default_contact, find_customer_by_code
from storefront.customers.registrants import Registrant
from storefront.identity.queries import users_of_customer

AINO = Registrant(
    kind="individual",
    given=" Aino ",
    family="Virtanen",
    street="Hämeentie 31",
    postcode="00500",
    city="Helsinki",
    country="FI",
    phone="040 123 4567",
    email="Aino@Example.test",
)
FIRM = replace(AINO, kind="company", orgname="Łódź Karty Oy")


def test_customer_is_tidied_and_found_by_code(db: Work) -> None:
    made = create_customer(db, AINO, locale="en")

    assert (made.given, made.phone, made.email_key) == ("Aino", "+358401234567", "aino@example.test")
    assert find_customer_by_code(db, made.code.lower()) is made


def test_making_a_customer_is_told_and_logged(db: Work) -> None:
    made = create_customer(db, AINO, locale="en")
    db.flush()

    events = db.scalars(select(OutboxEvent).where(OutboxEvent.name == "customers.customer_created"))
    assert str(made.id) in [event.payload["customer_id"] for event in events]
    assert db.scalars(select(AuditEntry).where(AuditEntry.subject_id == made.id))[0].action == "customer.created"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"given": ""}, "given"),
        ({"postcode": "1"}, "postcode"),
        ({"country": "XX"}, "country"),
        ({"phone": "12"}, "phone"),
        ({"orgname": "Oy"}, "orgname"),
    ],
)
def test_customer_that_cannot_be(db: Work, change: dict[str, str], field: str) -> None:
    with pytest.raises(Refused) as refused:
        create_customer(db, replace(AINO, **change), locale="en")

    assert refused.value.field == field


def test_vat_number_is_read_or_refused(db: Work) -> None:
    made = create_customer(db, FIRM, locale="en", vat_number=" fi-2077 4740 ")

    assert made.vat_number == "FI20774740"
    with pytest.raises(Refused) as refused:
        create_customer(db, FIRM, locale="en", vat_number="FI20774741")
    assert refused.value.field == "vat_number"


def test_private_person_has_no_vat_number(db: Work) -> None:
    assert create_customer(db, AINO, locale="en", vat_number="FI20774740").vat_number == ""


def test_new_vat_number_is_to_be_checked_again(db: Work) -> None:
    made = create_customer(db, FIRM, locale="en", vat_number="FI20774740")
    made.vat_check, made.vat_checked_at = "valid", db.now

    change_customer(db, made, registrant_of(made), vat_number="FI01120389")

    assert [made.vat_check, made.vat_checked_at] == ["not_asked", None]


@pytest.mark.parametrize("field", ["given", "family", "country", "kind", "orgname"])
def test_who_somebody_is_by_law_stays(db: Work, field: str) -> None:
    made = create_customer(db, FIRM, locale="en")
    other = {"country": "SE", "kind": "association"}.get(field, "Else")
    data = replace(registrant_of(made), **{field: other})
    data = replace(data, postcode="111 20") if field == "country" else data

    with pytest.raises(Refused) as refused:
        change_customer(db, made, data, vat_number="")

    assert refused.value.field == field


def test_change_of_nothing_is_no_change(db: Work) -> None:
    made = create_customer(db, AINO, locale="en")
    db.flush()

    change_customer(db, made, registrant_of(made), vat_number="")
    db.flush()

    assert [entry.action for entry in db.scalars(select(AuditEntry).where(AuditEntry.subject_id == made.id))] == [
        "customer.created"
    ]


def test_names_sort_as_people_expect() -> None:
    names = ["Łukasz", "Ludwik", "Mika", "Ångström", "Émile", "Eva", "Zoë"]

    assert sorted(names, key=sort_key) == ["Ångström", "Émile", "Eva", "Ludwik", "Łukasz", "Mika", "Zoë"]


def test_first_contact_is_the_usual_one_until_another_is_chosen(db: Work) -> None:
    customer = create_customer(db, AINO, locale="en")
    first = create_contact(db, customer.id, AINO)
    second = create_contact(db, customer.id, FIRM)

    assert (first.is_default, second.is_default) == (True, False)
    make_default(db, second)
    db.flush()
    db.session.expire_all()
    assert default_contact(db, customer.id) is second
    assert [contact.is_default for contact in contacts_of(db, customer.id)] == [True, False]


def test_contact_changes_its_address_only(db: Work) -> None:
    customer = create_customer(db, AINO, locale="en")
    contact = create_contact(db, customer.id, AINO)

    change_contact(db, contact, replace(AINO, street="Kalevankatu 18"))

    assert contact.street == "Kalevankatu 18"
    with pytest.raises(Refused):
        change_contact(db, contact, replace(AINO, family="Else"))


def test_contact_that_is_needed_stays(db: Work) -> None:
    customer = create_customer(db, AINO, locale="en")
    usual = create_contact(db, customer.id, AINO)
    other = create_contact(db, customer.id, FIRM)

    with pytest.raises(Refused):
        delete_contact(db, other, is_used=True)
    with pytest.raises(Refused):
        delete_contact(db, usual, is_used=False)
    delete_contact(db, other, is_used=False)
    assert list(contacts_of(db, customer.id)) == [usual]


def test_contact_of_another_customer_is_not_found(db: Work, stranger_db: Work) -> None:
    mine = create_customer(db, AINO, locale="en")
    theirs = create_contact(db, create_customer(db, AINO, locale="en").id, AINO)
    foreign = create_contact(stranger_db, create_customer(stranger_db, AINO, locale="en").id, AINO)

    for contact_id in (theirs.id, foreign.id, uuid4()):
        with pytest.raises(NotFound):
            require_contact_of(db, mine.id, contact_id)


def test_consent_keeps_the_words(db: Work) -> None:
    customer = create_customer(db, AINO, locale="en")

    record_consent(db, customer.id, "terms", version="2025-10-01", wording="I accept the terms.")
    db.flush()

    found = consents_of(db, customer.id)
    assert [(row.kind, row.version, row.wording, row.locale) for row in found] == [
        ("terms", "2025-10-01", "I accept the terms.", "en")
    ]
    with pytest.raises(ValueError, match="newspaper"):
        record_consent(db, customer.id, "newspaper", version="1", wording="x")


def test_account_is_customer_contact_and_user(db: Work) -> None:
    application = Application(data=FIRM, locale="pl", password_hash="!", vat_number="FI20774740")

    customer, user = open_account(db, Application.from_facts(application.to_facts()), is_email_confirmed=True)

    assert [each.id for each in users_of_customer(db, customer.id)] == [user.id]
    assert (user.login, user.locale, user.email_confirmed_at) == (customer.code, "pl", db.now)
    assert [contact.orgname for contact in contacts_of(db, customer.id)] == ["Łódź Karty Oy"]

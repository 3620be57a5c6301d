"""From what happened to the rows of messages: who, once, in which language, with which paper, and what stays sealed."""

import io
from uuid import UUID

import pytest
from pypdf import PdfReader
from sqlalchemy import String, cast, select

from storefront.core import files, jobs
from storefront.core.jobs import Job
from storefront.core.outbox import OutboxEvent
from storefront.identity.events import UserRegistered
from storefront.notifications.letters import LETTERS, Audience
from storefront.notifications.models import Message
from tests import factories
from tests.fixtures_letters import CODE, LINK, PostOffice, event_for


def owner_of(office: PostOffice, letter: str) -> UUID:
    is_for_operators = LETTERS[letter].audience is Audience.OPERATOR
    return office.platform_id if is_for_operators else office.reseller_id


@pytest.mark.parametrize("letter", LETTERS)
def test_letter_leaves_once_although_its_event_comes_twice(post_office: PostOffice, letter: str) -> None:
    event_id = post_office.run(event_for(post_office, letter))
    for job in ("send_letters", "send_letters_at_once"):
        jobs.JOBS[job].run(post_office.database, post_office.reseller_id, str(event_id))
    post_office.work_off()

    found = post_office.messages(event_id, reseller_id=owner_of(post_office, letter))
    rows = [row for row in found if row.letter == letter]

    assert [(row.state, row.error) for row in rows] == [("sent", "")]
    assert post_office.letter(rows[0])["Subject"] == rows[0].subject


@pytest.mark.parametrize("locale", ["en", "fr", "pl", "de"])
def test_letter_speaks_the_language_of_its_reader(post_office: PostOffice, locale: str) -> None:
    event_id = post_office.run(event_for(post_office, "order_placed", locale=locale))

    [row] = post_office.messages(event_id)

    assert row.locale == locale
    assert f'lang="{locale}"' in row.html
    assert f"http://north.localhost:8000/{locale}/pay/" in row.text
    assert post_office.letter(row)["Content-Language"] == locale


def test_letter_comes_from_the_reseller_and_answers_reach_it(post_office: PostOffice) -> None:
    event_id = post_office.run(event_for(post_office, "domain_registered"))

    [row] = post_office.messages(event_id)
    letter = post_office.letter(row)

    assert str(letter["From"]) == "North <post@mail.example>"
    assert str(letter["Reply-To"]) == "North <hello@north.test>"
    assert str(letter["To"]) == f"Aino Virtanen <{row.recipient}>"
    assert "vitrine" not in letter.as_string().lower()


@pytest.mark.parametrize(("kind", "words"), [("order_placed", "Proforma"), ("payment_received", "Invoice")])
def test_paper_is_rendered_before_its_letter_is_written(post_office: PostOffice, kind: str, words: str) -> None:
    event_id = post_office.run(event_for(post_office, kind))

    [row] = post_office.messages(event_id)
    [paper] = [each for each in row.attachments if each["type"] == "application/pdf"]
    content = files.fetch(post_office.config, post_office.reseller_id, paper["digest"])
    [part] = [part for part in post_office.letter(row).iter_attachments() if part.get_filename() == paper["name"]]

    assert part.get_content() == content
    assert words.lower() in PdfReader(io.BytesIO(content)).pages[0].extract_text().lower()
    assert paper["name"].removesuffix(".pdf") in row.text.replace("/", "-")


SECRETS = [
    ("sign_up_code", CODE),
    ("password_reset", LINK),
    ("own_code", CODE),
    ("email_change_code", CODE),
    ("staff_invitation", LINK),
]


@pytest.mark.parametrize(("letter", "secret"), SECRETS)
def test_secret_stands_nowhere_but_in_the_letter(post_office: PostOffice, letter: str, secret: str) -> None:
    event_id = post_office.run(event_for(post_office, letter))

    [row] = post_office.messages(event_id)
    body = post_office.letter(row).get_body(("plain",))
    with post_office.database.work(post_office.reseller_id) as db:
        kept = [
            str(value)
            for table in (Message, OutboxEvent, Job)
            for line in db.execute(select(*(cast(column, String) for column in table.__table__.columns)))
            for value in line
        ]

    assert body is not None
    assert secret in body.get_content()
    assert [value for value in kept if secret in value] == []
    assert (row.text, row.html) == ("", "")


def test_operators_are_told_in_the_platforms_own_rows(post_office: PostOffice) -> None:
    with post_office.database.work(post_office.platform_id) as db:
        operator = factories.make_user(db, kind="operator", role="operator_support", email="ops@platform.test")
        factories.make_user(db, kind="operator", role="operator_accounts", email="money@platform.test")
        db.commit()

    event_id = post_office.run(event_for(post_office, "operation_needs_operator"))

    rows = post_office.messages(event_id, reseller_id=post_office.platform_id)
    assert [row.recipient for row in rows] == [operator.email]
    assert "North" in rows[0].text
    assert "http://localhost:8000/en/operator/operations" in rows[0].text


def test_staff_are_told_by_what_they_may_do(post_office: PostOffice) -> None:
    with post_office.database.work(post_office.reseller_id) as db:
        for role in ("owner", "accountant", "sales"):
            factories.make_user(db, kind="staff", role=role, email=f"{role}@north.test", locale="fr")
        factories.make_user(db, kind="staff", role="owner", email="gone@north.test", closed_at=db.now)
        db.commit()

    event_id = post_office.run(event_for(post_office, "payment_needs_people"))

    rows = post_office.messages(event_id)
    assert sorted(row.recipient for row in rows) == ["accountant@north.test", "owner@north.test"]
    assert {row.locale for row in rows} == {"fr"}


def test_address_that_is_none_is_shown_and_not_tried(post_office: PostOffice) -> None:
    event_id = post_office.run(event_for(post_office, "welcome", email="x" * 10_000))

    [row] = post_office.messages(event_id)

    assert row.state == "failed"
    assert row.error
    assert len(row.recipient) <= 254


def test_welcome_is_for_customers_only(post_office: PostOffice) -> None:
    with post_office.database.work(post_office.reseller_id) as db:
        user = factories.make_user(db, kind="staff", role="content")
        db.commit()
    event_id = post_office.run(UserRegistered(user_id=user.id))

    assert post_office.messages(event_id) == []

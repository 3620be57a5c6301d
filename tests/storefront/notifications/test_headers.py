"""A hundred ways to smuggle something into a letter's headers, each through every word that strangers may write."""

import json
from collections.abc import Callable
from email.message import EmailMessage
from typing import Any

import pytest
from sqlalchemy import select

from storefront.core import ids
from storefront.core.db import Work
from storefront.core.sealing import seal
from storefront.identity.events import LETTER
from storefront.notifications.deliver import mail_of
from storefront.notifications.dispatch import write
from storefront.notifications.facts import Recipient, Told
from storefront.notifications.letters import LETTERS
from storefront.notifications.models import Message
from storefront.providers.adapters.mail_format import BadLetterError, as_message
from tenants.events import VisitorWrote
from tenants.resellers import current_reseller
from tests import factories
from tests.fixtures_letters import VISITOR, PostOffice, event_for
from tests.samples import sampled, share

OURS = {
    "Message-ID",
    "Date",
    "From",
    "To",
    "Reply-To",
    "Subject",
    "Auto-Submitted",
    "MIME-Version",
    "Content-Type",
    "Content-Language",
}
BREAKS = (
    "\r\n",
    "\n",
    "\r",
    "\x0b",
    "\x0c",
    "\x1c",
    "\x85",
    "\u2028",
    "\u2029",
    "\t\r\n ",
    "%0d%0a",
    "=?utf-8?q?=0A?=",
)
HEADERS = ("Bcc: thief@evil.example", "To: thief@evil.example", "Content-Type: text/html", "", "Subject: x\r\n\r\n<b>")
MARKS = ('"', "'", "<", ">", "<thief@evil.example>", ",thief@evil.example", ";", "\\", "(", ")", "@", "{{7*7}}", "${7}")
ODD = (
    "\u202eevE",
    "\u200fEve",
    "🦊" * 50,
    "=?utf-8?b?QmNjOiB4?=",
    "a" * 998,
    "é" * 998,
    "A" * 10_000,
    " " * 500,
    "undisclosed-recipients:;",
    "\ufeffEve",
    "Eve\u00ad",
    "\x7f",
    "Eve\x1b[31m",
    "A <b@c.example>, Eve <thief@evil.example>",
)
PAYLOADS = [
    *(f"Eve{gap}{header}" for gap in BREAKS for header in HEADERS),
    *(f"Eve{mark}" for mark in MARKS),
    *(f"{mark} Eve {mark}" for mark in MARKS),
    *ODD,
]


def as_recipient_name(_db: Work, payload: str) -> Recipient:
    return Recipient(email="aino@example.test", name=payload, locale="en")


def as_address(_db: Work, payload: str) -> Recipient:
    return Recipient(email=f"aino@example.test{payload}", name="Aino", locale="en")


def as_shop_name(db: Work, payload: str) -> Recipient:
    # It stands in the subject, in From and in Reply-To.
    current_reseller(db).name = payload
    return Recipient(email="aino@example.test", name="Aino", locale="en")


def as_shop_address(db: Work, payload: str) -> Recipient:
    current_reseller(db).email = f"hello@north.test{payload}"
    return Recipient(email="aino@example.test", name="Aino", locale="en")


PLACES: list[Callable[[Work, str], Recipient]] = [as_recipient_name, as_address, as_shop_name, as_shop_address]


@sampled
@pytest.mark.parametrize("place", PLACES)
def test_nothing_is_smuggled_into_a_header(post_office: PostOffice, place: Callable[[Work, str], Recipient]) -> None:
    smuggled: list[Any] = []

    with post_office.database.work(post_office.reseller_id) as db:
        for payload in share(PAYLOADS, PLACES.index(place), len(PLACES)):
            told = Told(
                values={"login": "aino", "email": "aino@example.test"},
                links={"panel": "/panel/", "search": "/search"},
                to=place(db, payload),
            )
            cause_id = ids.uuid7()
            write(db, LETTERS["welcome"], told, cause_id=cause_id)
            row = db.scalar(select(Message).where(Message.cause_id == cause_id))
            if row is None or row.state == "failed":
                continue
            try:
                letter = as_message(mail_of(db, row), db.now)
            except BadLetterError:
                continue
            people = [address.addr_spec for address in letter["To"].addresses]
            if set(letter.keys()) != OURS or len(letter.keys()) != len(OURS) or people != [row.recipient]:
                smuggled.append((payload, list(letter.items())))

    assert smuggled == []


def test_there_are_a_hundred_ways_to_try() -> None:
    assert len(set(PAYLOADS)) >= 100


@pytest.mark.parametrize("payload", ["Eve\r\nBcc: thief@evil.example", "Eve\x00\u2028To: x@evil.example", "A" * 10_000])
def test_letter_with_a_hostile_name_still_leaves(post_office: PostOffice, payload: str) -> None:
    event_id = post_office.run(event_for(post_office, "sign_up_code", given=payload, email="aino@example.test"))

    [row] = post_office.messages(event_id)
    letter = post_office.letter(row)

    assert set(letter.keys()) == OURS
    assert len(letter["To"].addresses[0].display_name.replace(" ", "")) <= 120


def letter_of_visitor(office: PostOffice, email: str, name: str = "Marta") -> EmailMessage:
    with office.database.work(office.reseller_id) as db:
        factories.make_user(db, kind="staff", role="owner", email=f"{ids.public_code(8).lower()}@north.test")
        kept = json.dumps({**VISITOR, "email": email, "name": name})
        words = seal(db.config, kept, purpose=LETTER, owner=db.reseller_id)
        db.commit()
    rows = office.messages(office.run(VisitorWrote(message_id=ids.uuid7(), sealed=words)))
    return office.letter(rows[0])


def test_answer_to_what_a_visitor_wrote_goes_to_the_visitor(post_office: PostOffice) -> None:
    letter = letter_of_visitor(post_office, "marta@ogrod.example", "Marta Zielińska")

    assert [each.addr_spec for each in letter["Reply-To"].addresses] == ["marta@ogrod.example"]
    assert letter["Reply-To"].addresses[0].display_name == "Marta Zielińska"
    assert "ogrod.example" not in str(letter["From"])


def test_answer_goes_to_the_shop_where_a_visitor_wrote_no_one_address(post_office: PostOffice) -> None:
    for email in (
        "a@b.example, thief@evil.example",
        "a@b.example\r\nBcc: thief@evil.example",
        "<thief@evil.example>",
        '"a b"@evil.example',
        "żółw@evil.example",
        "",
    ):
        letter = letter_of_visitor(post_office, email)

        assert set(letter.keys()) == OURS
        assert "evil" not in str(letter["Reply-To"])
        assert len(letter["Reply-To"].addresses) == 1


def test_name_of_a_visitor_adds_nobody_to_the_answer(post_office: PostOffice) -> None:
    for name in ("Eve\r\nBcc: thief@evil.example", "<thief@evil.example>,", '", x@evil.example'):
        letter = letter_of_visitor(post_office, "marta@ogrod.example", name)

        assert set(letter.keys()) == OURS
        assert [each.addr_spec for each in letter["Reply-To"].addresses] == ["marta@ogrod.example"]

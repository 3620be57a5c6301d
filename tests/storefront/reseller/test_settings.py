"""The settings: each section saved by itself, nothing lost on a mistake, before and after in the log."""

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from storefront.core.audit import AuditEntry
from storefront.core.db import Database
from storefront.core.errors import TooMany
from storefront.core.outbox import OutboxEvent
from storefront.core.sealing import unseal
from storefront.identity.events import LETTER
from storefront.notifications.senders import SenderTerms, choose_sender, sender_address
from tenants.models import Reseller
from tests.fixtures_app import Shop
from tests.storefront.reseller.conftest import Enter

ADDRESS = "/reseller/settings/"
COMPANY = {
    "name": "North",
    "legal_name": "North Ltd",
    "street": "Main Street 1",
    "postcode": "00500",
    "city": "Helsinki",
    "country": "FI",
    "company_number": "",
    "is_vat_registered": "y",
    "vat_number": "FI20774740",
    "email": "hello@north.test",
    "phone": "",
    "legal_lines": "Trade register of Helsinki\n\n  Capital 8,000 EUR ",
}


@pytest.fixture(autouse=True)
def as_it_was(database: Database, shops: dict[str, Shop]) -> Iterator[None]:
    """Give the shop back what a test changed of it."""
    names = [column.name for column in Reseller.__table__.columns if column.name != "id"]
    with database.work(shops["north"].id) as db:
        row = db.require(Reseller, shops["north"].id)
        before = {name: getattr(row, name) for name in names}
    yield
    with database.work(shops["north"].id) as db:
        row = db.require(Reseller, shops["north"].id)
        for name, value in before.items():
            setattr(row, name, value)
        db.commit()


def kept(database: Database, shop: Shop) -> Reseller:
    with database.work(shop.id) as db:
        return db.require(Reseller, shop.id)


def last_line(database: Database, shop: Shop) -> AuditEntry:
    with database.work(shop.id) as db:
        row = db.scalar(select(AuditEntry).order_by(AuditEntry.id.desc()).limit(1))
    assert row is not None
    return row


def test_page_shows_every_section_with_what_is_kept(enter: Enter) -> None:
    client, _token = enter()

    answer = client.get(ADDRESS)

    assert answer.status_code == 200
    for words in ("North Ltd", "FI21 1234 5600 0007 85", "Europe/Helsinki", "(Company)", "(Bank account)"):
        assert words in answer.text


def test_reader_sees_and_may_not_save(enter: Enter) -> None:
    client, token = enter("read_only")

    shown = client.get(ADDRESS)

    assert shown.status_code == 200
    assert "(Company)" not in shown.text
    assert client.post(f"{ADDRESS}company", data={"csrf_token": token, **COMPANY}).status_code == 403


def test_company_is_saved_with_before_and_after(enter: Enter, database: Database, shops: dict[str, Shop]) -> None:
    client, token = enter()

    answer = client.post(f"{ADDRESS}company", data={"csrf_token": token, **COMPANY, "city": "Turku"})

    assert answer.status_code == 303
    row = kept(database, shops["north"])
    assert row.city == "Turku"
    assert row.legal_lines == ["Trade register of Helsinki", "Capital 8,000 EUR"]
    line = last_line(database, shops["north"])
    assert line.action == "settings.company_changed"
    assert line.difference["city"] == ["Helsinki", "Turku"]


@pytest.mark.parametrize(
    ("section", "wrong", "says"),
    [
        ("company", {**COMPANY, "vat_number": "FI123", "city": "Typed City"}, "Typed City"),
        ("company", {**COMPANY, "vat_number": "", "city": "Typed City"}, "Please type the VAT number"),
        ("company", {**COMPANY, "country": "XX", "city": "Typed City"}, "Typed City"),
        ("company", {**COMPANY, "email": "nobody", "city": "Typed City"}, "one @"),
        ("company", {**COMPANY, "legal_lines": "a\nb\nc\nd\ne"}, "at most 4 lines"),
        ("bank", {"iban": "FI21 1234 5600 0007 86", "bic": "", "bank_name": "Typed Bank"}, "Typed Bank"),
        ("bank", {"iban": "FI21 1234 5600 0007 85", "bic": "NOPE", "bank_name": ""}, "not a valid BIC"),
        ("names", {"nameservers": "ns1.north.test"}, "two to thirteen servers"),
        ("names", {"nameservers": "ns1.north.test\nns_2"}, "ns_2"),
        ("names", {"nameservers": "ns1.north.test ns1.north.test."}, "named twice"),
        ("languages", {"default_locale": "fr", "locales": "en", "zone": "Europe/Helsinki"}, "one of those"),
        ("letters", {"sender_email": "post@", "sender_name": "Typed Name", "reply_email": ""}, "Typed Name"),
    ],
)
def test_mistake_keeps_what_was_typed_and_changes_nothing(
    enter: Enter, database: Database, shops: dict[str, Shop], section: str, wrong: dict[str, str], says: str
) -> None:
    client, token = enter()
    before = kept(database, shops["north"])

    answer = client.post(f"{ADDRESS}{section}", data={"csrf_token": token, **wrong})

    assert answer.status_code == 422
    assert says in answer.text
    after = kept(database, shops["north"])
    names = ("city", "iban", "bank_name", "default_locale", "sender_name", "settings", "vat_number")
    assert [getattr(after, name) for name in names] == [getattr(before, name) for name in names]


@pytest.mark.parametrize("field", ["city", "legal_lines"])
def test_letter_no_column_can_hold_is_refused(enter: Enter, field: str) -> None:
    client, token = enter()

    answer = client.post(f"{ADDRESS}company", data={"csrf_token": token, **COMPANY, field: "a\x00b"})

    assert answer.status_code == 422


def test_mistake_in_one_section_leaves_the_others_as_they_are(enter: Enter) -> None:
    client, token = enter()

    answer = client.post(f"{ADDRESS}bank", data={"csrf_token": token, "iban": "wrong", "bic": "", "bank_name": ""})

    assert answer.status_code == 422
    assert "North Ltd" in answer.text
    assert "Europe/Helsinki" in answer.text


def test_stale_page_loses_nothing(enter: Enter) -> None:
    client, _token = enter()

    answer = client.post(f"{ADDRESS}company", data={"csrf_token": "old", **COMPANY, "city": "Typed City"})

    assert answer.status_code == 422
    assert "Typed City" in answer.text
    assert "open for too long" in answer.text


def test_bank_name_servers_and_languages_are_saved(enter: Enter, database: Database, shops: dict[str, Shop]) -> None:
    client, token = enter()
    sent: dict[str, dict[str, Any]] = {
        "bank": {"iban": "PL61 1090 1014 0000 0712 1981 2874", "bic": "wbkpplpp", "bank_name": "Santander"},
        "names": {"nameservers": "NS1.north.test.\nns2.north.test"},
        "languages": {"default_locale": "fr", "locales": ["en", "fr"], "zone": "Europe/Paris"},
    }

    codes = [
        client.post(f"{ADDRESS}{name}", data={"csrf_token": token, **typed}).status_code for name, typed in sent.items()
    ]

    row = kept(database, shops["north"])
    assert codes == [303, 303, 303]
    assert (row.iban, row.bic) == ("PL61109010140000071219812874", "WBKPPLPP")
    assert row.settings["nameservers"] == ["ns1.north.test", "ns2.north.test"]
    assert (row.default_locale, row.locales, row.zone) == ("fr", ["fr", "en"], "Europe/Paris")


def code_sent(database: Database, shop: Shop) -> str:
    with database.work(shop.id) as db:
        asked = select(OutboxEvent).where(OutboxEvent.name == "tenants.sender_code_asked")
        event = db.scalar(asked.order_by(OutboxEvent.id.desc()).limit(1))
        assert event is not None
        told = json.loads(unseal(db.config, event.payload["sealed"], purpose=LETTER, owner=shop.id))
    return str(told["code"])


def test_letters_come_from_an_own_address_only_after_its_code(
    enter: Enter, database: Database, shops: dict[str, Shop]
) -> None:
    client, token = enter()
    shop = shops["north"]
    typed = {"sender_email": "Post@North.test", "sender_name": "North post", "reply_email": "help@north.test"}

    client.post(f"{ADDRESS}letters", data={"csrf_token": token, **typed})
    waiting = sender_address(database.config, kept(database, shop))
    wrong = client.post(f"{ADDRESS}letters/code", data={"csrf_token": token, "code": "000000x"})
    right = client.post(f"{ADDRESS}letters/code", data={"csrf_token": token, "code": code_sent(database, shop)})

    assert waiting == database.config.mail_from
    assert wrong.status_code == 422
    assert right.status_code == 303
    assert sender_address(database.config, kept(database, shop)) == "Post@north.test"
    assert last_line(database, shop).action == "settings.sender_confirmed"

    client.post(f"{ADDRESS}letters", data={"csrf_token": token, **typed, "sender_email": "other@north.test"})
    assert sender_address(database.config, kept(database, shop)) == database.config.mail_from


def test_older_code_is_void_once_another_was_sent(enter: Enter, database: Database, shops: dict[str, Shop]) -> None:
    client, token = enter()
    typed = {"sender_email": "post2@north.test", "sender_name": "", "reply_email": ""}
    client.post(f"{ADDRESS}letters", data={"csrf_token": token, **typed})
    first = code_sent(database, shops["north"])

    sent = client.post(f"{ADDRESS}letters/again", data={"csrf_token": token})
    answer = client.post(f"{ADDRESS}letters/code", data={"csrf_token": token, "code": first})

    assert sent.status_code == 303
    assert answer.status_code == (303 if first == code_sent(database, shops["north"]) else 422)


@pytest.mark.parametrize(
    "wrong",
    [
        *({"sender_name": f"Bank{sign}x"} for sign in "@<>\r\n\x00\x7f\x85\u2028\u2029"),
        *(
            {"reply_email": f"a@north.test{sign}Bcc: b@evil.test"}
            for sign in ("\r\n", "\n", "\x85", "\u2028", ",", ">")
        ),
    ],
)
def test_name_and_reply_of_letters_are_one_line_and_no_other_address(
    enter: Enter, database: Database, shops: dict[str, Shop], wrong: dict[str, str]
) -> None:
    client, token = enter()
    before = kept(database, shops["north"])
    typed = {"csrf_token": token, "sender_email": "", "sender_name": "North", "reply_email": "", **wrong}

    answer = client.post(f"{ADDRESS}letters", data=typed)

    after = kept(database, shops["north"])
    assert answer.status_code == 422
    assert (after.sender_name, after.reply_email) == (before.sender_name, before.reply_email)


def test_codes_for_ever_new_addresses_come_to_an_end(
    database: Database, shops: dict[str, Shop], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "config", replace(database.config, mail_rate="3/17 minutes"))

    for number in range(3):
        ask_code_for(database, shops["north"], f"stranger{number}@example.com")

    with pytest.raises(TooMany):
        ask_code_for(database, shops["north"], "one.more@example.com")


def ask_code_for(database: Database, shop: Shop, email: str) -> None:
    with database.work(shop.id) as db:
        choose_sender(db, SenderTerms(email=email, name="", reply=""))
        db.commit()

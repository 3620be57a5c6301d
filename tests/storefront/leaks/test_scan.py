"""The demo shops on hosts of their own say nothing of the platform; and the scan would find it if they did."""

import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes, policy
from pathlib import Path
from uuid import UUID

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from flask import Response, request
from sqlalchemy import select, update

from cms.blocks import block_from
from cms.pages import PageTerms, publish_page
from storefront.app import create_app
from storefront.billing.files import pdf_of
from storefront.billing.models import Document
from storefront.core import clock, files, ids
from storefront.core.db import Database, Work
from storefront.core.errors import NotFound
from storefront.demo import load_demo
from storefront.identity.models import LoginUser
from storefront.leaks.__main__ import told
from storefront.leaks.scan import Report, scan
from storefront.notifications import deliver
from storefront.notifications.models import Message
from tenants.models import Host, HostName, Reseller, Site
from tests.conftest import Addresses, made_database
from tests.fixtures_app import config_for
from tests.fixtures_letters import PostOffice, event_for

SHOPS = ("nordhost", "domaineo", "rejestrator")
LETTERS = (
    "sign_up_code", "password_reset", "password_changed", "welcome", "order_placed", "payment_received",
    "domain_registered", "operation_failed",
)  # fmt: skip
NEUTRAL = {
    "VITRINE_DEMO": "1",
    "VITRINE_PLATFORM_HOST": "vitrine.example",
    "EDGE_HOST": "edge.neutral-name.test",
    "MAIL_FROM": "post@mail.neutral-name.test",
    "VITRINE_GATEWAY_URL": "http://pay.neutral-name.test:8001",
}


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """The demo, its shops moved to hosts of their own, with a letter of every kind and its papers printed."""
    with made_database(f"vitrine_leaks_{ids.uuid7().hex}", os.environ.get("TEST_TEMPLATE")) as addresses:
        database = opened(addresses, tmp_path_factory.mktemp("leaks"))
        for slug in SHOPS:
            write_letters(database, slug, move(database, slug))
        yield database
        deliver._mailer.cache_clear()
        database.dispose()


def opened(addresses: Addresses, data: Path) -> Database:
    config = config_for(addresses, data, **NEUTRAL)
    database = Database(config)
    assert load_demo(config, database) == 0
    return database


def move(database: Database, slug: str) -> UUID:
    """Give a shop a host of its own, as the Domain Doctor would."""
    host = f"www.{slug}-names.test"
    with database.office_work() as db:
        reseller = db.scalars(select(Reseller).where(Reseller.slug == slug))[0]
        row = Host(name=host, activated_at=db.now, serves_at=db.now)
        row.reseller_id = reseller.id
        db.add(row)
        db.execute(update(HostName).where(HostName.reseller_id == reseller.id).values(canonical=host))
        db.add(HostName(name=host, reseller_id=reseller.id, canonical=host))
        reseller.canonical_host = host
        db.execute(update(Site).where(Site.reseller_id == reseller.id).values(version=Site.version + 1))
        db.commit()
        return reseller.id


def letters_of(slug: str) -> tuple[str, ...]:
    """Name the letters that a demo shop writes here: what is sold at hand is sold in euros."""
    return LETTERS[:2] if slug == "rejestrator" else LETTERS


def write_letters(database: Database, slug: str, reseller_id: UUID) -> None:
    office = PostOffice(config=database.config, database=database, reseller_id=reseller_id, platform_id=ids.uuid7())
    for letter in letters_of(slug):
        office.happen(event_for(office, letter))
    office.hand_over()
    office.work_off()
    with database.work(reseller_id) as db:
        for document in db.scalars(select(Document).limit(3)):
            pdf_of(db, document)
        db.commit()


@pytest.mark.parametrize(
    ("slug", "theme"),
    [
        ("nordhost", "default"),
        # As many pages again, in another theme: what is planted below shows that none of the kinds is missed.
        pytest.param("domaineo", "aurora", marks=pytest.mark.proof),
        pytest.param("rejestrator", "aurora", marks=pytest.mark.proof),
    ],
)
def test_demo_shop_on_its_own_host_names_no_platform(house: Database, slug: str, theme: str) -> None:
    with house.office_work() as db:
        db.execute(update(Reseller).where(Reseller.slug == slug).values(theme=theme))
        db.execute(update(Site).where(Site.slug == slug).values(version=Site.version + 1))
        db.commit()
    app = create_app(house.config, database=house)

    report = scan(app, slug)
    app.extensions["vitrine"].resolver.close()

    assert report.leaks == [], "\n".join(told(report))
    assert report.host == f"www.{slug}-names.test"
    looked = report.looked_at
    assert looked["page"] >= 60
    assert looked["document"] >= 2 * len(letters_of(slug)) - 4
    assert looked["letter"] >= 2 * len(letters_of(slug))
    assert looked["header"] >= 300
    assert looked["error page"] >= 16
    assert {"redirect", "letter header", "CNAME target", "payment page", "file"} <= set(looked)


def test_letter_as_it_left_names_no_platform(house: Database) -> None:
    """The bytes on their way, with everything that the mailer added. Staff and operators are led to their offices."""
    letters = [path.read_bytes() for path in (house.config.data_dir / "mail").glob("*.eml")]
    offices = (b"/reseller/", b"/operator/")
    to_customers = [
        letter
        for letter in letters
        if b"-names.test" in words_of(letter) and not any(office in words_of(letter) for office in offices)
    ]

    assert len(to_customers) >= 2 * len(LETTERS)
    assert [words_of(letter) for letter in to_customers if b"vitrine" in letter.lower()] == []


def words_of(letter: bytes) -> bytes:
    body = message_from_bytes(letter, policy=policy.default).get_body(("plain",))
    return str(body.get_content()).encode() if body else b""


def named(kind: str) -> str:
    """What a leak of one kind says, so that no other stands in for it."""
    return f"{kind.replace(' ', '-')}.vitrine.example"


# Every way a shop could name the platform, each with a word of its own.
KINDS = {
    "page": "page", "panel": "page", "robots": "page", "header": "header", "cookie": "cookie", "redirect": "redirect",
    "error": "error page", "style": "file", "letter text": "letter", "letter html": "letter",
    "subject": "letter header", "sender": "letter header", "paper": "document", "paper file": "document",
    "edge": "CNAME target",
    "mailbox": "letter header", "gateway": "payment page", "subject name": "certificate", "other name": "certificate",
}  # fmt: skip


def plant_rows(db: Work) -> None:
    words = block_from({"kind": "rich_text", "html": f'<p><a href="https://{named("page")}/">help</a></p>'})
    publish_page(db, PageTerms(key="home", locale="en", path="/", title="Nordhost", blocks=[words]))
    newest = select(LoginUser).where(LoginUser.kind == "customer").order_by(LoginUser.signed_in_at.desc().nulls_last())
    customer = db.scalars(newest.order_by(LoginUser.id.desc()).limit(1))[0]
    customer.name = named("panel")
    db.add(
        Message(
            cause_id=ids.uuid7(),
            letter="welcome",
            recipient="a@b.test",
            locale="en",
            sender=f"post@{named('sender')}",
            sender_name="Nordhost",
            subject=named("subject"),
            text=named("letter text"),
            html=f"<p>{named('letter html')}</p>",
            state="sent",
            queued_at=db.now,
        )
    )
    first, second = db.scalars(select(Document).order_by(Document.id.desc()).limit(2))
    first.facts = {**first.facts, "seller": {**first.facts["seller"], "name": named("paper")}}
    raw = f"%PDF-1.7\n1 0 obj <</Producer ({named('paper file')})>> endobj"
    second.pdf_digest = files.keep(db.config, db.reseller_id, raw.encode())


def plant_answers(response: Response) -> Response:
    """Let the application itself name the platform, in every part of an answer."""
    response.headers["X-Served-By"] = named("header")
    if request.path == "/robots.txt":
        response.set_data(named("robots"))
    elif request.path == "/cart":
        response.set_cookie("from", "1", domain=named("cookie"))
    elif request.path == "/checkout":
        response.location = f"https://{named('redirect')}/"
    elif response.status_code == 500:
        response.set_data(named("error"))
    elif request.path.startswith("/assets/") and response.mimetype == "text/css":
        response.set_data(named("style"))
    return response


def make_certificate() -> bytes:
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, named("subject name"))])
    built = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(clock.now())
        .not_valid_after(clock.now() + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(named("other name"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    return built.public_bytes(serialization.Encoding.PEM)


@pytest.fixture(scope="module")
def planted(house: Database) -> Report:
    """What the scan finds where everything that can leak does."""
    with house.office_work() as db:
        reseller_id = db.scalars(select(Site.reseller_id).where(Site.slug == "nordhost"))[0]
        db.execute(update(Site).where(Site.slug == "nordhost").values(version=Site.version + 1))
        db.commit()
    with house.work(reseller_id) as db:
        plant_rows(db)
        db.commit()
    config = replace(
        house.config,
        edge_host=named("edge"),
        mail_from=f"post@{named('mailbox')}",
        gateway_url=f"https://{named('gateway')}",
    )
    app = create_app(config, database=Database(config))
    app.after_request(plant_answers)
    report = scan(app, "nordhost", certificate=make_certificate())
    app.extensions["vitrine"].resolver.close()
    app.extensions["vitrine"].database.dispose()
    return report


@pytest.mark.parametrize("kind", KINDS)
def test_leak_of_every_kind_is_found(planted: Report, kind: str) -> None:
    found = {(leak.channel, leak.word) for leak in planted.leaks}

    assert (KINDS[kind], named(kind)) in found


def test_report_says_where_and_what(planted: Report) -> None:
    lines = told(planted)

    assert any(line.startswith("letter header: welcome of") and named("subject") in line for line in lines)
    assert lines[-1] == f"{len(planted.leaks)} places name the platform."


def test_unknown_shop_is_not_found(house: Database) -> None:
    app = create_app(house.config, database=house)

    with pytest.raises(NotFound):
        scan(app, "nobody")
    app.extensions["vitrine"].resolver.close()

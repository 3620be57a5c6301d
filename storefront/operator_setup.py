"""``./run operator``: ask for name, e-mail address and password, make an operator, enrol the second factor.

On a terminal it asks; otherwise it reads the same answers from standard input, a line each. In an empty database it
first opens the platform's own reseller, of which every operator is staff (ADR 0015).
"""

import sys
from collections.abc import Callable
from getpass import getpass
from uuid import UUID

from sqlalchemy import select

from storefront.catalog.models import Tld
from storefront.core import ids
from storefront.core.config import Config
from storefront.core.countries import is_country
from storefront.core.db import Actor, Database, Work
from storefront.core.errors import SaidNo
from storefront.core.i18n import LOCALES
from storefront.demo.reference import load_reference
from storefront.identity.staff import Enrolment, create_staff, enrol_second_factor
from storefront.web.platform_look import PLATFORM_NAME
from tenants.models import Reseller
from tenants.resellers import open_reseller

TRIES = 3
SETUP = Actor(kind="system", name="./run operator")
Ask = Callable[[str], str]


class GaveUp(Exception):
    """There is no usable answer; the message says to which question."""


def make_operator(config: Config, database: Database) -> int:
    """Make an operator and print the second factor once; 0 if all went well."""
    ask, ask_secret = (_ask, _ask_secret) if sys.stdin.isatty() else (_read, _read)
    try:
        platform = _find_platform(database) or _open_platform(config, database, ask)
        enrolment = _make(database, platform, ask, ask_secret)
    except GaveUp as missing:
        _say(f"There was no answer to {missing}. Nothing was made.")
        return 1
    except SaidNo as refusal:
        _say(f"{refusal.message} Nothing was made.")
        return 1
    _tell(config, enrolment)
    return 0


def _make(database: Database, platform: UUID, ask: Ask, ask_secret: Ask) -> Enrolment:
    name, email = _needed(ask, "Name"), _needed(ask, "E-mail")
    login = ask(f"Login [{email}]") or email
    password = ask_secret("Password (at least 12 characters)")
    with database.work(platform, SETUP) as db:
        user = create_staff(db, role="operator", login=login, email=email, name=name, locale="en", password=password)
        enrolment = enrol_second_factor(db, user, issuer=PLATFORM_NAME)
        db.commit()
    return enrolment


def _find_platform(database: Database) -> UUID | None:
    with database.office_work(SETUP) as db:
        return db.scalar(select(Reseller.id).where(Reseller.is_platform.is_(True)))


def _open_platform(config: Config, database: Database, ask: Ask) -> UUID:
    _say("There is no platform yet. Which company runs it? This stands on its invoices.")
    company, street = _needed(ask, "Company"), _needed(ask, "Street and number")
    postcode, city = _needed(ask, "Postcode"), _needed(ask, "City")
    country, email = _country(ask), _needed(ask, "E-mail of the company")
    with database.office_work(SETUP) as db:
        if db.scalar(select(Tld.name).limit(1)) is None:
            load_reference(db)
        row = Reseller(
            id=ids.uuid7(),
            slug="platform",
            is_platform=True,
            name=PLATFORM_NAME,
            opened_at=db.now,
            locales=list(LOCALES),
            canonical_host=config.platform_host,
            legal_name=company,
            street=street,
            postcode=postcode,
            city=city,
            country=country,
            email=email,
            currency="EUR",
        )
        _open(db, row, config.platform_host)
        db.commit()
    return row.id


def _open(db: Work, row: Reseller, host: str) -> None:
    open_reseller(db, row, hosts=[host])
    db.flush()


def _country(ask: Ask) -> str:
    for _try in range(TRIES):
        code = ask("Country (two letters, such as FR)").upper()
        if is_country(code):
            return code
    raise GaveUp("Country")


def _needed(ask: Ask, question: str) -> str:
    for _try in range(TRIES):
        if answer := ask(question):
            return answer
    raise GaveUp(question)


def _ask(question: str) -> str:
    return input(f"{question}: ").strip()


def _ask_secret(question: str) -> str:
    for _try in range(TRIES):
        password = getpass(f"{question}: ")
        if password == getpass("Once more: "):
            return password
        _say("These were not the same.")
    raise GaveUp(question)


def _read(question: str) -> str:
    line = sys.stdin.readline()
    if not line:
        raise GaveUp(question)
    return line.strip()


def _tell(config: Config, enrolment: Enrolment) -> None:
    _say("")
    _say(enrolment.as_text())
    _say("")
    _say("Scan this with an authenticator app, or type the secret. It is shown only now.")
    _say(f"  Secret: {enrolment.secret}")
    _say(f"  Address: {enrolment.uri}")
    _say(f"  Sign in: {config.origin(config.platform_host)}/operator/")


def _say(sentence: str) -> None:
    sys.stdout.write(sentence + "\n")

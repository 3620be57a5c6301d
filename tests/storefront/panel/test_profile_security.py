"""A customer's second factor, recovery codes and address, page by page."""

import json
import re
from base64 import urlsafe_b64decode
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from storefront.core import clock
from storefront.core.db import Database
from storefront.core.outbox import OutboxEvent
from storefront.core.sealing import unseal
from storefront.customers.models import Customer
from storefront.identity import totp
from storefront.identity.events import LETTER, EmailChangeAsked, OwnCodeAsked
from storefront.identity.models import LoginUser
from storefront.identity.passwords import hash_password
from storefront.web.sessions import BROWSER_COOKIE, SESSION_COOKIE
from tests import factories
from tests.fixtures_app import Shop
from tests.storefront.account.people import PASSWORD, cookie, errors_in, token_in
from tests.storefront.identity.soft_keys import SoftKey

ADDRESS = "/panel/profile/security"
SIGN_IN = "/account/sign-in"
STEP = "/account/sign-in/second-step"


@dataclass(frozen=True, kw_only=True)
class Person:
    """A customer who is signed in, with the things their pages need."""

    user: LoginUser
    customer: Customer
    client: FlaskClient
    database: Database
    shop: Shop

    @property
    def token(self) -> str:
        """The token of this session's forms."""
        return token_in(self.client.get("/panel/profile/edit"))

    def code_sent(self, name: str) -> str:
        """Return the digits of the newest letter of a kind."""
        with self.database.work(self.shop.id) as db:
            found = select(OutboxEvent).where(OutboxEvent.name == name).order_by(OutboxEvent.id)
            sealed = db.scalars(found)[-1].payload["sealed"]
            return str(json.loads(unseal(db.config, sealed, purpose=LETTER, owner=db.reseller_id))["code"])

    def sign_out(self) -> None:
        """Forget the session, as another browser would."""
        self.client.delete_cookie(SESSION_COOKIE, domain=self.shop.host)

    def give_password(self) -> str:
        """Type login and password; returns where that leads."""
        return self.client.post(SIGN_IN, data={"login": self.user.login, "password": PASSWORD}).location


@pytest.fixture(scope="module")
def password_hash() -> str:
    return hash_password(PASSWORD)


@pytest.fixture
def person(
    database: Database, shops: dict[str, Shop], client: FlaskClient, sign_in: Callable[..., str], password_hash: str
) -> Person:
    with database.work(shops["north"].id) as db:
        customer = factories.make_customer(db)
        user = factories.make_user(db, customer=customer, password_hash=password_hash)
        db.commit()
    sign_in(client, shops["north"], user)
    return Person(user=user, customer=customer, client=client, database=database, shop=shops["north"])


def field(page: str, name: str) -> str:
    found = re.search(rf'name="{name}"[^>]*value="([^"]*)"', page)
    assert found, name
    return found.group(1)


def switch_on_app(person: Person) -> tuple[str, list[str]]:
    page = person.client.get(f"{ADDRESS}/authenticator").text
    secret = re.search(r"<code>([A-Z2-7]{32})</code>", page)
    assert secret
    answer = person.client.post(
        f"{ADDRESS}/authenticator",
        data={
            "csrf_token": person.token,
            "offer": field(page, "offer"),
            "code": totp.code_at(secret.group(1), clock.now()),
            "present": PASSWORD,
        },
    )
    assert answer.status_code == 200, errors_in(answer)
    return secret.group(1), re.findall(r"<code>([A-Z0-9]{4}-[A-Z0-9]{4}-[A-Z0-9]{4})</code>", answer.text)


def test_overview_invites_until_it_is_on(person: Person) -> None:
    before = person.client.get("/panel/").text

    switch_on_app(person)

    assert "Make your account safer" in before
    assert "Make your account safer" not in person.client.get("/panel/").text


def test_app_is_asked_for_and_recovery_codes_open_once(person: Person) -> None:
    secret, codes = switch_on_app(person)
    assert len(set(codes)) == 10
    person.sign_out()

    assert person.give_password() == STEP
    with clock.Stopped(clock.now() + timedelta(minutes=2)):
        code = totp.code_at(secret, clock.now())
        in_by_app = person.client.post(STEP, data={"by": "authenticator", "code": f"{code[:3]} {code[3:]}"})
        person.sign_out()
        person.give_password()
        replayed = person.client.post(STEP, data={"by": "authenticator", "code": code})
        in_by_recovery = person.client.post(STEP, data={"by": "recovery", "code": codes[0].lower()})
        person.sign_out()
        person.give_password()
        again = person.client.post(STEP, data={"by": "recovery", "code": codes[0]})

    statuses = [each.status_code for each in (in_by_app, replayed, in_by_recovery, again)]
    assert statuses == [303, 422, 303, 422]


def test_wrong_password_or_code_switches_nothing_on(person: Person) -> None:
    page = person.client.get(f"{ADDRESS}/authenticator").text
    data = {"csrf_token": person.token, "offer": field(page, "offer"), "code": "000000", "present": "wrong"}

    wrong_password = person.client.post(f"{ADDRESS}/authenticator", data=data)
    wrong_code = person.client.post(f"{ADDRESS}/authenticator", data={**data, "present": PASSWORD})
    forged = person.client.post(f"{ADDRESS}/authenticator", data={**data, "present": PASSWORD, "offer": "k1.AAAA"})

    assert {each.status_code for each in (wrong_password, wrong_code, forged)} == {422}
    assert field(wrong_code.text, "offer") == field(page, "offer"), "the secret that was scanned stays"
    person.sign_out()
    assert person.give_password() == "/panel/"


def test_codes_by_email_are_sent_at_the_second_step(person: Person) -> None:
    sent = person.client.post(f"{ADDRESS}/code", data={"csrf_token": person.token, "next": f"{ADDRESS}/email-codes"})
    assert sent.location == f"{ADDRESS}/email-codes"
    code = person.code_sent(OwnCodeAsked.name)
    data = {"csrf_token": person.token, "code": code, "present": PASSWORD}
    on = person.client.post(f"{ADDRESS}/email-codes", data=data)
    assert on.status_code == 200, errors_in(on)
    person.sign_out()

    assert person.give_password() == STEP
    shown = person.client.get(STEP)
    answer = person.client.post(STEP, data={"by": "email", "code": person.code_sent(OwnCodeAsked.name)})

    assert person.user.email not in shown.text
    assert "We have sent six digits" in shown.text
    assert answer.status_code == 303


def test_code_is_sent_only_where_the_page_leads(person: Person) -> None:
    answer = person.client.post(f"{ADDRESS}/code", data={"csrf_token": person.token, "next": "https://evil.test/"})

    assert answer.location == ADDRESS


def test_passkey_signs_in_and_is_removed_with_itself(person: Person) -> None:
    key = SoftKey(host="north.localhost", origin="https://north.localhost")
    page = person.client.get(f"{ADDRESS}/passkey").text
    challenge = field(page, "challenge")
    made = person.client.post(
        f"{ADDRESS}/passkey",
        data={
            "csrf_token": person.token,
            "challenge": challenge,
            "credential": key.made(challenge),
            "name": "My key",
            "present": PASSWORD,
        },
    )
    assert made.status_code == 200, errors_in(made)
    person.sign_out()
    assert person.give_password() == STEP
    [told] = re.findall(r'data-options="([^"]*)"', person.client.get(STEP).text)
    options = json.loads(told.replace("&#34;", '"'))
    wanted = urlsafe_b64decode(options["challenge"] + "==").decode()

    stale = person.client.post(STEP, data={"by": "passkey", "credential": key.used("another challenge")})
    answer = person.client.post(STEP, data={"by": "passkey", "credential": key.used(wanted)})

    assert (stale.status_code, answer.status_code) == (422, 303)
    shown = person.client.get(ADDRESS).text
    off = re.search(rf"{ADDRESS}/passkeys/[-0-9a-f]+/off", shown)
    assert off
    challenge = field(person.client.get(off.group(0)).text, "challenge")
    data = {"csrf_token": person.token, "present": PASSWORD, "by": "passkey", "challenge": challenge}
    assert person.client.post(off.group(0), data={**data, "credential": "{}"}).status_code == 422
    gone = person.client.post(off.group(0), data={**data, "credential": key.used(challenge)})
    assert gone.status_code == 303, errors_in(gone)
    assert person.client.get(off.group(0)).status_code == 404


def test_switching_off_asks_for_password_and_factor(person: Person) -> None:
    _secret, codes = switch_on_app(person)
    page, token = f"{ADDRESS}/off/authenticator", person.token
    data = {"csrf_token": token, "by": "recovery"}

    no_password = person.client.post(page, data={**data, "present": "wrong", "code": codes[0]})
    no_factor = person.client.post(page, data={**data, "present": PASSWORD, "code": "AAAA-AAAA-AAAA"})
    both = person.client.post(page, data={**data, "present": PASSWORD, "code": codes[0]})

    assert (no_password.status_code, no_factor.status_code, both.status_code) == (422, 422, 303)
    assert person.client.get(page).status_code == 404
    person.sign_out()
    assert person.give_password() == "/panel/"


def test_recovery_codes_are_renewed_with_password_and_factor(person: Person) -> None:
    _secret, before = switch_on_app(person)
    page, token = f"{ADDRESS}/recovery-codes", person.token

    refused = person.client.post(page, data={"csrf_token": token, "present": "wrong"})
    data = {"csrf_token": token, "present": PASSWORD, "by": "recovery", "proof": before[0]}
    renewed = person.client.post(page, data=data)

    assert refused.status_code == 422
    fresh = re.findall(r"<code>([A-Z0-9]{4}-[A-Z0-9]{4}-[A-Z0-9]{4})</code>", renewed.text)
    assert len(fresh) == 10
    assert not set(fresh) & set(before)
    assert fresh[0] not in person.client.get(ADDRESS).text


def app_change(person: Person) -> dict[str, str]:
    page = person.client.get(f"{ADDRESS}/authenticator").text
    secret = re.search(r"<code>([A-Z2-7]{32})</code>", page)
    assert secret
    return {"offer": field(page, "offer"), "code": totp.code_at(secret.group(1), clock.now())}


def email_codes_change(person: Person) -> dict[str, str]:
    person.client.post(f"{ADDRESS}/code", data={"csrf_token": person.token})
    return {"code": person.code_sent(OwnCodeAsked.name)}


def passkey_change(person: Person) -> dict[str, str]:
    challenge = field(person.client.get(f"{ADDRESS}/passkey").text, "challenge")
    key = SoftKey(host="north.localhost", origin="https://north.localhost")
    return {"challenge": challenge, "credential": key.made(challenge), "name": "Mine"}


CHANGES: dict[str, Callable[[Person], dict[str, str]]] = {
    "authenticator": app_change,
    "email-codes": email_codes_change,
    "passkey": passkey_change,
    "recovery-codes": lambda _person: {},
    "email": lambda person: {"email": f"other-{person.user.login}@example.test"},
}


@pytest.mark.parametrize("name", CHANGES)
def test_password_alone_changes_nothing_once_a_factor_is_on(person: Person, name: str) -> None:
    _secret, codes = switch_on_app(person)
    page = f"{ADDRESS}/{name}"
    data = {"csrf_token": person.token, "present": PASSWORD, **CHANGES[name](person)}

    alone = person.client.post(page, data=data)
    wrong = person.client.post(page, data={**data, "by": "recovery", "proof": "AAAA-AAAA-AAAA"})
    unknown_way = person.client.post(page, data={**data, "by": "nothing", "proof": ""})
    proved = person.client.post(page, data={**data, "by": "recovery", "proof": codes[0]})
    again = person.client.post(page, data={**data, "by": "recovery", "proof": codes[0]})

    assert {each.status_code for each in (alone, wrong, unknown_way, again)} == {422}
    assert proved.status_code in (200, 303), errors_in(proved)
    assert 'name="proof"' in alone.text


def test_passkey_proves_a_change(person: Person) -> None:
    key = SoftKey(host="north.localhost", origin="https://north.localhost")
    page = f"{ADDRESS}/passkey"
    challenge = field(person.client.get(page).text, "challenge")
    data = {"csrf_token": person.token, "present": PASSWORD, "name": "Mine", "challenge": challenge}
    person.client.post(page, data={**data, "credential": key.made(challenge)})
    shown = person.client.get(f"{ADDRESS}/recovery-codes").text
    challenge = field(shown, "challenge")
    data = {"csrf_token": person.token, "present": PASSWORD, "by": "passkey", "challenge": challenge}

    wrong = person.client.post(f"{ADDRESS}/recovery-codes", data={**data, "credential": "{}"})
    proved = person.client.post(f"{ADDRESS}/recovery-codes", data={**data, "credential": key.used(challenge)})

    assert 'data-passkey="get"' in shown
    assert "js/passkey" in shown
    assert (wrong.status_code, proved.status_code) == (422, 200)


def test_browser_that_is_trusted_is_not_asked_for_thirty_days(person: Person) -> None:
    _secret, codes = switch_on_app(person)
    person.sign_out()
    person.give_password()
    person.client.post(STEP, data={"by": "recovery", "code": codes[0], "trust": "y"})
    assert cookie(person.client, BROWSER_COOKIE, person.shop.host)

    person.sign_out()
    soon = person.give_password()
    person.sign_out()
    with clock.Stopped(clock.now() + timedelta(days=31)):
        late = person.give_password()
    person.client.delete_cookie(BROWSER_COOKIE, domain=person.shop.host)
    elsewhere = person.give_password()

    assert soon == "/panel/"
    assert (late, elsewhere) == (STEP, STEP)


def test_address_changes_with_a_code_and_papers_follow(person: Person) -> None:
    new = f"new-{person.user.login}@example.test"
    token = person.token
    refused = person.client.post(f"{ADDRESS}/email", data={"csrf_token": token, "email": new, "present": "wrong"})
    asked = person.client.post(f"{ADDRESS}/email", data={"csrf_token": token, "email": new, "present": PASSWORD})
    code = person.code_sent(EmailChangeAsked.name)
    wrong = str((int(code) + 1) % 1_000_000).zfill(6)

    missed = person.client.post(f"{ADDRESS}/email/code", data={"csrf_token": token, "code": wrong})
    done = person.client.post(f"{ADDRESS}/email/code", data={"csrf_token": token, "code": code})

    assert refused.status_code == 422
    assert asked.location == f"{ADDRESS}/email/code"
    assert (missed.status_code, done.status_code) == (422, 303)
    with person.database.work(person.shop.id) as db:
        assert db.require(LoginUser, person.user.id).email == new
        assert db.require(Customer, person.customer.id).email == new
    assert person.client.get(f"{ADDRESS}/email/code").location == f"{ADDRESS}/email"


def test_other_browsers_are_signed_out_at_once(person: Person, sign_in: Callable[..., str]) -> None:
    sign_in(person.client, person.shop, person.user)

    answer = person.client.post(f"{ADDRESS}/sessions/end-others", data={"csrf_token": person.token})

    assert answer.status_code == 303
    assert person.client.get("/panel/profile").text.count("This browser") == 1


@pytest.mark.parametrize(
    "path",
    ["", "/authenticator", "/email-codes", "/passkey", "/off/email", "/recovery-codes", "/email", "/email/code"],
)
def test_strangers_are_led_to_the_sign_in(client: FlaskClient, path: str) -> None:
    answer = client.get(ADDRESS + path)

    assert answer.status_code in (302, 303)
    assert "/account/sign-in" in answer.location

"""The actions of coming in, apart from their pages."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from argon2 import PasswordHasher
from sqlalchemy import select

from storefront.core import clock
from storefront.core.audit import AuditEntry
from storefront.core.db import Database, Work
from storefront.core.errors import Refused
from storefront.core.outbox import OutboxEvent, remember
from storefront.identity import totp
from storefront.identity.events import SignInFailed
from storefront.identity.factors import take_totp
from storefront.identity.models import LoginUser
from storefront.identity.passwords import hash_password
from storefront.identity.sign_in import accounts_matching, login_key, sign_in
from storefront.identity.staff import create_staff, enrol_second_factor
from tests import factories
from tests.fixtures_app import Shop

WORD = "walrus orbit tangerine quilt"


@pytest.fixture(scope="module")
def word_hash() -> str:
    return hash_password(WORD)


@pytest.fixture
def user(database: Database, shops: dict[str, Shop], word_hash: str) -> LoginUser:
    with database.work(shops["north"].id) as db:
        made = factories.make_user(db, customer=factories.make_customer(db), password_hash=word_hash)
        db.commit()
        return made


@pytest.mark.parametrize(
    ("typed", "key"), [(" Aino ", "aino"), ("AINO@Example.TEST", "aino@example.test"), ("a\x00b", "ab"), ("ﬀ", "ff")]
)
def test_login_key_folds_what_looks_the_same(typed: str, key: str) -> None:
    assert login_key(typed) == key


def test_login_key_is_bounded() -> None:
    assert len(login_key("a" * 10_000)) == 254


def test_failure_names_no_account(db: Work, user: LoginUser) -> None:
    with pytest.raises(Refused) as refused:
        sign_in(db, accounts_matching(db, user.login, "wrong", kinds=("customer",)))

    event = refused.value.remember
    assert isinstance(event, SignInFailed)
    assert event.user_id is None
    assert "wrong" not in json.dumps(event.to_json())


def test_failures_are_counted_for_every_account_of_the_address(db: Work, user: LoginUser, word_hash: str) -> None:
    other = factories.make_user(db, customer=factories.make_customer(db), email=user.email, password_hash=word_hash)

    for _each in range(5):
        remember(db, SignInFailed(key=user.email_key, kinds="customer"))
    db.session.expire_all()

    assert [db.require(LoginUser, each.id).failed_sign_ins for each in (user, other)] == [5, 5]
    assert all(db.require(LoginUser, each.id).locked_until == db.now + timedelta(minutes=5) for each in (user, other))


def test_sixth_failure_does_not_lengthen_the_rest(db: Work, user: LoginUser) -> None:
    for _each in range(5):
        remember(db, SignInFailed(key=user.login_key, kinds="customer"))
    until = db.now + timedelta(minutes=5)
    db.now += timedelta(minutes=3)

    remember(db, SignInFailed(key=user.login_key, kinds="customer"))
    db.session.expire_all()

    assert db.require(LoginUser, user.id).locked_until == until


def test_counting_begins_anew_after_the_rest(db: Work, user: LoginUser) -> None:
    for _each in range(5):
        remember(db, SignInFailed(key=user.login_key, kinds="customer"))
    db.now += timedelta(minutes=6)

    remember(db, SignInFailed(key=user.login_key, kinds="customer"))
    db.session.expire_all()

    found = db.require(LoginUser, user.id)
    assert (found.failed_sign_ins, found.locked_until) == (1, None)


def test_counting_for_nobody_is_harmless(db: Work) -> None:
    remember(db, SignInFailed(key="nobody", kinds="customer"))

    assert db.scalars(select(OutboxEvent).where(OutboxEvent.name == SignInFailed.name))


def test_old_hash_is_made_again_on_the_way_in(db: Work, database: Database, shops: dict[str, Shop]) -> None:
    weaker = PasswordHasher(time_cost=1, memory_cost=8 * 1024, parallelism=1).hash(WORD)
    with database.work(shops["north"].id) as other:
        made = factories.make_user(other, customer=factories.make_customer(other), password_hash=weaker)
        other.commit()

    sign_in(db, accounts_matching(db, made.login, WORD, kinds=("customer",)))

    assert "m=19456" in db.require(LoginUser, made.id).password_hash


@pytest.mark.parametrize("is_old", [False, True])
def test_password_that_changed_while_it_was_compared_lets_nobody_in(
    db: Work, database: Database, shops: dict[str, Shop], is_old: bool
) -> None:
    with database.work(shops["north"].id) as other:
        old = PasswordHasher(time_cost=1, memory_cost=8 * 1024, parallelism=1)
        words = {"password_hash": old.hash(WORD)} if is_old else {}
        made = factories.make_user(other, customer=factories.make_customer(other), **words)
        other.commit()
    matching = accounts_matching(db, made.login, WORD, kinds=("customer",))
    with database.work(shops["north"].id) as other:
        other.require(LoginUser, made.id).password_hash = "another one by now"
        other.commit()

    with pytest.raises(Refused):
        sign_in(db, matching)

    assert db.require(LoginUser, made.id).password_hash == "another one by now"


def test_closed_account_is_unknown(db: Work, database: Database, shops: dict[str, Shop], user: LoginUser) -> None:
    with database.work(shops["north"].id) as other:
        other.require(LoginUser, user.id).closed_at = other.now
        other.commit()

    assert accounts_matching(db, user.login, WORD, kinds=("customer",)).users == {}


def test_comparing_holds_no_connection(db: Work, user: LoginUser) -> None:
    accounts_matching(db, user.login, WORD, kinds=("customer",))

    assert not db.is_in_transaction


def test_of_many_with_the_same_code_at_once_one_comes_in(
    database: Database, shops: dict[str, Shop], user: LoginUser
) -> None:
    with database.work(shops["north"].id) as db:
        secret = enrol_second_factor(db, db.require(LoginUser, user.id), issuer="North").secret
        db.commit()
    code = totp.code_at(secret, clock.now())

    def come(_number: int) -> bool:
        with database.work(shops["north"].id) as db:
            is_in = take_totp(db, db.require(LoginUser, user.id), code)
            db.commit()
            return is_in

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(come, range(24))) == 1


def test_secret_of_the_second_factor_is_sealed(db: Work, user: LoginUser) -> None:
    row = db.require(LoginUser, user.id)

    enrolment = enrol_second_factor(db, row, issuer="Nord host")

    assert enrolment.secret not in row.totp_sealed
    assert enrolment.uri.startswith("otpauth://totp/Nord%20host:")
    assert "<svg" in enrolment.as_svg()
    assert "██" in enrolment.as_text()
    entry = db.scalars(select(AuditEntry).where(AuditEntry.action == "user.second_factor_enrolled"))[-1]
    assert enrolment.secret not in json.dumps(entry.difference)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"password": "short"}, "password"),
        ({"role": "emperor"}, "role"),
        ({"role": "customer"}, "role"),
        ({"email": "x"}, "email"),
    ],
)
def test_staff_that_cannot_be(db: Work, change: dict[str, str], field: str) -> None:
    terms = {
        "role": "sales",
        "login": "sal",
        "email": "sal@north.test",
        "name": "Sal",
        "locale": "en",
        "password": WORD,
    }

    with pytest.raises(Refused) as refused:
        create_staff(db, **{**terms, **change})

    assert refused.value.field == field


def test_login_is_one_persons_only(db: Work) -> None:
    create_staff(db, role="sales", login="Sal", email="sal@north.test", name="Sal", locale="en", password=WORD)

    with pytest.raises(Refused) as refused:
        create_staff(db, role="owner", login="sAL", email="two@north.test", name="Two", locale="en", password=WORD)

    assert refused.value.field == "login"

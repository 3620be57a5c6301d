"""A supplier account: what is typed is sealed and tried, and what is good stays in use until the supplier says yes."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from storefront.core import ids, jobs
from storefront.core.audit import AuditEntry
from storefront.core.db import Database, Work
from storefront.core.errors import Refused
from storefront.core.jobs import Job
from storefront.core.outbox import OutboxEvent
from storefront.providers.connections import SANDBOX_REGISTRAR, open_sandbox
from storefront.providers.ports.login import Login, Verdict
from tenants.supplier_accounts import (
    check_supplier_login,
    drop_tried,
    find_account,
    login_in_use,
    look_again,
    recheck_accounts,
    settle_verdict,
    shops_with_accounts_to_check,
    try_login,
)
from tenants.supplier_words import NOT_ASKED, WAITING
from tests.fixtures_app import Shop

PASSWORD = "correct horse battery"


@pytest.fixture
def login(database: Database) -> Login:
    """A login that the sandbox registrar takes."""
    made = Login(key=f"KEY{ids.token()[:12]}".replace("-", "x"), password=PASSWORD)
    open_sandbox(database.config).open_client(made)
    return made


def accept(db: Work, login: Login) -> None:
    settle_verdict(db, SANDBOX_REGISTRAR, try_login(db, login).tried_sealed, Verdict.ACCEPTED)


def test_what_is_typed_is_sealed_and_waits_for_the_job(db: Work, login: Login) -> None:
    account = try_login(db, login)
    db.flush()

    asked = db.scalar(select(Job).where(Job.name == "check_supplier_login"))
    assert account.tried_verdict == WAITING
    assert asked is not None
    assert asked.argument == "sandbox/tried"
    assert login.key not in account.tried_sealed
    assert PASSWORD not in account.tried_sealed
    assert account.tried_hint == login.key[-4:]
    assert login_in_use(db, SANDBOX_REGISTRAR) is None


def test_log_never_holds_key_or_password(db: Work, login: Login) -> None:
    accept(db, login)
    db.flush()

    lines = db.scalars(select(AuditEntry).where(AuditEntry.action.like("supplier.%"), AuditEntry.at == db.now))
    assert len(lines) == 2
    assert all(login.key not in str(line.difference) and PASSWORD not in str(line.difference) for line in lines)


def test_accepted_account_is_in_use(db: Work, login: Login) -> None:
    accept(db, login)

    assert login_in_use(db, SANDBOX_REGISTRAR) == login


@pytest.mark.parametrize("verdict", [Verdict.KEY_UNKNOWN, Verdict.PASSWORD_WRONG, Verdict.ADDRESS_REFUSED, None])
def test_last_good_account_stays_until_another_is_accepted(db: Work, login: Login, verdict: Verdict | None) -> None:
    accept(db, login)
    other = try_login(db, Login(key="another-key-1234", password="x"))

    settle_verdict(db, SANDBOX_REGISTRAR, other.tried_sealed, verdict)

    assert other.tried_verdict == (verdict.value if verdict else NOT_ASKED)
    assert login_in_use(db, SANDBOX_REGISTRAR) == login


def test_supplier_that_does_not_answer_is_asked_again(db: Work, login: Login) -> None:
    account = try_login(db, login)

    again = settle_verdict(db, SANDBOX_REGISTRAR, account.tried_sealed, None)

    assert isinstance(again, jobs.Later)
    assert again.at - db.now <= timedelta(minutes=1)


def test_answer_about_what_was_typed_before_is_dropped(db: Work, login: Login) -> None:
    before = try_login(db, Login(key="older-key-1234", password="x")).tried_sealed
    account = try_login(db, login)

    settle_verdict(db, SANDBOX_REGISTRAR, before, Verdict.ACCEPTED)

    assert account.tried_verdict == WAITING
    assert login_in_use(db, SANDBOX_REGISTRAR) is None


@pytest.mark.parametrize(
    ("key", "password"), [("short", "x"), ("with a space in it", "x"), ("ключ-ключ-ключ", "x"), ("k" * 20, "")]
)
def test_what_cannot_be_a_login_is_refused_at_once(db: Work, key: str, password: str) -> None:
    with pytest.raises(Refused):
        try_login(db, Login(key=key, password=password))


def test_account_that_fails_later_is_told_once(db: Work, login: Login) -> None:
    accept(db, login)
    account = find_account(db)
    assert account is not None

    for _day in range(3):
        settle_verdict(db, SANDBOX_REGISTRAR, account.sealed, Verdict.PASSWORD_WRONG)
    db.flush()

    told = db.scalars(select(OutboxEvent).where(OutboxEvent.name == "tenants.supplier_account_refused"))
    assert [event.payload["verdict"] for event in told] == ["password_wrong"]
    assert account.failing_since is not None
    assert login_in_use(db, SANDBOX_REGISTRAR) == login

    settle_verdict(db, SANDBOX_REGISTRAR, account.sealed, Verdict.ACCEPTED)
    assert account.failing_since is None


def test_looking_again_asks_about_what_was_refused(db: Work, login: Login) -> None:
    account = try_login(db, login)
    settle_verdict(db, SANDBOX_REGISTRAR, account.tried_sealed, Verdict.PASSWORD_WRONG)

    look_again(db)

    assert account.tried_verdict == WAITING
    drop_tried(db)
    with pytest.raises(Refused):
        drop_tried(db)


def test_job_asks_the_registrar_itself(database: Database, shops: dict[str, Shop], login: Login) -> None:
    shop = shops["south"]
    for typed, expected in (
        (Login(key=f"{login.key}0", password=PASSWORD), Verdict.KEY_UNKNOWN),
        (Login(key=login.key, password="wrong"), Verdict.PASSWORD_WRONG),
        (Login(key=login.key, password=PASSWORD, uses_old_version=True), Verdict.OLD_VERSION),
        (login, ""),
    ):
        with database.work(shop.id) as db:
            try_login(db, typed)
            db.commit()

        check_supplier_login(database, shop.id, "sandbox/tried")

        with database.work(shop.id) as db:
            account = find_account(db)
            assert account is not None
            assert account.tried_verdict == expected
    with database.work(shop.id) as db:
        assert login_in_use(db, SANDBOX_REGISTRAR) == login
        account = find_account(db)
        assert account is not None
        account.checked_at = db.now - timedelta(hours=25)
        db.commit()
    with database.office_work() as office:
        assert shop.id in shops_with_accounts_to_check(office)
    with database.work(shop.id) as db:
        recheck_accounts(db)
        db.session.delete(find_account(db))
        db.commit()

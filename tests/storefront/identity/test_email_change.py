"""Another address: a code to the new one, a word to the one before, nothing before the code was typed."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import select

from storefront.core.db import Work
from storefront.core.errors import Refused
from storefront.core.outbox import OutboxEvent, remember
from storefront.core.sealing import unseal
from storefront.identity.email_change import ask_email_change, confirm_email_change, find_email_change
from storefront.identity.events import LETTER, CodeMissed, EmailChangeAsked, EmailChanged
from storefront.identity.models import LoginUser
from tests import factories

NEW = "aino.new@example.test"


@pytest.fixture
def user(db: Work) -> LoginUser:
    return factories.make_user(db, customer=factories.make_customer(db))


def told(db: Work, name: str) -> dict[str, str]:
    db.flush()
    row = db.scalars(select(OutboxEvent).where(OutboxEvent.name == name).order_by(OutboxEvent.id))[-1]
    opened: dict[str, str] = json.loads(unseal(db.config, row.payload["sealed"], purpose=LETTER, owner=db.reseller_id))
    return opened


def test_address_changes_when_the_code_is_typed(db: Work, user: LoginUser) -> None:
    before = user.email
    ask_email_change(db, user, NEW)
    letter = told(db, EmailChangeAsked.name)
    assert user.email == before

    confirm_email_change(db, user, letter["code"])

    assert (user.email, user.email_key, user.email_confirmed_at) == (NEW, NEW, db.now)
    assert letter["email"] == NEW
    assert told(db, EmailChanged.name) == {"before": before, "after": NEW}


def test_wrong_code_changes_nothing_and_the_sixth_try_is_none(db: Work, user: LoginUser) -> None:
    ask_email_change(db, user, NEW)
    code = told(db, EmailChangeAsked.name)["code"]
    wrong = str((int(code) + 1) % 1_000_000).zfill(6)

    for _each in range(5):
        with pytest.raises(Refused) as refused:
            confirm_email_change(db, user, wrong)
        assert isinstance(refused.value.remember, CodeMissed)
        remember(db, refused.value.remember)
        db.session.expire_all()

    with pytest.raises(Refused):
        confirm_email_change(db, user, code)


def test_code_is_good_for_thirty_minutes_and_once(db: Work, user: LoginUser) -> None:
    ask_email_change(db, user, NEW)
    code = told(db, EmailChangeAsked.name)["code"]
    db.now += timedelta(minutes=30, seconds=1)
    with pytest.raises(Refused):
        confirm_email_change(db, user, code)

    db.now -= timedelta(minutes=1)
    confirm_email_change(db, user, code)

    assert find_email_change(db, user) is None
    with pytest.raises(Refused):
        confirm_email_change(db, user, code)


@pytest.mark.parametrize("typed", ["", "nobody", "a@b", "a b@example.test"])
def test_address_that_is_none_is_refused(db: Work, user: LoginUser, typed: str) -> None:
    with pytest.raises(Refused) as refused:
        ask_email_change(db, user, typed)

    assert refused.value.field == "email"


def test_same_address_is_no_change(db: Work, user: LoginUser) -> None:
    with pytest.raises(Refused):
        ask_email_change(db, user, user.email)

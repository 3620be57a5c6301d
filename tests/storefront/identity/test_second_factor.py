"""Factors switched on only when tried, recovery codes used once, passkeys bound to host and challenge, the policy."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from storefront.core import clock
from storefront.core.db import Database, Work
from storefront.core.errors import NotFound, Refused
from storefront.core.outbox import OutboxEvent, remember
from storefront.core.sealing import unseal
from storefront.identity import own_codes, totp
from storefront.identity.events import LETTER, OwnCodeAsked, RecoveryCodesLow, SecondFactorChanged, SignInFailed
from storefront.identity.factors import factors_of
from storefront.identity.known_browsers import is_trusted, trust
from storefront.identity.leftovers import sweep_old_codes
from storefront.identity.models import LoginUser, SecretCode
from storefront.identity.passkeys import Place, is_fresh_challenge, new_challenge, take_passkey
from storefront.identity.permissions import Role
from storefront.identity.proving import Proof, require_proof, ways
from storefront.identity.recovery_codes import (
    HOW_MANY,
    new_recovery_codes,
    normalise,
    recovery_codes_left,
    take_recovery_code,
)
from storefront.identity.second_factor import (
    offer_authenticator,
    offered_secret,
    renew_recovery_codes,
    switch_off,
    switch_on_authenticator,
    switch_on_email_codes,
    switch_on_passkey,
)
from storefront.identity.sessions import begin_session, sessions_of
from storefront.identity.staff_policy import needs_second_factor, require_second_factor_of
from tests import factories
from tests.fixtures_app import Shop
from tests.storefront.identity.soft_keys import SoftKey

HOST = "north.localhost"
AT = Place(host=HOST, origin=f"https://{HOST}")


@pytest.fixture
def user(db: Work) -> LoginUser:
    return factories.make_user(db, customer=factories.make_customer(db))


def other_code(code: str) -> str:
    return str((int(code) + 1) % 1_000_000).zfill(6)


def letter_code(db: Work, name: str) -> str:
    db.flush()
    found = select(OutboxEvent).where(OutboxEvent.name == name).order_by(OutboxEvent.occurred_at, OutboxEvent.id)
    row = db.scalars(found)[-1]
    return str(json.loads(unseal(db.config, row.payload["sealed"], purpose=LETTER, owner=db.reseller_id))["code"])


def happened(db: Work, name: str) -> list[dict[str, object]]:
    db.flush()
    return [row.payload for row in db.scalars(select(OutboxEvent).where(OutboxEvent.name == name))]


def with_authenticator(db: Work, user: LoginUser) -> tuple[str, tuple[str, ...]]:
    offer = offer_authenticator(db, user)
    secret = offered_secret(db, user, offer)
    codes = switch_on_authenticator(db, user, offer, totp.code_at(secret, db.now), session_id=uuid4())
    return secret, codes


def test_authenticator_is_not_on_before_its_code_was_typed(db: Work, user: LoginUser) -> None:
    offer = offer_authenticator(db, user)
    wrong = other_code(totp.code_at(offered_secret(db, user, offer), db.now))

    with pytest.raises(Refused) as refused:
        switch_on_authenticator(db, user, offer, wrong, session_id=uuid4())

    assert refused.value.field == "code"
    assert not happened(db, SecondFactorChanged.name)


def test_authenticator_that_is_on_brings_recovery_codes_and_a_letter(db: Work, user: LoginUser) -> None:
    _secret, codes = with_authenticator(db, user)

    assert len(set(codes)) == HOW_MANY
    assert factors_of(db, user).has_authenticator
    assert happened(db, SecondFactorChanged.name)[-1]["is_on"] is True


def test_offer_of_somebody_else_is_refused(db: Work, user: LoginUser) -> None:
    other = factories.make_user(db, customer=factories.make_customer(db))

    for offer in (offer_authenticator(db, other), "", "x.y", "k1.AAAA"):
        with pytest.raises(Refused):
            offered_secret(db, user, offer)


def test_switching_on_signs_out_everywhere_else_and_trusts_no_browser(db: Work, user: LoginUser) -> None:
    here, _secret = begin_session(db, user, host=HOST, address="", browser="")
    begin_session(db, user, host=HOST, address="", browser="")
    trust(db, user, "b" * 43)
    db.flush()
    offer = offer_authenticator(db, user)
    code = totp.code_at(offered_secret(db, user, offer), db.now)

    switch_on_authenticator(db, user, offer, code, session_id=here.id)
    db.session.expire_all()

    assert [session.id for session in sessions_of(db, user.id)] == [here.id]
    assert sessions_of(db, user.id)[0].second_factor_at == db.now
    assert not is_trusted(db, user, "b" * 43)


@pytest.mark.parametrize("shift_s", [-30, 0, 30])
def test_code_one_step_off_counts_with_spaces_and_once(db: Work, user: LoginUser, shift_s: int) -> None:
    secret, _codes = with_authenticator(db, user)
    db.now += timedelta(minutes=5)
    code = totp.code_at(secret, db.now + timedelta(seconds=shift_s))
    spaced = f" {code[:3]} {code[3:]} "

    require_proof(db, user, Proof(by="authenticator", typed=spaced, at=AT), challenge="")
    db.session.expire(user)

    for again in (spaced, code):
        with pytest.raises(Refused):
            require_proof(db, user, Proof(by="authenticator", typed=again, at=AT), challenge="")


def test_code_two_steps_off_is_refused_and_counted(db: Work, user: LoginUser) -> None:
    secret, _codes = with_authenticator(db, user)
    db.now += timedelta(minutes=5)

    late = totp.code_at(secret, db.now - timedelta(seconds=61))

    with pytest.raises(Refused) as refused:
        require_proof(db, user, Proof(by="authenticator", typed=late, at=AT), challenge="")

    assert isinstance(refused.value.remember, SignInFailed)
    assert refused.value.remember.user_id == user.id


def test_account_at_rest_takes_not_even_the_right_code(db: Work, user: LoginUser) -> None:
    secret, codes = with_authenticator(db, user)
    for _each in range(5):
        remember(db, SignInFailed(key=user.login_key, kinds="customer", user_id=user.id))
    db.session.expire_all()
    db.now += timedelta(minutes=1)

    for proof in (
        Proof(by="authenticator", typed=totp.code_at(secret, db.now), at=AT),
        Proof(by="recovery", typed=codes[0], at=AT),
    ):
        with pytest.raises(Refused) as refused:
            require_proof(db, user, proof, challenge="")
        assert refused.value.remember is None


def test_recovery_code_counts_once_however_it_is_typed(db: Work, user: LoginUser) -> None:
    code = new_recovery_codes(db, user)[0]

    assert take_recovery_code(db, user, f"  {code.lower().replace('-', ' ')} ")
    assert not take_recovery_code(db, user, code)
    assert recovery_codes_left(db, user) == HOW_MANY - 1


def test_recovery_codes_are_kept_as_signatures_only(db: Work, user: LoginUser) -> None:
    codes = new_recovery_codes(db, user)

    kept = json.dumps(
        [[row.code_hash, row.facts] for row in db.scalars(select(SecretCode).where(SecretCode.user_id == user.id))]
    )

    assert not [code for code in codes if code in kept or normalise(code) in kept]


def test_recovery_code_of_somebody_else_is_wrong(db: Work, user: LoginUser) -> None:
    other = factories.make_user(db, customer=factories.make_customer(db))
    code = new_recovery_codes(db, other)[0]
    new_recovery_codes(db, user)

    assert not take_recovery_code(db, user, code)


def test_renewed_codes_make_the_ones_before_void(db: Work, user: LoginUser) -> None:
    _secret, before = with_authenticator(db, user)

    fresh = renew_recovery_codes(db, user)

    assert not take_recovery_code(db, user, before[0])
    assert take_recovery_code(db, user, fresh[0])


def test_few_codes_left_are_told(db: Work, user: LoginUser) -> None:
    codes = new_recovery_codes(db, user)

    for code in codes[:7]:
        assert take_recovery_code(db, user, code)

    assert [told["left"] for told in happened(db, RecoveryCodesLow.name)] == [3]


def test_of_many_with_one_recovery_code_at_once_one_comes_in(database: Database, shops: dict[str, Shop]) -> None:
    with database.work(shops["north"].id) as db:
        made = factories.make_user(db, customer=factories.make_customer(db))
        code = new_recovery_codes(db, made)[0]
        db.commit()

    def come(_number: int) -> bool:
        with database.work(shops["north"].id) as db:
            is_in = take_recovery_code(db, db.require(LoginUser, made.id), code)
            db.commit()
            return is_in

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(come, range(24))) == 1


def test_codes_by_email_are_on_once_one_has_arrived(db: Work, user: LoginUser) -> None:
    own_codes.send_own_code(db, user)
    code = letter_code(db, OwnCodeAsked.name)

    with pytest.raises(Refused):
        switch_on_email_codes(db, user, other_code(code), session_id=uuid4())
    switch_on_email_codes(db, user, code, session_id=uuid4())

    assert factors_of(db, user).has_email_codes
    assert user.email_confirmed_at == db.now


def test_only_the_code_of_the_newest_letter_counts(db: Work, user: LoginUser) -> None:
    own_codes.send_own_code(db, user)
    first = letter_code(db, OwnCodeAsked.name)
    db.now += timedelta(seconds=1)
    own_codes.send_own_code(db, user)
    second = letter_code(db, OwnCodeAsked.name)

    assert first == second or not own_codes.take_own_code(db, user, first)
    assert own_codes.take_own_code(db, user, second)
    assert not own_codes.take_own_code(db, user, second)


def test_code_by_email_is_good_for_ten_minutes(db: Work, user: LoginUser) -> None:
    own_codes.send_own_code(db, user)
    code = letter_code(db, OwnCodeAsked.name)
    db.now += timedelta(minutes=10, seconds=1)

    assert not own_codes.take_own_code(db, user, code)


def test_code_by_email_is_no_way_in_where_it_is_off(db: Work, user: LoginUser) -> None:
    with_authenticator(db, user)
    own_codes.send_own_code(db, user)
    code = letter_code(db, OwnCodeAsked.name)

    with pytest.raises(Refused):
        require_proof(db, user, Proof(by="email", typed=code, at=AT), challenge="")


@pytest.fixture
def key(db: Work, user: LoginUser) -> SoftKey:
    """A passkey that is switched on."""
    made = SoftKey(host=HOST, origin=AT.origin)
    switch_on_passkey(db, user, made.made("challenge"), challenge="challenge", at=AT, name="Key", session_id=uuid4())
    return made


def test_passkey_signs_in_once_for_each_challenge(db: Work, user: LoginUser, key: SoftKey) -> None:
    answer = key.used("first")

    assert take_passkey(db, user, answer, challenge=b"first", at=AT)
    assert not take_passkey(db, user, answer, challenge=b"second", at=AT)
    assert not take_passkey(db, user, answer, challenge=b"first", at=AT), "its counter has moved on"
    assert take_passkey(db, user, key.used("second"), challenge=b"second", at=AT)


@pytest.mark.parametrize(
    "change",
    [
        {"origin": "https://evil.test"},
        {"host": "evil.test"},
        {"origin": "https://north.localhost.evil.test"},
        {"origin": "http://north.localhost"},
    ],
)
def test_passkey_used_elsewhere_is_refused(db: Work, user: LoginUser, key: SoftKey, change: dict[str, str]) -> None:
    for name, value in change.items():
        setattr(key, name, value)

    assert not take_passkey(db, user, key.used("challenge"), challenge=b"challenge", at=AT)


def test_passkey_of_another_host_is_no_way_here(db: Work, user: LoginUser, key: SoftKey) -> None:
    elsewhere = Place(host="south.localhost", origin="https://south.localhost")

    assert ways(factors_of(db, user), HOST) == ["passkey", "recovery"]
    assert ways(factors_of(db, user), elsewhere.host) == ["recovery"]
    assert not take_passkey(db, user, key.used("x"), challenge=b"x", at=elsewhere)


def test_passkey_of_somebody_else_is_refused(db: Work, key: SoftKey) -> None:
    other = factories.make_user(db, customer=factories.make_customer(db))

    assert not take_passkey(db, other, key.used("x"), challenge=b"x", at=AT)


@pytest.mark.parametrize("answer", ["", "{}", "[]", "null", "[" * 15_000, '{"id": 1}', '{"id": "x", "response": {}}'])
def test_hostile_answer_is_no_passkey(db: Work, user: LoginUser, key: SoftKey, answer: str) -> None:
    assert not take_passkey(db, user, answer, challenge=b"x", at=AT)
    with pytest.raises(Refused):
        switch_on_passkey(db, user, answer, challenge="x", at=AT, name="Key", session_id=uuid4())
    assert key.count == 1


def test_passkey_is_known_only_once(db: Work, user: LoginUser, key: SoftKey) -> None:
    with pytest.raises(Refused):
        switch_on_passkey(db, user, key.made("new"), challenge="new", at=AT, name="Again", session_id=uuid4())


def test_challenge_is_for_one_session_and_ten_minutes(db: Work) -> None:
    session = uuid4()
    challenge = new_challenge(db.config, session, db.now)

    assert is_fresh_challenge(db.config, challenge, session, db.now)
    assert not is_fresh_challenge(db.config, challenge, uuid4(), db.now)
    assert not is_fresh_challenge(db.config, challenge, session, db.now + timedelta(minutes=11))
    assert not is_fresh_challenge(db.config, challenge + "x", session, db.now)
    assert not is_fresh_challenge(db.config, "", session, db.now)


def test_last_factor_takes_recovery_codes_and_trust_with_it(db: Work, user: LoginUser) -> None:
    with_authenticator(db, user)
    trust(db, user, "b" * 43)

    switch_off(db, user, "authenticator", is_required=False)

    assert not factors_of(db, user).has_any
    assert recovery_codes_left(db, user) == 0
    assert not is_trusted(db, user, "b" * 43)
    assert happened(db, SecondFactorChanged.name)[-1]["is_on"] is False


def test_last_factor_stays_where_one_is_needed(db: Work, user: LoginUser, key: SoftKey) -> None:
    passkey_id = factors_of(db, user).passkeys[0].id
    with pytest.raises(Refused):
        switch_off(db, user, "passkey", is_required=True, passkey_id=passkey_id)

    with_authenticator(db, user)
    switch_off(db, user, "passkey", is_required=True, passkey_id=passkey_id)

    assert factors_of(db, user).passkeys == ()
    assert key.host == HOST


def test_what_is_not_on_cannot_be_switched_off(db: Work, user: LoginUser) -> None:
    for factor, passkey_id in (("authenticator", None), ("email", None), ("passkey", uuid4()), ("other", None)):
        with pytest.raises(NotFound):
            switch_off(db, user, factor, is_required=False, passkey_id=passkey_id)


def test_trust_is_of_one_user_and_thirty_days_and_never_of_an_operator(db: Work, user: LoginUser) -> None:
    other = factories.make_user(db, customer=factories.make_customer(db))
    operator = factories.make_user(db, kind="operator", role="operator")
    for each in (user, operator):
        trust(db, each, "b" * 43)
    db.flush()

    assert is_trusted(db, user, "b" * 43)
    assert not is_trusted(db, other, "b" * 43)
    assert not is_trusted(db, operator, "b" * 43)
    assert not is_trusted(db, user, "")
    db.now += timedelta(days=30, seconds=1)
    assert not is_trusted(db, user, "b" * 43)


def test_policy_names_roles(db: Work) -> None:
    require_second_factor_of(db, [Role.OWNER, Role.ACCOUNTANT])

    assert needs_second_factor(db, "staff", "owner")
    assert not needs_second_factor(db, "staff", "content")
    assert not needs_second_factor(db, "customer", "customer")
    assert needs_second_factor(db, "operator", "operator")
    with pytest.raises(Refused):
        require_second_factor_of(db, ["operator"])


def test_codes_come_only_with_a_factor(db: Work, user: LoginUser) -> None:
    with pytest.raises(Refused):
        renew_recovery_codes(db, user)


@pytest.mark.usefixtures("stopped_clock")
def test_recovery_codes_outlive_the_sweep(database: Database, shops: dict[str, Shop]) -> None:
    with database.work(shops["north"].id) as db:
        made = factories.make_user(db, customer=factories.make_customer(db))
        new_recovery_codes(db, made)
        db.now = clock.now() + timedelta(days=400)

        sweep_old_codes(db)

        assert recovery_codes_left(db, made) == HOW_MANY

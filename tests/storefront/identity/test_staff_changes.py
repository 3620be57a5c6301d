"""Colleagues come by letter and go; an owner always stays."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select

from storefront.core.db import Actor, Database, Work
from storefront.core.errors import NotFound, Refused, SaidNo
from storefront.core.outbox import OutboxEvent
from storefront.core.sealing import unseal
from storefront.identity import invitations, staff_changes
from storefront.identity.events import LETTER, StaffChanged, StaffInvited
from storefront.identity.models import LoginUser, StaffInvitation
from storefront.identity.sessions import begin_session, find_session
from storefront.identity.sign_in import accounts_matching
from tests import factories
from tests.fixtures_app import Shop
from tests.fixtures_front import open_shop

LINK = f"https://north.localhost/account/invitation/{invitations.TOKEN_PLACE}"


def invite(db: Work, email: str = "vera@north.test", role: str = "content") -> StaffInvitation:
    return invitations.invite(db, email, role, locale="fr", link=LINK, by="Mika")


def token_sent(db: Work) -> str:
    db.flush()
    found = select(OutboxEvent).where(OutboxEvent.name == StaffInvited.name)
    row = db.scalars(found.order_by(OutboxEvent.occurred_at, OutboxEvent.id))[-1]
    told = json.loads(unseal(db.config, row.payload["sealed"], purpose=LETTER, owner=db.reseller_id))
    return str(told["link"]).rpartition("/")[2]


def join(db: Work, token: str, login: str = "vera") -> LoginUser:
    return invitations.accept(db, token, name="Vera", login=login, locale="fr", password_hash="!")


def test_invitation_makes_a_colleague_with_the_role(db: Work) -> None:
    invite(db)

    user = join(db, token_sent(db))

    assert (user.kind, user.role, user.email, user.email_confirmed_at) == (
        "staff",
        "content",
        "vera@north.test",
        db.now,
    )
    assert "vera@north.test" not in [each.email for each in invitations.open_invitations(db)]


def test_link_is_in_no_row_in_the_clear(db: Work) -> None:
    row = invite(db)
    token = token_sent(db)

    kept = json.dumps([each.payload for each in db.scalars(select(OutboxEvent))]) + row.token_hash

    assert token not in kept


def test_link_works_once_and_seven_days(db: Work) -> None:
    invite(db)
    token = token_sent(db)
    db.now += timedelta(days=7, seconds=1)
    assert invitations.find_invitation(db, token) is None

    db.now -= timedelta(seconds=2)
    join(db, token)

    with pytest.raises(Refused):
        join(db, token, login="vera2")


def test_letter_sent_again_makes_the_link_before_void(db: Work) -> None:
    row = invite(db)
    before = token_sent(db)
    db.now += timedelta(seconds=1)

    invitations.send_again(db, row, link=LINK)

    assert invitations.find_invitation(db, before) is None
    assert invitations.find_invitation(db, token_sent(db)) is not None


def test_withdrawn_invitation_is_of_no_use(db: Work) -> None:
    row = invite(db)
    token = token_sent(db)

    invitations.withdraw(db, row)

    with pytest.raises(Refused):
        join(db, token)
    with pytest.raises(Refused):
        invitations.send_again(db, row, link=LINK)
    invite(db)


@pytest.mark.parametrize(
    ("email", "role", "field"),
    [("vera@north.test", "emperor", "role"), ("vera@north.test", "operator", "role"), ("x", "content", "email")],
)
def test_invitation_that_cannot_be(db: Work, email: str, role: str, field: str) -> None:
    with pytest.raises(Refused) as refused:
        invite(db, email, role)

    assert refused.value.field == field


def test_nobody_is_invited_twice(db: Work) -> None:
    invite(db)
    with pytest.raises(Refused):
        invite(db, "VERA@north.test")
    join(db, token_sent(db))

    with pytest.raises(Refused):
        invite(db)


def test_invitation_of_another_shop_is_unknown(db: Work, stranger_db: Work) -> None:
    invite(db)

    assert invitations.find_invitation(stranger_db, token_sent(db)) is None


def test_of_many_with_one_link_at_once_one_joins(database: Database, shops: dict[str, Shop]) -> None:
    with database.work(shops["north"].id) as db:
        invite(db, "many@north.test")
        token = token_sent(db)
        db.commit()

    def come(number: int) -> bool:
        with database.work(shops["north"].id) as db:
            try:
                join(db, token, login=f"many{number}")
            except SaidNo:
                return False
            db.commit()
            return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(come, range(16))) == 1


@pytest.fixture
def own_shop(database: Database) -> Shop:
    """A shop nobody works in yet."""
    return open_shop(database)


def owners_of(database: Database, shop: Shop, number: int) -> list[LoginUser]:
    with database.work(shop.id) as db:
        made = [factories.make_user(db, kind="staff", role="owner") for _each in range(number)]
        db.commit()
        return made


def test_last_owner_is_neither_lowered_nor_suspended_nor_removed(database: Database, own_shop: Shop) -> None:
    [owner] = owners_of(database, own_shop, 1)

    with database.work(own_shop.id) as db:
        user = staff_changes.require_colleague(db, owner.id)
        for act in (staff_changes.suspend, staff_changes.remove):
            with pytest.raises(Refused):
                act(db, user, by="Somebody")
        with pytest.raises(Refused) as refused:
            staff_changes.change_role(db, user, "sales", by="Somebody")

    assert refused.value.field == "role"


def test_suspended_owner_does_not_count(database: Database, own_shop: Shop) -> None:
    first, second = owners_of(database, own_shop, 2)

    with database.work(own_shop.id) as db:
        staff_changes.suspend(db, staff_changes.require_colleague(db, first.id), by="Second")
        with pytest.raises(Refused):
            staff_changes.remove(db, staff_changes.require_colleague(db, second.id), by="First")


def test_two_owners_who_lower_each_other_at_once_leave_one(database: Database, own_shop: Shop) -> None:
    pair = owners_of(database, own_shop, 2)

    def lower(user: LoginUser) -> bool:
        with database.work(own_shop.id) as db:
            try:
                staff_changes.change_role(db, staff_changes.require_colleague(db, user.id), "sales", by="Other")
            except Refused:
                return False
            db.commit()
            return True

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(lower, pair)) == [False, True]


def test_suspended_is_signed_out_and_stays_out(database: Database, own_shop: Shop) -> None:
    owners_of(database, own_shop, 1)
    with database.work(own_shop.id) as db:
        user = factories.make_user(db, kind="staff", role="sales")
        _row, secret = begin_session(db, user, host=own_shop.host, address="", browser="")
        db.flush()

        staff_changes.suspend(db, user, by="Owner")
        db.flush()
        other = begin_session(db, user, host=own_shop.host, address="", browser="")[1]
        db.flush()

        assert find_session(db, secret, own_shop.host) is None
        assert find_session(db, other, own_shop.host) is None
        staff_changes.resume(db, user, by="Owner")
        db.flush()
        assert find_session(db, other, own_shop.host) is not None


def test_suspended_password_fits_nothing(database: Database, own_shop: Shop) -> None:
    with database.work(own_shop.id) as db:
        made = factories.make_user(db, kind="staff", role="sales", suspended_at=db.now)
        db.commit()

    with database.work(own_shop.id) as db:
        assert accounts_matching(db, made.login, "whatever it was", kinds=("staff",)).users == {}


def test_removed_may_be_invited_again_with_the_same_login(db: Work) -> None:
    invite(db)
    user = join(db, token_sent(db))

    staff_changes.remove(db, user, by="Mika")
    db.now += timedelta(seconds=1)
    invite(db)
    again = join(db, token_sent(db))

    assert again.id != user.id
    assert again.login == user.login
    with pytest.raises(NotFound):
        staff_changes.require_colleague(db, user.id)


def test_nobody_suspends_or_removes_oneself(db: Work) -> None:
    owner, _other = (factories.make_user(db, kind="staff", role="owner") for _each in range(2))
    db.actor = Actor(kind="staff", id=owner.id, name="Owner")

    for act in (staff_changes.suspend, staff_changes.remove):
        with pytest.raises(Refused):
            act(db, owner, by="Owner")


def test_owners_hear_of_every_change(db: Work) -> None:
    factories.make_user(db, kind="staff", role="owner")
    user = factories.make_user(db, kind="staff", role="sales")

    staff_changes.change_role(db, user, "support", by="Mika")
    staff_changes.suspend(db, user, by="Mika")
    staff_changes.resume(db, user, by="Mika")
    staff_changes.remove(db, user, by="Mika")
    db.flush()

    told = [row.payload for row in db.scalars(select(OutboxEvent).where(OutboxEvent.name == StaffChanged.name))]
    mine = [each["change"] for each in told if each["user_id"] == str(user.id)]
    assert mine == ["role", "suspended", "resumed", "removed"]


def test_customers_and_operators_are_no_colleagues(db: Work) -> None:
    for kind in ("customer", "operator"):
        user = factories.make_user(db, kind=kind)
        with pytest.raises(NotFound):
            staff_changes.require_colleague(db, user.id)

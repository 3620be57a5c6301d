"""Whoever may not invite any more leaves no open invitation behind."""

from collections.abc import Callable

import pytest

from storefront.core.db import Actor, Database, Work
from storefront.core.errors import Refused
from storefront.identity import invitations, staff_changes
from storefront.identity.models import LoginUser, StaffInvitation
from tests import factories
from tests.fixtures_app import Shop
from tests.fixtures_front import open_shop
from tests.storefront.identity.test_staff_changes import LINK, invite, join, token_sent


def lower(db: Work, user: LoginUser) -> None:
    staff_changes.change_role(db, user, "sales", by="Other")


def suspend(db: Work, user: LoginUser) -> None:
    staff_changes.suspend(db, user, by="Other")


def remove(db: Work, user: LoginUser) -> None:
    staff_changes.remove(db, user, by="Other")


CHANGES = pytest.mark.parametrize("change", [lower, suspend, remove])


@pytest.fixture
def own_shop(database: Database) -> Shop:
    return open_shop(database)


@pytest.fixture
def owners(database: Database, own_shop: Shop) -> list[LoginUser]:
    with database.work(own_shop.id) as db:
        made = [factories.make_user(db, kind="staff", role="owner") for _each in range(2)]
        db.commit()
        return made


def acting(user: LoginUser) -> Actor:
    return Actor(kind="staff", id=user.id, name=user.name)


@CHANGES
def test_open_invitation_ends_with_its_inviter(
    database: Database, own_shop: Shop, owners: list[LoginUser], change: Callable[[Work, LoginUser], None]
) -> None:
    first, second = owners
    with database.work(own_shop.id, actor=acting(first)) as db:
        invite(db, "friend@north.test", "owner")
        token = token_sent(db)
        db.commit()
    with database.work(own_shop.id, actor=acting(second)) as db:
        kept = invite(db, "kept@north.test").email
        change(db, db.require(LoginUser, first.id))
        db.commit()

    with database.work(own_shop.id) as db:
        assert [each.email for each in invitations.open_invitations(db)] == [kept]
        with pytest.raises(Refused):
            join(db, token, login="friend")


@CHANGES
def test_letter_sent_again_ends_with_its_sender(
    database: Database, own_shop: Shop, owners: list[LoginUser], change: Callable[[Work, LoginUser], None]
) -> None:
    first, second = owners
    with database.work(own_shop.id, actor=acting(second)) as db:
        row = invite(db, "friend@north.test", "owner")
        db.commit()
    with database.work(own_shop.id, actor=acting(first)) as db:
        invitations.send_again(db, db.require(StaffInvitation, row.id), link=LINK)
        db.commit()
    with database.work(own_shop.id, actor=acting(second)) as db:
        change(db, db.require(LoginUser, first.id))
        db.flush()

        assert invitations.open_invitations(db) == []


def test_accepted_invitation_stays(database: Database, own_shop: Shop, owners: list[LoginUser]) -> None:
    first, second = owners
    with database.work(own_shop.id, actor=acting(first)) as db:
        invite(db, "friend@north.test")
        joined = join(db, token_sent(db), login="friend")
        db.commit()

    with database.work(own_shop.id, actor=acting(second)) as db:
        suspend(db, db.require(LoginUser, first.id))
        db.flush()

        assert db.require(LoginUser, joined.id).closed_at is None

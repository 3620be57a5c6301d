"""What is good once: form tokens, codes of a minute, tickets; in time, for one shop, frame and host, and once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from sqlalchemy import select

from frames.handoff import (
    CODE_LASTS,
    FORM_LASTS,
    TICKET_LASTS,
    find_code,
    form_token,
    is_form_token,
    issue_code,
    issue_ticket,
    use_code,
    use_form_token,
    use_ticket,
)
from frames.models import FrameTicket
from storefront.core.db import Database, Work
from storefront.core.sealing import hash_token
from storefront.identity.models import LoginUser
from storefront.identity.staff import enrol_second_factor
from tests import factories
from tests.fixtures_app import Shop

HOST, FRAME = "north.localhost", "user-login"
SIGNED_IN = {"type": "signed-in"}
AT_ONCE = 5


@pytest.fixture
def user(db: Work) -> LoginUser:
    """Somebody who has just made an account, and never came in."""
    made = factories.make_user(db, customer=factories.make_customer(db))
    made.signed_in_at = None
    db.flush()
    return made


def later(db: Work, by: timedelta) -> None:
    db.now += by


# The token of a form.


def test_form_token_is_good_for_its_frame_and_host(db: Work) -> None:
    token = form_token(db, frame=FRAME, host=HOST)

    assert is_form_token(db, token, frame=FRAME, host=HOST)
    assert not is_form_token(db, token, frame="user-register", host=HOST)
    assert not is_form_token(db, token, frame=FRAME, host="south.localhost")


def test_form_token_of_another_shop_is_none(db: Work, stranger_db: Work) -> None:
    token = form_token(stranger_db, frame=FRAME, host=HOST)

    assert not is_form_token(db, token, frame=FRAME, host=HOST)


def test_form_token_runs_out(db: Work) -> None:
    token = form_token(db, frame=FRAME, host=HOST)

    later(db, FORM_LASTS + timedelta(seconds=1))

    assert not is_form_token(db, token, frame=FRAME, host=HOST)


@pytest.mark.parametrize("token", ["", "...", "1.2.3.4", "9" * 400, "x.y.k1.z", "٣.y.k1.z", "-1.y.k1.z", "a.b", "\x00"])
def test_what_is_no_form_token_is_refused(db: Work, token: str) -> None:
    assert not is_form_token(db, token, frame=FRAME, host=HOST)


def test_form_token_that_was_made_to_last_longer_is_refused(db: Work) -> None:
    until, rest = form_token(db, frame=FRAME, host=HOST).split(".", 1)

    assert not is_form_token(db, f"{int(until) + 60}.{rest}", frame=FRAME, host=HOST)


def test_form_token_is_used_once(db: Work) -> None:
    token = form_token(db, frame=FRAME, host=HOST)

    assert [use_form_token(db, token), use_form_token(db, token)] == [True, False]


def test_form_token_is_good_in_one_spelling(db: Work) -> None:
    token = form_token(db, frame=FRAME, host=HOST)

    assert not is_form_token(db, f"0{token}", frame=FRAME, host=HOST)


def test_parts_of_a_form_token_cannot_change_places(db: Work) -> None:
    # A name without a dot: nothing but the frame that is named tells the parts apart.
    host = "localhost"
    _until, nonce, rest = form_token(db, frame=f"x/{host}/9999999999", host=host).split(".", 2)
    moved = f"9999999999.{host}/{_until}/{nonce}.{rest}"

    assert not is_form_token(db, moved, frame="x", host=host)


def test_of_many_at_once_one_uses_a_form_token(database: Database, shops: dict[str, Shop]) -> None:
    shop, start = shops["north"].id, Barrier(AT_ONCE)
    with database.work(shop) as db:
        token = form_token(db, frame=FRAME, host=HOST)

    def use(_number: int) -> bool:
        with database.work(shop) as db:
            start.wait()
            is_mine = use_form_token(db, token)
            db.commit()
            return is_mine

    with ThreadPoolExecutor(AT_ONCE) as people:
        assert sorted(people.map(use, range(AT_ONCE))) == [False] * (AT_ONCE - 1) + [True]


# The code that lets in.


def test_code_lets_in_once(db: Work, user: LoginUser) -> None:
    code = issue_code(db, user, host=HOST)

    assert find_code(db, code, host=HOST) is user
    assert [use_code(db, code, host=HOST), use_code(db, code, host=HOST)] == [user, None]


def test_code_is_good_for_a_minute_on_one_host(db: Work, stranger_db: Work, user: LoginUser) -> None:
    code = issue_code(db, user, host=HOST)
    db.flush()

    assert use_code(db, code, host="south.localhost") is None
    assert use_code(stranger_db, code, host=HOST) is None
    later(db, CODE_LASTS)
    assert use_code(db, code, host=HOST) is None


@pytest.mark.parametrize("code", ["", "x", "9" * 400, "\x00"])
def test_what_is_no_code_lets_nobody_in(db: Work, code: str) -> None:
    assert use_code(db, code, host=HOST) is None


def test_code_does_not_replace_a_password_that_was_used_or_a_second_factor(db: Work, user: LoginUser) -> None:
    code = issue_code(db, user, host=HOST)
    db.flush()
    user.signed_in_at = db.now
    assert find_code(db, code, host=HOST) is None
    user.signed_in_at, user.suspended_at = None, db.now
    assert find_code(db, code, host=HOST) is None
    user.suspended_at = None
    enrol_second_factor(db, user, issuer="North")
    db.flush()

    assert use_code(db, code, host=HOST) is None


# The ticket of who returns.

ORIGINS = ("https://www.example.com",)


def test_ticket_tells_its_event_once(db: Work) -> None:
    event = {"type": "ordered", "order": "A7K-3QF", "value": "12.30", "currency": "EUR", "campaign": ""}
    ticket = issue_ticket(db, frame="order", origin="https://www.example.com", event=event)

    assert [use_ticket(db, ticket, origins=ORIGINS), use_ticket(db, ticket, origins=ORIGINS)] == [event, None]


def test_ticket_is_for_windows_of_its_own_site(db: Work) -> None:
    ticket = issue_ticket(db, frame=FRAME, origin=ORIGINS[0], event=SIGNED_IN)

    found = [use_ticket(db, ticket, origins=origins) for origins in ((), ("https://www.other.com",), ORIGINS)]

    assert found == [None, None, SIGNED_IN]


def test_ticket_is_kept_as_a_hash_alone(db: Work) -> None:
    ticket = issue_ticket(db, frame=FRAME, origin="https://www.example.com", event=SIGNED_IN)
    row = db.scalars(select(FrameTicket).order_by(FrameTicket.made_at.desc(), FrameTicket.id.desc()))[0]

    assert row.code_hash == hash_token(ticket)
    assert ticket not in repr(vars(row))
    assert row.facts == {}


def test_ticket_is_good_for_ten_minutes_in_its_own_shop(db: Work, stranger_db: Work) -> None:
    ticket = issue_ticket(db, frame=FRAME, origin="https://www.example.com", event=SIGNED_IN)
    db.flush()

    assert use_ticket(stranger_db, ticket, origins=ORIGINS) is None
    later(db, TICKET_LASTS)
    assert use_ticket(db, ticket, origins=ORIGINS) is None


@pytest.mark.parametrize("ticket", ["", "x", "9" * 400, "\x00", "\ud800"])
def test_what_is_no_ticket_tells_nothing(db: Work, ticket: str) -> None:
    assert use_ticket(db, ticket, origins=ORIGINS) is None

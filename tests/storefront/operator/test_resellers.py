"""Resellers: listed, shown, suspended and reopened by name, given credit once."""

import time
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from storefront.core.audit import AuditEntry
from storefront.core.db import Database
from storefront.core.money import Money
from storefront.core.outbox import OutboxEvent
from tenants.credits import ask_for_top_up, credit_account
from tenants.models import Site
from tests.fixtures_app import Shop
from tests.storefront.operator.conftest import Enter
from tests.waiting import until

ADDRESS = "/operator/resellers/"
UNKNOWN = "01890000-0000-7000-8000-000000000000"


def slug_of(shop: Shop) -> str:
    return shop.host.partition(".")[0]


def state_of(database: Database, shop: Shop) -> str:
    with database.office_work() as db:
        return db.scalar(select(Site.state).where(Site.reseller_id == shop.id)) or ""


def logged(database: Database, shop: Shop) -> list[str]:
    with database.work(shop.id) as db:
        return list(db.scalars(select(AuditEntry.action).order_by(AuditEntry.id)))


def free_credit(database: Database, shop: Shop) -> int:
    with database.work(shop.id) as db:
        return credit_account(db, "EUR").available_minor


def test_list_shows_host_state_and_credit(operator: FlaskClient, own_shop: Shop) -> None:
    answer = operator.get(ADDRESS, query_string={"q": own_shop.host})

    assert str(own_shop.id) in answer.text
    assert own_shop.host in answer.text
    assert "€1,000.00" in answer.text


@pytest.mark.parametrize("wanted", ["%", "\x00", "'; --", "😀" * 300])
def test_wicked_search_finds_nothing(operator: FlaskClient, wanted: str) -> None:
    answer = operator.get(ADDRESS, query_string={"q": wanted, "state": wanted, "after": wanted})

    assert answer.status_code == 200


def test_page_of_a_reseller_and_of_nobody(operator: FlaskClient, own_shop: Shop) -> None:
    shown = operator.get(f"{ADDRESS}{own_shop.id}")

    assert own_shop.host in shown.text
    assert operator.get(f"{ADDRESS}{UNKNOWN}").status_code == 404


def test_suspended_shop_answers_503_in_its_theme_and_comes_back(
    enter: Enter, client_of: Callable[[Shop], FlaskClient], database: Database, own_shop: Shop
) -> None:
    client, token = enter()
    visitor = client_of(own_shop)
    open_before = visitor.get("/cart").status_code

    typed = {"csrf_token": token, "reason": "unpaid", "name": slug_of(own_shop)}
    answer = client.post(f"{ADDRESS}{own_shop.id}/suspend", data=typed)
    time.sleep(1)
    closed = visitor.get("/cart")
    back = client.post(f"{ADDRESS}{own_shop.id}/reopen", data={"csrf_token": token})
    time.sleep(1)

    assert answer.status_code == back.status_code == 303
    assert closed.status_code == 503
    assert "This shop is closed at the moment" in closed.text
    assert visitor.get("/cart").status_code == open_before == 200
    assert logged(database, own_shop)[-2:] == ["reseller.suspended", "reseller.open"]


def stand(database: Database, shop: Shop, state: str) -> None:
    with database.work(shop.id) as db:
        db.session.get_one(Site, shop.id).state = state
        db.commit()


def test_shop_in_preparation_prepares_again_when_reopened(enter: Enter, database: Database, own_shop: Shop) -> None:
    client, token = enter()
    stand(database, own_shop, "preparing")
    typed = {"csrf_token": token, "reason": "unpaid", "name": slug_of(own_shop)}

    client.post(f"{ADDRESS}{own_shop.id}/suspend", data=typed)
    between = state_of(database, own_shop)
    asked = client.get(f"{ADDRESS}{own_shop.id}/reopen")
    client.post(f"{ADDRESS}{own_shop.id}/reopen", data={"csrf_token": token})

    assert between == "suspended"
    assert "was not open yet" in asked.text
    assert state_of(database, own_shop) == "preparing"
    assert "prepares again" in client.get(f"{ADDRESS}{own_shop.id}").text


@pytest.mark.parametrize("state", ["preparing", "closed", "open"])
def test_only_what_is_suspended_is_reopened(enter: Enter, database: Database, own_shop: Shop, state: str) -> None:
    client, token = enter()
    stand(database, own_shop, state)

    answer = client.post(f"{ADDRESS}{own_shop.id}/reopen", data={"csrf_token": token})

    assert answer.status_code == 422
    assert state_of(database, own_shop) == state


def test_closed_shop_is_not_suspended(enter: Enter, database: Database, own_shop: Shop) -> None:
    client, token = enter()
    stand(database, own_shop, "closed")
    typed = {"csrf_token": token, "reason": "unpaid", "name": slug_of(own_shop)}

    answer = client.post(f"{ADDRESS}{own_shop.id}/suspend", data=typed)

    assert answer.status_code == 422
    assert state_of(database, own_shop) == "closed"


@pytest.mark.parametrize(
    "typed", [{"reason": "", "name": "right"}, {"reason": "unpaid", "name": "north"}, {"reason": "unpaid", "name": ""}]
)
def test_wrong_name_or_no_reason_suspends_nothing(
    enter: Enter, database: Database, own_shop: Shop, typed: dict[str, str]
) -> None:
    client, token = enter()
    name = slug_of(own_shop) if typed["name"] == "right" else typed["name"]

    answer = client.post(f"{ADDRESS}{own_shop.id}/suspend", data={**typed, "name": name, "csrf_token": token})

    assert answer.status_code == 422
    assert state_of(database, own_shop) == "open"
    assert "reseller.suspended" not in logged(database, own_shop)


def test_twice_says_that_it_is_so_already(enter: Enter, own_shop: Shop) -> None:
    client, token = enter()
    typed = {"csrf_token": token, "reason": "unpaid", "name": slug_of(own_shop)}
    client.post(f"{ADDRESS}{own_shop.id}/suspend", data=typed)

    answer = client.post(f"{ADDRESS}{own_shop.id}/suspend", data=typed)

    assert answer.status_code == 422
    assert "in this state already" in answer.text


def test_platform_never_suspends_itself(enter: Enter, database: Database, platform: Shop) -> None:
    client, token = enter()

    answer = client.post(
        f"{ADDRESS}{platform.id}/suspend", data={"csrf_token": token, "reason": "oops", "name": "platform"}
    )

    assert answer.status_code == 422
    assert state_of(database, platform) == "open"


@pytest.mark.parametrize("page", ["suspend", "reopen"])
@pytest.mark.parametrize("role", ["operator_accounts", "operator_support", "operator_read_only"])
def test_other_roles_may_not_suspend(enter: Enter, database: Database, own_shop: Shop, role: str, page: str) -> None:
    client, token = enter(role)

    answer = client.post(
        f"{ADDRESS}{own_shop.id}/{page}",
        data={"csrf_token": token, "reason": "no", "name": slug_of(own_shop)},
    )

    assert answer.status_code == 403
    assert state_of(database, own_shop) == "open"


def test_credit_is_booked_once_for_one_reference(enter: Enter, database: Database, own_shop: Shop) -> None:
    client, token = enter("operator_accounts")
    with database.work(own_shop.id) as db:
        ask_for_top_up(db, Money(25_000, "EUR"))
        db.commit()
    before = free_credit(database, own_shop)
    typed = {"csrf_token": token, "amount": "250,00", "reference": "Bank 4711"}

    first = client.post(f"{ADDRESS}{own_shop.id}/credit", data=typed)
    second = client.post(f"{ADDRESS}{own_shop.id}/credit", data=typed)

    assert first.status_code == 303
    assert second.status_code == 422
    assert "booked already" in second.text
    assert free_credit(database, own_shop) == before + 25_000
    with database.work(own_shop.id) as db:
        assert credit_account(db, "EUR").asked_minor == 0
        told = db.scalars(select(OutboxEvent.name).where(OutboxEvent.name == "tenants.credit_topped_up"))
    assert len(told) == 2  # the first is the factory's


def test_both_sides_have_it_in_their_log(enter: Enter, database: Database, own_shop: Shop, platform: Shop) -> None:
    client, token = enter()

    client.post(f"{ADDRESS}{own_shop.id}/credit", data={"csrf_token": token, "amount": "1", "reference": "Bank 1"})

    with database.work(own_shop.id) as db:
        booked = select(AuditEntry).where(AuditEntry.action == "credit.topped_up").order_by(AuditEntry.at.desc())
        theirs = db.scalars(booked.limit(1))[0]
    with database.work(platform.id) as db:
        latest = select(AuditEntry).where(AuditEntry.action == "credit.topped_up").order_by(AuditEntry.at.desc())
        ours = db.scalars(latest.limit(1))[0]
    assert theirs.actor_kind == ours.actor_kind == "operator"
    assert ours.difference["shop"] == [None, slug_of(own_shop)]


@pytest.mark.parametrize("typed", [{"amount": "0"}, {"amount": "-1"}, {"amount": "x"}, {"reference": ""}])
def test_wrong_credit_is_refused_and_nothing_moves(
    enter: Enter, database: Database, own_shop: Shop, typed: dict[str, str]
) -> None:
    client, token = enter()
    before = free_credit(database, own_shop)

    answer = client.post(
        f"{ADDRESS}{own_shop.id}/credit",
        data={"csrf_token": token, "amount": "10", "reference": "Bank 2", **typed},
    )

    assert answer.status_code == 422
    assert free_credit(database, own_shop) == before


@pytest.mark.parametrize("role", ["operator_support", "operator_read_only"])
def test_other_roles_may_not_give_credit(enter: Enter, database: Database, own_shop: Shop, role: str) -> None:
    client, token = enter(role)
    before = free_credit(database, own_shop)

    answer = client.post(
        f"{ADDRESS}{own_shop.id}/credit", data={"csrf_token": token, "amount": "10", "reference": "Bank 3"}
    )

    assert answer.status_code == 403
    assert free_credit(database, own_shop) == before


def test_wish_is_on_the_first_page(operator: FlaskClient, database: Database, own_shop: Shop) -> None:
    with database.work(own_shop.id) as db:
        ask_for_top_up(db, Money(123_45, "EUR"))
        db.commit()

    assert "€123.45" in operator.get("/operator/").text


def test_site_is_closed_for_work_and_opened_by_the_platform(
    enter: Enter, database: Database, own_shop: Shop, client_of: Callable[[Shop], FlaskClient]
) -> None:
    operator, token = enter()
    address, visitor = f"{ADDRESS}{own_shop.id}", client_of(own_shop)

    operator.post(f"{address}/maintenance", data={"csrf_token": token})

    assert "In maintenance" in operator.get(address).text
    until(lambda: visitor.get("/price-list").status_code == 503)
    operator.post(f"{address}/maintenance/end", data={"csrf_token": token})
    until(lambda: visitor.get("/price-list").status_code == 200)
    assert logged(database, own_shop)[-2:] == ["reseller.maintenance_begun", "reseller.maintenance_ended"]


def test_site_of_nobody_is_not_closed(enter: Enter) -> None:
    operator, token = enter()

    assert operator.post(f"{ADDRESS}{UNKNOWN}/maintenance", data={"csrf_token": token}).status_code == 404

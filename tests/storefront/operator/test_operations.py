"""Operations of all shops: listed by state, tried again, given up."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from storefront.core.audit import AuditEntry
from storefront.core.db import Database
from storefront.core.jobs import Job
from storefront.core.money import Money
from storefront.core.outbox import OutboxEvent
from storefront.provisioning.models import Operation
from tenants import credits as credit
from tests.fixtures_app import Shop
from tests.statements import counted
from tests.storefront.operator.conftest import Enter
from tests.storefront.reseller.office import make_operation, make_order

ADDRESS = "/operator/operations/"


def make(database: Database, shop: Shop, state: str, **more: object) -> Operation:
    with database.work(shop.id) as db:
        _order, item, _proforma = make_order(db, state="processing", item_state="processing")
        operation = make_operation(db, item, state, **more)  # type: ignore[arg-type]  # columns of the row
        db.commit()
        return operation


def read(database: Database, shop: Shop, operation: Operation) -> Operation:
    with database.work(shop.id) as db:
        return db.require(Operation, operation.id)


@pytest.mark.parametrize(
    ("state", "place"),
    [("manual", "attention"), ("on_hold", "attention"), ("unknown", "attention"), ("pending", "under_way")],
)
def test_operation_is_listed_where_it_belongs(
    operator: FlaskClient, database: Database, own_shop: Shop, state: str, place: str
) -> None:
    operation = make(database, own_shop, state)

    assert str(operation.id) in operator.get(f"{ADDRESS}?state={place}").text
    assert str(operation.id) in operator.get(f"{ADDRESS}?state=all").text
    assert str(operation.id) not in operator.get(f"{ADDRESS}?state=done").text


def test_few_questions_however_many_rows(operator: FlaskClient, database: Database, shops: dict[str, Shop]) -> None:
    for shop in (shops["north"], shops["south"]):
        with database.work(shop.id) as db:
            for _each in range(30):
                make_order(db, state="processing", item_state="processing", operation_state="pending")
            db.commit()
    operator.get(ADDRESS)

    with counted(database) as asked:
        answer = operator.get(f"{ADDRESS}?state=all")

    assert 'rel="next"' in answer.text
    assert len(asked) <= 8, "\n".join(asked)


def test_page_of_an_operation_and_of_none(operator: FlaskClient, database: Database, own_shop: Shop) -> None:
    operation = make(database, own_shop, "manual", error="no_answer")

    shown = operator.get(f"{ADDRESS}{operation.id}")

    assert operation.subject in shown.text
    assert "Nobody knows what came of this" in shown.text
    assert operator.get(f"{ADDRESS}{own_shop.id}").status_code == 404


def test_manual_one_is_tried_again_and_asks_first(enter: Enter, database: Database, own_shop: Shop) -> None:
    client, token = enter("operator_support")
    with database.work(own_shop.id) as db:
        now = db.now
    operation = make(database, own_shop, "manual", sent_at=now, first_unknown_at=now)

    answer = client.post(f"{ADDRESS}{operation.id}/again", data={"csrf_token": token})

    after = read(database, own_shop, operation)
    assert answer.status_code == 303
    assert (after.state, after.first_unknown_at, after.sent_at) == ("pending", None, now)
    with database.work(own_shop.id) as db:
        asked = db.scalars(select(Job.name).where(Job.argument == str(operation.id)))
        log = db.scalars(select(AuditEntry.action).where(AuditEntry.subject_id == operation.id))
    assert list(asked) == ["run_operation"]
    assert list(log) == ["operation.tried_again"]


@pytest.mark.parametrize("state", ["done", "failed", "sending"])
def test_settled_one_is_not_tried_again(enter: Enter, database: Database, own_shop: Shop, state: str) -> None:
    client, token = enter()
    operation = make(database, own_shop, state)

    answer = client.post(f"{ADDRESS}{operation.id}/again", data={"csrf_token": token})

    assert answer.status_code == 422
    assert read(database, own_shop, operation).state == state


def test_given_up_one_fails_and_gives_the_credit_back(enter: Enter, database: Database, own_shop: Shop) -> None:
    client, token = enter()
    operation = make(database, own_shop, "manual")
    with database.work(own_shop.id) as db:
        credit.hold(db, Money(820, "EUR"), operation_id=operation.id)
        db.commit()

    answer = client.post(
        f"{ADDRESS}{operation.id}/give-up", data={"csrf_token": token, "reason": "The registry never saw it"}
    )

    after = read(database, own_shop, operation)
    assert answer.status_code == 303
    assert (after.state, after.error_code, after.error) == ("failed", "given_up", "The registry never saw it")
    with database.work(own_shop.id) as db:
        assert credit.credit_account(db, "EUR").held_minor == 0
        told = db.scalars(select(OutboxEvent.payload).where(OutboxEvent.name == "provisioning.operation_failed"))
    assert [payload["operation_id"] for payload in told] == [str(operation.id)]


@pytest.mark.parametrize("state", ["done", "failed", "sending", "pending", "unknown"])
def test_what_may_have_been_sent_is_not_given_up(enter: Enter, database: Database, own_shop: Shop, state: str) -> None:
    client, token = enter()
    operation = make(database, own_shop, state)

    answer = client.post(f"{ADDRESS}{operation.id}/give-up", data={"csrf_token": token, "reason": "away with it"})

    assert answer.status_code == 422
    assert read(database, own_shop, operation).state == state


def test_without_a_reason_nothing_is_given_up(enter: Enter, database: Database, own_shop: Shop) -> None:
    client, token = enter()
    operation = make(database, own_shop, "manual")

    answer = client.post(f"{ADDRESS}{operation.id}/give-up", data={"csrf_token": token, "reason": "  "})

    assert answer.status_code == 422
    assert read(database, own_shop, operation).state == "manual"


@pytest.mark.parametrize("role", ["operator_accounts", "operator_read_only"])
@pytest.mark.parametrize("page", ["again", "give-up"])
def test_other_roles_may_only_look(enter: Enter, database: Database, own_shop: Shop, role: str, page: str) -> None:
    client, token = enter(role)
    operation = make(database, own_shop, "manual")

    answer = client.post(f"{ADDRESS}{operation.id}/{page}", data={"csrf_token": token, "reason": "no"})

    assert answer.status_code == 403
    assert read(database, own_shop, operation).state == "manual"

"""A paid transfer from the command to the customer's domain: wrong codes, refusals, two who want one name."""

import json
from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from storefront.billing.models import Document
from storefront.billing.payments import confirm_transfer
from storefront.core import clock
from storefront.core.audit import AuditEntry
from storefront.core.db import Database, Work
from storefront.core.errors import Refused
from storefront.core.jobs import Job
from storefront.core.outbox import OutboxEvent
from storefront.notifications.models import Message
from storefront.orders.models import OrderItem, PurchaseOrder
from storefront.portfolio.models import Domain
from storefront.providers.adapters.sandbox.registrar import SandboxRegistrar
from storefront.providers.connections import open_sandbox
from storefront.provisioning.models import Operation
from storefront.provisioning.people import give_up, give_up_late_transfers, try_again
from storefront.provisioning.transfer_codes import WAITS, correct_code
from storefront.provisioning.transfers import find_transfer
from tenants.credits import credit_account
from tests import sale
from tests.fixtures_app import Shop


@pytest.fixture
def stopped(sandbox: SandboxRegistrar, database: Database) -> Iterator[clock.Stopped]:
    """A clock that only ``drain`` moves, and a registry that is quick; its own clock is put back afterwards."""
    sandbox.set_pending(takes_s=30)
    sale.forget_what_waits(database)
    with clock.Stopped(clock.now()) as held:
        sale.move_with(held)
        yield held


def name(script: str = "quick", ending: str = "com") -> str:
    return f"{script}-{uuid4().hex[:12]}.{ending}"


def pay(database: Database, shop: Shop, wanted: str, code: str | None = None) -> sale.Sale:
    """Order a transfer, pay it and let everything happen that follows."""
    sold = sale.place(database, shop.id, wanted, action="transfer", code=code)
    with database.work(shop.id) as db:
        confirm_transfer(db, db.require(Document, sold.proforma_id))
        db.commit()
    sale.drain(database, workers=1)
    return sold


def look(db: Work, sold: sale.Sale) -> tuple[PurchaseOrder, OrderItem, Operation, Domain | None]:
    order = db.require(PurchaseOrder, sold.order_id)
    item = db.scalar(select(OrderItem).where(OrderItem.order_id == order.id))
    assert item is not None
    operation = db.scalar(select(Operation).where(Operation.order_item_id == item.id))
    assert operation is not None
    newest = select(Domain).where(Domain.name_ascii == sold.name).order_by(Domain.id.desc()).limit(1)
    return order, item, operation, db.scalar(newest)


def states(db: Work, sold: sale.Sale) -> tuple[str, str, str]:
    order, item, operation, _domain = look(db, sold)
    return order.state, item.state, operation.state


def letters(db: Work, sold: sale.Sale) -> set[str]:
    order = db.require(PurchaseOrder, sold.order_id)
    return set(db.scalars(select(Message.letter).where(Message.customer_id == order.customer_id)))


@pytest.mark.usefixtures("stopped")
def test_name_is_listed_on_its_way_and_then_has_its_dates(database: Database, shops: dict[str, Shop]) -> None:
    sandbox = open_sandbox(database.config)
    sandbox.set_pending(takes_s=7200)

    sold = pay(database, shops["north"], name())

    with database.work(shops["north"].id) as db:
        _order, item, operation, domain = look(db, sold)
        assert domain is not None
        assert (domain.is_arriving, domain.paid_until, item.domain_id) == (True, None, domain.id)
        assert (operation.state, bool(operation.result["expected_at"])) == ("pending", True)
        assert states(db, sold) == ("processing", "queued", "pending")
    sandbox.jump(timedelta(hours=3))
    with database.work(shops["north"].id) as db:
        try_again(db, look(db, sold)[2])
        db.commit()
    sale.drain(database, workers=1)
    with database.work(shops["north"].id) as db:
        _order, item, _operation, domain = look(db, sold)
        assert states(db, sold) == ("completed", "active", "done")
        assert domain is not None
        assert domain.paid_until is not None
        assert domain.paid_until > db.now + timedelta(days=365)
        assert (domain.is_arriving, item.domain_id) == (False, domain.id)
        assert "domain_transferred" in letters(db, sold)


@pytest.mark.usefixtures("stopped")
def test_ending_in_real_time_is_here_at_once(database: Database, shops: dict[str, Shop]) -> None:
    sold = pay(database, shops["north"], name("taken", "eu"))

    assert sale.outcome(database, sold).order == "completed"
    assert sale.outcome(database, sold).charged == 1


@pytest.mark.usefixtures("stopped")
def test_wrong_code_waits_for_another_and_goes_on_with_it(database: Database, shops: dict[str, Shop]) -> None:
    sold = pay(database, shops["north"], name(), code="WRONG-1234")
    with database.work(shops["north"].id) as db:
        assert states(db, sold) == ("processing", "queued", "awaiting_code")
        assert "transfer_code_refused" in letters(db, sold)
        operation = look(db, sold)[2]
        correct_code(db, operation, f"CODE-{sold.name.partition('.')[0]}")
        db.commit()

    sale.drain(database, workers=1)

    assert sale.outcome(database, sold) == sale.Outcome(
        order="completed", domains=1, invoices=1, captured=1, registered_at_registry=1, charged=1, held=1
    )


@pytest.mark.usefixtures("stopped")
def test_code_stands_nowhere_in_clear_and_is_forgotten(database: Database, shops: dict[str, Shop]) -> None:
    sold = pay(database, shops["north"], name())
    code = f"CODE-{sold.name.partition('.')[0]}"

    with database.work(shops["north"].id) as db:
        _order, item, operation, _domain = look(db, sold)
        written: list[object] = [row.difference for row in db.scalars(select(AuditEntry))]
        written += [row.payload for row in db.scalars(select(OutboxEvent))]
        written += [(row.argument, row.error) for row in db.scalars(select(Job))]
        written += [(row.text, row.html) for row in db.scalars(select(Message))]
        assert code not in json.dumps([*written, operation.wish, operation.result, operation.error], default=str)
        assert (item.auth_code_sealed, operation.wish["code_sealed"]) == ("", "")


@pytest.mark.usefixtures("stopped")
def test_refusal_of_the_other_side_fails_the_line_and_releases_the_credit(
    database: Database, shops: dict[str, Shop]
) -> None:
    with database.work(shops["north"].id) as db:
        before = credit_account(db, "EUR").available_minor

    sold = pay(database, shops["north"], name("denied"))

    with database.work(shops["north"].id) as db:
        _order, item, operation, domain = look(db, sold)
        assert states(db, sold) == ("failed", "failed", "failed")
        assert (item.failure, operation.error_code, item.domain_id) == ("transfer_refused", "transfer_refused", None)
        assert domain is not None
        assert domain.closed_at is not None
        assert credit_account(db, "EUR").available_minor == before
        assert "operation_failed" in letters(db, sold)


@pytest.mark.usefixtures("stopped")
@pytest.mark.parametrize(("script", "code"), [("locked", "status_prohibits"), ("young", "not_eligible_transfer")])
def test_name_that_cannot_move_fails(database: Database, shops: dict[str, Shop], script: str, code: str) -> None:
    sold = pay(database, shops["north"], name(script))

    with database.work(shops["north"].id) as db:
        assert look(db, sold)[1].failure == code


@pytest.mark.usefixtures("stopped")
def test_two_who_want_one_name_never_touch_each_others(database: Database, shops: dict[str, Shop]) -> None:
    open_sandbox(database.config).set_pending(takes_s=7200)
    wanted = name()
    first, second = pay(database, shops["north"], wanted), pay(database, shops["north"], wanted)

    with database.work(shops["north"].id) as db:
        order, item, _operation, domain = look(db, first)
        assert domain is not None
        assert (domain.is_arriving, domain.customer_id, item.domain_id) == (True, order.customer_id, domain.id)
        assert states(db, second) == ("failed", "failed", "failed")
        assert look(db, second)[1].domain_id is None


@pytest.mark.usefixtures("stopped")
def test_late_code_is_waited_for_fourteen_days(
    database: Database, shops: dict[str, Shop], stopped: clock.Stopped
) -> None:
    sold = pay(database, shops["north"], name(), code="WRONG-1234")
    with database.work(shops["north"].id) as db:
        give_up_late_transfers(db)
        assert look(db, sold)[2].state == "awaiting_code"
    stopped.forward(WAITS + timedelta(minutes=1))

    with database.work(shops["north"].id) as db:
        give_up_late_transfers(db)
        operation = look(db, sold)[2]
        assert (operation.state, operation.error_code) == ("failed", "code_not_given")


@pytest.mark.usefixtures("stopped")
def test_code_is_taken_only_while_one_is_waited_for(database: Database, shops: dict[str, Shop]) -> None:
    sold = pay(database, shops["north"], name(), code="WRONG-1234")

    with database.work(shops["north"].id) as db:
        operation = look(db, sold)[2]
        for typed in ("", "  ", "a b"):
            with pytest.raises(Refused):
                correct_code(db, operation, typed)
        give_up(db, operation, reason="the customer wants the money back")
        with pytest.raises(Refused):
            correct_code(db, operation, "CODE-1234")


@pytest.mark.usefixtures("stopped")
def test_open_transfer_is_found_by_its_own_customer_only(database: Database, shops: dict[str, Shop]) -> None:
    sold = pay(database, shops["north"], name(), code="WRONG-1234")

    with database.work(shops["north"].id) as db:
        _order, _item, operation, domain = look(db, sold)
        assert domain is not None
        assert find_transfer(db, domain) is operation
        operation.wish = {**operation.wish, "customer_id": str(UUID(int=0))}
        db.flush()
        assert find_transfer(db, domain) is None


@pytest.mark.usefixtures("stopped")
def test_transfer_that_costs_nothing_is_held_and_charged_like_any_other(
    database: Database, shops: dict[str, Shop]
) -> None:
    sold = pay(database, shops["north"], name("quick", "pl"))

    found = sale.outcome(database, sold)
    assert (found.order, found.domains, found.charged, found.held) == ("completed", 1, 1, 1)

"""Bring names from other registrars: what to send, how to ask what came of it, what to write down when it is done."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from storefront.core.config import Config
from storefront.core.db import Work
from storefront.core.money import Money
from storefront.core.outbox import publish
from storefront.portfolio.domains import NewDomain, finish_arrival
from storefront.portfolio.events import DomainTransferred
from storefront.portfolio.models import Domain
from storefront.providers.outcomes import Outcome
from storefront.providers.ports.registrar import Registrar, Transfer
from storefront.provisioning.calls import Call, Facts, contacts_of
from storefront.provisioning.lifecycle import FINAL
from storefront.provisioning.models import Operation
from storefront.provisioning.transfer_codes import KEPT_AS, open_code


def call_to_transfer(config: Config, operation: Operation, *, was_sent: bool) -> Call:
    """Say what this attempt does: send for the first time, or first find out what became of the last one."""
    wish, reference = transfer_of(config, operation), reference_of(operation)
    upstream = operation.supplier_reference

    def send(registrar: Registrar) -> Outcome[Facts]:
        return registrar.transfer(wish, reference=reference)

    def ask_first(registrar: Registrar) -> Outcome[Facts]:
        if upstream:
            return registrar.operation_status(upstream)
        known = registrar.transfer_status(wish.name, reference=reference)
        return send(registrar) if known is None else known

    return Call(
        connection=operation.connection,
        subject=operation.subject,
        only_asks=bool(upstream),
        make=ask_first if was_sent else send,
    )


def reference_of(operation: Operation) -> str:
    """Return our reference for the code that is sent now: each code is a command of its own."""
    tries = int(operation.wish.get("codes", 1))
    return str(operation.id) if tries == 1 else f"{operation.id}-{tries}"


def transfer_of(config: Config, operation: Operation) -> Transfer:
    """Read the wish as the port wants it, with the code opened for this attempt."""
    wish = operation.wish
    return Transfer(
        name=operation.subject,
        contacts=contacts_of(wish),
        auth_code=open_code(config, operation.reseller_id, wish.get(KEPT_AS, "")),
        locale=wish["locale"],
        extra=wish["extra"],
        agreed_cost=Money(**wish["premium_cost"]) if wish.get("premium_cost") else None,
    )


def apply_transfer(db: Work, operation: Operation, facts: Facts) -> None:
    """Write down that the name is here, with the end that the registry says."""
    wish = operation.wish
    domain = finish_arrival(
        db,
        awaited_of(operation),
        NewDomain(
            customer_id=UUID(wish["customer_id"]),
            contact_id=UUID(wish["contact_id"]) if wish["contact_id"] else None,
            name_ascii=operation.subject,
            name_unicode=wish["name_unicode"],
            ending=wish["ending"],
            connection=operation.connection,
            registered_at=facts.registered_at,
            expires_at=facts.expires_at,
            statuses=facts.statuses,
            nameservers=facts.name_servers,
        ),
    )
    db.flush()
    operation.result = {"domain_id": str(domain.id), "expires_at": facts.expires_at.isoformat()}
    told = DomainTransferred(domain_id=domain.id, order_item_id=operation.order_item_id, operation_id=operation.id)
    publish(db, told)


def awaited_of(operation: Operation) -> UUID | None:
    """Return the domain that was listed while its name is on its way."""
    kept = operation.wish.get("domain_id")
    return UUID(kept) if kept else None


def expected_at(operation: Operation) -> datetime | None:
    """Return when the other registrar's time to say no is over, once the registry has said so of a transfer."""
    if operation.kind != "transfer":
        return None
    told = operation.result.get("expected_at")
    return datetime.fromisoformat(told) if told and operation.supplier_reference else None


def find_transfer(db: Work, domain: Domain) -> Operation | None:
    """Find the transfer that brings a customer's name here, while it is open."""
    statement = select(Operation).where(
        Operation.reseller_id == db.reseller_id,
        Operation.state.not_in([str(state) for state in FINAL]),
        Operation.kind == "transfer",
        Operation.subject == domain.name_ascii,
        Operation.wish["customer_id"].astext == str(domain.customer_id),
    )
    return db.scalar(statement.order_by(Operation.id.desc()).limit(1))

"""Register names: what to send, how to ask what came of it, what to write down when it is done."""

from datetime import timedelta
from uuid import UUID

from storefront.core.db import Work
from storefront.core.money import Money
from storefront.core.outbox import publish
from storefront.portfolio.domains import NewDomain, start_domain
from storefront.portfolio.events import DomainRegistered
from storefront.providers.outcomes import Done, Outcome, Rejected, Rejection
from storefront.providers.ports.registrar import NameServer, Registrar, Registration
from storefront.provisioning.calls import Call, Facts, contacts_of
from storefront.provisioning.models import Operation

# Clocks differ: a name registered this much before we asked for it may still be ours.
CLOCK_SKEW = timedelta(minutes=5)


def call_to_register(operation: Operation, *, was_sent: bool) -> Call:
    """Say what this attempt does: send for the first time, or first find out what became of the last one."""
    wish, reference = registration_of(operation), str(operation.id)
    upstream, asked_at = operation.supplier_reference, operation.requested_at - CLOCK_SKEW

    def send(registrar: Registrar) -> Outcome[Facts]:
        return registrar.register(wish, reference=reference)

    def ask_first(registrar: Registrar) -> Outcome[Facts]:
        if upstream:
            return registrar.operation_status(upstream)
        found = registrar.info(wish.name)
        if found is None:
            return send(registrar)
        is_this = found.reference == reference if found.reference else found.registered_at >= asked_at
        if not found.is_ours or not is_this:
            return Rejected(code=Rejection.NAME_TAKEN, message="registered by somebody else")
        # Found, but the registry has yet to decide: the same command again, with the same reference, says so.
        return send(registrar) if found.is_pending else Done(facts=found)

    return Call(
        connection=operation.connection,
        subject=operation.subject,
        only_asks=bool(upstream),
        make=ask_first if was_sent else send,
    )


def registration_of(operation: Operation) -> Registration:
    """Read the wish as the port wants it."""
    wish = operation.wish
    return Registration(
        name=operation.subject,
        years=wish["years"],
        contacts=contacts_of(wish),
        name_servers=tuple(NameServer(host=host) for host in wish["nameservers"]),
        locale=wish["locale"],
        extra=wish["extra"],
        agreed_cost=Money(**wish["premium_cost"]) if wish.get("premium_cost") else None,
    )


def apply_registration(db: Work, operation: Operation, facts: Facts) -> None:
    """Write down what the registry did: the customer has a domain."""
    wish = operation.wish
    domain = start_domain(
        db,
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
    publish(db, DomainRegistered(domain_id=domain.id, order_item_id=operation.order_item_id, operation_id=operation.id))

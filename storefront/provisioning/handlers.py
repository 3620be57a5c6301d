"""Which handler deals with which kind of command; the engine in ``run`` knows none of them."""

from storefront.core.config import Config
from storefront.core.db import Work
from storefront.portfolio.domains import end_arrival
from storefront.provisioning.calls import Call, Facts
from storefront.provisioning.domains import apply_registration, call_to_register
from storefront.provisioning.models import Operation
from storefront.provisioning.transfers import apply_transfer, awaited_of, call_to_transfer


def call_for(config: Config, operation: Operation, *, was_sent: bool) -> Call:
    """Say what this attempt does; raises ``ValueError`` for a kind that nobody handles."""
    if operation.kind == "register":
        return call_to_register(operation, was_sent=was_sent)
    if operation.kind == "transfer":
        return call_to_transfer(config, operation, was_sent=was_sent)
    message = f"nobody knows how to {operation.kind}"
    raise ValueError(message)


def apply(db: Work, operation: Operation, facts: Facts) -> None:
    """Write down what the supplier did."""
    if operation.kind == "transfer":
        apply_transfer(db, operation, facts)
    else:
        apply_registration(db, operation, facts)


def undo(db: Work, operation: Operation) -> None:
    """Take back what was written down in the hope that it would be done."""
    if operation.kind == "transfer":
        end_arrival(db, awaited_of(operation))

"""What happens when: event -> reactions, one readable table for the whole product."""

from storefront.billing import card_payments
from storefront.billing.events import ProformaPaid
from storefront.billing.issue import issue_invoice_for
from storefront.core.relay import Reactions
from storefront.identity.events import PasswordResetAsked
from storefront.identity.recovery import prepare_reset
from storefront.orders.fulfilment import (
    hold_item,
    release_held_operations,
    settle_failed_item,
    settle_registered_item,
    start_fulfilment,
)
from storefront.portfolio.events import DomainRegistered
from storefront.provisioning import run
from storefront.provisioning.events import OperationFailed
from tenants.events import CreditShort, CreditToppedUp

# Asked for by actions, not by events.
JOBS_OF_THEIR_OWN = (run.run_operation, card_payments.run_payment_start, card_payments.verify_payment)

REACTIONS: Reactions = {
    PasswordResetAsked: [prepare_reset],
    ProformaPaid: [issue_invoice_for, start_fulfilment],
    DomainRegistered: [settle_registered_item],
    OperationFailed: [settle_failed_item],
    CreditShort: [hold_item],
    CreditToppedUp: [release_held_operations],
}

"""What happens when: event -> reactions, one readable table for the whole product."""

from cms.events import EditionAnnounced, EditionWithdrawn
from cms.legal_notices import tell_of_edition, tell_of_withdrawal
from cms.media import make_smaller_pictures, throw_media_away
from cms.openings import furnish_new_shop
from storefront.billing import card_payments
from storefront.billing.events import InvoiceIssued, PaymentNeedsPeople, ProformaPaid
from storefront.billing.issue import issue_invoice_for
from storefront.core.relay import Reactions
from storefront.customers.events import AgreementChanges, AgreementStays
from storefront.identity.events import (
    EmailChangeAsked,
    EmailChanged,
    NewBrowserSeen,
    OwnCodeAsked,
    PasswordChanged,
    PasswordResetAsked,
    PasswordResetPrepared,
    RecoveryCodesLow,
    SecondFactorChanged,
    SignUpCodeAsked,
    StaffChanged,
    StaffInvited,
    UserRegistered,
)
from storefront.identity.recovery import prepare_reset
from storefront.notifications import deliver
from storefront.notifications.dispatch import send_letters, send_letters_at_once
from storefront.orders.events import OrderPlaced
from storefront.orders.fulfilment import (
    hold_item,
    release_held_operations,
    settle_failed_item,
    settle_registered_item,
    settle_transferred_item,
    start_fulfilment,
)
from storefront.orders.grouping import group_customers
from storefront.portfolio.events import DomainRegistered, DomainTransferred
from storefront.pricing.events import CostsRise
from storefront.pricing.history import note_seen_prices
from storefront.pricing.price_lists import begin_price_list
from storefront.pricing.rising_costs import warn_of_rising_costs
from storefront.provisioning import run
from storefront.provisioning.events import OperationFailed, OperationNeedsPeople, TransferCodeRefused
from tenants.events import (
    CreditShort,
    CreditToppedUp,
    HostDetached,
    HostFailing,
    HostVerified,
    SenderCodeAsked,
    SupplierAccountRefused,
    VisitorWrote,
)
from tenants.host_looks import look_at_host
from tenants.supplier_accounts import check_supplier_login

# Asked for by actions, not by events.
JOBS_OF_THEIR_OWN = (
    run.run_operation,
    card_payments.run_payment_start,
    card_payments.verify_payment,
    deliver.deliver_message,
    deliver.deliver_at_once,
    check_supplier_login,
    furnish_new_shop,
    make_smaller_pictures,
    throw_media_away,
    look_at_host,
    group_customers,
    note_seen_prices,
    begin_price_list,
    warn_of_rising_costs,
)

REACTIONS: Reactions = {
    SignUpCodeAsked: [send_letters_at_once],
    UserRegistered: [send_letters],
    PasswordResetAsked: [prepare_reset],
    PasswordResetPrepared: [send_letters_at_once],
    PasswordChanged: [send_letters],
    OwnCodeAsked: [send_letters_at_once],
    SecondFactorChanged: [send_letters],
    RecoveryCodesLow: [send_letters],
    NewBrowserSeen: [send_letters],
    EmailChangeAsked: [send_letters_at_once],
    EmailChanged: [send_letters],
    StaffInvited: [send_letters_at_once],
    StaffChanged: [send_letters],
    OrderPlaced: [send_letters],
    ProformaPaid: [issue_invoice_for, start_fulfilment],
    InvoiceIssued: [send_letters],
    PaymentNeedsPeople: [send_letters],
    DomainRegistered: [settle_registered_item, send_letters],
    DomainTransferred: [settle_transferred_item, send_letters],
    TransferCodeRefused: [send_letters],
    OperationFailed: [settle_failed_item, send_letters],
    OperationNeedsPeople: [send_letters],
    CreditShort: [hold_item, send_letters],
    CreditToppedUp: [release_held_operations],
    CostsRise: [send_letters],
    SupplierAccountRefused: [send_letters],
    SenderCodeAsked: [send_letters_at_once],
    VisitorWrote: [send_letters],
    EditionAnnounced: [tell_of_edition],
    EditionWithdrawn: [tell_of_withdrawal],
    AgreementChanges: [send_letters],
    AgreementStays: [send_letters],
    HostVerified: [send_letters],
    HostFailing: [send_letters],
    HostDetached: [send_letters],
}

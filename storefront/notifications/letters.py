"""The catalogue: every letter there is, what it follows from, who gets it, what goes with it."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from storefront.billing.events import InvoiceIssued, PaymentNeedsPeople
from storefront.core.events import Event
from storefront.core.i18n import Text
from storefront.core.i18n import lazy_gettext as _
from storefront.customers.events import AgreementChanges, AgreementStays
from storefront.identity.events import (
    EmailChangeAsked,
    EmailChanged,
    NewBrowserSeen,
    OwnCodeAsked,
    PasswordChanged,
    PasswordResetPrepared,
    RecoveryCodesLow,
    SecondFactorChanged,
    SignUpCodeAsked,
    StaffChanged,
    StaffInvited,
    UserRegistered,
)
from storefront.identity.permissions import Permission
from storefront.orders.events import OrderPlaced
from storefront.portfolio.events import DomainRegistered, DomainTransferred
from storefront.pricing.events import CostsRise
from storefront.provisioning.events import OperationFailed, OperationNeedsPeople, TransferCodeRefused
from tenants.events import (
    CreditShort,
    HostDetached,
    HostFailing,
    HostVerified,
    SenderCodeAsked,
    SupplierAccountRefused,
    VisitorWrote,
)


class Audience(StrEnum):
    """Who reads a letter."""

    CUSTOMER = "customer"
    USER = "user"
    STAFF = "staff"
    OPERATOR = "operator"


@dataclass(frozen=True, kw_only=True)
class Letter:
    """One kind of letter.

    ``is_sealed``: it carries a code or a link that only its recipient may read. ``is_urgent``: somebody sits before a
    screen and waits for it. ``needs``: what staff must be allowed to do to get it.
    """

    name: str
    title: Text
    event: type[Event]
    audience: Audience
    is_sealed: bool = False
    is_urgent: bool = False
    needs: Permission | None = None


_PEOPLE = (
    Letter(
        name="own_code",
        title=_("Code for the second step"),
        event=OwnCodeAsked,
        audience=Audience.USER,
        is_sealed=True,
        is_urgent=True,
    ),
    Letter(
        name="second_factor_changed",
        title=_("Second step switched on or off"),
        event=SecondFactorChanged,
        audience=Audience.USER,
    ),
    Letter(
        name="recovery_codes_low",
        title=_("Few recovery codes left"),
        event=RecoveryCodesLow,
        audience=Audience.USER,
    ),
    Letter(
        name="new_browser",
        title=_("Signed in with a new browser"),
        event=NewBrowserSeen,
        audience=Audience.USER,
    ),
    Letter(
        name="email_change_code",
        title=_("Code for a new e-mail address"),
        event=EmailChangeAsked,
        audience=Audience.USER,
        is_sealed=True,
        is_urgent=True,
    ),
    Letter(name="email_changed", title=_("E-mail address changed"), event=EmailChanged, audience=Audience.USER),
    Letter(
        name="staff_invitation",
        title=_("Invitation to the staff"),
        event=StaffInvited,
        audience=Audience.USER,
        is_sealed=True,
        is_urgent=True,
    ),
    Letter(
        name="staff_changed",
        title=_("Something changed among the staff"),
        event=StaffChanged,
        audience=Audience.STAFF,
        needs=Permission.STAFF_MANAGE,
    ),
)
LETTERS: Mapping[str, Letter] = MappingProxyType(
    {
        letter.name: letter
        for letter in (
            Letter(
                name="sign_up_code",
                title=_("Code for a new account"),
                event=SignUpCodeAsked,
                audience=Audience.USER,
                is_sealed=True,
                is_urgent=True,
            ),
            Letter(
                name="password_reset",
                title=_("Links for a new password"),
                event=PasswordResetPrepared,
                audience=Audience.USER,
                is_sealed=True,
                is_urgent=True,
            ),
            Letter(name="password_changed", title=_("Password changed"), event=PasswordChanged, audience=Audience.USER),
            *_PEOPLE,
            Letter(name="welcome", title=_("Welcome"), event=UserRegistered, audience=Audience.USER),
            Letter(
                name="agreement_changes",
                title=_("New edition of a document that was accepted"),
                event=AgreementChanges,
                audience=Audience.CUSTOMER,
            ),
            Letter(
                name="agreement_stays",
                title=_("Announced edition cancelled"),
                event=AgreementStays,
                audience=Audience.CUSTOMER,
            ),
            Letter(
                name="order_placed",
                title=_("Order placed, with the proforma"),
                event=OrderPlaced,
                audience=Audience.CUSTOMER,
            ),
            Letter(
                name="payment_received",
                title=_("Payment received, with the invoice"),
                event=InvoiceIssued,
                audience=Audience.CUSTOMER,
            ),
            Letter(
                name="domain_registered",
                title=_("Domain registered"),
                event=DomainRegistered,
                audience=Audience.CUSTOMER,
            ),
            Letter(
                name="domain_transferred",
                title=_("Domain transferred"),
                event=DomainTransferred,
                audience=Audience.CUSTOMER,
            ),
            Letter(
                name="transfer_code_refused",
                title=_("Transfer code refused"),
                event=TransferCodeRefused,
                audience=Audience.CUSTOMER,
            ),
            Letter(
                name="operation_failed",
                title=_("Registration or transfer refused"),
                event=OperationFailed,
                audience=Audience.CUSTOMER,
            ),
            Letter(
                name="operation_failed_staff",
                title=_("Registration or transfer refused, for staff"),
                event=OperationFailed,
                audience=Audience.STAFF,
                needs=Permission.DOMAINS_MANAGE,
            ),
            Letter(
                name="credit_short",
                title=_("Credit too short for an order"),
                event=CreditShort,
                audience=Audience.STAFF,
                needs=Permission.CREDIT_READ,
            ),
            Letter(
                name="visitor_wrote",
                title=_("A visitor wrote through a form"),
                event=VisitorWrote,
                audience=Audience.STAFF,
                is_sealed=True,
                needs=Permission.CUSTOMERS_MANAGE,
            ),
            Letter(
                name="costs_rise",
                title=_("Purchase prices rise"),
                event=CostsRise,
                audience=Audience.STAFF,
                needs=Permission.PRICING_MANAGE,
            ),
            Letter(
                name="supplier_refused",
                title=_("The supplier refuses the account"),
                event=SupplierAccountRefused,
                audience=Audience.STAFF,
                needs=Permission.SETTINGS_MANAGE,
            ),
            Letter(
                name="sender_code",
                title=_("Code for a sender address"),
                event=SenderCodeAsked,
                audience=Audience.USER,
                is_sealed=True,
                is_urgent=True,
            ),
            Letter(
                name="operation_needs_people",
                title=_("An operation needs people"),
                event=OperationNeedsPeople,
                audience=Audience.STAFF,
                needs=Permission.OPERATIONS_MANAGE,
            ),
            Letter(
                name="operation_needs_operator",
                title=_("An operation needs people, for operators"),
                event=OperationNeedsPeople,
                audience=Audience.OPERATOR,
                needs=Permission.OPERATIONS_MANAGE,
            ),
            Letter(
                name="payment_needs_people",
                title=_("A payment needs people"),
                event=PaymentNeedsPeople,
                audience=Audience.STAFF,
                needs=Permission.BILLING_CONFIRM,
            ),
            Letter(
                name="host_verified",
                title=_("A host works"),
                event=HostVerified,
                audience=Audience.STAFF,
                needs=Permission.SETTINGS_MANAGE,
            ),
            Letter(
                name="host_failing",
                title=_("A host leads elsewhere"),
                event=HostFailing,
                audience=Audience.STAFF,
                needs=Permission.SETTINGS_MANAGE,
            ),
            Letter(
                name="host_detached",
                title=_("A host was removed"),
                event=HostDetached,
                audience=Audience.STAFF,
                needs=Permission.SETTINGS_MANAGE,
            ),
        )
    },
)


def letters_for(event: Event) -> list[Letter]:
    """List the letters that follow from an event."""
    return [letter for letter in LETTERS.values() if isinstance(event, letter.event)]

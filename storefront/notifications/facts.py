"""Event -> what its letters may say: loaded afresh from the database, in no language yet."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar
from uuid import UUID

from storefront.billing.events import InvoiceIssued, PaymentNeedsPeople
from storefront.billing.iban import group_iban
from storefront.billing.issue import facts_of
from storefront.billing.models import Document, Payment
from storefront.core.db import Work
from storefront.core.events import Event
from storefront.core.money import Money
from storefront.core.sealing import unseal
from storefront.customers.models import Contact, Customer
from storefront.identity.events import (
    LETTER,
    PasswordChanged,
    PasswordResetPrepared,
    SignUpCodeAsked,
    UserRegistered,
)
from storefront.identity.models import LoginUser
from storefront.notifications import reasons
from storefront.orders.events import OrderPlaced
from storefront.orders.models import OrderItem, PurchaseOrder
from storefront.orders.renewals import as_paid_by, renewal_of
from storefront.portfolio.events import DomainRegistered, DomainTransferred
from storefront.portfolio.models import Domain
from storefront.pricing.book import price_book
from storefront.provisioning.events import OperationFailed, OperationNeedsPeople, TransferCodeRefused
from storefront.provisioning.models import Operation
from storefront.provisioning.refusals import refusal
from tenants.events import (
    CreditShort,
    HostDetached,
    HostFailing,
    HostVerified,
    SenderCodeAsked,
    SupplierAccountRefused,
)
from tenants.host_rules import DETACH_AFTER
from tenants.models import Host
from tenants.supplier_words import verdict_words


@dataclass(frozen=True, kw_only=True)
class Recipient:
    """One reader: where, who, in which language; ``customer_id`` for the list of a customer's letters."""

    email: str
    name: str
    locale: str
    customer_id: UUID | None = None


@dataclass(frozen=True, kw_only=True)
class Told:
    """What a letter may say. ``links`` are paths of the shop or the office; the language comes later.

    ``to`` is the customer or user it is about, ``answers_to`` whom an answer reaches if not the shop, as they wrote it.
    """

    values: Mapping[str, Any]
    links: Mapping[str, str] = field(default_factory=dict)
    to: Recipient | None = None
    document: Document | None = None
    answers_to: Recipient | None = None


Happened = TypeVar("Happened", bound=Event)
Tell = Callable[[Work, Any], Told | None]
_TELL: dict[type[Event], Tell] = {}


def _about(
    kind: type[Happened],
) -> Callable[[Callable[[Work, Happened], Told | None]], Callable[[Work, Happened], Told | None]]:
    def take(tell: Callable[[Work, Happened], Told | None]) -> Callable[[Work, Happened], Told | None]:
        _TELL[kind] = tell
        return tell

    return take


def facts_for(db: Work, event: Event) -> Told | None:
    """Load what the letters of an event may say; ``None`` when there is nothing to say any more."""
    return _TELL[type(event)](db, event)


def paper_of(db: Work, event: Event) -> Document | None:
    """Find the document that goes with the letters of an event."""
    if isinstance(event, OrderPlaced):
        return db.require(Document, event.proforma_id)
    return db.require(Document, event.invoice_id) if isinstance(event, InvoiceIssued) else None


def _to_customer(customer: Customer) -> Recipient:
    return Recipient(email=customer.email, name=customer.full_name, locale=customer.locale, customer_id=customer.id)


def _to_user(user: LoginUser) -> Recipient:
    return Recipient(email=user.email, name=user.name, locale=user.locale, customer_id=user.customer_id)


def _opened(db: Work, sealed: str) -> dict[str, Any]:
    return dict(json.loads(unseal(db.config, sealed, purpose=LETTER, owner=db.reseller_id)))


@_about(SignUpCodeAsked)
def sign_up_code(db: Work, event: SignUpCodeAsked) -> Told:
    """The six digits that open an account."""
    kept = _opened(db, event.sealed)
    return Told(
        values={"code": kept["code"], "until": event.until},
        to=Recipient(email=kept["email"], name=kept["name"], locale=event.locale),
    )


@_about(PasswordResetPrepared)
def password_reset(db: Work, event: PasswordResetPrepared) -> Told:
    """A link for every account of an address."""
    kept = _opened(db, event.sealed)
    accounts = kept["accounts"]
    return Told(
        values={"accounts": accounts, "until": event.until},
        to=Recipient(email=kept["email"], name=accounts[0]["name"], locale=event.locale),
    )


@_about(PasswordChanged)
def password_changed(db: Work, event: PasswordChanged) -> Told:
    """That a password is new: whoever did not do it should hear."""
    user = db.require(LoginUser, event.user_id)
    return Told(values={"login": user.login}, links={"recovery": "/account/recovery"}, to=_to_user(user))


@_about(UserRegistered)
def welcome(db: Work, event: UserRegistered) -> Told | None:
    """A new account of a customer; staff get theirs from a colleague."""
    user = db.require(LoginUser, event.user_id)
    if user.kind != "customer" or user.closed_at is not None:
        return None
    return Told(
        values={"login": user.login, "email": user.email},
        links={"panel": "/panel/", "search": "/search"},
        to=_to_user(user),
    )


@_about(OrderPlaced)
def order_placed(db: Work, event: OrderPlaced) -> Told:
    """What was ordered and how to pay."""
    order = db.require(PurchaseOrder, event.order_id)
    proforma = db.require(Document, event.proforma_id)
    return Told(
        values={
            **_paper(proforma),
            "order_code": order.code,
            "is_paid": proforma.state == "paid",
            "pays_by": order.pays_by,
        },
        links={"pay": f"/pay/{proforma.id}", "order": f"/panel/orders/{order.id}"},
        to=_to_customer(db.require(Customer, order.customer_id)),
        document=proforma,
    )


@_about(InvoiceIssued)
def payment_received(db: Work, event: InvoiceIssued) -> Told:
    """That the money is here, with the invoice."""
    invoice = db.require(Document, event.invoice_id)
    facts = facts_of(invoice)
    order = db.find(PurchaseOrder, invoice.order_id)
    return Told(
        values={
            **_paper(invoice),
            "order_code": order.code if order else "",
            "paid_on": facts.paid.on if facts.paid else invoice.issued_on,
            "means": facts.paid.means if facts.paid else "",
        },
        links={"order": f"/panel/orders/{order.id}" if order else "/panel/documents/"},
        to=_to_customer(db.require(Customer, invoice.customer_id)),
        document=invoice,
    )


def _paper(document: Document) -> dict[str, Any]:
    """Say of a document what a letter repeats."""
    facts = facts_of(document)
    payment = facts.payment
    return {
        "number": document.number,
        "total": document.total,
        "has_vat": bool(facts.vat.minor),
        "due_on": document.due_on,
        "lines": [{"title": line.title, "term": line.term, "gross": line.gross} for line in facts.lines],
        "bank": {
            "account_name": payment.account_name,
            "iban": group_iban(payment.iban),
            "bic": payment.bic,
            "reference": payment.reference,
        }
        if payment
        else None,
    }


@_about(TransferCodeRefused)
def transfer_code_refused(db: Work, event: TransferCodeRefused) -> Told | None:
    """That another code is needed; nothing if it was given meanwhile."""
    operation = db.require(Operation, event.operation_id)
    values, order = _operation(db, operation)
    if order is None or operation.state != "awaiting_code":
        return None
    domain_id = operation.wish.get("domain_id")
    where = f"/panel/domains/{domain_id}" if domain_id else f"/panel/orders/{order.id}"
    return Told(
        values={**values, "until": operation.next_at},
        links={"domain": where},
        to=_to_customer(db.require(Customer, order.customer_id)),
    )


@_about(DomainRegistered)
def domain_registered(db: Work, event: DomainRegistered | DomainTransferred) -> Told:
    """A new name: whose it is, until when, where it points, what it will cost."""
    domain = db.require(Domain, event.domain_id)
    customer = db.require(Customer, domain.customer_id)
    book = price_book(db, group_id=customer.price_group_id)
    renewal = renewal_of(db, db.find(OrderItem, event.order_item_id), domain.ending, book)
    return Told(
        values={
            "domain": domain.name_unicode,
            "domain_ascii": domain.name_ascii,
            "paid_until": domain.paid_until,
            "holder": (db.find(Contact, domain.contact_id) or customer).display_name,
            "nameservers": ", ".join(_host_of(each) for each in domain.nameservers),
            "renewal": renewal and as_paid_by(db, customer, renewal, book),
            "renews_itself": domain.renews_itself,
        },
        links={"domain": f"/panel/domains/{domain.id}"},
        to=_to_customer(customer),
    )


_TELL[DomainTransferred] = domain_registered  # of a name that has come, the same


def _host_of(name_server: Any) -> str:
    return str(name_server.get("host", "")) if isinstance(name_server, dict) else str(name_server)


@_about(OperationFailed)
def operation_failed(db: Work, event: OperationFailed) -> Told | None:
    """Why a name could not be had."""
    operation = db.require(Operation, event.operation_id)
    values, order = _operation(db, operation)
    if order is None:
        return None
    return Told(
        values={
            **values,
            "reason": refusal(event.code, operation.kind),
            "code": event.code,
            "message": operation.error,
        },
        links={
            "order": f"/panel/orders/{order.id}",
            "search": "/search",
            "office_order": f"/reseller/orders/{order.id}",
        },
        to=_to_customer(db.require(Customer, order.customer_id)),
    )


def _operation(db: Work, operation: Operation) -> tuple[dict[str, Any], PurchaseOrder | None]:
    item = db.find(OrderItem, operation.order_item_id)
    order = db.find(PurchaseOrder, item.order_id) if item else None
    customer = db.find(Customer, order.customer_id) if order else None
    values = {
        "domain": operation.wish.get("name_unicode") or operation.subject,
        "kind": operation.kind,
        "order_code": order.code if order else "",
        "customer": customer.display_name if customer else "",
        "customer_email": customer.email if customer else "",
    }
    return values, order


@_about(CreditShort)
def credit_short(db: Work, event: CreditShort) -> Told | None:
    """How much credit is missing for a paid order; nothing if a top-up was faster."""
    operation = db.require(Operation, event.operation_id)
    if operation.state != "on_hold":
        return None
    values, order = _operation(db, operation)
    return Told(
        values={
            **values,
            "needed": Money(event.needed_minor, event.currency),
            "available": Money(event.available_minor, event.currency),
            "missing": Money(event.needed_minor - event.available_minor, event.currency),
        },
        links={"office_order": f"/reseller/orders/{order.id}" if order else "/reseller/"},
    )


@_about(OperationNeedsPeople)
def operation_needs_people(db: Work, event: OperationNeedsPeople) -> Told:
    """A command that nobody knows the end of, or that cannot be sent."""
    operation = db.require(Operation, event.operation_id)
    values, order = _operation(db, operation)
    return Told(
        values={
            **values,
            "reason": reasons.stuck(event.reason),
            "attempts": operation.attempts,
            "reference": str(operation.id),
        },
        links={
            "office_order": f"/reseller/orders/{order.id}" if order else "/reseller/",
            "operations": "/operator/operations/",
        },
    )


@_about(PaymentNeedsPeople)
def payment_needs_people(db: Work, event: PaymentNeedsPeople) -> Told:
    """Money that fits nothing."""
    payment = db.require(Payment, event.payment_id)
    proforma = db.require(Document, payment.proforma_id)
    customer = db.require(Customer, proforma.customer_id)
    return Told(
        values={
            "number": proforma.number,
            "total": proforma.total,
            "amount": Money(payment.amount_minor, payment.currency),
            "reason": reasons.misfit(event.reason),
            "customer": customer.display_name,
            "customer_email": customer.email,
        },
        links={"proforma": f"/reseller/proformas/{proforma.id}"},
    )


@_about(SupplierAccountRefused)
def supplier_refused(_db: Work, event: SupplierAccountRefused) -> Told:
    """That paid names cannot be registered, which part of the account is wrong, and what to do."""
    words = verdict_words(event.verdict)
    return Told(
        values={
            "key_hint": event.key_hint,
            "what": words.what,
            "cure": words.cure,
            "checked_at": event.checked_at,
        },
        links={"supplier": "/reseller/settings/supplier/"},
    )


@_about(SenderCodeAsked)
def sender_code(db: Work, event: SenderCodeAsked) -> Told:
    """The six digits that show whose a sender address is."""
    kept = _opened(db, event.sealed)
    return Told(
        values={"code": kept["code"], "email": kept["email"], "until": event.until},
        links={"settings": "/reseller/settings/"},
        to=Recipient(email=kept["email"], name=kept["name"], locale=event.locale),
    )


@_about(HostVerified)
def host_verified(db: Work, event: HostVerified) -> Told | None:
    """That the shop answers on a name; nothing if it was removed meanwhile."""
    host = db.find(Host, event.host_id)
    if host is None or host.state == "detached":
        return None
    return Told(values={"host": host.name}, links={"host": f"/reseller/hosts/{host.id}"})


@_about(HostFailing)
def host_failing(db: Work, event: HostFailing) -> Told | None:
    """That a name led elsewhere for days, and until when it can be put right."""
    host = db.find(Host, event.host_id)
    if host is None or host.state != "failing":
        return None
    values = {"host": host.name, "since": event.since, "until": event.since + DETACH_AFTER}
    return Told(values=values, links={"host": f"/reseller/hosts/{host.id}"})


@_about(HostDetached)
def host_detached(_db: Work, event: HostDetached) -> Told | None:
    """That a name was given up by itself; whoever removed it by hand knows."""
    if not event.is_by_itself:
        return None
    values = {"host": event.host_name, "until": event.held_until}
    return Told(values=values, links={"host": f"/reseller/hosts/{event.host_id}"})

"""Create and change a customer."""

from uuid import UUID

from sqlalchemy import select

from storefront.core import ids
from storefront.core.alphabet import sort_key
from storefront.core.audit import record
from storefront.core.db import Work
from storefront.core.outbox import publish
from storefront.customers.events import CustomerChanged, CustomerCreated
from storefront.customers.models import Customer
from storefront.customers.postal import changed, tidied, values_of
from storefront.customers.registrants import Registrant
from storefront.customers.vat_id import read_vat_number

CODE_LETTERS = 8
CODE_ATTEMPTS = 5


def create_customer(
    db: Work,
    data: Registrant,
    *,
    locale: str,
    vat_number: str = "",
    company_number: str = "",
    customer_id: UUID | None = None,
) -> Customer:
    """Make somebody who is billed, with a code of their own. Raises ``Refused`` naming the field to mend."""
    tidy = tidied(data)
    customer = Customer(
        **values_of(tidy),
        code=_free_code(db),
        email_key=tidy.email.lower(),
        sort_key=_sorted_by(tidy),
        vat_number=_vat_number(tidy, vat_number),
        company_number=company_number.strip(),
        locale=locale,
        created_at=db.now,
    )
    if customer_id is not None:
        customer.id = customer_id
    db.add(customer)
    db.flush()
    publish(db, CustomerCreated(customer_id=customer.id))
    record(db, "customer.created", customer, after={"code": customer.code, "kind": customer.kind})
    return customer


def change_customer(
    db: Work,
    customer: Customer,
    data: Registrant,
    *,
    vat_number: str,
    company_number: str = "",
) -> None:
    """Take new data; who somebody is by law and the country stay (domains 3.3). Raises ``Refused``."""
    number = _vat_number(data, vat_number)
    before, after = changed(customer, data)
    before |= {"vat_number": customer.vat_number, "company_number": customer.company_number}
    after |= {"vat_number": number, "company_number": company_number.strip()}
    if before == after:
        return
    if number != customer.vat_number:
        customer.vat_check, customer.vat_checked_at = "not_asked", None
    customer.vat_number, customer.company_number = number, company_number.strip()
    customer.email_key = customer.email.lower()
    publish(db, CustomerChanged(customer_id=customer.id))
    record(db, "customer.changed", customer, before=before, after=after)


def _vat_number(data: Registrant, typed: str) -> str:
    """Read the VAT number; a private person has none, whatever a hidden field still held."""
    if data.kind == "individual" or not typed.strip():
        return ""
    return read_vat_number(typed, data.country).text


def _sorted_by(data: Registrant) -> str:
    return sort_key(data.orgname or f"{data.family} {data.given}")


def _free_code(db: Work) -> str:
    for _attempt in range(CODE_ATTEMPTS):
        code = ids.public_code(CODE_LETTERS)
        taken = select(Customer.id).where(Customer.reseller_id == db.reseller_id, Customer.code == code)
        if db.scalar(taken) is None:
            return code
    message = "no free code among 30 ** 8"
    raise RuntimeError(message)


def follow_email(db: Work, customer: Customer, before: str, after: str) -> None:
    """Write to the customer where their account is now, if both had one address; an own one for papers stays."""
    if customer.email_key != before.lower() or customer.email == after:
        return
    customer.email, customer.email_key = after, after.lower()
    publish(db, CustomerChanged(customer_id=customer.id))
    record(db, "customer.changed", customer, before={"email": before}, after={"email": after})

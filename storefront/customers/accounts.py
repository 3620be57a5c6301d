"""Open an account: a customer, the first contact and the first user, in one action."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from storefront.core.db import Work
from storefront.core.problems import Problem, refuse_problems
from storefront.customers.contacts import create_contact
from storefront.customers.models import Customer
from storefront.customers.profiles import create_customer
from storefront.customers.registrants import Registrant, registrant_problems, tidy_registrant
from storefront.customers.vat_id import vat_problem
from storefront.identity.models import LoginUser
from storefront.identity.users import register_user


@dataclass(frozen=True, kw_only=True)
class Application:
    """What somebody typed who wants an account; the password is hashed already."""

    data: Registrant
    locale: str
    password_hash: str
    vat_number: str = ""

    def to_facts(self) -> dict[str, Any]:
        """Return it as JSON can keep it while a code is on its way."""
        return {"data": asdict(self.data), "locale": self.locale, "password_hash": self.password_hash} | {
            "vat_number": self.vat_number,
        }

    @classmethod
    def from_facts(cls, facts: Mapping[str, Any]) -> "Application":
        """Return what ``to_facts`` made."""
        return cls(
            data=Registrant(**facts["data"]),
            locale=facts["locale"],
            password_hash=facts["password_hash"],
            vat_number=facts["vat_number"],
        )


def as_individual_if_so(data: Registrant, vat_number: str) -> tuple[Registrant, str]:
    """Leave out what only organisations have, whatever fields that were out of sight still held."""
    if data.kind != "individual":
        return data, vat_number
    return Registrant(**{**asdict(data), "orgname": ""}), ""


def application_problems(data: Registrant, vat_number: str) -> list[Problem]:
    """Say all that is wrong with what somebody typed, in the order of the form."""
    tidy = tidy_registrant(data)
    vat = vat_problem(vat_number, tidy.country) if vat_number.strip() and tidy.kind != "individual" else None
    return [*registrant_problems(tidy), *([vat] if vat else [])]


def open_account(db: Work, application: Application, *, is_email_confirmed: bool) -> tuple[Customer, LoginUser]:
    """Make customer, contact and user; the customer's code is the login. Raises ``Refused`` with the field."""
    data, vat_number = as_individual_if_so(application.data, application.vat_number)
    refuse_problems(application_problems(data, vat_number))
    customer = create_customer(db, data, locale=application.locale, vat_number=vat_number)
    create_contact(db, customer.id, data, is_default=True)
    user = register_user(
        db,
        customer_id=customer.id,
        login=customer.code,
        email=customer.email,
        name=customer.full_name,
        locale=application.locale,
        password_hash=application.password_hash,
    )
    user.email_confirmed_at = db.now if is_email_confirmed else None
    return customer, user

"""rule: whose name stands in the registry: which facts are required, and how registries want them written."""

import unicodedata
from dataclasses import dataclass, replace

from storefront.core.i18n import Text
from storefront.core.i18n import lazy_gettext as _
from storefront.core.problems import Problem
from storefront.customers.addresses import (
    LONGEST_LINE,
    PLACEHOLDERS,
    Address,
    address_of,
    address_problems,
    one_line,
    tidy_address,
)
from storefront.customers.latin import has_ascii_form, to_ascii
from storefront.customers.phones import phone_problem, read_phone
from storefront.identity.email_addresses import email_problem, read_email

KINDS = ("individual", "company", "association", "publicbody")
# Apostrophes and hyphens as word processors set them.
_SIGNS = {**dict.fromkeys(map(ord, "\u2019\u02bc\u00b4`"), "'"), **dict.fromkeys(map(ord, "\u2010\u2011\u2013"), "-")}


@dataclass(frozen=True, kw_only=True)
class Registrant:
    """Who will hold a name, as a form or a contact gives it; the fields are named as those of a contact.

    For an organisation ``given`` and ``family`` are its representative.
    """

    kind: str
    given: str
    family: str
    street: str
    city: str
    country: str
    email: str
    phone: str
    orgname: str = ""
    street2: str = ""
    postcode: str = ""
    region: str = ""

    @property
    def address(self) -> Address:
        """The postal address alone."""
        return address_of(self)

    @property
    def legal_holder(self) -> str:
        """Who owns the name by law: a filled organisation comes before the person (ICANN Registration Data Policy)."""
        return self.orgname or f"{self.given} {self.family}".strip()


@dataclass(frozen=True, kw_only=True)
class PostalInfo:
    """What EPP sends as ``postalInfo``, all ASCII (type ``int``, RFC 5733, section 3.2.1)."""

    name: str
    organisation: str
    street: tuple[str, ...]
    city: str
    region: str
    postcode: str
    country: str


def kind_names() -> dict[str, Text]:
    """Return the words for each kind of registrant, to choose from."""
    return {
        "individual": _("Private person"),
        "company": _("Company or self-employed person"),
        "association": _("Association"),
        "publicbody": _("Public body"),
    }


def tidy_registrant(registrant: Registrant) -> Registrant:
    """Return a registrant as it should be stored: no needless spaces, codes in shape, number and address normal.

    Numbers and addresses that cannot be read stay as they were typed, so that the form can show them again.
    """
    address = tidy_address(registrant.address)
    phone, email = one_line(registrant.phone), one_line(registrant.email)
    return replace(
        registrant,
        given=one_line(registrant.given).translate(_SIGNS),
        family=one_line(registrant.family).translate(_SIGNS),
        orgname=one_line(registrant.orgname),
        street=address.street,
        street2=address.street2,
        postcode=address.postcode,
        city=address.city,
        region=address.region,
        country=address.country,
        phone=phone if phone_problem(phone, address.country) else _stored_phone(phone, address.country),
        email=email if email_problem(email) else read_email(email).address,
    )


def _stored_phone(typed: str, country: str) -> str:
    phone = read_phone(typed, country)
    return f"{phone.e164} x{phone.extension}" if phone.extension else phone.e164


def registrant_problems(registrant: Registrant) -> list[Problem]:
    """Say all that a registry would send back, in the order of the form; give it a tidied registrant."""
    found = []
    if registrant.kind not in KINDS:
        found.append(Problem("kind", _("Please choose who will hold the name."), "missing"))
    found += _name_problems("given", registrant.given, _("Please type the first name."))
    found += _name_problems("family", registrant.family, _("Please type the last name."))
    found += _organisation_problems(registrant)
    found += address_problems(registrant.address)
    found += [
        problem
        for problem in (email_problem(registrant.email), phone_problem(registrant.phone, registrant.country))
        if problem
    ]
    return [*found, *_latin_problems(registrant, {problem.field for problem in found})]


def _name_problems(field: str, name: str, missing: Text) -> list[Problem]:
    if not any(map(str.isalpha, name)) or name.casefold() in PLACEHOLDERS - {"x", "xx", "no", "na"}:
        return [Problem(field, missing, "missing")]
    if len(name) > LONGEST_LINE:
        return [Problem(field, _("Please shorten this to %(max)s characters.", max=LONGEST_LINE), "too_long")]
    if not all(character in " '-." or unicodedata.category(character)[0] in "LM" for character in name):
        message = _("A name has only letters, spaces, hyphens, dots and apostrophes.")
        return [Problem(field, message, "bad_character")]
    return []


def _organisation_problems(registrant: Registrant) -> list[Problem]:
    name = registrant.orgname
    if registrant.kind == "individual":
        # A filled organisation would become the legal holder instead of the person.
        message = _("For a private person please leave the organisation empty.")
        return [Problem("orgname", message, "not_empty")] if name else []
    if not any(map(str.isalnum, name)) or name.casefold() in PLACEHOLDERS:
        return [Problem("orgname", _("Please type the full legal name of the organisation."), "missing")]
    if len(name) > LONGEST_LINE:
        return [Problem("orgname", _("Please shorten this to %(max)s characters.", max=LONGEST_LINE), "too_long")]
    return []


def _latin_problems(registrant: Registrant, already: set[str]) -> list[Problem]:
    """Object to letters that cannot be carried over into ASCII, such as Chinese: only their owner can spell them."""
    message = _("Please write this in Latin letters too; registries cannot read it otherwise.")
    fields = ("given", "family", "orgname", "street", "street2", "city", "region")
    return [
        Problem(field, message, "not_latin")
        for field in fields
        if field not in already and not has_ascii_form(getattr(registrant, field))
    ]


def international(registrant: Registrant) -> PostalInfo:
    """Return what registries with 7-bit ASCII are sent; show it to the customer, never put it on an invoice."""
    country = registrant.country

    def plain(text: str) -> str:
        return to_ascii(text, country)

    return PostalInfo(
        name=plain(f"{registrant.given} {registrant.family}".strip()),
        organisation=plain(registrant.orgname),
        street=tuple(plain(line) for line in (registrant.street, registrant.street2) if line),
        city=plain(registrant.city),
        region=plain(registrant.region),
        postcode=plain(registrant.postcode),
        country=country,
    )

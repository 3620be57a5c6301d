"""In whose name the lines of a cart are registered, and what the registries still want to know of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from storefront.catalog.eligibility import ContactFacts, objections, questions
from storefront.catalog.extra_fields import ExtraField
from storefront.catalog.tlds import TldRules
from storefront.core.db import Work
from storefront.core.i18n import countries
from storefront.core.i18n import lazy_gettext as _
from storefront.core.problems import Problem
from storefront.customers.contacts import create_contact
from storefront.customers.models import Contact, Customer
from storefront.customers.postal import FIELDS, registrant_of
from storefront.customers.queries import contacts_of
from storefront.customers.registrants import registrant_problems
from storefront.orders.models import CartItem
from storefront.pricing.queries import Shelf

CITIZENSHIP = "citizenship"


@dataclass(frozen=True, kw_only=True)
class Holder:
    """Who will hold one line's name: a contact, or the customer until there is one."""

    item: CartItem
    person: Contact | Customer
    rules: TldRules
    answers: Mapping[str, str]

    @property
    def facts(self) -> ContactFacts:
        """The same as the rules of endings want it."""
        return ContactFacts(
            kind=self.person.kind,
            country=self.person.country,
            citizenship=self.answers.get(CITIZENSHIP, ""),
            phone=self.person.phone,
            extra=self.answers,
        )

    @property
    def data_problems(self) -> list[Problem]:
        """Say what is wrong with the person's own data: another contact, or better data, is needed."""
        asked = {question.key for question in self.questions}
        found = [problem for problem in objections(self.rules, self.facts) if problem.field not in asked]
        if any(question.key == CITIZENSHIP for question in self.questions):
            found = [problem for problem in found if problem.code != "country_not_eligible"]
        return [*registrant_problems(registrant_of(self.person)), *found]

    @property
    def questions(self) -> list[ExtraField]:
        """Return what the registry asks beyond the address, with the one that decides about citizens first."""
        asked = questions(self.rules, self.facts)
        needs_citizenship = (
            self.rules.citizens_eligible
            and self.person.kind == "individual"
            and self.person.country not in self.rules.eligible_countries
        )
        return [_citizenship(), *asked] if needs_citizenship else asked


def _citizenship() -> ExtraField:
    return ExtraField(key=CITIZENSHIP, label=_("Citizenship"), choices=countries())


def holders(db: Work, customer: Customer, items: Sequence[CartItem], shop: Shelf) -> list[Holder]:
    """Say for each line who will hold its name: the chosen contact, else the usual one, else the customer."""
    contacts = {contact.id: contact for contact in contacts_of(db, customer.id)}
    usual: Contact | Customer = next(iter(contacts.values()), customer)
    found = []
    for item in items:
        offered = shop.endings.get(item.ending)
        if offered is None:
            continue
        chosen = contacts.get(item.contact_id) if item.contact_id else None
        person = chosen or usual
        known = {**person.extra, **item.extra} if isinstance(person, Contact) else dict(item.extra)
        found.append(Holder(item=item, person=person, rules=offered.rules, answers=known))
    return found


def open_questions(found: Sequence[Holder]) -> dict[str, list[ExtraField]]:
    """Return by ending what must be asked before payment; what only follows from another answer is asked with it."""
    by_ending: dict[str, list[ExtraField]] = {}
    for holder in found:
        asked = by_ending.setdefault(holder.item.ending, [])
        for question in _with_followers(holder):
            if question.key not in {each.key for each in asked}:
                asked.append(question)
    return {ending: asked for ending, asked in by_ending.items() if asked}


def _with_followers(holder: Holder) -> list[ExtraField]:
    """Return a holder's questions and those that some answer to them would raise: a page without scripts shows all."""
    now = holder.questions
    answers = dict(holder.answers)
    later: list[ExtraField] = []
    for question in now:
        for value, _words in question.choices:
            facts = replace(holder.facts, extra={**answers, question.key: value})
            later += [each for each in questions(holder.rules, facts) if each.only_if is not None]
    keys = {question.key for question in now}
    return [*now, *{each.key: each for each in later if each.key not in keys}.values()]


def answer_problems(holder: Holder, answers: Mapping[str, str]) -> list[Problem]:
    """Say what is wrong with the answers to a registry's questions."""
    with_answers = replace(holder, answers={**holder.answers, **answers})
    keys = {question.key for question in with_answers.questions}
    found = objections(with_answers.rules, with_answers.facts)
    problems = [problem for problem in found if problem.field in keys]
    if CITIZENSHIP in keys:
        problems += [replace_field(problem) for problem in found if problem.code == "country_not_eligible"]
    return problems


def replace_field(problem: Problem) -> Problem:
    """Put the objection to a country beside the question that could have lifted it."""
    return Problem(CITIZENSHIP, problem.message, problem.code)


def contact_for(db: Work, holder: Holder) -> Contact:
    """Return the contact of a line; a customer who has none yet becomes their own first one. Raises ``Refused``."""
    if isinstance(holder.person, Contact):
        return holder.person
    return create_contact(db, holder.person.id, registrant_of(holder.person), is_default=True)


def card_of(contact: Contact) -> dict[str, Any]:
    """Freeze a contact as the registry is told of it."""
    return {name: getattr(contact, name) for name in FIELDS}

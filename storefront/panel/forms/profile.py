"""The customer's own data, a registry contact and language."""

from typing import Any

from storefront.core.i18n import lazy_gettext as _
from storefront.core.problems import Problem
from storefront.customers.models import Contact, Customer
from storefront.customers.postal import LOCKED, registrant_of
from storefront.customers.vat_id import vat_example, vat_problem
from storefront.web.fields import Choice, Pick, options
from storefront.web.forms import Line
from storefront.web.person_form import PersonForm, example


class ContactForm(PersonForm):
    """A new registry contact."""

    kind = Choice(_("Who this is"))


class KnownPersonForm(PersonForm):
    """Data that are there: who somebody is by law is shown and cannot be changed (domains 3.3)."""

    def __init__(self, row: Customer | Contact, *args: Any, **kwargs: Any) -> None:
        known = registrant_of(row)
        super().__init__(*args, obj=row, **kwargs)
        for name in LOCKED:
            # A disabled field is not sent; whatever was sent in its place does not count.
            self[name].data = getattr(known, name)
            self[name].validators = ()
            self[name].render_kw = {"disabled": True}
        self.suit_country()


class ProfileForm(KnownPersonForm):
    """The data of the customer."""

    vat_number = Line(_("VAT number"), longest=40, optional=True)
    locale = Pick(_("Language"))

    def __init__(self, row: Customer, languages: list[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(row, *args, **kwargs)
        self.locale.choices = options(languages)
        # Another address is asked for by a code that is sent to it: panel/profile/security/email.
        self.email.data, self.email.validators, self.email.render_kw = row.email, (), {"disabled": True}
        self.vat_number.flags.optional = True
        self.vat_number.description = example(vat_example(self.chosen_country))

    def problems(self) -> list[Problem]:
        """Say what is wrong beyond shape, the VAT number included."""
        typed = self.vat_number.data or ""
        is_asked = typed and self.kind.data != "individual"
        problem = vat_problem(typed, self.chosen_country) if is_asked else None
        return [*super().problems(), *([problem] if problem else [])]

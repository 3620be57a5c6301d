"""Everything an account needs, and the code that was sent."""

from typing import Any

from storefront.core.i18n import lazy_gettext as _
from storefront.core.problems import Problem
from storefront.customers.accounts import application_problems
from storefront.customers.vat_id import vat_example
from storefront.identity.strength import password_problem
from storefront.web.fields import Hidden, Secret
from storefront.web.forms import Form, Line
from storefront.web.person_form import PersonForm, example


class SignUpForm(PersonForm):
    """Who somebody is, and the password they choose."""

    vat_number = Line(_("VAT number"), longest=40, optional=True)
    password = Secret(_("Password"))
    next = Hidden()

    def __init__(self, *args: Any, shop: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._shop = shop
        self.vat_number.flags.optional = True
        self.vat_number.description = example(vat_example(self.chosen_country))

    def personal(self) -> tuple[str, ...]:
        """Return what the password should not be made of."""
        own = (self.given, self.family, self.orgname, self.email)
        return (*(field.data or "" for field in own), self._shop)

    def problems(self) -> list[Problem]:
        """Say what is wrong beyond shape, the password included."""
        weak = password_problem(self.password.data or "", personal=self.personal())
        return [*application_problems(self.registrant(), self.vat_number.data or ""), *([weak] if weak else [])]


class CodeForm(Form):
    """The code from the letter."""

    code = Line(_("Code from the letter"), longest=20)
    next = Hidden()

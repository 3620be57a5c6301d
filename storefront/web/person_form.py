"""The form of a person or organisation; the parts of the address follow the country."""

from typing import Any

from flask import g, request

from storefront.core.countries import is_country
from storefront.core.i18n import countries
from storefront.core.i18n import lazy_gettext as _
from storefront.core.problems import Problem
from storefront.customers.addresses import address_rules, region_choices
from storefront.customers.phones import phone_example
from storefront.customers.registrants import Registrant, kind_names, registrant_problems, tidy_registrant
from storefront.web.fields import Choice, Pick, options
from storefront.web.forms import Form, Line

# The button that asks for the same form with the address of another country; it works without a script.
CHANGE_COUNTRY = "change_country"
NAMES = ("kind", "given", "family", "orgname", "street", "street2", "postcode", "city", "region", "country", "phone")


class PersonForm(Form):
    """Who somebody is and where; the fields are named as those of ``Registrant``.

    ``PersonForm(data={"country": "FI"})`` begins with a country, ``PersonForm(obj=contact)`` with data that are there.
    No line is "required" for WTForms: the rule says what is missing, in a sentence of its own for each.
    """

    kind = Choice(_("You buy as"))
    given = Line(_("First name"), optional=True)
    family = Line(_("Last name"), optional=True)
    orgname = Line(_("Name of the company or organisation"), optional=True)
    country = Pick(_("Country"))
    street = Line(_("Street and number"), optional=True)
    street2 = Line(_("Further line of the address"), optional=True)
    postcode = Line(_("Postcode"), longest=32, optional=True)
    city = Line(_("City"), optional=True)
    region = Pick(_("State, province or region"))
    phone = Line(_("Phone"), longest=60, optional=True)
    email = Line(_("E-mail"), optional=True)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind.choices = options(kind_names().items())
        self.country.choices = options(countries())
        self.suit_country()

    @property
    def chosen_country(self) -> str:
        """The country as it is chosen now."""
        code = self.country.data or ""
        return code if is_country(code) else ""

    def suit_country(self) -> None:
        """Ask for what addresses of the chosen country have, and for nothing else."""
        rules = address_rules(self.chosen_country)
        self.postcode.flags.optional = not rules.needs_postcode
        self.street2.flags.optional = True
        self.phone.description = example(phone_example(self.chosen_country) if self.chosen_country else "")
        regions = region_choices(self.chosen_country)
        self.region.choices = [("", str(_("Please choose"))), *regions]
        # What the country before had and this one has not is out of sight, so it must not be complained about.
        if self.region.data not in {"", *(code for code, _name in regions)}:
            self.region.data = ""
        if not rules.has_postcodes:
            self.postcode.data = ""

    @property
    def has_regions(self) -> bool:
        """Whether addresses of the chosen country name a region."""
        return bool(region_choices(self.chosen_country))

    @property
    def has_postcodes(self) -> bool:
        """Whether addresses of the chosen country have a code."""
        return address_rules(self.chosen_country).has_postcodes

    def changes_country(self) -> bool:
        """Whether only another country was chosen, and nothing is to be checked or kept yet."""
        if CHANGE_COUNTRY not in request.form:
            return False
        g.refusal = True
        return True

    def registrant(self) -> Registrant:
        """Return what was typed, as it would be stored."""
        values = {name: getattr(self, name).data or "" for name in (*NAMES, "email")}
        if values["kind"] == "individual":
            # The field may be out of sight and still hold something.
            values["orgname"] = ""
        if not self.has_regions:
            values["region"] = ""
        return tidy_registrant(Registrant(**values))

    def validate(self, extra_validators: Any = None) -> bool:
        """Check shape and sense, so that everything to mend is shown at once."""
        is_good = super().validate(extra_validators)
        for problem in self.problems():
            field = self._fields.get(problem.field)
            if field is None:
                self.form_errors.append(str(problem.message))
            elif not field.errors:
                field.errors = [str(problem.message)]
            is_good = False
        return is_good

    def problems(self) -> list[Problem]:
        """Say what is wrong beyond shape."""
        return registrant_problems(self.registrant())


def example(text: str) -> str:
    """Return the hint that shows what a value looks like, nothing if we know none."""
    return str(_("For example %(example)s", example=text)) if text else ""

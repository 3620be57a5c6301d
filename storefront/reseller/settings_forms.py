"""The forms of the settings: one for each section, so that a mistake in one never keeps another from being saved."""

from typing import Any

from wtforms import SelectMultipleField, TextAreaField, ValidationError, widgets
from wtforms.validators import Optional

from storefront.billing.iban import group_iban
from storefront.core.i18n import LOCALES, countries, lazy_words
from storefront.core.i18n import lazy_gettext as _
from storefront.customers.vat_id import vat_example
from storefront.reseller.company import CompanyTerms
from storefront.web.fields import Pick, Tick, options
from storefront.web.forms import Form, Line, at_most
from storefront.web.locale import NATIVE_NAMES
from storefront.web.zones import known_zones
from tenants.models import Reseller


class Lines(TextAreaField):
    """A few lines of text; empty ones and outer spaces go."""

    def __init__(self, label: Any = None, *, longest: int = 2_000, **kwargs: Any) -> None:
        super().__init__(label, [Optional(), at_most(longest)], **kwargs)

    @property
    def lines(self) -> list[str]:
        """The lines that were typed."""
        return [line.strip() for line in (self.data or "").splitlines() if line.strip()]


class Several(SelectMultipleField):
    """Some of a few, each with a box."""

    widget = widgets.ListWidget(prefix_label=False)
    option_widget = widgets.CheckboxInput()

    def pre_validate(self, form: Any) -> None:
        """Refuse what was not offered, in plain words."""
        offered = {choice[0] for choice in self.iter_choices()}
        if not set(self.data or ()) <= offered:
            raise ValidationError(str(_("Please choose one of these.")))


class SectionForm(Form):
    """One of several forms of a page: it reads what was typed only if it is told to."""

    class Meta(Form.Meta):
        """How WTForms behaves here."""

        def wrap_formdata(self, form: Any, formdata: Any) -> Any:
            """Take what is given and nothing else."""
            return formdata


COMPANY = (
    *("name", "legal_name", "street", "postcode", "city", "country", "company_number"),
    *("is_vat_registered", "vat_number", "email", "phone"),
)


class CompanyForm(SectionForm):
    """Who sells."""

    name = Line(_("Name of the shop"), longest=80)
    legal_name = Line(_("Name of the company"), longest=160)
    street = Line(_("Street and number"), longest=160)
    postcode = Line(_("Postcode"), longest=20)
    city = Line(_("City"), longest=80)
    country = Pick(_("Country"))
    company_number = Line(_("Company number"), longest=60, optional=True)
    is_vat_registered = Tick(_("We charge VAT"))
    vat_number = Line(_("VAT number"), longest=40, optional=True)
    email = Line(_("E-mail"), longest=254)
    phone = Line(_("Phone"), longest=40, optional=True)
    legal_lines = Lines(_("Further lines on documents"), longest=500)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.country.choices = options(countries())
        example = vat_example(self.country.data or "")
        self.vat_number.description = str(_("For example %(example)s", example=example)) if example else ""

    def terms(self) -> CompanyTerms:
        """Return what was typed."""
        texts = {name: self[name].data or "" for name in COMPANY if name != "is_vat_registered"}
        charges = bool(self.is_vat_registered.data)
        return CompanyTerms(**texts, is_vat_registered=charges, legal_lines=self.legal_lines.lines)


class BankForm(SectionForm):
    """Where customers pay to."""

    iban = Line(_("IBAN"), longest=60, optional=True)
    bic = Line(_("BIC"), longest=20, optional=True)
    bank_name = Line(_("Bank"), longest=120, optional=True)


class LettersForm(SectionForm):
    """From whom letters come."""

    sender_name = Line(_("Name of the sender"), longest=80, optional=True)
    sender_email = Line(_("Address of the sender"), longest=254, optional=True)
    reply_email = Line(_("Answers go to"), longest=254, optional=True)


class CodeForm(SectionForm):
    """The code that came to the sender's address."""

    code = Line(_("Code"), longest=20)


class NamesForm(SectionForm):
    """What new names begin with."""

    nameservers = Lines(_("Name servers"))


class LanguagesForm(SectionForm):
    """Languages and zone."""

    default_locale = Pick(_("First language"))
    locales = Several(lazy_words("Languages of the shop"))
    zone = Pick(_("Time zone"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = options((tag, NATIVE_NAMES.get(tag, tag)) for tag in LOCALES)
        self.default_locale.choices = self.locales.choices = names
        self.zone.choices = options((zone, zone.replace("_", " ")) for zone in known_zones())


def settings_forms(reseller: Reseller, sent: str = "", typed: Any = None) -> dict[str, SectionForm]:
    """Return every section's form with what is kept; only the one that was sent reads what was typed."""

    def form(section: str, kind: type[SectionForm], /, **kept: Any) -> SectionForm:
        return kind(formdata=typed if section == sent else None, data=kept)

    own = {name: getattr(reseller, name) for name in COMPANY}
    letters = {name: getattr(reseller, name) for name in ("sender_name", "sender_email", "reply_email")}
    spoken = list(reseller.locales) or [reseller.default_locale]
    return {
        "company": form("company", CompanyForm, **own, legal_lines="\n".join(reseller.legal_lines)),
        "bank": form("bank", BankForm, iban=group_iban(reseller.iban), bic=reseller.bic, bank_name=reseller.bank_name),
        "letters": form("letters", LettersForm, **letters),
        "code": form("code", CodeForm),
        "names": form("names", NamesForm, nameservers="\n".join(reseller.settings.get("nameservers", []))),
        "languages": form(
            "languages", LanguagesForm, default_locale=reseller.default_locale, locales=spoken, zone=reseller.zone
        ),
    }

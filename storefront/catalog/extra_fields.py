"""rule: the additional questions that some registries ask, and which answers they take."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from stdnum.exceptions import ValidationError

from storefront.core.i18n import Text
from storefront.core.i18n import lazy_gettext as _

EVERYBODY = frozenset({"individual", "company", "association", "publicbody"})
BODIES = EVERYBODY - {"individual"}
LONGEST_ANSWER = 64


@dataclass(frozen=True, kw_only=True)
class ExtraField:
    """One question; ``choices`` are (value, words), empty for free text.

    It is asked of the registrant kinds in ``kinds`` and, if ``countries`` is not empty, only of people there.
    ``takes`` says whether an answer is possible; ``example`` shows one.
    """

    key: str
    label: Text
    choices: tuple[tuple[str, Text], ...] = ()
    kinds: frozenset[str] = EVERYBODY
    countries: frozenset[str] = frozenset()
    only_if: tuple[str, frozenset[str]] | None = None
    example: str = ""
    takes: Callable[[str], bool] = bool

    @property
    def is_statement(self) -> bool:
        """Whether there is one answer only: something to be ticked, not to be chosen."""
        return len(self.choices) == 1

    def applies(self, kind: str, country: str, answers: Mapping[str, str]) -> bool:
        """Tell whether this question must be answered by such a registrant, given the other answers."""
        if kind not in self.kinds or (self.countries and country not in self.countries):
            return False
        return self.only_if is None or answers.get(self.only_if[0], "") in self.only_if[1]

    def accepts(self, answer: str) -> bool:
        """Tell whether an answer can be right: one of the choices, or the shape and check digits of the number."""
        if not answer or len(answer) > LONGEST_ANSWER or not answer.isprintable():
            return False
        return answer in dict(self.choices) if self.choices else self.takes(answer)


def _matches(pattern: str) -> Callable[[str], bool]:
    compiled = re.compile(pattern, re.ASCII)
    return lambda answer: bool(compiled.fullmatch(answer))


def _siren_or_other(answer: str) -> bool:
    """SIREN (9 digits), SIRET (14), an EU VAT number or a trademark number: digits of the first two are checked."""
    from stdnum.fr import siren, siret  # noqa: PLC0415 - heavy, and only some customers need it

    compact = answer.replace(" ", "")
    if compact.isdigit():
        return bool(siren.is_valid(compact) if len(compact) == 9 else siret.is_valid(compact))  # noqa: PLR2004 - SIREN
    return _matches(r"[A-Z0-9][A-Z0-9 ./-]{3,39}")(answer.upper())


def _checked(country: str, module: str) -> Callable[[str], bool]:
    """Take what python-stdnum's module of a country calls valid."""

    def takes(answer: str) -> bool:
        import importlib  # noqa: PLC0415 - the number modules of 60 countries are not loaded in advance

        try:
            importlib.import_module(f"stdnum.{country}.{module}").validate(answer)
        except ValidationError:
            return False
        return True

    return takes


_OWN_WORDS = _matches(r"[A-Za-z0-9][A-Za-z0-9 ./-]{1,39}")
_COUNTRY = _matches(r"[A-Z]{2}")
_FRANCE = frozenset({"FR", "BL", "GF", "GP", "MF", "MQ", "NC", "PF", "PM", "RE", "WF", "YT"})


@lru_cache(maxsize=1)
def extra_fields() -> Mapping[str, ExtraField]:
    """Return every question by its key."""
    fields = (*_french(), *_italian(), *_american(), *_canadian(), *_northern(), *_eastern(), *_others())
    return {field.key: field for field in fields}


def _french() -> tuple[ExtraField, ...]:
    return (
        ExtraField(
            key="fr_company_id",
            label=_("SIREN, SIRET, VAT or trademark number"),
            kinds=frozenset({"company"}),
            countries=_FRANCE,
            example="732 829 320",
            takes=_siren_or_other,
        ),
        ExtraField(
            key="fr_association_id",
            label=_("Number in the register of associations (RNA)"),
            kinds=frozenset({"association"}),
            countries=_FRANCE,
            example="W123456789",
            takes=_matches(r"W\d{9}"),
        ),
    )


def _italian() -> tuple[ExtraField, ...]:
    return (
        ExtraField(
            key="it_entity_type",
            label=_("Kind of registrant in Italy"),
            choices=(
                ("1", _("Private person")),
                ("2", _("Italian company")),
                ("3", _("Sole trader or professional in Italy")),
                ("4", _("Italian non-profit organisation")),
                ("5", _("Italian public body")),
                ("6", _("Other Italian body")),
                ("7", _("Company or body of another country")),
            ),
        ),
        ExtraField(key="it_nationality", label=_("Nationality"), example="IT", takes=_COUNTRY),
        ExtraField(
            key="it_reg_code",
            label=_("Tax number (codice fiscale or partita IVA), elsewhere an identity or VAT number"),
            example="RSSMRA85T10A562S",
            takes=_OWN_WORDS,
        ),
    )


def _american() -> tuple[ExtraField, ...]:
    return (
        ExtraField(
            key="us_nexus",
            label=_("Connection to the United States"),
            choices=(
                ("C11", _("Citizen of the United States")),
                ("C12", _("Permanent resident of the United States")),
                ("C21", _("Organisation founded in the United States")),
                ("C31", _("Foreign organisation doing business in the United States")),
                ("C32", _("Foreign organisation with an office in the United States")),
            ),
        ),
        ExtraField(
            key="us_nexus_country",
            label=_("Home country of the organisation"),
            only_if=("us_nexus", frozenset({"C31", "C32"})),
            example="DE",
            takes=lambda answer: answer != "US" and _COUNTRY(answer),
        ),
        ExtraField(
            key="us_purpose",
            label=_("What the name is for"),
            choices=(
                ("P1", _("Business")),
                ("P2", _("Non-profit organisation")),
                ("P3", _("Personal use")),
                ("P4", _("Education")),
                ("P5", _("Government")),
            ),
        ),
    )


def _canadian() -> tuple[ExtraField, ...]:
    return (
        ExtraField(
            key="ca_legal_type",
            label=_("Connection to Canada"),
            choices=(
                ("CCT", _("Canadian citizen")),
                ("RES", _("Permanent resident of Canada")),
                ("CCO", _("Canadian corporation")),
                ("ASS", _("Canadian unincorporated association")),
                ("PRT", _("Partnership registered in Canada")),
                ("EDU", _("Canadian educational institution")),
                ("GOV", _("Canadian government")),
                ("TDM", _("Trademark registered in Canada by an owner abroad")),
                ("LGR", _("Legal representative of a Canadian")),
                ("TRS", _("Trust established in Canada")),
                ("PLT", _("Canadian political party")),
                ("LAM", _("Canadian library, archive or museum")),
                ("HOP", _("Canadian hospital")),
                ("TRD", _("Canadian trade union")),
                ("ABO", _("Indigenous person of Canada")),
                ("INB", _("Indian band recognised in Canada")),
                ("OMK", _("Official mark registered in Canada")),
                ("MAJ", _("His Majesty the King")),
            ),
        ),
        ExtraField(
            key="ca_agreement",
            label=_("I accept the registrant agreement of the Canadian registry CIRA."),
            choices=(("yes", _("Yes")),),
        ),
    )


def _northern() -> tuple[ExtraField, ...]:
    nordic = frozenset({"FI"})
    return (
        ExtraField(
            key="se_id_number",
            label=_("Identity or company number with the country before it"),
            example="[SE]556012-5790",
            takes=_matches(r"\[[A-Z]{2}\][0-9A-Za-z .-]{4,30}"),
        ),
        ExtraField(
            key="no_id_number",
            label=_("Norwegian organisation number, or the PID of a person"),
            example="988 077 917",
            takes=lambda answer: _matches(r"N\.PRI\.\d{1,10}")(answer) or _checked("no", "orgnr")(answer),
        ),
        ExtraField(
            key="fi_id_number",
            label=_("Finnish business ID, or the registration number abroad"),
            kinds=BODIES,
            countries=nordic,
            example="2077474-0",
            takes=_checked("fi", "ytunnus"),
        ),
        ExtraField(key="ee_id_number", label=_("Personal or register code"), example="12345678", takes=_OWN_WORDS),
    )


def _eastern() -> tuple[ExtraField, ...]:
    return (
        ExtraField(
            key="sk_id_number", label=_("Company number (IČO)"), kinds=BODIES, example="31333532", takes=_OWN_WORDS
        ),
        ExtraField(
            key="hu_id_number", label=_("Identity card or tax number"), example="12892312-2-41", takes=_OWN_WORDS
        ),
        ExtraField(
            key="ro_id_number", label=_("Personal or fiscal code (CNP or CUI)"), example="18547290", takes=_OWN_WORDS
        ),
    )


def _others() -> tuple[ExtraField, ...]:
    return (
        ExtraField(
            key="es_id_type",
            label=_("Kind of identity number"),
            choices=(
                ("1", _("Spanish NIF or NIE")),
                ("3", _("Spanish card for foreigners")),
                ("0", _("Passport, VAT or other number")),
            ),
        ),
        ExtraField(key="es_id_number", label=_("Identity number"), example="54362315K", takes=_OWN_WORDS),
        ExtraField(
            key="uk_contact_type",
            label=_("Kind of registrant in the United Kingdom"),
            choices=(
                ("IND", _("Private person in the United Kingdom")),
                ("FIND", _("Private person elsewhere")),
                ("LTD", _("British limited company")),
                ("PLC", _("British public limited company")),
                ("LLP", _("British limited liability partnership")),
                ("PTNR", _("British partnership")),
                ("STRA", _("British sole trader")),
                ("RCHAR", _("British registered charity")),
                ("SCH", _("British school")),
                ("FCORP", _("Company elsewhere")),
                ("FOTHER", _("Other organisation elsewhere")),
            ),
        ),
        ExtraField(
            key="uk_company_number",
            label=_("Company number in the United Kingdom"),
            only_if=("uk_contact_type", frozenset({"LTD", "PLC", "LLP"})),
            example="00445790",
            takes=_matches(r"[A-Z]{2}\d{6}|\d{8}"),
        ),
        ExtraField(
            key="https_only",
            label=_("I know that websites under this ending open only with a certificate (https)."),
            choices=(("yes", _("Yes")),),
        ),
    )

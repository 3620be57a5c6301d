"""rule: who may register under an ending, and what is worth knowing before."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from storefront.catalog.extra_fields import ExtraField, extra_fields
from storefront.catalog.tlds import TldRules
from storefront.core.i18n import Text
from storefront.core.i18n import lazy_gettext as _
from storefront.core.problems import Problem


@dataclass(frozen=True, kw_only=True)
class ContactFacts:
    """What a registry wants to know of a registrant; countries are ISO 3166-1 codes, ``extra`` by field key."""

    kind: str
    country: str
    citizenship: str = ""
    phone: str = ""
    extra: Mapping[str, str] = field(default_factory=dict)


def questions(rules: TldRules, facts: ContactFacts) -> list[ExtraField]:
    """Return the additional questions that this registrant must answer for this ending."""
    known = extra_fields()
    asked = [known[key] for key in rules.extra_fields]
    return [one for one in asked if one.applies(facts.kind, facts.country, facts.extra)]


def objections(rules: TldRules, facts: ContactFacts) -> list[Problem]:
    """Say all that stands between a registrant and an ending; an empty list means: may register."""
    ending = "." + rules.unicode
    found = []
    if facts.kind not in rules.registrant_kinds:
        message = _("This kind of registrant cannot hold names under %(ending)s.", ending=ending)
        found.append(Problem("kind", message, "kind_not_eligible"))
    if not _is_from_there(rules, facts):
        found.append(_not_eligible(rules, ending))
    if rules.phone_required and not facts.phone:
        message = _("The registry of %(ending)s requires a phone number.", ending=ending)
        found.append(Problem("phone", message, "phone_required"))
    found.extend(_unanswered(questions(rules, facts), facts.extra, ending))
    return found


def _is_from_there(rules: TldRules, facts: ContactFacts) -> bool:
    countries = rules.eligible_countries
    if not countries or facts.country in countries:
        return True
    # Regulation (EU) 2019/517, article 3: citizens of the Union anywhere; bodies must be established in it.
    return rules.citizens_eligible and facts.kind == "individual" and facts.citizenship in countries


def _not_eligible(rules: TldRules, ending: str) -> Problem:
    if rules.citizens_eligible:
        message = _(
            "%(ending)s is only for people who live in or are citizens of a country of its region, "
            "and for organisations established there.",
            ending=ending,
        )
    else:
        message = _("%(ending)s is only for people and organisations in certain countries.", ending=ending)
    return Problem("country", message, "country_not_eligible")


def _unanswered(asked: Sequence[ExtraField], answers: Mapping[str, str], ending: str) -> list[Problem]:
    found = []
    for question in asked:
        answer = answers.get(question.key, "").strip()
        if not answer and question.is_statement:
            message = _("Please confirm this; the registry of %(ending)s asks for it.", ending=ending)
            found.append(Problem(question.key, message, "missing"))
        elif not answer:
            message = _(
                "Please answer “%(question)s”; the registry of %(ending)s asks for it.", **_words(question, ending)
            )
            found.append(Problem(question.key, message, "missing"))
        elif not question.accepts(answer) and question.example:
            message = _(
                "“%(question)s” is not right yet. It should look like %(example)s.",
                **_words(question, ending),
                example=question.example,
            )
            found.append(Problem(question.key, message, "wrong"))
        elif not question.accepts(answer):
            message = _("Please choose one of the answers to “%(question)s”.", **_words(question, ending))
            found.append(Problem(question.key, message, "wrong"))
    return found


def _words(question: ExtraField, ending: str) -> dict[str, Text]:
    return {"question": question.label, "ending": ending}


def remarks(rules: TldRules) -> list[Text]:
    """Return the sentences to show beside an ending before somebody buys."""
    sentences = _sentences()
    return [sentences[code] for code in rules.notes]


def _sentences() -> dict[str, Text]:
    return {
        "nameservers_checked": _("The registry checks the name servers before it activates the name."),
        "identity_check": _("The registry may ask the registrant for proof of identity."),
        "individuals_hidden": _("The registry does not publish the data of private persons."),
        "renewal_reopens": _("After expiry the name stays blocked for 30 days and can still be renewed."),
        "no_grace": _("There is no grace period: renew before the name expires."),
        "no_privacy": _("The name of the registrant is always published; it cannot be hidden."),
        "https_only": _("Websites under this ending open only with a certificate (https)."),
        "local_link": _("The registrant needs a connection to the place or country of this ending."),
        "local_only": _("Only people and organisations registered in the country can hold names under this ending."),
        "transfer_by_tag": _("A transfer is started at the present registrar, by changing its tag to ours."),
    }

"""The checkout form: how to pay, what to agree to, and what registries want to know; made for one cart."""

from collections.abc import Mapping, Sequence
from typing import Any

from wtforms import Field as WtField

from storefront.catalog.extra_fields import ExtraField
from storefront.core.i18n import Text
from storefront.core.i18n import lazy_gettext as _
from storefront.core.problems import Problem
from storefront.orders.withdrawal import LegalText
from storefront.web.fields import Choice, Hidden, Pick, Tick, options
from storefront.web.forms import Form, Line

BOX, QUESTION = "box_", "q_"


class CheckoutForm(Form):
    """What every checkout asks."""

    once_key = Hidden()
    shown = Hidden()
    terms_shown = Hidden()
    pays_by = Choice(_("How you pay"))
    terms = Tick(_("Terms of service"))
    questions: Mapping[str, Sequence[ExtraField]] = {}
    boxes: Sequence[LegalText] = ()

    @property
    def ticked(self) -> frozenset[str]:
        """The keys of the legal boxes that are ticked."""
        return frozenset(box.key for box in self.boxes if self[BOX + box.key].data)

    def fields_of(self, ending: str) -> list[WtField]:
        """Return the fields of one ending's questions."""
        return [self[name_of(ending, question.key)] for question in self.questions[ending]]

    def answers_for(self, ending: str) -> dict[str, str]:
        """Return what was answered about one ending."""
        return {
            question.key: _answer(question, self[name_of(ending, question.key)].data)
            for question in self.questions.get(ending, ())
        }

    def object_to(self, ending: str, problem: Problem) -> None:
        """Show what is wrong with an answer beside its question."""
        field = self._fields.get(name_of(ending, problem.field))
        if field is None:
            self.form_errors.append(str(problem.message))
        elif not field.errors:
            field.errors = [str(problem.message)]

    def miss(self, name: str, sentence: Text) -> None:
        """Show beside a box that it must be ticked."""
        self[name].errors = [str(sentence)]


def name_of(ending: str, key: str) -> str:
    """Name the field of one question of one ending."""
    return f"{QUESTION}{ending.replace('.', '_')}_{key}"


def checkout_form(boxes: Sequence[LegalText], questions: Mapping[str, Sequence[ExtraField]]) -> type[CheckoutForm]:
    """Make the form for one buyer and one cart."""
    fields: dict[str, Any] = {"questions": questions, "boxes": boxes}
    for box in boxes:
        fields[BOX + box.key] = Tick(box.text)
    for ending, asked in questions.items():
        for question in asked:
            fields[name_of(ending, question.key)] = _field(question)
    return type("CheckoutFormOfCart", (CheckoutForm,), fields)


def _answer(question: ExtraField, typed: object) -> str:
    if question.is_statement:
        return question.choices[0][0] if typed else ""
    return str(typed or "").strip()


def _field(question: ExtraField) -> Any:
    if question.is_statement:
        return Tick(question.label)
    if question.choices:
        return Pick(question.label, choices=options([("", _("Please choose")), *question.choices]))
    example = str(_("For example %(example)s", example=question.example)) if question.example else ""
    return Line(question.label, longest=64, optional=True, description=example)

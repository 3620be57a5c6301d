"""Fields beside Line: passwords, choices, ticks; their labels are translated when shown."""

from collections.abc import Iterable
from typing import Any

from wtforms import (
    BooleanField,
    HiddenField,
    PasswordField,
    RadioField,
    SelectField,
    SelectMultipleField,
    ValidationError,
)
from wtforms.widgets import CheckboxInput, ListWidget

from storefront.core.i18n import Text
from storefront.core.i18n import lazy_gettext as _
from storefront.identity.strength import LONGEST
from storefront.web.forms import at_most, required


def options(pairs: Iterable[tuple[str, Text]]) -> list[tuple[str, str]]:
    """Return pairs of value and words as WTForms wants choices."""
    return [(value, str(words)) for value, words in pairs]


def refuse_other(field: SelectField) -> None:
    """Refuse what was not offered, in plain words."""
    if field.data not in {choice[0] for choice in field.iter_choices()}:
        raise ValidationError(str(_("Please choose one of these.")))


class Secret(PasswordField):
    """A password as it was typed: never filled in again, never trimmed; what is too long is refused, never hashed."""

    def __init__(self, label: Any = None, **kwargs: Any) -> None:
        super().__init__(label, [required(), at_most(LONGEST)], **kwargs)


class Choice(RadioField):
    """One of a few, all of them in sight; set ``choices`` to ``options(…)`` before the form is checked."""

    def __init__(self, label: Any = None, **kwargs: Any) -> None:
        super().__init__(label, **kwargs)

    def pre_validate(self, form: Any) -> None:
        """Refuse what was not offered."""
        refuse_other(self)


class Pick(SelectField):
    """One of many, in a list that opens; set ``choices`` to ``options(…)`` before the form is checked."""

    def __init__(self, label: Any = None, **kwargs: Any) -> None:
        super().__init__(label, **kwargs)

    def pre_validate(self, form: Any) -> None:
        """Refuse what was not offered."""
        refuse_other(self)


class Several(SelectMultipleField):
    """Any of a few, each with its box; set ``choices`` to ``options(…)`` before the form is checked."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()

    def __init__(self, label: Any = None, **kwargs: Any) -> None:
        super().__init__(label, **kwargs)

    def pre_validate(self, form: Any) -> None:
        """Refuse what was not offered."""
        if not set(self.data or ()) <= {choice[0] for choice in self.iter_choices()}:
            raise ValidationError(str(_("Please choose among these.")))


class Tick(BooleanField):
    """Yes or no."""

    def __init__(self, label: Any = None, **kwargs: Any) -> None:
        super().__init__(label, **kwargs)


class Hidden(HiddenField):
    """Something the page carries along; whoever reads it must not trust it."""

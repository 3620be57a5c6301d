"""A field for an amount of money, typed with a point or a comma, whatever the language of the page."""

import re
from typing import Any

from wtforms import ValidationError

from storefront.core.i18n import format_number
from storefront.core.i18n import lazy_gettext as _
from storefront.core.money import Money, exponent
from storefront.web.forms import Line

# Twenty million of any currency with two digits: a column of integers holds a little more.
BELOW = 20_000_000
_SPACES = re.compile(r"[\s\u00a0\u202f']")
# No separators of thousands but spaces: "1,234" may mean either, so it is asked again rather than guessed.
_AMOUNT = re.compile(r"([0-9]{1,9})(?:[.,]([0-9]{1,2}))?")


class Amount(Line):
    """An amount above or equal to zero, and below what a column holds; read it with ``money``."""

    def __init__(self, label: Any = None, *, below: int = BELOW, **kwargs: Any) -> None:
        super().__init__(label, longest=20, **kwargs)
        self._below = below

    def pre_validate(self, form: Any) -> None:
        """Refuse what is no amount."""
        super().pre_validate(form)
        if not self.data:
            return
        found = _AMOUNT.fullmatch(_SPACES.sub("", self.data))
        if found is None:
            raise ValidationError(str(_("Please type an amount such as 250 or 250.50.")))
        if int(found[1]) >= self._below:
            raise ValidationError(str(_("Please type an amount below %(most)s.", most=format_number(self._below))))

    def money(self, currency: str) -> Money:
        """Return what was typed, in a currency; call it only after the form was checked."""
        found = _AMOUNT.fullmatch(_SPACES.sub("", self.data or ""))
        if found is None:
            return Money.zero(currency)
        return Money.of(f"{found[1]}.{found[2] or 0}" if exponent(currency) else found[1], currency)

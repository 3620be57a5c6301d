"""What the transfer pages send: names with their codes, a line each; or the code of one line."""

from collections.abc import Iterator
from contextlib import contextmanager

from flask import g, request
from wtforms import Field as WtField

from storefront.core.errors import Refused
from storefront.core.i18n import lazy_gettext as _
from storefront.provisioning.transfer_codes import LONGEST
from storefront.shop.forms.cart import whole
from storefront.web.fields import Hidden
from storefront.web.forms import Form, Line

MOST = 20
FIRST_SHOWN, MORE_SHOWN = 3, 5
# The button that asks for more lines and nothing else; it works without a script.
MORE = "more"
NAME, CODE = "name_", "code_"


class CodeForm(Form):
    """The code of one name, as its holder got it."""

    code = Line(_("Transfer code"), longest=LONGEST)


class TransferForm(Form):
    """Names with codes; ``shown`` is how many lines the page has."""

    shown = Hidden()
    _current = 0

    @property
    def lines(self) -> list[tuple[WtField, WtField]]:
        """The lines in sight, the written ones always among them."""
        wanted = min(max(whole(self.shown) or 0, 1), MOST)
        last = max((number + 1 for number in range(MOST) if any(self._typed(number))), default=0)
        return [(self[f"{NAME}{number}"], self[f"{CODE}{number}"]) for number in range(max(wanted, last))]

    @property
    def written(self) -> list[tuple[int, str, str]]:
        """Number, name and code of each line that somebody wrote in."""
        return [(number, *self._typed(number)) for number in range(MOST) if any(self._typed(number))]

    def _typed(self, number: int) -> tuple[str, str]:
        return self[f"{NAME}{number}"].data or "", self[f"{CODE}{number}"].data or ""

    def wants_more(self) -> bool:
        """Whether only more lines were asked for, and nothing is to be checked or kept yet."""
        if MORE not in request.form:
            return False
        self.shown.data = str(min(len(self.lines) + MORE_SHOWN, MOST))
        g.refusal = True
        return True

    @contextmanager
    def on_line(self, number: int) -> Iterator[None]:
        """Put what is refused on this line, and go on with the next one."""
        self._current = number
        with self.blames_refusals():
            yield

    def blame(self, refusal: Refused) -> None:
        """Show a refusal beside its field of the line that is looked at."""
        part = CODE if refusal.field == "code" else NAME
        field = self[f"{part}{self._current}"]
        field.errors = [*field.errors, str(refusal.message)]


for _number in range(MOST):
    setattr(TransferForm, f"{NAME}{_number}", Line(_("Name %(num)s", num=_number + 1), longest=1_000, optional=True))
    setattr(TransferForm, f"{CODE}{_number}", Line(_("Its transfer code"), longest=LONGEST, optional=True))

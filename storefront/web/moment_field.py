"""A field for a date and a time, as the clocks of a zone show them."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import g
from wtforms import DateTimeLocalField, ValidationError
from wtforms.validators import Optional

from storefront.core.errors import Refused
from storefront.core.i18n import lazy_gettext as _
from storefront.core.moments import moment_in
from storefront.web.forms import required

_SHAPES = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"]


class Moment(DateTimeLocalField):
    """A date and a time in the zone of the page; read it with ``moment``."""

    def __init__(self, label: Any = None, *, optional: bool = False, **kwargs: Any) -> None:
        super().__init__(label, [Optional() if optional else required()], format=_SHAPES, **kwargs)

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read what was typed, in plain words where it is no moment."""
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(str(_("Please type a date and a time."))) from None

    def pre_validate(self, form: Any) -> None:
        """Refuse an hour that clocks jump over."""
        super().pre_validate(form)
        try:
            self._read()  # says no by raising
        except Refused as no:
            raise ValidationError(str(no.message)) from None

    @property
    def moment(self) -> datetime | None:
        """What was typed, with its zone; ask for it only after the form was checked."""
        return self._read()

    def _read(self) -> datetime | None:
        return None if self.data is None else moment_in(g.zone, self.data, field=self.short_name)


def on_clocks(moment: datetime | None) -> datetime | None:
    """Return a moment as such a field is filled in with."""
    return None if moment is None else moment.astimezone(ZoneInfo(g.zone)).replace(tzinfo=None)

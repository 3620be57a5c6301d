"""How an announcement stands and how grave it is, in words and tones."""

from datetime import datetime

from storefront.core.i18n import Text
from storefront.core.i18n import lazy_gettext as _
from tenants.office_models import Announcement

SEVERITY_WORDS: dict[str, Text] = {
    "info": _("Good to know"),
    "warning": _("Something is slower or later than usual"),
    "danger": _("Something does not work"),
}
SEVERITY_ICONS = {"info": "megaphone", "warning": "clock", "danger": "alert"}


def announcement_state(row: Announcement, now: datetime) -> tuple[Text, str]:
    """Return word and tone of an announcement at a moment."""
    if row.withdrawn_at is not None:
        return _("Withdrawn"), "neutral"
    if row.shown_from > now:
        return _("Planned"), "info"
    if row.shown_until is not None and row.shown_until <= now:
        return _("Over"), "neutral"
    return _("Shown"), "success"

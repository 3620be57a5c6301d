"""Lines of the credit's ledger as people read them, in both offices."""

from collections.abc import Mapping, Sequence
from typing import Any

from storefront.core.i18n import Text
from storefront.core.i18n import lazy_gettext as _
from storefront.core.money import Money
from tenants.models import CreditEntry

KINDS: Mapping[str, Text] = {
    "top_up": _("Topped up"),
    "hold": _("Held for a command"),
    "release": _("Given back: the command failed"),
    "charge": _("Charged"),
}


def entry_rows(entries: Sequence[CreditEntry]) -> list[dict[str, Any]]:
    """Describe entries with their word, note and amount."""
    return [
        {
            "entry": entry,
            "words": KINDS.get(entry.kind, entry.kind),
            "note": entry.note.get("text", ""),
            "amount": Money(entry.amount_minor, entry.currency),
        }
        for entry in entries
    ]

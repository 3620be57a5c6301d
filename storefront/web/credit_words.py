"""Lines of the credit's ledger as people read them, in both offices."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

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


def entry_rows(entries: Sequence[CreditEntry], charged: Collection[UUID]) -> list[dict[str, Any]]:
    """Describe entries with their word, note and amount; what was held for a ``charged`` operation is held no more."""
    return [
        {
            "entry": entry,
            "words": KINDS.get("charge" if entry.operation_id in charged else entry.kind, entry.kind),
            "note": entry.note.get("text", ""),
            "amount": Money(entry.amount_minor, entry.currency),
        }
        for entry in entries
    ]

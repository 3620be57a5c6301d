"""rule: why a supplier refused, in whole sentences for customers, and for staff who have no shorter ones."""

from collections.abc import Mapping
from typing import Final

from storefront.core.i18n import Text
from storefront.core.i18n import lazy_gettext as _

# By what was asked for, and by the supplier's answer (``providers.outcomes.Rejection``).
REFUSALS: Final[Mapping[str, Mapping[str, Text]]] = {
    "register": {
        "name_taken": _("Somebody else registered the name before our order reached the registry."),
        "invalid_param": _("The registry did not accept some of the holder's data."),
        "not_authorised": _("The registry did not let us register this name."),
        "policy": _("The registry's rules do not allow this registration."),
        "unsupported": _("The registry does not offer what was ordered."),
        "premium_price_changed": _("The registry changed its own price for this name after the order."),
    },
    "transfer": {
        "not_found": _("Nobody has this name, so there is nothing to transfer. You can register it instead."),
        "status_prohibits": _("The name is locked at its present provider. Have the transfer lock switched off there."),
        "not_eligible_transfer": _("The name was registered or moved lately. Its registry does not let it move yet."),
        "transfer_refused": _("The present provider, or the holder there, said no to the transfer."),
        "code_not_given": _("The transfer code was wrong, and no other one came in time."),
        "invalid_param": _("The registry did not accept some of the holder's data."),
        "policy": _("The registry's rules do not allow this transfer."),
        "unsupported": _("The registry does not offer what was ordered."),
        "premium_price_changed": _("The registry asks a price of its own for this name."),
    },
}


def refusal(code: str, kind: str = "register") -> Text:
    """Say why a supplier refused; ``code`` is a ``providers.outcomes.Rejection``, ``kind`` what was asked for."""
    if kind == "transfer":
        return REFUSALS[kind].get(code, _("The registry refused the transfer."))
    return REFUSALS["register"].get(code, _("The registry refused the registration."))

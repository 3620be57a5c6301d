"""Why something did not work, in whole sentences for the reader of a letter."""

from storefront.core.i18n import Text
from storefront.core.i18n import lazy_gettext as _


def stuck(reason: str) -> Text:
    """Say why an operation cannot settle itself; what is no word of ours is shown as it came."""
    return _("The registry has not said for a long time what became of it.") if reason == "no_answer" else reason


def misfit(reason: str) -> Text:
    """Say why a payment fits nothing: another amount, or the state its proforma is in."""
    sentences = {
        "amount": _("The amount differs from what the proforma asks for."),
        "paid": _("The proforma was paid already."),
        "cancelled": _("The order was cancelled before the money came."),
        "expired": _("The proforma had expired before the money came."),
    }
    return sentences.get(reason, _("The money fits no open proforma."))

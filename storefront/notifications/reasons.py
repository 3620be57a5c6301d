"""Why something did not work, in whole sentences for the reader of a letter."""

from storefront.core.i18n import Text
from storefront.core.i18n import lazy_gettext as _


def refusal(code: str) -> Text:
    """Say why a supplier refused; ``code`` is one of ``providers.outcomes.Rejection``."""
    sentences = {
        "name_taken": _("Somebody else registered the name before our order reached the registry."),
        "invalid_param": _("The registry did not accept some of the holder's data."),
        "not_authorised": _("The registry did not let us register this name."),
        "policy": _("The registry's rules do not allow this registration."),
        "unsupported": _("The registry does not offer what was ordered."),
        "premium_price_changed": _("The registry changed its own price for this name after the order."),
    }
    return sentences.get(code, _("The registry refused the registration."))


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

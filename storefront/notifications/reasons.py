"""Why something did not work, in whole sentences for the reader of a letter."""

from storefront.core.i18n import Text
from storefront.core.i18n import lazy_gettext as _


def refusal(code: str, kind: str = "register") -> Text:
    """Say why a supplier refused; ``code`` is a ``providers.outcomes.Rejection``, ``kind`` what was asked for."""
    if kind == "transfer":
        return _refused_transfer(code)
    sentences = {
        "name_taken": _("Somebody else registered the name before our order reached the registry."),
        "invalid_param": _("The registry did not accept some of the holder's data."),
        "not_authorised": _("The registry did not let us register this name."),
        "policy": _("The registry's rules do not allow this registration."),
        "unsupported": _("The registry does not offer what was ordered."),
        "premium_price_changed": _("The registry changed its own price for this name after the order."),
    }
    return sentences.get(code, _("The registry refused the registration."))


def _refused_transfer(code: str) -> Text:
    sentences = {
        "not_found": _("Nobody has this name, so there is nothing to transfer. You can register it instead."),
        "status_prohibits": _("The name is locked at its present provider. Have the transfer lock switched off there."),
        "not_eligible_transfer": _("The name was registered or moved lately. Its registry does not let it move yet."),
        "transfer_refused": _("The present provider, or the holder there, said no to the transfer."),
        "code_not_given": _("The transfer code was wrong, and no other one came in time."),
        "invalid_param": _("The registry did not accept some of the holder's data."),
        "policy": _("The registry's rules do not allow this transfer."),
        "unsupported": _("The registry does not offer what was ordered."),
        "premium_price_changed": _("The registry asks a price of its own for this name."),
    }
    return sentences.get(code, _("The registry refused the transfer."))


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

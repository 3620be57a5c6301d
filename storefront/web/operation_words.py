"""Words of both offices: states of operations, why one failed, lines of the log."""

from collections.abc import Mapping

from storefront.core.i18n import Text
from storefront.core.i18n import lazy_gettext as _
from storefront.provisioning.refusals import REFUSALS

# State -> word and tone.
SHOWN_OPERATIONS: Mapping[str, tuple[Text, str]] = {
    "pending": (_("Under way"), "info"),
    "on_hold": (_("Waits for credit"), "warning"),
    "sending": (_("Being sent"), "info"),
    "unknown": (_("No answer yet"), "warning"),
    "awaiting_code": (_("Waits for another code"), "warning"),
    "done": (_("Done"), "success"),
    "failed": (_("Failed"), "danger"),
    "manual": (_("Needs people"), "danger"),
}
KINDS: Mapping[str, Text] = {"register": _("Register"), "renew": _("Renew"), "transfer": _("Transfer")}
REASONS: Mapping[str, Text] = {
    "name_taken": _("Somebody else has the name."),
    "reseller_credit": _("The reseller's credit does not cover it."),
    "given_up": _("Given up by people."),
    "no_answer": _("The registry gave no answer for a day."),
    "bad_auth_code": _("The transfer code is wrong; the customer was asked for another."),
    "code_not_given": _("The transfer code was wrong, and no other one came in time."),
    "status_prohibits": _("The present provider has locked the name."),
    "not_eligible_transfer": _("The name was registered or moved too lately."),
    "transfer_refused": _("The present provider, or the holder, refused the transfer."),
    "not_eligible_renew": _("The registry does not let the name be renewed now."),
    "insufficient_upstream_funds": _("The supplier's account does not cover it."),
}
ACTIONS: Mapping[str, Text] = {
    "order.placed": _("Order placed"),
    "proforma.issued": _("Proforma issued"),
    "proforma.paid": _("Proforma paid"),
    "invoice.issued": _("Invoice issued"),
    "payment.started": _("Payment started"),
    "order_item.refund_noted": _("Money back noted"),
    "operation.tried_again": _("Tried again by hand"),
    "operation.given_up": _("Given up by hand"),
    "operation.code_corrected": _("Another transfer code given"),
    "credit.topped_up": _("Credit topped up"),
    "credit.top_up_asked": _("Credit asked for"),
    "customer.created": _("Account opened"),
    "customer.changed": _("Details changed"),
    "contact.created": _("Contact made"),
    "contact.changed": _("Contact changed"),
    "contact.deleted": _("Contact deleted"),
    "order.cancelled": _("Order cancelled"),
    "order.expired": _("Order expired"),
    "password.changed": _("Password changed"),
    "second_factor.codes_renewed": _("New recovery codes"),
    "second_factor.switched_off": _("Second step switched off"),
    "second_factor.switched_on": _("Second step switched on"),
    "staff.joined": _("Joined the staff"),
    "staff.removed": _("Removed from the staff"),
    "staff.resumed": _("Let in again"),
    "staff.role_changed": _("Another role"),
    "staff.suspended": _("Not let in any more"),
    "user.email_changed": _("E-mail address changed"),
    "user.language_chosen": _("Language chosen"),
    "user.name_chosen": _("Name changed"),
    "user.second_factor_enrolled": _("Second step switched on"),
    "user.registered": _("User made"),
    "user.signed_in": _("Signed in"),
    "user.signed_out": _("Signed out"),
    "reseller.made": _("Shop made, in preparation"),
    "reseller.maintenance_begun": _("Site closed for work"),
    "reseller.maintenance_ended": _("Site opened after work"),
    "reseller.opened": _("Shop opened"),
    "reseller.open": _("Shop reopened"),
    "reseller.suspended": _("Shop suspended"),
    "office.looked": _("The platform's people looked"),
    "wholesale_plan.agreed": _("Plan agreed"),
    "job.run_again": _("Task started again"),
}


def reason_words(code: str, kind: str = "register") -> Text:
    """Say why an operation does not go on, to staff first, else as its customer reads it; else the code as it is."""
    return REASONS.get(code) or REFUSALS.get(kind, {}).get(code, code)


def action_words(action: str) -> Text:
    """Name a line of the log; one without words is shown as it is."""
    return ACTIONS.get(action, action)

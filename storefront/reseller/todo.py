"""The to-do list: found by looking at how the shop stands, never by ticking."""

from dataclasses import dataclass, field
from typing import Any

from storefront.core.i18n import format_money, ngettext
from storefront.core.i18n import gettext as _
from storefront.identity.permissions import Permission
from storefront.reseller.standing import Standing


@dataclass(frozen=True, kw_only=True)
class Thing:
    """One line of the list: what is the matter, what comes of it, where to mend it, and who is concerned."""

    permission: str
    title: str
    text: str
    tone: str
    icon: str
    action: str = ""
    endpoint: str = ""
    values: dict[str, Any] = field(default_factory=dict)


def things_to_do(stands: Standing) -> list[Thing]:
    """List what needs somebody, the most urgent first."""
    return [
        *_about_site(stands),
        *_about_orders(stands),
        *_about_money(stands),
        *_about_people(stands),
        *_about_machinery(stands),
    ]


def _about_site(stands: Standing) -> list[Thing]:
    if not stands.is_closed_for_work:
        return []
    return [
        Thing(
            permission=Permission.PAGES_READ,
            title=_("Your site is in maintenance"),
            text=_("Visitors are told to come back. Open it again as soon as the work is done."),
            tone="warning",
            icon="clock",
            action=_("Look at it"),
            endpoint="reseller.special_pages.list",
        )
    ]


def _about_orders(stands: Standing) -> list[Thing]:
    found = []
    if stands.held_back:
        found.append(_held_back(stands))
    if stands.needs_people:
        found.append(
            Thing(
                permission=Permission.ORDERS_READ,
                title=ngettext(
                    "One command to a registry needs people",
                    "%(num)s commands to registries need people",
                    stands.needs_people,
                ),
                text=_("Nobody knows what came of it. The platform asks the registry; nothing is sent twice."),
                tone="danger",
                icon="alert",
                action=_("Look at them"),
                endpoint="reseller.orders.list",
                values={"state": "attention"},
            )
        )
    if stands.refunds:
        found.append(
            Thing(
                permission=Permission.ORDERS_READ,
                title=ngettext(
                    "One paid name could not be registered",
                    "%(num)s paid names could not be registered",
                    stands.refunds,
                ),
                text=_("Decide with the customer: another name, or the money back. Note it on the order."),
                tone="warning",
                icon="undo",
                action=_("Decide"),
                endpoint="reseller.orders.list",
                values={"state": "attention"},
            )
        )
    return found


def _held_back(stands: Standing) -> Thing:
    title = ngettext("One paid name waits for your credit", "%(num)s paid names wait for your credit", stands.held_back)
    if stands.missing is None:
        text = _("The credit is enough again: they go on by themselves within a minute.")
    else:
        text = _(
            "%(missing)s is missing. As soon as it is there they go on by themselves.",
            missing=format_money(stands.missing),
        )
    return Thing(
        permission=Permission.ORDERS_READ,
        title=title,
        text=text,
        tone="danger",
        icon="wallet",
        action=_("Look at them"),
        endpoint="reseller.orders.list",
        values={"state": "attention"},
    )


def _about_money(stands: Standing) -> list[Thing]:
    found = []
    if stands.strange_payments:
        found.append(
            Thing(
                permission=Permission.BILLING_READ,
                title=ngettext(
                    "One payment fits no proforma", "%(num)s payments fit no proforma", stands.strange_payments
                ),
                text=_("Wrong amount, or for a proforma that is paid or cancelled. Compare with the gateway's books."),
                tone="danger",
                icon="card",
                action=_("Open the proforma") if stands.strange_proforma else "",
                endpoint="reseller.proformas.show" if stands.strange_proforma else "",
                values={"document_id": stands.strange_proforma},
            )
        )
    if stands.late:
        found.append(
            Thing(
                permission=Permission.BILLING_READ,
                title=ngettext("One proforma is late", "%(num)s proformas are late", stands.late),
                text=_("Look at the bank account: what has arrived is confirmed here."),
                tone="warning",
                icon="file",
                action=_("Show them"),
                endpoint="reseller.proformas.list",
                values={"state": "late"},
            )
        )
    if stands.is_low and not stands.held_back:
        found.append(
            Thing(
                permission=Permission.CREDIT_READ,
                title=_("Your credit is low: %(amount)s", amount=format_money(stands.credit)),
                text=_("Paid names wait as soon as it does not cover what the registry takes."),
                tone="warning",
                icon="wallet",
                action=_("Ask for credit"),
                endpoint="reseller.credits.show",
            )
        )
    return found


def _about_people(stands: Standing) -> list[Thing]:
    if not stands.unread_messages:
        return []
    return [
        Thing(
            permission=Permission.CUSTOMERS_READ,
            title=ngettext(
                "One message of a visitor is unread",
                "%(num)s messages of visitors are unread",
                stands.unread_messages,
            ),
            text=_("Somebody wrote through a form of your pages and waits for an answer."),
            tone="info",
            icon="mail",
            action=_("Read them"),
            endpoint="reseller.visitor_messages.list",
            values={"state": "new"},
        )
    ]


def _about_machinery(stands: Standing) -> list[Thing]:
    found = []
    if stands.failed_letters:
        found.append(
            Thing(
                permission=Permission.MESSAGES_READ,
                title=ngettext(
                    "One letter could not be delivered", "%(num)s letters could not be delivered", stands.failed_letters
                ),
                text=_("The address may be wrong. Ask the customer, and send it again."),
                tone="warning",
                icon="mail",
                action=_("Open the messages"),
                endpoint="reseller.messages.list",
                values={"state": "failed"},
            )
        )
    if stands.stuck_jobs:
        found.append(
            Thing(
                permission=Permission.OPERATIONS_READ,
                title=ngettext("One task is stuck", "%(num)s tasks are stuck", stands.stuck_jobs),
                text=_("The platform's people see it too and start it again when its cause is gone."),
                tone="warning",
                icon="gear",
            )
        )
    return found

"""Events of those who sign in -> what their letters may say; registered beside those of facts.py."""

from typing import Any, Final

from storefront.core.db import Work
from storefront.core.events import Event
from storefront.core.i18n import Text
from storefront.core.i18n import lazy_gettext as _
from storefront.customers.events import AgreementChanges, AgreementStays
from storefront.customers.models import Customer
from storefront.identity.browsers import browser_name
from storefront.identity.events import (
    EmailChangeAsked,
    EmailChanged,
    NewBrowserSeen,
    OwnCodeAsked,
    RecoveryCodesLow,
    SecondFactorChanged,
    StaffChanged,
    StaffInvited,
)
from storefront.identity.models import LoginUser, StaffInvitation
from storefront.identity.permissions import Role, role_names
from storefront.notifications.compose import Written
from storefront.notifications.facts import Recipient, Told, _about, _opened, _to_customer, _to_user
from tenants.events import VisitorWrote

CORNERS: Final = {"customer": "/panel/profile/security", "staff": "/reseller/profile/security"}


def _corner(user: LoginUser) -> dict[str, str]:
    """Return where somebody changes how they sign in; operators do it on their machine."""
    return {"security": CORNERS.get(user.kind, "/operator/"), "recovery": "/account/recovery"}


def _of_user(db: Work, event: Any, **values: Any) -> Told | None:
    """Tell somebody about their own account, unless it is closed."""
    user = db.require(LoginUser, event.user_id)
    if user.closed_at is not None:
        return None
    return Told(values={"login": user.login, **values}, links=_corner(user), to=_to_user(user))


@_about(OwnCodeAsked)
def own_code(db: Work, event: OwnCodeAsked) -> Told | None:
    """Six digits to the address an account has."""
    return _of_user(db, event, code=_opened(db, event.sealed)["code"], until=event.until)


@_about(SecondFactorChanged)
def second_factor_changed(db: Work, event: SecondFactorChanged) -> Told | None:
    """That a second factor was switched on or off: whoever did not do it should hear."""
    return _of_user(db, event, factor=factor_word(event.factor), is_on=event.is_on)


@_about(RecoveryCodesLow)
def recovery_codes_low(db: Work, event: RecoveryCodesLow) -> Told | None:
    """That a recovery code was used, and how many are left."""
    return _of_user(db, event, left=event.left)


@_about(NewBrowserSeen)
def new_browser(db: Work, event: NewBrowserSeen) -> Told | None:
    """That somebody of an office came in with a browser that was not seen before."""
    return _of_user(db, event, browser=browser_name(event.browser), address=event.address)


@_about(EmailChangeAsked)
def email_change_code(db: Work, event: EmailChangeAsked) -> Told:
    """Six digits to the address an account is to have."""
    kept = _opened(db, event.sealed)
    return Told(
        values={"code": kept["code"], "until": event.until},
        to=Recipient(email=kept["email"], name=kept["name"], locale=event.locale),
    )


@_about(EmailChanged)
def email_changed(db: Work, event: EmailChanged) -> Told:
    """A word to the address an account had."""
    user, kept = db.require(LoginUser, event.user_id), _opened(db, event.sealed)
    to = Recipient(email=kept["before"], name=user.name, locale=user.locale, customer_id=user.customer_id)
    return Told(values={"login": user.login, "after": kept["after"]}, links={"home": "/"}, to=to)


@_about(StaffInvited)
def staff_invitation(db: Work, event: StaffInvited) -> Told | None:
    """A link to join the staff; nothing if it was withdrawn meanwhile."""
    row, kept = db.require(StaffInvitation, event.invitation_id), _opened(db, event.sealed)
    if row.withdrawn_at is not None or row.accepted_at is not None:
        return None
    return Told(
        values={"link": kept["link"], "by": row.invited_by, "role": role_word(row.role), "until": event.until},
        to=Recipient(email=kept["email"], name="", locale=row.locale),
    )


@_about(StaffChanged)
def staff_changed(db: Work, event: StaffChanged) -> Told:
    """What became of a colleague, for the owners."""
    user = db.require(LoginUser, event.user_id)
    sentences = {
        "joined": _("Somebody joined: %(name)s", name=user.name),
        "role": _("Another role: %(name)s", name=user.name),
        "suspended": _("Suspended: %(name)s", name=user.name),
        "resumed": _("Let in again: %(name)s", name=user.name),
        "removed": _("Removed: %(name)s", name=user.name),
    }
    values = {"what": sentences[event.change], "email": user.email, "role": role_word(event.role), "by": event.by}
    return Told(values=values, links={"staff": "/reseller/staff/"})


@_about(AgreementChanges)
def agreement_changes(db: Work, event: AgreementChanges) -> Told | None:
    """That a document which a customer accepted comes in another edition: which, from when, where to read it."""
    customer = db.require(Customer, event.customer_id)
    if customer.closed_at is not None:
        return None
    links = {"read": event.path, "changes": event.changes_path or event.path}
    return Told(
        values={
            "document": event.title,
            "label": event.label,
            "in_force_at": event.in_force_at,
            "is_in_force": event.in_force_at <= db.now,
            "has_changes": bool(event.changes_path),
        },
        links=links,
        to=_to_customer(customer),
    )


@_about(AgreementStays)
def agreement_stays(db: Work, event: AgreementStays) -> Told | None:
    """That an edition which was announced to a customer does not come: which, and where to read what holds."""
    customer = db.require(Customer, event.customer_id)
    if customer.closed_at is not None:
        return None
    values = {"document": event.title, "label": event.label, "in_force_at": event.in_force_at}
    return Told(values=values, links={"read": event.path}, to=_to_customer(customer))


@_about(VisitorWrote)
def visitor_wrote(db: Work, event: VisitorWrote) -> Told:
    """What a visitor wrote through a form of a page, for those who look after customers."""
    kept = _opened(db, event.sealed)
    asked = ("email", "topic", "phone", "page")
    return Told(
        values={"visitor": kept["name"], "words": Written(kept["words"]), **{name: kept[name] for name in asked}},
        links={"message": f"/reseller/visitor-messages/{event.message_id}"},
        answers_to=Recipient(email=kept["email"], name=kept["name"], locale=""),
    )


def factor_word(factor: str) -> Text:
    """Name a second factor."""
    words = {
        "authenticator": _("Codes of an authenticator app"),
        "email": _("Codes by e-mail"),
        "passkey": _("A passkey"),
    }
    return words.get(factor, _("A second step"))


def role_word(role: str) -> Text:
    """Name a role; one that we no longer have is shown as it stands."""
    return role_names()[Role(role)] if role in set(Role) else role


TOLD: Final[frozenset[type[Event]]] = frozenset(
    {
        OwnCodeAsked,
        SecondFactorChanged,
        RecoveryCodesLow,
        NewBrowserSeen,
        EmailChangeAsked,
        EmailChanged,
        StaffInvited,
        StaffChanged,
        VisitorWrote,
        AgreementChanges,
        AgreementStays,
    }
)

"""Events about those who sign in, with the rows that their letters are about."""

from datetime import timedelta

from storefront.core import ids
from storefront.core.db import Work
from storefront.core.events import Event
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
from tests import factories

CODE = "204816"
ABOUT_A_USER = frozenset(
    {"own_code", "second_factor_changed", "recovery_codes_low", "new_browser", "email_change_code", "email_changed"}
)
ABOUT_STAFF = frozenset({"staff_invitation", "staff_changed"})


def event_about_user(db: Work, letter: str, user: LoginUser, sealed: dict[str, str]) -> Event:
    """Return an event about one account; ``sealed`` is what only its letter may say, by the letter's name."""
    until = db.now + timedelta(minutes=10)
    events: dict[str, Event] = {
        "own_code": OwnCodeAsked(user_id=user.id, locale=user.locale, until=until, sealed=sealed["code"]),
        "second_factor_changed": SecondFactorChanged(user_id=user.id, factor="passkey", is_on=True),
        "recovery_codes_low": RecoveryCodesLow(user_id=user.id, left=2),
        "new_browser": NewBrowserSeen(user_id=user.id, browser="Firefox/150.0 Linux", address="192.0.2.7"),
        "email_change_code": EmailChangeAsked(
            user_id=user.id, locale=user.locale, until=until, sealed=sealed["new_address"]
        ),
        "email_changed": EmailChanged(user_id=user.id, sealed=sealed["addresses"]),
    }
    return events[letter]


def event_about_staff(db: Work, letter: str, email: str, sealed: str) -> Event:
    """Return an event about a colleague; ``sealed`` holds the address and the link of an invitation."""
    if letter == "staff_changed":
        user = factories.make_user(db, kind="staff", role="sales", email=email, suspended_at=db.now)
        return StaffChanged(user_id=user.id, change="suspended", role="sales", by="Mika")
    row = db.add(
        StaffInvitation(
            email=email,
            email_key=email,
            role="content",
            locale="en",
            token_hash=ids.token(),
            invited_by="Mika",
            created_at=db.now,
            sent_at=db.now,
            until=db.now + timedelta(days=7),
        )
    )
    db.flush()
    return StaffInvited(invitation_id=row.id, until=row.until, sealed=sealed)

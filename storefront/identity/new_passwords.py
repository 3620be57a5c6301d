"""Choose a password: checked for strength, hashed without a database connection held, changed."""

from collections.abc import Iterable
from uuid import UUID

from storefront.core.audit import record
from storefront.core.db import Work
from storefront.core.errors import Refused
from storefront.core.i18n import lazy_gettext as _
from storefront.core.outbox import publish
from storefront.core.problems import refuse_problems
from storefront.identity import secret_codes
from storefront.identity.events import PasswordChanged
from storefront.identity.known_browsers import trust_no_browser
from storefront.identity.models import LoginUser
from storefront.identity.passwords import hash_password, is_password
from storefront.identity.sessions import end_sessions_of
from storefront.identity.strength import FIELD, password_problem

# The purpose of links to choose a new password (recovery.py).
RESET = "reset"


def personal_facts(user: LoginUser, *more: str) -> tuple[str, ...]:
    """Return what a password of this user should not be made of."""
    return (user.login, user.email, user.name, *more)


def checked_hash(password: str, *, personal: Iterable[str] = (), field: str = FIELD) -> str:
    """Check a new password and hash it. Raises ``Refused`` for a weak one, ``TooMany`` when too many come at once."""
    problem = password_problem(password, personal=personal, field=field)
    refuse_problems([problem] if problem else [])
    return hash_password(password)


def hash_new_password(db: Work, password: str, *, personal: Iterable[str] = (), field: str = FIELD) -> str:
    """Do the same for a page: gives the database connection back first, so call it before anything is changed."""
    db.rest()
    return checked_hash(password, personal=personal, field=field)


def check_own_password(db: Work, user: LoginUser, password: str, *, field: str) -> None:
    """Make sure that the person at the keyboard is the owner. Ends the read of this Work; raises ``Refused``."""
    stored = user.password_hash
    db.rest()
    if not is_password(password, stored):
        raise Refused(_("This is not your present password."), field=field)


def change_password(
    db: Work, user: LoginUser, password_hash: str, *, by: str, keep_session: UUID | None = None
) -> None:
    """Set a new password (from ``hash_new_password``): other browsers are signed out, an account at rest wakes.

    Links to choose another one are void; sign-ins under way know by the password's print that they began with the old.
    """
    # Before the user is written, as a reset does it, so that both at once do not wait for each other for ever.
    secret_codes.void(db, RESET, user.id)
    user.password_hash = password_hash
    user.failed_sign_ins, user.locked_until = 0, None
    end_sessions_of(db, user.id, but=keep_session)
    trust_no_browser(db, user)
    publish(db, PasswordChanged(user_id=user.id, by=by))
    record(db, "password.changed", user, after={"by": by})

"""What an owner changes about colleagues: role, suspension, the end; somebody must always stay who owns the shop."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from storefront.core.audit import record
from storefront.core.db import Work
from storefront.core.errors import NotFound, Refused
from storefront.core.i18n import lazy_gettext as _
from storefront.core.outbox import publish
from storefront.identity.events import StaffChanged
from storefront.identity.invitations import withdraw_of
from storefront.identity.known_browsers import trust_no_browser
from storefront.identity.models import LoginUser
from storefront.identity.permissions import STAFF_ROLES, Permission, Role, can
from storefront.identity.sessions import end_sessions_of


def colleagues(db: Work) -> Sequence[LoginUser]:
    """List who works here, suspended ones too, in the order they came."""
    staff = select(LoginUser).where(LoginUser.reseller_id == db.reseller_id, LoginUser.kind == "staff")
    return db.scalars(staff.where(LoginUser.closed_at.is_(None)).order_by(LoginUser.created_at, LoginUser.id))


def require_colleague(db: Work, user_id: UUID) -> LoginUser:
    """Return somebody who works here. Raises ``NotFound``."""
    user = db.require(LoginUser, user_id)
    if user.kind != "staff" or user.closed_at is not None:
        raise NotFound
    return user


def change_role(db: Work, user: LoginUser, role: str, *, by: str) -> None:
    """Let somebody do other things from now on. Raises ``Refused`` for the last owner."""
    if role not in STAFF_ROLES:
        raise Refused(_("Please choose one of the roles."), field="role")
    if role == user.role:
        return
    _keep_an_owner(db, user, field="role")
    before, user.role = user.role, str(role)
    if not can(user.role, Permission.STAFF_MANAGE):
        withdraw_of(db, user)
    publish(db, StaffChanged(user_id=user.id, change="role", role=user.role, by=by))
    record(db, "staff.role_changed", user, before={"role": before}, after={"role": user.role})


def suspend(db: Work, user: LoginUser, *, by: str) -> None:
    """Keep somebody out from this moment on, until they are let in again. Raises ``Refused`` for the last owner."""
    _refuse_oneself(db, user)
    if user.suspended_at is not None:
        raise Refused(_("This account is suspended already."))
    _keep_an_owner(db, user)
    user.suspended_at = db.now
    _sign_out(db, user)
    publish(db, StaffChanged(user_id=user.id, change="suspended", role=user.role, by=by))
    record(db, "staff.suspended", user, before={"suspended": False}, after={"suspended": True})


def resume(db: Work, user: LoginUser, *, by: str) -> None:
    """Let somebody in again. Raises ``Refused`` for somebody who is not suspended."""
    if user.suspended_at is None:
        raise Refused(_("This account is not suspended."))
    user.suspended_at = None
    publish(db, StaffChanged(user_id=user.id, change="resumed", role=user.role, by=by))
    record(db, "staff.resumed", user, before={"suspended": True}, after={"suspended": False})


def remove(db: Work, user: LoginUser, *, by: str) -> None:
    """Close somebody's account for good; the log keeps what they did. Raises ``Refused`` for the last owner."""
    _refuse_oneself(db, user)
    _keep_an_owner(db, user)
    user.closed_at = db.now
    # The same person may be invited again one day, with the same login.
    user.login_key = f"closed {user.id}"
    _sign_out(db, user)
    publish(db, StaffChanged(user_id=user.id, change="removed", role=user.role, by=by))
    record(db, "staff.removed", user, before={"login": user.login, "role": user.role}, after={"role": ""})


def _refuse_oneself(db: Work, user: LoginUser) -> None:
    if db.actor.id == user.id:
        raise Refused(_("This is your own account. Another owner can do this for you."))


def _sign_out(db: Work, user: LoginUser) -> None:
    end_sessions_of(db, user.id)
    trust_no_browser(db, user)
    withdraw_of(db, user)


def _keep_an_owner(db: Work, user: LoginUser, *, field: str | None = None) -> None:
    """Refuse to lose the last owner, also when two owners send each other away at the same moment."""
    # In one order, so that two who do this at once wait for each other instead of for ever.
    owners = [db.lock(each) for each in sorted(colleagues(db), key=lambda each: each.id) if each.role == Role.OWNER]
    acting = [each for each in owners if _acts(each)]
    if _acts(user) and acting == [user]:
        raise Refused(_("Somebody must own the shop. Make somebody else an owner first."), field=field)


def _acts(user: LoginUser) -> bool:
    return user.role == Role.OWNER and user.closed_at is None and user.suspended_at is None

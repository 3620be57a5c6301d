"""Staff come by letter: a link good once for seven days, sent again or withdrawn, accepted with name and password."""

import json
from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import Select, select, update
from sqlalchemy.exc import IntegrityError

from storefront.core import ids
from storefront.core.audit import AuditEntry, record
from storefront.core.db import Work
from storefront.core.errors import Refused
from storefront.core.i18n import LOCALES, Text
from storefront.core.i18n import lazy_gettext as _
from storefront.core.limits import spend
from storefront.core.outbox import publish
from storefront.core.sealing import hash_token, seal
from storefront.identity import secret_codes
from storefront.identity.email_addresses import read_email
from storefront.identity.events import LETTER, StaffChanged, StaffInvited
from storefront.identity.models import LoginUser, StaffInvitation
from storefront.identity.permissions import STAFF_ROLES
from storefront.identity.users import register_user

LASTS = timedelta(days=7)
# Where the token goes in the address that the page hands over.
TOKEN_PLACE = "TOKEN"  # noqa: S105 - a placeholder


def invite(db: Work, email: str, role: str, *, locale: str, link: str, by: str) -> StaffInvitation:
    """Invite somebody to work here; ``link`` is the address of the page with ``TOKEN`` in it.

    Raises ``Refused`` for somebody who works here or is invited already, and ``TooMany``.
    """
    address = read_email(email)
    if role not in STAFF_ROLES:
        raise Refused(_("Please choose one of the roles."), field="role")
    if locale not in LOCALES:
        raise Refused(_("Please choose one of the languages."), field="locale")
    staff = select(LoginUser.id).where(LoginUser.reseller_id == db.reseller_id, LoginUser.kind == "staff")
    if db.scalar(staff.where(LoginUser.email_key == address.key, LoginUser.closed_at.is_(None)).limit(1)) is not None:
        raise Refused(_("Somebody with this address works here already."), field="email")
    row = StaffInvitation(
        email=address.address,
        email_key=address.key,
        role=str(role),
        locale=locale,
        token_hash="",
        invited_by=by,
        created_at=db.now,
        sent_at=db.now,
        until=db.now,
    )
    if db.scalar(_open().where(StaffInvitation.email_key == address.key)) is not None:
        raise Refused(_twice(), field="email")
    try:
        with db.session.begin_nested():
            db.add(row)
    except IntegrityError as error:
        raise Refused(_twice(), field="email") from error
    _send(db, row, link)
    record(db, "staff.invited", row, after={"email": row.email, "role": row.role})
    return row


def _twice() -> Text:
    return _("This address is invited already. Send the letter again, or withdraw it first.")


def _open() -> Select[StaffInvitation]:
    return select(StaffInvitation).where(StaffInvitation.accepted_at.is_(None), StaffInvitation.withdrawn_at.is_(None))


def send_again(db: Work, row: StaffInvitation, *, link: str) -> None:
    """Send another letter with another link; the one before is void. Raises ``Refused`` and ``TooMany``."""
    row = _require_open(db, row)
    _send(db, row, link)
    record(db, "staff.invited_again", row, after={"email": row.email})


def _send(db: Work, row: StaffInvitation, link: str) -> None:
    spend(db.config, db.config.mail_rate, "invitation", str(db.reseller_id), row.email_key)
    token = ids.token()
    row.token_hash, row.sent_at, row.until = hash_token(token), db.now, db.now + LASTS
    db.flush()
    letter = json.dumps({"email": row.email, "link": link.replace(TOKEN_PLACE, token)})
    sealed = seal(db.config, letter, purpose=LETTER, owner=db.reseller_id)
    publish(db, StaffInvited(invitation_id=row.id, until=row.until, sealed=sealed))


def withdraw(db: Work, row: StaffInvitation) -> None:
    """Make an invitation useless. Raises ``Refused`` when it was accepted meanwhile."""
    _withdraw(db, _require_open(db, row))


def _withdraw(db: Work, row: StaffInvitation) -> None:
    row.withdrawn_at = db.now
    record(db, "staff.invitation_withdrawn", row, after={"email": row.email})


def withdraw_of(db: Work, inviter: LoginUser) -> None:
    """Withdraw what somebody invited, or wrote to again, who may not invite any more; the log knows who it was."""
    asked = select(AuditEntry.subject_id).where(
        AuditEntry.reseller_id == db.reseller_id,
        AuditEntry.subject_kind == StaffInvitation.__name__,
        AuditEntry.action.in_(("staff.invited", "staff.invited_again")),
        AuditEntry.actor_id == inviter.id,
    )
    db.flush()
    open_ones = _open().where(StaffInvitation.reseller_id == db.reseller_id, StaffInvitation.id.in_(asked))
    for row in db.scalars(open_ones.order_by(StaffInvitation.id)):
        held = db.lock(row)
        if held.accepted_at is None and held.withdrawn_at is None:
            _withdraw(db, held)


def _require_open(db: Work, row: StaffInvitation) -> StaffInvitation:
    row = db.lock(row)
    if row.accepted_at is not None or row.withdrawn_at is not None:
        raise Refused(_("This invitation was accepted or withdrawn meanwhile."))
    return row


def open_invitations(db: Work) -> Sequence[StaffInvitation]:
    """List the invitations nobody has accepted yet, too old ones too, the latest first."""
    return db.scalars(
        _open().where(StaffInvitation.reseller_id == db.reseller_id).order_by(StaffInvitation.sent_at.desc())
    )


def find_invitation(db: Work, token: str) -> StaffInvitation | None:
    """Return the invitation of a link while it is good; looking does not use it up, since mail scanners look."""
    if not token or len(token) > secret_codes.LONGEST_TOKEN:
        return None
    return db.scalar(
        _open()
        .where(StaffInvitation.reseller_id == db.reseller_id, StaffInvitation.token_hash == hash_token(token))
        .where(StaffInvitation.until > db.now)
    )


def accept(db: Work, token: str, *, name: str, login: str, locale: str, password_hash: str) -> LoginUser:
    """Join the staff: of many who use one link at once, one gets in. Raises ``Refused``."""
    row = find_invitation(db, token)
    if row is None:
        raise Refused(spent())
    use_up = (
        update(StaffInvitation)
        .where(StaffInvitation.reseller_id == db.reseller_id, StaffInvitation.id == row.id)
        .where(StaffInvitation.accepted_at.is_(None), StaffInvitation.withdrawn_at.is_(None))
        .where(StaffInvitation.token_hash == hash_token(token), StaffInvitation.until > db.now)
        .values(accepted_at=db.now)
    )
    if secret_codes.rows_changed(db, use_up) != 1:
        raise Refused(spent())
    user = register_user(
        db, role=row.role, login=login, email=row.email, name=name, locale=locale, password_hash=password_hash
    )
    user.email_confirmed_at = db.now
    publish(db, StaffChanged(user_id=user.id, change="joined", role=user.role, by=row.invited_by))
    record(db, "staff.joined", user, after={"role": user.role, "email": user.email})
    return user


def spent() -> Text:
    """Say that a link is of no use any more."""
    return _("This invitation was used already, withdrawn, or is older than seven days. Please ask for a new one.")

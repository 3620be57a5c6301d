"""Another address for an account: a code to the new one, a notice to the one before."""

import json
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select

from storefront.core.audit import AuditEntry, record
from storefront.core.db import Work
from storefront.core.errors import Refused
from storefront.core.i18n import current_locale
from storefront.core.i18n import lazy_gettext as _
from storefront.core.limits import spend
from storefront.core.outbox import publish
from storefront.core.sealing import seal, unseal
from storefront.identity import recovery, secret_codes
from storefront.identity.email_addresses import EmailAddress, read_email
from storefront.identity.events import LETTER, EmailChangeAsked, EmailChanged
from storefront.identity.models import LoginUser, SecretCode
from storefront.identity.typed_codes import make_code, take_code

PURPOSE = "email_change"
LASTS = timedelta(minutes=30)
CHANGED = "user.email_changed"


def ask_email_change(db: Work, user: LoginUser, email: str) -> EmailAddress:
    """Send a code to a new address; the account keeps the one it has until it is typed. Raises ``Refused``."""
    address = read_email(email)
    if address.address == user.email:
        raise Refused(_("This is the address your account has already."), field="email")
    spend(db.config, db.config.mail_rate, PURPOSE, str(db.reseller_id), str(user.id))
    secret_codes.void(db, PURPOSE, user.id)
    facts = {"sealed": seal(db.config, address.address, purpose=PURPOSE, owner=db.reseller_id)}
    row, _token = secret_codes.issue(db, PURPOSE, lasts=LASTS, user_id=user.id, email_key=address.key, facts=facts)
    letter = {"email": address.address, "name": user.name, "code": make_code(db, row)}
    sealed = seal(db.config, json.dumps(letter), purpose=LETTER, owner=db.reseller_id)
    publish(db, EmailChangeAsked(user_id=user.id, locale=current_locale(), until=row.until, sealed=sealed))
    return address


def find_email_change(db: Work, user: LoginUser) -> tuple[SecretCode, str] | None:
    """Return the change that waits for its code, with the new address."""
    row = db.scalar(
        select(SecretCode)
        .where(SecretCode.reseller_id == user.reseller_id, SecretCode.purpose == PURPOSE)
        .where(SecretCode.user_id == user.id, SecretCode.used_at.is_(None), SecretCode.until > db.now)
        .order_by(SecretCode.created_at.desc())
        .limit(1),
    )
    if row is None:
        return None
    return row, unseal(db.config, row.facts["sealed"], purpose=PURPOSE, owner=user.reseller_id)


def confirm_email_change(db: Work, user: LoginUser, typed: str) -> tuple[str, str]:
    """Take the code: the account has the new address; returns the one before and the new one. Raises ``Refused``."""
    found = find_email_change(db, user)
    if found is None:
        raise Refused(_("This code is no longer good. Please ask for a new one."), field="code")
    row, email = found
    take_code(db, row, typed)
    before, after = user.email, read_email(email)
    user.email, user.email_key, user.email_confirmed_at = after.address, after.key, db.now
    # A letter with a link for a new password may still lie in the old box.
    secret_codes.void(db, recovery.PURPOSE, user.id)
    told = json.dumps({"before": before, "after": after.address})
    sealed = seal(db.config, told, purpose=LETTER, owner=db.reseller_id)
    publish(db, EmailChanged(user_id=user.id, sealed=sealed))
    record(db, CHANGED, user, before={"email": before}, after={"email": after.address})
    return before, after.address


def former_emails(db: Work, user_id: UUID, present: str) -> frozenset[str]:
    """Return the addresses that an account had before its present one, in small letters."""
    changes = select(AuditEntry.difference).where(
        AuditEntry.reseller_id == db.reseller_id,
        AuditEntry.subject_kind == LoginUser.__name__,
        AuditEntry.subject_id == user_id,
        AuditEntry.action == CHANGED,
    )
    return frozenset(str(each["email"][0]).lower() for each in db.scalars(changes) if "email" in each) - {
        present.lower()
    }

"""From whom letters come: an address of the shop, once a code sent to it came back; the neutral one until then."""

import json
import unicodedata
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select, update

from storefront.core.audit import record
from storefront.core.config import Config
from storefront.core.db import Work
from storefront.core.errors import Refused
from storefront.core.i18n import current_locale
from storefront.core.i18n import lazy_gettext as _
from storefront.core.limits import spend
from storefront.core.outbox import publish
from storefront.core.sealing import seal
from storefront.identity import secret_codes
from storefront.identity.email_addresses import read_email
from storefront.identity.events import LETTER
from storefront.identity.models import SecretCode
from storefront.identity.typed_codes import make_code, take_code
from tenants.events import SenderCodeAsked
from tenants.models import Reseller
from tenants.resellers import current_reseller

PURPOSE = "sender"
UNSEEN = frozenset({"Cc", "Cs", "Zl", "Zp"})  # controls, halves of signs, what separates lines and paragraphs
LASTS = timedelta(hours=24)


@dataclass(frozen=True, kw_only=True)
class SenderTerms:
    """What a reseller says of its letters; an empty ``email`` is the neutral address, an empty reply the shop's."""

    email: str
    name: str
    reply: str


def sender_address(config: Config, reseller: Reseller) -> str:
    """Return the address that letters of a shop come from now."""
    return reseller.sender_email if reseller.sender_email and reseller.sender_confirmed_at else config.mail_from


def reply_address(reseller: Reseller) -> str:
    """Return the address that answers to letters of a shop go to."""
    return reseller.reply_email or reseller.email


def choose_sender(db: Work, terms: SenderTerms) -> bool:
    """Change from whom letters come; a new address gets a code first. Returns whether a code was sent.

    Raises ``Refused`` for what is no address and for a name that looks like one, ``TooMany`` for too many codes.
    """
    reseller = current_reseller(db)
    db.lock(reseller)
    _require_plain(terms.name)
    email = read_email(terms.email, field="sender_email").address if terms.email else ""
    reply = read_email(terms.reply, field="reply_email").address if terms.reply else ""
    before = {name: getattr(reseller, name) for name in ("sender_email", "sender_name", "reply_email")}
    is_new = email.lower() != reseller.sender_email.lower()
    reseller.sender_email, reseller.sender_name, reseller.reply_email = email, terms.name, reply
    if is_new:
        reseller.sender_confirmed_at = None
        _void(db)
    after = {name: getattr(reseller, name) for name in before}
    record(db, "settings.letters_changed", before=before, after=after)
    if is_new and email:
        send_sender_code(db)
    return bool(is_new and email)


def send_sender_code(db: Work) -> None:
    """Send a code to the address that letters are to come from; those before are void. Raises ``TooMany``."""
    reseller = current_reseller(db)
    if not reseller.sender_email or reseller.sender_confirmed_at is not None:
        raise Refused(_("There is no address that waits for a code."), field="code")
    address = read_email(reseller.sender_email)
    # By shop as well: each further address would else be allowed as many letters to somebody who never asked.
    spend(db.config, db.config.mail_rate, PURPOSE, str(db.reseller_id))
    spend(db.config, db.config.mail_rate, PURPOSE, str(db.reseller_id), address.key)
    _void(db)
    row, _token = secret_codes.issue(db, PURPOSE, lasts=LASTS, email_key=address.key)
    kept = json.dumps({"email": address.address, "name": reseller.name, "code": make_code(db, row)})
    sealed = seal(db.config, kept, purpose=LETTER, owner=db.reseller_id)
    publish(db, SenderCodeAsked(locale=current_locale(), until=row.until, sealed=sealed))


def confirm_sender(db: Work, typed: str) -> None:
    """Take the code that came to the address: from now on letters come from it. Raises ``Refused``."""
    reseller = current_reseller(db)
    db.lock(reseller)
    row = _open_code(db, reseller.sender_email.lower())
    if row is None:
        raise Refused(_("This code is no longer good. Please ask for a new one."), field="code")
    take_code(db, row, typed)
    reseller.sender_confirmed_at = db.now
    record(db, "settings.sender_confirmed", after={"sender_email": reseller.sender_email})


def _require_plain(name: str) -> None:
    """Refuse a name that programs for mail would show as an address (RFC 5322, 3.4), or that is not one line."""
    if any(sign in "@<>" or unicodedata.category(sign) in UNSEEN for sign in name):
        raise Refused(_("Please write the name on one line, without @, < and >."), field="sender_name")


def _open_code(db: Work, email_key: str) -> SecretCode | None:
    return db.scalar(
        select(SecretCode)
        .where(SecretCode.reseller_id == db.reseller_id, SecretCode.purpose == PURPOSE)
        .where(SecretCode.email_key == email_key, SecretCode.used_at.is_(None), SecretCode.until > db.now)
        .order_by(SecretCode.created_at.desc())
        .limit(1)
    )


def _void(db: Work) -> None:
    db.execute(
        update(SecretCode)
        .where(SecretCode.reseller_id == db.reseller_id, SecretCode.purpose == PURPOSE, SecretCode.used_at.is_(None))
        .values(used_at=db.now)
        .execution_options(synchronize_session=False)
    )

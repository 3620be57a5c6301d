"""The job: claim a Message, hand it to the mailer outside any transaction, write down what became of it.

A kill between call and record leaves the message "sending" with a lease; when it ends the letter goes again, once,
under the same Message-ID. A second silence is for people: at most one letter too many.
"""

import json
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from uuid import UUID

from storefront.core import files, jobs, stops
from storefront.core.config import Config
from storefront.core.db import Database, Work
from storefront.core.errors import NotFound
from storefront.core.sealing import unseal
from storefront.notifications.models import Message
from storefront.notifications.senders import reply_address
from storefront.providers.connections import open_mailer
from storefront.providers.outcomes import Done, Misconfigured, NotSent, Outcome, Rejected, SupplierError, Unknown
from storefront.providers.ports.mailer import Attachment, HandedOver, MailAddress, Mailer, OutgoingMail
from tenants.resellers import current_reseller

LETTER_BODY = "message"
MOST_UNANSWERED = 1
# What staff read beside a message; translated when shown (queries.py).
SILENCE = "no_answer"
MISSING = "file_missing"


@dataclass(frozen=True, kw_only=True)
class Claim:
    """One attempt: which, and the whole letter."""

    message_id: UUID
    attempt: int
    mail: OutgoingMail


@jobs.job(queue="soon", opens_own_work=True)
def deliver_message(database: Database, reseller_id: UUID, message_id: str) -> None:
    """Send one message."""
    _deliver(database, reseller_id, UUID(message_id))


@jobs.job(queue="now", opens_own_work=True)
def deliver_at_once(database: Database, reseller_id: UUID, message_id: str) -> None:
    """Send one message that somebody waits for before a screen."""
    _deliver(database, reseller_id, UUID(message_id))


def _deliver(database: Database, reseller_id: UUID, message_id: UUID) -> None:
    with database.work(reseller_id) as db:
        claimed = claim(db, message_id)
        stops.point("mail.before_claim")
        db.commit()
    stops.point("mail.claimed")
    if claimed is None:
        return
    try:
        outcome: Outcome[HandedOver] | SupplierError = _mailer(database.config).send(claimed.mail)
    except (NotSent, Unknown, Misconfigured) as failure:
        outcome = failure
    stops.point("mail.answered")
    with database.work(reseller_id) as db:
        again = settle(db, claimed, outcome)
        stops.point("mail.before_record")
        db.commit()
    stops.point("mail.recorded")
    if again is not None:
        raise again


@lru_cache(maxsize=4)
def _mailer(config: Config) -> Mailer:
    return open_mailer(config)


def claim(db: Work, message_id: UUID) -> Claim | None:
    """Take a message for one lease; ``None`` when there is nothing to send, or when people must look first."""
    message = db.lock(db.require(Message, message_id))
    if message.state in {"sent", "failed"}:
        return None
    if message.lease_until is not None:
        if message.lease_until > db.now:
            raise jobs.Later(message.lease_until)
        # Whoever held the lease never came back: the letter may be out.
        if not _may_go_again(message):
            return None
    try:
        mail = mail_of(db, message)
    except NotFound:
        _fail(message, MISSING)
        return None
    message.state, message.attempts = "sending", message.attempts + 1
    message.lease_until = db.now + timedelta(seconds=db.config.operation_lease_s)
    return Claim(message_id=message.id, attempt=message.attempts, mail=mail)


def settle(db: Work, claimed: Claim, outcome: Outcome[HandedOver] | SupplierError) -> Exception | None:
    """Write down what came of an attempt; returns what to raise so that the job comes again."""
    message = db.lock(db.require(Message, claimed.message_id))
    if message.state != "sending" or message.attempts != claimed.attempt:
        # Another worker took over when our lease ended, and answers for itself.
        return None
    message.lease_until = None
    match outcome:
        case Done():
            message.state, message.sent_at, message.error = "sent", db.now, ""
            message.answer = outcome.facts.answer[:300]
        case Rejected():
            _fail(message, outcome.message)
        case Unknown():
            return outcome if _may_go_again(message) else None
        case NotSent() | Misconfigured():
            message.state, message.error = "queued", str(outcome)[:1000]
            if message.attempts > len(jobs.RETRIES_MIN):
                message.state = "failed"
            return outcome
        case _:
            _fail(message, repr(outcome))
    return None


def _may_go_again(message: Message) -> bool:
    message.lease_until, message.unanswered = None, message.unanswered + 1
    if message.unanswered > MOST_UNANSWERED:
        _fail(message, SILENCE)
        return False
    message.state, message.error = "queued", SILENCE
    return True


def _fail(message: Message, why: str) -> None:
    message.state, message.error, message.lease_until = "failed", why[:1000], None


def mail_of(db: Work, message: Message) -> OutgoingMail:
    """Turn a message into what a mailer takes; ``NotFound`` when one of its files is gone."""
    reseller = current_reseller(db)
    body = body_of(db, message)
    reply = MailAddress(
        email=body.get("reply") or reply_address(reseller), name=body.get("reply_name", message.sender_name)
    )
    # Nobody is asked to answer to themselves: the first owner of a new shop answers to its sender, the platform.
    to_others = reply.email.casefold() != message.recipient.casefold()
    return OutgoingMail(
        message_id=f"<{message.id}@{message.sender.rpartition('@')[2]}>",
        sender=MailAddress(email=message.sender, name=message.sender_name),
        reply_to=reply if to_others else None,
        recipient=MailAddress(email=message.recipient, name=message.recipient_name),
        subject=message.subject,
        text=body["text"],
        html=body["html"],
        locale=message.locale,
        attachments=tuple(
            Attachment(
                file_name=each["name"],
                content_type=each["type"],
                content=files.fetch(db.config, db.reseller_id, each["digest"]),
                content_id=each.get("cid", ""),
            )
            for each in message.attachments
        ),
    )


def body_of(db: Work, message: Message) -> dict[str, str]:
    """Return text and HTML of a message, and where answers go if not to the shop.

    Only for sending: what was sealed is for its recipient alone.
    """
    if not message.sealed:
        return {"text": message.text, "html": message.html}
    body: dict[str, str] = json.loads(unseal(db.config, message.sealed, purpose=LETTER_BODY, owner=db.reseller_id))
    return body

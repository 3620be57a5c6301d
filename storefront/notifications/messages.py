"""Send a message again because somebody of the staff asks for it."""

from datetime import timedelta

from sqlalchemy import select

from storefront.core import jobs
from storefront.core.audit import record
from storefront.core.db import Work
from storefront.core.errors import Refused
from storefront.core.i18n import lazy_gettext as _
from storefront.identity.email_addresses import email_problem
from storefront.notifications.dispatch import job_of
from storefront.notifications.letters import LETTERS
from storefront.notifications.models import Message

# Codes and links are good for an hour at most; an old one would only confuse.
SEALED_LASTS = timedelta(hours=1)
UNDER_WAY = ("queued", "sending")


def send_again(db: Work, message: Message) -> Message:
    """Queue a message again; returns the row that will be sent.

    One that never left goes as it is. One that did goes as a new letter, since mail servers drop what bears a
    Message-ID they know. Raises ``Refused`` while it is on its way, or when it holds a code that is too old.
    """
    message = _newest(db, db.lock(message))
    if message.state in UNDER_WAY:
        raise Refused(_("This letter is on its way already."))
    if message.sealed and message.queued_at < db.now - SEALED_LASTS:
        raise Refused(_("The code in this letter is too old. The customer can ask for a new one on the page."))
    if email_problem(message.recipient):
        raise Refused(_("This is no address that a letter could be sent to. Mend the customer's data first."))
    again = message if message.state == "failed" else _copy(db, message)
    again.state, again.attempts, again.unanswered, again.error = "queued", 0, 0, ""
    db.flush()
    jobs.ask(db, job_of(LETTERS[again.letter]), str(again.id))
    record(db, "message.sent_again", again, after={"letter": again.letter, "recipient": again.recipient})
    return again


def _newest(db: Work, message: Message) -> Message:
    """Follow a letter to its last repetition, so that a double click is one more letter."""
    copy = db.scalar(select(Message).where(Message.cause_id == message.id, Message.letter == message.letter))
    return _newest(db, db.lock(copy)) if copy is not None else message


def _copy(db: Work, message: Message) -> Message:
    kept = (
        "letter",
        "recipient",
        "recipient_name",
        "customer_id",
        "locale",
        "sender",
        "sender_name",
        "subject",
        "text",
        "html",
        "sealed",
        "attachments",
    )
    values = {name: getattr(message, name) for name in kept}
    # A sealed letter keeps the age of its code.
    queued_at = message.queued_at if message.sealed else db.now
    return db.add(Message(cause_id=message.id, queued_at=queued_at, **values))

"""The letters of one shop to its customers: words, pictures' names, every header that we write."""

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from sqlalchemy import select

from storefront.core.db import Work
from storefront.core.errors import NotFound
from storefront.identity.models import LoginUser
from storefront.leaks.papers import pdf_text
from storefront.leaks.words import Seen
from storefront.notifications.deliver import mail_of
from storefront.notifications.letters import LETTERS, Audience
from storefront.notifications.models import Message
from storefront.providers.ports.mailer import OutgoingMail

LATEST: Final = 500


def letters(db: Work, since: datetime) -> Iterator[Seen]:
    """Look at the latest letters to customers and visitors since the shop has its host.

    Those to the shop's own people may name the office.
    """
    staff = set(db.scalars(select(LoginUser.email_key).where(LoginUser.kind == "staff")))
    written = select(Message).where(Message.queued_at >= since).order_by(Message.id.desc())
    for message in db.scalars(written.limit(LATEST)):
        if not _is_to_a_customer(message, staff):
            continue
        try:
            yield from seen_in(mail_of(db, message), f"{message.letter} of {message.queued_at:%Y-%m-%d %H:%M}")
        except NotFound:
            continue


def seen_in(mail: OutgoingMail, place: str) -> Iterator[Seen]:
    """Take a letter apart as it leaves."""
    headers = {
        "Message-ID": mail.message_id,
        "From": f"{mail.sender.name} <{mail.sender.email}>",
        "Reply-To": f"{mail.reply_to.name} <{mail.reply_to.email}>" if mail.reply_to else "",
        "Subject": mail.subject,
        "List-Unsubscribe": mail.unsubscribe_url,
    }
    for name, value in headers.items():
        yield Seen(channel="letter header", place=place, text=f"{name}: {value}")
    yield Seen(channel="letter", place=f"{place} (text)", text=mail.text)
    yield Seen(channel="letter", place=f"{place} (HTML)", text=mail.html or "")
    for item in mail.attachments:
        yield Seen(channel="letter", place=f"{place} (file name)", text=f"{item.file_name} {item.content_id}")
        if item.content_type == "application/pdf":
            yield Seen(channel="document", place=f"{place}: {item.file_name}", text=pdf_text(item.content))


def _is_to_a_customer(message: Message, staff: set[str]) -> bool:
    letter = LETTERS.get(message.letter)
    if letter is None or letter.audience in {Audience.STAFF, Audience.OPERATOR}:
        return False
    return message.customer_id is not None or message.recipient.lower() not in staff

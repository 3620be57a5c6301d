"""Send one e-mail."""

from dataclasses import dataclass, field
from typing import Protocol

from storefront.providers.outcomes import Outcome


@dataclass(frozen=True, kw_only=True)
class MailAddress:
    """Who, and the name to show."""

    email: str
    name: str = ""


@dataclass(frozen=True, kw_only=True)
class Attachment:
    """A file that goes along; with a ``content_id`` it is a picture that the HTML shows as ``cid:…``."""

    file_name: str
    content_type: str
    content: bytes = field(repr=False)
    content_id: str = ""


@dataclass(frozen=True, kw_only=True)
class OutgoingMail:
    """One letter to one recipient. ``message_id`` (``<…@…>``) stays the same however often it is sent."""

    message_id: str
    sender: MailAddress
    recipient: MailAddress
    subject: str
    text: str
    html: str = ""
    reply_to: MailAddress | None = None
    attachments: tuple[Attachment, ...] = ()
    locale: str = "en"
    unsubscribe_url: str = ""


@dataclass(frozen=True, kw_only=True)
class HandedOver:
    """The letter is out of our hands. ``answer`` is the server's word, or the file it lies in."""

    message_id: str
    answer: str


class Mailer(Protocol):
    """Takes letters to a mail server, or to a folder."""

    def send(self, mail: OutgoingMail) -> Outcome[HandedOver]:
        """Send a letter. Raises ``NotSent``, ``Unknown`` (it may have gone), ``Misconfigured``."""

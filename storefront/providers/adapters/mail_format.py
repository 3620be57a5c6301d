"""rule: a letter as the bytes that travel (RFC 5322, RFC 2045), with nothing smuggled into its headers."""

import unicodedata
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8
from email.utils import format_datetime

import idna

from storefront.providers.ports.mailer import Attachment, MailAddress, OutgoingMail

MAX_ADDRESS = 254  # RFC 5321, 4.5.3.1.3, as erratum 1690 reads it


class BadLetterError(ValueError):
    """The letter cannot be sent as it is; ``field`` names what is wrong."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


def as_bytes(mail: OutgoingMail, written_at: datetime) -> bytes:
    """Return the letter as it goes over the wire, lines ending in CR LF; raises ``BadLetterError``."""
    return as_message(mail, written_at).as_bytes()


def as_message(mail: OutgoingMail, written_at: datetime) -> EmailMessage:
    """Return the letter as a message object; raises ``BadLetterError``."""
    is_ascii = mail.recipient.email.rpartition("@")[0].isascii() and mail.sender.email.rpartition("@")[0].isascii()
    # Seven bits, so that every server takes the body as it is; only an address can ask for more (RFC 6532).
    letter = EmailMessage(policy=(SMTP if is_ascii else SMTPUTF8).clone(cte_type="7bit"))
    letter["Message-ID"] = _message_id(mail.message_id)
    letter["Date"] = format_datetime(written_at)
    letter["From"] = _address("sender", mail.sender)
    letter["To"] = _address("recipient", mail.recipient)
    if mail.reply_to:
        letter["Reply-To"] = _address("reply_to", mail.reply_to)
    letter["Subject"] = _line("subject", mail.subject)
    letter["Auto-Submitted"] = "auto-generated"  # RFC 3834: no holiday notes in return
    if mail.unsubscribe_url:
        letter["List-Unsubscribe"] = f"<{_line('unsubscribe_url', mail.unsubscribe_url)}>"
        letter["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"  # RFC 8058
    letter.set_content(mail.text)
    if mail.html:
        letter.add_alternative(mail.html, subtype="html")
        _add_pictures(letter, [item for item in mail.attachments if item.content_id])
    for item in mail.attachments:
        if not (item.content_id and mail.html):
            main, sub = _kind(item)
            named = _line("file_name", item.file_name)
            letter.add_attachment(item.content, maintype=main, subtype=sub, filename=named)
    # Last, because every part that is added takes the Content- headers so far with it.
    letter["Content-Language"] = _line("locale", mail.locale)
    return letter


def ascii_address(field: str, address: MailAddress) -> str:
    """Return an address with its domain as A-labels; raises ``BadLetterError`` when it is none."""
    local, at, domain = _line(field, address.email).rpartition("@")
    try:
        encoded = domain if domain.isascii() else idna.encode(domain, uts46=True).decode("ascii")
    except idna.IDNAError:
        raise BadLetterError(field, "the domain of the address is not valid") from None
    whole = f"{local}@{encoded}"
    if not (local and at and encoded) or len(whole) > MAX_ADDRESS or any(letter in whole for letter in ' <>,;"\\'):
        raise BadLetterError(field, "this is no e-mail address")
    return whole


def _add_pictures(letter: EmailMessage, pictures: list[Attachment]) -> None:
    html = letter.get_body(("html",))
    if html is None:
        return
    for item in pictures:
        content_id = f"<{_line('content_id', item.content_id)}>"
        named = _line("file_name", item.file_name)
        main, sub = _kind(item)
        html.add_related(item.content, maintype=main, subtype=sub, cid=content_id, filename=named, disposition="inline")


def _kind(item: Attachment) -> tuple[str, str]:
    main, _, sub = _line("content_type", item.content_type).partition("/")
    return main, sub or "octet-stream"


def _address(field: str, address: MailAddress) -> Address:
    local, _, domain = ascii_address(field, address).rpartition("@")
    return Address(display_name=_line(field, address.name), username=local, domain=domain)


def _message_id(given: str) -> str:
    line = _line("message_id", given)
    if not (line.startswith("<") and line.endswith(">") and line.count("@") == 1 and line.isascii()):
        raise BadLetterError("message_id", "a Message-ID looks like <something@somewhere>")
    return line


def _line(field: str, text: str) -> str:
    # Python below 3.11.15 lets a line break in some headers through (CVE-2026-1299), so we look ourselves.
    if any(unicodedata.category(letter) in {"Cc", "Zl", "Zp", "Cs"} for letter in text):
        raise BadLetterError(field, "there is a control character in it")
    return text

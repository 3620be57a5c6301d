"""Letters over SMTP (RFC 5321), one connection for many, and an honest word about how far each one came."""

import os
import re
import smtplib
import ssl
import threading
import time
from dataclasses import dataclass
from typing import ClassVar
from urllib.parse import parse_qs, unquote, urlsplit

from storefront.core import clock
from storefront.core.i18n import lazy_gettext as _
from storefront.providers.adapters.mail_format import BadLetterError, as_bytes, ascii_address
from storefront.providers.outcomes import (
    Done,
    Misconfigured,
    NotSent,
    Outcome,
    Rejected,
    Rejection,
    SupplierError,
    Unknown,
)
from storefront.providers.ports.mailer import HandedOver, OutgoingMail
from storefront.providers.settings import plain, secret

CONNECT_S = 10.0
IDLE_S = 20.0
LETTERS_A_CONNECTION = 100
PERMANENT = 500
GO_AHEAD = 354
LEADING_DOT = re.compile(rb"(?m)^\.")


@dataclass(frozen=True, kw_only=True)
class Settings:
    """A mail server as one address.

    ``smtp://user:password@host:587`` insists on STARTTLS, ``smtps://`` speaks TLS from the first byte,
    ``?starttls=never`` is for a server on this machine or behind a wall of one's own.
    """

    url: str = secret(_("Mail server"))
    timeout_s: float = plain(_("Seconds to wait for an answer"), default=30.0)
    # Servers write it into Received, which customers can read; without it, it would be this machine's own name.
    hello: str = plain(_("Name to greet with"), default="")


@dataclass(frozen=True, kw_only=True)
class _Server:
    host: str
    port: int
    user: str
    password: str
    is_tls: bool
    needs_starttls: bool


def _server(url: str) -> _Server:
    parts = urlsplit(url)
    starttls = parse_qs(parts.query).get("starttls", ["always"])[0]
    if parts.scheme not in {"smtp", "smtps"} or not parts.hostname or starttls not in {"always", "never"}:
        raise Misconfigured("a mail server looks like smtp://user:password@host:587 or smtps://host")
    is_tls = parts.scheme == "smtps"
    try:
        port = parts.port or (465 if is_tls else 587)
    except ValueError:
        raise Misconfigured("the mail server's port is no number") from None
    return _Server(
        host=parts.hostname,
        port=port,
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        is_tls=is_tls,
        needs_starttls=not is_tls and starttls == "always",
    )


class Smtp:
    """A mail server."""

    port: ClassVar = "mailer"
    key: ClassVar = "smtp"
    title: ClassVar = _("Mail server (SMTP)")
    settings_class: ClassVar = Settings

    def __init__(self, settings: Settings) -> None:
        self._server = _server(settings.url)
        self._timeout_s = settings.timeout_s
        self._hello = settings.hello or None
        self._lock = threading.Lock()
        self._line: smtplib.SMTP | None = None
        self._line_pid = 0
        self._line_used_at = 0.0
        self._line_letters = 0

    def send(self, mail: OutgoingMail) -> Outcome[HandedOver]:
        """Hand a letter to the server."""
        try:
            sender, recipient = ascii_address("sender", mail.sender), ascii_address("recipient", mail.recipient)
            content = as_bytes(mail, clock.now())
        except BadLetterError as error:
            return Rejected(code=Rejection.INVALID, message=str(error), fields={error.field: str(error)})
        with self._lock:
            line = self._open_line()
            try:
                return self._speak(line, mail, (sender, recipient), content)
            except SupplierError:
                self._hang_up()
                raise

    def close(self) -> None:
        """Say goodbye to the server."""
        with self._lock:
            self._hang_up()

    def _speak(
        self, line: smtplib.SMTP, mail: OutgoingMail, envelope: tuple[str, str], content: bytes
    ) -> Outcome[HandedOver]:
        sender, recipient = envelope
        options = []
        if not (sender.isascii() and recipient.isascii()):
            if not line.has_extn("smtputf8"):
                return Rejected(code=Rejection.UNSUPPORTED, message="the mail server knows ASCII addresses only")
            options = ["SMTPUTF8", "BODY=8BITMIME"]
            line.command_encoding = "utf-8"
        try:
            self._need(line.mail(sender, options), "sender")
            code, answer = line.rcpt(recipient)
            if code >= PERMANENT:
                line.rset()
                return Rejected(code=Rejection.INVALID, message=_words(answer), fields={"recipient": _words(answer)})
            self._need((code, answer), "recipient")
            code, answer = line.docmd("DATA")
            if code != GO_AHEAD:
                self._need((code, answer), "data")
        except (OSError, smtplib.SMTPException) as error:
            raise NotSent(f"the mail server broke off: {error}") from error
        return self._hand_over(line, mail, content)

    def _hand_over(self, line: smtplib.SMTP, mail: OutgoingMail, content: bytes) -> Outcome[HandedOver]:
        stuffed = LEADING_DOT.sub(b"..", content)
        try:
            line.send(stuffed + (b"" if stuffed.endswith(b"\r\n") else b"\r\n") + b".\r\n")
            code, answer = line.getreply()
        except (OSError, smtplib.SMTPException) as error:
            # From the final dot on the letter may be theirs (RFC 5321, 4.2.5 and 6.1).
            raise Unknown(f"the mail server broke off after the letter: {error}") from error
        self._line_used_at = time.monotonic()
        self._line_letters += 1
        if code >= PERMANENT:
            return Rejected(code=Rejection.POLICY, message=_words(answer))
        self._need((code, answer), "letter")
        return Done(facts=HandedOver(message_id=mail.message_id, answer=_words(answer)))

    def _need(self, reply: tuple[int, bytes], what: str) -> None:
        code, answer = reply
        if code >= PERMANENT:
            raise Misconfigured(f"the mail server refuses the {what}: {code} {_words(answer)}")
        if code >= 400:  # noqa: PLR2004 - RFC 5321, 4.2.1: not now
            raise NotSent(f"the mail server is not ready for the {what}: {code} {_words(answer)}")

    def _open_line(self) -> smtplib.SMTP:
        """Return a line that answers: the last one if it still does, else a new one."""
        if self._line is not None:
            is_usable = (
                self._line_pid == os.getpid()  # a forked worker must not speak over its parent's line
                and time.monotonic() - self._line_used_at < IDLE_S
                and self._line_letters < LETTERS_A_CONNECTION
            )
            if is_usable and self._answers(self._line):
                return self._line
            self._hang_up()
        line = self._connect()
        self._line, self._line_pid, self._line_letters = line, os.getpid(), 0
        self._line_used_at = time.monotonic()
        return line

    def _answers(self, line: smtplib.SMTP) -> bool:
        try:
            return line.noop()[0] < 400  # noqa: PLR2004 - RFC 5321, 4.2.1
        except (OSError, smtplib.SMTPException):
            return False

    def _connect(self) -> smtplib.SMTP:
        server = self._server
        secure = ssl.create_default_context()
        line: smtplib.SMTP | None = None
        try:
            if server.is_tls:
                line = smtplib.SMTP_SSL(server.host, server.port, self._hello, timeout=CONNECT_S, context=secure)
            else:
                line = smtplib.SMTP(server.host, server.port, self._hello, timeout=CONNECT_S)
            if server.needs_starttls:
                line.starttls(context=secure)
            if server.user:
                line.login(server.user, server.password)
            line.ehlo_or_helo_if_needed()
        except (smtplib.SMTPAuthenticationError, smtplib.SMTPNotSupportedError, ssl.SSLCertVerificationError) as error:
            _drop(line)
            is_passing = isinstance(error, smtplib.SMTPAuthenticationError) and error.smtp_code < PERMANENT
            raise (NotSent if is_passing else Misconfigured)(f"the mail server: {_reason(error)}") from error
        except (OSError, smtplib.SMTPException) as error:
            _drop(line)
            raise NotSent(f"the mail server does not answer: {_reason(error)}") from error
        if line.sock is not None:
            line.sock.settimeout(self._timeout_s)
        return line

    def _hang_up(self) -> None:
        line, self._line = self._line, None
        if line is not None and self._line_pid != os.getpid():
            return
        _drop(line)


def _drop(line: smtplib.SMTP | None) -> None:
    if line is not None:
        line.close()


def _words(answer: bytes) -> str:
    return answer.decode("utf-8", "replace").replace("\n", " ")[:300]


def _reason(error: Exception) -> str:
    # smtplib repeats the server's words, never ours: no password stands in them.
    return str(error)[:300]

"""What every mailer must do, whoever it is; run against each adapter that stands under MAILERS."""

import socketserver
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from storefront.core import clock
from storefront.providers import registry
from storefront.providers.adapters.mail_format import BadLetterError, as_bytes
from storefront.providers.outcomes import Done, Misconfigured, NotSent, Rejected, Rejection, Unknown
from storefront.providers.ports.mailer import Attachment, MailAddress, Mailer, OutgoingMail

LETTER = OutgoingMail(
    message_id="<0190.nordhost@mail.example>",
    sender=MailAddress(email="shop@nordhost.example", name="Nordhost Oy"),
    recipient=MailAddress(email="aino@virtanen.example", name="Aino Virtanen"),
    reply_to=MailAddress(email="help@nordhost.example"),
    subject="Your order 2026/17: thank you, Ääkkönen",
    text="Hello.\n.\n..dots\nZażółć gęślą jaźń\n" + "long " * 400 + "\n",
    html='<p>Hello <img src="cid:logo" alt="Nordhost"></p>',
    attachments=(
        Attachment(file_name="logo.png", content_type="image/png", content=b"\x89PNG" * 9, content_id="logo"),
        Attachment(file_name="proforma ż.pdf", content_type="application/pdf", content=b"%PDF-1.7\r\n.\r\n" * 30),
    ),
    unsubscribe_url="https://nordhost.example/u/1",
)


@dataclass
class Post:
    """A mail server that writes down what it hears and says what it is told to say."""

    port: int = 0
    said: dict[str, bytes] = field(default_factory=dict)
    hangs_up_at: str = ""
    envelopes: list[tuple[str, str]] = field(default_factory=list)
    letters: list[bytes] = field(default_factory=list)
    lines: int = 0


class _Talk(socketserver.StreamRequestHandler):
    post: Post

    def handle(self) -> None:
        self.post.lines += 1
        self.say("220 post.example")
        sender = ""
        while heard := self.rfile.readline().decode().strip():
            verb = heard.partition(" ")[0].upper()
            if self.post.hangs_up_at == verb:
                return
            if verb in self.post.said:
                self.wfile.write(self.post.said[verb] + b"\r\n")
            elif verb == "EHLO":
                self.say("250-post.example\r\n250 SIZE 10000000")
            elif verb == "DATA":
                self.say("354 go ahead")
                if not self.take():
                    return
            else:
                self.say("221 bye" if verb == "QUIT" else "250 fine")
            if verb == "MAIL":
                sender = heard.partition("<")[2].partition(">")[0]
            if verb == "RCPT":
                self.post.envelopes.append((sender, heard.partition("<")[2].partition(">")[0]))

    def take(self) -> bool:
        letter = b""
        while (line := self.rfile.readline()) != b".\r\n":
            letter += line[1:] if line.startswith(b".") else line
        self.post.letters.append(letter)
        if self.post.hangs_up_at == "DOT":
            return False
        self.wfile.write(self.post.said.get("DOT", b"250 queued as 42") + b"\r\n")
        return True

    def say(self, words: str) -> None:
        self.wfile.write(words.encode() + b"\r\n")


@pytest.fixture
def post() -> Iterator[Post]:
    post = Post()
    handler = type("Talk", (_Talk,), {"post": post})
    server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    post.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield post
    server.shutdown()
    server.server_close()
    thread.join()


def smtp(post: Post) -> Any:
    return registry.open_adapter(
        "mailer", "smtp", {"url": f"smtp://127.0.0.1:{post.port}/?starttls=never", "timeout_s": 2.0}
    )


@pytest.fixture
def by_smtp(post: Post) -> Iterator[Any]:
    mailer = smtp(post)
    yield mailer
    mailer.close()


@dataclass(frozen=True, kw_only=True)
class Case:
    """A mailer, and how to read what it delivered."""

    mailer: Mailer
    arrived: Callable[[], list[bytes]]


@pytest.fixture(params=["smtp", "files"])
def case(request: pytest.FixtureRequest, post: Post, by_smtp: Any, tmp_path: Path) -> Case:
    if request.param == "smtp":
        return Case(mailer=by_smtp, arrived=lambda: post.letters)
    folder = tmp_path / "mail"
    mailer = registry.open_adapter("mailer", "files", {"folder": str(folder)})
    return Case(mailer=mailer, arrived=lambda: [path.read_bytes() for path in sorted(folder.glob("*"))])


def read(raw: bytes) -> EmailMessage:
    letter = message_from_bytes(raw, policy=default)
    assert isinstance(letter, EmailMessage)
    return letter


def test_letter_arrives_whole(case: Case) -> None:
    answer = case.mailer.send(LETTER)

    assert isinstance(answer, Done)
    assert answer.facts.message_id == LETTER.message_id
    [raw] = case.arrived()
    letter = read(raw)
    assert letter["Message-ID"] == LETTER.message_id
    assert letter["Subject"] == LETTER.subject
    assert letter["From"] == "Nordhost Oy <shop@nordhost.example>"
    assert letter["To"] == "Aino Virtanen <aino@virtanen.example>"
    assert letter["Auto-Submitted"] == "auto-generated"
    text, html = letter.get_body(("plain",)), letter.get_body(("html",))
    assert text is not None
    assert html is not None
    assert text.get_content().replace("\r\n", "\n") == LETTER.text
    assert html.get_content().strip() == LETTER.html
    parts = {part.get_filename(): part for part in letter.walk() if part.get_filename()}
    assert {name: part.get_content() for name, part in parts.items()} == {
        item.file_name: item.content for item in LETTER.attachments
    }
    assert parts["logo.png"]["Content-ID"] == "<logo>"
    assert raw.isascii()


@pytest.mark.parametrize(
    "changed",
    [
        {"subject": "Hello\r\nBcc: thief@evil.example"},
        {"subject": "Hello\nBcc: thief@evil.example"},
        {"subject": "Hello\u2028Bcc: thief@evil.example"},
        {"subject": "Hello\x00"},
        {"sender": MailAddress(email="a@b.example", name="X\r\nBcc: thief@evil.example")},
        {"sender": MailAddress(email="a@b.example\r\nBcc: thief@evil.example")},
        {"recipient": MailAddress(email="a@b.example, thief@evil.example")},
        {"recipient": MailAddress(email="a@b.example> thief@evil.example")},
        {"recipient": MailAddress(email="a@b.example\r\nRCPT TO:<thief@evil.example>")},
        {"recipient": MailAddress(email="nobody")},
        {"recipient": MailAddress(email="")},
        {"recipient": MailAddress(email="@b.example")},
        {"recipient": MailAddress(email="a" * 300 + "@b.example")},
        {"reply_to": MailAddress(email="a@b.example", name="X\nBcc: thief@evil.example")},
        {"message_id": "no brackets"},
        {"message_id": "<a@b>\r\nBcc: thief@evil.example"},
        {"unsubscribe_url": "https://x.example/\r\nBcc: thief@evil.example"},
        {"locale": "en\r\nBcc: thief@evil.example"},
        {"attachments": (Attachment(file_name="a\r\nBcc: t", content_type="text/x", content=b""),)},
        {"attachments": (Attachment(file_name="a", content_type="text/x\r\nBcc: t", content=b""),)},
    ],
)
def test_letter_with_smuggled_lines_stays_here(case: Case, changed: dict[str, Any]) -> None:
    answer = case.mailer.send(replace(LETTER, **changed))

    assert isinstance(answer, Rejected)
    assert answer.code is Rejection.INVALID
    assert len(answer.fields) == 1
    assert case.arrived() == []


def test_address_with_letters_of_its_own_country(case: Case) -> None:
    answer = case.mailer.send(replace(LETTER, recipient=MailAddress(email="aino@zażółć.example", name="Łucja")))

    assert isinstance(answer, Done)
    [raw] = case.arrived()
    assert read(raw)["To"].addresses[0].domain == "zażółć.example".encode("idna").decode()


# ------------------------------------------------------------------------------------------------------ as files


def test_letter_sent_twice_is_one_file(tmp_path: Path) -> None:
    mailer = registry.open_adapter("mailer", "files", {"folder": str(tmp_path / "mail")})

    mailer.send(LETTER)
    mailer.send(LETTER)
    mailer.send(replace(LETTER, message_id="<other@mail.example>"))

    files = list((tmp_path / "mail").iterdir())
    assert len(files) == 2
    assert {path.suffix for path in files} == {".eml"}
    assert {path.stat().st_mode & 0o777 for path in files} == {0o600}


def test_folder_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "mail").write_text("a file stands here")
    mailer = registry.open_adapter("mailer", "files", {"folder": str(tmp_path / "mail")})

    with pytest.raises(NotSent):
        mailer.send(LETTER)


# ------------------------------------------------------------------------------------------------------- by SMTP


def test_many_letters_over_one_line(post: Post, by_smtp: Any) -> None:
    for number in range(5):
        by_smtp.send(replace(LETTER, message_id=f"<{number}@mail.example>"))

    assert (len(post.letters), post.lines) == (5, 1)
    assert set(post.envelopes) == {("shop@nordhost.example", "aino@virtanen.example")}


def test_line_is_opened_anew_when_the_server_hung_up(post: Post, by_smtp: Any) -> None:
    by_smtp.send(LETTER)
    post.hangs_up_at = "NOOP"

    answer = by_smtp.send(LETTER)

    assert isinstance(answer, Done)
    assert (len(post.letters), post.lines) == (2, 2)


@pytest.mark.parametrize(
    ("verb", "words", "expected"),
    [
        ("MAIL", b"451 later", NotSent),
        ("MAIL", b"550 who are you", Misconfigured),
        ("RCPT", b"450 later", NotSent),
        ("DATA", b"451 later", NotSent),
        ("DOT", b"452 full", NotSent),
    ],
)
def test_server_says_no_for_now(post: Post, by_smtp: Any, verb: str, words: bytes, expected: type[Exception]) -> None:
    post.said[verb] = words

    with pytest.raises(expected):
        by_smtp.send(LETTER)


@pytest.mark.parametrize(
    ("verb", "words", "code"),
    [("RCPT", b"550 no such user", Rejection.INVALID), ("DOT", b"554 spam", Rejection.POLICY)],
)
def test_server_says_no_for_good(post: Post, by_smtp: Any, verb: str, words: bytes, code: Rejection) -> None:
    post.said[verb] = words

    answer = by_smtp.send(LETTER)
    post.said.clear()
    after = by_smtp.send(LETTER)

    assert isinstance(answer, Rejected)
    assert answer.code is code
    assert isinstance(after, Done)


@pytest.mark.parametrize(
    ("at", "expected"), [("EHLO", NotSent), ("MAIL", NotSent), ("RCPT", NotSent), ("DATA", NotSent), ("DOT", Unknown)]
)
def test_server_hangs_up(post: Post, by_smtp: Any, at: str, expected: type[Exception]) -> None:
    post.hangs_up_at = at

    with pytest.raises(expected):
        by_smtp.send(LETTER)


def test_server_without_tls_is_not_trusted(post: Post) -> None:
    mailer = registry.open_adapter("mailer", "smtp", {"url": f"smtp://user:secret@127.0.0.1:{post.port}"})

    with pytest.raises(Misconfigured):
        mailer.send(LETTER)
    assert post.letters == []


def test_nobody_listens() -> None:
    mailer = registry.open_adapter("mailer", "smtp", {"url": "smtp://127.0.0.1:1"})

    with pytest.raises(NotSent):
        mailer.send(LETTER)


@pytest.mark.parametrize("url", ["", "http://x", "smtp://", "smtp://host:port", "smtp://host?starttls=perhaps"])
def test_address_of_a_server_that_is_none(url: str) -> None:
    with pytest.raises(Misconfigured):
        registry.open_adapter("mailer", "smtp", {"url": url})


# ------------------------------------------------------------------------------------------------------ any text

HEADERS = {
    "Message-ID", "Date", "From", "To", "Reply-To", "Subject", "Auto-Submitted", "Content-Language",
    "List-Unsubscribe", "List-Unsubscribe-Post", "MIME-Version", "Content-Type",
}  # fmt: skip


@given(subject=st.text(max_size=200), name=st.text(max_size=60), file_name=st.text(min_size=1, max_size=60))
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_any_text_makes_exactly_our_headers_or_none(subject: str, name: str, file_name: str) -> None:
    sender = MailAddress(email="shop@nordhost.example", name=name)
    odd = Attachment(file_name=file_name, content_type="application/pdf", content=b"%PDF")
    letter = replace(LETTER, subject=subject, sender=sender, attachments=(odd,))

    try:
        raw = as_bytes(letter, clock.now())
    except BadLetterError:
        return

    assert set(read(raw).keys()) == HEADERS
    assert raw.count(b"Message-ID:") == 1

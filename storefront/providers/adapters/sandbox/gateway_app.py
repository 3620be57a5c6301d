"""The sandbox card gateway: a small WSGI application of its own, on a host and port of its own."""

import hmac
import json
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlsplit
from wsgiref.types import StartResponse, WSGIEnvironment

from sqlalchemy import Row

from storefront.core import clock
from storefront.providers.adapters.sandbox import cards, gateway_pages, payments, storage
from storefront.providers.outcomes import SupplierError

MAX_BODY = 32 * 1024
PAYMENT_PATH = re.compile(r"/pay/(pay_[A-Za-z0-9_-]{20,60})")
API_PATH = re.compile(r"/api/payments/(pay_[A-Za-z0-9_-]{20,60})")
REASONS = {200: "OK", 201: "Created", 303: "See Other", 400: "Bad Request", 401: "Unauthorized", 404: "Not Found"}
REASONS |= {405: "Method Not Allowed", 409: "Conflict", 413: "Content Too Large", 421: "Misdirected Request"}
REASONS |= {422: "Unprocessable Content", 500: "Internal Server Error", 503: "Service Unavailable"}


@dataclass(frozen=True, kw_only=True)
class GatewaySettings:
    """What the gateway needs: its public address, its database, the shop's key, the secret that signs notices."""

    public_url: str
    database_url: str
    key: str = field(repr=False)
    notice_secret: str = field(repr=False)
    allowed: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What goes back: bytes, their kind, and whom a form of the page may reach besides ourselves."""

    status: int = 200
    body: bytes = b""
    kind: str = "text/html; charset=utf-8"
    location: str = ""
    form_target: str = ""
    cache: str = "no-store"


class Gateway:
    """The application."""

    def __init__(self, settings: GatewaySettings, wake: Callable[[], None] = lambda: None) -> None:
        self._settings = settings
        self._host = urlsplit(settings.public_url).netloc
        self._wake = wake

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request."""
        try:
            answer = self._answer(environ)
        except SupplierError:
            answer = _plain(503, "The database does not answer. Please try again.")
        headers = [
            ("Content-Type", answer.kind),
            ("Content-Length", str(len(answer.body))),
            ("Cache-Control", answer.cache),
            ("X-Content-Type-Options", "nosniff"),
            ("Referrer-Policy", "no-referrer"),
            ("Cross-Origin-Opener-Policy", "same-origin"),
            ("Content-Security-Policy", _policy(answer)),
        ]
        if answer.location:
            headers.append(("Location", answer.location))
        start_response(f"{answer.status} {REASONS[answer.status]}", headers)
        return [b"" if environ["REQUEST_METHOD"] == "HEAD" else answer.body]

    def _answer(self, environ: WSGIEnvironment) -> Answer:
        path, verb = environ.get("PATH_INFO", ""), environ["REQUEST_METHOD"]
        if path == "/healthz":
            return _plain(200, "ok")
        if environ.get("HTTP_HOST", "").lower() != self._host:
            return _plain(421, "There is nothing under this name.")
        if path == "/style.css":
            return Answer(body=gateway_pages.style(), kind="text/css; charset=utf-8", cache="max-age=300")
        if path.startswith("/api/"):
            return self._api(environ, path, verb)
        return self._for_payer(environ, path, verb)

    # ------------------------------------------------------------------------------------------------ for the shop

    def _api(self, environ: WSGIEnvironment, path: str, verb: str) -> Answer:
        given = environ.get("HTTP_AUTHORIZATION", "")
        if not hmac.compare_digest(given.encode(), f"Bearer {self._settings.key}".encode()):
            return _json(401, {"error": "the key is missing or wrong"})
        if path == "/api/payments" and verb == "POST":
            return self._open(environ)
        found = API_PATH.fullmatch(path)
        if not found or verb != "GET":
            return _json(404, {"error": "there is no such thing"})
        with storage.writing(self._settings.database_url) as connection:
            row = payments.find(connection, found[1], clock.now())
        return _json(200, payments.as_json(row)) if row is not None else _json(404, {"error": "no such payment"})

    def _open(self, environ: WSGIEnvironment) -> Answer:
        body = _body(environ)
        if body is None:
            return _json(413, {"error": "too large"})
        try:
            wish = payments.read_wish(json.loads(body))
            with storage.writing(self._settings.database_url) as connection:
                row = payments.open_payment(connection, wish, clock.now())
        except payments.BadPaymentError as error:
            return _json(422, {"error": str(error)})
        except (ValueError, RecursionError):
            return _json(400, {"error": "this is no JSON"})
        return _json(201, {**payments.as_json(row), "url": f"{self._settings.public_url}/pay/{row.id}"})

    # ----------------------------------------------------------------------------------------------- for the payer

    def _for_payer(self, environ: WSGIEnvironment, path: str, verb: str) -> Answer:
        found = PAYMENT_PATH.fullmatch(path)
        if not found:
            return self._missing(environ)
        if verb == "POST":
            return self._submit(environ, found[1])
        return self._show(environ, found[1]) if verb in {"GET", "HEAD"} else _plain(405, "GET or POST.")

    def _show(self, environ: WSGIEnvironment, payment_id: str) -> Answer:
        with storage.writing(self._settings.database_url) as connection:
            row = payments.find(connection, payment_id, clock.now())
        return self._missing(environ) if row is None else self._page(row)

    def _page(self, row: Row[Any], status: int = 200, problem: str = "", **shown: Any) -> Answer:
        if row.status != "open":
            html = gateway_pages.ended_page(row)
        elif row.is_confirming:
            html = gateway_pages.bank_page(row, self._nonce(row))
        else:
            html = gateway_pages.card_page(row, self._nonce(row), problem=problem, **shown)
        return Answer(status=status, body=html.encode(), form_target=payments.origin(row.return_url))

    def _submit(self, environ: WSGIEnvironment, payment_id: str) -> Answer:
        body = _body(environ)
        if body is None:
            return _plain(413, "Too large.")
        try:
            typed = dict(parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=20))
        except ValueError:
            return _plain(400, "This form cannot be read.")
        now = clock.now()
        verdict = cards.Verdict(result="")
        with storage.writing(self._settings.database_url) as connection:
            row = payments.find(connection, payment_id, now, for_update=True)
            if row is None:
                return self._missing(environ)
            if row.status == "open" and not hmac.compare_digest(
                typed.get("nonce", "").encode(), self._nonce(row).encode()
            ):
                return self._page(row, 409, "stale")
            if row.status == "open":
                action = typed.get("action", "pay")
                if action == "cancel":
                    row = payments.end(connection, row, "cancelled", now, is_confirming=False)
                elif row.is_confirming:
                    row = payments.confirm(connection, row, now, approves=action == "approve")
                    verdict = cards.Verdict(result=row.failure)
                else:
                    asked = (typed.get("number", ""), typed.get("expiry", ""), typed.get("code", ""))
                    verdict = cards.judge(*asked, now.date())
                    row = payments.try_card(connection, row, verdict, now)
        return self._after(row, verdict, typed)

    def _after(self, row: Row[Any], verdict: cards.Verdict, typed: dict[str, str]) -> Answer:
        if row.status != "open":
            self._wake()
            return Answer(status=303, location=row.return_url)
        if row.is_confirming:
            return Answer(status=303, location=f"{self._settings.public_url}/pay/{row.id}")
        # What was typed stays, except the number and code of a card that may be real.
        kept = (
            {} if verdict.result == "real_card" else {name: typed.get(name, "")[:30] for name in ("number", "expiry")}
        )
        return self._page(row, 422, verdict.result, wrong=verdict.field, typed=kept)

    def _nonce(self, row: Row[Any]) -> str:
        """One form, one use: it changes with every attempt and every step."""
        step = f"{row.id}.{row.attempts}.{row.is_confirming}.{row.status}"
        return hmac.digest(self._settings.key.encode(), step.encode(), "sha256").hex()

    def _missing(self, environ: WSGIEnvironment) -> Answer:
        wanted = environ.get("HTTP_ACCEPT_LANGUAGE", "en")[:2]
        return Answer(status=404, body=gateway_pages.missing_page(wanted).encode())


def _policy(answer: Answer) -> str:
    # Chromium holds redirects after a form to form-action too, hence the shop's own origin.
    forms = f"'self' {answer.form_target}".rstrip()
    return (
        f"default-src 'none'; style-src 'self'; img-src 'self' data:; form-action {forms}; "
        "frame-ancestors 'none'; base-uri 'none'"
    )


def _body(environ: WSGIEnvironment) -> bytes | None:
    """Read the body; None when it is larger than anything we ask for."""
    length = environ.get("CONTENT_LENGTH") or "0"
    if not (length.isascii() and length.isdigit()) or int(length) > MAX_BODY:
        return None
    return bytes(environ["wsgi.input"].read(int(length)))


def _plain(status: int, text: str) -> Answer:
    return Answer(status=status, body=text.encode(), kind="text/plain; charset=utf-8")


def _json(status: int, content: object) -> Answer:
    return Answer(status=status, body=json.dumps(content).encode(), kind="application/json")

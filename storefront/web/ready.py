"""Pages that are ready are answered here, before Flask: from memory, else from the machine's store, else by the app."""

import itertools
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING

from storefront.core.changes import STAMP_LENGTH
from storefront.core.config import Config
from storefront.core.i18n import LOCALES
from storefront.core.memory import Memory
from storefront.core.store import key_of
from storefront.web.embedders import FRAMED, WINDOWS, embedders_in, is_foreign
from storefront.web.kept import MAX_BODY, Headers, Kept, Sheet, edition, is_for_all, keep_from, read_kept, short
from storefront.web.last_page import asked_language, last_page
from storefront.web.negotiation import accepts_gzip, is_fresh, language_for, wish_of
from tenants.parked_names import PARKED
from tenants.resolve import Place, Resolver, Unreachable, normalise

if TYPE_CHECKING:
    from _typeshed import OptExcInfo
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

MARK = "x-vitrine-ready"
PEER_PATHS = frozenset({"/healthz", "/readyz", "/metrics"})
# Below this address the edge asks for what it was asked in plain http.
PLAIN = "/hooks/plain/"
READING = frozenset({"GET", "HEAD"})
# The same in every language.
FIXED = ("/assets/", "/media/")
MAX_PATH = 256
# A shop has so many ready answers at most, between two changes; the rest is always made by the app.
MAX_ANSWERS = 2_000
# A kept page is made anew once a day, so that a date or a year in it does not grow old.
LONGEST_S = 24 * 3600
# What is found in the store goes to memory at once while there is room, then every so many times: often asked for, it
# will soon be there, and what is asked for once pushes little out.
PROMOTE_EVERY = 16
ENTRY_COST = 1_200

MISDIRECTED = "421 Misdirected Request"
AWAY = "503 Service Unavailable"

# Host header, path, languages wished for (none where the address settles it), whether it may be packed.
Key = tuple[str, str, str, bool]


class Ready:
    """Wraps the app and keeps what it marks.

    What carries ``X-Vitrine-Ready: 1`` is kept for every visitor of that host, path, language and encoding until the
    shop's version rises; everything else passes through. The mark may instead be a number of seconds after which the
    page must be made anew. It never leaves the house.
    """

    def __init__(
        self,
        app: "WSGIApplication",
        config: Config,
        resolver: Resolver,
        desk: "Callable[[WSGIApplication], WSGIApplication] | None" = None,
    ) -> None:
        self._app = app
        # What is not in memory is answered by ``look``, with a desk before it that takes what is for itself.
        self._otherwise = self.look if desk is None else desk(self.look)
        self._resolver = resolver
        self._store = resolver.store
        self._versions = resolver.versions
        self._memory: Memory[Key, Kept] = Memory(config.page_memory_mb * 1024 * 1024)
        self._ports = frozenset({"", *([f":{config.public_port}"] if config.public_port else [])})
        # An answer to plain http lacks what protects https; on a developer's machine there is no difference.
        self._schemes = {"http", "https"} if config.is_development else {config.public_scheme}
        self._edition = edition()
        self._answers: Memory[bytes, itertools.count[int]] = Memory(10_000)
        self._found = itertools.count()
        self._versions.on_forget.append(self._memory.clear)
        if config.is_development:
            self._versions.on_look.append(self._look_at_sources)
        self.counts = {"memory": 0, "store": 0, "made": 0, "passed": 0}

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Answer from memory what was asked in these very words before; else look further."""
        path = environ.get("PATH_INFO", "")
        if _may_be_ready(environ, path):
            kept = self._remembered(_key(environ, environ.get("HTTP_HOST", ""), path))
            if kept is not None and (WINDOWS not in path or not _is_kept_from(environ, kept)):
                return _send(environ, start_response, kept)
        return self._otherwise(environ, start_response)

    def look(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Answer from the store, or let the app answer. An unknown host gets 421 and a bare page, and no cookie."""
        path = environ.get("PATH_INFO", "")
        if path in PEER_PATHS:
            return self._app(environ, start_response)
        header = environ.get("HTTP_HOST", "")
        host = normalise(header)
        if host is None:
            return _refuse(environ, start_response, MISDIRECTED)
        if path.startswith(PLAIN):
            environ["PATH_INFO"] = path[len(PLAIN) - 1 :]
            return self._ask_plain(environ, start_response, host)
        key = None
        # A name written in another way is answered by the app, and never kept: memory holds well-written ones only.
        if header.startswith(host) and header[len(host) :] in self._ports and _may_be_ready(environ, path):
            key = _key(environ, header, path)
            kept = self._stored(key, host)
            if kept is not None:
                if WINDOWS not in path or not _is_kept_from(environ, kept):
                    return _send(environ, start_response, kept)
                # The app says no and counts it; what it says is never kept.
                key = None
        return self._ask(environ, start_response, host, key)

    def _ask_plain(self, environ: "WSGIEnvironment", start_response: "StartResponse", host: str) -> Iterable[bytes]:
        """Answer what the edge was asked in plain http: for customers' names only, so that it leads all else on."""
        try:
            place = self._resolver.find(host)
        except Unreachable:
            return _refuse(environ, start_response, AWAY)
        if place is None or place.purpose != PARKED:
            return _refuse(environ, start_response, "404 Not Found")
        return self._park(environ, start_response, host, place)

    def _ask(
        self, environ: "WSGIEnvironment", start_response: "StartResponse", host: str, key: Key | None
    ) -> Iterable[bytes]:
        """Find the shop, and let the app answer for it."""
        try:
            place = self._resolver.find(host)
        except Unreachable:
            return _refuse(environ, start_response, AWAY)
        if place is None or place.state == "closed":
            return _refuse(environ, start_response, MISDIRECTED)
        environ["vitrine.place"] = place
        if place.purpose == PARKED:
            return self._park(environ, start_response, host, place)
        if key is None or place.state != "open":
            self.counts["passed"] += 1
            return self._app(environ, _without_mark(start_response))
        return self._make(environ, start_response, key, place)

    def _park(
        self, environ: "WSGIEnvironment", start_response: "StartResponse", host: str, place: Place
    ) -> Iterable[bytes]:
        """Answer on a customer's name without a website: one page at every address, and the files it is made of.

        Nothing that a visitor sends reaches the app, so there is no session, no office and no form there.
        """
        if environ["REQUEST_METHOD"] not in READING:
            return _refuse(environ, start_response, "405 Method Not Allowed")
        path = environ.get("PATH_INFO", "")
        kept_wishes = ("HTTP_ACCEPT_LANGUAGE", "HTTP_ACCEPT_ENCODING", "HTTP_IF_NONE_MATCH", "HTTP_HOST")
        for name in [each for each in environ if each.startswith("HTTP_") and each not in kept_wishes]:
            del environ[name]
        environ["QUERY_STRING"], environ["SCRIPT_NAME"] = "", ""
        if not path.startswith(FIXED) or len(path) > MAX_PATH:
            environ["PATH_INFO"] = path = "/"
        key = _key(environ, host, path)
        kept = self._remembered(key) or self._stored(key, host)
        if kept is not None:
            return _send(environ, start_response, kept)
        return self._make(environ, start_response, key, place)

    def _remembered(self, key: Key) -> Kept | None:
        """Return the answer in memory. Its stamp says whose it is and how new, so nothing else need be looked up."""
        kept = self._memory.find(key)
        if kept is None or not self._versions.allow(kept.stamp) or kept.until <= time.time():
            return None
        self.counts["memory"] += 1
        return kept

    def _stored(self, key: Key, host: str) -> Kept | None:
        """Return the answer in the machine's store, and remember it."""
        _header, path, wish, wants_packed = key
        record = self._store.read(key_of(self._edition, host, path, wish))
        if record is None or not self._versions.allow(record[:STAMP_LENGTH]):
            return None
        kept = read_kept(record, f"{host}\n{path}\n{wish}", wants_packed=wants_packed)
        if kept is None or kept.until < time.time():
            return None
        self.counts["store"] += 1
        cost = len(kept.body) + ENTRY_COST
        if self._memory.cost + cost <= self._memory.limit or next(self._found) % PROMOTE_EVERY == 0:
            self._memory.keep(key, kept, cost)
        return kept

    def _make(
        self, environ: "WSGIEnvironment", start_response: "StartResponse", key: Key, place: Place
    ) -> Iterable[bytes]:
        """Let the app answer; keep the answer if it may be kept."""
        _header, path, wish, wants_packed = key
        host = place.host
        name, birth, epoch = f"{host}\n{path}\n{wish}", self._store.birth, self._versions.epoch
        has_language_in_path = _first_step(path) in place.locales
        varies = _varies_by_language(path)
        if varies:
            environ["vitrine.locale"] = language_for(wish, place.locales)
        answer = _Answer()
        body = answer.opened(self._app(environ, answer))
        # Our proxy's word about the scheme stands in environ only now.
        # Customers' names are answered in plain http as well, and never told to be asked otherwise.
        is_usual = environ.get("wsgi.url_scheme") in self._schemes or place.purpose == PARKED
        may_be_kept = is_usual and _is_clean(environ) and (varies or has_language_in_path or path.startswith(FIXED))
        sheet = answer.sheet(body) if may_be_kept else None
        if sheet is None or not self._has_room(place):
            self.counts["passed"] += 1
            return answer.pass_on(body if sheet is None else [sheet.body], start_response)
        self.counts["made"] += 1
        until = time.time() + min(answer.lasts_s, LONGEST_S)
        record = keep_from(sheet, name=name, stamp=place.stamp, until=until, varies_by_language=varies)
        kept = read_kept(record, name, wants_packed=wants_packed)
        assert kept is not None  # noqa: S101 - it was written a line above
        if self._versions.allow(place.stamp):
            self._memory.keep(key, kept, len(kept.body) + ENTRY_COST)
            self._store.write(key_of(self._edition, host, path, wish), record, birth=birth)
            if self._versions.epoch != epoch:
                self._memory.drop(key)
        return _send(environ, start_response, kept)

    def _has_room(self, place: Place) -> bool:
        """Tell whether this shop may keep one more answer; a flood of made-up addresses ends here."""
        # What is asked of customers' names takes no room from the shop itself.
        whose = place.stamp + place.purpose.encode() if place.purpose == PARKED else place.stamp
        answers = self._answers.find(whose)
        if answers is None:
            answers = itertools.count()
            self._answers.keep(whose, answers)
        return next(answers) < MAX_ANSWERS

    def _look_at_sources(self, _moment: datetime) -> None:
        """Show a changed template at once, on the machine of who changes it."""
        found = edition()
        if found != self._edition:
            self._edition = found
            self._memory.clear()


class _Answer:
    """Stands in for the server while the app answers, so that the mark is seen before anything is sent."""

    def __init__(self) -> None:
        self._status = ""
        self._headers: Headers = []
        self._problem: OptExcInfo | None = None
        self._written: list[bytes] = []
        self.lasts_s = 0.0

    def __call__(
        self, status: str, headers: Headers, exc_info: "OptExcInfo | None" = None, /
    ) -> Callable[[bytes], object]:
        self._status, self._headers, self._problem = status, headers, exc_info
        return self._written.append

    def opened(self, body: Iterable[bytes]) -> Iterable[bytes]:
        """Make sure that the app has spoken: a generator says its status only when it is asked for its first piece."""
        if self._status:
            return body
        pieces = iter(body)
        first = next(pieces, b"")
        return _Joined([first], pieces, body)

    def sheet(self, body: Iterable[bytes]) -> Sheet | None:
        """Return the whole answer if the app marked it and it may be given to everybody, else nothing."""
        mark = next((value for name, value in self._headers if name.lower() == MARK), "")
        if not mark.isdecimal() or self._problem or self._written or not is_for_all(self._status, self._headers):
            return None
        length = next((int(value) for name, value in self._headers if name.lower() == "content-length"), MAX_BODY + 1)
        if length > MAX_BODY:
            return None
        self.lasts_s = LONGEST_S if mark == "1" else float(mark)
        try:
            return Sheet(self._headers, b"".join(body))
        finally:
            close = getattr(body, "close", None)
            if close is not None:
                close()

    def pass_on(self, body: Iterable[bytes], start_response: "StartResponse") -> Iterable[bytes]:
        """Send the answer as the app gave it, without the mark."""
        _without_mark(start_response)(self._status, self._headers, self._problem)
        return _Joined(self._written, body, body) if self._written else body


class _Joined:
    """A body in two parts that is closed as one (PEP 3333)."""

    def __init__(self, first: list[bytes], rest: Iterable[bytes], whole: object) -> None:
        self._pieces = itertools.chain(first, rest)
        self._whole = whole

    def __iter__(self) -> Iterator[bytes]:
        return self._pieces

    def close(self) -> None:
        close = getattr(self._whole, "close", None)
        if close is not None:
            close()


def _may_be_ready(environ: "WSGIEnvironment", path: str) -> bool:
    """Tell whether the answer to this request could be the same for everybody."""
    if environ["REQUEST_METHOD"] not in READING or environ.get("QUERY_STRING") or len(path) > MAX_PATH:
        return False
    cookie = environ.get("HTTP_COOKIE")
    if cookie is not None and ("session=" in cookie or "note=" in cookie):
        # Who is signed in, or is owed a message, gets a page of their own. The cart is drawn by a script.
        return False
    if cookie is not None and "frame-cart=" in cookie and WINDOWS in path:
        return False
    return "HTTP_AUTHORIZATION" not in environ and "HTTP_HX_REQUEST" not in environ


def _is_kept_from(environ: "WSGIEnvironment", kept: Kept) -> bool:
    """Tell whether a page asked for this window that it does not name as one that may hold it."""
    destination = environ.get("HTTP_SEC_FETCH_DEST", "")
    if destination not in FRAMED:
        return False
    policy = next((value for name, value in kept.headers if name.lower() == "content-security-policy"), "")
    referer, host = environ.get("HTTP_REFERER", ""), environ.get("HTTP_HOST", "")
    return is_foreign(destination, referer, host, embedders_in(policy))


def _is_clean(environ: "WSGIEnvironment") -> bool:
    """Tell whether the answer to this very request may be kept for others: nothing personal was sent along."""
    if environ["REQUEST_METHOD"] != "GET" or "HTTP_RANGE" in environ:
        return False
    cookies = environ.get("HTTP_COOKIE", "").split(";")
    return all(not cookie.strip() or cookie.strip().startswith("cart-count=") for cookie in cookies)


def _key(environ: "WSGIEnvironment", header: str, path: str) -> Key:
    """Name the answer by everything it may depend on."""
    script = environ.get("SCRIPT_NAME")
    if script:
        path = script + path
    wish = wish_of(environ.get("HTTP_ACCEPT_LANGUAGE", "")) if _varies_by_language(path) else ""
    return (header, path, wish, accepts_gzip(environ.get("HTTP_ACCEPT_ENCODING", "")))


@lru_cache(maxsize=4_000)
def _varies_by_language(path: str) -> bool:
    """Tell whether the visitor's wish decides about the language, because the address does not."""
    return not path.startswith(FIXED) and _first_step(path) not in LOCALES


def _first_step(path: str) -> str:
    return path[1:].partition("/")[0]


def _send(environ: "WSGIEnvironment", start_response: "StartResponse", kept: Kept) -> list[bytes]:
    known = environ.get("HTTP_IF_NONE_MATCH")
    if known is not None and is_fresh(known, kept.etag):
        start_response("304 Not Modified", short(kept.headers))
        return []
    start_response("200 OK", list(kept.headers))
    return [] if environ["REQUEST_METHOD"] == "HEAD" else [kept.body]


def _refuse(environ: "WSGIEnvironment", start_response: "StartResponse", status: str) -> list[bytes]:
    locale = asked_language(_first_step(environ.get("PATH_INFO", "")), environ.get("HTTP_ACCEPT_LANGUAGE", ""))
    page = last_page(int(status[:3]), locale).encode()
    headers = [
        ("Content-Type", "text/html; charset=utf-8"),
        ("Content-Length", str(len(page))),
        ("Cache-Control", "no-store"),
        ("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"),
        ("X-Content-Type-Options", "nosniff"),
        ("Referrer-Policy", "no-referrer"),
    ]
    if status.startswith("503"):
        headers.append(("Retry-After", "5"))
    if status.startswith("405"):
        headers.append(("Allow", "GET, HEAD"))
    start_response(status, headers)
    return [page]


def _without_mark(start_response: "StartResponse") -> "StartResponse":
    def start(status: str, headers: Headers, exc_info: "OptExcInfo | None" = None, /) -> Callable[[bytes], object]:
        kept = [header for header in headers if header[0].lower() != MARK]
        return start_response(status, kept) if exc_info is None else start_response(status, kept, exc_info)

    return start

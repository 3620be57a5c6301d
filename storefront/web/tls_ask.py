"""/hooks/tls: may the edge get a certificate for this name? Answered before Flask, for our own web server only."""

import time
from collections.abc import Iterable
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from prometheus_client import Counter
from sqlalchemy.exc import SQLAlchemyError

from storefront.core import clock
from storefront.core.db import Database
from storefront.core.memory import Memory
from storefront.core.store import key_of
from storefront.web.nearness import is_near, networks_of
from tenants.certificate_rules import Answer
from tenants.certificates import decide
from tenants.parked_names import PARKED
from tenants.resolve import Place, Resolver, Unreachable, normalise

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

PATH = "/hooks/tls"
MAX_QUERY = 1_000
# A refusal that only time mends is repeated so long without looking again.
REFUSED_S = 60.0
REFUSED_LIMIT = 10_000
PROVEN_LIMIT = 20_000
# A certificate that was seen is believed at most so long before the table is asked again.
PROVEN_S = 24 * 3600.0

ASKED = Counter("tls_ask_total", "Questions of the edge whether a name may have a certificate, by answer", ["answer"])
_COUNTS = {answer: ASKED.labels(answer.value) for answer in Answer}
STATUS = {True: "200 OK", False: "403 Forbidden"}


class Desk:
    """Decides from memory; the database is asked only about names whose certificate nobody has seen yet.

    Three things are looked at: the index (is it a name of ours at all), the resolver (whose, and is the shop open), and
    whether its certificate was seen. Without the database, names with a certificate go on and new ones wait.
    """

    def __init__(self, database: Database, resolver: Resolver) -> None:
        self._database = database
        self._resolver = resolver
        self._store = resolver.store
        self.index = resolver.index
        self._proven: Memory[str, tuple[bytes, float]] = Memory(PROVEN_LIMIT)
        self._refused: Memory[str, tuple[Answer, float]] = Memory(REFUSED_LIMIT)
        resolver.versions.on_host.append(self._refused.drop)

    def answer(self, name: str | None) -> Answer:
        """Answer for a name exactly as the edge wrote it."""
        # Names come in lower case and as A-labels; anything else is no question of our edge.
        if not name or normalise(name) != name:
            return Answer.MALFORMED
        if self.index.is_loaded and not self.index.may_be_active(name):
            return Answer.UNKNOWN
        try:
            place = self._resolver.find(name)
        except Unreachable:
            return Answer.AWAY
        # A customer's name without a website is answered in plain http: whoever wants a certificate for it connects it.
        if place is None or place.purpose == PARKED:
            return Answer.UNKNOWN
        return self._about(name, place)

    def _about(self, name: str, place: Place) -> Answer:
        if place.state == "closed":
            return Answer.CLOSED
        if self._is_proven(name, place):
            return Answer.ALLOWED
        refused = self._refused.find(name)
        if refused is not None and refused[1] > time.monotonic():
            return refused[0]
        return self._decide(name, place)

    def _is_proven(self, name: str, place: Place) -> bool:
        """Tell whether this shop's certificate for the name was seen and still holds."""
        known = self._proven.find(name)
        if known is None:
            record = self._store.read(_key(name))
            known = _read(name, record) if record else None
            if known is not None:
                self._proven.keep(name, known)
        if known is not None and known[0] == place.reseller_id.bytes and known[1] > _now():
            return True
        return self.index.has_certificate(name, place.reseller_id)

    def _decide(self, name: str, place: Place) -> Answer:
        try:
            with self._database.work(place.reseller_id) as db:
                decision = decide(db, name, is_open=place.state != "suspended")
                db.commit()  # the edge of this question: there is no request around it
        except (SQLAlchemyError, OSError):
            return Answer.AWAY
        if decision.valid_until is not None:
            owner, until = place.reseller_id.bytes, min(decision.valid_until.timestamp(), _now() + PROVEN_S)
            self._proven.keep(name, (owner, until))
            self._store.write(_key(name), _record(name, owner, until), birth=self._store.birth or None)
        elif not decision.answer.is_yes:
            self._refused.keep(name, (decision.answer, time.monotonic() + REFUSED_S))
        return decision.answer


class TlsAsk:
    """Stands before all that is not in memory and answers one address, without Flask: a status and nothing more."""

    def __init__(self, app: "WSGIApplication", database: Database, resolver: Resolver) -> None:
        self._app = app
        self._peers = networks_of(database.config.probe_peers)
        self.desk = Desk(database, resolver)

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Answer our edge; to everybody else this address does not exist."""
        if environ.get("PATH_INFO") != PATH:
            return self._app(environ, start_response)
        if not is_near(environ, self._peers):
            _COUNTS[Answer.NOT_A_PEER].inc()
            return self._app(environ, start_response)
        answer = self.desk.answer(_asked_name(environ.get("QUERY_STRING", "")))
        _COUNTS[answer].inc()
        start_response(STATUS[answer.is_yes], [("Content-Length", "0"), ("Cache-Control", "no-store")])
        return []


def _asked_name(query: str) -> str | None:
    """Return the one ``domain`` of a query; two are as good as none."""
    if len(query) > MAX_QUERY:
        return None
    try:
        fields = parse_qsl(query, keep_blank_values=True, strict_parsing=True, max_num_fields=4)
    except ValueError:
        return None
    names = [value for key, value in fields if key == "domain"]
    return names[0] if len(names) == 1 else None


def _now() -> float:
    return clock.now().timestamp()


def _key(name: str) -> bytes:
    return key_of("certificate", name)


def _record(name: str, owner: bytes, until: float) -> bytes:
    return owner + int(until).to_bytes(8, "big") + name.encode()


def _read(name: str, record: bytes) -> tuple[bytes, float] | None:
    """Read what is kept of a certificate; ``None`` if it is about another name."""
    if record[24:] != name.encode():
        return None
    return record[:16], float(int.from_bytes(record[16:24], "big"))

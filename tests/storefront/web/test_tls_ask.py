"""/hooks/tls: yes for names of shops, no for everything else, to our own web server and to nobody else."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from prometheus_client import REGISTRY
from sqlalchemy import delete, update
from werkzeug.test import Client
from werkzeug.wrappers import Response

from storefront.core import clock
from storefront.core.changes import announce, announce_host
from storefront.core.config import Config
from storefront.core.db import Database
from storefront.core.edge import SeenCertificate
from storefront.web import tls_ask
from storefront.web.forwarded import TOLD
from storefront.web.nearness import networks_of
from storefront.web.tls_ask import TlsAsk
from tenants.certificate_models import HostCertificate
from tenants.certificate_rules import Answer
from tenants.certificates import note_look
from tenants.models import HostName, Site
from tenants.resellers import reopen, suspend
from tenants.resolve import Resolver
from tests.fixtures_app import Shop
from tests.fixtures_front import open_shop
from tests.statements import counted
from tests.waiting import until

Ask = Callable[..., int]
LONG = ".".join(["a" * 63, "b" * 63, "c" * 63, "d" * 63])


def app(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    """What stands behind: it has no such page."""
    return Response("no such page", 404)(environ, start_response)


@pytest.fixture(autouse=True)
def _nothing_before(front: Database) -> Iterator[None]:
    yield
    with front.office_work() as db:
        db.execute(delete(HostCertificate))
        db.commit()


@pytest.fixture
def gate(front: Database, resolver: Resolver) -> TlsAsk:
    return TlsAsk(app, front, resolver)


@pytest.fixture
def ask(gate: TlsAsk) -> Ask:
    """Ask as the edge does; returns the status."""
    client = Client(gate, use_cookies=False)

    def get(name: str | None = None, *, query: str | None = None, peer: str = "127.0.0.1", **headers: str) -> int:
        named = {key.replace("_", "-"): value for key, value in headers.items()}
        asked = {"domain": name} if query is None else query
        answer = client.get(tls_ask.PATH, query_string=asked, headers=named, environ_overrides={"REMOTE_ADDR": peer})
        assert answer.get_data() in {b"", b"no such page"}
        assert "Location" not in answer.headers
        return answer.status_code

    return get


def count(answer: Answer) -> float:
    return REGISTRY.get_sample_value("tls_ask_total", {"answer": answer.value}) or 0.0


def connect(front: Database, shop: Shop, name: str) -> str:
    with front.work(shop.id) as db:
        db.add(HostName(name=name, reseller_id=shop.id, canonical=shop.host))
        announce_host(db, name)
        db.commit()
    return name


def prove(front: Database, shop: Shop, name: str) -> None:
    now = clock.now()
    with front.work(shop.id) as db:
        found = SeenCertificate(issuer="Pebble", valid_from=now, valid_until=now + timedelta(days=90), is_trusted=True)
        note_look(db, name, found, "")
        db.commit()


def set_site(front: Database, shop: Shop, state: str) -> None:
    with front.office_work() as db:
        db.execute(update(Site).where(Site.reseller_id == shop.id).values(state=state))
        announce(db, shop.id)
        db.commit()


def test_names_of_shops_are_allowed(ask: Ask, front: Database, shop: Shop) -> None:
    before = count(Answer.ALLOWED)

    name = connect(front, shop, "shop.allowed.example")

    until(lambda: ask(shop.host) == 200, seconds=3)
    until(lambda: ask(name) == 200, seconds=3)
    assert count(Answer.ALLOWED) == before + 2


REFUSED = {
    "unknown": ("nobody.example", Answer.UNKNOWN),
    "sub-name": ("www.{host}", Answer.UNKNOWN),
    "name above": ("localhost", Answer.UNKNOWN),
    "wildcard": ("*.{host}", Answer.MALFORMED),
    "trailing dot": ("{host}.", Answer.MALFORMED),
    "upper case": ("{HOST}", Answer.MALFORMED),
    "upper case of unknown": ("NOBODY.example", Answer.MALFORMED),
    "with port": ("{host}:443", Answer.MALFORMED),
    "address": ("192.0.2.7", Answer.MALFORMED),
    "address in brackets": ("[2001:db8::1]", Answer.MALFORMED),
    "IPv6 address": ("2001:db8::1", Answer.MALFORMED),
    "number": ("3232235777", Answer.MALFORMED),
    "look-alike": ("xn--nrdhost-9ig.example", Answer.UNKNOWN),
    "letters that are no A-label": ("xn--a.example", Answer.MALFORMED),
    "not in A-labels": ("bücher.example", Answer.MALFORMED),
    "too long": (LONG, Answer.MALFORMED),
    "label too long": ("a" * 64 + ".example", Answer.MALFORMED),
    "underscore": ("_shop-challenge.{host}", Answer.MALFORMED),
    "blank": ("", Answer.MALFORMED),
    "NUL": ("{host}\0", Answer.MALFORMED),
    "line": ("{host}\r\nX: 1", Answer.MALFORMED),
    "path": ("{host}/", Answer.MALFORMED),
    "SQL": ("' OR 1=1 --", Answer.MALFORMED),
}


@pytest.mark.parametrize("kind", REFUSED)
def test_other_names_are_refused(ask: Ask, shop: Shop, kind: str) -> None:
    name, answer = REFUSED[kind]
    before = count(answer)

    assert ask(name.format(host=shop.host, HOST=shop.host.upper())) == 403
    assert count(answer) == before + 1


@pytest.mark.parametrize(
    "query",
    ["", "domain", "name={host}", "domain={host}&domain={host}", "domain={host}&" + "a=1&" * 9, "domain={host};"],
)
def test_questions_that_are_none_are_refused(ask: Ask, shop: Shop, query: str) -> None:
    assert ask(query=query.format(host=shop.host)) == 403


def test_long_question_is_refused_unread(ask: Ask, shop: Shop) -> None:
    assert ask(query=f"domain={shop.host}&a=" + "b" * tls_ask.MAX_QUERY) == 403


@pytest.mark.parametrize(
    ("peer", "headers"),
    [
        ("192.0.2.1", {}),
        ("10.0.0.1", {}),
        ("nonsense", {}),
        ("127.0.0.1", {"X_Forwarded_For": "192.0.2.1"}),
        ("127.0.0.1", {"X_Forwarded_For": "127.0.0.1"}),
        ("127.0.0.1", {"Forwarded": "for=127.0.0.1"}),
        ("127.0.0.1", {"Via": "1.1 Caddy"}),
        *(("127.0.0.1", {name[len("HTTP_") :].title(): "127.0.0.1"}) for name in TOLD),
    ],
)
def test_strangers_find_no_such_page(ask: Ask, shop: Shop, peer: str, headers: dict[str, str]) -> None:
    before = count(Answer.NOT_A_PEER)

    assert ask(shop.host, peer=peer, **headers) == 404
    assert count(Answer.NOT_A_PEER) == before + 1


@pytest.mark.parametrize("peer", ["127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1", "", "10.1.2.3"])
def test_peers_are_this_machine_and_those_configured(
    gate: TlsAsk, ask: Ask, shop: Shop, peer: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gate, "_peers", networks_of(["10.1.2.0/24"]))

    assert ask(shop.host, peer=peer) == 200


def test_other_pages_are_not_ours(gate: TlsAsk) -> None:
    assert Client(gate).get("/hooks/tls/").status_code == 404
    assert Client(gate).get("/").get_data() == b"no such page"


def test_detached_name_is_refused_within_a_second(ask: Ask, front: Database, shop: Shop) -> None:
    name = connect(front, shop, "shop.detached.example")
    assert ask(name) == 200

    with front.work(shop.id) as db:
        db.execute(delete(HostName).where(HostName.name == name))
        announce(db)
        db.commit()

    until(lambda: ask(name) == 403, seconds=2)


def test_name_given_to_another_shop_starts_without_a_certificate(
    ask: Ask, gate: TlsAsk, front: Database, resolver: Resolver, shop: Shop, neighbour: Shop
) -> None:
    """What was seen for one owner proves nothing for the next."""
    name = connect(front, shop, "shop.moved.example")
    prove(front, shop, name)
    assert ask(name) == 200

    with front.office_work() as db:
        db.execute(update(HostName).where(HostName.name == name).values(reseller_id=neighbour.id))
        announce(db, shop.id)
        db.commit()
    until(lambda: getattr(resolver.find(name), "reseller_id", None) == neighbour.id, seconds=2)
    place = resolver.find(name)

    assert place is not None
    assert not gate.desk._is_proven(name, place)


@pytest.mark.parametrize(
    ("state", "is_proven", "status"),
    [("suspended", True, 200), ("suspended", False, 403), ("closed", True, 403), ("closed", False, 403)],
)
def test_shop_that_is_not_open(
    ask: Ask, front: Database, shop: Shop, state: str, is_proven: bool, status: int, resolver: Resolver
) -> None:
    if is_proven:
        prove(front, shop, shop.host)
    set_site(front, shop, state)

    until(lambda: getattr(resolver.find(shop.host), "state", "") == state, seconds=2)

    assert ask(shop.host) == status


def test_reopened_shop_gets_its_certificate(
    ask: Ask, front: Database, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tls_ask, "REFUSED_S", 0.2)
    with front.office_work() as db:
        suspend(db, shop.id)
        db.commit()
    until(lambda: ask(shop.host) == 403, seconds=2)

    with front.office_work() as db:
        reopen(db, shop.id)
        db.commit()

    until(lambda: ask(shop.host) == 200, seconds=3)


def test_known_certificate_asks_the_database_nothing(ask: Ask, front: Database, shop: Shop, gate: TlsAsk) -> None:
    prove(front, shop, shop.host)
    assert ask(shop.host) == 200
    until(lambda: gate.desk.index.is_loaded)

    with counted(front) as said:
        assert [ask(shop.host) for _ in range(50)] == [200] * 50
        assert [ask(f"n{number}.example") for number in range(50)] == [403] * 50

    assert [statement for statement in said if "host_name" not in statement and "site" not in statement] == []
    assert len([statement for statement in said if "host_name" in statement]) <= 2


def test_refusal_by_a_limit_is_not_looked_up_again(
    ask: Ask, front: Database, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = connect(front, shop, "shop.often.example")
    assert [ask(name) for _ in range(4)] == [200, 200, 200, 403]
    asked: list[str] = []
    monkeypatch.setattr(tls_ask, "decide", lambda *_told, **_more: asked.append("x"))

    assert [ask(name) for _ in range(20)] == [403] * 20
    assert asked == []


def test_without_database_known_names_go_on_and_new_ones_wait(
    front_config: Config, front: Database, shop: Shop, neighbour: Shop, resolver: Resolver
) -> None:
    desk = tls_ask.Desk(front, resolver)
    prove(front, shop, shop.host)
    assert desk.answer(shop.host) == Answer.ALLOWED
    assert resolver.find(neighbour.host)
    nowhere = "postgresql+psycopg://nobody@127.0.0.1:1/nothing"
    away = Database(replace(front_config, database_url=nowhere, office_url=nowhere))
    lost = Resolver(away, resolver.store)
    lost.versions.start()
    until(lambda: lost.versions.is_trusted)
    # A process that starts while the database is away: all it has is the store of this machine.
    alone = tls_ask.Desk(away, lost)

    answers = [alone.answer(name) for name in (shop.host, neighbour.host, "nobody.example")]

    lost.close()
    assert answers == [Answer.ALLOWED, Answer.AWAY, Answer.AWAY]


def test_new_shop_is_allowed_before_the_index_is_read(front: Database, resolver: Resolver) -> None:
    desk = tls_ask.Desk(front, resolver)

    assert desk.answer(open_shop(front).host) == Answer.ALLOWED


def test_flood_of_names_keeps_memory_bounded(gate: TlsAsk) -> None:
    until(lambda: gate.desk.index.is_loaded)
    for number in range(30_000):
        gate.desk.answer(f"n{number}.example")

    assert len(gate.desk._refused) == 0
    assert len(gate.desk._proven) == 0
    assert len(gate.desk.index._doubts) <= 200

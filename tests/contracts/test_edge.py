"""HTTPS as it is shipped: a real Caddy with deploy/Caddyfile, the test authority pebble, and the whole application."""

import os
import socket
import ssl
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from uuid import uuid4

import httpx
import pytest
from sqlalchemy import delete

from storefront.core import edge as edges
from storefront.core.changes import announce, announce_host
from storefront.core.config import Config
from storefront.core.db import Database
from storefront.core.edge import see_certificate
from tenants import certificates
from tenants.certificate_models import HostCertificate
from tenants.certificates import facts_of
from tenants.models import Host, HostName
from tenants.resellers import reopen, suspend
from tests import factories
from tests.conftest import made_database
from tests.fixtures_app import Shop, config_for, open_shops
from tests.fixtures_gateway import free_port
from tests.running_edge import LOOPBACK, RunningEdge, running_application, running_edge, running_names

NORTH, SOUTH, PLATFORM_NAME = "shop.north.test", "shop.south.test", "north.shops.test"
PAGE = "/account/sign-in"


@dataclass(kw_only=True)
class Installation:
    """Everything that runs, and the shops behind it."""

    edge: RunningEdge
    database: Database
    shops: dict[str, Shop]
    port: int
    application: ExitStack

    def metrics(self) -> str:
        """What is counted, as a watcher on this machine reads it."""
        return httpx.get(f"http://{LOOPBACK}:{self.port}/metrics", timeout=20).text


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    folder = tmp_path_factory.mktemp("edge")
    name = f"{os.environ.get('TEST_PREFIX', 'vitrine_test')}_{uuid4().hex}"
    with ExitStack() as stack:
        names = stack.enter_context(running_names(folder))
        addresses = stack.enter_context(made_database(name, os.environ.get("TEST_TEMPLATE")))
        port, https = free_port(), free_port()
        settings = {
            **addresses.environment(),
            "VITRINE_MODE": "production",
            "VITRINE_DATA": str(folder / "data"),
            "VITRINE_PORT": str(https),
            "TRUSTED_PROXIES": LOOPBACK,
        }
        config = config_for(addresses, folder / "data", EDGE_CONNECT=f"{LOOPBACK}:{https}")
        database = stack.enter_context(_disposed(config))
        shops = open_shops(database)
        for slug, host in (("north", NORTH), ("south", SOUTH), ("north", PLATFORM_NAME)):
            connect(database, shops[slug], host)
        application = stack.enter_context(ExitStack())
        application.enter_context(running_application(folder, {**os.environ, **settings}, port))
        edge = stack.enter_context(running_edge(folder, upstream=port, names=names, https=https))
        yield Installation(edge=edge, database=database, shops=shops, port=port, application=application)


class _disposed:  # noqa: N801 - reads as a word in the with statement
    def __init__(self, config: Config) -> None:
        self._database = Database(config)

    def __enter__(self) -> Database:
        return self._database

    def __exit__(self, *_: object) -> None:
        self._database.dispose()


def connect(database: Database, shop: Shop, name: str) -> None:
    with database.work(shop.id) as db:
        db.add(Host(name=name, activated_at=db.now))
        db.add(HostName(name=name, reseller_id=shop.id, canonical=name))
        announce_host(db, name)
        db.commit()


def detach(database: Database, shop: Shop, name: str) -> None:
    with database.work(shop.id) as db:
        db.execute(delete(HostName).where(HostName.name == name))
        db.execute(delete(Host).where(Host.name == name))
        announce(db)
        db.commit()


@pytest.mark.parametrize(
    ("name", "title"), [(NORTH, "North"), (SOUTH, "South"), (PLATFORM_NAME, "North")], ids=[NORTH, SOUTH, PLATFORM_NAME]
)
def test_active_host_gets_a_certificate_and_serves_its_shop(installation: Installation, name: str, title: str) -> None:
    begun = time.monotonic()
    answer = installation.edge.ask(name, PAGE)

    assert answer.status == 200
    assert f"{title}</title>" in answer.text
    assert not [other for other in ("North", "South") if other != title and f"{other}</title>" in answer.text]
    assert time.monotonic() - begun < 20
    assert name in installation.edge.certificates()
    assert answer.headers["strict-transport-security"] == "max-age=31536000"
    assert not {"server", "via"} & answer.headers.keys()


REFUSED = {
    "unknown": "nobody.test",
    "name above an active one": "north.test",
    "name below an active one": "www.shop.north.test",
    "wildcard": "*.shop.north.test",
    "trailing dot": "shop.north.test.",
    "upper case of a refused one": "NOBODY.TEST",
    "look-alike": "shop.xn--nrth-55d.test",
    "too long": ".".join(["a" * 60] * 4) + ".test",
    "address": "192.0.2.7",
    "this machine's address": LOOPBACK,
    "underscore": "_shop-challenge.shop.north.test",
    "platform's name of no shop": "east.shops.test",
    "localhost": "localhost.test",
}


@pytest.mark.parametrize("kind", REFUSED)
def test_refused_name_gets_no_certificate(installation: Installation, kind: str) -> None:
    before = installation.edge.certificates()

    with pytest.raises((ssl.SSLError, ConnectionResetError)):
        installation.edge.handshake(REFUSED[kind])

    assert installation.edge.certificates() == before


def test_connection_without_a_name_is_refused(installation: Installation) -> None:
    context = ssl.create_default_context(cafile=str(installation.edge.root))
    context.check_hostname = False

    with (
        socket.create_connection((LOOPBACK, installation.edge.https), timeout=20) as line,
        pytest.raises((ssl.SSLError, ConnectionResetError)),
    ):
        context.wrap_socket(line)


def test_detached_host_gets_no_certificate(installation: Installation) -> None:
    """A name that its shop lost before it ever had a certificate, and that is held for nobody else."""
    connect(installation.database, installation.shops["south"], "gone.south.test")
    detach(installation.database, installation.shops["south"], "gone.south.test")
    time.sleep(1.5)

    with pytest.raises((ssl.SSLError, ConnectionResetError)):
        installation.edge.handshake("gone.south.test")


def test_new_host_of_a_suspended_shop_gets_no_certificate(installation: Installation) -> None:
    database, shop = installation.database, installation.shops["south"]
    installation.edge.ask(SOUTH, PAGE)
    connect(database, shop, "late.south.test")
    with database.office_work() as db:
        suspend(db, shop.id, reason="test")
        db.commit()
    time.sleep(1.5)

    try:
        with pytest.raises((ssl.SSLError, ConnectionResetError)):
            installation.edge.handshake("late.south.test")
        # What it has goes on: its visitors see a page, not a warning of the browser.
        assert installation.edge.ask(SOUTH, PAGE).status < 600
    finally:
        with database.office_work() as db:
            reopen(db, shop.id, reason="test")
            db.commit()


def test_new_names_of_a_shop_are_bounded(installation: Installation) -> None:
    database, shop = installation.database, installation.shops["south"]
    connect(database, shop, "one-too-many.south.test")
    with database.work(shop.id) as db:
        for number in range(20):
            name = f"n{number}.south.test"
            db.add(HostCertificate(name=name, reseller_id=shop.id, registered_domain="other.test", allowed_at=db.now))
        db.commit()

    try:
        with pytest.raises((ssl.SSLError, ConnectionResetError)):
            installation.edge.handshake("one-too-many.south.test")
        with database.work(shop.id) as db:
            facts = facts_of(db, "one-too-many.south.test")
        assert facts.refusal == "rate_limited"
        assert facts.again_at is not None
    finally:
        with database.work(shop.id) as db:
            db.execute(delete(HostCertificate).where(HostCertificate.registered_domain == "other.test"))
            db.commit()


@pytest.mark.parametrize(
    ("shown_for", "host"), [(NORTH, SOUTH), (SOUTH, NORTH), (NORTH, "nobody.test"), (NORTH, "localhost")]
)
def test_connection_for_one_host_never_serves_another(installation: Installation, shown_for: str, host: str) -> None:
    answer = installation.edge.ask(shown_for, PAGE, host=host)

    assert answer.status == 421
    assert "North" not in answer.text
    assert "South" not in answer.text


@pytest.mark.parametrize(
    "path",
    [
        f"/hooks/tls?domain={NORTH}",
        "/hooks/tls",
        "/hooks/%74ls",
        "/hooks/../hooks/tls",
        "/HOOKS/TLS",
        "//hooks/tls",
        "/fr/hooks/tls",
        "/metrics",
        "/%6Detrics",
        "/fr/metrics",
        "//metrics",
        "/healthz",
        "/en/readyz",
    ],
)
@pytest.mark.parametrize(
    "headers", [{}, {"X-Forwarded-For": LOOPBACK, "Forwarded": f"for={LOOPBACK}"}], ids=["plain", "lying"]
)
def test_what_is_for_this_machine_is_not_found_outside(
    installation: Installation, path: str, headers: dict[str, str]
) -> None:
    answer = installation.edge.ask(NORTH, path, headers=headers)

    assert answer.status == 404
    assert "tls_ask_total" not in answer.text


@pytest.mark.parametrize("name", ["X_Forwarded_Proto", "X-Forwarded_Proto", "x_forwarded-proto"])
def test_other_spelling_of_what_the_edge_says_is_not_believed(installation: Installation, name: str) -> None:
    """The application's server takes all of them for one; whoever could say http could say any address, too."""
    answer = installation.edge.ask(NORTH, PAGE, headers={name: "http"})

    assert answer.status == 200
    assert "strict-transport-security" in answer.headers


def test_plain_http_leads_to_https(installation: Installation) -> None:
    edge = installation.edge

    answer = httpx.get(f"http://{LOOPBACK}:{edge.http}/search?q=a%20b", headers={"Host": NORTH}, timeout=20)

    assert answer.status_code == 308
    assert answer.headers["Location"] == f"https://{NORTH}:{edge.https}/search?q=a%20b"


def test_customers_name_without_a_website_answers_in_plain_http(installation: Installation) -> None:
    name = "a-parked-name.com"
    with installation.database.work(installation.shops["north"].id) as db:
        factories.make_domain(db, factories.make_customer(db), name)
        db.commit()
    address = f"http://{LOOPBACK}:{installation.edge.http}"

    answer = httpx.get(f"{address}/any/where?q=1", headers={"Host": name}, timeout=20)
    sheet = answer.text.partition('<link rel="stylesheet" href="')[2].partition('"')[0]
    style = httpx.get(f"{address}{sheet}", headers={"Host": name}, timeout=20)
    lost = httpx.get(f"{address}/hooks/plain/", headers={"Host": NORTH}, timeout=20)

    assert (answer.status_code, f"<title>{name}</title>" in answer.text) == (200, True)
    assert "strict-transport-security" not in answer.headers
    assert (style.status_code, style.headers["content-type"]) == (200, "text/css; charset=utf-8")
    assert lost.status_code == 308


def test_large_body_is_refused_at_the_door(installation: Installation) -> None:
    large = b"a" * (3 * 1024 * 1024)

    answer = installation.edge.ask(NORTH, PAGE, body=large)
    # An office is asked who that is first: it takes pictures and whole sites.
    office = installation.edge.ask(NORTH, "/reseller/media/new", body=large)

    assert (answer.status, answer.text) == (413, "Too large")
    assert office.text != "Too large"


def test_certificate_that_was_seen_is_kept_for_the_doctor(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    edge, shop = installation.edge, installation.shops["north"]
    edge.ask(NORTH, PAGE)
    monkeypatch.setenv("SSL_CERT_FILE", str(edge.root))
    edges._trusting.cache_clear()

    certificates.look_at_certificate(installation.database, shop.id, NORTH)

    edges._trusting.cache_clear()
    seen = see_certificate(f"{LOOPBACK}:{edge.https}", NORTH)
    edges._trusting.cache_clear()
    with installation.database.work(shop.id) as db:
        facts = facts_of(db, NORTH)
    assert seen is not None
    assert facts.issued_until == seen.valid_until
    assert see_certificate(f"{LOOPBACK}:{edge.https}", "nobody.test") is None


def test_every_answer_is_counted(installation: Installation) -> None:
    installation.edge.ask(NORTH, PAGE)
    with pytest.raises((ssl.SSLError, ConnectionResetError)):
        installation.edge.handshake("nobody-else.test")

    told = installation.metrics()

    rows = [line for line in told.splitlines() if line.startswith("tls_ask_total{")]
    counted = {row.split('"')[1]: float(row.split()[-1]) for row in rows}
    assert counted["allowed"] >= 1
    assert counted["unknown"] >= 1
    assert counted["not_a_peer"] == 0


def test_only_active_names_have_certificates(installation: Installation) -> None:
    installation.edge.ask(NORTH, PAGE)

    assert {NORTH} <= installation.edge.certificates() <= {NORTH, SOUTH, PLATFORM_NAME}


def test_without_the_application_known_hosts_stay_and_new_ones_wait(installation: Installation) -> None:
    """Must stand last: it ends the application."""
    installation.edge.ask(NORTH, PAGE)
    connect(installation.database, installation.shops["north"], "new.north.test")
    installation.application.close()

    away = installation.edge.ask(NORTH, PAGE)
    with pytest.raises((ssl.SSLError, ConnectionResetError)):
        installation.edge.handshake("new.north.test")

    assert away.status == 503
    assert "One moment, please" in away.text
    assert away.headers["retry-after"] == "30"
    assert away.headers["cache-control"] == "no-store"
    assert not {"server", "via"} & away.headers.keys()
    assert not [word for word in ("vitrine", "caddy", "north", "shops.test") if word in away.text.lower()]

"""Valkey emptied, Valkey away, the database away and back: pages answer as well as they can, and recover by themselves.

Each test has servers of its own, since it stops them.
"""

import os
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
import redis

from storefront.core.config import Config
from storefront.core.db import Database
from storefront.identity.models import LoginUser
from storefront.identity.passwords import hash_password
from storefront.machine import postgres, services
from storefront.machine.accounts import lent_account
from storefront.machine.children import migration_command
from storefront.machine.places import ROOT
from storefront.machine.processes import Household
from storefront.providers.adapters.sandbox.storage import close_all
from tests.conftest import Addresses
from tests.fixtures_app import config_for
from tests.isolation.world import World, make_world
from tests.waiting import until

pytestmark = pytest.mark.crash
PASSWORD = "walrus orbit tangerine quilt"
HOME = "/zqnorthshop"


@dataclass(kw_only=True)
class Valkey:
    """A queue that can be stopped and started."""

    home: Path
    household: Household

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"unix://{self.home}/v.sock?db=0"

    def start(self) -> None:
        """Start it, empty."""
        self.household = Household(None)
        services.start_valkey(
            self.home / "data", self.home / "v.sock", self.household, self.home / "log", is_durable=False
        )

    def stop(self) -> None:
        """Stop it; its socket is gone."""
        self.household.stop()


@pytest.fixture(scope="module")
def valkey(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Valkey]:
    """A Valkey of this module alone. The path of a socket must be short."""
    home = tmp_path_factory.mktemp("v")
    made = Valkey(home=home, household=Household(None))
    made.start()
    yield made
    made.stop()


@pytest.fixture(scope="module")
def shop(valkey: Valkey, other_addresses: Addresses, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Two shops whose queue is that one."""
    addresses = replace(other_addresses, redis=valkey.url)
    yield from opened(config_for(addresses, tmp_path_factory.mktemp("outage")))


def opened(config: Config) -> Iterator[World]:
    """Open a world, with somebody who knows their password."""
    database = Database(config)
    try:
        world = make_world(config, database)
        with database.work(world.north.shop.id) as db:
            db.require(LoginUser, world.north.first.user_id).password_hash = hash_password(PASSWORD)
            db.commit()
        yield world
        world.app.extensions["vitrine"].resolver.close()
    finally:
        database.dispose()
        close_all()


def statuses(world: World) -> dict[str, int]:
    """How the pages answer that everybody needs."""
    visitor = world.browser("visitor")
    customer = world.browser("customer")
    sign_in = visitor.send("POST", "/account/sign-in", {"login": world.north.first.mark, "password": PASSWORD})
    return {
        "home": visitor.send("GET", HOME).status_code,
        "search form": visitor.send("GET", "/search").status_code,
        "search": visitor.send("GET", "/search?q=some-name.com").status_code,
        "cart": visitor.send("GET", "/cart").status_code,
        "own cart": customer.send("GET", "/cart").status_code,
        "sign in": sign_in.status_code,
        "panel": customer.send("GET", "/panel/").status_code,
        "office": world.browser("owner").send("GET", "/reseller/").status_code,
        "platform": world.browser("operator").send("GET", "/operator/").status_code,
        "health": world.browser("operator").send("GET", "/operator/health/").status_code,
        "ready": visitor.client.get("/readyz", base_url=visitor.shop.url).status_code,
    }


ALL_WELL = {
    "home": 200,
    "search form": 200,
    "search": 200,
    "cart": 200,
    "own cart": 200,
    "sign in": 303,
    "panel": 200,
    "office": 200,
    "platform": 200,
    "health": 200,
    "ready": 200,
}


def test_pages_answer_while_all_is_well(shop: World) -> None:
    assert statuses(shop) == ALL_WELL


def test_emptied_valkey_is_not_missed(shop: World, valkey: Valkey) -> None:
    statuses(shop)

    redis.Redis.from_url(valkey.url).flushall()

    assert statuses(shop) == ALL_WELL


def test_without_valkey_pages_answer_and_search_says_that_it_cannot_ask(shop: World, valkey: Valkey) -> None:
    valkey.stop()
    try:
        found = statuses(shop)
        answer = shop.browser("visitor").send("GET", "/search?q=some-name.com")
    finally:
        valkey.start()

    assert found == {**ALL_WELL, "search": 503}
    assert "We cannot ask the registries at the moment" in answer.text
    assert "is available" not in answer.text


def test_limits_stand_without_valkey(shop: World, valkey: Valkey, monkeypatch: pytest.MonkeyPatch) -> None:
    """A limit neither falls away nor locks the shop: each process counts for itself."""
    house = shop.app.extensions["vitrine"]
    monkeypatch.setattr(house, "config", replace(house.config, sign_in_rate="3/minute"))
    visitor = shop.browser("visitor")
    valkey.stop()
    try:
        tries = [
            visitor.send("POST", "/account/sign-in", {"login": "nobody", "password": "wrong"}).status_code
            for _ in range(5)
        ]
    finally:
        valkey.start()

    assert tries == [422, 422, 422, 429, 429]


def test_search_works_again_when_valkey_is_back(shop: World, valkey: Valkey) -> None:
    valkey.stop()
    valkey.start()

    answer = shop.browser("visitor").send("GET", "/search?q=some-name.com")

    assert "We cannot ask the registries" not in answer.text


# The database of a machine of one's own: the tests' shared one is not ours to stop.


@dataclass(kw_only=True)
class Postgres:
    """A database server that can be stopped and started."""

    server: postgres.Server
    base: Path
    household: Household

    def start(self) -> None:
        """Start it with the data it had."""
        self.household = Household(None)
        log = self.base / "log"
        postgres.clear_stale_lock(self.server)
        postgres.await_ready(self.server, self.household.start(postgres.program(self.server, log)), log)

    def stop(self) -> None:
        """Stop it."""
        self.household.stop()


@pytest.fixture(scope="module")
def own_postgres() -> Iterator[Postgres]:
    """A PostgreSQL of this module alone, beside the tests' other servers."""
    base = Path(os.environ["TEST_DIRECTORY"]) / f"outage-{os.getpid()}"
    base.mkdir(mode=0o755)
    account = lent_account(base)
    server = postgres.Server(
        binaries=postgres.reachable_binaries(account),
        data=base / "postgres",
        sockets=base / "s",
        account=account,
        is_durable=False,
    )
    postgres.initialise(server)
    made = Postgres(server=server, base=base, household=Household(None))
    made.start()
    postgres.make_roles(server)
    postgres.execute(server, "postgres", "CREATE DATABASE outage OWNER vitrine_owner")
    yield made
    made.stop()


@pytest.fixture(scope="module")
def lonely_shop(own_postgres: Postgres, valkey: Valkey, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Two shops in that database."""
    server = own_postgres.server
    urls = {role: server.url(role, "outage") for role in ("owner", "app", "office")}
    addresses = Addresses(database="outage", redis=valkey.url, **urls)
    config = config_for(addresses, tmp_path_factory.mktemp("lonely"))
    command = migration_command()
    assert command is not None
    environment = {**os.environ, **addresses.environment(), "VITRINE_DATA": str(config.data_dir)}
    subprocess.run(command, cwd=ROOT, env={**environment, "VITRINE_MODE": "development"}, check=True, timeout=120)
    yield from opened(config)


def test_restarted_database_is_found_again(lonely_shop: World, own_postgres: Postgres) -> None:
    assert statuses(lonely_shop) == ALL_WELL

    own_postgres.stop()
    own_postgres.start()

    assert statuses(lonely_shop) == ALL_WELL


def test_without_a_database_pages_say_so_and_recover(lonely_shop: World, own_postgres: Postgres) -> None:
    statuses(lonely_shop)
    visitor = lonely_shop.browser("visitor")
    own_postgres.stop()
    try:
        answers = {path: visitor.send("GET", path) for path in ("/cart", "/panel/", "/account/sign-in", "/readyz")}
        kept = visitor.send("GET", HOME)
        post = visitor.send("POST", "/account/sign-in", {"login": "x", "password": "y"})
    finally:
        own_postgres.start()

    # A page without a question to the database may answer; one that needs it says so, and never how.
    assert {answer.status_code for answer in answers.values()} <= {200, 302, 503}
    assert answers["/readyz"].status_code == 503
    assert post.status_code == 503
    assert kept.status_code in (200, 503)
    assert not any("psycopg" in answer.text or "Traceback" in answer.text for answer in [*answers.values(), post, kept])
    until(lambda: statuses(lonely_shop) == ALL_WELL, seconds=15)

"""The DNS of a developer's machine, asked over real sockets."""

import asyncio
from pathlib import Path

import dns.asyncquery
import dns.exception
import dns.message
import dns.rcode
import pytest
from sqlalchemy import delete

from storefront.core.config import Config
from storefront.core.db import Database
from storefront.core.ids import uuid7
from storefront.devdns import Codes, Responder, ZoneFiles, listen, run_devdns
from tenants.models import Host
from tests.dns_ports import free_port_everywhere
from tests.fixtures_app import Shop

LOCAL = "127.0.0.1"


def ask(folder: Path, name: str, kind: str, *, by_tcp: bool = False, is_second: bool = False) -> dns.message.Message:
    async def go() -> dns.message.Message:
        port = free_port_everywhere([LOCAL])
        files = ZoneFiles(folder / "zones.toml")
        responder = Responder(files=files, codes=lambda _host: "vt-1", edge="edge.test", is_second=is_second)
        doors = await listen(responder, LOCAL, port)
        query = dns.message.make_query(name, kind)
        try:
            send = dns.asyncquery.tcp if by_tcp else dns.asyncquery.udp
            return await send(query, LOCAL, port=port, timeout=2)
        finally:
            for door in doors:
                door.close()

    return asyncio.run(go())


@pytest.mark.parametrize("by_tcp", [False, True], ids=["udp", "tcp"])
def test_answers_by_udp_and_tcp(tmp_path: Path, *, by_tcp: bool) -> None:
    reply = ask(tmp_path, "_shop-challenge.shop.good.test", "TXT", by_tcp=by_tcp)

    assert '"vt-1"' in reply.answer[0].to_text()


def test_second_resolver_may_see_something_else(tmp_path: Path) -> None:
    first = ask(tmp_path, "shop.spreading.test", "A")
    second = ask(tmp_path, "shop.spreading.test", "A", is_second=True)

    assert "CNAME edge.test." in first.answer[0].to_text()
    assert "81.2.199.20" in second.answer[0].to_text()


def test_names_outside_of_test_are_refused(tmp_path: Path) -> None:
    assert ask(tmp_path, "example.com", "A").rcode() == dns.rcode.REFUSED


def test_zone_explains_itself(tmp_path: Path) -> None:
    assert "proxied" in ask(tmp_path, "proxied.test", "TXT").answer[0].to_text()


def test_silent_zone_is_silent(tmp_path: Path) -> None:
    with pytest.raises(dns.exception.Timeout):
        ask(tmp_path, "shop.silent.test", "A")


@pytest.mark.parametrize("wire", [b"", b"nonsense", b"\0" * 12])
def test_nonsense_is_not_answered(tmp_path: Path, wire: bytes) -> None:
    responder = Responder(files=ZoneFiles(tmp_path / "zones.toml"), codes=lambda _host: "", edge="edge.test")

    assert responder.respond(wire) is None


def test_production_plays_no_dns(tmp_path: Path) -> None:
    config = Config(data_dir=tmp_path, database_url="x", office_url="x", redis_url="x", mode="production")

    with pytest.raises(SystemExit, match="development only"):
        run_devdns(config, None)  # type: ignore[arg-type]  # it ends before it asks


def test_code_of_a_connected_host_comes_from_the_database(database: Database, shops: dict[str, Shop]) -> None:
    name = f"shop-{uuid7()}.good.test"
    shop = next(iter(shops.values()))
    with database.work(shop.id) as db:
        db.add(Host(name=name, state="pending", code="vt-from-the-database"))
        db.commit()

    found = Codes(database=database)(name)

    with database.work(shop.id) as db:
        db.execute(delete(Host).where(Host.name == name))
        db.commit()
    assert found == "vt-from-the-database"
    assert Codes(database=database)(name) == ""

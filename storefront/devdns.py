"""DNS for a developer's machine: answers for ``*.test`` on loopback, so that the Domain Doctor can be tried by hand."""

import asyncio
import contextlib
import signal
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

import dns.exception
import dns.message
import structlog
from sqlalchemy import select

from storefront.core.config import Config
from storefront.core.db import Database
from storefront.devdns_zones import CodeOf, World, Zone, read_zones
from tenants.models import Host

SHIPPED = Path(__file__).parent / "demo_data" / "dns_zones.toml"
OWN = "zones.toml"
REMEMBERED_S = 1.0
FIRST_OWN = """\
# Your own zones, read again whenever this file changes; those that are shipped show what can be written here:
# storefront/demo_data/dns_zones.toml. Connect shop.mine.test, then change its records here and look again.

[[zone]]
name = "mine.test"
host = "shop.mine.test"
says = "yours to change"
records = [
  "shop 60 A 81.2.199.20",
  # "shop 60 CNAME {edge}",
  # "_shop-challenge.shop 60 TXT {code}",
]
"""
log = structlog.get_logger()


class ZoneFiles:
    """The zones of both files, read again when the reader's own changes; a mistake in it leaves the last good ones."""

    def __init__(self, own: Path) -> None:
        self._own = own
        self._seen = 0
        self._zones: dict[str, Zone] = {}
        self._world: World | None = None
        if not own.exists():
            own.parent.mkdir(parents=True, exist_ok=True)
            own.write_text(FIRST_OWN, encoding="utf-8")

    def world(self, codes: CodeOf, edge: str) -> World:
        """Everybody who answers, with the zones of this moment."""
        zones = self.zones()
        if self._world is None or self._world.zones is not zones:
            self._world = World(zones=zones, code_of=codes, edge=edge)
        return self._world

    def zones(self) -> dict[str, Zone]:
        """The zones of this moment."""
        changed = self._own.stat().st_mtime_ns if self._own.exists() else 0
        if changed != self._seen or not self._zones:
            self._seen = changed
            try:
                self._zones = read_zones(SHIPPED, *([self._own] if changed else []))
            except ValueError as error:  # TOMLDecodeError is one as well
                log.warning("zones.unreadable", file=str(self._own), mistake=str(error))
                self._zones = self._zones or read_zones(SHIPPED)
        return self._zones


@dataclass(frozen=True, kw_only=True)
class Codes:
    """The code of a host, as the shop's database knows it: the newest where several resellers try for one name."""

    database: Database
    kept: dict[str, tuple[float, str]] = field(default_factory=dict)

    def __call__(self, host: str) -> str:
        """The code, or nothing for a host that nobody connected; remembered for a second."""
        asked_at, code = self.kept.get(host, (-REMEMBERED_S, ""))
        now = time.monotonic()
        if now - asked_at >= REMEMBERED_S:
            code = self._find(host)
            self.kept[host] = now, code
        return code

    def _find(self, host: str) -> str:
        with self.database.office_work() as db:
            newest = select(Host.code).where(Host.name == host, Host.state != "detached").order_by(Host.id.desc())
            return db.scalar(newest.limit(1)) or ""


@dataclass(frozen=True, kw_only=True)
class Responder:
    """Answers messages for one port."""

    files: ZoneFiles
    codes: CodeOf
    edge: str
    is_second: bool = False
    is_ipv6: bool = False

    def respond(self, wire: bytes) -> bytes | None:
        """Answer one message; None for what is none, and where nobody answers."""
        try:
            query = dns.message.from_wire(wire)
            if len(query.question) != 1:
                return None
            reply = self.files.world(self.codes, self.edge).answer(
                query, is_second=self.is_second, is_ipv6=self.is_ipv6
            )
        except dns.exception.DNSException:
            return None
        return reply.to_wire() if reply else None


class _Udp(asyncio.DatagramProtocol):
    def __init__(self, responder: Responder) -> None:
        self._responder = responder
        self._transport: asyncio.DatagramTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # Python 3.11's own datagram transport does not descend from DatagramTransport, so it cannot be asked.
        self._transport = cast("asyncio.DatagramTransport", transport)

    def datagram_received(self, data: bytes, addr: tuple[str | int, ...]) -> None:
        reply = self._responder.respond(data)
        if reply and self._transport:
            self._transport.sendto(reply, addr)


async def _serve_tcp(responder: Responder, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
        wire = await reader.readexactly(int.from_bytes(await reader.readexactly(2), "big"))
        if reply := responder.respond(wire):
            writer.write(len(reply).to_bytes(2, "big") + reply)
            await writer.drain()
    writer.close()


async def listen(responder: Responder, host: str, port: int) -> list[asyncio.BaseTransport | asyncio.Server]:
    """Answer by UDP and TCP; raises ``OSError`` where that address or port is not to be had."""
    loop = asyncio.get_running_loop()
    transport, _protocol = await loop.create_datagram_endpoint(lambda: _Udp(responder), local_addr=(host, port))
    server = await asyncio.start_server(lambda reader, writer: _serve_tcp(responder, reader, writer), host, port)
    return [transport, server]


async def _run(config: Config, database: Database) -> None:
    files, codes = ZoneFiles(config.data_dir / "dns" / OWN), Codes(database=database)
    edge, port = config.edge_host, config.nameserver_port
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    open_doors = await listen(Responder(files=files, codes=codes, edge=edge), "127.0.0.1", port)
    open_doors += await listen(Responder(files=files, codes=codes, edge=edge, is_second=True), "127.0.0.1", port + 1)
    try:
        open_doors += await listen(Responder(files=files, codes=codes, edge=edge, is_ipv6=True), "::1", port)
    except OSError:
        log.info("dns.without_ipv6")  # ns2.test does not answer then, which is a case of its own
    await stop.wait()
    for door in open_doors:
        door.close()


def run_devdns(config: Config, database: Database) -> None:
    """Answer until a signal ends it; does nothing without ``VITRINE_DNS_PORT``, which only development has."""
    if not config.is_development or config.nameserver_port == PUBLIC_PORT:
        raise SystemExit("DNS is played in development only, on the port of VITRINE_DNS_PORT.")
    asyncio.run(_run(config, database))


PUBLIC_PORT = 53

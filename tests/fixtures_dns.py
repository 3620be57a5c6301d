"""Real name servers on loopback: two Knots with zones good and broken, two Unbounds that check signatures."""

import json
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import dns.dnssec
import dns.exception
import dns.message
import dns.name
import dns.query
import dns.rdata
import dns.rdataset
import dns.zone
import pytest
from _pytest.terminal import TerminalReporter
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from dns.dnssectypes import Algorithm

from storefront.machine.name_servers import libraries
from tenants.dns_exchange import Place
from tenants.lookups import DnspythonQuestions
from tests import waiting
from tests.dns_ports import free_port_everywhere

START_S = 10.0
SERVERS = ("127.0.0.1", "127.0.0.2")
HEAD = "$TTL 300\n@ SOA ns1.test. hostmaster.test. 1 7200 3600 1209600 900\n"
NAMES = "@ NS ns1.test.\n@ NS ns2.test.\n"
CODE = "vt-7fq2-mk93-x0ad"
SHOP = f'shop CNAME edge.test.\n_shop-challenge.shop TXT "{CODE}"\n'
MUCH = "".join(f'_shop-challenge.shop TXT "{number:03} {"x" * 60}"\n' for number in range(60))
# Zone → its records; where two are given, the second server has the second.
ZONES: dict[str, tuple[str, ...]] = {
    "good.test": (SHOP,),
    "apex.test": (f'@ A 127.0.0.9\n@ AAAA ::9\n_shop-challenge TXT "{CODE}"\n',),
    "elsewhere.test": ("shop 600 A 81.2.199.20\nshop AAAA 2a01:430:17:1::20\n",),
    "alias.test": ("shop CNAME www\nwww A 81.2.199.20\n",),
    "several.test": ("@ A 127.0.0.9\n@ A 81.2.199.20\n",),
    "doubled.test": (f'shop.doubled.test CNAME edge.test.\n_shop-challenge.shop.doubled.test TXT "{CODE}"\n',),
    "dot.test": ("shop CNAME edge.test\n",),
    "quoted.test": (f'shop CNAME edge.test.\n_shop-challenge.shop TXT "\\"{CODE}\\""\n',),
    "split.test": (f'shop CNAME edge.test.\n_shop-challenge.shop TXT "{CODE[:5]}" "{CODE[5:]}"\n',),
    "wildcard.test": ("* A 81.2.199.20\n",),
    "caa.test": (SHOP + '@ CAA 0 issue "sectigo.com"\n@ CAA 0 iodef "mailto:a@caa.test"\n',),
    "empty.test": ("",),
    "text.test": ('shop TXT "v=spf1 -all"\n',),
    "private.test": ("shop A 192.168.1.10\n",),
    "nothing.test": ("shop CNAME closed.empty.test.\n",),
    "mail.test": ("@ A 81.2.199.20\n@ MX 10 mx\nmx A 81.2.199.21\n",),
    "disagree.test": (SHOP, "shop A 81.2.199.20\n"),
    "moving.test": (SHOP,),
    "large.test": (SHOP + MUCH,),
    "bogus.test": (SHOP,),
    "signed.test": (SHOP,),
}
SIGNED, BROKEN = ("bogus.test", "signed.test"), "bogus.test"
LAME = "lame.test"
OWN = "ns1 A 127.0.0.1\nns2 A 127.0.0.2\nedge A 127.0.0.9\nedge AAAA ::9\n"


def pytest_terminal_summary(terminalreporter: TerminalReporter) -> None:
    """Shout when the tests with real name servers did not run."""
    skipped = [str(report.longrepr) for report in terminalreporter.stats.get("skipped", [])]
    silent = [told for told in skipped if "name servers: " in told]
    if silent:
        reason = silent[0].partition("name servers: ")[2].rstrip("')\"")
        terminalreporter.write_line(f"{len(silent)} TESTS OF DNS DID NOT RUN: {reason}", yellow=True, bold=True)


@dataclass(frozen=True, kw_only=True)
class NameServers:
    """What runs: where the zones lie, and whom to ask."""

    folder: Path
    port: int
    resolvers: tuple[Place, Place]

    def questions(self, **more: float) -> DnspythonQuestions:
        """The look-ups of the product, asking these servers."""
        return DnspythonQuestions(
            resolvers=self.resolvers, server_port=self.port, may_ask_inside=True, **more  # type: ignore[arg-type]  # seconds
        )  # fmt: skip

    def change(self, zone: str, records: str) -> None:
        """Write a zone anew on both servers and have them read it; what resolvers remember, they remember."""
        serial = time.time_ns() // 10_000_000 % 2**31
        for number in (1, 2):
            text = HEAD.replace(" 1 7200", f" {serial} 7200") + NAMES + records
            (self.folder / f"knot{number}" / f"{zone}.zone").write_text(text)
            os.kill(int((self.folder / f"knot{number}.pid").read_text()), signal.SIGHUP)
        waiting.until(lambda: all(self._serial(zone, server) == serial for server in SERVERS))

    def _serial(self, zone: str, server: str) -> int:
        answer = dns.query.udp(dns.message.make_query(zone, "SOA"), server, port=self.port, timeout=2).answer
        return int(answer[0][0].serial) if answer else 0


@pytest.fixture(scope="session")
def name_servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[NameServers]:
    """Two authoritative servers and two resolvers, for the whole run."""
    programs = json.loads(os.environ.get("TEST_NAME_SERVERS") or "{}")
    if {"knotd", "unbound"} - programs.keys():
        missing = os.environ.get("TEST_NAME_SERVERS_MISSING") or "nobody looked for Knot and Unbound: use ./run test"
        pytest.skip(f"name servers: {missing}")
    folder = tmp_path_factory.mktemp("dns")
    port, first, second = (free_port_everywhere(SERVERS) for _ in range(3))
    anchor = _write_zones(folder)
    started = [_knot(programs["knotd"], folder, number, port) for number in (1, 2)]
    started += [_unbound(programs["unbound"], folder, place, port, anchor) for place in (first, second)]
    try:
        for address, place in ((SERVERS[0], port), (SERVERS[1], port), (SERVERS[0], first), (SERVERS[0], second)):
            _await(address, place, started, folder)
        resolvers = tuple(
            Place(label=f"127.0.0.1@{place}", address="127.0.0.1", port=place) for place in (first, second)
        )
        yield NameServers(folder=folder, port=port, resolvers=(resolvers[0], resolvers[1]))
    finally:
        for process in started:
            process.terminate()
        for process in started:
            process.wait(10)


def _write_zones(folder: Path) -> str:
    """Write every zone for both servers, signed where it should be; return the trust anchor of the uppermost."""
    parent = HEAD + NAMES + OWN + "".join(f"{name} NS ns1.test.\n{name} NS ns2.test.\n" for name in (*ZONES, LAME))
    parent = parent.replace(".test NS", " NS")
    for number in (1, 2):
        (folder / f"knot{number}").mkdir()
    for name, variants in ZONES.items():
        texts = [HEAD + NAMES + variants[min(number, len(variants)) - 1] for number in (1, 2)]
        if name in SIGNED:
            signed, signer = _sign(name, texts[0], is_broken=name == BROKEN)
            texts = [signed, signed]
            parent += f"{name.removesuffix('.test')} DS {signer}\n"
        for number, text in enumerate(texts, 1):
            (folder / f"knot{number}" / f"{name}.zone").write_text(text)
    signed, signer = _sign("test", parent)
    for number in (1, 2):
        (folder / f"knot{number}" / "test.zone").write_text(signed)
    return f"test. DS {signer}"


def _sign(name: str, text: str, *, is_broken: bool = False) -> tuple[str, str]:
    """Sign a zone; a broken one has its addresses changed after it was signed. Returns the zone and its DS record."""
    origin = dns.name.from_text(name + ".")
    zone = dns.zone.from_text(text, origin=origin, relativize=False)
    private = generate_private_key(SECP256R1())
    key = dns.dnssec.make_dnskey(private.public_key(), Algorithm.ECDSAP256SHA256, flags=257)
    now = datetime.now(UTC)
    with zone.writer() as change:
        dns.dnssec.sign_zone(
            zone, change, keys=[(private, key)], inception=now - timedelta(hours=1), expiration=now + timedelta(days=1)
        )
    written = zone.to_text(relativize=False)
    if is_broken:
        written = written.replace("CNAME edge.test.", "CNAME www.test.")
    return written, dns.dnssec.make_ds(origin, key, "SHA256").to_text()


def _knot(program: str, folder: Path, number: int, port: int) -> "subprocess.Popen[bytes]":
    home = folder / f"knot{number}"
    zones = "".join(f"  - domain: {name}\n" for name in ("test", *ZONES))
    pid = folder / f"knot{number}.pid"
    settings = folder / f"knot{number}.conf"
    settings.write_text(
        f"""server:
    rundir: "{home}"
    pidfile: "{pid}"
    listen: {SERVERS[number - 1]}@{port}
    udp-workers: 1
    tcp-workers: 1
    background-workers: 1
log:
  - target: stderr
    any: warning
database:
    storage: "{home}"
template:
  - id: default
    storage: "{home}"
    file: "%s.zone"
    journal-content: none
    semantic-checks: off
zone:
{zones}"""
    )
    return _start([program, "-c", str(settings)], folder / f"knot{number}.log")


def _unbound(program: str, folder: Path, place: int, port: int, anchor: str) -> "subprocess.Popen[bytes]":
    stubs = "".join(
        f'stub-zone:\n  name: "{name}"\n' + "".join(f"  stub-addr: {server}@{port}\n" for server in SERVERS)
        for name in ("test", *ZONES)
    )
    settings = folder / f"unbound{place}.conf"
    settings.write_text(
        f"""server:
  interface: 127.0.0.1@{place}
  do-ip6: no
  do-daemonize: no
  username: ""
  chroot: ""
  directory: "{folder}"
  pidfile: ""
  use-syslog: no
  do-not-query-localhost: no
  local-zone: "test." nodefault
  num-threads: 1
  trust-anchor: "{anchor}"
  ede: yes
remote-control:
  control-enable: no
{stubs}"""
    )
    return _start([program, "-d", "-c", str(settings)], folder / f"unbound{place}.log")


def _start(command: list[str], log: Path) -> "subprocess.Popen[bytes]":
    told = {
        **os.environ,
        "LD_LIBRARY_PATH": os.pathsep.join(filter(None, [libraries(), os.environ.get("LD_LIBRARY_PATH")])),
    }
    with log.open("wb") as words:
        return subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=words, stderr=words, env=told)


def _await(address: str, port: int, started: list["subprocess.Popen[bytes]"], folder: Path) -> None:
    """Wait until a server answers; fail with what it says when it does not."""
    deadline = time.monotonic() + START_S
    while time.monotonic() < deadline and all(process.poll() is None for process in started):
        try:
            if dns.query.udp(dns.message.make_query("edge.test", "A"), address, port=port, timeout=0.5).answer:
                return
        except (dns.exception.DNSException, OSError):
            time.sleep(0.1)
    words = "\n".join(log.read_text(errors="replace")[-1500:] for log in folder.glob("*.log"))
    pytest.fail(f"{address}@{port} does not answer:\n{words}", pytrace=False)

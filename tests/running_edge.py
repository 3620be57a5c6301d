"""The edge as it is shipped: the application under Granian, Caddy with deploy/Caddyfile, and a test authority."""

import contextlib
import json
import os
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from http.client import HTTPSConnection
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import pytest

from tests.authority import Authority
from tests.fixtures_gateway import free_port

ROOT = Path(__file__).parents[1]
DEPLOY = ROOT / "deploy"
LOOPBACK = "127.0.0.1"
START_S = 60.0


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What came back over one TLS connection."""

    status: int
    headers: dict[str, str]
    text: str


@dataclass(kw_only=True)
class RunningEdge:
    """Caddy on ports of its own; ``root`` is the file whose authority signs its certificates."""

    https: int
    http: int
    storage: Path
    root: Path
    log: Path
    environment: dict[str, str] = field(default_factory=dict)

    def handshake(self, name: str) -> ssl.SSLSocket:
        """Open a connection as a browser that wants this name; raises ``ssl.SSLError`` when it is refused."""
        context = ssl.create_default_context(cafile=str(self.root))
        line = socket.create_connection((LOOPBACK, self.https), timeout=30)
        try:
            return context.wrap_socket(line, server_hostname=name)
        except BaseException:
            line.close()
            raise

    def ask(
        self, name: str, path: str = "/", *, host: str = "", body: bytes = b"", headers: Mapping[str, str] | None = None
    ) -> Answer:
        """Send one request over a connection made for ``name``; the Host may be another, and a body makes it a POST."""
        line = HTTPSConnection(LOOPBACK, self.https, timeout=30)
        line.sock = self.handshake(name)
        try:
            told_host = {"Host": f"{host or name}:{self.https}"}
            line.request("POST" if body else "GET", path, body=body or None, headers={**told_host, **(headers or {})})
            answer = line.getresponse()
            told = {key.lower(): value for key, value in answer.getheaders()}
            return Answer(status=answer.status, headers=told, text=answer.read().decode(errors="replace"))
        finally:
            line.close()

    def certificates(self) -> set[str]:
        """The names that certificates are stored for."""
        return {path.stem for path in self.storage.rglob("*.crt")}


def edge_programs() -> dict[str, str]:
    """Caddy, pebble and its name server; skips, and says so at the end, where they are missing."""
    found: dict[str, str] = json.loads(os.environ.get("TEST_EDGE", "{}"))
    reason = os.environ.get("TEST_EDGE_MISSING") or ("" if found else "nobody looked for Caddy: start with ./run test")
    if reason:
        pytest.skip(f"edge: {reason}")
    return found


@contextmanager
def running(command: list[str], log: Path, environment: Mapping[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """Run a program until the block ends."""
    with log.open("ab") as said:
        started = subprocess.Popen(command, cwd=ROOT, env=dict(environment), stdout=said, stderr=said)
        try:
            yield started
        finally:
            started.terminate()
            try:
                started.wait(20)
            except subprocess.TimeoutExpired:
                started.kill()
                started.wait()


@contextmanager
def running_names(folder: Path) -> Iterator[str]:
    """Run a name server that leads every name to this machine; gives its address."""
    port, management = free_port(), free_port()
    command = [edge_programs()["pebble-challtestsrv"], "-dns01", f"{LOOPBACK}:{port}", "-defaultIPv4", LOOPBACK]
    command += ["-defaultIPv6", "", "-http01", "", "-https01", "", "-tlsalpn01", ""]
    with running([*command, "-management", f"{LOOPBACK}:{management}"], folder / "names.log", os.environ):
        _await_port(management, folder / "names.log")
        yield f"{LOOPBACK}:{port}"


@contextmanager
def running_application(folder: Path, environment: Mapping[str, str], port: int) -> Iterator[None]:
    """Run the application under Granian, as the shipped unit does, with one worker."""
    command = [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--host", LOOPBACK, "--port", str(port),
        "--workers", "1", "--blocking-threads", "8", "--no-ws", "--log-level", "warning", "wsgi:app",
    ]  # fmt: skip
    with running(command, folder / "web.log", environment):
        _await_port(port, folder / "web.log")
        yield


@contextmanager
def running_edge(folder: Path, *, upstream: int, names: str, https: int = 0, http: int = 0) -> Iterator[RunningEdge]:
    """Run pebble, which asks ``names`` where a host leads, and Caddy with the shipped file before ``upstream``."""
    programs = edge_programs()
    authority = Authority(folder)
    edge = RunningEdge(
        https=https or free_port(),
        http=http or free_port(),
        storage=folder / "storage",
        root=folder / "issuer.pem",
        log=folder / "caddy.log",
    )
    edge.environment = {
        **os.environ,
        "HOME": str(folder),
        "XDG_DATA_HOME": str(folder),
        "XDG_CONFIG_HOME": str(folder),
        # Caddy speaks to the authority over https and has to believe it.
        "SSL_CERT_FILE": str(authority.root),
        "EDGE_ADMIN": "off",
        "EDGE_EMAIL": "hostmaster@shops.test",
        "EDGE_STORAGE": str(edge.storage),
        "EDGE_HTTP_PORT": str(edge.http),
        "EDGE_HTTPS_PORT": str(edge.https),
        "EDGE_PUBLIC_PORT": f":{edge.https}",
        "EDGE_ASK": f"http://{LOOPBACK}:{upstream}/hooks/tls",
        "EDGE_UPSTREAM": f"{LOOPBACK}:{upstream}",
        "EDGE_PAGES": str(DEPLOY / "pages"),
        "EDGE_BUFFERS": buffers_of(programs["caddy"]),
    }
    with ExitStack() as stack:
        edge.environment["EDGE_CA"] = stack.enter_context(_pebble(folder, edge, authority, names))
        command = [programs["caddy"], "run", "--config", str(DEPLOY / "Caddyfile"), "--adapter", "caddyfile"]
        stack.enter_context(running(command, edge.log, edge.environment))
        _await_port(edge.https, edge.log)
        yield edge


def buffers_of(caddy: str) -> str:
    """What this Caddy calls the buffering of requests."""
    told = subprocess.run([caddy, "version"], capture_output=True, text=True, check=True).stdout
    version = tuple(int(part) for part in told.split()[0].removeprefix("v").split("-")[0].split(".")[:3])
    return "request_buffers 2MiB" if version >= (2, 6, 3) else "buffer_requests"


@contextmanager
def _pebble(folder: Path, edge: RunningEdge, authority: Authority, names: str) -> Iterator[str]:
    port, management = free_port(), free_port()
    pair = authority.issue(LOOPBACK, "localhost")
    settings: dict[str, Any] = {
        "listenAddress": f"{LOOPBACK}:{port}",
        "managementListenAddress": f"{LOOPBACK}:{management}",
        "certificate": str(pair.certificate),
        "privateKey": str(pair.key),
        "httpPort": edge.http,
        "tlsPort": edge.https,
        "ocspResponderURL": "",
        "externalAccountBindingRequired": False,
    }
    (folder / "pebble.json").write_text(json.dumps({"pebble": settings}))
    command = [edge_programs()["pebble"], "-config", str(folder / "pebble.json"), "-strict", "-dnsserver", names]
    # No pauses before it looks, and no refused nonces: what Caddy does then is not our question.
    environment = {**os.environ, "PEBBLE_VA_NOSLEEP": "1", "PEBBLE_WFE_NONCEREJECT": "0"}
    with running(command, folder / "pebble.log", environment):
        _await_port(port, folder / "pebble.log")
        edge.root.write_bytes(_fetched(f"https://{LOOPBACK}:{management}/roots/0", authority.root))
        between = _fetched(f"https://{LOOPBACK}:{management}/intermediates/0", authority.root)
        (folder / "between.pem").write_bytes(between)
        yield f"https://{LOOPBACK}:{port}/dir"


def _fetched(url: str, root: Path) -> bytes:
    context = ssl.create_default_context(cafile=str(root))
    with urlopen(Request(url), timeout=10, context=context) as answer:  # noqa: S310 - our own server on loopback
        found: bytes = answer.read()
    return found


def _await_port(port: int, log: Path) -> None:
    until = time.monotonic() + START_S
    while time.monotonic() < until:
        with contextlib.suppress(OSError), socket.create_connection((LOOPBACK, port), timeout=1):
            return
        time.sleep(0.1)
    pytest.fail(log.read_text()[-3000:])

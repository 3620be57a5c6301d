"""A sandbox card gateway that runs, a shop's ear for its notices, and a payer with a card."""

import re
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx
import pytest

from storefront.core import outbound
from storefront.providers.adapters.sandbox import storage
from storefront.providers.adapters.sandbox.gateway_app import GatewaySettings
from storefront.providers.adapters.sandbox.gateway_server import RunningGateway
from tests.conftest import Addresses

CARD = "4242 4242 4242 4242"
NONCE = re.compile(r'name="nonce" value="([0-9a-f]+)"')


def free_port() -> int:
    """A port that nobody listens on right now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Ear:
    """A shop that listens for notices and answers as told."""

    port: int = 0
    answers: list[int] = field(default_factory=list)
    heard: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    arrived: threading.Condition = field(default_factory=threading.Condition)

    @property
    def url(self) -> str:
        """Where notices go."""
        return f"http://shop.localhost:{self.port}/hooks/payments/card"

    def wait(self, how_many: int = 1) -> list[tuple[dict[str, str], bytes]]:
        """Wait until so many notices have come, at most ten seconds."""
        with self.arrived:
            assert self.arrived.wait_for(lambda: len(self.heard) >= how_many, timeout=10)
            return list(self.heard)


@pytest.fixture
def ear() -> Iterator[Ear]:
    """A shop's ear."""
    ear = Ear()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            with ear.arrived:
                ear.heard.append((dict(self.headers.items()), body))
                status = ear.answers.pop(0) if ear.answers else 200
                ear.arrived.notify_all()
            self.send_response(status)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, format: str, *_args: Any) -> None:  # noqa: A002 - the standard library's name
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    ear.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield ear
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def gateway_settings(addresses: Addresses) -> GatewaySettings:
    """The settings of a gateway on a port of its own."""
    return GatewaySettings(
        public_url=f"http://pay.localhost:{free_port()}",
        database_url=addresses.app,
        key="the shop's key",
        notice_secret="the secret of notices",
        allowed=("*.localhost",),
    )


@pytest.fixture
def running_gateway(gateway_settings: GatewaySettings) -> Iterator[GatewaySettings]:
    """A gateway that answers; stopped after the test."""
    running = run_gateway(gateway_settings)
    yield gateway_settings
    running.stop()
    storage.close_all()


def run_gateway(settings: GatewaySettings) -> RunningGateway:
    """Start a gateway; whoever starts it stops it."""
    running = RunningGateway(settings, "127.0.0.1", int(settings.public_url.rpartition(":")[2]))
    running.start()
    return running


class Payer:
    """Somebody with a browser."""

    def __init__(self) -> None:
        self._client = outbound.client(["*.localhost"])

    def see(self, url: str) -> httpx.Response:
        """Open a page."""
        return self._client.get(url)

    def submit(self, url: str, **typed: str) -> httpx.Response:
        """Fill in the form of a page and send it."""
        found = NONCE.search(self.see(url).text)
        nonce = typed.pop("nonce", found[1] if found else "")
        return self._client.post(url, data={"nonce": nonce, "action": "pay", **typed})

    def pay(self, url: str, number: str = CARD) -> httpx.Response:
        """Pay by card."""
        return self.submit(url, number=number, expiry="12/40", code="123")

    def send(self, verb: str, url: str, **how: Any) -> httpx.Response:
        """Send any request."""
        return self._client.request(verb, url, **how)

    def close(self) -> None:
        """Close the browser."""
        self._client.close()


@pytest.fixture
def payer() -> Iterator[Payer]:
    """Somebody who pays."""
    payer = Payer()
    yield payer
    payer.close()

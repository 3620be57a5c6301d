"""What may be reached from our servers, and what may not: no connection ever arrives at the canary."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from ipaddress import ip_address

import httpx
import pytest

from storefront.core import outbound
from storefront.core.addresses import is_named, is_open

# security.md, section 4: the ten that the standard library calls global, spellings of 127.0.0.1, and the registries.
CLOSED = [
    "64:ff9b::7f00:1",
    "64:ff9b:1::7f00:1",
    "2002:7f00:1::",
    "fec0::1",
    "192.88.99.1",
    "224.0.0.1",
    "192.0.0.8",
    "::127.0.0.1",
    "5f00::1",
    "3fff::1",
    "::1",
    "::",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "::ffff:169.254.169.254",
    "::ffff:8.8.8.8",
    "::ffff:0:127.0.0.1",
    "64:ff9b::a9fe:a9fe",
    "2001::1",
    "2001:0:7f00:1::",
    "2001:10::1",
    "2001:20::1",
    "2001:db8::1",
    "2002:a00:1::",
    "2002:a9fe:a9fe::",
    "fc00::1",
    "fd00:ec2::254",
    "fe80::1",
    "fe80::1%1",
    "febf::1",
    "feff::1",
    "ff00::1",
    "ff02::1",
    "ff0e::1",
    "100::1",
    "100:0:0:1::1",
    "2620:4f:8000::1",
    "4000::1",
    "e000::1",
    "0.0.0.0",
    "0.1.2.3",
    "10.0.0.1",
    "10.255.255.255",
    "100.64.0.1",
    "100.100.100.200",
    "100.127.255.255",
    "127.0.0.1",
    "127.0.0.2",
    "127.255.255.254",
    "169.254.0.1",
    "169.254.169.254",
    "169.254.170.2",
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.1",
    "192.0.0.170",
    "192.0.0.192",
    "192.0.2.1",
    "192.31.196.1",
    "192.52.193.1",
    "192.168.0.1",
    "192.168.255.255",
    "192.175.48.1",
    "198.18.0.1",
    "198.19.255.255",
    "198.51.100.1",
    "203.0.113.1",
    "233.252.0.1",
    "239.255.255.255",
    "240.0.0.1",
    "255.255.255.254",
    "255.255.255.255",
]
SPELLINGS = [
    "0x7f.1",
    "2130706433",
    "127.1",
    "0177.0.0.1",
    "0x7f000001",
    "127.0.1",
    "0",
    "localhost",
    "a.localhost",
    "LOCALHOST.",
    "①②⑦.0.0.1",
]
OPEN = [
    "8.8.8.8",
    "1.1.1.1",
    "100.63.255.255",
    "100.128.0.1",
    "172.15.0.1",
    "172.32.0.1",
    "192.0.1.1",
    "223.255.255.255",
    "2a00:1450::1",
    "2606:4700::1",
    "2001:4860:4860::8888",
]


class Canary:
    """A listener on loopback that counts who came and answers with what it is given."""

    def __init__(self, answer: bytes = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok", drip_s: float = 0) -> None:
        self.came = 0
        self.heard = b""
        self._answer = answer
        self._drip_s = drip_s
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._socket.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                peer, _ = self._socket.accept()
            except OSError:
                return
            self.came += 1
            with peer:
                self.heard += peer.recv(65536)
                self._tell(peer)

    def _tell(self, peer: socket.socket) -> None:
        try:
            if not self._drip_s:
                peer.sendall(self._answer)
                return
            for byte in self._answer:
                peer.sendall(bytes([byte]))
                time.sleep(self._drip_s)
        except OSError:
            return

    def close(self) -> None:
        self._socket.close()


@pytest.fixture
def make_canary() -> Iterator[Callable[..., Canary]]:
    made: list[Canary] = []

    def make(**how: object) -> Canary:
        made.append(Canary(**how))  # type: ignore[arg-type] # passed on as given
        return made[-1]

    yield make
    for canary in made:
        canary.close()


@pytest.mark.parametrize("text", CLOSED)
def test_address_not_on_the_open_internet(text: str) -> None:
    assert not is_open(ip_address(text))


@pytest.mark.parametrize("text", OPEN)
def test_address_on_the_open_internet(text: str) -> None:
    assert is_open(ip_address(text))


def test_vectors_are_at_least_eighty() -> None:
    assert len(CLOSED) + len(SPELLINGS) >= 80


@pytest.mark.parametrize("host", [*CLOSED, *SPELLINGS])
def test_request_to_closed_address_reaches_nobody(
    host: str, make_canary: Callable[..., Canary], monkeypatch: pytest.MonkeyPatch
) -> None:
    canary = make_canary()
    monkeypatch.setattr(outbound, "WEB_PORTS", {canary.port})
    literal = f"[{host}]" if ":" in host else host

    with outbound.client(plain_http=True, total_s=1) as client, pytest.raises((httpx.TransportError, httpx.InvalidURL)):
        client.get(f"http://{literal}:{canary.port}/")

    assert canary.came == 0


@pytest.mark.parametrize(
    "url",
    [
        "http://example.com/",
        "https://example.com:8443/",
        "https://user:secret@example.com/",
        "https://user@example.com/",
        "ftp://example.com/",
        "file:///etc/passwd",
        "gopher://example.com/",
    ],
)
def test_address_shape_refused(url: str) -> None:
    with outbound.client() as client, pytest.raises(httpx.TransportError):
        client.get(url)


def test_name_server_that_answers_differently_the_second_time(
    make_canary: Callable[..., Canary], monkeypatch: pytest.MonkeyPatch
) -> None:
    canary = make_canary()
    monkeypatch.setattr(outbound, "WEB_PORTS", {canary.port})
    answers = iter(["127.0.0.1", "8.8.8.8"])
    asked: list[str] = []

    def rebinding(host: str, port: int, **_: object) -> list[object]:
        asked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (next(answers), port))]

    monkeypatch.setattr(socket, "getaddrinfo", rebinding)

    with outbound.client(plain_http=True) as client, pytest.raises(outbound.AddressRefused):
        client.get(f"http://rebind.example:{canary.port}/")

    assert (asked, canary.came) == (["rebind.example"], 0)


def test_one_closed_address_among_open_ones_refuses_all(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 443)) for address in ("8.8.8.8", "10.0.0.1")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: rows)

    with pytest.raises(outbound.AddressRefused):
        outbound.Guard().addresses("mixed.example", 443, timeout_s=1)


def test_slow_name_server_ends_at_the_deadline(monkeypatch: pytest.MonkeyPatch) -> None:

    def slow(*_: object, **__: object) -> list[object]:
        time.sleep(0.5)
        return []

    monkeypatch.setattr(socket, "getaddrinfo", slow)
    began = time.monotonic()

    with pytest.raises(httpx.ConnectTimeout):
        outbound.resolve("slow.example", 443, timeout_s=0.1)

    assert time.monotonic() - began < 0.4


def test_allowed_loopback_is_reached_by_name(make_canary: Callable[..., Canary]) -> None:
    canary = make_canary()

    with outbound.client([f"*.localhost:{canary.port}"]) as client:
        answer = client.get(f"http://shop.localhost:{canary.port}/hooks")

    assert (answer.text, canary.came) == ("ok", 1)
    assert f"host: shop.localhost:{canary.port}".encode() in canary.heard.lower()


def test_allowance_lets_loopback_through_but_no_other_private_address(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("10.0.0.1", 8001))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: rows)

    with outbound.client(["pay.example:8001"]) as client, pytest.raises(outbound.AddressRefused):
        client.get("http://pay.example:8001/")


@pytest.mark.parametrize(
    ("host", "port", "named"),
    [
        ("pay.localhost", 8001, True),
        ("PAY.localhost.", 8001, True),
        ("pay.localhost", 8002, False),
        ("nordhost.localhost", 8000, True),
        ("localhost", 8000, False),
        ("evillocalhost", 8000, False),
        ("pay.localhost.evil.example", 8001, False),
        ("any.port", 1, True),
    ],
)
def test_allowance_names_host_and_port(host: str, port: int, named: bool) -> None:
    assert is_named(host, port, ["pay.localhost:8001", "*.localhost:8000", "any.port"]) is named


def test_redirect_is_handed_back_and_not_followed(make_canary: Callable[..., Canary]) -> None:
    canary = make_canary(answer=b"HTTP/1.1 302 Found\r\nlocation: http://169.254.169.254/\r\ncontent-length: 0\r\n\r\n")

    with outbound.client([f"a.localhost:{canary.port}"]) as client:
        answer = client.get(f"http://a.localhost:{canary.port}/")

    assert (answer.status_code, canary.came) == (302, 1)


def test_answer_over_the_limit(make_canary: Callable[..., Canary]) -> None:
    body = b"x" * (2 * 1024 * 1024)
    canary = make_canary(answer=b"HTTP/1.1 200 OK\r\ncontent-length: %d\r\n\r\n%b" % (len(body), body))

    with outbound.client([f"a.localhost:{canary.port}"]) as client, pytest.raises(outbound.AnswerTooLarge):
        client.get(f"http://a.localhost:{canary.port}/")


def test_packed_answer(make_canary: Callable[..., Canary]) -> None:
    canary = make_canary(answer=b"HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: 2\r\n\r\nok")

    with outbound.client([f"a.localhost:{canary.port}"]) as client, pytest.raises(outbound.AnswerTooLarge):
        client.get(f"http://a.localhost:{canary.port}/")


def test_dripping_answer_ends_at_the_deadline(make_canary: Callable[..., Canary]) -> None:
    canary = make_canary(answer=b"HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\n" + b"x" * 99, drip_s=0.02)
    began = time.monotonic()

    with outbound.client([f"a.localhost:{canary.port}"], total_s=0.5) as client, pytest.raises(httpx.TimeoutException):
        client.get(f"http://a.localhost:{canary.port}/")

    assert time.monotonic() - began < 1.5


def test_proxy_of_the_environment_is_ignored(
    make_canary: Callable[..., Canary], monkeypatch: pytest.MonkeyPatch
) -> None:
    proxy, target = make_canary(), make_canary()
    monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{proxy.port}")

    with outbound.client([f"a.localhost:{target.port}"]) as client:
        client.get(f"http://a.localhost:{target.port}/")

    assert (proxy.came, target.came) == (0, 1)

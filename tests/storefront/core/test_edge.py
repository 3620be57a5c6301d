"""What the edge shows is read as a browser reads it; trouble on the way is never taken for a missing certificate."""

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from storefront.core import edge
from storefront.core.edge import EdgeAway, see_certificate
from tests.authority import Authority
from tests.fixtures_gateway import free_port


@pytest.fixture
def authority(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Authority]:
    """An authority that this process trusts."""
    made = Authority(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(made.root))
    edge._trusting.cache_clear()
    yield made
    edge._trusting.cache_clear()


@pytest.fixture
def serve(authority: Authority) -> Iterator[Callable[..., str]]:
    """A server on loopback that shows one certificate, and only for the names it is told."""
    listening: list[socket.socket] = []

    def begin(*names: str, only: str = "", days: int = 30) -> str:
        pair = authority.issue(*names, days=days)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(pair.certificate, pair.key)
        if only:
            refuse = ssl.AlertDescription.ALERT_DESCRIPTION_UNRECOGNIZED_NAME
            context.sni_callback = lambda _line, name, _context: None if name == only else refuse
        door = socket.create_server(("127.0.0.1", 0))
        listening.append(door)
        threading.Thread(target=_answer, args=(door, context), daemon=True).start()
        return f"127.0.0.1:{door.getsockname()[1]}"

    yield begin
    for door in listening:
        door.close()


def _answer(door: socket.socket, context: ssl.SSLContext) -> None:
    while True:
        try:
            line, _peer = door.accept()
        except OSError:
            return
        with closing(line):
            try:
                context.wrap_socket(line, server_side=True).close()
            except OSError:
                continue


def test_certificate_is_read(serve: Callable[..., str]) -> None:
    seen = see_certificate(serve("shop.example"), "shop.example")

    assert seen is not None
    assert seen.is_trusted
    assert seen.issuer == "Authority of the tests"
    assert abs(seen.valid_until - datetime.now(UTC) - timedelta(days=30)) < timedelta(minutes=5)


@pytest.mark.parametrize(("names", "days"), [(("other.example",), 30), (("shop.example",), -1)])
def test_certificate_that_browsers_refuse_is_not_trusted(
    serve: Callable[..., str], names: tuple[str, ...], days: int
) -> None:
    seen = see_certificate(serve(*names, days=days), "shop.example")

    assert seen is not None
    assert not seen.is_trusted


def test_certificate_of_a_stranger_is_not_trusted(
    serve: Callable[..., str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = serve("shop.example")
    (tmp_path / "other").mkdir()
    monkeypatch.setenv("SSL_CERT_FILE", str(Authority(tmp_path / "other").root))
    edge._trusting.cache_clear()

    seen = see_certificate(address, "shop.example")

    assert seen is not None
    assert not seen.is_trusted


def test_edge_that_has_nothing_for_a_name(serve: Callable[..., str]) -> None:
    assert see_certificate(serve("shop.example", only="shop.example"), "other.example") is None


@pytest.mark.parametrize("address", ["", "127.0.0.1:{port}", "edge.invalid:443"])
def test_edge_that_cannot_be_asked(address: str) -> None:
    with pytest.raises(EdgeAway):
        see_certificate(address.format(port=free_port()), "shop.example", timeout_s=2)


def test_edge_that_says_nothing_is_away() -> None:
    with socket.create_server(("127.0.0.1", 0)) as door, pytest.raises(EdgeAway):
        see_certificate(f"127.0.0.1:{door.getsockname()[1]}", "shop.example", timeout_s=0.2)

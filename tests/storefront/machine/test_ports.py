"""Ports are asked first, and only loopback is loopback."""

import socket
from collections.abc import Iterator

import pytest

from storefront.machine.ports import held, is_free, is_loopback, need_free
from storefront.machine.speech import CannotGoOnError


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)  # as the web server does
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield int(listener.getsockname()[1])


def test_port_that_is_shared_is_not_free(taken: int) -> None:
    assert not is_free("127.0.0.1", taken)


def test_taken_port_is_a_sentence(taken: int) -> None:
    with pytest.raises(CannotGoOnError, match=f"Port {taken} on 127.0.0.1, for the shops, is in use"):
        need_free("127.0.0.1", taken, "the shops")


def test_port_is_kept_until_it_is_let_go() -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]

    with held("127.0.0.1", port, "the shops"):
        assert not is_free("127.0.0.1", port)

    assert is_free("127.0.0.1", port)


def test_stranger_whom_localhost_means_too_is_refused() -> None:
    with socket.socket(socket.AF_INET6) as listener:
        try:
            listener.bind(("::1", 0))
        except OSError:
            pytest.skip("this machine has no ::1")
        listener.listen()
        port = listener.getsockname()[1]

        with pytest.raises(CannotGoOnError, match=f"Port {port} on 127.0.0.1"):
            need_free("127.0.0.1", port, "the shops")


def test_released_port_is_free_at_once() -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]

    assert is_free("127.0.0.1", port)


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.8.8", "::1", "[::1]", "localhost"])
def test_loopback_is_recognised(host: str) -> None:
    assert is_loopback(host)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.5", "shops.example", "localhost.example", ""])
def test_everything_else_is_open_to_others(host: str) -> None:
    assert not is_loopback(host)

"""Ports: asked before they are used, because the web server would silently share one with a stranger."""

import errno
import http.client
import ipaddress
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from storefront.machine.speech import CannotGoOnError


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach what listens on this host."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def is_free(host: str, port: int) -> bool:
    """Whether nobody listens there."""
    try:
        _listening(host, port).close()
    except OSError:
        return False
    return True


def need_free(host: str, port: int, what: str) -> None:
    """Raise when somebody listens there already."""
    with held(host, port, what):
        pass


@contextmanager
def held(host: str, port: int, what: str) -> Iterator[None]:
    """Keep a port for what will listen there; raise when somebody has it already.

    What is addressed as localhost may be looked for at ::1 first: a stranger there would be met instead of us.
    """
    sentence = f"Port {port} on {host}, for {what}, is in use or not ours to use. Choose another with --port."
    with ExitStack() as keeping:
        try:
            keeping.enter_context(_listening(host, port))
        except OSError:
            raise CannotGoOnError(sentence) from None
        if host in {"127.0.0.1", "localhost"}:
            try:
                keeping.enter_context(_listening("::1", port))
            except OSError as error:
                if error.errno == errno.EADDRINUSE:
                    raise CannotGoOnError(sentence) from None
        yield


def _listening(host: str, port: int) -> socket.socket:
    """Return a socket that listens there; raises ``OSError``."""
    listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM)
    try:
        # Connections of an earlier start that only wait to be forgotten do not count as somebody listening.
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if ":" in host:
            listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        listener.bind((host, port))
        listener.listen(1)
    except OSError:
        listener.close()
        raise
    return listener


def answers(host: str, port: int, path: str = "/healthz") -> bool:
    """Whether a web server answers there, whatever it says."""
    line = http.client.HTTPConnection(host, port, timeout=5)
    try:
        line.request("GET", path, headers={"Host": f"localhost:{port}"})
        line.getresponse().read()
    except (OSError, http.client.HTTPException):
        return False
    finally:
        line.close()
    return True


def await_answer(host: str, port: int, seconds: float) -> bool:
    """Ask until a web server answers; False when the time is over."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if answers(host, port):
            return True
        time.sleep(0.05)
    return False

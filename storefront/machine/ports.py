"""Ports: asked before they are used, because the web server would silently share one with a stranger."""

import http.client
import ipaddress
import socket
import time

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
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        # Connections of an earlier start that only wait to be forgotten do not count as somebody listening.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
            probe.listen(1)
        except OSError:
            return False
        return True


def need_free(host: str, port: int, what: str) -> None:
    """Raise when somebody listens there already."""
    if not is_free(host, port):
        sentence = f"Port {port} on {host}, for {what}, is in use or not ours to use. Choose another with --port."
        raise CannotGoOnError(sentence)


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

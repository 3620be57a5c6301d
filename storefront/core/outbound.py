"""HTTP out: deadlines, no redirects, a limit on size, and no private addresses, checked at the socket."""

import queue
import socket
import ssl
import threading
import time
from collections.abc import Iterable, Sequence
from functools import lru_cache
from ipaddress import ip_address

import httpcore
import httpx

from storefront.core.addresses import Address, is_named, is_open, is_own_machine, literal

CONNECT_S = 2.0
TOTAL_S = 5.0
MAX_BYTES = 1024 * 1024
MAX_HEADER_BYTES = 64 * 1024
WEB_PORTS = frozenset({80, 443})
# Everything that can go wrong on the way to the world and back.
Trouble = httpx.HTTPError
# What somebody wrote as an address is none.
BadAddress = httpx.InvalidURL
Client = httpx.Client


class AddressRefused(httpx.ConnectError):
    """The name leads where our servers may not go. Nothing was sent."""


class AnswerTooLarge(httpx.RemoteProtocolError):
    """The other side sent more than we agreed to read, or packed it."""


class Guard:
    """Decides about every connection: name, port and each address the name resolves to."""

    def __init__(self, allowed: Sequence[str] = (), *, plain_http: bool = False) -> None:
        self._allowed = tuple(allowed)
        self._plain_http = plain_http

    def check_url(self, url: httpx.URL) -> None:
        """Refuse a scheme, a port or a user name in an address; raises ``AddressRefused``."""
        port = url.port or (443 if url.scheme == "https" else 80)
        if url.userinfo:
            raise AddressRefused("an address may not carry a user name")
        if is_named(url.host, port, self._allowed) and url.scheme in {"http", "https"}:
            return
        if url.scheme != "https" and not (url.scheme == "http" and self._plain_http):
            raise AddressRefused(f"{url.scheme} is not spoken here")
        if port not in WEB_PORTS:
            raise AddressRefused(f"port {port} is not one of the web")

    def addresses(self, host: str, port: int, *, timeout_s: float) -> list[Address]:
        """Resolve a host once and return where to connect; one bad address among several refuses them all."""
        found = resolve(host, port, timeout_s=timeout_s)
        loopback_is_fine = is_named(host, port, self._allowed)
        for address in found:
            if not (is_open(address) or (loopback_is_fine and is_own_machine(address))):
                raise AddressRefused(f"{host} leads to an address that is not public")
        return found


def resolve(host: str, port: int, *, timeout_s: float) -> list[Address]:
    """Return the addresses of a host name; raises ``httpx.ConnectError`` when there are none in time."""
    fixed = literal(host)
    if fixed is not None:
        return [fixed]
    if host.lower().rstrip(".").rsplit(".", maxsplit=1)[-1] == "localhost":
        # RFC 6761, section 6.3: these names are loopback everywhere; macOS and musl need to be told.
        return [ip_address("127.0.0.1")]
    answer: queue.Queue[list[Address] | OSError | UnicodeError] = queue.Queue()
    threading.Thread(target=_look_up, args=(host, port, answer), daemon=True, name="resolve").start()
    try:
        found = answer.get(timeout=timeout_s)
    except queue.Empty:
        raise httpx.ConnectTimeout(f"{host} was not resolved in {timeout_s:.1f} s") from None
    if isinstance(found, list):
        return found
    raise httpx.ConnectError(f"{host} cannot be resolved") from found


def _look_up(host: str, port: int, answer: "queue.Queue[list[Address] | OSError | UnicodeError]") -> None:
    # The system's resolver has no deadline of its own, hence the thread; it is a fresh one each time
    # because a pool would not survive the fork of a worker.
    try:
        rows = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        answer.put(error)
    else:
        answer.put(list(dict.fromkeys(ip_address(row[4][0]) for row in rows)))


class _Stream(httpcore.NetworkStream):
    """A connection that ends at a moment and after so many bytes, however slowly they drip."""

    def __init__(self, inner: httpcore.NetworkStream, ends_at: float, bytes_left: int) -> None:
        self._inner = inner
        self._ends_at = ends_at
        self._bytes_left = bytes_left

    def _left(self, timeout: float | None) -> float:
        left = self._ends_at - time.monotonic()
        if left <= 0:
            raise httpcore.ReadTimeout("the deadline has passed")
        return left if timeout is None else min(left, timeout)

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        data = self._inner.read(max_bytes, self._left(timeout))
        self._bytes_left -= len(data)
        if self._bytes_left < 0:
            raise AnswerTooLarge("the answer is too large")
        return data

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._inner.write(buffer, self._left(timeout))

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        secured = self._inner.start_tls(ssl_context, server_hostname, self._left(timeout))
        return _Stream(secured, self._ends_at, self._bytes_left)

    def get_extra_info(self, info: str) -> object:
        return self._inner.get_extra_info(info)


class _Backend(httpcore.NetworkBackend):
    """Connects to the very address that was checked, so a second answer of the name server changes nothing."""

    def __init__(self, guard: Guard, *, total_s: float, max_bytes: int) -> None:
        self._guard = guard
        self._total_s = total_s
        self._max_bytes = max_bytes
        self._plain = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        ends_at = time.monotonic() + self._total_s
        wait_s = min(timeout or CONNECT_S, self._total_s)
        failure: Exception | None = None
        for address in self._guard.addresses(host, port, timeout_s=wait_s):
            try:
                inner = self._plain.connect_tcp(str(address), port, wait_s, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
            else:
                return _Stream(inner, ends_at, self._max_bytes + MAX_HEADER_BYTES)
        raise failure or httpcore.ConnectError(f"{host} has no address")


@lru_cache(maxsize=1)
def _certificates() -> ssl.SSLContext:
    """Read the authorities we trust once; it takes longer than most requests."""
    return httpx.create_ssl_context(trust_env=False)


class GuardedTransport(httpx.HTTPTransport):
    """httpx's transport over guarded sockets: one request a connection, no proxy, nothing packed."""

    def __init__(self, guard: Guard, *, total_s: float, max_bytes: int) -> None:
        super().__init__(verify=_certificates(), trust_env=False)
        self._guard = guard
        self._pool = httpcore.ConnectionPool(
            ssl_context=_certificates(),
            max_keepalive_connections=0,
            network_backend=_Backend(guard, total_s=total_s, max_bytes=max_bytes),
        )

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Check the address, send, and refuse an answer that would grow when unpacked."""
        self._guard.check_url(request.url)
        response = super().handle_request(request)
        if response.headers.get("content-encoding", "identity").lower() != "identity":
            response.close()
            raise AnswerTooLarge("the answer is packed although we asked for it plain")
        return response


def client(
    allowed: Sequence[str] = (),
    *,
    total_s: float = TOTAL_S,
    connect_s: float = CONNECT_S,
    max_bytes: int = MAX_BYTES,
    plain_http: bool = False,
) -> httpx.Client:
    """Return a client for addresses that somebody else chose. Close it, or use it in a ``with`` block.

    ``allowed`` are loopback hosts that development settings let through (``Config.outbound_allowed``);
    ``plain_http`` also allows http on port 80. Durations are seconds.
    Raises ``httpx.TransportError``; its child ``AddressRefused`` when nothing was sent on purpose.
    """
    return httpx.Client(
        transport=GuardedTransport(Guard(allowed, plain_http=plain_http), total_s=total_s, max_bytes=max_bytes),
        timeout=httpx.Timeout(total_s, connect=connect_s),
        headers={"accept-encoding": "identity", "user-agent": "shop/1"},
        follow_redirects=False,
        trust_env=False,
    )

"""A world of a few hosts for real browsers: reached through a proxy of this process, over TLS, and nothing else is.

A browser that is told to use the proxy finds the shop and the pages of others under names as they are outside, with
port 443, and finds no way to any other machine.
"""

import html
import ssl
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Thread
from typing import Any

from werkzeug.serving import BaseWSGIServer, ThreadedWSGIServer, WSGIRequestHandler

from tests.authority import Authority

LOOPBACK = "127.0.0.1"
LONGEST_HEAD = 8_192
Application = Callable[[Mapping[str, Any], Any], Iterable[bytes]]


@dataclass(frozen=True, kw_only=True)
class Seen:
    """One request as the world saw it, with the names of the cookies that came and that were set."""

    host: str
    path: str
    aim: str  # Sec-Fetch-Dest: document, iframe, empty …
    cookies: frozenset[str]
    set: frozenset[str]


@dataclass(kw_only=True)
class World:
    """Hosts and what answers there. ``pages`` are those of others: host → path → html."""

    shop: str
    app: Any
    port: int = 0
    pages: dict[str, dict[str, str]] = field(default_factory=dict)
    policies: dict[str, str] = field(default_factory=dict)
    seen: list[Seen] = field(default_factory=list)

    def __call__(self, environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        """Answer, and note what went by."""
        host = environ["HTTP_HOST"]

        def noted(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:
            came = (each.partition("=")[0].strip() for each in environ.get("HTTP_COOKIE", "").split(";"))
            self.seen.append(
                Seen(
                    host=host,
                    path=environ["PATH_INFO"],
                    aim=environ.get("HTTP_SEC_FETCH_DEST", ""),
                    cookies=frozenset(came) - {""},
                    set=frozenset(v.partition("=")[0] for k, v in headers if k.lower() == "set-cookie"),
                )
            )
            return start(status, headers, *more)

        if host == self.shop:
            answer: Iterable[bytes] = self.app(environ, noted)
            return answer
        return self._page(host, environ["PATH_INFO"], noted)

    def _page(self, host: str, path: str, start: Any) -> Iterable[bytes]:
        body = self.pages.get(host, {}).get(path)
        headers = [("Content-Type", "text/html; charset=utf-8"), ("Cache-Control", "no-store")]
        if host in self.policies:
            headers.append(("Content-Security-Policy", self.policies[host]))
        if path == "/third-party":
            headers.append(("Set-Cookie", "third=party; Secure; SameSite=None; Path=/"))
            body = "<!doctype html><title>Third</title><h2>Third</h2>"
        start("404 Not Found" if body is None else "200 OK", headers)
        return [(body or "").encode()]


class Tunnel(WSGIRequestHandler):
    """Takes a browser's CONNECT and is itself the machine that was asked for."""

    def setup(self) -> None:
        """Read which host is meant; answer no other requests than those for one, over TLS."""
        self.server: Any
        line = self.request
        line.settimeout(30)
        head = b""
        while not head.endswith(b"\r\n\r\n") and len(head) < LONGEST_HEAD:
            told = line.recv(1)
            if not told:
                break
            head += told
        host = head.split(b" ")[1].partition(b":")[0].decode() if head.startswith(b"CONNECT ") else ""
        if host not in self.server.names:
            line.sendall(b"HTTP/1.1 502 There is no such host\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
            raise ConnectionAbortedError
        line.sendall(b"HTTP/1.1 200 Connected\r\n\r\n")
        self.request = self.server.ssl_context.wrap_socket(line, server_side=True)
        super().setup()

    def finish(self) -> None:
        """Close the line: the server only knows the one below it."""
        try:
            super().finish()
        finally:
            self.request.close()

    def log(self, type: str, message: str, *args: object) -> None:  # noqa: A002 - the name of werkzeug
        """Say nothing of what it was asked."""


class Server(ThreadedWSGIServer):
    """Threads of this process."""

    names: frozenset[str] = frozenset()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing where a browser hung up, or asked for a host that is not of this world."""

    def log(self, type: str, message: str, *args: object) -> None:  # noqa: A002 - the name of werkzeug
        """Say nothing."""


@contextmanager
def running_world(folder: Path, world: World, hosts: Iterable[str]) -> Iterator[World]:
    """Let a world answer until the block ends; ``world.port`` is that of its proxy."""
    names = frozenset({world.shop, *hosts})
    pair = Authority(folder).issue(*sorted(names))
    server: BaseWSGIServer = Server(LOOPBACK, 0, world, Tunnel)
    server.names = names  # type: ignore[attr-defined]  # our own server
    server.ssl_context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.ssl_context.load_cert_chain(pair.certificate, pair.key)
    world.port = server.server_port
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield world
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def host_page(body: str) -> str:
    """Write a page of somebody else that notes which events it hears."""
    return f"""<!doctype html><html lang="en"><meta charset="utf-8"><title>Site</title><h1>Site</h1>
<script>
  window.heard = [];
  for (const type of ["ready", "search", "result", "cart", "step", "signed-in", "ordered"])
    addEventListener("shop:" + type, (event) => heard.push(event.detail.type));
</script>{body}</html>"""


def plain_frame(address: str, sandbox: str | None) -> str:
    """Write an iframe as people write it by hand."""
    held = "" if sandbox is None else f' sandbox="{sandbox}"'
    return f'<iframe title="w" src="{html.escape(address)}" width="420" height="900"{held}></iframe>'

"""A small site of somebody else on this machine, for tests of what is fetched from it."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class Site:
    """What a site answers: path → (status, headers, body)."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.answers: dict[str, tuple[int, dict[str, str], bytes]] = {}
        self.asked: list[tuple[str, dict[str, str]]] = []

    @property
    def origin(self) -> str:
        """Its address."""
        return f"http://www.site.localhost:{self.port}"

    def page(self, path: str, body: str | bytes, status: int = 200, **headers: str) -> str:
        """Put a page there; returns its address."""
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        content = body.encode() if isinstance(body, str) else body
        self.answers[path] = (status, {"Content-Type": "text/html; charset=utf-8", **given}, content)
        return self.origin + path


@contextmanager
def site() -> Iterator[Site]:
    """Run a site until the block ends."""

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            """Answer."""
            here.asked.append((self.path, dict(self.headers)))
            status, headers, body = here.answers.get(self.path, (404, {}, b"no"))
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            try:
                self.wfile.write(body)
            except OSError:
                return

        def log_message(self, *_: Any) -> None:
            """Keep still."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Answers) as server:
        here = Site(server.server_address[1])
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield here
        server.shutdown()

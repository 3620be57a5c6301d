"""Apps to be measured: the "hello" of the ratios, a shop of one page, and one page handed over by nothing at all."""

import json
import os
from collections.abc import Callable, Iterable
from http.client import HTTPConnection
from pathlib import Path
from typing import TYPE_CHECKING

from flask import Flask, Response

from storefront.core.config import Config
from storefront.core.db import Database
from storefront.web.ready import Ready
from tenants.resolve import Resolver

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

# Names the file in which a bare answer stands.
BARE = "BENCH_BARE"
PARAGRAPH = (
    "<p class=line>A name, its price for {n} years, what it costs to renew it, and what the tax makes of it.</p>\n"
)


def hello_app() -> Flask:
    """Make the app that everything is compared with."""
    app = Flask("hello", static_folder=None)

    @app.get("/")
    def index() -> str:
        return "hello"

    @app.get("/<path:path>")
    def other(path: str) -> str:  # noqa: ARG001 - any will do
        return "hello"

    return app


def write_bare(port: int, host: str, path: str, file: Path) -> None:
    """Ask a server for a page as a browser does, and write down its answer for the bare app."""
    line = HTTPConnection("127.0.0.1", port, timeout=10)
    line.request("GET", path, headers={"Host": f"{host}:{port}", "Accept-Encoding": "gzip", "Accept-Language": "en"})
    answer = line.getresponse()
    # Both are the server's own.
    headers = [each for each in answer.getheaders() if each[0].lower() not in {"date", "server"}]
    file.write_text(json.dumps({"headers": headers, "body": answer.read().hex()}), encoding="ascii")
    line.close()


def _bare_app() -> "WSGIApplication":
    """Make an app that hands over what was written down: no page can be quicker under this server."""
    told = json.loads(Path(os.environ[BARE]).read_text(encoding="ascii"))
    headers = [(name, value) for name, value in told["headers"]]
    body = bytes.fromhex(told["body"])

    def answer(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:  # noqa: ARG001 - any
        start_response("200 OK", headers.copy())
        return [body]

    return answer


def _small_shop() -> Flask:
    config = Config.from_environment()
    database = Database(config)
    app = Flask("small", static_folder=None)
    page = "<!doctype html><title>A shop</title>" + "".join(PARAGRAPH.format(n=n) for n in range(150))

    @app.get("/")
    def index() -> Response:
        return Response(page, headers={"X-Vitrine-Ready": "1", "Cache-Control": "no-cache"})

    app.wsgi_app = Ready(app.wsgi_app, config, Resolver(database))  # type: ignore[method-assign]  # Flask's documented way
    return app


def __getattr__(name: str) -> "WSGIApplication":
    """Make only the app that is asked for."""
    makers: dict[str, Callable[[], WSGIApplication]] = {"hello": hello_app, "small": _small_shop, "bare": _bare_app}
    if name not in makers:
        raise AttributeError(name)
    return makers[name]()

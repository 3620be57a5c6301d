"""Apps to be measured: the bare "hello" of the ratios, and a shop of one page while there is no other."""

from flask import Flask, Response

from storefront.core.config import Config
from storefront.core.db import Database
from storefront.web.ready import Ready
from tenants.resolve import Resolver

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


def __getattr__(name: str) -> Flask:
    """Make only the app that is asked for."""
    makers = {"hello": hello_app, "small": _small_shop}
    if name not in makers:
        raise AttributeError(name)
    return makers[name]()

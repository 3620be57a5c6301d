"""Ready pages before a small app that counts how often it was asked."""

import gzip
from collections.abc import Callable, Iterable
from typing import Any

import pytest
from werkzeug.test import Client, TestResponse
from werkzeug.wrappers import Request, Response

from storefront.core.config import Config
from storefront.web.ready import Ready
from tenants.resolve import Resolver
from tests.fixtures_app import Shop

BROWSER = {"Accept-Encoding": "gzip", "Accept-Language": "en"}
Ask = Callable[..., TestResponse]


class House:
    """A small app that counts how often it was asked, and what it was told; ``say`` changes its answers."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.says: dict[str, Callable[[Request], Response]] = {}
        self.otherwise: Callable[[Request], Response] = self.page

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        request = Request(environ)
        self.asked.append(request.path)
        answer = self.says.get(request.path, self.otherwise)(request)
        return answer(environ, start_response)

    def page(self, request: Request) -> Response:
        """Answer with a page that says for whom it was made."""
        place = request.environ.get("vitrine.place")
        words = f"{place and place.slug} {request.path} {request.environ.get('vitrine.locale')} n{len(self.asked)}. "
        return Response(words * 50, mimetype="text/html", headers={"X-Vitrine-Ready": "1"})


@pytest.fixture
def house() -> House:
    return House()


@pytest.fixture
def ready(house: House, front_config: Config, resolver: Resolver) -> Ready:
    return Ready(house, front_config, resolver)


@pytest.fixture
def ask(ready: Ready, shop: Shop) -> Callable[..., TestResponse]:
    """Ask for a page of the shop as a browser does."""
    client = Client(ready, use_cookies=False)

    def get(path: str = "/", *, host: str = shop.host, method: str = "GET", **headers: str) -> TestResponse:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return client.open(path, method=method, headers={"Host": host, **BROWSER, **named})

    return get


def words(response: TestResponse) -> str:
    """Return the page, unpacked."""
    raw = response.get_data()
    return (gzip.decompress(raw) if response.headers.get("Content-Encoding") == "gzip" else raw).decode()

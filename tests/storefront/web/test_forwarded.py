"""Forwarded headers are believed from our proxies only."""

from collections.abc import Iterable
from typing import Any

import pytest
from werkzeug.datastructures import Headers
from werkzeug.test import EnvironBuilder, run_wsgi_app

from storefront.web.forwarded import Forwarded

TOLD = {
    "X-Forwarded-For": "6.6.6.6, 203.0.113.9",
    "X-Forwarded-Proto": "https",
    "X-Forwarded-Host": "evil.example",
    "X-Forwarded-Prefix": "/evil",
    "Forwarded": "for=6.6.6.6;host=evil.example",
}


def told_by(peer: str, *proxies: str) -> dict[str, Any]:
    """Return what an app behind sees of a request from this peer."""
    seen: dict[str, Any] = {}

    def app(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        seen.update(environ)
        start_response("200 OK", [])
        return [b""]

    headers = Headers({"Host": "shop.example", **TOLD})
    environ = EnvironBuilder(headers=headers, environ_base={"REMOTE_ADDR": peer}).get_environ()
    run_wsgi_app(Forwarded(app, proxies), environ)
    return seen


@pytest.mark.parametrize(
    ("peer", "proxies"),
    [
        ("127.0.0.1", ("127.0.0.1",)),
        ("10.1.2.3", ("10.0.0.0/8",)),
        ("::1", ("10.0.0.0/8", "::1")),
        ("::ffff:10.1.2.3", ("10.0.0.0/8",)),
        ("", ("unix",)),
    ],
)
def test_forwarded_by_our_proxy_is_believed_for_one_hop(peer: str, proxies: tuple[str, ...]) -> None:
    seen = told_by(peer, *proxies)

    assert seen["REMOTE_ADDR"] == "203.0.113.9"
    assert seen["wsgi.url_scheme"] == "https"
    assert seen["HTTP_HOST"] == "shop.example"
    assert seen["SCRIPT_NAME"] == ""


@pytest.mark.parametrize(
    ("peer", "proxies"),
    [
        ("203.0.113.5", ("127.0.0.1",)),
        ("127.0.0.1", ()),
        ("127.0.0.1", ("unix",)),
        ("", ("127.0.0.1",)),
        ("nonsense", ("127.0.0.1",)),
        ("::1", ("127.0.0.1",)),
    ],
)
def test_forwarded_by_anybody_else_is_dropped(peer: str, proxies: tuple[str, ...]) -> None:
    seen = told_by(peer, *proxies)

    assert seen["REMOTE_ADDR"] == peer
    assert seen["wsgi.url_scheme"] == "http"
    assert not [name for name in seen if "FORWARDED" in name]

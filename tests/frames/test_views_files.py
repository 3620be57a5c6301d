"""The files that pages of others fetch: the same bytes for everybody, readable by every page, without a cookie."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from frames.published import KINDS_OF_FILES, published
from tests.fixtures_app import Shop

ClientOf = Callable[[Shop], FlaskClient]


@pytest.mark.parametrize("name", KINDS_OF_FILES)
def test_every_page_may_read_them_and_keep_them(client_of: ClientOf, shops: dict[str, Shop], name: str) -> None:
    answer = client_of(shops["north"]).get(f"/frames/{name}", headers={"Origin": "https://www.example.com"})

    headers = answer.headers
    assert (answer.status_code, answer.data, answer.mimetype) == (200, published(name), KINDS_OF_FILES[name])
    assert headers["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in headers
    assert headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert headers["Cache-Control"].startswith("public, max-age=86400")
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert "Set-Cookie" not in headers


def test_who_has_the_script_is_not_sent_it_again(client_of: ClientOf, shops: dict[str, Shop]) -> None:
    client = client_of(shops["north"])
    etag = client.get("/frames/embed.v1.js").headers["ETag"]

    assert client.get("/frames/embed.v1.js", headers={"If-None-Match": etag}).status_code == 304
    assert client.get("/frames/embed.v2.js").status_code == 404


def test_the_script_is_small() -> None:
    assert len(published("embed.v1.js")) < 14_000

"""The language in the address: one the shop speaks stays there, another leads to the shop's own."""

from urllib.parse import unquote

import pytest
from flask import Flask
from flask.testing import FlaskClient

from storefront.web.locale import lead_to_own_language


@pytest.mark.parametrize(
    ("path", "led_to"),
    [
        ("/", "/"),
        ("/search?q=a%20b", "/search?q=a%20b"),
        ("/caf%C3%A9", "/caf%C3%A9"),
        ("//evil.test/", "/evil.test/"),
        ("/\\evil.test/", "/evil.test/"),
    ],
)
def test_language_that_the_shop_does_not_speak_leads_to_its_own(app: Flask, path: str, led_to: str) -> None:
    bare, _, query = path.partition("?")
    told = {"vitrine.locale": "de", "PATH_INFO": unquote(bare).encode().decode("latin-1"), "QUERY_STRING": query}
    with app.test_request_context(environ_overrides=told):
        answer = lead_to_own_language(["en", "fr"])

    assert answer is not None
    assert (answer.status_code, answer.headers["Location"]) == (302, led_to)


def test_form_in_a_language_the_shop_gave_up_is_still_taken(app: Flask) -> None:
    with app.test_request_context("/cart/add", method="POST", environ_overrides={"vitrine.locale": "de"}):
        assert lead_to_own_language(["en", "fr"]) is None


def test_language_of_the_shop_stays_in_the_address(client: FlaskClient) -> None:
    answer = client.get("/pl/account/sign-in")

    assert answer.status_code == 200
    assert 'lang="pl"' in answer.text

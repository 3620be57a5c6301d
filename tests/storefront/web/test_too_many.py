"""Too often, in words, and what of a form may be sent again."""

import re
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient

from storefront.core.config import Config
from storefront.core.errors import TooMany
from storefront.core.i18n import speaking
from storefront.core.limits import spend, wait_s
from storefront.web.too_many import sent_again, wait_words


@pytest.mark.parametrize(("seconds", "words"), [(1, "a minute"), (60, "a minute"), (61, "2 minutes"), (900, "15 min")])
def test_wait_is_said_in_whole_minutes(seconds: int, words: str) -> None:
    with speaking("en", "UTC"):
        assert words in wait_words(TooMany(retry_after_s=seconds))


def test_wait_is_until_the_oldest_use_is_forgotten(config: Config) -> None:
    who = ("wait", "somebody")
    spend(config, "1/10 minutes", *who)

    with pytest.raises(TooMany) as refused:
        spend(config, "1/10 minutes", *who)

    assert 500 < refused.value.retry_after_s <= 600
    assert wait_s(config, "1/10 minutes", "wait", "nobody") <= 600


@pytest.mark.parametrize(
    ("data", "kept"),
    [
        ({"code": "SPRING", "csrf_token": "x"}, [("code", "SPRING"), ("csrf_token", "x")]),
        ({"login": "aino", "password": "secret"}, []),
        ({"text": "a" * 20_000}, []),
    ],
)
def test_secrets_and_masses_are_not_sent_again(app: Flask, data: dict[str, str], kept: list[tuple[str, str]]) -> None:
    with app.test_request_context("/cart/codes", method="POST", data=data):
        assert sent_again() == kept


def test_refusal_of_an_action_keeps_the_form_as_well(
    client: FlaskClient, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = app.extensions["vitrine"]
    monkeypatch.setattr(house, "config", replace(house.config, mail_rate="0/hour"))

    answer = client.post("/account/recovery", data={"login": "somebody@example.test"})

    assert answer.status_code == 429
    assert re.search(r'id="login"[^>]*value="somebody@example\.test"', answer.text)
    assert "You can try again in 60 minutes." in answer.text

"""The gateway's pages and its interface, treated well and badly."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import func, select, update

from storefront.core import clock
from storefront.providers.adapters.sandbox import notifier, storage, tables
from storefront.providers.adapters.sandbox.gateway_app import GatewaySettings
from tests.fixtures_gateway import NONCE, Ear, Payer, run_gateway

HOSTILE = [
    "", " ", "a" * 10_000, "😀" * 50, "\u202eabc", "\x00", "' OR 1=1 --", "<script>alert(1)</script>", "{{ 7*7 }}",
    "${7*7}", "%s%n", "../../etc/passwd", "\r\nSet-Cookie: a=b", "\ud7ff", "¹²³",
]  # fmt: skip


@pytest.fixture
def api(running_gateway: GatewaySettings, payer: Payer) -> Callable[..., Any]:
    def ask(verb: str, path: str, key: str = running_gateway.key, **how: Any) -> Any:
        headers = {"authorization": f"Bearer {key}", **how.pop("headers", {})}
        return payer.send(verb, running_gateway.public_url + path, headers=headers, **how)

    return ask


@pytest.fixture
def wish(ear: Ear) -> dict[str, Any]:
    return {
        "reference": uuid4().hex,
        "amount": {"minor": 12464, "currency": "EUR"},
        "description": "Proforma PF/2026/17",
        "shop_name": "Nordhost",
        "locale": "en",
        "return_url": f"http://shop.localhost:{ear.port}/pay/back/x",
        "notify_url": ear.url,
    }


def started(api: Callable[..., Any], wish: dict[str, Any]) -> str:
    answer = api("POST", "/api/payments", json=wish)
    assert answer.status_code == 201
    return str(answer.json()["url"])


def status_of(api: Callable[..., Any], url: str) -> str:
    return str(api("GET", "/api/payments/" + url.rpartition("/")[2]).json()["status"])


@pytest.mark.parametrize(
    ("locale", "lang", "words"),
    [
        ("en", "en", ["Pay by card", "Pay €124.64", "Nordhost"]),
        ("fr", "fr", ["Payer par carte", "124,64"]),
        ("pl-PL", "pl", ["Płatność kartą", "Zapłać"]),
        ("de_DE", "de", ["Mit Karte zahlen", "zahlen"]),
        ("xx", "en", ["Pay by card"]),
    ],
)
def test_page_speaks_the_payers_language(
    api: Callable[..., Any], wish: dict[str, Any], payer: Payer, locale: str, lang: str, words: list[str]
) -> None:
    page = payer.see(started(api, {**wish, "locale": locale}))

    assert page.status_code == 200
    assert f'<html lang="{lang}">' in page.text
    assert all(word in page.text for word in words)


def test_page_lets_nothing_in_and_nothing_frame_it(api: Callable[..., Any], wish: dict[str, Any], payer: Payer) -> None:
    page = payer.see(started(api, wish))

    policy = page.headers["content-security-policy"]
    origin = wish["return_url"].rpartition("/pay/")[0]
    assert policy == (
        f"default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self' {origin}; "
        "frame-ancestors 'none'; base-uri 'none'"
    )
    assert page.headers["cache-control"] == "no-store"
    assert page.headers["x-content-type-options"] == "nosniff"
    assert "script" not in page.text
    assert " style=" not in page.text


def test_words_of_the_shop_stay_words(api: Callable[..., Any], wish: dict[str, Any], payer: Payer) -> None:
    nasty = '"><script>alert(1)</script>{{ 7*7 }}'

    page = payer.see(started(api, {**wish, "shop_name": nasty, "description": nasty}))

    assert "<script>" not in page.text
    assert page.text.count("{{ 7*7 }}") >= 2


def test_paying_leads_back_to_the_shop(api: Callable[..., Any], wish: dict[str, Any], payer: Payer) -> None:
    url = started(api, wish)

    answer = payer.pay(url)

    assert (answer.status_code, answer.headers["location"]) == (303, wish["return_url"])
    assert status_of(api, url) == "paid"


def test_asking_the_bank_first(api: Callable[..., Any], wish: dict[str, Any], payer: Payer) -> None:
    url = started(api, wish)

    to_bank = payer.pay(url, "4000000000003220")
    question = payer.see(url).text
    refused = payer.submit(url, action="refuse")
    payer.pay(url, "4000000000003220")
    approved = payer.submit(url, action="approve")

    assert (to_bank.status_code, to_bank.headers["location"]) == (303, url)
    assert "Visa •••• 3220" in question
    assert refused.status_code == 422
    assert "You did not confirm" in refused.text
    assert (approved.status_code, status_of(api, url)) == (303, "paid")


def test_approving_without_being_asked_pays_nothing(
    api: Callable[..., Any], wish: dict[str, Any], payer: Payer
) -> None:
    url = started(api, wish)

    answer = payer.submit(url, action="approve")

    assert answer.status_code == 422
    assert status_of(api, url) == "open"


def test_declined_card_keeps_the_form_and_the_fifth_ends_it(
    api: Callable[..., Any], wish: dict[str, Any], payer: Payer
) -> None:
    url = started(api, wish)

    first = payer.pay(url, "4000000000000002")
    more = [payer.pay(url, "4000000000009995").status_code for _ in range(4)]

    assert first.status_code == 422
    assert 'value="4000000000000002"' in first.text
    assert "declined" in first.text
    assert more == [422, 422, 422, 303]
    assert api("GET", "/api/payments/" + url.rpartition("/")[2]).json()["failure"] == "no_funds"


def test_real_card_is_neither_taken_nor_repeated(
    api: Callable[..., Any], wish: dict[str, Any], payer: Payer, running_gateway: GatewaySettings
) -> None:
    url = started(api, wish)

    answer = payer.pay(url, "4111111111111111")

    assert answer.status_code == 422
    assert "4111" not in answer.text
    assert status_of(api, url) == "open"
    with storage.reading(running_gateway.database_url) as connection:
        row = connection.execute(select(tables.payment).where(tables.payment.c.reference == wish["reference"])).one()
    assert "4111" not in repr(row)


def test_form_used_twice_pays_once(api: Callable[..., Any], wish: dict[str, Any], payer: Payer, ear: Ear) -> None:
    url = started(api, wish)
    found = NONCE.search(payer.see(url).text)
    assert found

    answers = [
        payer.submit(url, nonce=found[1], number="4242424242424242", expiry="12/40", code="123") for _ in range(2)
    ]

    assert [answer.status_code for answer in answers] == [303, 303]
    assert len(ear.wait(1)) == 1


@pytest.mark.parametrize("nonce", ["", "0" * 64, "é", "x" * 5000])
def test_form_of_somebody_else(api: Callable[..., Any], wish: dict[str, Any], payer: Payer, nonce: str) -> None:
    url = started(api, wish)

    answer = payer.submit(url, nonce=nonce, number="4242424242424242", expiry="12/40", code="123")

    assert answer.status_code == 409
    assert status_of(api, url) == "open"


def test_ended_payment_cannot_be_paid_again(api: Callable[..., Any], wish: dict[str, Any], payer: Payer) -> None:
    url = started(api, wish)
    payer.submit(url, action="cancel")

    page = payer.see(url)
    answer = payer.pay(url)

    assert "was cancelled" in page.text
    assert wish["return_url"] in page.text
    assert answer.headers["location"] == wish["return_url"]
    assert status_of(api, url) == "cancelled"


def test_payment_left_open_expires_and_says_so(
    api: Callable[..., Any], wish: dict[str, Any], payer: Payer, ear: Ear, running_gateway: GatewaySettings
) -> None:
    url = started(api, wish)
    with storage.writing(running_gateway.database_url) as connection:
        connection.execute(
            update(tables.payment)
            .where(tables.payment.c.reference == wish["reference"])
            .values(expires_at=clock.now() - timedelta(seconds=1)),
        )

    page = payer.see(url)

    assert "open too long" in page.text
    [(_headers, body)] = ear.wait()
    assert json.loads(body)["type"] == "payment.expired"


@pytest.mark.parametrize("field", ["number", "expiry", "code", "action", "nonce"])
def test_hostile_form(api: Callable[..., Any], wish: dict[str, Any], payer: Payer, field: str) -> None:
    good = {"number": "4242424242424242", "expiry": "12/40", "code": "123"}
    url = started(api, wish)

    answers = {text: payer.submit(url, **{**good, field: text}) for text in HOSTILE if field != "action"}
    answers |= {text: payer.submit(url, action=text, **{**good, "code": "x"}) for text in HOSTILE if field == "action"}

    assert {answer.status_code for answer in answers.values()} <= {409, 422}
    assert not [text for text, answer in answers.items() if "<script>" in answer.text]
    assert status_of(api, url) == "open"


@pytest.mark.parametrize("body", [b"\xff\xfe", b"a=1&" * 100, b"%zz", b"nonce=%ff"])
def test_form_that_cannot_be_read(api: Callable[..., Any], wish: dict[str, Any], payer: Payer, body: bytes) -> None:
    answer = payer.send("POST", started(api, wish), content=body)

    assert 400 <= answer.status_code < 500


def test_body_beyond_any_form(api: Callable[..., Any], wish: dict[str, Any], payer: Payer) -> None:
    answer = payer.send("POST", started(api, wish), content=b"a" * 40_000)

    assert answer.status_code == 413


@pytest.mark.parametrize(
    "changed",
    [
        {"amount": None},
        {"amount": {"minor": 0, "currency": "EUR"}},
        {"amount": {"minor": -1, "currency": "EUR"}},
        {"amount": {"minor": 1.5, "currency": "EUR"}},
        {"amount": {"minor": True, "currency": "EUR"}},
        {"amount": {"minor": 10**12, "currency": "EUR"}},
        {"amount": {"minor": 100, "currency": "eur"}},
        {"reference": ""},
        {"reference": "x" * 200},
        {"reference": 7},
        {"description": "a\nb"},
        {"shop_name": "\x00"},
        {"return_url": ""},
        {"return_url": "javascript:alert(1)"},
        {"return_url": "//evil.example"},
        {"return_url": "https://user@evil.example/"},
        {"return_url": "https://evil.example\\@shop.example/"},
        {"return_url": "https://shop.example/;script-src *"},
        {"return_url": "https://shop.example; script-src */"},
        {"return_url": "https://shop.example:port/"},
        {"return_url": "https://[::1]/"},
        {"return_url": "https://shop.example/\r\nSet-Cookie:a=b"},
        {"notify_url": "file:///etc/passwd"},
        {"notify_url": None},
    ],
)
def test_senseless_wish(api: Callable[..., Any], wish: dict[str, Any], changed: dict[str, Any]) -> None:
    answer = api("POST", "/api/payments", json={**wish, **changed})

    assert answer.status_code == 422


@pytest.mark.parametrize("body", [b"", b"x", b"[]", b"null", b"7", b'"x"', b"\xff", b"[" * 20_000])
def test_wish_that_is_no_json_object(api: Callable[..., Any], body: bytes) -> None:
    assert api("POST", "/api/payments", content=body).status_code in {400, 422}


@pytest.mark.parametrize("key", ["another", "é", "the shop's key, too", "The Shop's Key"])
def test_stranger_at_the_interface(api: Callable[..., Any], wish: dict[str, Any], key: str) -> None:
    how = {"headers": {"authorization": f"Bearer {key}".encode()}}

    assert api("POST", "/api/payments", json=wish, **how).status_code == 401
    assert api("GET", "/api/payments/pay_" + "x" * 32, **how).status_code == 401


@pytest.mark.parametrize(
    "path", ["/", "/pay/", "/pay/pay_x", "/pay/pay_" + "x" * 32, "/pay/../etc", "/%00", "/pay/%ff"]
)
def test_nothing_here(running_gateway: GatewaySettings, payer: Payer, path: str) -> None:
    answer = payer.send("GET", running_gateway.public_url + path, headers={"accept-language": "fr"})

    assert answer.status_code == 404
    assert '<html lang="fr">' in answer.text


@pytest.mark.parametrize("host", ["evil.example", "", "pay.localhost", "pay.localhost:1", "PAY.localhost:1@evil"])
def test_request_for_another_host(running_gateway: GatewaySettings, payer: Payer, host: str) -> None:
    answer = payer.send("GET", f"{running_gateway.public_url}/style.css", headers={"host": host})

    assert answer.status_code == 421


def test_health_answers_under_any_name(running_gateway: GatewaySettings, payer: Payer) -> None:
    answer = payer.send("GET", f"{running_gateway.public_url}/healthz", headers={"host": "10.0.0.7"})

    assert (answer.status_code, answer.text) == (200, "ok")


# ---------------------------------------------------------------------------------------------------------- notices


def test_notice_is_repeated_until_it_is_heard(
    api: Callable[..., Any], wish: dict[str, Any], payer: Payer, ear: Ear, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(notifier, "WAITS_S", (0.05, 0.05, 0.05))
    monkeypatch.setattr(notifier, "LOOK_AGAIN_S", 0.05)
    ear.answers = [500, 302, 200]

    payer.pay(started(api, wish))

    heard = ear.wait(3)
    assert len({headers["webhook-id"] for headers, _body in heard}) == 1
    assert len({body for _headers, body in heard}) == 1


def test_notice_queued_before_a_restart_is_delivered_after_it(
    gateway_settings: GatewaySettings, payer: Payer, ear: Ear, wish: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(notifier, "WAITS_S", (0.05,) * 50)
    monkeypatch.setattr(notifier, "LOOK_AGAIN_S", 0.05)
    ear.answers = [503] * 2
    deaf = replace(gateway_settings, allowed=())
    first = run_gateway(deaf)
    answer = payer.send(
        "POST", f"{deaf.public_url}/api/payments", json=wish, headers={"authorization": f"Bearer {deaf.key}"}
    )
    payer.pay(answer.json()["url"])
    first.stop()
    assert ear.heard == []

    second = run_gateway(gateway_settings)
    heard = ear.wait(3)
    second.stop()
    storage.close_all()

    assert json.loads(heard[-1][1])["data"]["status"] == "paid"


def test_two_notifiers_deliver_each_notice_once(
    gateway_settings: GatewaySettings, payer: Payer, ear: Ear, wish: dict[str, Any]
) -> None:
    running = run_gateway(gateway_settings)
    other = notifier.Notifier(
        url=gateway_settings.database_url, secret=gateway_settings.notice_secret, allowed=gateway_settings.allowed
    )
    other.start()
    key = {"authorization": f"Bearer {gateway_settings.key}"}
    for _ in range(5):
        asked = {**wish, "reference": uuid4().hex}
        url = payer.send("POST", f"{gateway_settings.public_url}/api/payments", json=asked, headers=key).json()["url"]
        payer.pay(url)
    heard = ear.wait(5)
    other.stop()
    running.stop()

    with storage.reading(gateway_settings.database_url) as connection:
        waiting = connection.scalar(
            select(func.count())
            .select_from(tables.notice)
            .where(tables.notice.c.notify_url == ear.url, tables.notice.c.delivered_at.is_(None)),
        )
    storage.close_all()
    assert len({headers["webhook-id"] for headers, _body in heard}) == len(heard) == 5
    assert waiting == 0


@pytest.mark.parametrize(("attempts", "wait_s"), [(1, 5), (2, 30), (3, 120), (8, 72 * 3600)])
def test_notice_waits_longer_each_time(attempts: int, wait_s: int) -> None:
    now = clock.now()

    assert notifier.next_attempt_at(attempts, now, 0.0) == now + timedelta(seconds=wait_s)
    assert notifier.next_attempt_at(attempts, now, 1.0) == now + timedelta(seconds=wait_s * 1.2)


def test_notice_is_given_up_in_the_end() -> None:
    assert notifier.next_attempt_at(9, clock.now(), 0.0) is None

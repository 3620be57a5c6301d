"""Ready pages: given to everybody they are for, and to nobody else."""

from dataclasses import replace

import pytest
from werkzeug.test import Client
from werkzeug.wrappers import Response

from storefront.core.config import Config
from storefront.core.store import Store, key_of
from storefront.web import kept
from storefront.web.forwarded import Forwarded
from storefront.web.ready import Ready
from tenants.resolve import Resolver
from tests.fixtures_app import Shop
from tests.fixtures_ready import BROWSER, Ask, House, words

# ------------------------------------------------------------------------------------------------- whose page it may be


def test_page_of_one_shop_is_never_shown_on_another(ask: Ask, neighbour: Shop, shop: Shop) -> None:
    for path in ("/", "/contact", "/en/contact", "/assets/a.css"):
        mine, theirs = words(ask(path)), words(ask(path, host=neighbour.host))

        assert shop.host.partition(".")[0] in mine
        assert neighbour.host.partition(".")[0] in theirs
        assert words(ask(path)) == mine
        assert words(ask(path, host=neighbour.host)) == theirs


def test_record_of_another_name_under_our_key_is_not_used(
    ask: Ask, house: House, store: Store, ready: Ready, shop: Shop, resolver: Resolver
) -> None:
    place = resolver.find(shop.host)
    assert place is not None
    sheet = kept.Sheet([("Content-Type", "text/html")], b"poison")
    foreign = kept.keep_from(sheet, name="evil\n/\nen", stamp=place.stamp, until=9e9, varies_by_language=True)
    store.write(key_of(ready._edition, shop.host, "/", "en"), foreign)

    assert "poison" not in words(ask())
    assert house.asked == ["/"]


def test_host_of_a_comma_or_two_is_refused(ask: Ask, shop: Shop, neighbour: Shop, house: House) -> None:
    ask()

    for host in (f"{shop.host},{neighbour.host}", f"{shop.host} {neighbour.host}", f"{shop.host}@x", "", "127.0.0.1"):
        response = ask(host=host)
        assert response.status_code == 421
        assert "Set-Cookie" not in response.headers
    assert house.asked == ["/"]


def test_host_that_is_unknown_gets_a_bare_page_in_the_language_asked_for(ask: Ask, house: House) -> None:
    response = ask(host="nobody.example", Accept_Language="pl,en;q=0.5")

    assert "Pod tym adresem nic nie ma" in words(response)

    assert response.status_code == 421
    assert response.headers["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in response.headers
    assert house.asked == []


def test_host_with_a_strange_port_or_spelling_is_never_kept(ask: Ask, house: House, shop: Shop) -> None:
    for host in (f"{shop.host}:1337", f"{shop.host}.", shop.host.upper()):
        ask(host=host)
        ask(host=host)

    assert len(house.asked) == 6
    ask()
    assert len(house.asked) == 7


def test_forwarded_host_chooses_nothing(ask: Ask, house: House, shop: Shop, neighbour: Shop) -> None:
    ask(X_Forwarded_Host=neighbour.host, X_Host=neighbour.host, Forwarded=f"host={neighbour.host}")

    assert shop.host.partition(".")[0] in words(ask())
    assert house.asked == ["/"]


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics"])
def test_path_of_a_peer_is_passed_on_whatever_the_host(ask: Ask, house: House, path: str) -> None:
    house.says[path] = lambda _request: Response("ok")

    assert words(ask(path, host="127.0.0.1")) == words(ask(path, host="nobody.example")) == "ok"
    assert house.asked == [path, path]


# ------------------------------------------------------------------------------------------------------- personal pages


@pytest.mark.parametrize("cookie", ["__Host-session=x", "session=x", "a=b; __Host-session=x", "__Host-note=x"])
def test_visitor_with_a_session_gets_a_page_of_their_own(ask: Ask, house: House, cookie: str) -> None:
    ask()

    ask(Cookie=cookie)
    ask(Cookie=cookie)

    assert len(house.asked) == 3


def test_page_made_for_a_session_is_not_kept(ask: Ask, house: House) -> None:
    ask(Cookie="__Host-session=x")

    ask()

    assert len(house.asked) == 2


@pytest.mark.parametrize("cookie", ["__Host-cart=x", "unknown=1", "cart-count=2; __Host-cart=x"])
def test_visitor_with_a_cart_gets_the_ready_page_but_leaves_none(ask: Ask, house: House, cookie: str) -> None:
    ask(Cookie=cookie)
    ask()
    ask(Cookie=cookie)

    assert house.asked == ["/", "/"]


def test_visitor_with_only_a_cart_count_leaves_a_ready_page(ask: Ask, house: House) -> None:
    ask(Cookie="cart-count=2")

    ask()

    assert house.asked == ["/"]


@pytest.mark.parametrize(("header", "value"), [("Authorization", "Bearer x"), ("HX_Request", "true")])
def test_request_of_another_kind_is_passed_on(ask: Ask, house: House, header: str, value: str) -> None:
    ask()

    ask(**{header: value})

    assert house.asked == ["/", "/"]


@pytest.mark.parametrize(
    ("status", "headers"),
    [
        (200, {"Set-Cookie": "a=b"}),
        (200, {"Cache-Control": "no-store"}),
        (200, {"Cache-Control": "private, max-age=5"}),
        (200, {"Vary": "*"}),
        (200, {"Vary": "Accept"}),
        (200, {"Vary": "Cookie, Sec-Fetch-Dest"}),
        (200, {"Content-Encoding": "br"}),
        (206, {}),
        (301, {"Location": "/x"}),
        (404, {}),
        (500, {}),
        (503, {}),
    ],
)
def test_answer_that_is_not_for_all_is_never_kept(ask: Ask, house: House, status: int, headers: dict[str, str]) -> None:
    house.says["/"] = lambda _request: Response("x" * 200, status=status, headers={"X-Vitrine-Ready": "1", **headers})

    for _ in range(2):
        response = ask()
        assert response.status_code == status
        assert "X-Vitrine-Ready" not in response.headers
        assert all(response.headers[name] == value for name, value in headers.items())
    assert len(house.asked) == 2


def test_answer_without_the_mark_is_never_kept(ask: Ask, house: House) -> None:
    house.says["/"] = lambda _request: Response("x")

    ask()
    ask()

    assert len(house.asked) == 2


@pytest.mark.parametrize("mark", ["yes", "", "-1", "1.5", "٣"])
def test_answer_with_an_odd_mark_is_passed_on_without_it(ask: Ask, house: House, mark: str) -> None:
    house.says["/"] = lambda _request: Response("x", headers={"X-Vitrine-Ready": mark.encode().decode("latin-1")})

    responses = [ask(), ask()]

    assert all("X-Vitrine-Ready" not in response.headers for response in responses)
    assert len(house.asked) == 2


def test_query_is_never_kept_nor_answered_from_what_is_kept(ask: Ask, house: House) -> None:
    ask()
    ask("/?a=1")
    ask("/?a=1")

    assert len(house.asked) == 3


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "PATCH"])
def test_other_methods_are_passed_on_and_lose_the_mark(ask: Ask, house: House, method: str) -> None:
    ask()

    response = ask(method=method)

    assert "X-Vitrine-Ready" not in response.headers
    assert len(house.asked) == 2


def test_answer_to_plain_http_is_not_kept_where_https_is_the_rule(
    house: House, front_config: Config, resolver: Resolver, shop: Shop
) -> None:
    production = replace(front_config, mode="production", public_scheme="https", public_port=None)
    client = Client(Ready(Forwarded(house, ("127.0.0.1",)), production, resolver), use_cookies=False)
    headers = {"Host": shop.host, **BROWSER}

    for _ in range(2):
        client.get("/", headers=headers, environ_base={"REMOTE_ADDR": "127.0.0.1"})
        client.get("/", headers={**headers, "X-Forwarded-Proto": "https"}, environ_base={"REMOTE_ADDR": "6.6.6.6"})
    for _ in range(2):
        client.get("/", headers={**headers, "X-Forwarded-Proto": "https"}, environ_base={"REMOTE_ADDR": "127.0.0.1"})

    assert len(house.asked) == 5

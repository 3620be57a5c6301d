"""/search as visitors meet it: every state of a row, with and without answers, with everything people paste."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from html import unescape
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient

from storefront.core import cache, clock
from storefront.core.clock import Stopped
from storefront.core.config import Config
from storefront.core.db import Database, Work
from storefront.customers.models import Customer
from storefront.portfolio.models import Domain
from storefront.providers.ports.sandbox import SandboxControls
from storefront.provisioning.availability import ask
from storefront.web.house import House
from tests import factories
from tests.fixtures_app import Shop
from tests.fixtures_lookups import finish, wait_for
from tests.statements import counted

pytestmark = pytest.mark.usefixtures("valkey")


def rows_of(html: str) -> dict[str, str]:
    """State of each row by name, in the order of the page."""
    found = re.findall(r'<li class="result" data-state="(\w+)"(?: data-name="([^"]*)")?', html)
    return {name: state for state, name in found}


def search_of(html: str) -> str:
    match = re.search(r'data-search="/search/([\w-]+)/rows', html)
    assert match
    return match[1]


@pytest.fixture
def look(client: FlaskClient, config: Config, shops: dict[str, Shop]) -> Callable[..., str]:
    """Search, wait for the last answer, and return the page as it is then."""

    def searched(text: str, **more: str) -> str:
        first = client.get("/search", query_string={"q": text, **more}).get_data(as_text=True)
        search_id = search_of(first)
        finish(config, shops["north"].id, search_id)
        return client.get("/search", query_string={"q": text, "search": search_id, **more}).get_data(as_text=True)

    return searched


def test_results_without_a_question_shows_the_box_and_the_groups(client: FlaskClient) -> None:
    answer = client.get("/search")

    html = answer.get_data(as_text=True)
    assert answer.status_code == 200
    assert 'name="q"' in html
    assert "Well known" in html
    assert "data-search" not in html


def test_results_come_at_once_with_every_row_still_asking(client: FlaskClient) -> None:
    answer = client.get("/search", query_string={"q": "fjordlight"})

    html = answer.get_data(as_text=True)
    assert answer.status_code == 200
    assert list(rows_of(html)) == [f"fjordlight.{ending}" for ending in factories.ENDINGS]
    assert set(rows_of(html).values()) == {"checking"}
    assert "Available" not in html
    assert 'http-equiv="refresh"' in html
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert "X-Vitrine-Ready" not in answer.headers


@pytest.mark.usefixtures("lookups")
def test_row_of_each_kind_says_so_in_words(look: Callable[..., str]) -> None:
    label = uuid4().hex[:8]

    html = look("\n".join(f"{script}-{label}.com" for script in ("available", "taken", "reserved", "premium")))

    states = rows_of(html)
    assert [states[f"{script}-{label}.com"] for script in ("available", "taken", "reserved", "premium")] == [
        "available", "taken", "reserved", "premium",
    ]  # fmt: skip
    for words in ("Available", "Taken", "Reserved by the registry", "Premium, available", "See all four prices"):
        assert words in html
    assert "Who owns it?" in html
    assert "Is it yours? Transfer it to us for €12.90" in html
    assert "1 more year included" in html
    assert "€10.90" in html
    assert "then €13.90 a year" in html
    assert "restoring after expiry €98.00" in html
    assert "VAT of 25.5\N{NO-BREAK SPACE}% included" in html
    assert 'http-equiv="refresh"' not in html


@pytest.mark.usefixtures("lookups")
def test_row_that_is_free_offers_the_terms_of_the_price_list(look: Callable[..., str]) -> None:
    name = f"available-{uuid4().hex[:8]}.com"

    html = look(name)

    assert f'form="add-{name}"' in html
    assert [int(years) for years in re.findall(r'<option value="(\d+)"', html.split("</select>")[0])] == [1, 2, 3, 10]
    assert f'<input type="hidden" name="name" value="{name}">' in html


def test_row_without_answer_is_unknown_and_never_free(client: FlaskClient) -> None:
    asking = client.get("/search", query_string={"q": "silent-name.com"}).get_data(as_text=True)

    with Stopped(clock.now() + timedelta(seconds=6.1)):
        later = client.get("/search", query_string={"q": "silent-name.com", "search": search_of(asking)})

    html = later.get_data(as_text=True)
    assert set(rows_of(html).values()) == {"unknown"}
    assert "Ask again" in html
    assert "Available" not in html
    assert "Add to cart" not in html


@pytest.mark.parametrize(
    ("typed", "state", "words"),
    [
        ("a_b.com", "invalid", "cannot be used here"),
        ("\u0440\u0430ypal.com", "invalid", "different alphabets"),
        ("I❤.ws", "invalid", "Emoji"),
        ("192.0.2.1", "invalid", "address of a computer"),
        ("example.co.za", "unsupported", "do not sell"),
        ("-a.com", "invalid", "hyphen"),
    ],
)
def test_row_that_cannot_be_says_why(client: FlaskClient, typed: str, state: str, words: str) -> None:
    html = client.get("/search", query_string={"q": typed}).get_data(as_text=True)

    assert next(iter(rows_of(html).values())) == state
    assert words in html


def test_idn_shows_both_forms(client: FlaskClient) -> None:
    html = client.get("/search", query_string={"q": "Été.fr"}).get_data(as_text=True)

    assert next(iter(rows_of(html))) == "xn--t-9fab.fr"
    assert "<bdi>été<b>.fr</b></bdi>" in html
    assert '<span class="code">xn--t-9fab.fr</span>' in html


def test_pasted_address_is_searched_as_a_whole_name_and_says_so(client: FlaskClient) -> None:
    html = client.get("/search", query_string={"q": "https://shop.fjordlight.fr/x?y"}).get_data(as_text=True)

    assert next(iter(rows_of(html))) == "fjordlight.fr"
    assert "Only whole domain names can be registered" in html


def test_chosen_endings_come_after_the_group(client: FlaskClient) -> None:
    html = client.get("/search?q=fjordlight&endings=com&endings=zz").get_data(as_text=True)

    assert list(rows_of(html))[:2] == ["fjordlight.com", "fjordlight.net"]


def test_several_names_are_searched_and_stay_in_the_text_area(client: FlaskClient) -> None:
    html = client.get("/search", query_string={"q": "two.com\none.com", "several": "1"}).get_data(as_text=True)

    assert list(rows_of(html))[:2] == ["two.com", "one.com"]
    assert re.search(r"<textarea[^>]*>\ntwo.com\none.com</textarea>", html)


@pytest.mark.usefixtures("lookups")
def test_suggestions_are_buyable_and_at_most_eight(look: Callable[..., str]) -> None:
    html = look("fjord light")

    below = html.split('id="close-to"')[1]
    states = rows_of(below)
    assert 1 <= len(states) <= 8
    assert set(states.values()) <= {"available", "premium"}


@pytest.mark.usefixtures("lookups")
def test_rows_brings_what_changed_and_then_nothing(client: FlaskClient, config: Config, shops: dict[str, Shop]) -> None:
    name = f"available-{uuid4().hex[:8]}.com"
    search_id = search_of(client.get("/search", query_string={"q": name}).get_data(as_text=True))
    number = finish(config, shops["north"].id, search_id).number

    piece = client.get(f"/search/{search_id}/rows?since=0&best={name}")
    nothing = client.get(f"/search/{search_id}/rows?since={number}")

    html = piece.get_data(as_text=True)
    assert rows_of(html)[name] == "available"
    assert f'data-name="{name}" data-best' in html
    assert f'data-number="{number}" data-done' in html
    assert "<html" not in html
    assert rows_of(nothing.get_data(as_text=True).split("data-close-to")[0]) == {}


def test_rows_of_a_search_still_asking_are_no_content(client: FlaskClient) -> None:
    search_id = search_of(client.get("/search?q=fjordlight").get_data(as_text=True))

    assert client.get(f"/search/{search_id}/rows").status_code == 204


def test_rows_of_another_shop_are_not_found(client: FlaskClient, config: Config, shops: dict[str, Shop]) -> None:
    foreign = ask(config, shops["south"].id, ["fjordlight.com"]).search_id

    assert client.get(f"/search/{foreign}/rows").status_code == 404
    assert client.get("/search/x/rows").status_code == 404
    assert client.get("/search/a:b:c:d:e:f:g:h:i/rows").status_code == 404


def test_search_lost_with_valkey_begins_anew(client: FlaskClient, config: Config) -> None:
    first = search_of(client.get("/search?q=fjordlight").get_data(as_text=True))
    cache.connect(config).flushdb()

    again = client.get(f"/search?q=fjordlight&search={first}")

    assert again.status_code == 200
    assert search_of(again.get_data(as_text=True)) != first
    assert client.get(f"/search/{first}/rows").status_code == 404


@pytest.fixture
def house(app: Flask) -> House:
    found: House = app.extensions["vitrine"]
    return found


def test_without_valkey_the_page_says_so(client: FlaskClient, house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(house, "config", replace(house.config, redis_url="unix:///nowhere.sock?db=0"))

    answer = client.get("/search?q=fjordlight")

    html = answer.get_data(as_text=True)
    assert answer.status_code == 503
    assert "We cannot ask the registries at the moment" in html
    assert set(rows_of(html).values()) == {"unknown"}
    assert client.get(f"/search/{'a' * 22}/rows").status_code == 503
    assert client.get("/search/whois?name=fjordlight.com").status_code == 200


def test_too_many_searches_are_told_calmly_and_the_text_stays(
    client: FlaskClient, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(house, "config", replace(house.config, search_rate="1/minute"))
    search_id = search_of(client.get("/search?q=first").get_data(as_text=True))

    running = client.get(f"/search?q=first&search={search_id}")
    refused = client.get("/search?q=second")

    assert running.status_code == 200
    assert refused.status_code == 429
    assert refused.headers["Retry-After"] == "60"
    html = refused.get_data(as_text=True)
    assert "A little slower" in html
    assert 'value="second"' in html


@pytest.mark.parametrize(
    "typed",
    [
        "a" * 10_000,
        "😀🎉",
        "nul\x00byte.com",
        "\u202eevil.com",
        "שלום.com",
        "'; DROP TABLE cart; --",
        "<script>alert(1)</script>",
        "{{ 7 * 7 }}{% for %}",
        "\n".join(f"name-{number}.com" for number in range(200)),
        "\n".join(f"name{number}" for number in range(200)),
        "..",
        "xn--invalid-.com",
        "%",
        "a" * 64 + ".com",
    ],
)
def test_hostile_text_is_answered_calmly(client: FlaskClient, typed: str) -> None:
    answer = client.get("/search", query_string={"q": typed})

    html = answer.get_data(as_text=True)
    assert answer.status_code == 200
    assert "<script>alert" not in html
    assert "49" not in re.findall(r"<bdi>(\d+)", html)


def test_more_than_five_hundred_look_ups_are_refused_in_words(client: FlaskClient) -> None:
    typed = "\n".join(f"name{number}" for number in range(100))

    html = client.get("/search", query_string={"q": typed}).get_data(as_text=True)

    assert "at most 500 are possible at once" in html
    assert "name42" in html
    assert "data-search" not in html


@pytest.mark.parametrize("query", ["group=nothing", "since=x", "endings=' OR 1", "search=../../x", "several=\x00"])
def test_strange_values_are_left_out(client: FlaskClient, query: str) -> None:
    assert client.get(f"/search?q=fjordlight&{query}").status_code == 200


@pytest.mark.usefixtures("lookups")
def test_own_names_lead_to_the_panel_and_others_stay_taken(
    look: Callable[..., str],
    client: FlaskClient,
    database: Database,
    shops: dict[str, Shop],
    sign_in: Callable[..., str],
) -> None:
    label = uuid4().hex[:8]
    with database.work(shops["north"].id) as db:
        customer = factories.make_customer(db)
        user = factories.make_user(db, customer=customer)
        _own(db, customer, f"taken-{label}.com")
        _own(db, factories.make_customer(db), f"taken-{label}.net")
        db.commit()
    sign_in(client, shops["north"], user)

    states = rows_of(look(f"taken-{label}.com"))

    assert states[f"taken-{label}.com"] == "owned"
    assert states[f"taken-{label}.net"] == "taken"


def _own(db: Work, customer: Customer, name: str) -> None:
    later = db.now + timedelta(days=300)
    ending = name.partition(".")[2]
    db.add(
        Domain(
            customer_id=customer.id,
            name_ascii=name,
            name_unicode=name,
            ending=ending,
            connection="sandbox",
            registered_at=db.now,
            paid_until=later,
            registry_expires_at=later,
        )
    )


@pytest.mark.usefixtures("lookups")
def test_whois_asks_first_and_then_shows_what_the_public_may_see(client: FlaskClient) -> None:
    name = f"taken-{uuid4().hex[:8]}.com"

    asking = client.get(f"/search/whois?name={name}").get_data(as_text=True)
    wait_for(lambda: "Asking the registry" not in client.get(f"/search/whois?name={name}").get_data(as_text=True))
    html = client.get(f"/search/whois?name={name}").get_data(as_text=True)

    assert 'http-equiv="refresh"' in asking
    assert 'http-equiv="refresh"' not in html
    for words in ("Registrar", "(sandbox)", "hidden (data protection)", "Name servers", "DNSSEC", "Expires"):
        assert words in html


@pytest.mark.usefixtures("lookups")
def test_whois_of_a_free_name_leads_to_the_search(client: FlaskClient) -> None:
    name = f"available-{uuid4().hex[:8]}.com"

    client.get(f"/search/whois?name={name}")
    wait_for(lambda: "knows no holder" in client.get(f"/search/whois?name={name}").get_data(as_text=True))


@pytest.mark.usefixtures("lookups")
def test_whois_of_a_registry_that_is_down_is_no_answer_and_can_be_asked_again(
    client: FlaskClient, registry_strings: SandboxControls
) -> None:
    name = f"taken-{uuid4().hex[:8]}.com"
    registry_strings.set_mode("down")

    client.get(f"/search/whois?name={name}")
    wait_for(lambda: "No answer yet" in client.get(f"/search/whois?name={name}").get_data(as_text=True))
    registry_strings.set_mode("up")
    client.get(f"/search/whois?name={name}&again=1")

    wait_for(lambda: "(sandbox)" in client.get(f"/search/whois?name={name}").get_data(as_text=True))


@pytest.mark.parametrize("name", ["", "x", "a_b.com", "\x00", "x.zz", "<b>.com", "a" * 10_000])
@pytest.mark.parametrize("page", ["whois", "premium"])
def test_pages_of_one_name_refuse_what_is_no_name(client: FlaskClient, page: str, name: str) -> None:
    answer = client.get(f"/search/{page}", query_string={"name": name})

    assert answer.status_code == 422
    assert "<b>.com" not in answer.get_data(as_text=True)


def test_whois_is_limited_by_address(client: FlaskClient) -> None:
    statuses = [client.get(f"/search/whois?name=limited-{number}.com").status_code for number in range(11)]

    assert statuses == [200] * 10 + [429]


@pytest.mark.usefixtures("lookups")
def test_premium_shows_all_four_prices_before_anything_is_agreed(
    client: FlaskClient, config: Config, shops: dict[str, Shop]
) -> None:
    name = f"premium-{uuid4().hex[:8]}.com"
    unknown = client.get(f"/search/premium?name={name}").get_data(as_text=True)
    search_id = search_of(client.get(f"/search?q={name}").get_data(as_text=True))
    finish(config, shops["north"].id, search_id)

    html = client.get(f"/search/premium?name={name}&search={search_id}").get_data(as_text=True)

    assert "not known any more" in unknown
    for words in ("First year", "Each further year", "Moving it here", "Restoring it", "Agree and add to cart"):
        assert words in html
    assert len(re.findall(r"<dd>€[\d,]+\.00</dd>", html)) == 4


def test_search_asks_the_database_rarely(client: FlaskClient, database: Database) -> None:
    client.get("/search?q=warm")

    with counted(database) as asked:
        search_id = search_of(client.get("/search?q=fjordlights").get_data(as_text=True))
        client.get(f"/search/{search_id}/rows")

    assert asked == []


@pytest.mark.usefixtures("lookups")
def test_cart_beside_the_results_holds_what_was_added_from_a_row(client: FlaskClient, look: Callable[..., str]) -> None:
    name = f"available-{uuid4().hex[:8]}.com"
    html = look(name)
    form = re.search(rf'<form method="post" action="([^"]+)" id="add-{re.escape(name)}".*?</form>', html, re.DOTALL)
    assert form
    fields = {key: unescape(value) for key, value in re.findall(r'name="(\w+)" value="([^"]*)"', form[0])}

    added = client.post(form[1], data={**fields, "years": "2"})
    after = client.get(added.headers["Location"]).get_data(as_text=True)

    assert added.status_code == 303
    assert rows_of(after)[name] == "in_cart"
    assert 'id="mini-cart"' in after
    assert "€21.80" in after
    assert "Prices are promised until" in after


@pytest.mark.usefixtures("lookups")
def test_premium_that_was_agreed_to_lands_in_the_cart(
    client: FlaskClient, config: Config, shops: dict[str, Shop]
) -> None:
    name = f"premium-{uuid4().hex[:8]}.com"
    search_id = search_of(client.get(f"/search?q={name}").get_data(as_text=True))
    finish(config, shops["north"].id, search_id)
    html = client.get(f"/search/premium?name={name}&search={search_id}").get_data(as_text=True)
    fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', html))

    added = client.post("/cart/add", data=fields)

    assert added.status_code == 303
    assert "until you agree" not in client.get("/cart").get_data(as_text=True)
    assert name in client.get("/cart").get_data(as_text=True)

"""The public price list: complete, filtered, ready for everybody, and without what cannot be bought."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from cms.blocks import block_from
from cms.pages import PageTerms, publish_page
from storefront.core.changes import announce
from storefront.core.db import Database
from storefront.core.text import LocalizedText
from storefront.pricing.offer_models import Promotion
from tests.factories import ENDINGS
from tests.fixtures_app import Shop

ADDRESS = "/price-list"
COUNTDOWN = "js/offers.js"


def test_list_names_every_ending_with_its_four_prices(client: FlaskClient) -> None:
    answer = client.get(ADDRESS)

    assert answer.status_code == 200
    for ending in ENDINGS:
        assert f'href="/price-list/{ending}"' in answer.text
    row = answer.text.partition('data-price-row=".com com"')[2].partition("</tr>")[0]
    assert [amount in row for amount in ("€10.90", "€13.90", "€12.90", "€98.00")] == [True] * 4


@pytest.mark.parametrize(("years", "register", "yearly"), [(2, "€21.80", "€10.90 a year"), (10, "€109.00", "€10.90")])
def test_list_has_a_page_for_every_period(client: FlaskClient, years: int, register: str, yearly: str) -> None:
    answer = client.get(f"{ADDRESS}/{years}")

    row = answer.text.partition('data-price-row=".com com"')[2].partition("</tr>")[0]
    assert register in row
    assert yearly in row


def test_ending_that_the_registry_sells_for_one_year_only_has_no_longer_period(client: FlaskClient) -> None:
    answer = client.get(f"{ADDRESS}/2")

    assert 'data-price-row=".de de"' not in answer.text or "not offered" in answer.text


@pytest.mark.parametrize("path", ["/4", "/0", "/99", "/nothing", "/xn--nothing"])
def test_what_is_not_sold_is_not_found(client: FlaskClient, path: str) -> None:
    assert client.get(ADDRESS + path).status_code == 404


def test_first_period_has_one_address_only(client: FlaskClient) -> None:
    answer = client.get(f"{ADDRESS}/1")

    assert answer.status_code == 308
    assert answer.location.endswith(ADDRESS)


@pytest.mark.parametrize(
    ("query", "there", "gone"), [("?q=.COM", ".com com", ".net net"), ("?group=known&q=ne", ".net net", ".com com")]
)
def test_filter_works_without_a_script(client: FlaskClient, query: str, there: str, gone: str) -> None:
    answer = client.get(ADDRESS + query)

    assert f'data-price-row="{there}"' in answer.text
    assert f'data-price-row="{gone}"' not in answer.text


def test_filter_that_fits_nothing_says_so(client: FlaskClient) -> None:
    answer = client.get(f"{ADDRESS}?q=zzz")

    assert "No ending fits" in answer.text
    assert "Show all endings" in answer.text


def test_page_is_ready_for_everybody_until_prices_may_change(client: FlaskClient) -> None:
    first = client.get(ADDRESS)

    assert first.headers.get("Set-Cookie") is None
    assert "X-Vitrine-Ready" not in first.headers
    assert client.get(ADDRESS).data == first.data


def test_ending_says_who_may_register_and_what_happens_at_the_end(client: FlaskClient) -> None:
    answer = client.get(f"{ADDRESS}/com")

    assert answer.status_code == 200
    for words in ("Who may register", "Registered for 1 to 10 years.", "When the term ends", "€98.00"):
        assert words in answer.text


def test_every_page_of_the_shop_leads_to_the_prices(client: FlaskClient) -> None:
    answer = client.get("/search")

    assert 'href="/price-list"' in answer.text


@pytest.fixture
def promotion(database: Database, shops: dict[str, Shop], heard: Callable[[Shop, int], None]) -> Callable[[], None]:
    """A promotion of the shop in the south: a third off .com in the first year; returns what ends it."""
    with database.work(shops["south"].id) as db:
        row = db.add(
            Promotion(
                name="autumn",
                title=LocalizedText(en="Autumn names"),
                state="running",
                starts_at=db.now - timedelta(hours=1),
                ends_at=db.now + timedelta(days=3),
                currency="EUR",
                terms={"method": "percent", "percent": "30", "endings": ["com"], "actions": ["register"]},
                changed_at=db.now,
            )
        )
        version = announce(db)
        db.commit()
        made = row.id
    heard(shops["south"], version)

    def stop() -> None:
        with database.work(shops["south"].id) as db:
            db.require(Promotion, made).state = "stopped"
            version = announce(db)
            db.commit()
        heard(shops["south"], version)

    return stop


def test_promotion_is_shown_with_what_comes_after(
    client_of: Callable[[Shop], FlaskClient], shops: dict[str, Shop], promotion: Callable[[], None]
) -> None:
    client = client_of(shops["south"])

    whole, one = client.get(ADDRESS).text, client.get(f"{ADDRESS}/com").text
    during = whole.partition('data-price-row=".com com"')[2].partition("</tr>")[0]
    promotion()
    later = client.get(ADDRESS).text
    after = later.partition('data-price-row=".com com"')[2].partition("</tr>")[0]

    assert [COUNTDOWN in page for page in (whole, one, later)] == [True, True, False]
    assert "Autumn names" in during
    assert "then €13.90 a year" in during
    assert "€7.63" in during
    assert "€10.90" in after


def test_pages_show_a_promotion_with_its_end(
    client_of: Callable[[Shop], FlaskClient],
    shops: dict[str, Shop],
    database: Database,
    promotion: Callable[[], None],
) -> None:
    strip = {"kind": "price_strip", "endings": ["com", "net"]}
    table = {"kind": "price_table", "title": "", "text": ""}
    with database.work(shops["south"].id) as db:
        blocks = [block_from(strip), block_from(table)]
        publish_page(
            db, PageTerms(key="offers", locale="en", path="/offers", title="Offers", description="", blocks=blocks)
        )
        db.commit()

    page = client_of(shops["south"]).get("/offers").text
    promotion()
    later = client_of(shops["south"]).get("/offers").text

    assert page.count("Autumn names") == 2
    assert page.count("€7.63") == 2
    assert page.count("data-countdown") == 2
    assert [COUNTDOWN in each for each in (page, later)] == [True, False]


@pytest.mark.parametrize(
    ("asked", "known"),
    [
        ("/en/price-list?q=com", "/en/price-list"),
        ("/pl/price-list/2?group=x", "/pl/price-list/2"),
        ("/price-list/com", "/en/price-list/com"),
        ("/de/legal/", "/de/legal/"),
    ],
)
def test_page_of_the_shop_is_known_by_one_address_in_each_language(client: FlaskClient, asked: str, known: str) -> None:
    html = client.get(asked).text

    assert re.findall(r'<link rel="canonical" href="https?://[^/]+([^"]*)">', html) == [known]
    bare = known[3:]
    assert re.findall(r'hreflang="([a-z-]+)" href="https?://[^/]+([^"]*)"', html)[-1] == ("x-default", bare)

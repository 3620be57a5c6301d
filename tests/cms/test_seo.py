"""What public pages tell search engines and shared links."""

import json
import re
import time
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from flask.testing import FlaskClient

from cms.blocks import block_from
from cms.pages import PageTerms, publish_page
from cms.seo import Listed, Site, Told, alternates, head_of, sitemap_of
from storefront.core.db import Database
from storefront.core.money import Money
from tests.fixtures_app import Shop
from tests.statements import counted

ONE = Site(origin="https://north.example", languages=["en"], name="North")
TWO = Site(origin="https://north.example", languages=["pl", "en"], name="North")
FAQ = {
    "kind": "faq",
    "questions": [{"question": "Is it mine?", "answer": "<p>Yes, <strong>yours</strong> &amp; only.</p>"}],
}
SHOWN = re.compile(r'<script type="application/ld\+json">(.*?)</script>', re.DOTALL)


def told(**more: Any) -> Told:
    values: dict[str, Any] = {
        "locale": "en",
        "path": "/about",
        "title": "About",
        "description": "",
        "paths": {"en": "/about"},
    }
    return Told(**{**values, **more})


def test_page_of_a_shop_with_one_language_needs_no_name_for_it() -> None:
    head = head_of(ONE, told(), [], {})

    assert head["canonical"] == "https://north.example/about"
    assert head["alternates"] == []


def test_page_names_all_its_languages_and_one_address_for_everybody_else() -> None:
    assert alternates(TWO, {"en": "/about", "pl": "/o-nas", "fr": "/a-propos"}) == [
        ("pl", "https://north.example/pl/o-nas"),
        ("en", "https://north.example/en/about"),
        ("x-default", "https://north.example/o-nas"),
    ]


def test_home_is_known_by_its_language() -> None:
    assert head_of(TWO, told(path="/"), [], {})["canonical"] == "https://north.example/en/"


def test_trail_leads_from_home_over_what_is_above() -> None:
    head = head_of(ONE, told(path="/help/dns", title="DNS", above=[("Help", "/help")]), [], {})

    trail = head["data"][0]
    assert trail["@type"] == "BreadcrumbList"
    steps = [(each["position"], each["name"], each["item"]) for each in trail["itemListElement"]]
    assert steps == [
        (1, "North", "https://north.example/"),
        (2, "Help", "https://north.example/help"),
        (3, "DNS", "https://north.example/help/dns"),
    ]


def test_answers_are_told_without_markup() -> None:
    data = head_of(ONE, told(path="/"), [FAQ], {})["data"]

    assert data[0]["mainEntity"][0]["acceptedAnswer"]["text"] == "Yes, yours & only."


def test_offers_tell_each_ending_once_with_the_price_of_its_first_term() -> None:
    rows = [
        SimpleNamespace(ending=".com", first=Money(1290, "EUR")),
        SimpleNamespace(ending=".fr", first=Money(990, "EUR")),
    ]
    table = {"kind": "price_table", "rows": rows}

    offers = head_of(ONE, told(path="/"), [table, table], {})["data"][0]["offers"]

    assert (offers["lowPrice"], offers["highPrice"], offers["offerCount"]) == ("9.90", "12.90", 2)
    assert [(each["name"], each["price"]) for each in offers["offers"]] == [(".com", "12.90"), (".fr", "9.90")]


def test_empty_tables_and_questions_tell_nothing() -> None:
    blocks = [{"kind": "price_table", "rows": []}, {"kind": "faq", "questions": []}]

    assert head_of(ONE, told(path="/"), blocks, {})["data"] == []


def test_page_kept_out_of_search_engines_tells_them_nothing() -> None:
    head = head_of(ONE, told(is_hidden=True), [FAQ], {})

    assert head["is_hidden"]
    assert head["data"] == []


def test_list_has_every_page_in_every_language_of_the_shop() -> None:
    found = sitemap_of(TWO, [Listed(paths={"pl": "/o-nas", "fr": "/a-propos"}, days={"pl": "2026-11-22"})])

    assert [(each["url"], each["day"]) for each in found] == [("https://north.example/pl/o-nas", "2026-11-22")]


@pytest.fixture
def publish(database: Database, shops: dict[str, Shop]) -> Callable[..., None]:
    def write(path: str, *blocks: dict[str, Any], title: str = "A page", **settings: Any) -> None:
        with database.work(shops["north"].id) as db:
            built = [block_from(each) for each in blocks]
            terms = PageTerms(key=path, locale="en", path=path, title=title, description="What it is.", blocks=built)
            publish_page(db, terms).settings = settings
            db.commit()

    return write


def write_polish(database: Database, shop: Shop, key: str, path: str, **settings: Any) -> None:
    with database.work(shop.id) as db:
        terms = PageTerms(key=key, locale="pl", path=path, title="Strona", description="Co to jest.")
        publish_page(db, terms).settings = settings
        db.commit()


def data_of(html: str) -> dict[str, dict[str, Any]]:
    return {each["@type"]: each for each in map(json.loads, SHOWN.findall(html))}


def test_page_tells_its_languages(
    publish: Callable[..., None], database: Database, shops: dict[str, Shop], client: FlaskClient
) -> None:
    publish("/seo-about")
    write_polish(database, shops["north"], "/seo-about", "/seo-o-nas")

    html = client.get("/pl/seo-o-nas").text

    assert re.search(r'<link rel="canonical" href="https?://north.localhost(:[0-9]+)?/pl/seo-o-nas">', html)
    found = re.findall(r'hreflang="([a-z-]+)" href="https?://[^/]*(/[^"]*)"', html)
    assert found == [("en", "/en/seo-about"), ("pl", "/pl/seo-o-nas"), ("x-default", "/seo-about")]
    # The switch leads to where the page is in each language; where it is not, it is shown in another.
    assert set(re.findall(r'<a href="(/[a-z]{2}/seo[^"]*)"', html)) == {
        "/en/seo-about", "/fr/seo-o-nas", "/pl/seo-o-nas", "/de/seo-o-nas",
    }  # fmt: skip
    assert "has not been translated" not in html


def test_page_in_another_language_than_asked_says_so(publish: Callable[..., None], client: FlaskClient) -> None:
    publish("/seo-english-only")

    html = client.get("/de/seo-english-only").text

    assert '<main id="main" tabindex="-1" lang="en">' in html
    assert re.search(r'<link rel="canonical" href="[^"]*/en/seo-english-only">', html)
    assert "noch nicht übersetzt" in html


def test_settings_of_a_page_are_told(publish: Callable[..., None], client: FlaskClient) -> None:
    publish("/seo-set", title="A page", search_title="A much better title", noindex=True)

    html = client.get("/en/seo-set").text

    assert "<title>A much better title</title>" in html
    assert '<meta property="og:title" content="A much better title">' in html
    assert '<meta name="robots" content="noindex">' in html
    assert "ld+json" not in html


def test_structured_data_holds_the_live_prices(publish: Callable[..., None], client: FlaskClient) -> None:
    publish("/seo-prices", {"kind": "price_table", "title": "", "text": ""}, FAQ)

    found = data_of(client.get("/en/seo-prices").text)

    assert set(found) == {"BreadcrumbList", "FAQPage", "Product"}
    assert found["Product"]["offers"]["offers"][0]["price"]


def test_words_of_an_editor_never_end_the_data(publish: Callable[..., None], client: FlaskClient) -> None:
    nasty = "</script><script>alert(1)</script><!--"
    publish("/seo-nasty", {"kind": "faq", "questions": [{"question": nasty, "answer": "Yes"}]}, title=nasty)

    html = client.get("/en/seo-nasty").text

    assert "<script>alert" not in html
    assert data_of(html)["FAQPage"]["mainEntity"][0]["name"] == nasty


def test_list_of_pages_and_what_names_it(
    publish: Callable[..., None], database: Database, shops: dict[str, Shop], client: FlaskClient
) -> None:
    publish("/seo-listed")
    publish("/seo-hidden", noindex=True)
    write_polish(database, shops["north"], "/seo-listed", "/seo-na-liscie")

    answer = client.get("/sitemap.xml")

    assert answer.mimetype == "application/xml"
    urls = [each.text or "" for each in ET.fromstring(answer.data).iter() if each.tag.endswith("}loc")]  # noqa: S314 - our own
    assert len([url for url in urls if url.endswith(("/en/seo-listed", "/pl/seo-na-liscie", "/de/price-list"))]) == 3
    assert not [url for url in urls if "hidden" in url]
    assert re.search(
        r"^Sitemap: https?://north.localhost(:[0-9]+)?/sitemap.xml$", client.get("/robots.txt").text, re.MULTILINE
    )


def test_page_is_made_in_few_queries(publish: Callable[..., None], database: Database, client: FlaskClient) -> None:
    publish("/seo-queries", {"kind": "rich_text", "html": "<p>Words</p>"})
    asked: list[list[str]] = []

    # What a process learns of a shop once a version is no matter of the page; the notice of a version takes its time.
    for number in range(4):
        with counted(database) as queries:
            assert client.get(f"/en/seo-queries?asked={number}").status_code == 200
        # Whose host this is was asked for once a worker, or is asked for again after a change.
        own = [each for each in queries if each.lstrip().upper().startswith("SELECT")]
        asked.append([each for each in own if "set_config" not in each and "host_name" not in each])
        time.sleep(0.4)

    fewest = min(asked, key=len)
    assert len(fewest) <= 6, fewest

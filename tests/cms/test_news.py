"""News as visitors read them: lists by category and page, the day of a page, what is beside it, and the feeds."""

import json
import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID
from xml.etree import ElementTree as ET

import pytest
from flask.testing import FlaskClient
from sqlalchemy import delete, select

from cms.models import NewsCategory, Page, PageVersion
from cms.news_categories import make_category, remove_category
from storefront.core.changes import SITE, announce
from storefront.core.db import Database, Work
from storefront.core.kept import KeptFacts
from tests.fixtures_app import Shop

ATOM = "{http://www.w3.org/2005/Atom}"
LIST = {"kind": "news_list", "id": "b1", "title": "", "page": "", "most": 2}


@pytest.fixture
def told(
    database: Database, shops: dict[str, Shop], heard: Callable[[Shop, int], None]
) -> Iterator[Callable[..., None]]:
    """Write into the north shop and wait until visitors see it; the news are gone afterwards."""
    north = shops["north"]

    def write(fill: Callable[[Work], object] = announce) -> None:
        with database.work(north.id) as db:
            fill(db)
            announce(db)
            db.commit()
        with database.office_work() as db:
            version = db.scalar(select(SITE.c.version).where(SITE.c.reseller_id == north.id))
        heard(north, version or 0)

    yield write

    def forget(db: Work) -> None:
        mine = select(Page.id).where(Page.key.startswith("told"))
        db.execute(delete(PageVersion).where(PageVersion.page_id.in_(mine)))
        db.execute(delete(Page).where(Page.key.startswith("told"), Page.parent_id.is_not(None)))
        db.execute(delete(Page).where(Page.key.startswith("told")))
        db.execute(delete(NewsCategory))

    write(forget)


def put(db: Work, path: str, *, above: UUID | None = None, days: float = 0, locale: str = "en", **more: Any) -> UUID:
    """Publish a page, so many days ago."""
    key = f"told{path}"
    page = db.scalar(select(Page).where(Page.key == key)) or db.add(Page(key=key, created_at=db.now, parent_id=above))
    db.flush()
    at = db.now - timedelta(days=days)
    words = {"title": path.rpartition("/")[2], "description": f"About {path}.", "blocks": [], **more}
    db.add(
        PageVersion(
            page_id=page.id, locale=locale, path=path, state="published", edited_at=at, published_at=at, **words
        )
    )
    db.flush()
    return page.id


def five(db: Work) -> None:
    """A page that lists its news, two at once, with five of them."""
    make_category(db, {"en": "Offers <b>", "fr": "Offres"})
    make_category(db, {"en": "People"})
    above = put(db, "/told", title="What is new", blocks=[LIST])
    for number in range(1, 6):
        about = ["offers-b"] if number % 2 else ["people", "gone", "offers-b"] if number == 4 else []
        put(db, f"/told/post-{number}", above=above, days=number, settings={"categories": about})


def titles(page: str) -> list[str]:
    return re.findall(
        r"<h[23][^>]*><a [^>]*>(.*?)</a></h[23]>", page.partition('class="news"')[2].partition("</ol>")[0]
    )


def test_list_is_leafed_through(told: Callable[..., None], client: FlaskClient) -> None:
    told(five)

    first, second, last = (client.get(f"/en/told{query}").text for query in ("", "?page=2", "?page=77"))

    assert [titles(page) for page in (first, second, last)] == [["post-1", "post-2"], ["post-3", "post-4"], ["post-5"]]
    assert 'rel="next" href="/en/told?page=2"' in first
    assert 'rel="prev" href="/en/told"' in second
    assert "Page 3 of 3" in last
    assert '<link rel="canonical" href="http://north.localhost:8000/en/told?page=3">' in last
    assert '<link rel="canonical" href="http://north.localhost:8000/en/told">' in first
    assert 'hreflang="' not in second.partition("</head>")[0]


def test_list_is_chosen_by_category(told: Callable[..., None], client: FlaskClient) -> None:
    told(five)

    page = client.get("/en/told?category=offers-b&page=2").text

    assert titles(page) == ["post-4", "post-5"]
    assert 'aria-current="page" href="/en/told?category=offers-b">Offers &lt;b&gt;</a>' in page
    assert 'rel="prev" href="/en/told?category=offers-b"' in page
    assert "http://north.localhost:8000/en/told?category=offers-b&amp;page=2" in page
    assert 'title="What is new: Offers &lt;b&gt;"' in page


@pytest.mark.parametrize(
    "query",
    ["?category=nothing", "?category=%3Cscript%3E", "?page=-1", "?page=x", "?page=%00", "?category=" + "a" * 3000],
)
def test_strange_addresses_show_the_list(told: Callable[..., None], client: FlaskClient, query: str) -> None:
    told(five)

    answer = client.get(f"/en/told{query}")

    assert answer.status_code == 200
    assert titles(answer.text) == ["post-1", "post-2"]
    assert "<script>" not in answer.text.partition("<main")[2]
    assert '<link rel="canonical" href="http://north.localhost:8000/en/told">' in answer.text


def test_list_on_another_page_has_neither_choice_nor_leaves(told: Callable[..., None], client: FlaskClient) -> None:
    def fill(db: Work) -> None:
        five(db)
        put(db, "/told-elsewhere", blocks=[{**LIST, "page": "/told", "category": "people"}])

    told(fill)

    page = client.get("/en/told-elsewhere?category=offers-b&page=2").text

    assert titles(page) == ["post-4"]
    assert 'class="chips"' not in page
    assert 'href="http://north.localhost:8000/en/told/feed/people.xml"' in page
    assert '<link rel="canonical" href="http://north.localhost:8000/en/told-elsewhere">' in page


def test_news_page_says_its_day_and_what_is_beside_it(told: Callable[..., None], client: FlaskClient) -> None:
    told(five)

    page = client.get("/en/told/post-4").text

    assert re.search(r'<p class="row news-day"><time datetime="\d{4}-', page)
    assert '<a href="/en/told?category=people">People</a>' in page
    assert re.search(r'rel="prev" href="/en/told/post-5".*rel="next" href="/en/told/post-3"', page, re.DOTALL)
    assert '<meta property="og:type" content="article">' in page
    data = [
        json.loads(each) for each in re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    ]
    post = next(each for each in data if each["@type"] == "BlogPosting")
    assert post["headline"] == "post-4"
    assert post["articleSection"] == ["People", "Offers <b>"]
    assert post["mainEntityOfPage"] == "http://north.localhost:8000/en/told/post-4"
    assert post["datePublished"] <= post["dateModified"]
    assert post["publisher"]["name"] == "North"


def test_page_that_is_no_news_has_no_day(told: Callable[..., None], client: FlaskClient) -> None:
    def fill(db: Work) -> None:
        put(db, "/told-plain/below", above=put(db, "/told-plain"))

    told(fill)

    page = client.get("/en/told-plain/below").text

    assert "news-day" not in page
    assert "BlogPosting" not in page
    assert client.get("/en/told-plain/feed.xml").status_code == 404


def test_day_that_a_page_names_counts_and_nonsense_does_not(told: Callable[..., None], client: FlaskClient) -> None:
    def fill(db: Work) -> None:
        above = put(db, "/told", blocks=[{**LIST, "most": 9}])
        for name, day in {"old": "2019-05-04", "older": "2001-01-01", "odd": "2019-99-99", "sly": "' OR 1=1"}.items():
            put(db, f"/told/{name}", above=above, days=1 if name == "odd" else 2, settings={"date": day})
        put(db, "/told/list", above=above, days=3, settings={"date": ["2020-01-01"], "categories": {"a": 1}})

    told(fill)

    page = client.get("/en/told").text

    assert titles(page) == ["odd", "sly", "list", "old", "older"]
    assert "4 May 2019" in page


def feed_at(client: FlaskClient, address: str) -> ET.Element:
    answer = client.get(address)
    assert answer.status_code == 200, address
    assert answer.content_type == "application/atom+xml; charset=utf-8"
    return ET.fromstring(answer.data)  # noqa: S314 - our own answer


def test_feed_is_what_rfc_4287_asks(told: Callable[..., None], client: FlaskClient) -> None:
    told(five)

    feed = feed_at(client, "/en/told/feed.xml")

    assert feed.tag == f"{ATOM}feed"
    for name in ("id", "title", "updated", "author"):
        assert len(feed.findall(f"{ATOM}{name}")) == 1, name
    assert feed.findtext(f"{ATOM}author/{ATOM}name") == "North"
    links = {link.get("rel"): link.get("href") for link in feed.findall(f"{ATOM}link")}
    assert links == {
        "self": "http://north.localhost:8000/en/told/feed.xml",
        "alternate": "http://north.localhost:8000/en/told",
    }
    entries = feed.findall(f"{ATOM}entry")
    assert [each.findtext(f"{ATOM}title") for each in entries] == [f"post-{number}" for number in range(1, 6)]
    ids = [str(each.findtext(f"{ATOM}id")) for each in (feed, *entries)]
    assert len(set(ids)) == len(ids)
    assert all(re.fullmatch(r"urn:uuid:[0-9a-f-]{36}", each) for each in ids)
    for entry in entries:
        for name in ("published", "updated"):
            assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", str(entry.findtext(f"{ATOM}{name}")))
        link = entry.find(f"{ATOM}link")
        assert link is not None
        assert str(link.get("href")).startswith("http://north.localhost:8000/en/told/")
    marked = [(each.get("term"), each.get("label")) for each in entries[3].findall(f"{ATOM}category")]
    assert marked == [("people", "People"), ("offers-b", "Offers <b>")]
    newest = max(str(each.findtext(f"{ATOM}updated")) for each in entries)
    assert feed.findtext(f"{ATOM}updated") == newest


def test_feed_of_a_category_has_only_its_news(told: Callable[..., None], client: FlaskClient) -> None:
    told(five)

    whole, people = (feed_at(client, f"/en/told/feed{name}.xml") for name in ("", "/people"))

    assert [each.text for each in people.iter(f"{ATOM}title")] == ["What is new: People · North", "post-4"]
    assert people.findtext(f"{ATOM}id") != whole.findtext(f"{ATOM}id")
    assert client.get("/en/told/feed/nothing.xml").status_code == 404


def test_feed_of_a_category_without_news_is_empty_and_whole(told: Callable[..., None], client: FlaskClient) -> None:
    def fill(db: Work) -> None:
        make_category(db, {"en": "Quiet"})
        put(db, "/told", blocks=[LIST])

    told(fill)

    feed = feed_at(client, "/en/told/feed/quiet.xml")

    assert feed.findall(f"{ATOM}entry") == []
    assert feed.findtext(f"{ATOM}updated")


def test_names_in_a_feed_stay_when_title_and_address_change(told: Callable[..., None], client: FlaskClient) -> None:
    told(five)
    before = [each.text for each in feed_at(client, "/en/told/feed.xml").iter(f"{ATOM}id")]

    def change(db: Work) -> None:
        for version in db.scalars(select(PageVersion).where(PageVersion.path.startswith("/told"))):
            version.title, version.path = f"{version.title} anew", version.path.replace("/told", "/told-anew")

    told(change)

    assert [each.text for each in feed_at(client, "/en/told-anew/feed.xml").iter(f"{ATOM}id")] == before


def test_each_language_has_a_feed_of_its_own(told: Callable[..., None], client: FlaskClient) -> None:
    def fill(db: Work) -> None:
        five(db)
        above = put(db, "/nouvelles-told", locale="fr", title="Nouvelles", blocks=[LIST])
        put(db, "/nouvelles-told/un", above=above, locale="fr", title="Un", settings={"categories": ["offers-b"]})

    told(fill)

    feed = feed_at(client, "/fr/nouvelles-told/feed/offers-b.xml")

    assert feed.get("{http://www.w3.org/XML/1998/namespace}lang") == "fr"
    assert [each.text for each in feed.iter(f"{ATOM}title")] == ["Nouvelles: Offres · North", "Un"]
    links = [str(link.get("href")) for link in feed.iter(f"{ATOM}link")]
    assert all(link.startswith("http://north.localhost:8000/fr/nouvelles-told") for link in links)


@pytest.mark.parametrize(
    "words",
    ["<script>alert(1)</script>", "]]>&amp;&lt;", "\x01\x0b\x1f\x7f bell", "\ufffe\uffff", "'\"><x y='", "😀 \u202e"],
)
def test_hostile_words_break_no_feed(told: Callable[..., None], client: FlaskClient, words: str) -> None:
    def fill(db: Work) -> None:
        above = put(db, "/told", title=words, blocks=[LIST])
        put(db, "/told/one", above=above, title=words, description=words)

    told(fill)

    feed = feed_at(client, "/en/told/feed.xml")

    kept = re.sub("[\x01\x0b\x1f\ufffe\uffff]", "", words)
    assert feed.findtext(f"{ATOM}entry/{ATOM}title") == kept
    assert len(feed.findall(f"{ATOM}entry")) == 1
    assert "<script>alert" not in client.get("/en/told").text


def test_feed_is_a_ready_answer(told: Callable[..., None], client: FlaskClient) -> None:
    told(five)
    first = client.get("/en/told/feed.xml")

    again = client.get("/en/told/feed.xml", headers={"If-None-Match": first.headers["ETag"]})

    assert (first.status_code, again.status_code) == (200, 304)


def test_page_kept_from_searchers_and_one_taken_from_view_are_in_no_feed(
    told: Callable[..., None], client: FlaskClient
) -> None:
    def fill(db: Work) -> None:
        above = put(db, "/told", blocks=[LIST])
        put(db, "/told/seen", above=above)
        put(db, "/told/quiet", above=above, settings={"noindex": True})
        put(db, "/told/gone", above=above)
        gone = db.scalars(select(PageVersion).where(PageVersion.path == "/told/gone"))
        for version in gone:
            version.state = "past"

    told(fill)

    assert [each.text for each in feed_at(client, "/en/told/feed.xml").iter(f"{ATOM}title")][1:] == ["seen"]
    assert "gone" not in client.get("/en/told").text.partition("<main")[2]


def test_news_of_another_shop_are_not_told(
    told: Callable[..., None], shops: dict[str, Shop], client_of: Callable[[Shop], FlaskClient]
) -> None:
    told(five)

    answer = client_of(shops["south"]).get("/en/told/feed.xml")

    assert answer.status_code == 404


def test_deleted_category_is_named_no_more(told: Callable[..., None], client: FlaskClient) -> None:
    told(five)

    def remove(db: Work) -> None:
        for row in db.scalars(select(NewsCategory)):
            remove_category(db, row.id)

    told(remove)

    page = client.get("/en/told").text
    assert 'class="chips"' not in page
    assert titles(page) == ["post-1", "post-2"]
    assert client.get("/en/told/post-4").status_code == 200


def test_news_are_kept_by_the_version_of_the_shop(told: Callable[..., None], client: FlaskClient) -> None:
    told(five)
    client.get("/en/told/post-1")
    KeptFacts.forget()

    assert client.get("/en/told/post-1?again=1").status_code == 200

"""Price list, whois and contact as windows: without a script, without a session, small."""

import gzip
import re
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import delete, select

from cms.models import Page, PageVersion, VisitorMessage
from frames import views_simple
from storefront.catalog.models import TldGroup
from storefront.core import clock
from storefront.core.db import Database
from storefront.core.text import LocalizedText
from tests import factories
from tests.fixtures_app import Shop
from tests.fixtures_front import open_shop
from tests.frames.sites_at_hand import FJORD, Estate
from tests.storefront.reseller.office import make_staff

MOST_BYTES = 35 * 1024
FORM = {
    "kind": "contact_form",
    "id": "b1",
    "title": "Ask us",
    "topics": [],
    "consent": "You may answer me.",
    "thanks": "We will answer tomorrow.",
}


@pytest.fixture
def estate(database: Database, heard: Callable[[Shop, int], None]) -> Estate:
    """A shop of its own: others may have a contact form already."""
    shop = open_shop(database)
    with database.work(shop.id) as db:
        factories.stock(db)
        db.commit()
    return Estate(database, shop, heard)


@pytest.fixture
def browser(client_of: Callable[[Shop], FlaskClient], estate: Estate) -> FlaskClient:
    return client_of(estate.shop)


@pytest.fixture
def form(estate: Estate) -> Iterator[None]:
    """A published page of the shop with a contact form."""
    with estate.work() as db:
        page = db.add(Page(key="write-test", created_at=db.now))
        db.flush()
        words = {"page_id": page.id, "locale": "en", "path": "/write-test", "title": "Write", "state": "published"}
        db.add(PageVersion(**words, blocks=[FORM], edited_at=db.now, published_at=db.now))
    yield
    with estate.work() as db:
        db.execute(delete(VisitorMessage).where(VisitorMessage.block_id == "b1"))
        page = db.scalars(select(Page).where(Page.key == "write-test"))[0]
        db.execute(delete(PageVersion).where(PageVersion.page_id == page.id))
        db.session.delete(page)


def value_of(page: str, name: str) -> str:
    found = re.search(rf'name="[^"]*{name}"[^>]* value="([^"]*)"', page)
    assert found is not None
    return found[1]


def sent_bytes(browser: FlaskClient, path: str) -> int:
    """What a browser fetches for a window, packed as it is sent."""
    page = browser.get(path).text
    files = set(re.findall(r'(?:src|href)="(/(?:assets|frames/accent)/[^"]+)"', page))
    return sum(len(gzip.compress(browser.get(each).data, 6)) for each in files) + len(gzip.compress(page.encode(), 6))


# ----------------------------------------------------------------------------------------------------------- price list


def test_price_list_shows_what_endings_cost(browser: FlaskClient) -> None:
    page = browser.get("/frames/price-list")

    assert page.status_code == 200
    assert page.text.count("<tr>") > 3
    assert "€" in page.text
    assert "VAT included" in page.text


def test_price_list_is_chosen_by_address(browser: FlaskClient) -> None:
    first = browser.get("/frames/price-list").text
    years = re.findall(r'<option value="(\d+)"', first)

    later = browser.get(f"/frames/price-list?years={years[-1]}&group=nothing")

    assert later.status_code == 200
    assert f'<option value="{years[-1]}" selected>' in later.text
    for strange in ("0", "-1", "99", "x", "1e9", "٣"):
        assert browser.get("/frames/price-list", query_string={"years": strange}).status_code == 200


def test_price_list_comes_in_pages(browser: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views_simple, "ROWS", 3)
    first = browser.get("/frames/price-list?years=1").text

    second = browser.get("/frames/price-list?years=1&page=1").text

    endings = [set(re.findall(r'<th scope="row">([^<]+)<', page)) for page in (first, second)]
    assert [len(each) for each in endings] == [3, 3]
    assert not endings[0] & endings[1]
    assert "?page=1&amp;years=1" in first or "years=1&amp;page=1" in first
    for strange in ("-1", "999999999", "x", "٣"):
        page = browser.get("/frames/price-list", query_string={"years": "1", "page": strange}).text
        assert set(re.findall(r'<th scope="row">([^<]+)<', page)) == endings[0]


def test_price_list_is_filtered(browser: FlaskClient) -> None:
    page, nothing = browser.get("/frames/price-list?q=.PL").text, browser.get("/frames/price-list?q=<b>zzz").text

    assert ">.pl<" in page
    assert ">.com<" not in page
    assert "No ending fits" in nothing
    assert "<b>zzz" not in nothing


def test_price_list_of_a_group_shows_that_group_alone(browser: FlaskClient, estate: Estate) -> None:
    with estate.work() as db:
        few = db.add(TldGroup(slug="few-test", title=LocalizedText(en="Few"), position=9, endings=["pl"]))
        db.flush()
        few_id = few.id
    key = estate.frame("price-list", group="few-test")

    whole, page = browser.get("/frames/price-list").text, browser.get(f"/frames/price-list/{key}?group=").text
    asked = browser.get("/frames/price-list?group=few-test").text
    with estate.work() as db:
        db.session.delete(db.require(TldGroup, few_id))

    # One row is the head of the table.
    assert (page.count("<tr>"), asked.count("<tr>")) == (2, 2)
    assert whole.count("<tr>") > 2
    assert 'name="group"' not in page
    assert 'name="group"' in asked


# ------------------------------------------------------------------------------------------------------------ whois


def test_whois_asks_for_a_name(browser: FlaskClient) -> None:
    page = browser.get("/frames/whois").text

    assert 'name="name"' in page
    assert 'data-prefill="search"' in page


def test_whois_says_what_is_wrong_with_a_name(browser: FlaskClient) -> None:
    answer = browser.get("/frames/whois", query_string={"name": '"><b>nothing'})

    assert answer.status_code == 422
    assert "<b>" not in answer.text
    assert 'aria-invalid="true"' in answer.text


def test_whois_asks_the_registry_without_waiting(browser: FlaskClient) -> None:
    answer = browser.get("/frames/whois?name=fjordlight.com")

    assert answer.status_code == 200
    assert 'http-equiv="refresh"' in answer.text or "did not answer in time" in answer.text
    assert answer.headers["Cache-Control"] == "private, no-cache"


# ------------------------------------------------------------------------------------------------------------ contact


def test_contact_without_a_form_says_how_else_the_shop_is_reached(browser: FlaskClient) -> None:
    page = browser.get("/frames/contact").text

    assert "mailto:" in page
    assert "<form" not in page


WHY_NO_FORM = "until a published page of yours has the block “Contact form”"


@pytest.fixture
def office(browser: FlaskClient, estate: Estate, database: Database, sign_in: Callable[..., str]) -> FlaskClient:
    """The same browser, of somebody who works in the shop's office."""
    sign_in(browser, estate.shop, make_staff(database, estate.shop))
    return browser


def test_office_says_why_the_window_has_no_form(office: FlaskClient) -> None:
    assert WHY_NO_FORM in office.get("/reseller/frames/new?kind=contact").text
    assert WHY_NO_FORM not in office.get("/reseller/frames/new?kind=whois").text


@pytest.mark.usefixtures("form")
def test_office_says_nothing_where_there_is_a_form(office: FlaskClient) -> None:
    assert WHY_NO_FORM not in office.get("/reseller/frames/new?kind=contact").text


@pytest.mark.usefixtures("form")
def test_contact_keeps_what_was_written(browser: FlaskClient, estate: Estate) -> None:
    estate.site()
    with clock.Stopped(clock.now()) as stopped:
        page = browser.get("/frames/contact").text
        stopped.forward(timedelta(seconds=30))
        begin = re.search(r'name="([^"]*)words"', page)
        assert begin is not None
        said = {"name": "Aino", "email": "aino@example.com", "words": "Hello there", "consent": "y", "website": ""}
        sent = {f"{begin[1]}{name}": value for name, value in said.items()}
        sent |= {f"{begin[1]}stamp": value_of(page, "stamp")}
        answer = browser.post("/frames/contact", data=sent)
        wrong = browser.post("/frames/contact", data={**sent, f"{begin[1]}email": "nobody"})

    assert answer.status_code == 303
    assert answer.headers["Location"].endswith("/frames/contact?step=sent")
    assert "We will answer tomorrow." in browser.get("/frames/contact?step=sent").text
    assert wrong.status_code == 422
    assert "Hello there" in wrong.text
    assert f"frame-ancestors {FJORD}" in wrong.headers["Content-Security-Policy"]
    with estate.work() as db:
        kept = db.scalars(select(VisitorMessage).where(VisitorMessage.block_id == "b1"))
        assert [message.words for message in kept] == ["Hello there"]


@pytest.mark.usefixtures("form")
def test_contact_thanks_a_machine_and_keeps_nothing(browser: FlaskClient, estate: Estate) -> None:
    page = browser.get("/frames/contact").text
    begin = re.search(r'name="([^"]*)words"', page)
    assert begin is not None
    fields = {"name": "Bot", "email": "bot@example.com", "words": "Buy", "consent": "y", "website": "https://evil.com"}

    answer = browser.post("/frames/contact", data={f"{begin[1]}{name}": value for name, value in fields.items()})

    assert answer.status_code == 303
    with estate.work() as db:
        assert db.scalars(select(VisitorMessage).where(VisitorMessage.block_id == "b1")) == []


# ------------------------------------------------------------------------------------------------------------ size


@pytest.mark.usefixtures("form")
@pytest.mark.parametrize("kind", ["price-list", "whois", "contact"])
def test_window_is_small(browser: FlaskClient, kind: str) -> None:
    assert sent_bytes(browser, f"/frames/{kind}") <= MOST_BYTES

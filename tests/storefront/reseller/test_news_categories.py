"""Categories of news in the office: made, renamed, ordered, deleted; chosen by pages below a list of news."""

import re
from collections.abc import Callable, Iterator

import pytest
from flask.testing import FlaskClient
from sqlalchemy import delete, select

from cms.models import NewsCategory, Page, PageVersion
from storefront.core.db import Database
from tests.fixtures_app import Shop
from tests.storefront.account.people import errors_in
from tests.storefront.reseller.page_desk import forget_pages, live_page, page_keys

Enter = Callable[..., tuple[FlaskClient, str]]
ADDRESS = "/reseller/news-categories/"


@pytest.fixture(autouse=True)
def undone(database: Database, shops: dict[str, Shop]) -> Iterator[None]:
    """Take away what a test made."""
    with database.work(shops["north"].id) as db:
        before = page_keys(db)
    yield
    forget_pages(database, shops["north"], before)
    with database.work(shops["north"].id) as db:
        db.execute(delete(NewsCategory))
        db.commit()


def known(database: Database, shop: Shop) -> list[NewsCategory]:
    with database.work(shop.id) as db:
        return list(db.scalars(select(NewsCategory).order_by(NewsCategory.position)))


def test_category_is_made_with_an_address_that_stays(enter: Enter, database: Database, shops: dict[str, Shop]) -> None:
    client, token = enter()

    made = client.post(f"{ADDRESS}new", data={"csrf_token": token, "title_en": "Łódź & more", "title_fr": "Offres"})
    first = known(database, shops["north"])[0]
    client.post(f"{ADDRESS}{first.id}", data={"csrf_token": token, "title_en": "Something else"})

    assert made.status_code == 303, errors_in(made)
    assert (first.slug, first.title) == ("lodz-more", {"en": "Łódź & more", "fr": "Offres"})
    after = known(database, shops["north"])[0]
    assert (after.slug, after.title) == ("lodz-more", {"en": "Something else"})


def test_same_name_twice_gets_two_addresses(enter: Enter, database: Database, shops: dict[str, Shop]) -> None:
    client, token = enter()

    for title in ("Offers", "Offers", "中文"):
        client.post(f"{ADDRESS}new", data={"csrf_token": token, "title_en": title})

    assert [each.slug for each in known(database, shops["north"])] == ["offers", "offers-2", "news"]


@pytest.mark.parametrize("titles", [{}, {"title_en": "  "}, {"title_en": "x" * 41}])
def test_category_without_a_fitting_name_is_refused(
    enter: Enter, database: Database, shops: dict[str, Shop], titles: dict[str, str]
) -> None:
    client, token = enter()

    answer = client.post(f"{ADDRESS}new", data={"csrf_token": token, **titles})

    assert answer.status_code == 422
    assert known(database, shops["north"]) == []


def test_category_is_moved_and_deleted(enter: Enter, database: Database, shops: dict[str, Shop]) -> None:
    client, token = enter()
    for title in ("Offers", "<b>People</b>"):
        client.post(f"{ADDRESS}new", data={"csrf_token": token, "title_en": title})
    offers, people = known(database, shops["north"])

    up = client.post(f"{ADDRESS}{people.id}/move", data={"csrf_token": token, "to": "up"})
    nowhere = client.post(f"{ADDRESS}{people.id}/move", data={"csrf_token": token, "to": "away"})
    listed = client.get(ADDRESS).text
    asked = client.get(f"{ADDRESS}{offers.id}/remove").text
    gone = client.post(f"{ADDRESS}{offers.id}/remove", data={"csrf_token": token})

    assert (up.status_code, nowhere.status_code, gone.status_code) == (303, 422, 303)
    assert listed.index("&lt;b&gt;People") < listed.index("Offers")
    assert "Delete Offers?" in asked
    assert [each.id for each in known(database, shops["north"])] == [people.id]


def test_reader_sees_categories_and_changes_none(enter: Enter) -> None:
    client, token = enter("read_only")

    assert client.get(ADDRESS).status_code == 200
    assert "New category" not in client.get(ADDRESS).text
    assert client.post(f"{ADDRESS}new", data={"csrf_token": token, "title_en": "x"}).status_code == 403


def test_page_below_news_chooses_day_and_categories(enter: Enter, database: Database, shops: dict[str, Shop]) -> None:
    client, token = enter()
    for title in ("Offers", "People"):
        client.post(f"{ADDRESS}new", data={"csrf_token": token, "title_en": title})
    north = shops["north"]
    above, below = live_page(database, north, "All the news"), live_page(database, north, "A new office")
    with database.work(north.id) as db:
        db.require(Page, below).parent_id = above
        lists = db.scalars(select(PageVersion).where(PageVersion.page_id == above))
        for version in lists:
            version.blocks = [{"kind": "news_list", "id": "b1"}]
        db.commit()

    opened = client.get(f"/reseller/pages/{below}/en/").text
    seen = re.findall(r'name="seen_words" value="([^"]*)"', opened)
    fields = {"settings.date": "2026-02-03", "settings.categories": ["people", "offers", "<b>", "people"]}
    sent = client.post(
        f"/reseller/pages/{below}/en/",
        data={"csrf_token": token, "do": "save", "title": "A new office", "seen_words": seen, **fields},
    )
    again = client.get(f"/reseller/pages/{below}/en/").text
    seen = re.findall(r'name="seen_words" value="([^"]*)"', again)
    client.post(
        f"/reseller/pages/{below}/en/", data={"csrf_token": token, "do": "save", "title": "Nothing", "seen_words": seen}
    )

    assert 'type="date"' in opened
    assert sent.status_code in (200, 303)
    assert re.search(r'value="people" data-many checked', again)
    assert 'value="2026-02-03"' in again
    with database.work(north.id) as db:
        draft = db.scalar(select(PageVersion).where(PageVersion.page_id == below, PageVersion.state == "draft"))
        assert draft is not None
        assert (draft.settings["date"], draft.settings["categories"]) == ("", [])


def test_page_elsewhere_is_not_asked_and_keeps_what_it_says(
    enter: Enter, database: Database, shops: dict[str, Shop]
) -> None:
    client, token = enter()
    page = live_page(database, shops["north"], "Our office")
    with database.work(shops["north"].id) as db:
        for version in db.scalars(select(PageVersion).where(PageVersion.page_id == page)):
            version.settings = {"categories": ["people"], "date": "2020-02-02"}
        db.commit()

    opened = client.get(f"/reseller/pages/{page}/en/").text
    seen = re.findall(r'name="seen_words" value="([^"]*)"', opened)
    client.post(
        f"/reseller/pages/{page}/en/", data={"csrf_token": token, "do": "save", "title": "Ours", "seen_words": seen}
    )

    assert "settings.categories" not in opened
    with database.work(shops["north"].id) as db:
        draft = db.scalar(select(PageVersion).where(PageVersion.page_id == page, PageVersion.state == "draft"))
        assert draft is not None
        assert (draft.title, draft.settings["categories"], draft.settings["date"]) == ("Ours", ["people"], "2020-02-02")

"""Ready-made pages in the office: listed with what is missing, added all at once or one by one."""

import re
from collections.abc import Callable, Iterator

import pytest
from flask.testing import FlaskClient
from sqlalchemy import delete, select

from cms.drafts import find_version
from cms.menu_items import HEADING, MenuLine
from cms.menus import kept_menu, write_menu
from cms.models import Menu
from cms.queries import find_page, find_published
from storefront.core.db import Database
from tests.fixtures_app import Shop
from tests.storefront.reseller.page_desk import forget_pages, page_keys

Enter = Callable[..., tuple[FlaskClient, str]]
ADDRESS = "/reseller/starter/"


@pytest.fixture(autouse=True)
def undone(database: Database, shops: dict[str, Shop]) -> Iterator[None]:
    """Take away what a test made."""
    with database.work(shops["north"].id) as db:
        before = page_keys(db)
        known = set(db.scalars(select(Menu.id)))
    yield
    forget_pages(database, shops["north"], before)
    with database.work(shops["north"].id) as db:
        db.execute(delete(Menu).where(Menu.id.not_in(known)))
        db.commit()


def test_list_says_what_is_there_and_what_is_to_be_completed(enter: Enter) -> None:
    text = enter()[0].get(ADDRESS, query_string={"language": "pl"}).text

    row = text[text.index('id="imprint"') : text.index("</tr>", text.index('id="imprint"'))]
    assert "Dane firmy" in row
    assert "Not written" in row
    assert "to be checked by a lawyer" in row
    assert "<li>numer telefonu</li>" in row
    assert "Have the legal pages checked" in text


def test_all_pages_are_added_and_published_but_those_of_the_law(
    enter: Enter, database: Database, shops: dict[str, Shop]
) -> None:
    client, token = enter()

    answer = client.post(f"{ADDRESS}all", data={"csrf_token": token, "language": "en", "do": "publish"})

    assert answer.status_code == 303
    with database.work(shops["north"].id) as db:
        assert find_published(db, "transfer", ["en"]) is not None
        imprint = find_page(db, "imprint")
        assert imprint is not None
        assert find_version(db, imprint, "en", "draft") is not None
        assert find_published(db, "imprint", ["en"]) is None
    assert "not in your shop yet" not in client.get(ADDRESS, query_string={"language": "en"}).text


def test_one_page_is_added_as_a_draft(enter: Enter, database: Database, shops: dict[str, Shop]) -> None:
    client, token = enter()

    answer = client.post(f"{ADDRESS}one", data={"csrf_token": token, "language": "de", "page": "status"})

    assert answer.headers["Location"].endswith("language=de")
    with database.work(shops["north"].id) as db:
        page = find_page(db, "status")
        assert page is not None
        draft = find_version(db, page, "de", "draft")
        assert draft is not None
        assert draft.path == "/status"
    assert re.search(r'"/reseller/pages/[^"]*/de/?"', client.get(ADDRESS, query_string={"language": "de"}).text)


def test_pages_that_no_menu_leads_to_are_put_into_the_menus(
    enter: Enter, database: Database, shops: dict[str, Shop]
) -> None:
    client, token = enter()
    client.post(f"{ADDRESS}all", data={"csrf_token": token, "language": "en", "do": "publish"})
    with database.work(shops["north"].id) as db:
        write_menu(db, "header", "en", [MenuLine(to="address", label="Prices", url="/prices?years=2")])
        write_menu(
            db, "footer", "en", [MenuLine(to=HEADING, label="Help"), MenuLine(to="address", label="A", url="/a")]
        )
        db.commit()
    told = client.get(ADDRESS, query_string={"language": "en"}).text

    answer = client.post(f"{ADDRESS}menus", data={"csrf_token": token, "language": "en"})

    assert "No menu leads to some of these pages" in told
    assert answer.status_code == 303
    assert "No menu leads to" not in client.get(answer.location).text
    with database.work(shops["north"].id) as db:
        header, footer = (kept_menu(db, place, "en") for place in ("header", "footer"))
        assert header is not None
        assert footer is not None
        assert header.items[0] == {"label": "Prices", "url": "/prices?years=2"}
        assert "Prices" not in [each["label"] for each in header.items[1:]]
        assert len(header.items) > 2
        column = footer.items[0]
        assert column["title"] == "Help"
        assert column["items"][0]["label"] == "A"
        assert len(column["items"]) > 2
        assert "The small print" in [each["title"] for each in footer.items]
        before = [header.items, footer.items]
    client.post(f"{ADDRESS}menus", data={"csrf_token": token, "language": "en"})
    with database.work(shops["north"].id) as db:
        assert before == [menu.items for place in ("header", "footer") if (menu := kept_menu(db, place, "en"))]


@pytest.mark.parametrize(
    ("place", "data"),
    [
        ("one", {"language": "en", "page": "../home"}),
        ("one", {"language": "xx", "page": "home"}),
        ("all", {"language": ""}),
    ],
)
def test_what_is_not_offered_is_not_found(enter: Enter, place: str, data: dict[str, str]) -> None:
    client, token = enter()

    assert client.post(f"{ADDRESS}{place}", data={"csrf_token": token, **data}).status_code == 404
    assert client.get(ADDRESS, query_string={"language": "xx"}).status_code == 404

"""The menus in the office: ordered by buttons, refused with the reason beside the line, seen by visitors."""

import re
from collections.abc import Callable, Iterator
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import delete, select
from werkzeug.test import TestResponse

from cms.menu_items import MenuLine, faults_of, items_of, lines_of, stepped
from cms.menus import kept_menu
from cms.models import Menu
from storefront.core.db import Database
from tests.fixtures_app import Shop
from tests.storefront.reseller.page_desk import forget_pages, live_page, page_keys
from tests.waiting import until

Enter = Callable[..., tuple[FlaskClient, str]]
FOOT = "/reseller/menus/edit?place=footer&language=en"
HEAD = "/reseller/menus/edit?place=header&language=en"
LINES = [
    MenuLine(to="heading", label="Shop"), MenuLine(to="page:1"), MenuLine(to="/search", label="Search"),
    MenuLine(to="heading", label="Else"), MenuLine(to="address", label="Blog", url="https://blog.example/"),
]  # fmt: skip


@pytest.fixture(autouse=True)
def undone(database: Database, shops: dict[str, Shop]) -> Iterator[None]:
    """Take away what a test made, and put the menus back."""
    with database.work(shops["north"].id) as db:
        before = page_keys(db)
        menus = {menu.id: list(menu.items) for menu in db.scalars(select(Menu))}
    yield
    forget_pages(database, shops["north"], before)
    with database.work(shops["north"].id) as db:
        db.execute(delete(Menu).where(Menu.id.not_in(menus)))
        for menu in db.scalars(select(Menu)):
            menu.items = menus[menu.id]
        db.commit()


def send(enter: Enter, address: str, lines: list[tuple[str, str, str]], do: str = "save") -> TestResponse:
    client, token = enter()
    names = ("to", "label", "url")
    fields = {name: [line[place] for line in lines] for place, name in enumerate(names)}
    return client.post(address, data={"csrf_token": token, "do": do, **fields})


def shown(answer: TestResponse) -> list[str]:
    return re.findall(r'name="label" value="([^"]*)"', answer.text)


def test_lines_and_menu_are_the_same_thing_twice() -> None:
    kept = items_of(LINES, "footer")

    assert kept == [
        {"title": "Shop", "items": [{"label": "", "page": "1"}, {"label": "Search", "url": "/search"}]},
        {"title": "Else", "items": [{"label": "Blog", "url": "https://blog.example/"}]},
    ]
    assert lines_of(kept, ["/search"]) == LINES
    assert lines_of(items_of(LINES[1:3], "header"), ["/search"]) == LINES[1:3]


@pytest.mark.parametrize(
    ("line", "place", "field"),
    [
        (MenuLine(to="/search"), "header", "label"),
        (MenuLine(to="", label="Blog"), "header", "to"),
        (MenuLine(to="page:2", label="Gone"), "header", "to"),
        (MenuLine(to="heading", label="No columns here"), "header", "to"),
        (MenuLine(to="/search", label="Not in a column"), "footer", "to"),
        (MenuLine(to="address", label="Blog", url="javascript:alert(1)"), "header", "url"),
        (MenuLine(to="address", label="Blog", url="//blog.example"), "header", "url"),
        (MenuLine(to="/search", label="x" * 61), "header", "label"),
    ],
)
def test_faults_are_named_where_they_are(line: MenuLine, place: str, field: str) -> None:
    assert [(each.number, each.field) for each in faults_of([line], place, ["page:1", "/search"])] == [(0, field)]


def test_menu_has_an_end() -> None:
    assert faults_of(LINES, "footer", ["page:1", "/search"]) == []
    assert len(faults_of([MenuLine(to="/search", label="x")] * 9, "header", ["/search"])) == 1
    assert len(faults_of([MenuLine(to="heading", label="x")] * 5, "footer", [])) == 1


@pytest.mark.parametrize(
    ("step", "number", "order"),
    [("up", 2, "021"), ("down", 0, "102"), ("remove", 1, "02"), ("up", 0, "012"), ("down", 2, "012"), ("up", 9, "012")],
)
def test_steps(step: str, number: int, order: str) -> None:
    lines = [MenuLine(to="/search", label=label) for label in "012"]

    assert "".join(line.label for line in stepped(lines, step, number)) == order


def test_menu_is_saved_and_seen_and_follows_its_page(
    enter: Enter, database: Database, shops: dict[str, Shop], client: FlaskClient
) -> None:
    page_id: UUID = live_page(database, shops["north"], "Harbour news")

    answer = send(enter, HEAD, [(f"page:{page_id}", "", ""), ("/search", "Find names", "")])

    assert answer.status_code == 303
    with database.work(shops["north"].id) as db:
        menu = kept_menu(db, "header", "en")
        assert menu is not None
        assert menu.items == [{"label": "", "page": str(page_id)}, {"label": "Find names", "url": "/search"}]
    until(lambda: '<a href="/en/harbour-news">Harbour news</a>' in client.get("/en/price-list").text)
    text = client.get("/en/price-list").text
    assert '<a href="/en/search">Find names</a>' in text


def test_step_keeps_what_was_typed_and_saves_nothing(enter: Enter, database: Database, shops: dict[str, Shop]) -> None:
    lines = [("/search", "One", ""), ("address", "Two", "not an address")]

    answer = send(enter, HEAD, lines, do="up.1")

    assert answer.status_code == 200
    assert shown(answer) == ["Two", "One"]
    assert "not an address" in answer.text
    with database.work(shops["north"].id) as db:
        menu = kept_menu(db, "header", "en")
        assert menu is None or "Two" not in str(menu.items)


def test_wrong_line_is_refused_beside_it(enter: Enter) -> None:
    answer = send(enter, FOOT, [("heading", "Shop", ""), ("address", "Blog", "javascript:alert(1)")])

    assert answer.status_code == 422
    assert 'id="fault-1-url"' in answer.text


def test_columns_and_links_are_added(enter: Enter) -> None:
    assert len(shown(send(enter, FOOT, [("heading", "Shop", "")], do="add.link"))) == 2
    assert send(enter, FOOT, [], do="add.heading").text.count("Heading of a column") == 1
    assert send(enter, HEAD, [], do="add.heading").text.count("Heading of a column") == 0


def test_language_without_a_menu_shows_that_of_the_first(enter: Enter) -> None:
    send(enter, HEAD, [("/search", "Find names", "")])

    text = enter()[0].get("/reseller/menus/edit?place=header&language=pl").text

    assert "This language has no menu of its own" in text
    assert 'value="Find names"' in text
    assert enter()[0].get("/reseller/menus/").status_code == 200


@pytest.mark.parametrize("query", ["place=side&language=en", "place=header&language=xx"])
def test_strange_menus_are_not_found(enter: Enter, query: str) -> None:
    assert enter()[0].get(f"/reseller/menus/edit?{query}").status_code == 404


def test_panel_menu_is_listed_and_saved(enter: Enter, database: Database, shops: dict[str, Shop]) -> None:
    client, _token = enter()

    answer = send(enter, "/reseller/menus/edit?place=panel&language=en", [("/search", "Find names", "")])

    assert answer.status_code == 303
    with database.work(shops["north"].id) as db:
        menu = kept_menu(db, "panel", "en")
        assert menu is not None
        assert menu.items == [{"label": "Find names", "url": "/search"}]
    listed = client.get("/reseller/menus/").text
    assert "In the panel of your customers" in listed
    assert "place=panel&amp;language=en" in listed


@pytest.mark.parametrize("number", ["9" * 5_000, "-1", "\u0663", "99"], ids=["endless", "minus", "arabic", "far"])
def test_line_that_is_not_there_is_not_moved(enter: Enter, number: str) -> None:
    answer = send(enter, "/reseller/menus/edit?place=footer&language=en", [("address", "One", "/a")], f"up.{number}")

    assert answer.status_code == 200

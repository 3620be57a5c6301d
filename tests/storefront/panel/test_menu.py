"""The side menu of the panel: its own links, and those of the shop below them, in the language of the page."""

import re
from collections.abc import Callable, Iterator

import pytest
from flask.testing import FlaskClient
from sqlalchemy import delete

from cms.menu_items import MenuLine, faults_of
from cms.menus import write_menu
from cms.models import Menu
from storefront.core.changes import announce
from storefront.core.db import Database
from storefront.identity.models import LoginUser
from tests import factories
from tests.fixtures_app import Shop
from tests.waiting import until

SignIn = Callable[[FlaskClient, Shop, LoginUser], str]
LINES = [
    MenuLine(to="/search", label='Names <b>"here"</b>'),
    MenuLine(to="address", label="Our mail", url="https://mail.example/?a=1&b=2"),
]


@pytest.fixture(autouse=True)
def undone(database: Database, shops: dict[str, Shop]) -> Iterator[None]:
    """Take the menu away again."""
    yield
    with database.work(shops["north"].id) as db:
        db.execute(delete(Menu).where(Menu.place == "panel"))
        announce(db)
        db.commit()


def put(database: Database, shop: Shop, locale: str, *lines: MenuLine) -> None:
    with database.work(shop.id) as db:
        write_menu(db, "panel", locale, lines)
        db.commit()


def side_of(page: str) -> str:
    return page.partition('class="side-nav"')[2].partition("</nav>")[0]


def test_links_of_the_shop_stand_below_those_of_the_panel(
    database: Database, shops: dict[str, Shop], client: FlaskClient, sign_in: SignIn
) -> None:
    with database.work(shops["north"].id) as db:
        user = factories.make_user(db, customer=factories.make_customer(db))
        db.commit()
    sign_in(client, shops["north"], user)
    before = side_of(client.get("/en/panel/overview").text)

    put(database, shops["north"], "en", *LINES)

    until(lambda: "Our mail" in client.get("/en/panel/overview").text)
    side = side_of(client.get("/en/panel/domains/").text)
    assert "side-nav-title" not in before
    assert re.findall(r'<a href="([^"]*)"', side.partition("side-nav-title")[2]) == [
        "/en/search", "https://mail.example/?a=1&amp;b=2",
    ]  # fmt: skip
    assert "Names &lt;b&gt;" in side
    assert side.index("/panel/domains") < side.index("side-nav-title") < side.index("Sign out")


def test_language_without_a_panel_menu_has_that_of_the_first_one(
    database: Database, shops: dict[str, Shop], client: FlaskClient, sign_in: SignIn
) -> None:
    with database.work(shops["north"].id) as db:
        user = factories.make_user(db, customer=factories.make_customer(db))
        db.commit()
    sign_in(client, shops["north"], user)
    put(database, shops["north"], "en", *LINES)

    until(lambda: "Our mail" in client.get("/fr/panel/overview").text)
    put(database, shops["north"], "fr", MenuLine(to="/search", label="Nos noms"))

    until(lambda: "Nos noms" in client.get("/fr/panel/overview").text)
    assert "Our mail" not in client.get("/fr/panel/overview").text
    assert "Nos noms" not in client.get("/en/panel/overview").text


def test_panel_menu_of_another_shop_is_not_shown(
    database: Database, shops: dict[str, Shop], client: FlaskClient, sign_in: SignIn
) -> None:
    with database.work(shops["north"].id) as db:
        user = factories.make_user(db, customer=factories.make_customer(db))
        db.commit()
    put(database, shops["south"], "en", MenuLine(to="/search", label="Their names"))
    sign_in(client, shops["north"], user)

    page = client.get("/en/panel/overview").text

    assert "Their names" not in page
    with database.work(shops["south"].id) as db:
        db.execute(delete(Menu).where(Menu.place == "panel"))
        db.commit()


def test_panel_menu_has_no_columns_and_an_end() -> None:
    links = [MenuLine(to="/search", label="x")]

    assert faults_of(links * 8, "panel", ["/search"]) == []
    assert len(faults_of(links * 9, "panel", ["/search"])) == 1
    assert [each.field for each in faults_of([MenuLine(to="heading", label="x")], "panel", [])] == ["to"]

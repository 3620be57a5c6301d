"""The page of themes: pictures, looking at one before it is used, one click to change and one to go back."""

from collections.abc import Callable, Iterator

import pytest
from flask.testing import FlaskClient

from storefront.core.db import Database
from tenants.themes import choose_theme
from tests.fixtures_app import Shop
from tests.storefront.reseller.conftest import Enter
from tests.waiting import until

ADDRESS = "/reseller/themes/"
SHEET = "/assets/{theme}/"


@pytest.fixture(autouse=True)
def _as_before(database: Database, shops: dict[str, Shop]) -> Iterator[None]:
    yield
    with database.work(shops["north"].id) as db:
        choose_theme(db, "default")
        db.commit()


def theme_shown(client: FlaskClient, path: str = "/search") -> str:
    text = client.get(path).text
    return "aurora" if SHEET.format(theme="aurora") in text else "default"


def test_page_shows_every_theme_with_a_picture_of_this_shop(owner: FlaskClient) -> None:
    answer = owner.get(ADDRESS)

    assert answer.status_code == 200
    assert "/reseller/themes/aurora/picture" in answer.text
    assert "/reseller/themes/default/picture" in answer.text
    assert "In use" in answer.text
    assert "frame-src 'self'" in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize("theme", ["default", "aurora"])
def test_picture_is_the_shop_as_a_visitor_sees_it_in_that_theme(owner: FlaskClient, theme: str) -> None:
    answer = owner.get(f"/reseller/themes/{theme}/picture")

    assert answer.status_code == 200
    assert SHEET.format(theme=theme) in answer.text
    assert "Sign in" in answer.text
    assert "frame-ancestors 'self'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert "no-store" in answer.headers["Cache-Control"]


@pytest.mark.parametrize("path", ["nothing/picture", "Aurora/picture", "../default/picture", "a" * 10_000 + "/picture"])
def test_picture_of_what_is_no_theme_is_not_found(owner: FlaskClient, path: str) -> None:
    assert owner.get(f"/reseller/themes/{path}").status_code == 404


def test_look_is_for_this_browser_only_and_says_so(
    enter: Enter, client_of: Callable[[Shop], FlaskClient], shops: dict[str, Shop]
) -> None:
    owner, token = enter()

    answer = owner.post(f"{ADDRESS}aurora/look", data={"csrf_token": token})

    assert answer.status_code == 303
    assert theme_shown(owner) == "aurora"
    page = owner.get("/search")
    assert "You are looking at your shop in Aurora" in page.text
    assert "no-store" in page.headers["Cache-Control"]
    visitor = client_of(shops["north"])
    assert theme_shown(visitor) == "default"
    assert "You are looking at" not in visitor.get("/search").text
    # The office itself keeps the platform's face.
    assert SHEET.format(theme="aurora") not in owner.get("/reseller/").text


def test_look_ends_where_it_is_left(enter: Enter) -> None:
    owner, token = enter()
    owner.post(f"{ADDRESS}aurora/look", data={"csrf_token": token})

    answer = owner.post(f"{ADDRESS}leave", data={"csrf_token": token})

    assert answer.status_code == 303
    assert theme_shown(owner) == "default"


@pytest.mark.parametrize("cookie", ["aurora", "nothing", "../default", "\x00", "a" * 3_000])
def test_cookie_alone_shows_a_visitor_nothing(client: FlaskClient, shops: dict[str, Shop], cookie: str) -> None:
    client.set_cookie("__Host-look", cookie, domain=shops["north"].host, secure=True)

    assert theme_shown(client) == "default"


def test_use_changes_what_visitors_see_within_a_second_and_back_again(enter: Enter, client: FlaskClient) -> None:
    owner, token = enter()
    assert theme_shown(client) == "default"

    answer = owner.post(f"{ADDRESS}aurora/use", data={"csrf_token": token})

    assert answer.status_code == 303
    until(lambda: theme_shown(client) == "aurora", seconds=2)
    until(lambda: theme_shown(client, "/nothing-here") == "aurora", seconds=2)
    owner.post(f"{ADDRESS}default/use", data={"csrf_token": token})
    until(lambda: theme_shown(client) == "default", seconds=2)


def test_theme_that_is_not_here_cannot_be_used(enter: Enter) -> None:
    owner, token = enter()

    assert owner.post(f"{ADDRESS}nothing/use", data={"csrf_token": token}).status_code == 404


def test_reader_looks_and_does_not_change(enter: Enter) -> None:
    reader, token = enter("read_only")

    assert "Use Aurora" not in reader.get(ADDRESS).text
    assert reader.post(f"{ADDRESS}aurora/use", data={"csrf_token": token}).status_code == 403


def test_page_is_for_staff(client: FlaskClient) -> None:
    assert client.get(ADDRESS).status_code == 302

"""Every error page in every theme: it carries the shop's name and colours, leads on, and names no platform."""

from collections.abc import Iterator

import pytest
from flask import Flask, g

from storefront.core.changes import announce
from storefront.core.db import Database
from storefront.web import lifecycle
from storefront.web.errors import PAGES, error_page
from tenants.resellers import current_reseller
from tenants.themes import THEMES, choose_theme, themes
from tests.fixtures_app import Shop

KEYS = [theme.key for theme in themes()]
# A page of its own in the theme, with its words where the shop itself is closed.
SHOWN = [*((status, "") for status in sorted(PAGES)), (503, "This shop is closed for the moment.")]


@pytest.fixture(scope="module", params=KEYS)
def theme(request: pytest.FixtureRequest, database: Database, shops: dict[str, Shop]) -> Iterator[str]:
    """The shop in the north in each theme."""
    for key in (request.param, None):
        with database.work(shops["north"].id) as db:
            choose_theme(db, key or "default")
            db.commit()
        if key:
            yield key


@pytest.mark.parametrize(("status", "words"), SHOWN, ids=str)
def test_error_page_wears_theme_and_brand(
    app: Flask, shops: dict[str, Shop], theme: str, status: int, words: str
) -> None:
    with app.test_request_context("/panel/", base_url=shops["north"].url):
        assert lifecycle.open_request() is None
        g.theme = theme
        answer = error_page(status, words, "0a1b2c3d")
        text = answer.get_data(as_text=True)

    assert answer.status_code == status
    assert f"/assets/{theme}/" in text
    assert "/assets/brand/" in text
    assert "North" in text
    assert "<h1" in text
    assert "0a1b2c3d" in text
    assert "vitrine" not in text.lower()


def test_every_error_page_has_a_template() -> None:
    there = {int(path.stem) for path in (THEMES / "default/templates/errors").glob("[0-9]*.html")}

    assert there == PAGES


def test_shop_whose_theme_went_away_wears_the_default(app: Flask, database: Database, shops: dict[str, Shop]) -> None:
    with database.work(shops["south"].id) as db:
        current_reseller(db).theme = "gone"
        announce(db)
        db.commit()

    try:
        shown = app.test_client().get("/account/sign-in", base_url=shops["south"].url)
    finally:
        with database.work(shops["south"].id) as db:
            choose_theme(db, "default")
            db.commit()

    assert shown.status_code == 200
    assert "/assets/default/" in shown.text


def test_page_of_a_peer_that_is_refused_is_bare_and_no_defect(app: Flask, caplog: pytest.LogCaptureFixture) -> None:
    answer = app.test_client().get("/healthz", headers={"Via": "1.1 somebody"})

    assert (answer.status_code, "<h1>" in answer.text) == (404, True)
    assert "error_page.broken" not in caplog.text

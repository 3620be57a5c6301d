"""Every error page in every theme: it carries the shop's name and colours, leads on, and names no platform."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from flask import Flask, g
from flask.testing import FlaskClient
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from cms.drafts import Writing, open_draft, save_draft
from cms.publishing import publish_draft
from cms.special_pages import begin_special
from cms.special_rules import BROKEN, NOT_FOUND
from storefront.core.changes import announce, stamp_of
from storefront.core.db import Database
from storefront.web import lifecycle
from storefront.web.errors import PAGES, error_page
from storefront.web.sessions import SESSION_COOKIE
from storefront.web.site import kept
from tenants.resellers import current_reseller
from tenants.themes import THEMES, choose_theme, themes
from tests.fixtures_app import Shop
from tests.statements import counted
from tests.storefront.operator.conftest import own_shop

__all__ = ["own_shop"]

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
        shown = answer.get_data(as_text=True)

    assert answer.status_code == status
    assert f"/assets/{theme}/" in shown
    assert "/assets/brand/" in shown
    assert "North" in shown
    assert "<h1" in shown
    assert "0a1b2c3d" in shown
    assert "vitrine" not in shown.lower()


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


@pytest.fixture
def words(database: Database, own_shop: Shop) -> Callable[..., None]:
    """Write what a shop of the test's own says in English where something is missing or broken."""

    def write(key: str, *blocks: dict[str, object]) -> None:
        with database.work(own_shop.id) as db:
            draft = open_draft(db, begin_special(db, key, "en"), "en")
            writing = Writing(path=key, title="Our own words", blocks=blocks)
            save_draft(db, draft, writing, revision=draft.revision)
            publish_draft(db, draft, revision=draft.revision)
            db.commit()

    return write


TEXT = {"kind": "rich_text", "html": "<p>Call us: the coffee is hot.</p>"}


def test_shop_says_it_in_its_own_words_with_search_and_ways_on(
    client_of: Callable[[Shop], FlaskClient], own_shop: Shop, words: Callable[..., None]
) -> None:
    words(NOT_FOUND, TEXT)
    visitor = client_of(own_shop)

    answer = visitor.get("/nowhere")

    assert answer.status_code == 404
    assert "<h1>Our own words</h1>" in answer.text
    assert "the coffee is hot" in answer.text
    assert 'role="search"' in answer.text
    assert '<meta name="robots" content="noindex">' in answer.text
    assert answer.headers["X-Robots-Tag"] == "noindex"
    assert answer.headers["Cache-Control"] == "no-cache"
    assert "There is nothing at this address" not in answer.text
    in_french = visitor.get("/fr/nowhere").text
    assert "Our own words" not in in_french


def test_refusal_keeps_its_words_and_a_defect_its_reference(
    app: Flask, own_shop: Shop, words: Callable[..., None]
) -> None:
    words(BROKEN, TEXT)

    with app.test_request_context("/", base_url=own_shop.url):
        assert lifecycle.open_request() is None
        broken, suspended = error_page(500, "", "0a1b2c3d"), error_page(503, "This shop is closed.")

    assert (broken.status_code, suspended.status_code) == (500, 503)
    assert "the coffee is hot" in broken.get_data(as_text=True)
    assert "0a1b2c3d" in broken.get_data(as_text=True)
    assert "the coffee is hot" not in suspended.get_data(as_text=True)


def test_words_that_are_ready_cost_no_query(
    app: Flask, database: Database, own_shop: Shop, words: Callable[..., None]
) -> None:
    words(BROKEN, TEXT)
    with app.test_request_context("/", base_url=own_shop.url):
        assert lifecycle.open_request() is None
        error_page(500, "")

        with counted(database) as asked:
            answer = error_page(500, "", "0a1b2c3d")

    assert "the coffee is hot" in answer.get_data(as_text=True)
    assert asked == []


def test_words_outlive_the_database(app: Flask, own_shop: Shop, words: Callable[..., None]) -> None:
    words(BROKEN, TEXT)
    with app.test_request_context("/", base_url=own_shop.url):
        assert lifecycle.open_request() is None
        error_page(500, "")
        away = Database(replace(g.db.config, database_url="postgresql+psycopg://nobody@127.0.0.1:1/nothing"))
        g.db.close()
        g.db = away.work(own_shop.id)
        # The shop has changed meanwhile, and nobody can be asked how.
        g.place = g.place._replace(stamp=stamp_of(own_shop.id, g.place.version + 1))

        answer = error_page(503, "", "0a1b2c3d")
        away.dispose()

    assert answer.status_code == 503
    assert "the coffee is hot" in answer.get_data(as_text=True)
    assert "/assets/brand/" in answer.get_data(as_text=True)


@pytest.fixture
def outage(app: Flask) -> Iterator[None]:
    """The database is away, and this process has no shop's languages at hand in their newest version."""
    house = app.extensions["vitrine"]
    there, known = house.database, dict(lifecycle._LANGUAGES)
    house.database = Database(replace(there.config, database_url="postgresql+psycopg://nobody@127.0.0.1:1/nothing"))
    lifecycle._LANGUAGES.clear()
    lifecycle._LANGUAGES.update({(shop, version - 1): found for (shop, version), found in known.items()})
    yield
    house.database.dispose()
    house.database = there
    lifecycle._LANGUAGES.clear()


def test_outage_is_told_in_look_and_language_of_what_was_known(
    app: Flask, own_shop: Shop, request: pytest.FixtureRequest, caplog: pytest.LogCaptureFixture
) -> None:
    visitor = app.test_client()
    visitor.get("/fr/nowhere", base_url=own_shop.url)
    request.getfixturevalue("outage")
    visitor.set_cookie(SESSION_COOKIE, "a" * 43, domain=own_shop.host)

    there = visitor.get("/fr/account/sign-in", base_url=own_shop.url)
    elsewhere = visitor.get("/account/sign-in", base_url=own_shop.url, headers={"Accept-Language": "fr"})

    for answer in (there, elsewhere):
        assert answer.status_code == 503
        assert '<html lang="fr"' in answer.text
        assert "De retour dans un instant" in answer.text
        assert "/assets/brand/" in answer.text
    assert "error_page.broken" not in caplog.text


def test_outage_before_anything_was_known_is_told_in_the_language_asked_for(
    app: Flask, own_shop: Shop, request: pytest.FixtureRequest
) -> None:
    kept._facts.clear()
    app.extensions["vitrine"].resolver.find(own_shop.host)
    request.getfixturevalue("outage")
    lifecycle._LANGUAGES.clear()

    answer = app.test_client().get("/account/sign-in", base_url=own_shop.url, headers={"Accept-Language": "fr"})

    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert '<html lang="fr">' in answer.text


def test_failed_transaction_does_not_hide_the_page(app: Flask, own_shop: Shop, words: Callable[..., None]) -> None:
    words(BROKEN, TEXT)
    with app.test_request_context("/", base_url=own_shop.url):
        assert lifecycle.open_request() is None
        with pytest.raises(DBAPIError):
            g.db.execute(text("SELECT 1/0"))

        answer = error_page(500, "", "0a1b2c3d")

    assert "the coffee is hot" in answer.get_data(as_text=True)


def test_words_that_break_give_way_to_the_theme(app: Flask, own_shop: Shop) -> None:
    with app.test_request_context("/", base_url=own_shop.url):
        assert lifecycle.open_request() is None
        facts = kept.of_request()
        there = facts["own_pages"]
        facts["own_pages"] = {BROKEN: {"title": "Ours", "blocks": [{"kind": "no-such-block", "id": "b1"}]}}
        try:
            answer = error_page(500, "", "0a1b2c3d")
        finally:
            facts["own_pages"] = there

    assert answer.status_code == 500
    assert "Something broke on our side" in answer.get_data(as_text=True)
    assert "0a1b2c3d" in answer.get_data(as_text=True)

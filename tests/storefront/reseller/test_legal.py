"""Terms and privacy in plain words: published, versioned, linked, never overwriting what is more than words."""

from sqlalchemy import select

from cms.blocks import block_from
from cms.models import Menu
from cms.pages import PageTerms, publish_page
from cms.queries import find_published
from storefront.core.db import Database
from storefront.reseller.plain_pages import html_of, words_of
from tenants.resellers import current_reseller
from tests.fixtures_app import Shop
from tests.storefront.reseller.conftest import Enter

ADDRESS = "/reseller/legal/"


def test_plain_words_become_paragraphs_and_come_back() -> None:
    words = "# What you buy\n\nA name <for> some\nyears & more."

    text = html_of(words)

    assert text == "<h2>What you buy</h2><p>A name &lt;for&gt; some years &amp; more.</p>"
    assert words_of(text) == "# What you buy\n\nA name <for> some years & more."
    assert words_of("<p>with <b>bold</b></p>") is None
    assert words_of("<ul><li>x</li></ul>") is None


def test_terms_are_published_with_their_version_and_linked(
    enter: Enter, database: Database, shops: dict[str, Shop]
) -> None:
    client, token = enter(slug="south")
    typed = {"csrf_token": token, "version": "2026-11", "words": "# Terms\n\nYou buy a name."}

    answer = client.post(f"{ADDRESS}terms", data=typed)

    assert answer.status_code == 303
    with database.work(shops["south"].id) as db:
        found = find_published(db, "terms", ["en"])
        assert found is not None
        assert found.blocks[0]["html"] == "<h2>Terms</h2><p>You buy a name.</p>"
        assert current_reseller(db).settings["terms_version"] == "2026-11"
        footer = db.scalar(select(Menu).where(Menu.place == "footer", Menu.locale == "en"))
        assert footer is not None
        assert "/terms" in str(footer.items)
    assert "You buy a name." in client.get(ADDRESS).text


def test_empty_words_are_refused_and_nothing_is_lost(enter: Enter) -> None:
    client, token = enter(slug="south")

    answer = client.post(f"{ADDRESS}terms", data={"csrf_token": token, "version": "typed version", "words": ""})

    assert answer.status_code == 422
    assert "typed version" in answer.text


def test_page_with_more_than_words_is_left_alone(enter: Enter, database: Database, shops: dict[str, Shop]) -> None:
    client, token = enter(slug="south")
    with database.work(shops["south"].id) as db:
        blocks = [block_from({"kind": "rich_text", "html": "<ul><li>a list</li></ul>"})]
        publish_page(db, PageTerms(key="privacy", locale="en", path="/privacy", title="Privacy", blocks=blocks))
        db.commit()

    answer = client.post(f"{ADDRESS}privacy", data={"csrf_token": token, "words": "plain"})

    assert answer.status_code == 422
    with database.work(shops["south"].id) as db:
        found = find_published(db, "privacy", ["en"])
        assert found is not None
        assert "a list" in str(found.blocks)


def test_only_owners_may_publish(enter: Enter) -> None:
    client, token = enter("sales")

    assert client.get(ADDRESS).status_code == 403
    assert client.post(f"{ADDRESS}terms", data={"csrf_token": token}).status_code == 403


def test_who_writes_pages_reaches_terms_and_advertisement_and_nothing_else(enter: Enter) -> None:
    client, token = enter("content", slug="south")

    start = client.get("/reseller/").text
    answer = client.post(f"{ADDRESS}terms", data={"csrf_token": token, "version": "7", "words": "We keep your name."})

    menu = start.partition('<nav class="side"')[2].partition("</nav>")[0]
    assert menu.count("<a ") == 5
    assert 'href="/reseller/pages/"' in menu
    assert f'href="{ADDRESS}"' in menu
    assert 'href="/reseller/branding/advertisement/"' in menu
    assert answer.status_code == 303
    assert "We keep your name." in client.get(ADDRESS).text
    assert "/reseller/settings/" not in client.get(ADDRESS).text
    assert client.get("/reseller/branding/advertisement/new").status_code == 200
    assert client.get("/reseller/branding/").status_code == 403

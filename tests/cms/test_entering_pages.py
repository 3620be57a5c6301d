"""Pages that come from elsewhere take their places, and what comes with them leads to where they are."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from cms.arrivals import (
    Arrival,
    ArrivingMenu,
    ArrivingPage,
    ArrivingRedirect,
    ArrivingVersion,
    Choices,
)
from cms.entering import enter_site
from cms.menus import kept_menu
from cms.models import PageVersion, Redirect
from cms.pages import PageTerms, publish_page
from storefront.core.db import Work
from tests.cms.made_sites import emptied

Blocks = Sequence[dict[str, Any]]


def arriving(pages: dict[str, Sequence[tuple[str, str, Blocks]]], **more: Any) -> Arrival:
    """A site of published pages: by their ref, language, address and blocks of each version."""

    def version(locale: str, path: str, blocks: Blocks, state: str) -> ArrivingVersion:
        source = blocks if locale != "en" else None
        return ArrivingVersion(
            locale=locale, path=path, title="A page", blocks=blocks, state=state, translated_from=source
        )

    return Arrival(
        pages=[ArrivingPage(ref=ref, places=[each[:2] for each in versions]) for ref, versions in pages.items()],
        versions=lambda: ((ref, [version(*each, "published") for each in versions]) for ref, versions in pages.items()),
        **more,
    )


def words(html: str) -> Blocks:
    return [{"kind": "rich_text", "id": "b1", "title": "", "html": html}]


def test_links_lead_to_the_new_address_of_a_page_whose_own_was_taken(db: Work) -> None:
    emptied(db)
    publish_page(db, PageTerms(key="about", locale="en", path="/about", title="About"))
    linked = words('<p><a href="/about#team">We</a> <a href="/prices">Prices</a></p>')
    arrival = arriving(
        {
            "p1": [("en", "/about", words("<p>Here.</p>")), ("pl", "/o-nas", words("<p>Tu.</p>"))],
            "p2": [("en", "/start", linked), ("pl", "/start", linked)],
            "p3": [("en", "/prices", words("<p>Free.</p>"))],
        },
        menus=[ArrivingMenu(place="header", locale="en", items=[{"label": "We", "url": "/about"}])],
        redirects=[ArrivingRedirect(path="/old", target="/about")],
    )

    enter_site(db, arrival, Choices(publishes=True, replaces_menus=True))

    starts = {row.locale: row for row in db.scalars(select(PageVersion).where(PageVersion.path == "/start"))}
    led = '<p><a href="/about-2#team" rel="noopener">We</a> <a href="/prices" rel="noopener">Prices</a></p>'
    assert {locale: row.blocks[0]["html"] for locale, row in starts.items()} == {"en": led, "pl": led}
    assert starts["pl"].translated_from is not None
    assert starts["pl"].translated_from[0]["html"] == led
    menu = kept_menu(db, "header", "en")
    assert menu is not None
    assert menu.items == [{"label": "We", "url": "/about-2"}]
    assert db.scalar(select(Redirect.target).where(Redirect.path == "/old")) == "/about-2"


def test_links_stay_where_every_page_keeps_its_address(db: Work) -> None:
    emptied(db)
    linked = words('<p><a href="/about/">We</a></p>')

    enter_site(db, arriving({"p1": [("en", "/about", linked)]}), Choices(publishes=True))

    kept = db.scalars(select(PageVersion.blocks).where(PageVersion.path == "/about"))[0]
    assert kept[0]["html"] == '<p><a href="/about/" rel="noopener">We</a></p>'

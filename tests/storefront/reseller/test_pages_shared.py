"""Links that show drafts to others: listed while they are alive, and withdrawn one by one or all at once."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from uuid import UUID

import pytest
from flask.testing import FlaskClient

from cms.models import DraftLink, Page
from storefront.core import clock
from storefront.core.db import Database
from tests.fixtures_app import Shop
from tests.storefront.reseller.page_desk import forget_pages, live_page, page_keys

Enter = Callable[..., tuple[FlaskClient, str]]
ADDRESS = "/reseller/pages/shared/"
SHOWN = re.compile(r'href="https?://[^/"]+(/drafts/[^"]+)"')
NOBODYS = "00000000-0000-4000-8000-000000000000"


@pytest.fixture
def linked(database: Database, shops: dict[str, Shop]) -> Iterator[list[UUID]]:
    """Two links that are alive, the second to a page in the bin, and one that is over."""
    with database.work(shops["north"].id) as db:
        before = page_keys(db)
    apple, birch = (live_page(database, shops["north"], title) for title in ("Apple", "Birch"))
    with database.work(shops["north"].id) as db:
        made = [
            db.add(
                DraftLink(
                    page_id=page, locale="en", made_at=db.now, made_by="Mika", until=db.now + timedelta(days=days)
                )
            )
            for page, days in ((apple, 7), (birch, 2), (apple, -1))
        ]
        db.require(Page, birch).trashed_at = db.now
        db.flush()
        found = [link.id for link in made]
        db.commit()
    yield found
    forget_pages(database, shops["north"], before)


def alive(database: Database, shop: Shop, links: list[UUID]) -> list[bool]:
    with database.work(shop.id) as db:
        return [db.find(DraftLink, link) is not None for link in links]


def test_links_that_are_alive_are_listed_and_show_their_drafts(
    enter: Enter, client: FlaskClient, linked: list[UUID]
) -> None:
    text = enter()[0].get(ADDRESS).text
    shown = SHOWN.findall(text)

    assert len(shown) == len(linked) - 1
    assert "Mika" in text
    assert "in the bin" in text
    assert sorted(client.get(link).status_code for link in shown) == [200, 404]


def test_one_link_is_withdrawn(
    enter: Enter, client: FlaskClient, database: Database, shops: dict[str, Shop], linked: list[UUID]
) -> None:
    owner, token = enter()
    shown = next(link for link in SHOWN.findall(owner.get(ADDRESS).text) if client.get(link).status_code == 200)

    answer = owner.post(f"{ADDRESS}{linked[0]}/withdraw", data={"csrf_token": token})

    assert answer.status_code == 303
    assert client.get(shown).status_code == 404
    assert alive(database, shops["north"], linked)[:2] == [False, True]


def test_all_links_are_withdrawn(enter: Enter, database: Database, shops: dict[str, Shop], linked: list[UUID]) -> None:
    owner, token = enter()

    owner.post(f"{ADDRESS}withdraw-all", data={"csrf_token": token})

    assert alive(database, shops["north"], linked)[:2] == [False, False]
    assert "No draft is shared" in owner.get(ADDRESS).text


@pytest.mark.usefixtures("linked")
def test_nothing_is_withdrawn_without_the_token_or_by_another_name(enter: Enter) -> None:
    owner, token = enter()

    assert owner.post(f"{ADDRESS}withdraw-all").status_code in (400, 403, 422)
    assert owner.post(f"{ADDRESS}{NOBODYS}/withdraw", data={"csrf_token": token}).status_code == 404
    assert len(SHOWN.findall(owner.get(ADDRESS).text)) == 2


def test_link_is_of_this_shop_and_ends(
    enter: Enter,
    client_of: Callable[[Shop], FlaskClient],
    shops: dict[str, Shop],
    stopped_clock: clock.Stopped,
    database: Database,
) -> None:
    with database.work(shops["north"].id) as db:
        before = page_keys(db)
    page = live_page(database, shops["north"], "Apple")
    with database.work(shops["north"].id) as db:
        db.add(DraftLink(page_id=page, locale="en", made_at=db.now, until=db.now + timedelta(days=7)))
        db.commit()
    shown = SHOWN.findall(enter()[0].get(ADDRESS).text)[0]

    here, elsewhere = (client_of(shops[name]).get(shown).status_code for name in ("north", "south"))
    stopped_clock.forward(timedelta(days=7, seconds=1))
    later = client_of(shops["north"]).get(shown).status_code
    forget_pages(database, shops["north"], before)

    assert (here, elsewhere, later) == (200, 404, 404)

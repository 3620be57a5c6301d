"""The list of a shop with many pages: shown by the level, in parts; searched as a whole."""

import re
from collections.abc import Callable, Iterator
from uuid import UUID

import pytest
from flask.testing import FlaskClient

from cms.models import Page, PageVersion
from storefront.core.db import Database
from storefront.reseller.pages_listed import A_TIME, WHOLE
from tests.fixtures_app import Shop
from tests.statements import counted
from tests.storefront.reseller.page_desk import forget_pages, page_keys

Enter = Callable[..., tuple[FlaskClient, str]]
ADDRESS = "/reseller/pages/"
LEAVES = 45


@pytest.fixture(scope="module")
def many(database: Database, shops: dict[str, Shop]) -> Iterator[list[UUID]]:
    """A page before all that other tests left, more pages below it than a part of the list holds, others beside it."""
    with database.work(shops["north"].id) as db:
        before = page_keys(db)
        made: list[UUID] = []
        for number in range(LEAVES + 6):
            parent = made[0] if 0 < number <= LEAVES else None
            page = db.add(Page(key=f"listed-{number}", created_at=db.now, parent_id=parent, position=number - 1_000))
            db.flush()
            made.append(page.id)
            html = f"<p>The <strong>tree</strong> says R&amp;D, number {number} of many.</p>"
            db.add(
                PageVersion(
                    page_id=page.id,
                    locale="en",
                    path=f"/listed-{number}",
                    title=f"Leaf {number}." if parent else f"Branch {number}.",
                    blocks=[{"id": "b1", "kind": "rich_text", "html": html}],
                    state="published",
                    edited_at=db.now,
                )
            )
        db.commit()
    assert len(made) > WHOLE
    yield made
    forget_pages(database, shops["north"], before)


def leaves_in(text: str) -> list[int]:
    return [int(number) for number in re.findall(r">Leaf ([0-9]+)\.</a>", text)]


def test_level_is_shown_and_what_lies_below_is_counted(enter: Enter, many: list[UUID]) -> None:
    text = enter()[0].get(ADDRESS).text

    assert leaves_in(text) == []
    assert "Branch 0." in text
    assert f"{LEAVES} pages below it" in text
    assert f"{ADDRESS}?under={many[0]}" in text


def test_level_below_is_shown_in_parts(enter: Enter, many: list[UUID]) -> None:
    client, _token = enter()

    first = client.get(f"{ADDRESS}?under={many[0]}").text
    second = client.get(f"{ADDRESS}?under={many[0]}&start={A_TIME}").text

    assert leaves_in(first) == [*range(1, A_TIME + 1)]
    assert leaves_in(second) == [*range(A_TIME + 1, LEAVES + 1)]
    assert f"under={many[0]}&amp;start={A_TIME}" in first
    assert 'aria-current="page">Branch 0.' in second
    # Whatever is dropped behind the last one of a part comes before the first of the next.
    assert f'data-page="{many[A_TIME]}" data-parent="{many[0]}" data-after="{many[A_TIME + 1]}"' in first


def test_list_asks_the_same_however_many_pages_there_are(enter: Enter, database: Database, many: list[UUID]) -> None:
    client, _token = enter()
    client.get(ADDRESS)

    with counted(database) as queries:
        client.get(f"{ADDRESS}?under={many[0]}")

    assert len([each for each in queries if "FROM page" in each]) <= 5, queries


@pytest.mark.usefixtures("many")
@pytest.mark.parametrize("words", ["tree says R&D, number 45 of", "leaf 45.", "/listed-45", "TREE says r&d, NUMBER 45"])
def test_search_finds_whatever_lies_anywhere(enter: Enter, words: str) -> None:
    text = enter()[0].get(ADDRESS, query_string={"q": words}).text

    assert leaves_in(text) == [LEAVES]
    assert "Branch 0." in text


@pytest.mark.usefixtures("many")
def test_search_that_finds_much_goes_on(enter: Enter) -> None:
    client, _token = enter()

    first = client.get(f"{ADDRESS}?q=of many").text
    second = client.get(f"{ADDRESS}?q=of many&start={A_TIME}").text

    assert len(leaves_in(first)) + len(leaves_in(second)) == LEAVES
    assert f"start={A_TIME}" in first


def test_step_leads_back_to_where_the_page_stands(enter: Enter, many: list[UUID]) -> None:
    client, token = enter()

    answer = client.post(f"{ADDRESS}{many[A_TIME]}/step", data={"csrf_token": token, "to": "down"})
    there = client.get(answer.location).text

    assert answer.location.endswith(f"{ADDRESS}?under={many[0]}&start={A_TIME}#p-{many[A_TIME]}")
    assert leaves_in(there)[:2] == [A_TIME + 1 - 1, A_TIME + 2]
    back = client.post(f"{ADDRESS}{many[A_TIME]}/step", data={"csrf_token": token, "to": "up"})
    assert back.location.endswith(f"{ADDRESS}?under={many[0]}#p-{many[A_TIME]}")


@pytest.mark.usefixtures("many")
@pytest.mark.parametrize("query", ["start=-1", "start=x", "start=99999999", "start=", "under="])
def test_nonsense_begins_at_the_top(enter: Enter, query: str) -> None:
    answer = enter()[0].get(f"{ADDRESS}?{query}")

    assert answer.status_code == 200
    assert "Branch 0." in answer.text


@pytest.mark.usefixtures("many")
@pytest.mark.parametrize("under", ["nonsense", "00000000-0000-4000-8000-000000000000"])
def test_level_of_no_page_is_not_there(enter: Enter, under: str) -> None:
    assert enter()[0].get(f"{ADDRESS}?under={under}").status_code == 404

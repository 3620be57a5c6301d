"""The list of pages: begun, moved, copied, thrown away and taken back."""

from collections.abc import Callable, Iterator
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from cms.drafts import Writing, find_version, open_draft, save_draft
from cms.models import Page, PageVersion
from cms.tree import new_page
from storefront.core.db import Database
from storefront.reseller import pages_listed
from tests.fixtures_app import Shop
from tests.storefront.account.people import errors_in
from tests.storefront.reseller.page_desk import forget_pages, lie, live_page, page_keys

Enter = Callable[..., tuple[FlaskClient, str]]
NOBODYS = "00000000-0000-4000-8000-000000000000"
ADDRESS = "/reseller/pages/"


@pytest.fixture(autouse=True)
def undone(database: Database, shops: dict[str, Shop], monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Take away what a test made; the list is shown whole, whatever others left in this shop before."""
    monkeypatch.setattr(pages_listed, "WHOLE", 10_000)
    with database.work(shops["north"].id) as db:
        before = page_keys(db)
    yield
    forget_pages(database, shops["north"], before)


@pytest.fixture
def three(database: Database, shops: dict[str, Shop]) -> list[UUID]:
    """Three pages beside each other."""
    return [live_page(database, shops["north"], title) for title in ("Apple", "Birch", "Cedar")]


def test_list_says_how_pages_stand_in_each_language(
    enter: Enter, database: Database, shops: dict[str, Shop], three: list[UUID]
) -> None:
    with database.work(shops["north"].id) as db:
        page = db.require(Page, three[0])
        draft = open_draft(db, page, "en")
        save_draft(db, draft, Writing(path=draft.path, title="Apple pie", blocks=draft.blocks), revision=0)
        french = open_draft(db, page, "fr")
        save_draft(db, french, Writing(path="/pomme", title="Pomme", blocks=french.blocks), revision=0)
        db.commit()

    text = enter()[0].get(ADDRESS).text

    row = text[text.index("Apple pie") : text.index("Birch")]
    assert "newer draft" in row
    assert "Draft" in row
    assert "translation to check" in row
    assert row.count("Not written") == 2
    assert f"{ADDRESS}{three[0]}/fr/" in row


def test_search_finds_titles_addresses_and_texts(
    enter: Enter, database: Database, shops: dict[str, Shop], three: list[UUID]
) -> None:
    live_page(database, shops["north"], "Leaf", three[1])
    client, _token = enter()

    by_text = client.get(f"{ADDRESS}?q=leaf says").text
    nothing = client.get(f"{ADDRESS}?q=nowhere to be found").text

    assert "/birch/leaf" in by_text
    assert "Cedar" not in by_text
    assert "No page has these words" in nothing


def test_new_page_begins_below_another_and_leads_to_its_editor(
    enter: Enter, database: Database, shops: dict[str, Shop], three: list[UUID]
) -> None:
    client, token = enter()

    answer = client.post(f"{ADDRESS}new", data={"csrf_token": token, "title": "Leaf", "parent": str(three[0])})

    assert answer.status_code == 303, errors_in(answer)
    with database.work(shops["north"].id) as db:
        draft = db.scalar(select(PageVersion).where(PageVersion.path == "/apple/leaf"))
        assert draft is not None
        assert (draft.title, draft.state, draft.locale) == ("Leaf", "draft", "en")
        assert answer.location.endswith(f"{draft.page_id}/en/")


@pytest.mark.parametrize(("title", "parent"), [("", ""), ("x" * 121, ""), ("Fine", NOBODYS), ("Fine", "nonsense")])
def test_nonsense_is_refused_and_stays_as_typed(enter: Enter, title: str, parent: str) -> None:
    client, token = enter()

    answer = client.post(f"{ADDRESS}new", data={"csrf_token": token, "title": title, "parent": parent})

    assert answer.status_code == 422
    assert f'value="{title}"' in answer.text


@pytest.mark.parametrize(
    ("number", "to", "wanted"),
    [
        (1, "up", ["Birch", "Apple", "Cedar"]),
        (1, "down", ["Apple", "Cedar", "Birch"]),
        (0, "up", ["Apple", "Birch", "Cedar"]),
        (2, "down", ["Apple", "Birch", "Cedar"]),
        (2, "in", ["Apple", ["Birch", ["Cedar"]]]),
        (2, "out", ["Apple", "Birch", "Cedar"]),
    ],
)
def test_page_moves_one_step(
    enter: Enter,
    database: Database,
    shops: dict[str, Shop],
    three: list[UUID],
    number: int,
    to: str,
    wanted: list[object],
) -> None:
    client, token = enter()

    answer = client.post(f"{ADDRESS}{three[number]}/step", data={"csrf_token": token, "to": to})

    assert answer.status_code == 303
    if (number, to) != (0, "up"):  # there are pages of the shop before it
        assert lie(database, shops["north"], three) == wanted


def test_page_comes_out_behind_the_one_it_lay_under(
    enter: Enter, database: Database, shops: dict[str, Shop], three: list[UUID]
) -> None:
    leaf = live_page(database, shops["north"], "Leaf", three[0])
    client, token = enter()

    client.post(f"{ADDRESS}{leaf}/step", data={"csrf_token": token, "to": "out"})

    assert lie(database, shops["north"], [*three, leaf]) == ["Apple", "Leaf", "Birch", "Cedar"]


def test_page_is_put_under_another_and_its_old_address_leads_to_the_new(
    enter: Enter, database: Database, shops: dict[str, Shop], three: list[UUID]
) -> None:
    client, token = enter()
    form = client.get(f"{ADDRESS}{three[0]}/move").text

    answer = client.post(f"{ADDRESS}{three[0]}/move", data={"csrf_token": token, "parent": str(three[1])})

    assert f'value="{three[0]}"' not in form  # not below itself
    assert answer.status_code == 303, errors_in(answer)
    assert lie(database, shops["north"], three) == [["Birch", ["Apple"]], "Cedar"]


def test_dragged_page_lands_before_another(
    enter: Enter, database: Database, shops: dict[str, Shop], three: list[UUID]
) -> None:
    client, token = enter()

    sent = {"csrf_token": token, "parent": "", "before": str(three[0])}
    answer = client.post(f"{ADDRESS}{three[2]}/move", data=sent)

    assert answer.status_code == 303, errors_in(answer)
    assert lie(database, shops["north"], three) == ["Cedar", "Apple", "Birch"]


@pytest.mark.parametrize("sent", [{"parent": "itself"}, {"to": "sideways"}])
def test_impossible_moves_are_refused(enter: Enter, three: list[UUID], sent: dict[str, str]) -> None:
    client, token = enter()
    sent = {name: str(three[0]) if value == "itself" else value for name, value in sent.items()}

    answer = client.post(
        f"{ADDRESS}{three[0]}/{'step' if 'to' in sent else 'move'}", data={"csrf_token": token, **sent}
    )

    assert answer.status_code == 422


def test_copy_is_a_draft(enter: Enter, database: Database, shops: dict[str, Shop], three: list[UUID]) -> None:
    client, token = enter()

    answer = client.post(f"{ADDRESS}{three[0]}/copy", data={"csrf_token": token})

    copied = UUID(answer.location.rpartition("#p-")[2])
    with database.work(shops["north"].id) as db:
        draft = find_version(db, db.require(Page, copied), "en", "draft")
        assert draft is not None
        assert (draft.title, draft.path) == ("Apple", "/apple-2")


def test_page_is_taken_from_view_in_one_language(enter: Enter, three: list[UUID]) -> None:
    client, token = enter()

    answer = client.post(f"{ADDRESS}{three[0]}/en/unpublish", data={"csrf_token": token})

    assert answer.status_code == 303
    assert client.get("/apple").status_code == 404
    assert client.post(f"{ADDRESS}{three[0]}/xx/unpublish", data={"csrf_token": token}).status_code == 404


def test_page_goes_to_the_bin_and_undo_brings_it_back(
    enter: Enter, database: Database, shops: dict[str, Shop], three: list[UUID]
) -> None:
    leaf = live_page(database, shops["north"], "Leaf", three[0])
    client, token = enter()

    answer = client.post(f"{ADDRESS}{three[0]}/trash", data={"csrf_token": token})
    told = client.get(answer.location).text
    binned = client.get(f"{ADDRESS}bin").text
    gone = client.get("/apple").status_code
    client.post(f"{ADDRESS}{three[0]}/untrash", data={"csrf_token": token})

    assert "“Apple” is in the bin" in told
    assert "With it went what lies below it: Leaf" in told
    assert "and one page below it" in binned
    assert "/apple" in binned
    assert gone == 404
    assert client.get("/apple/leaf").status_code == 200
    assert lie(database, shops["north"], [*three, leaf]) == [["Apple", ["Leaf"]], "Birch", "Cedar"]


def test_what_is_in_the_bin_is_not_moved_or_copied(enter: Enter, three: list[UUID]) -> None:
    client, token = enter()
    client.post(f"{ADDRESS}{three[0]}/trash", data={"csrf_token": token})

    for act in ("step", "move", "copy", "trash", "en/unpublish"):
        assert client.post(f"{ADDRESS}{three[0]}/{act}", data={"csrf_token": token}).status_code == 404


def test_home_page_stays(enter: Enter, database: Database, shops: dict[str, Shop]) -> None:
    with database.work(shops["north"].id) as db:
        draft = new_page(db, "Start", "en")
        draft.path = "/"
        db.commit()
        page_id = draft.page_id
    client, token = enter()

    answer = client.post(f"{ADDRESS}{page_id}/trash", data={"csrf_token": token})

    assert answer.status_code == 422
    assert "cannot be found" in answer.text


def test_who_may_only_read_sees_no_buttons(enter: Enter, three: list[UUID]) -> None:
    client, token = enter("read_only")

    text = client.get(ADDRESS).text

    assert "Apple" in text
    assert "Put in the bin" not in text
    assert client.post(f"{ADDRESS}{three[0]}/trash", data={"csrf_token": token}).status_code == 403


def test_pages_of_other_shops_are_nowhere(enter: Enter, three: list[UUID]) -> None:
    client, token = enter(slug="south")

    assert "Apple" not in client.get(ADDRESS).text
    assert client.get(f"{ADDRESS}?removed={three[0]}").status_code == 200
    for act in ("step", "move", "copy", "trash", "untrash", "en/unpublish"):
        assert client.post(f"{ADDRESS}{three[0]}/{act}", data={"csrf_token": token, "to": "up"}).status_code == 404

"""Groups of endings: kept, moved, deleted, and refused with the reason beside the field."""

import re
from collections.abc import Callable, Iterator

import pytest
from flask.testing import FlaskClient
from sqlalchemy import delete, select

from storefront.catalog.models import TldGroup
from storefront.core.db import Database
from tests.fixtures_app import Shop
from tests.storefront.account.people import errors_in

Enter = Callable[..., tuple[FlaskClient, str]]
ADDRESS = "/reseller/tld-groups/"


@pytest.fixture(autouse=True)
def undone(database: Database, shops: dict[str, Shop]) -> Iterator[None]:
    """Take away what a test made."""
    yield
    with database.work(shops["north"].id) as db:
        db.execute(delete(TldGroup).where(TldGroup.slug != "known"))
        row = db.scalars(select(TldGroup))[0]
        row.position, row.is_default = 0, True
        db.commit()


def made(database: Database, shops: dict[str, Shop], slug: str) -> TldGroup:
    with database.work(shops["north"].id) as db:
        return db.scalars(select(TldGroup).where(TldGroup.slug == slug))[0]


def typed(token: str, **more: str) -> dict[str, str]:
    return {"csrf_token": token, "title_en": "Trade", "endings": ".com, io\n.net .com", **more}


def test_group_is_kept_with_its_endings_in_order(enter: Enter, database: Database, shops: dict[str, Shop]) -> None:
    client, token = enter()

    answer = client.post(f"{ADDRESS}new", data=typed(token, title_fr="Commerce"))

    assert answer.status_code == 303, errors_in(answer)
    group = made(database, shops, "trade")
    assert group.endings == ["com", "io", "net"]
    assert group.title == {"en": "Trade", "fr": "Commerce"}
    assert ".io" in client.get(ADDRESS).text


@pytest.mark.parametrize(
    ("more", "word"),
    [
        ({"endings": "com shop-it nothing"}, "shop-it, nothing"),
        ({"endings": ""}, "Please fill this in."),
        ({"title_en": ""}, "Please fill this in."),
        ({"slug": "all"}, "small letters"),
        ({"slug": "With Space"}, "small letters"),
        ({"slug": "known"}, "Another group"),
    ],
)
def test_nonsense_is_refused_and_stays_as_typed(enter: Enter, more: dict[str, str], word: str) -> None:
    client, token = enter()

    answer = client.post(f"{ADDRESS}new", data=typed(token, **more))

    assert answer.status_code == 422
    assert word in answer.text


def test_new_default_takes_over_and_old_one_can_be_deleted(
    enter: Enter, database: Database, shops: dict[str, Shop]
) -> None:
    client, token = enter()

    client.post(f"{ADDRESS}new", data=typed(token, is_default="y"))
    group = made(database, shops, "trade")
    refused = client.post(f"{ADDRESS}{group.id}/remove", data={"csrf_token": token})
    old = made(database, shops, "known")

    assert (group.is_default, old.is_default) == (True, False)
    assert refused.status_code == 409
    assert "Choose another group" in client.get(f"{ADDRESS}{group.id}/remove").text


def test_group_moves_up_and_is_deleted(enter: Enter, database: Database, shops: dict[str, Shop]) -> None:
    client, token = enter()
    client.post(f"{ADDRESS}new", data=typed(token))
    group = made(database, shops, "trade")

    up = client.post(f"{ADDRESS}{group.id}/move", data={"csrf_token": token, "to": "up"})
    moved = made(database, shops, "trade").position
    nowhere = client.post(f"{ADDRESS}{group.id}/move", data={"csrf_token": token, "to": "left"})
    gone = client.post(f"{ADDRESS}{group.id}/remove", data={"csrf_token": token})

    assert (up.status_code, moved, nowhere.status_code, gone.status_code) == (303, 0, 422, 303)
    assert client.get(f"{ADDRESS}{group.id}").status_code == 404


def test_reader_sees_groups_and_changes_none(enter: Enter) -> None:
    client, token = enter("read_only")

    assert client.get(ADDRESS).status_code == 200
    assert "New group" not in client.get(ADDRESS).text
    assert client.post(f"{ADDRESS}new", data=typed(token)).status_code == 403


def test_content_staff_do_not_get_in(enter: Enter) -> None:
    client, _token = enter("content")

    assert client.get(ADDRESS).status_code == 403


def test_other_names_are_proposed_below_one_group_at_most(
    enter: Enter, database: Database, shops: dict[str, Shop]
) -> None:
    client, token = enter()

    client.post(f"{ADDRESS}new", data=typed(token, is_for_others="y"))
    client.post(f"{ADDRESS}new", data=typed(token, title_en="Ideas", is_for_others="y"))
    first, second = made(database, shops, "trade"), made(database, shops, "ideas")
    shown = client.get(f"{ADDRESS}{second.id}").text
    client.post(f"{ADDRESS}{second.id}", data=typed(token, title_en="Ideas", slug="ideas"))

    assert (first.is_for_others, second.is_for_others) == (False, True)
    assert re.search(r'<input[^>]*checked[^>]*name="is_for_others"|name="is_for_others"[^>]*checked', shown)
    assert not made(database, shops, "ideas").is_for_others

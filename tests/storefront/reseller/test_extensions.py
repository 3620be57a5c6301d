"""Endings in the office: what they cost and bring, put on offer and taken off, announced by a badge."""

from collections.abc import Callable, Iterator

import pytest
from flask.testing import FlaskClient
from sqlalchemy import delete, select

from storefront.catalog.models import Offer
from storefront.core.db import Database
from storefront.core.text import LocalizedText
from tests.factories import ENDINGS
from tests.fixtures_app import Shop

Enter = Callable[..., tuple[FlaskClient, str]]
ADDRESS = "/reseller/extensions/"


@pytest.fixture(autouse=True)
def undone(database: Database, shops: dict[str, Shop]) -> Iterator[None]:
    """Put the shelf back as it was."""
    yield
    with database.work(shops["north"].id) as db:
        db.execute(delete(Offer).where(Offer.ending.not_in(ENDINGS)))
        for row in db.scalars(select(Offer)):
            row.is_offered, row.badge, row.position = True, LocalizedText(), ENDINGS.index(row.ending)
        db.commit()


def offer_of(database: Database, shops: dict[str, Shop], ending: str) -> Offer | None:
    with database.work(shops["north"].id) as db:
        return db.scalar(select(Offer).where(Offer.ending == ending))


def test_list_shows_cost_price_and_what_is_left(owner: FlaskClient) -> None:
    answer = owner.get(f"{ADDRESS}?q=com")

    row = answer.text.partition(">.com</a>")[2].partition("</tr>")[0]
    assert "€10.90" in row
    assert "cost €9.40" in row
    assert "loss of €0.71" in row  # 10.90 with 25.5 % VAT is 8.69 without


@pytest.mark.parametrize(
    ("query", "there", "gone"),
    [
        ("state=offered", ">.com<", ">.agency<"),
        ("state=off", ">.agency<", ">.com<"),
        ("state=loss", ">.com<", ">.agency<"),
        ("state=nonsense", ">.com<", ""),
        ("q=.fr", ">.fr<", ">.com<"),
    ],
)
def test_list_is_filtered(owner: FlaskClient, query: str, there: str, gone: str) -> None:
    answer = owner.get(f"{ADDRESS}?{query}")

    assert there in answer.text
    assert not gone or gone not in answer.text


def test_filter_that_fits_nothing_says_so(owner: FlaskClient) -> None:
    assert "No ending fits" in owner.get(f"{ADDRESS}?q=zzz").text


def test_endings_are_offered_and_taken_off(enter: Enter, database: Database, shops: dict[str, Shop]) -> None:
    client, token = enter()
    data = {"csrf_token": token, "ending": ["agency", "io"]}

    on = client.post(f"{ADDRESS}offer", data={**data, "step": "on"})
    added = offer_of(database, shops, "agency")
    off = client.post(f"{ADDRESS}offer", data={**data, "step": "off", "q": "a"})
    taken = offer_of(database, shops, "io")

    assert (on.status_code, off.status_code) == (303, 303)
    assert off.location.endswith("?q=a")
    assert added is not None
    assert added.is_offered
    assert taken is not None
    assert not taken.is_offered


@pytest.mark.parametrize("data", [{"step": "on"}, {"ending": "com"}, {"ending": "com", "step": "burn"}])
def test_half_a_wish_changes_nothing(enter: Enter, data: dict[str, str]) -> None:
    client, token = enter()

    answer = client.post(f"{ADDRESS}offer", data={"csrf_token": token, **data}, follow_redirects=True)

    assert "Tick the endings first" in answer.text


def test_unknown_ending_cannot_be_offered(enter: Enter, database: Database, shops: dict[str, Shop]) -> None:
    client, token = enter()

    answer = client.post(f"{ADDRESS}offer", data={"csrf_token": token, "step": "on", "ending": ["io", "nothing"]})

    assert answer.status_code == 404
    assert offer_of(database, shops, "nothing") is None


def test_ending_shows_rules_costs_and_prices(owner: FlaskClient) -> None:
    answer = owner.get(f"{ADDRESS}fr")

    assert answer.status_code == 200
    for words in ("Who may register", "The registry asks:", "When the term ends", "cost €", "Why this price?"):
        assert words in answer.text
    assert owner.get(f"{ADDRESS}nothing").status_code == 404


def test_badge_and_place_are_kept(enter: Enter, database: Database, shops: dict[str, Shop]) -> None:
    client, token = enter()

    kept = client.post(f"{ADDRESS}io/announce", data={"csrf_token": token, "badge_en": "New", "place": "1"})
    row = offer_of(database, shops, "io")
    long = client.post(f"{ADDRESS}io/announce", data={"csrf_token": token, "badge_en": "n" * 25})
    nowhere = client.post(f"{ADDRESS}agency/announce", data={"csrf_token": token, "badge_en": "New"})

    for place in ("0", "first", "-1", "100000"):
        wrong = client.post(f"{ADDRESS}io/announce", data={"csrf_token": token, "place": place})
        assert wrong.status_code == 422
    assert kept.status_code == 303
    assert row is not None
    assert (row.badge, row.position) == ({"en": "New"}, 0)
    assert (long.status_code, nowhere.status_code) == (422, 404)


def test_reader_looks_and_changes_nothing(enter: Enter) -> None:
    client, token = enter("read_only")

    assert client.get(f"{ADDRESS}com").status_code == 200
    assert client.post(f"{ADDRESS}offer", data={"csrf_token": token, "ending": "com", "step": "off"}).status_code == 403
    assert client.post(f"{ADDRESS}com/announce", data={"csrf_token": token}).status_code == 403

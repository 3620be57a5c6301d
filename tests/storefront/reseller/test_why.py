"""Why this price? Asked for anybody, at any moment and with any code; nonsense is told, never a broken page."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from storefront.core.db import Database
from storefront.core.text import LocalizedText
from storefront.pricing.offer_models import Promotion
from tests import factories
from tests.fixtures_app import Shop

Enter = Callable[..., tuple[FlaskClient, str]]
ADDRESS = "/reseller/why"


def test_bare_page_asks(owner: FlaskClient) -> None:
    answer = owner.get(ADDRESS)

    assert answer.status_code == 200
    assert "Ask about a price" in answer.text


def test_price_is_explained_from_cost_to_vat(owner: FlaskClient) -> None:
    answer = owner.get(f"{ADDRESS}?name=.com")

    for words in ("Purchase price, without VAT", "€9.40", "Price list", "€10.90", "€8.69", "This sells at a loss"):
        assert words in answer.text


def test_whole_name_and_other_actions_are_understood(owner: FlaskClient) -> None:
    answer = owner.get(f"{ADDRESS}?name=fjordlight.COM&action=restore")

    assert "Restore: fjordlight.COM, 1 year" in answer.text
    assert "€98.00" in answer.text


def test_customer_brings_their_own_vat(owner: FlaskClient, database: Database, shops: dict[str, Shop]) -> None:
    with database.work(shops["north"].id) as db:
        customer = factories.make_customer(db, country="CH", phone="+41443643535", family="Zürcher", sort_key="zurcher")
        db.commit()

    answer = owner.get(f"{ADDRESS}?name=com&customer={customer.code}")

    assert "with the VAT that they owe" in answer.text
    assert "VAT 0\N{NO-BREAK SPACE}%" in answer.text


@pytest.mark.parametrize(
    ("query", "word"),
    [
        ("name=nothing", "Type an ending"),
        ("name=%F0%9F%98%80.com", "Emoji"),
        ("name=com&action=burn", "Please choose one of these."),
        ("name=com&years=0", "between one and ten"),
        ("name=com&years=ten", "between one and ten"),
        ("name=com&customer=nobody-at-all", "No customer has this"),
        ("name=com&group=nonsense", "Please choose one of these."),
        ("name=com&code=NOTHING-1", "There is no such code."),
        ("name=com&at=tomorrow", "Write the moment"),
        ("name=com&years=4", "There is no price for this"),
        ("name=agency", "There is no price for this"),
        ("name=com&at=0001-01-01T00:00", ""),
        ("name=com&at=9999-12-31T23:59", ""),
    ],
)
def test_nonsense_is_told(owner: FlaskClient, query: str, word: str) -> None:
    answer = owner.get(f"{ADDRESS}?{query}")

    assert answer.status_code == 200
    assert word in answer.text


def test_promotion_counts_at_its_moment_and_code_is_answered(
    owner: FlaskClient, database: Database, shops: dict[str, Shop]
) -> None:
    with database.work(shops["north"].id) as db:
        starts_at = db.now + timedelta(days=30)
        terms = {"method": "percent", "percent": "50", "endings": ["net"], "actions": ["register"]}
        row = db.add(
            Promotion(
                name="Half",
                title=LocalizedText(en="Half price"),
                state="running",
                starts_at=starts_at,
                ends_at=starts_at + timedelta(days=2),
                currency="EUR",
                terms=terms,
                changed_at=db.now,
            )
        )
        db.commit()
    later = (starts_at + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M")

    now, then = (owner.get(f"{ADDRESS}?name=net&at={at}").text for at in ("", later))
    with database.work(shops["north"].id) as db:
        db.session.delete(db.require(Promotion, row.id))
        db.commit()

    assert "Half price" not in now
    assert "Half price" in then
    assert "€5.45" in then


def test_who_may_not_see_customers_names_none(enter: Enter) -> None:
    reader, _token = enter("read_only")
    content, _other = enter("content")

    assert 'name="customer"' in reader.get(ADDRESS).text
    assert content.get(ADDRESS).status_code == 403

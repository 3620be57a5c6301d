"""The pages of codes: one, ten thousand, their file, and their end."""

import csv
import io
from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select, update

from storefront.core.db import Database
from storefront.pricing.offer_models import Promotion, PromotionCode
from tests import factories
from tests.fixtures_app import Shop
from tests.storefront.account.people import errors_in

Enter = Callable[..., tuple[FlaskClient, str]]
ADDRESS = "/reseller/codes/"


@pytest.fixture
def promotion(database: Database, shops: dict[str, Shop]) -> Iterator[Promotion]:
    """A promotion of the shop in the north that takes codes."""
    with database.work(shops["north"].id) as db:
        made = factories.make_promotion(db, needs_code=True)
        db.commit()
    yield made
    with database.work(shops["north"].id) as db:
        db.execute(update(Promotion).where(Promotion.id == made.id).values(state="stopped"))
        db.commit()


def unique(prefix: str = "WEB") -> str:
    return f"{prefix}-{uuid4().hex[:8].upper()}"


def test_code_is_made_found_and_withdrawn(
    enter: Enter, database: Database, shops: dict[str, Shop], promotion: Promotion
) -> None:
    client, token = enter()
    code = unique()
    data = {"csrf_token": token, "promotion": str(promotion.id), "code": code.lower(), "max_uses": "3"}

    made = client.post(f"{ADDRESS}new", data=data)

    with database.work(shops["north"].id) as db:
        row = db.scalar(select(PromotionCode).where(PromotionCode.code == code))
    assert made.status_code == 303, errors_in(made)
    assert row is not None
    assert code in client.get(f"{ADDRESS}?q={code[:6]}").text
    gone = client.post(f"{ADDRESS}code/{row.id}/withdraw", data={"csrf_token": token})
    assert gone.status_code == 303
    with database.work(shops["north"].id) as db:
        assert db.require(PromotionCode, row.id).max_uses == 0
    shown = client.get(f"{ADDRESS}?q={code}").text
    assert "Code withdrawn" in shown
    assert "Used up" not in shown


@pytest.mark.parametrize(
    "more",
    [{"code": "AB"}, {"code": "=CMD()"}, {"code": "ÄÖÜ-CODE"}, {"code": ""}, {"customer": "NOBODY"}, {"max_uses": "0"}],
)
def test_code_that_cannot_be_is_refused(enter: Enter, promotion: Promotion, more: dict[str, Any]) -> None:
    client, token = enter()
    data = {"csrf_token": token, "promotion": str(promotion.id), "code": unique(), **more}

    answer = client.post(f"{ADDRESS}new", data=data)

    assert answer.status_code == 422


def test_code_that_exists_is_refused(enter: Enter, promotion: Promotion) -> None:
    client, token = enter()
    data = {"csrf_token": token, "promotion": str(promotion.id), "code": unique()}
    client.post(f"{ADDRESS}new", data=data)

    answer = client.post(f"{ADDRESS}new", data=data)

    assert answer.status_code == 422
    assert "already" in answer.text


def test_ten_thousand_codes_are_made_and_listed_in_a_file(
    enter: Enter, database: Database, shops: dict[str, Shop], promotion: Promotion
) -> None:
    client, token = enter()
    data = {
        "csrf_token": token,
        "promotion": str(promotion.id),
        "name": "Fair in Lyon",
        "count": "10000",
        "prefix": "lyon",
        "max_uses": "1",
    }

    made = client.post(f"{ADDRESS}series", data=data)

    answer = client.get(f"{ADDRESS}{promotion.id}/file?series=Fair in Lyon")
    rows = list(csv.reader(io.StringIO(answer.text)))
    assert made.status_code == 303, errors_in(made)
    assert (answer.mimetype, rows[0]) == ("text/csv", ["code", "used", "may_be_used"])
    assert len({row[0] for row in rows[1:]}) == 10_000
    assert all(row[0].startswith("LYON-") and row[1:] == ["0", "1"] for row in rows[1:])
    gone = client.post(f"{ADDRESS}{promotion.id}/withdraw", data={"csrf_token": token, "series": "Fair in Lyon"})
    assert gone.status_code == 303
    with database.work(shops["north"].id) as db:
        left = select(func.count()).where(PromotionCode.promotion_id == promotion.id, PromotionCode.max_uses > 0)
        assert db.scalar(left) == 0


@pytest.mark.parametrize("more", [{"count": "10001"}, {"count": "0"}, {"count": ""}, {"prefix": "a b=c"}, {"name": ""}])
def test_series_that_cannot_be_is_refused(enter: Enter, promotion: Promotion, more: dict[str, Any]) -> None:
    client, token = enter()
    data = {"csrf_token": token, "promotion": str(promotion.id), "name": unique(), "count": "3", **more}

    answer = client.post(f"{ADDRESS}series", data=data)

    assert answer.status_code == 422


def test_codes_of_another_shop_are_not_found(enter: Enter, database: Database, shops: dict[str, Shop]) -> None:
    client, token = enter()
    with database.work(shops["south"].id) as db:
        theirs = factories.make_promotion(db, needs_code=True, state="draft")
        code = factories.make_code(db, theirs, unique(), series="Theirs")
        db.commit()

    answers = {
        client.get(f"{ADDRESS}{theirs.id}/file?series=Theirs").status_code,
        client.post(f"{ADDRESS}{theirs.id}/withdraw", data={"csrf_token": token, "series": "Theirs"}).status_code,
        client.post(f"{ADDRESS}code/{code.id}/withdraw", data={"csrf_token": token}).status_code,
    }

    assert answers == {404}

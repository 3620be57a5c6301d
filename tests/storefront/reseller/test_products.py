"""Products and services: kept, priced in drafts, deleted while nobody has seen a price."""

from collections.abc import Callable, Iterator

import pytest
from flask.testing import FlaskClient
from sqlalchemy import delete, select

from cms.queries import find_page
from storefront.core.db import Database
from storefront.pricing.models import Price, PriceList, Product
from tenants.resellers import current_reseller
from tests.cms.block_shop import published
from tests.cms.starter_shop import offer_services
from tests.fixtures_app import Shop
from tests.storefront.account.people import errors_in
from tests.storefront.reseller.page_desk import forget_pages, page_keys

Enter = Callable[..., tuple[FlaskClient, str]]
ADDRESS = "/reseller/products/"


@pytest.fixture(autouse=True)
def undone(database: Database, shops: dict[str, Shop]) -> Iterator[None]:
    """Take away what a test made."""
    yield
    with database.work(shops["north"].id) as db:
        db.execute(delete(Price).where(Price.kind != "domain"))
        db.execute(delete(PriceList).where(PriceList.published_at.is_(None)))
        db.execute(delete(Product))
        db.commit()


def made(database: Database, shops: dict[str, Shop]) -> Product:
    with database.work(shops["north"].id) as db:
        return db.scalars(select(Product))[0]


def draft(database: Database, shops: dict[str, Shop]) -> PriceList:
    with database.work(shops["north"].id) as db:
        row = db.add(PriceList(name="Spring", currency="EUR", amounts="gross", starts_at=db.now))
        db.commit()
        return row


def typed(token: str, **more: str) -> dict[str, str]:
    return {"csrf_token": token, "kind": "hosting", "code": "boat-m", "title_en": "Boat M", "is_offered": "y", **more}


def test_product_is_kept_and_listed(enter: Enter, database: Database, shops: dict[str, Shop]) -> None:
    client, token = enter()

    answer = client.post(f"{ADDRESS}new", data=typed(token, description_de="Ein Boot"))

    assert answer.status_code == 303, errors_in(answer)
    product = made(database, shops)
    assert (product.kind, product.code, product.is_offered) == ("hosting", "boat-m", True)
    assert product.description == {"de": "Ein Boot"}
    assert "Boat M" in client.get(ADDRESS).text


@pytest.mark.parametrize(
    ("more", "word"),
    [
        ({"code": "Boat M"}, "small letters"),
        ({"code": ""}, "small letters"),
        ({"kind": "domain"}, "Please choose one of these."),
        ({"title_en": ""}, "Please fill this in."),
        ({"title_en": "x" * 81}, "at most 80"),
    ],
)
def test_nonsense_is_refused(enter: Enter, more: dict[str, str], word: str) -> None:
    client, token = enter()

    answer = client.post(f"{ADDRESS}new", data=typed(token, **more))

    assert answer.status_code == 422
    assert word in answer.text


def test_code_is_given_once(enter: Enter) -> None:
    client, token = enter()
    client.post(f"{ADDRESS}new", data=typed(token))

    again = client.post(f"{ADDRESS}new", data=typed(token))

    assert again.status_code == 422
    assert "Another product" in again.text


def test_product_is_changed_but_not_its_code(enter: Enter, database: Database, shops: dict[str, Shop]) -> None:
    client, token = enter()
    client.post(f"{ADDRESS}new", data=typed(token))
    product = made(database, shops)

    data = {"csrf_token": token, "title_en": "Boat L", "code": "other", "kind": "ssl"}
    answer = client.post(f"{ADDRESS}{product.id}", data=data)

    assert answer.status_code == 303, errors_in(answer)
    changed = made(database, shops)
    assert (changed.title, changed.code, changed.kind, changed.is_offered) == (
        {"en": "Boat L"},
        "boat-m",
        "hosting",
        False,
    )


def test_prices_go_into_a_draft(enter: Enter, database: Database, shops: dict[str, Shop]) -> None:
    client, token = enter()
    client.post(f"{ADDRESS}new", data=typed(token))
    product, prices = made(database, shops), draft(database, shops)
    data = {"csrf_token": token, "draft": str(prices.id), "revision": "0", "setup_1": "9,90", "recurring_1": "58.80"}

    shown = client.get(f"{ADDRESS}{product.id}")
    kept = client.post(f"{ADDRESS}{product.id}/prices", data=data)
    stale = client.post(f"{ADDRESS}{product.id}/prices", data={**data, "setup_1": "1"})
    wrong = client.post(f"{ADDRESS}{product.id}/prices", data={**data, "revision": "1", "recurring_2": "much"})
    fewer = client.post(f"{ADDRESS}{product.id}/prices", data={**data, "revision": "1", "setup_1": ""})

    assert "Prices in the draft Spring" in shown.text
    assert (kept.status_code, stale.status_code, wrong.status_code, fewer.status_code) == (303, 409, 422, 303)
    assert 'value="much"' in wrong.text
    with database.work(shops["north"].id) as db:
        rows = db.scalars(select(Price).where(Price.kind == "hosting"))
        assert [(row.action, row.years, row.minor) for row in rows] == [("recurring", 1, 5880)]


def test_published_list_is_not_changed(enter: Enter, database: Database, shops: dict[str, Shop]) -> None:
    client, token = enter()
    client.post(f"{ADDRESS}new", data=typed(token))
    product = made(database, shops)
    with database.work(shops["north"].id) as db:
        live = db.scalars(select(PriceList).where(PriceList.published_at.is_not(None)))[0]

    data = {"csrf_token": token, "draft": str(live.id), "revision": "0", "setup_1": "1"}
    answer = client.post(f"{ADDRESS}{product.id}/prices", data=data)

    assert answer.status_code == 422
    assert "No draft to write prices into" in client.get(f"{ADDRESS}{product.id}").text


def test_product_is_deleted_unless_a_price_was_seen(enter: Enter, database: Database, shops: dict[str, Shop]) -> None:
    client, token = enter()
    client.post(f"{ADDRESS}new", data=typed(token))
    product = made(database, shops)
    with database.work(shops["north"].id) as db:
        live = db.scalars(select(PriceList).where(PriceList.published_at.is_not(None)))[0]
        price = db.add(
            Price(price_list_id=live.id, kind="hosting", ending="boat-m", action="recurring", years=1, minor=100)
        )
        db.commit()
    seen = client.get(ADDRESS).text
    kept = client.post(f"{ADDRESS}{product.id}/remove", data={"csrf_token": token})
    with database.work(shops["north"].id) as db:
        db.session.delete(db.require(Price, price.id))
        db.commit()

    gone = client.post(f"{ADDRESS}{product.id}/remove", data={"csrf_token": token})

    assert "€1.00" in seen
    assert (kept.status_code, gone.status_code) == (422, 303)
    assert client.get(f"{ADDRESS}{product.id}").status_code == 404


def test_services_are_switched(enter: Enter, database: Database, shops: dict[str, Shop]) -> None:
    client, token = enter()

    on = client.post(f"{ADDRESS}services", data={"csrf_token": token, "services": ["ssl", "hosting"]})
    with database.work(shops["north"].id) as db:
        kept = current_reseller(db).settings["services"]
    wrong = client.post(f"{ADDRESS}services", data={"csrf_token": token, "services": ["weapons"]})
    client.post(f"{ADDRESS}services", data={"csrf_token": token})

    assert (on.status_code, kept, wrong.status_code) == (303, ["hosting", "ssl"], 422)
    with database.work(shops["north"].id) as db:
        assert current_reseller(db).settings["services"] == []


def test_pages_that_sell_what_nobody_sees_are_named_and_seen_no_products_are_advised(
    enter: Enter, database: Database, shops: dict[str, Shop]
) -> None:
    client, token = enter()
    with database.work(shops["north"].id) as db:
        before = page_keys(db)
        published(db, "/moorings", {"kind": "products", "title": "Moorings", "service": "hosting"})
        page = find_page(db, "/moorings")
        assert page is not None
        editor = f"/reseller/pages/{page.id}/en"
        offer_services(db, "hosting")
        db.commit()
    try:
        assert editor not in client.get(ADDRESS).text
        assert "Visitors do not see these products" not in client.get(editor, follow_redirects=True).text

        client.post(f"{ADDRESS}services", data={"csrf_token": token})

        told = client.get(ADDRESS).text
        assert "Pages that sell what visitors do not see" in told
        assert editor in told
        assert "Visitors do not see these products" in client.get(editor, follow_redirects=True).text
    finally:
        forget_pages(database, shops["north"], before)


def test_reader_sees_products_and_changes_none(enter: Enter) -> None:
    client, token = enter("read_only")

    assert client.get(ADDRESS).status_code == 200
    assert client.post(f"{ADDRESS}new", data=typed(token)).status_code == 403
    assert client.post(f"{ADDRESS}services", data={"csrf_token": token}).status_code == 403

"""Starter pages that sell something beside domains: there when visitors see such a product, and not before."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from cms.models import Menu
from cms.queries import find_page, find_published
from cms.starter import add_to_menus, missing_in_menus, starter_pages, write_menus, write_page, write_site
from cms.starter_texts import languages
from storefront.core.changes import announce
from storefront.core.db import Database, Work
from storefront.pricing.models import Price, Product
from storefront.pricing.products import services_shown, switch_services
from tests.cms.starter_shop import new_shop, offer_services
from tests.fixtures_app import Shop
from tests.waiting import until

PATHS = {"hosting": "/hosting", "email": "/email", "ssl": "/ssl"}


@pytest.fixture
def shop(database: Database, shops: dict[str, Shop]) -> Shop:  # noqa: ARG001 - the endings must be there
    """A shop of its own that sells domains only."""
    return new_shop(database)


def offered(db: Work, locale: str = "en") -> set[str]:
    return {page.key for page in starter_pages(db, locale)} & set(PATHS)


def test_pages_come_with_the_service_its_product_and_its_price(database: Database, shop: Shop) -> None:
    with database.work(shop.id) as db:
        assert offered(db) == set()
        switch_services(db, ["hosting"])
        assert offered(db) == set(), "a service without a product"
        offer_services(db, "hosting", "ssl")
        assert [offered(db, locale) for locale in languages()] == [{"hosting", "ssl"}] * 4
        assert services_shown(db) == {"hosting", "ssl"}
        for product in db.scalars(select(Product).where(Product.kind == "ssl")):
            product.is_offered = False
        db.flush()
        assert offered(db) == {"hosting"}, "a product that is not on offer"
        for price in db.scalars(select(Price).where(Price.kind == "hosting")):
            db.session.delete(price)
        db.flush()
        assert offered(db) == set(), "a product without a price"


def test_they_are_added_and_led_to_as_soon_as_they_are_offered(
    database: Database, shop: Shop, client_of: Callable[[Shop], FlaskClient]
) -> None:
    with database.work(shop.id) as db:
        write_site(db, "en", publish=True)
        db.commit()
    client = client_of(shop)
    home, sitemap = client.get("/en/").text, client.get("/sitemap.xml").text
    assert "/en/domains" in home
    assert "/domains<" in sitemap
    for path in PATHS.values():
        assert client.get(f"/en{path}").status_code == 404
        assert f'{path}"' not in home
        assert f"{path}<" not in sitemap

    with database.work(shop.id) as db:
        offer_services(db)
        assert {page.key for page in write_site(db, "en", publish=True)} == set(PATHS)
        assert missing_in_menus(db, "en") == ["Hosting", "E-mail", "SSL"]
        assert add_to_menus(db, "en") == 3
        header = db.scalar(select(Menu).where(Menu.place == "header", Menu.locale == "en"))
        assert header is not None
        assert [each["label"] for each in header.items][-3:] == ["Hosting", "E-mail", "SSL"]
        db.commit()

    until(lambda: 'href="/en/hosting"' in client.get("/en/").text)
    until(lambda: "/ssl<" in client.get("/sitemap.xml").text)
    for service, path in PATHS.items():
        page = client.get(f"/en{path}").text
        assert f"Fjord for {service}" in page
        assert "€73.50" in page


def test_page_stays_when_its_service_is_switched_off_but_sells_nothing(
    database: Database, shop: Shop, client_of: Callable[[Shop], FlaskClient]
) -> None:
    with database.work(shop.id) as db:
        offer_services(db, "hosting")
        for starter in starter_pages(db, "en"):
            if starter.key in {"home", "hosting"}:
                write_page(db, starter, "en", publish=True)
        write_menus(db, "en")
        db.commit()
    client = client_of(shop)
    assert "€73.50" in client.get("/en/").text
    assert "€73.50" in client.get("/en/hosting").text

    with database.work(shop.id) as db:
        switch_services(db, [])
        db.commit()

    until(lambda: "€73.50" not in client.get("/en/hosting").text)
    assert client.get("/en/hosting").status_code == 200
    assert "Fjord" not in client.get("/en/").text
    with database.work(shop.id) as db:
        assert find_published(db, "hosting", ["en"]) is not None
        assert offered(db) == set()
        assert missing_in_menus(db, "en") == []


def test_page_is_written_one_by_one_and_kept_apart(database: Database, shop: Shop, shops: dict[str, Shop]) -> None:
    with database.work(shop.id) as db:
        offer_services(db, "email")
        starter = next(page for page in starter_pages(db, "pl") if page.key == "email")
        draft = write_page(db, starter, "pl", publish=False)
        assert draft.path == "/poczta"
        announce(db)
        db.commit()
    with database.work(shops["south"].id) as db:
        assert offered(db) == set()
        assert find_page(db, "email") is None

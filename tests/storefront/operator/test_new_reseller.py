"""A new reseller: in preparation, with pages, prices and an invitation; short names that cannot be are refused."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from cms.openings import furnish_new_shop
from cms.queries import find_published
from storefront.core import ids
from storefront.core.db import Database
from storefront.core.jobs import Job
from storefront.identity.models import StaffInvitation
from storefront.pricing.models import Price
from tenants.models import Reseller, Site
from tests.fixtures_app import Shop
from tests.storefront.operator.conftest import Enter

ADDRESS = "/operator/resellers/new"


def typed(shops: dict[str, Shop], **more: str) -> dict[str, str]:
    return {
        "name": "New Shop",
        "slug": f"n{ids.public_code(8).lower().replace('-', '')}",
        "owner_email": "owner@new.test",
        "country": "FI",
        "currency": "EUR",
        "locale": "en",
        "zone": "Europe/Helsinki",
        "prices_of": str(shops["north"].id),
        **more,
    }


def made(database: Database, slug: str) -> Reseller | None:
    with database.office_work() as db:
        return db.scalar(select(Reseller).where(Reseller.slug == slug))


def furnish(database: Database, shop: Reseller) -> None:
    with database.work(shop.id) as db:
        argument = db.scalar(select(Job.argument).where(Job.name == "furnish_new_shop"))
    assert argument is not None
    assert "owner@new.test" not in argument
    furnish_new_shop(database, shop.id, argument)


def test_reseller_is_made_in_preparation_with_all_it_begins_with(
    enter: Enter, database: Database, shops: dict[str, Shop], client_of: Callable[[Shop], FlaskClient]
) -> None:
    client, token = enter()
    wanted = typed(shops)

    answer = client.post(ADDRESS, data={"csrf_token": token, **wanted})
    shop = made(database, wanted["slug"])
    assert shop is not None
    furnish(database, shop)
    furnish(database, shop)

    assert answer.status_code == 303
    with database.office_work() as db:
        site = db.session.get_one(Site, shop.id)
        prices = db.scalar(select(func.count()).where(Price.reseller_id == shop.id))
        copied = db.scalar(select(func.count()).where(Price.reseller_id == shops["north"].id))
        assert site.state == "preparing"
        assert prices == copied
    with database.work(shop.id) as db:
        assert find_published(db, "home", ["en"]) is not None
        assert [row.email for row in db.scalars(select(StaffInvitation))] == ["owner@new.test"]
    visitor = client_of(Shop(id=shop.id, host=f"{wanted['slug']}.localhost"))
    assert visitor.get("/").status_code == 503


@pytest.mark.parametrize("pages", ["whole", "few"])
def test_shop_begins_with_the_pages_that_were_chosen(
    enter: Enter, database: Database, shops: dict[str, Shop], pages: str
) -> None:
    client, token = enter()
    wanted = typed(shops, pages=pages, locale="pl")

    client.post(ADDRESS, data={"csrf_token": token, **wanted})
    shop = made(database, wanted["slug"])
    assert shop is not None
    furnish(database, shop)

    with database.work(shop.id) as db:
        assert find_published(db, "prices", ["pl"]) is not None
        assert (find_published(db, "help", ["pl"]) is not None) == (pages == "whole")
        assert find_published(db, "terms", ["pl"]) is None


def test_prices_in_another_currency_are_not_copied(enter: Enter, database: Database, shops: dict[str, Shop]) -> None:
    client, token = enter()
    wanted = typed(shops, currency="PLN")

    client.post(ADDRESS, data={"csrf_token": token, **wanted})
    shop = made(database, wanted["slug"])
    assert shop is not None
    furnish(database, shop)

    with database.work(shop.id) as db:
        assert db.scalar(select(func.count()).select_from(Price)) == 0


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"slug": "north"}, "has this name already"),
        ({"slug": "www"}, "own. Please choose another"),
        ({"slug": "1st"}, "beginning with a letter"),
        ({"slug": "a--b"}, "single hyphens"),
        ({"slug": "ünïcode"}, "letters a to z"),
        ({"slug": "ab-"}, "letters a to z"),
        ({"owner_email": "nobody"}, "one @"),
        ({"zone": "Mars/Base"}, "choose one of these"),
        ({"name": ""}, "fill this in"),
    ],
)
def test_mistake_makes_nothing_and_keeps_what_was_typed(
    enter: Enter, shops: dict[str, Shop], database: Database, wrong: dict[str, str], says: str
) -> None:
    client, token = enter()
    before = _how_many(database)

    answer = client.post(ADDRESS, data={"csrf_token": token, **typed(shops, **{"name": "Typed Name", **wrong})})

    assert answer.status_code == 422
    assert says in answer.text
    assert _how_many(database) == before


def _how_many(database: Database) -> int:
    with database.office_work() as db:
        return db.scalar(select(func.count()).select_from(Reseller)) or 0


def test_only_who_manages_resellers_may(enter: Enter, shops: dict[str, Shop]) -> None:
    client, token = enter("operator_support")

    assert client.get(ADDRESS).status_code == 403
    assert client.post(ADDRESS, data={"csrf_token": token, **typed(shops)}).status_code == 403


def test_zone_that_is_left_open_is_that_of_the_country(
    enter: Enter, database: Database, shops: dict[str, Shop]
) -> None:
    client, token = enter()
    wanted = typed(shops, country="PL", currency="PLN", locale="pl", zone="", prices_of="")

    client.post(ADDRESS, data={"csrf_token": token, **wanted})

    shop = made(database, wanted["slug"])
    assert shop is not None
    assert shop.zone == "Europe/Warsaw"


def test_invitation_speaks_the_language_of_the_shop(enter: Enter, database: Database, shops: dict[str, Shop]) -> None:
    client, token = enter()
    wanted = typed(shops, country="PL", currency="PLN", locale="pl", prices_of="")

    client.post(ADDRESS, data={"csrf_token": token, **wanted})
    shop = made(database, wanted["slug"])
    assert shop is not None
    furnish(database, shop)

    with database.work(shop.id) as db:
        assert db.scalar(select(StaffInvitation.invited_by)) == "platforma"

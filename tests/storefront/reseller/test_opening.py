"""Opening: closed to visitors until its own people open it, and nobody can while something must be done."""

import time
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from cms.pages import PageTerms, publish_page
from storefront.core import ids
from storefront.core.audit import AuditEntry
from storefront.core.db import Database
from storefront.providers.connections import SANDBOX_REGISTRAR
from storefront.providers.ports.login import Login, Verdict
from storefront.web.forms import token_for
from tenants.models import Site
from tenants.openings import state_of_shop
from tenants.supplier_accounts import settle_verdict, try_login
from tests import factories
from tests.fixtures_app import Shop
from tests.storefront.reseller.office import make_staff

ADDRESS = "/reseller/opening/"


@pytest.fixture
def new_shop(database: Database) -> Shop:
    """A shop in preparation that only this test knows."""
    slug = f"new{ids.public_code(8).lower().replace('-', '')}"
    with database.office_work() as db:
        made = factories.make_reseller(db, slug)
        db.session.get_one(Site, made.id).state = "preparing"
        db.commit()
    shop = Shop(id=made.id, host=f"{slug}.localhost")
    with database.work(shop.id) as db:
        factories.stock(db)
        db.commit()
    return shop


@pytest.fixture
def staff(
    new_shop: Shop, database: Database, client_of: Callable[[Shop], FlaskClient], sign_in: Callable[..., str]
) -> tuple[FlaskClient, str]:
    """The owner of the new shop, with the token of their forms."""
    client = client_of(new_shop)
    return client, token_for(sign_in(client, new_shop, make_staff(database, new_shop)))


def settle_musts(database: Database, shop: Shop) -> None:
    with database.work(shop.id) as db:
        for key in ("terms", "privacy"):
            publish_page(db, PageTerms(key=key, locale="en", path=f"/{key}", title=key))
        account = try_login(db, Login(key="key-of-a-test-1", password="x"))
        settle_verdict(db, SANDBOX_REGISTRAR, account.tried_sealed, Verdict.ACCEPTED)
        db.commit()


def state(database: Database, shop: Shop) -> str:
    with database.work(shop.id) as db:
        return state_of_shop(db)


def test_visitors_read_that_it_opens_soon(new_shop: Shop, client_of: Callable[[Shop], FlaskClient]) -> None:
    visitor = client_of(new_shop)

    for path in ("/", "/cart", "/search?q=a", "/panel/"):
        answer = visitor.get(path)

        assert answer.status_code == 503, path
        assert "opens soon" in answer.text
        assert answer.headers["Retry-After"] == "3600"
        assert answer.headers["X-Robots-Tag"] == "noindex"
    assert visitor.get("/account/sign-in").status_code == 200
    assert visitor.post("/cart/empty").status_code == 503


def test_its_people_see_the_shop_and_what_is_left(staff: tuple[FlaskClient, str]) -> None:
    client, _token = staff

    assert client.get("/cart").status_code == 200
    shown = client.get(ADDRESS)
    assert "left before it can open" in shown.text
    assert "There is no privacy page" in shown.text
    assert "Open the shop" not in shown.text


def test_shop_that_lacks_something_stays_closed(
    staff: tuple[FlaskClient, str], database: Database, new_shop: Shop
) -> None:
    client, token = staff

    answer = client.post(f"{ADDRESS}open", data={"csrf_token": token})

    assert answer.status_code == 422
    assert state(database, new_shop) == "preparing"


def test_shop_opens_when_all_musts_are_done(
    staff: tuple[FlaskClient, str],
    database: Database,
    new_shop: Shop,
    client_of: Callable[[Shop], FlaskClient],
) -> None:
    client, token = staff
    settle_musts(database, new_shop)
    assert "Open the shop" in client.get(ADDRESS).text

    answer = client.post(f"{ADDRESS}open", data={"csrf_token": token})
    time.sleep(1)

    assert answer.status_code == 303
    assert state(database, new_shop) == "open"
    assert client_of(new_shop).get("/cart").status_code == 200
    assert client.post(f"{ADDRESS}open", data={"csrf_token": token}).status_code == 422
    with database.work(new_shop.id) as db:
        assert "reseller.opened" in db.scalars(select(AuditEntry.action))


def test_preview_lasts_after_signing_out_and_on_this_host_only(
    staff: tuple[FlaskClient, str], new_shop: Shop, client_of: Callable[[Shop], FlaskClient]
) -> None:
    client, token = staff

    answer = client.post(f"{ADDRESS}preview", data={"csrf_token": token})
    ticket = client.get_cookie("__Host-preview", domain=new_shop.host)

    assert answer.status_code == 303
    assert ticket is not None
    visitor = client_of(new_shop)
    visitor.set_cookie("__Host-preview", ticket.value, domain=new_shop.host, secure=True)
    assert visitor.get("/cart").status_code == 200
    for forged in (f"9{ticket.value}", ticket.value[:-2], "1.x", "9" * 40 + ".x", ""):
        stranger = client_of(new_shop)
        stranger.set_cookie("__Host-preview", forged, domain=new_shop.host, secure=True)
        assert stranger.get("/cart").status_code == 503, forged


def test_reader_may_look_and_not_open(
    new_shop: Shop, database: Database, client_of: Callable[[Shop], FlaskClient], sign_in: Callable[..., str]
) -> None:
    settle_musts(database, new_shop)
    client = client_of(new_shop)
    token = token_for(sign_in(client, new_shop, make_staff(database, new_shop, "read_only")))

    assert "Open the shop" not in client.get(ADDRESS).text
    assert client.post(f"{ADDRESS}open", data={"csrf_token": token}).status_code == 403
    assert state(database, new_shop) == "preparing"

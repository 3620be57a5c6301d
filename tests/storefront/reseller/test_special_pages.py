"""Special pages in the office: begun, written, left again; the site closed for work and opened."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from cms.drafts import find_version, open_draft
from cms.publishing import publish_draft
from cms.queries import find_page
from cms.special_rules import MAINTENANCE, NOT_FOUND
from storefront.core.audit import AuditEntry
from storefront.core.db import Database
from storefront.web.forms import token_for
from tenants.maintenance import current_maintenance
from tenants.models import Site
from tenants.resellers import current_reseller
from tests.fixtures_app import Shop
from tests.storefront.operator.conftest import own_shop
from tests.storefront.reseller.office import make_staff

__all__ = ["own_shop"]

Enter = Callable[..., tuple[FlaskClient, str]]
ADDRESS = "/reseller/special-pages/"


@pytest.fixture
def enter(
    own_shop: Shop, database: Database, client_of: Callable[[Shop], FlaskClient], sign_in: Callable[..., str]
) -> Enter:
    """Sign somebody of the own shop in."""

    def go(role: str = "owner") -> tuple[FlaskClient, str]:
        client = client_of(own_shop)
        return client, token_for(sign_in(client, own_shop, make_staff(database, own_shop, role)))

    return go


@pytest.fixture
def known(heard: Callable[[Shop, int], None], database: Database, own_shop: Shop) -> Callable[[], None]:
    """Wait until the process has heard of what changed."""

    def wait() -> None:
        with database.platform() as line:
            version = line.scalar(select(Site.version).where(Site.reseller_id == own_shop.id))
        heard(own_shop, version or 0)

    return wait


def publish(database: Database, shop: Shop, key: str) -> None:
    with database.work(shop.id) as db:
        page = find_page(db, key)
        assert page is not None
        draft = open_draft(db, page, "en")
        draft.title = "Our own words"
        publish_draft(db, draft, revision=draft.revision)
        db.commit()


def test_list_shows_every_page_with_the_words_of_the_theme(enter: Enter) -> None:
    client, _token = enter()

    text = client.get(ADDRESS).text

    assert "Nothing here" in text
    assert "the theme&#39;s words" in text
    assert 'src="/reseller/special-pages/not-found/picture"' in text
    assert "There is nothing at this address" in client.get(f"{ADDRESS}not-found/picture").text


def test_page_is_begun_written_seen_and_left(
    enter: Enter, database: Database, own_shop: Shop, known: Callable[[], None]
) -> None:
    client, token = enter()

    begun = client.post(f"{ADDRESS}not-found/en/write", data={"csrf_token": token})

    editor = client.get(begun.location).text
    assert "It may have moved" in editor
    assert 'name="path"' not in editor
    assert 'data-kind-of="price_table"' not in editor
    assert 'data-kind-of="domain_search"' in editor
    preview = client.get(f"{begun.location}preview").text
    assert "<!--block b1-->" in preview
    assert 'id="search-again"' in preview
    publish(database, own_shop, NOT_FOUND)
    known()
    answer = client.get("/nowhere")
    assert (answer.status_code, "Our own words" in answer.text) == (404, True)
    client.post(f"{ADDRESS}not-found/en/leave", data={"csrf_token": token})
    known()
    assert "Our own words" not in client.get("/nowhere").text
    with database.work(own_shop.id) as db:
        page = find_page(db, NOT_FOUND)
        assert page is not None
        assert find_version(db, page, "en", "draft") is not None


def test_it_is_in_no_list_of_pages_and_cannot_be_moved(enter: Enter, database: Database, own_shop: Shop) -> None:
    client, token = enter()
    client.post(f"{ADDRESS}maintenance/en/write", data={"csrf_token": token})
    publish(database, own_shop, MAINTENANCE)
    with database.work(own_shop.id) as db:
        page = find_page(db, MAINTENANCE)
    assert page is not None

    tree, sitemap = client.get("/reseller/pages/").text, client.get("/sitemap.xml").text
    answers = [
        client.post(f"/reseller/pages/{page.id}/{verb}", data={"csrf_token": token})
        for verb in ("trash", "copy", "step")
    ]

    assert str(page.id) not in tree
    assert "maintenance" not in sitemap
    assert [answer.status_code for answer in answers] == [404, 404, 404]


def test_what_is_no_special_page_is_not_found(enter: Enter) -> None:
    client, token = enter()

    assert client.post(f"{ADDRESS}home/en/write", data={"csrf_token": token}).status_code == 404
    assert client.post(f"{ADDRESS}not-found/xx/write", data={"csrf_token": token}).status_code == 404
    assert client.get(f"{ADDRESS}home/picture").status_code == 404


def test_site_is_closed_and_opened_with_one_press(
    enter: Enter,
    database: Database,
    own_shop: Shop,
    client_of: Callable[[Shop], FlaskClient],
    known: Callable[[], None],
) -> None:
    client, token = enter()
    visitor = client_of(own_shop)

    client.post(f"{ADDRESS}maintenance", data={"csrf_token": token})
    known()

    closed = visitor.get("/price-list")
    assert (closed.status_code, "working on this site" in closed.text) == (503, True)
    assert "Your site is in maintenance" in client.get("/reseller/").text
    assert client.get("/price-list").status_code == 200
    client.post(f"{ADDRESS}maintenance/end", data={"csrf_token": token})
    known()
    assert visitor.get("/price-list").status_code == 200
    with database.work(own_shop.id) as db:
        logged = set(db.scalars(select(AuditEntry.action)))
    assert {"reseller.maintenance_begun", "reseller.maintenance_ended"} <= logged


def test_moment_that_is_past_is_refused_beside_its_field(enter: Enter, database: Database, own_shop: Shop) -> None:
    client, token = enter()

    answer = client.post(f"{ADDRESS}maintenance", data={"csrf_token": token, "until": "2020-01-01T10:00"})

    assert (answer.status_code, "This moment is past" in answer.text) == (422, True)
    with database.work(own_shop.id) as db:
        assert current_maintenance(current_reseller(db), db.now + timedelta(0)) is None


def test_who_only_writes_pages_cannot_close_the_site(enter: Enter) -> None:
    client, token = enter("content")

    assert client.get(ADDRESS).status_code == 200
    assert client.post(f"{ADDRESS}maintenance", data={"csrf_token": token}).status_code == 403

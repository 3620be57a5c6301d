"""Customers' names without a website: the page of their shop, at every address, and nothing of any shop besides."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, select, update
from werkzeug.test import TestResponse

from cms.drafts import Writing, open_draft, save_draft
from cms.publishing import publish_draft
from cms.special_pages import begin_special
from cms.special_rules import PARKED, RESTRAINED
from storefront.core import ids
from storefront.core.changes import announce_host
from storefront.core.db import Database, Work
from storefront.portfolio.models import Domain
from storefront.web.parked import shown_name
from storefront.web.sessions import SESSION_COOKIE
from tenants.maintenance import begin_maintenance
from tenants.models import HostName, ParkedName, Site
from tenants.resellers import current_reseller, reopen, suspend
from tenants.resolve import DOUBTFUL_A_SECOND, Resolver
from tests import factories
from tests.fixtures_app import Shop
from tests.statements import counted
from tests.storefront.operator.conftest import own_shop
from tests.storefront.reseller.office import make_staff
from tests.waiting import until

__all__ = ["own_shop"]

Visit = Callable[..., TestResponse]


def a_name(ending: str = "com") -> str:
    return f"n{ids.public_code(10).lower().replace('-', '')}.{ending}"


@pytest.fixture
def resolver(app: Flask) -> Resolver:
    """The one of the whole application."""
    found: Resolver = app.extensions["vitrine"].resolver
    return found


@pytest.fixture
def register(database: Database) -> Callable[..., str]:
    """Give a name to a customer of a shop."""

    def go(shop: Shop, name: str = "", **more: object) -> str:
        name = name or a_name()
        with database.work(shop.id) as db:
            factories.make_domain(db, factories.make_customer(db), name, **more)
            db.commit()
        return name

    return go


@pytest.fixture
def visit(app: Flask) -> Visit:
    """Ask a host as a browser that has never been there."""

    def go(host: str, path: str = "/", method: str = "GET") -> TestResponse:
        return app.test_client().open(path, method=method, base_url=f"http://{host}")

    return go


@pytest.fixture
def words(database: Database, own_shop: Shop) -> Callable[..., None]:
    """Write what the own shop says on such names in English."""

    def write(key: str, *blocks: dict[str, object]) -> None:
        with database.work(own_shop.id) as db:
            draft = open_draft(db, begin_special(db, key, "en"), "en")
            save_draft(db, draft, Writing(path=key, title="Ours", blocks=blocks), revision=draft.revision)
            publish_draft(db, draft, revision=draft.revision)
            db.commit()

    return write


@pytest.mark.parametrize(
    "path",
    ["/", "/about", "/reseller/", "/panel/", "/account/sign-in", "/search?q=a", "/fr/", "/robots.txt", "/~parked"],
)
def test_every_address_shows_the_page_of_the_shop(
    own_shop: Shop, register: Callable[..., str], visit: Visit, path: str
) -> None:
    name = register(own_shop)

    for host in (name, f"www.{name}", f"{name.upper()}:80"):
        answer = visit(host, path)

        assert answer.status_code == 200
        assert f"<title>{name}</title>" in answer.text
        assert "This name is registered" in answer.text
        assert answer.headers["X-Robots-Tag"] == "noindex"
        assert "Strict-Transport-Security" not in answer.headers
        assert "Set-Cookie" not in answer.headers
        assert "X-Vitrine-Ready" not in answer.headers
        assert "<form" not in answer.text


def test_files_of_the_page_are_on_the_same_name(own_shop: Shop, register: Callable[..., str], visit: Visit) -> None:
    name = register(own_shop)
    text = visit(name).text

    sheet = text.partition('<link rel="stylesheet" href="')[2].partition('"')[0]

    assert sheet.startswith("/assets/")
    answer = visit(name, sheet)
    assert (answer.status_code, answer.mimetype) == (200, "text/css")
    assert visit(name, "/media/cards/x").status_code == 404


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"])
def test_nothing_can_be_sent(own_shop: Shop, register: Callable[..., str], visit: Visit, method: str) -> None:
    answer = visit(register(own_shop), "/account/sign-in", method)

    assert answer.status_code == 405
    assert answer.headers["Allow"] == "GET, HEAD"


def test_sessions_of_the_shop_are_not_known_there(
    own_shop: Shop,
    database: Database,
    register: Callable[..., str],
    app: Flask,
    client_of: Callable[[Shop], FlaskClient],
    sign_in: Callable[..., str],
) -> None:
    name = register(own_shop)
    staff = client_of(own_shop)
    sign_in(staff, own_shop, make_staff(database, own_shop))
    secret = staff.get_cookie(SESSION_COOKIE, own_shop.host)
    assert secret is not None

    answer = app.test_client().get(
        "/reseller/", base_url=f"http://{name}", headers={"Cookie": f"{SESSION_COOKIE}={secret.value}"}
    )

    assert "This name is registered" in answer.text
    assert "no-store" not in answer.headers["Cache-Control"]


def test_each_name_shows_its_own_shop(
    shops: dict[str, Shop], own_shop: Shop, register: Callable[..., str], visit: Visit
) -> None:
    mine, other = register(own_shop), register(shops["north"])

    assert own_shop.host.partition(".")[0].lower() not in visit(other).text.lower()
    assert "Registered with North" in visit(other).text
    assert "Registered with North" not in visit(mine).text


@pytest.mark.parametrize("host", ["{name}.evil.example", "a.{name}", "www.www.{name}", "com", "127.0.0.1"])
def test_what_only_resembles_a_name_is_nobodys(
    own_shop: Shop, register: Callable[..., str], visit: Visit, host: str
) -> None:
    name = register(own_shop)

    assert visit(host.format(name=name)).status_code == 421


def test_name_on_its_way_here_shows_nothing(own_shop: Shop, register: Callable[..., str], visit: Visit) -> None:
    assert visit(register(own_shop, registered_at=None, paid_until=None)).status_code == 421


def test_released_name_shows_nothing_at_once(
    own_shop: Shop, database: Database, register: Callable[..., str], visit: Visit
) -> None:
    name = register(own_shop)
    assert visit(name).status_code == 200
    with database.work(own_shop.id) as db:
        db.execute(update(Domain).where(Domain.name_ascii == name).values(closed_at=db.now))
        db.commit()

    until(lambda: visit(name).status_code == 421)

    with database.platform() as line:
        assert line.scalar(select(ParkedName.name).where(ParkedName.name == name)) is None


def test_name_that_another_shop_got_shows_the_other_shop(
    own_shop: Shop,
    shops: dict[str, Shop],
    database: Database,
    register: Callable[..., str],
    visit: Visit,
) -> None:
    name = register(own_shop)
    assert "Registered with North" not in visit(name).text
    register(shops["north"], name)
    with database.work(own_shop.id) as db:
        db.execute(update(Domain).where(Domain.name_ascii == name).values(closed_at=db.now))
        db.commit()

    until(lambda: "Registered with North" in visit(name).text)


def test_names_of_a_suspended_shop_show_nothing_until_it_is_open(
    own_shop: Shop, database: Database, register: Callable[..., str], visit: Visit
) -> None:
    name = register(own_shop)
    assert visit(name).status_code == 200

    with database.office_work() as db:
        suspend(db, own_shop.id)
        db.commit()
    until(lambda: visit(name).status_code == 421)

    with database.office_work() as db:
        reopen(db, own_shop.id)
        db.commit()
    until(lambda: visit(name).status_code == 200)


def test_work_on_the_site_touches_no_customers_name(
    own_shop: Shop, database: Database, register: Callable[..., str], visit: Visit
) -> None:
    name = register(own_shop)
    with database.work(own_shop.id) as db:
        begin_maintenance(db, current_reseller(db))
        db.commit()
    until(lambda: visit(own_shop.host, "/price-list").status_code == 503)

    assert visit(name).status_code == 200


def test_name_that_became_a_host_shows_the_shop(
    own_shop: Shop,
    database: Database,
    register: Callable[..., str],
    resolver: Resolver,
) -> None:
    name = register(own_shop)
    assert resolver.find(name) is not None
    with database.work(own_shop.id) as db:
        db.add(HostName(name=name, reseller_id=own_shop.id, canonical=name))
        announce_host(db, name)
        db.commit()

    until(lambda: (found := resolver.find(name)) is not None and found.purpose == "shop")

    with database.work(own_shop.id) as db:
        db.execute(delete(HostName).where(HostName.name == name))
        db.commit()


def test_platforms_own_names_are_nobodys(own_shop: Shop, register: Callable[..., str], visit: Visit) -> None:
    name = register(own_shop, f"{ids.public_code(8).lower().replace('-', '')}.localhost")

    assert visit(name).status_code == 421


def test_restrained_page_leads_nowhere(
    own_shop: Shop, register: Callable[..., str], visit: Visit, words: Callable[..., None]
) -> None:
    name = register(own_shop, a_name("cat"))
    words(PARKED, {"kind": "call_to_action", "title": "Buy yours", "url": "/search", "button": "Buy"})

    before = visit(name).text

    assert before.count("<a ") == 1  # to the content, for the keyboard
    assert "Registered with" not in before
    assert "Buy yours" not in before
    words(RESTRAINED, {"kind": "rich_text", "html": "<p>Quiet words.</p>"})
    until(lambda: "Quiet words" in visit(name).text)


def test_own_words_lead_to_the_shop_by_whole_addresses(
    own_shop: Shop, register: Callable[..., str], visit: Visit, words: Callable[..., None]
) -> None:
    words(
        PARKED,
        {"kind": "hero", "title": "Parked with us", "buttons": [{"label": "Find yours", "url": "/search"}]},
        {"kind": "rich_text", "html": '<p><a href="/about">About us</a></p>'},
    )

    text = visit(register(own_shop)).text

    assert "Parked with us" in text
    assert f'{own_shop.host}/search"' in text.replace(":8000", "")
    assert 'href="/about"' not in text
    assert "/about" in text
    assert 'role="search"' not in text


def test_name_is_written_as_people_read_it_unless_it_deceives(
    own_shop: Shop, register: Callable[..., str], visit: Visit
) -> None:
    name = register(own_shop, f"xn--bcher-kva.{ids.public_code(6).lower().replace('-', '')}x.com")

    text = visit(name).text

    assert "<bdi>bücher." in text
    assert "xn--bcher-kva." in text
    twin = f"{'сосо'.encode('idna').decode()}.com"  # noqa: RUF001 - Cyrillic that reads as Latin
    assert shown_name(twin) == (twin, "")
    assert shown_name("www.example.com") == ("example.com", "")


def test_page_that_is_ready_costs_no_query_at_any_address(
    own_shop: Shop, database: Database, register: Callable[..., str], visit: Visit
) -> None:
    name = register(own_shop)

    def is_ready() -> bool:
        with counted(database) as asked:
            visit(name)
        return asked == []

    # The notice of what the name changed may come after the first visit.
    until(is_ready)

    with counted(database) as asked:
        answers = [visit(name, f"/made-up-{number}?n={number}").status_code for number in range(20)]

    assert answers == [200] * 20
    assert asked == []


def test_flood_of_made_up_names_asks_the_database_little(database: Database, resolver: Resolver, visit: Visit) -> None:
    visit(a_name())
    until(lambda: resolver.index.is_loaded)

    with counted(database) as asked:
        answers = {visit(a_name()).status_code for _ in range(200)}

    assert answers == {421}
    # The flood may reach into the next seconds on a slow machine, each of which has its share.
    assert len([each for each in asked if "parked_name" in each]) < 200 - DOUBTFUL_A_SECOND


def test_row_is_kept_by_the_database_whoever_writes_the_domain(own_shop: Shop, database: Database) -> None:
    name, other = a_name(), a_name()
    with database.work(own_shop.id) as db:
        domain = factories.make_domain(db, factories.make_customer(db), name, registered_at=None)
        assert _parked(db, name, other) == []
        before = db.scalar(select(Site.version).where(Site.reseller_id == own_shop.id))

        domain.registered_at = db.now
        db.flush()
        assert _parked(db, name, other) == [name]
        domain.name_ascii = other
        db.flush()
        assert _parked(db, name, other) == [other]
        db.session.delete(domain)
        db.flush()

        assert _parked(db, name, other) == []
        after = db.scalar(select(Site.version).where(Site.reseller_id == own_shop.id))
        assert (after or 0) == (before or 0) + 2


def _parked(db: Work, *names: str) -> list[str]:
    return list(db.scalars(select(ParkedName.name).where(ParkedName.name.in_(names))))


@pytest.mark.parametrize("path", ["/", "/price-list", "/healthz", "/hooks/tls?domain=x", "/assets/brand/x.css"])
def test_edge_learns_that_a_shop_is_asked_in_https(own_shop: Shop, visit: Visit, path: str) -> None:
    assert visit(own_shop.host, f"/hooks/plain{path}").status_code == 404
    assert visit(a_name(), f"/hooks/plain{path}").status_code == 404


def test_edge_gets_the_page_of_a_customers_name(own_shop: Shop, register: Callable[..., str], visit: Visit) -> None:
    name = register(own_shop)

    # A process looks up a few made-up hosts each second, and others may have asked just now.
    until(lambda: "This name is registered" in visit(name, "/hooks/plain/any/where").text)
    assert visit(name, "/hooks/plain/", "POST").status_code == 405

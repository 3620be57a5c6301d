"""Pages from nothing to live: every block, translated, planned, restored; and a starter site, by keyboard alone."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from cms.blocks import KINDS
from cms.drafts import Writing, find_version, save_draft
from cms.models import Page as Row
from storefront.core import ids
from storefront.core.db import Database, Work
from storefront.identity.sessions import begin_session
from storefront.web.sessions import SESSION_COOKIE
from tenants.models import Reseller
from tests import factories
from tests.cms.block_samples import sample
from tests.cms.block_shop import furnish
from tests.fixtures_app import config_for
from tests.fixtures_house import House
from tests.journeys.test_page_editor import add, saved
from tests.journeys.walk import Walk

pytestmark = pytest.mark.browser

# The first field of the block that is open, and words of the first block as the sample says them.
FIELD = ".editor-block[data-chosen] :is(input[type=text], input:not([type]), textarea):visible"
WORDS = "The name first. Then everything behind it."
PAGE = re.compile(r"/reseller/pages/([0-9a-f-]{36})/en/")


@contextmanager
def work(house: House, slug: str) -> Iterator[Work]:
    """A Work of a shop of the house."""
    database = Database(config_for(house.addresses, house.data))
    try:
        with database.office_work() as db:
            shop = db.execute(select(Reseller.id).where(Reseller.slug == slug)).scalar_one()
        with database.work(shop) as db:
            yield db
            db.commit()
    finally:
        database.dispose()


def own_shop(house: House, **terms: object) -> tuple[str, str]:
    """A shop that just opened, and the session of its owner."""
    slug = f"lipa{ids.public_code(6).lower().replace('-', '')}"
    database = Database(config_for(house.addresses, house.data))
    try:
        with database.office_work() as db:
            row = factories.make_reseller(db, slug, name="Lipa", **terms)
            db.commit()
        with database.work(row.id) as db:
            factories.stock(db)
            owner = factories.make_user(db, kind="staff", role="owner", locale=row.default_locale)
            _, secret = begin_session(db, owner, host=f"{slug}.localhost", address="127.0.0.1", browser="journey")
            db.commit()
    finally:
        database.dispose()
    return slug, secret


def let_in(walk: Walk, house: House, slug: str, secret: str) -> None:
    """Give a window the session of somebody."""
    kept = {"name": SESSION_COOKIE, "value": secret, "url": f"https://{slug}.localhost:{house.port}/", "secure": True}
    walk.page.context.add_cookies([kept])  # type: ignore[list-item]  # a cookie


def fill_in(house: House, slug: str, address: str) -> None:
    """Write something into every block that stands on a page."""
    found = PAGE.search(address)
    assert found is not None
    with work(house, slug) as db:
        made = furnish(db)
        draft = find_version(db, db.execute(select(Row).where(Row.id == found[1])).scalar_one(), "en", "draft")
        assert draft is not None
        blocks = [{**sample(each["kind"], **made), "id": each["id"]} for each in draft.blocks]
        writing = Writing(path=draft.path, title=draft.title, blocks=blocks)
        save_draft(db, draft, writing, revision=draft.revision)


def publish(page: Page) -> None:
    page.locator("button[value=publish]").press("Enter")
    expect(page.locator(".flashes")).to_contain_text("It is published.", timeout=30_000)


def test_page_of_every_block_is_translated_planned_and_restored(browser: Browser, running_house: House) -> None:
    slug, secret = own_shop(running_house, locales=["en", "pl"])
    walk = Walk(browser, width=1280, locale="en-GB")
    let_in(walk, running_house, slug, secret)
    page = walk.page
    walk.go(running_house.url(slug, "/reseller/pages/new"))
    walk.fill(title="Every block")
    walk.press("main form button[type=submit]")
    page.wait_for_url(PAGE)
    editor = page.url.partition("?")[0]
    for kind in KINDS:
        add(page, kind)
    saved(page)
    expect(page.locator("[data-list] [data-label]")).to_have_count(len(KINDS))
    fill_in(running_house, slug, editor)
    walk.go(editor)
    walk.look("page-every-block")
    path = page.locator("#path").input_value()
    publish(page)
    visitor = Walk(browser, width=360, locale="en-GB")
    visitor.go(running_house.url(slug, path))
    visitor.look("page-every-block-seen")
    expect(visitor.page.locator("main")).to_contain_text(WORDS)

    walk.go(editor)
    page.locator(FIELD).first.fill("Written later")
    saved(page)
    page.locator(".editor-when > summary").press("Enter")
    page.locator("[name=at]").fill("2027-06-01T09:00")
    page.locator("button[value=schedule]").press("Enter")
    expect(page.locator("main")).to_contain_text("Goes live on", timeout=30_000)
    visitor.go(running_house.url(slug, path))
    expect(visitor.page.locator("main")).not_to_contain_text("Written later")

    walk.go(editor.replace("/en/", "/pl/"))
    walk.look("page-every-block-in-polish")
    page.locator(FIELD).first.fill("Każdy blok")
    saved(page)

    walk.go(f"{editor}versions/")
    walk.look("page-versions")
    page.locator("main form[action*='/restore'] button").last.press("Enter")
    expect(page.locator(".flashes")).to_contain_text("What stood there is the draft now", timeout=30_000)
    walk.go(editor)
    publish(page)
    visitor.go(running_house.url(slug, path))
    expect(visitor.page.locator("main")).not_to_contain_text("Written later")
    visitor.close()
    walk.close()


def news_and_special_pages(visitor: Walk, house: House) -> None:
    """News of a shop that has some, one of them, its legal documents, and a page that is none."""
    visitor.go(house.url("rejestrator", "/aktualnosci"))
    visitor.look("news-pl")
    visitor.press("main :is(h2, h3) a")
    visitor.look("news-one-pl")
    visitor.go(house.url("rejestrator", "/legal/terms/"))
    visitor.look("legal-editions-pl")
    visitor.page.goto(house.url("rejestrator", "/nie-ma-takiej"))
    visitor.look("not-found-pl")


def test_starter_site_in_polish_from_nothing_to_live_by_keyboard(browser: Browser, running_house: House) -> None:
    slug, secret = own_shop(running_house, country="PL", default_locale="pl", locales=["pl"], zone="Europe/Warsaw")
    walk = Walk(browser, width=1280, locale="pl-PL")
    let_in(walk, running_house, slug, secret)
    walk.go(running_house.url(slug, "/reseller/starter/"))
    walk.look("starter-site-pl")
    button = walk.page.locator("button[name=do][value=publish]")
    for _ in range(200):
        walk.page.keyboard.press("Tab")
        if button.evaluate("each => each === document.activeElement"):
            break
    walk.page.keyboard.press("Enter")
    walk.until(walk.page.locator(".flashes").first)

    visitor = Walk(browser, width=360, locale="pl-PL")
    visitor.go(running_house.url(slug))
    visitor.look("starter-home-pl")
    places = visitor.page.locator("footer nav a, header nav a")
    paths = {each.get_attribute("href") or "" for each in places.all()}
    for path in sorted(each for each in paths if each.startswith("/") and "/account" not in each):
        visitor.go(running_house.url(slug, path))
        assert visitor.page.locator("html").get_attribute("lang") == "pl", path
    assert len(paths) > 5
    news_and_special_pages(visitor, running_house)
    visitor.close()
    walk.close()

"""A shop under attack: where it answers, a browser that blocks cookies of other sites, its rows, and the papers."""

from collections.abc import Iterable, Iterator
from typing import Any, cast

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext

from storefront.core.db import Database
from tests import factories
from tests.frames.attacks import Papers, Rows, Stranger
from tests.frames.browsing import BLOCKED, opened, served
from tests.frames.people import Windows, hashed
from tests.storefront.account.people import PASSWORD


@pytest.fixture(scope="session")
def papers() -> Iterator[Papers]:
    """What was tried and what came of it."""
    made = Papers()
    yield made
    made.write()


@pytest.fixture(scope="module")
def asked() -> list[str]:
    """What the shop of this module was asked: method and path."""
    return []


@pytest.fixture(scope="module")
def attacked(app: Flask, windows: Windows, asked: list[str]) -> Iterator[str]:
    """Where the shop of this module answers."""

    def listening(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        named = f"{environ['REQUEST_METHOD']} {environ['PATH_INFO']}"
        answer = app(environ, start_response)
        asked.append(named)
        return answer

    with served(cast("Flask", listening), windows.shop.host) as address:
        yield address


@pytest.fixture(scope="module")
def chrome(chromium: str) -> Iterator[Browser]:
    """Chromium as it is when cookies of other sites are blocked."""
    with opened(chromium, BLOCKED) as browser:
        yield browser


@pytest.fixture(scope="module")
def signed_in(chrome: Browser, attacked: str, windows: Windows, database: Database) -> Any:
    """What the browser of a customer keeps who is signed in at the shop."""
    with database.work(windows.shop.id) as db:
        victim = factories.make_user(db, customer=factories.make_customer(db), password_hash=hashed(PASSWORD))
        db.commit()
    context = chrome.new_context()
    page = context.new_page()
    page.goto(f"{attacked}/account/sign-in")
    page.fill("[name=login]", victim.login)
    page.fill("[name=password]", PASSWORD)
    page.click("form[action*='sign-in'] [type=submit]")
    page.wait_for_url("**/panel/**")
    kept = context.storage_state()
    context.close()
    return kept


@pytest.fixture
def context(chrome: Browser) -> Iterator[BrowserContext]:
    """A visitor whom nobody knows."""
    made = chrome.new_context()
    yield made
    made.close()


@pytest.fixture
def stranger(context: BrowserContext) -> Stranger:
    """Pages of strangers."""
    return Stranger(context)


@pytest.fixture(scope="module")
def rows(database: Database, windows: Windows) -> Rows:
    """Every row of the shop of this module."""
    return Rows(database, windows.shop)

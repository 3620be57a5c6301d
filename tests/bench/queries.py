"""How often each page asks the database, counted inside one process."""

import random
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from flask import Flask
from sqlalchemy import event, select

from storefront.core.db import Database
from storefront.identity.models import LoginUser
from storefront.identity.sessions import begin_session
from storefront.web.sessions import SESSION_COOKIE
from tenants.models import Reseller
from tests.bench.seed import SUFFIX

SHOP = "nordhost"


@dataclass(frozen=True, kw_only=True)
class Page:
    """One page to be counted; its goal is the number of queries it may make."""

    name: str
    path: str
    goal: int | None = None
    is_signed_in: bool = False


PAGES = (
    Page(name="home, ready", path="/", goal=0),
    Page(name="home, made by the app", path="/?made=1", goal=5),
    Page(name="search page", path="/search?q=example-name-4711"),
    Page(name="cart, empty", path="/cart"),
    Page(name="panel overview, signed in", path="/panel/", goal=12, is_signed_in=True),
    Page(name="panel domains, signed in", path="/panel/domains", goal=8, is_signed_in=True),
)


class Count:
    """Counts statements; ``set_config``, with which every Work says whose it is, counts too.

    Those of this thread alone: beside it others look once a second for what changed, whatever is asked here.
    """

    def __init__(self) -> None:
        self.number = 0
        self._thread = threading.get_ident()

    def one_more(self, *_: Any) -> None:
        """Take note of a statement."""
        self.number += threading.get_ident() == self._thread


@contextmanager
def counting(database: Database) -> Iterator[Count]:
    """Count what both engines are asked inside the block."""
    count = Count()
    for engine in (database.app, database.office):
        event.listen(engine, "before_cursor_execute", count.one_more)
    try:
        yield count
    finally:
        for engine in (database.app, database.office):
            event.remove(engine, "before_cursor_execute", count.one_more)


def queries_of(app: Flask, database: Database, page: Page) -> str:
    """Return the number of queries of a page whose process is warm, or why there is none."""
    client = app.test_client()
    if page.is_signed_in:
        client.set_cookie(SESSION_COOKIE, _sign_in(database), domain=f"{SHOP}.localhost", secure=True)
    for _ in range(2):
        client.get(page.path, base_url=f"https://{SHOP}.localhost", headers={"Accept-Language": "en"})
    with counting(database) as count:
        response = client.get(page.path, base_url=f"https://{SHOP}.localhost", headers={"Accept-Language": "en"})
    if response.status_code != 200:
        return f"not built yet ({response.status_code})"
    return str(count.number)


def queries_of_random_hosts(app: Flask, database: Database, hosts: int, visits: int) -> int:
    """Return how often the home pages of random hosts asked, all together."""
    client = app.test_client(use_cookies=False)
    with counting(database) as count:
        for _ in range(visits):
            host = f"b{random.randrange(hosts)}{SUFFIX}"
            response = client.get("/", base_url=f"https://{host}", headers={"Accept-Language": "en"})
            assert response.status_code == 200, response.status
    return count.number


def _sign_in(database: Database) -> str:
    """Begin a session for the first customer of the demo shop."""
    with database.office_work() as db:
        shop_id = db.execute(select(Reseller.id).where(Reseller.slug == SHOP)).scalar_one()
    with database.work(shop_id) as db:
        user = db.execute(select(LoginUser).where(LoginUser.kind == "customer").limit(1)).scalar_one()
        _, secret = begin_session(db, user, host=f"{SHOP}.localhost", address="127.0.0.1", browser="bench")
        db.commit()
    return secret

"""What prices cost: the book, the page, a cart, the grid, and a list of twenty thousand prices being published."""

import gc
import re
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from statistics import median
from typing import Any
from uuid import UUID

import psycopg
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from storefront.core import clock
from storefront.core.changes import announce
from storefront.core.config import Config
from storefront.core.db import Actor, Database, Work
from storefront.core.kept import KeptFacts
from storefront.identity.models import LoginUser
from storefront.identity.sessions import begin_session
from storefront.pricing.book import load_book, price_book
from storefront.pricing.models import PriceList
from storefront.pricing.price_lists import copy_list, free_name, publish_list
from storefront.pricing.quote import Item, quote
from storefront.web.sessions import SESSION_COOKIE
from tenants.models import Reseller
from tests.bench.apps import hello_app
from tests.bench.queries import SHOP, counting
from tests.bench.servers import Server
from tests.waiting import until

HOST = f"{SHOP}.localhost"
ENDINGS, PUBLISHED_ENDINGS = 500, 1_000
PERIODS = 10
CART = 50
FEW, MANY = 10, 10_000
OTHERS_PRICES = 100
SEEN_AT_MOST_S = 10.0
# In one round every question is asked so often, and the median of the round counts.
ASKED = 5

ENDINGS_SQL = """
    INSERT INTO tld (name, valid_from, rules)
    SELECT 'bench' || n, valid_from, rules FROM generate_series(1, %(count)s) AS n, tld WHERE name = 'com'
    ON CONFLICT DO NOTHING
"""
COSTS_SQL = """
    INSERT INTO wholesale_price (ending, action, years, currency, valid_from, plan, kind, minor)
    SELECT 'bench' || n, action, years, currency, valid_from, plan, kind, minor
    FROM generate_series(1, %(count)s) AS n, wholesale_price WHERE ending = 'com' AND kind = 'domain'
    ON CONFLICT DO NOTHING
"""
OFFERS_SQL = """
    INSERT INTO offer (reseller_id, id, ending, is_offered, badge, position)
    SELECT %(shop)s, gen_random_uuid(), 'bench' || n, true, '{}', 1000 + n FROM generate_series(1, %(count)s) AS n
    ON CONFLICT DO NOTHING
"""
LIST_SQL = """
    INSERT INTO price_list (reseller_id, id, name, line, currency, amounts, starts_at, published_at, published_by,
        revision)
    SELECT id, gen_random_uuid(), %(name)s, 'main', currency, 'gross', now() - interval '1 minute', NULL, '', 0
    FROM reseller WHERE id = %(shop)s RETURNING id
"""
PRICES_SQL = """
    INSERT INTO price (reseller_id, id, price_list_id, kind, ending, action, years, minor, is_by_rule)
    SELECT %(shop)s, gen_random_uuid(), %(list)s, 'domain', ending, action, years, (890 + 10 * (number %% 90)) * years,
        false
    FROM (SELECT ending, row_number() OVER () AS number FROM unnest(%(endings)s::text[]) AS ending) AS endings,
        (SELECT action, years
         FROM unnest(ARRAY['register', 'renew']) AS action, generate_series(1, %(periods)s) AS years
         UNION SELECT action, 1 FROM unnest(%(once)s::text[]) AS action) AS cells
"""
OTHERS_SQL = """
    WITH lists AS (
        INSERT INTO price_list (reseller_id, id, name, line, currency, amounts, starts_at, published_at, published_by,
            revision)
        SELECT id, gen_random_uuid(), 'Prices', 'main', 'EUR', 'gross', now() - interval '1 day', now(), '', 0
        FROM reseller WHERE slug LIKE 'bench-%%' ORDER BY slug OFFSET %(start)s LIMIT %(count)s
        RETURNING reseller_id, id
    )
    INSERT INTO price (reseller_id, id, price_list_id, kind, ending, action, years, minor, is_by_rule)
    SELECT reseller_id, gen_random_uuid(), id, 'domain', 'bench' || n, 'register', years, 990 * years, false
    FROM lists, generate_series(1, %(endings)s) AS n, generate_series(1, 10) AS years
"""
RISE_SQL = """
    UPDATE price SET minor = CASE WHEN ending = %(ending)s AND action = 'register' AND years = 1 THEN %(minor)s
        ELSE minor + 10 END
    WHERE reseller_id = %(shop)s AND price_list_id = %(list)s
"""
BACK_SQL = "UPDATE price_list SET published_at = NULL WHERE reseller_id = %(shop)s AND id = %(list)s"


@dataclass(frozen=True, kw_only=True)
class Question:
    """Something whose cost is asked: how it is called, what it does, how long it may take, in milliseconds."""

    name: str
    goal_ms: float
    ask: Callable[[], object]
    before: Callable[[], object] = lambda: None


@dataclass(kw_only=True)
class Found:
    """Milliseconds by question and number of shops with prices, one for each round, and those of "hello"."""

    goals: dict[str, float] = field(default_factory=dict)
    took: dict[tuple[str, int], list[float]] = field(default_factory=dict)
    hello: dict[int, list[float]] = field(default_factory=dict)
    queries: int = 0

    def lines(self) -> list[str]:
        """Write the table in Markdown."""
        counts = list(self.hello)
        told = [
            (
                f"One shop of {ENDINGS} endings, each with {PERIODS} periods to register and to renew, transfer and "
                f"restore ({ENDINGS * (2 * PERIODS + 2):,} prices); the others have {OTHERS_PRICES} prices each. "
                "Milliseconds, and in brackets how many times a bare Flask hello, asked in the same rounds in the same "
                "way:"
            ),
            "",
            "| what | " + " | ".join(f"among {count:,} shops" for count in counts) + " | goal |",
            "|---|" + "---|" * len(counts) + "---|",
        ]
        for name, goal in self.goals.items():
            cells = [self._cell(name, count) for count in counts]
            told.append(f"| {name} | {' | '.join(cells)} | ≤ {goal:,g}{self._verdict(name, goal)} |")
        hello = " and ".join(f"{median(self.hello[count]):.2f}" for count in counts)
        told += ["", f"The book takes {self.queries} queries (goal ≤ 4); hello took {hello} ms."]
        return told

    def _cell(self, name: str, count: int) -> str:
        took = self.took.get((name, count))
        if took is None:
            return ""
        times = median(ours / max(hello, 0.001) for ours, hello in zip(took, self.hello[count], strict=True))
        return f"**{median(took):,.2f}** ({times:,.1f})"

    def _verdict(self, name: str, goal: float) -> str:
        worst = max(median(took) for (what, _), took in self.took.items() if what == name)
        return "" if worst <= goal else ", NOT reached"


def measure_prices(config: Config, database: Database, app: Flask, servers: Sequence[Server], rounds: int) -> list[str]:
    """Ask everything with few and with many shops that have prices."""
    shop = _shop(database)
    draft = seed_prices(config, database, shop)
    found, had = Found(), 0
    for count in (FEW, MANY):
        seed_others(config, had, count)
        had = count
        bench = _Bench(config=config, database=database, app=app, servers=servers, shop=shop, draft=draft)
        found.queries = bench.queries()
        bench.measure(found, count, rounds)
        print(f"· prices among {count:,} shops are measured", flush=True)
    return found.lines()


def seed_prices(config: Config, database: Database, shop: UUID) -> UUID:
    """Give a shop five hundred endings and a list that holds; return a draft of twenty thousand prices."""
    with _owner(config) as line:
        offered = line.execute("SELECT ending FROM offer WHERE reseller_id = %s AND is_offered", (shop,))
        own = [str(row[0]) for row in offered]
        line.execute(ENDINGS_SQL, {"count": PUBLISHED_ENDINGS})
        line.execute(COSTS_SQL, {"count": PUBLISHED_ENDINGS})
        line.execute(OFFERS_SQL, {"count": ENDINGS - len(own), "shop": shop})
        more = [f"bench{number}" for number in range(1, PUBLISHED_ENDINGS + 1)]
        shown = _list(line, shop, "Five hundred", [*own, *more][:ENDINGS], ["transfer", "restore"])
        draft = _list(line, shop, "Twenty thousand", [*own, *more][:PUBLISHED_ENDINGS], [])
        line.execute("ANALYZE tld, wholesale_price, offer, price_list, price")
    with _work(database, shop) as db:
        row = db.require(PriceList, shown)
        publish_list(db, row, revision=row.revision)
        db.commit()
    return draft


def _list(
    line: "psycopg.Connection[tuple[Any, ...]]", shop: UUID, name: str, endings: list[str], once: list[str]
) -> UUID:
    row = line.execute(LIST_SQL, {"shop": shop, "name": name}).fetchone()
    assert row is not None
    made: UUID = row[0]
    values = {"shop": shop, "list": made, "endings": endings, "once": once, "periods": PERIODS}
    line.execute(PRICES_SQL, values)
    return made


def seed_others(config: Config, had: int, count: int) -> None:
    """Give so many other shops a list of their own."""
    with _owner(config) as line:
        values = {"start": had, "count": count - had, "endings": OTHERS_PRICES // PERIODS}
        line.execute(OTHERS_SQL, values)
        line.execute("ANALYZE price_list, price")


@contextmanager
def _owner(config: Config) -> "Iterator[psycopg.Connection[tuple[Any, ...]]]":
    address = config.owner_url.replace("postgresql+psycopg:", "postgresql:", 1)
    with psycopg.connect(address, autocommit=True) as line:
        yield line


@contextmanager
def _work(database: Database, shop: UUID) -> Iterator[Work]:
    with database.work(shop, actor=Actor(kind="staff", name="bench")) as db:
        yield db


def _shop(database: Database) -> UUID:
    with database.office_work() as db:
        found: UUID = db.execute(select(Reseller.id).where(Reseller.slug == SHOP)).scalar_one()
    return found


@dataclass(kw_only=True)
class _Bench:
    """Everything that questions about prices need."""

    config: Config
    database: Database
    app: Flask
    servers: Sequence[Server]
    shop: UUID
    draft: UUID

    def __post_init__(self) -> None:
        self._hello = hello_app().test_client()
        self._visitor = self.app.test_client(use_cookies=False)
        self._office = self.app.test_client()
        secret = self._sign_in()
        self._office.set_cookie(SESSION_COOKIE, secret, domain=HOST, secure=True)
        self._grid = self._draft_of_five_hundred()
        self._amount = 1_000
        # Its own list is shown as soon as the notice of it came.
        until(lambda: self._get(self._visitor, "/price-list?made=1").count("<tr") > ENDINGS * 0.9)
        page = self._get(self._office, self._grid)
        self._token = _first(page, r'name="csrf_token" value="([^"]+)"')
        self._revision = int(_first(page, r'name="revision" value="([0-9]+)"'))
        with _work(self.database, self.shop) as db:
            self._book = price_book(db)
        years = range(1, 6)
        endings = [ending for ending, action, term in self._book.prices if (action, term) == ("register", 1)]
        self._cart = [
            Item(key=str(number), ending=endings[number * 7], action="register", years=years[number % 5])
            for number in range(CART)
        ]
        self._now = clock.now()

    def queries(self) -> int:
        """Count what loading a book asks, without the settings of its transaction."""
        with _work(self.database, self.shop) as db, counting(self.database) as count:
            load_book(db)
        return count.number - 1

    def measure(self, found: Found, shops: int, rounds: int) -> None:
        """Ask everything once in each round, hello too."""
        for question in self._questions():
            found.goals[question.name] = question.goal_ms
        hello = Question(name="hello", goal_ms=0, ask=lambda: self._hello.get("/"))
        for number in range(-1, rounds):  # the first is for warming up
            for question in self._questions():
                took = _timed(question)
                if number >= 0:
                    found.took.setdefault((question.name, shops), []).append(took)
            took = _timed(hello)
            published, seen = self._publish()
            if number >= 0:
                found.hello.setdefault(shops, []).append(took)
                found.took.setdefault(("publish 20,000 prices", shops), []).append(published)
                found.took.setdefault(("the same, until all workers show it", shops), []).append(seen)
        found.goals |= {"publish 20,000 prices": 2_000, "the same, until all workers show it": 1_000}

    def _questions(self) -> Sequence[Question]:
        return [
            Question(name="quote of a cart of 50 lines", goal_ms=2, ask=self._quote),
            Question(name="price page from a warm book", goal_ms=20, ask=self._prices),
            Question(name="price page from the database", goal_ms=60, ask=self._prices, before=KeptFacts.forget),
            Question(name="the book alone, from the database", goal_ms=60, ask=self._load),
            Question(name="page of the grid", goal_ms=100, ask=lambda: self._get(self._office, self._grid)),
            Question(name="one cell of the grid saved", goal_ms=100, ask=self._save),
        ]

    def _quote(self) -> None:
        answer = quote(self._cart, self._book, now=self._now)
        assert len(answer.items) == CART

    def _prices(self) -> None:
        page = self._get(self._visitor, "/price-list?made=1")
        assert page.count("<tr") > ENDINGS * 0.9, page.count("<tr")

    def _load(self) -> None:
        with _work(self.database, self.shop) as db:
            load_book(db)

    def _save(self) -> None:
        self._amount += 1
        values = {
            "csrf_token": self._token,
            "revision": str(self._revision),
            f"register.1.{self._cart[0].ending}": f"{self._amount // 100}.{self._amount % 100:02}",
        }
        answer = self._office.post(
            f"{self._grid}/cells",
            data=values,
            base_url=f"https://{HOST}",
            headers={"X-Requested-With": "script", "Origin": f"https://{HOST}"},
        )
        assert answer.status_code == 200, (answer.status, answer.text[:500])
        self._revision = answer.get_json()["revision"]

    def _publish(self) -> tuple[float, float]:
        """Publish twenty thousand prices that all changed; milliseconds until it is done, and until all show it."""
        self._amount += 1
        shown = f"7{self._amount // 100 % 10:02}.{self._amount % 100:02}"
        mine = {"list": self.draft, "shop": self.shop, "ending": self._cart[0].ending}
        with _owner(self.config) as line:
            line.execute(RISE_SQL, {**mine, "minor": int(shown.replace(".", ""))})
        begun = time.perf_counter()
        with _work(self.database, self.shop) as db:
            row = db.require(PriceList, self.draft)
            publish_list(db, row, revision=row.revision)
            db.commit()
        published = time.perf_counter()
        for server in self.servers:
            self._await(server, shown)
        seen = time.perf_counter()
        with _owner(self.config) as line:
            line.execute(BACK_SQL, mine)
            # A throw-away server has no housekeeper that would soon look at forty thousand new rows.
            line.execute("ANALYZE price_seen")
        with _work(self.database, self.shop) as db:
            announce(db)
            db.commit()
        return (published - begun) * 1000, (seen - published) * 1000

    def _await(self, server: Server, shown: str) -> None:
        latest = time.monotonic() + SEEN_AT_MOST_S
        while time.monotonic() < latest:
            line = HTTPConnection("127.0.0.1", server.port, timeout=SEEN_AT_MOST_S)
            line.request("GET", "/price-list", headers={"Host": f"{HOST}:{server.port}", "Accept-Language": "en"})
            page = line.getresponse().read().decode()
            line.close()
            if shown in page:
                return
            time.sleep(0.01)
        raise RuntimeError(f"{server.name} does not show {shown}")

    def _get(self, client: FlaskClient, path: str) -> str:
        answer = client.get(path, base_url=f"https://{HOST}", headers={"Accept-Language": "en"})
        assert answer.status_code == 200, (path, answer.status)
        return answer.text

    def _sign_in(self) -> str:
        with _work(self.database, self.shop) as db:
            user = db.execute(select(LoginUser).where(LoginUser.kind == "staff").limit(1)).scalar_one()
            _, secret = begin_session(db, user, host=HOST, address="127.0.0.1", browser="bench")
            db.commit()
        return secret

    def _draft_of_five_hundred(self) -> str:
        with _work(self.database, self.shop) as db:
            source = db.execute(select(PriceList).where(PriceList.name == "Five hundred")).scalar_one()
            row = copy_list(db, source, free_name(db, source.name))
            db.commit()
            return f"/reseller/price-lists/{row.id}"


def _timed(question: Question) -> float:
    """Return milliseconds: the median of a few, each without the garbage of those before."""
    took = []
    for _ in range(ASKED):
        question.before()
        gc.collect()
        begun = time.perf_counter()
        question.ask()
        took.append((time.perf_counter() - begun) * 1000)
    return median(took)


def _first(page: str, pattern: str) -> str:
    found = re.search(pattern, page)
    assert found is not None, pattern
    return found[1]

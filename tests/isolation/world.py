"""Two marked shops behind one application, and the people who look at them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from uuid import UUID

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import CompoundSelect, String, create_engine, func, literal, select, text, union_all
from werkzeug.test import TestResponse

from storefront.app import create_app
from storefront.core.config import Config
from storefront.core.db import Database
from storefront.identity.models import LoginUser
from storefront.identity.sessions import begin_session
from storefront.web.forms import token_for
from storefront.web.sessions import SESSION_COOKIE
from tenants.maintenance import end_maintenance, maintenance_of
from tenants.models import Reseller
from tests import factories
from tests.fixtures_app import Shop, open_shops
from tests.isolation.estates import Estate, furnish
from tests.isolation.marks import PREFIX, mark_of, owned_tables

# What coming in leaves behind; a look at what has changed leaves it out.
SESSIONS = frozenset({"login_session"})
Fingerprint = dict[tuple[UUID, str], tuple[int, str]]


@dataclass(frozen=True, kw_only=True)
class World:
    """Both estates, the platform with its operators, and the application."""

    app: Flask
    database: Database
    north: Estate
    south: Estate
    platform: Shop
    operator_id: UUID
    known: dict[str, "Browser"] = field(default_factory=dict)
    seen: dict[object, Fingerprint] = field(default_factory=dict)

    def everything(self) -> Fingerprint:
        """All that the shops and the platform have but sessions: equal before and after means untouched.

        Looked at only when somebody has written since the last look.
        """
        with self.database.office.connect() as connection:
            writes = connection.execute(WRITES).one()
        if writes not in self.seen:
            self.seen.clear()
            self.seen[writes] = fingerprint(self.database)
        return self.seen[writes]

    def let_visitors_in(self) -> None:
        """Open the shop in the north again, if what was sent before has closed it for work: all else would be 503."""
        with self.database.office_work() as db:
            reseller = db.find(Reseller, self.north.shop.id)
            if reseller is not None and maintenance_of(reseller.settings) is not None:
                end_maintenance(db, reseller)
                db.commit()

    def browser(self, role: str) -> "Browser":
        """Open a browser for one of ROLES at the shop in the north, or at the platform for operators.

        Browsers of one role share a session; whoever ends it on purpose takes one from ``signed_in``.
        """
        if role not in self.known:
            self.known[role] = ROLES[role](self)
        known = self.known[role]
        fresh = Browser(client=self.app.test_client(), shop=known.shop, token=known.token, secret=known.secret)
        if known.secret:
            fresh.client.set_cookie(SESSION_COOKIE, known.secret, domain=known.shop.host, secure=True)
        return fresh


@dataclass(kw_only=True)
class Browser:
    """Somebody who looks: knows its cookie and its CSRF token, sends the Origin a browser sends."""

    client: FlaskClient
    shop: Shop
    token: str = ""
    secret: str = ""

    def send(
        self,
        method: str,
        path: str,
        data: Mapping[str, Any] | None = None,
        *,
        headers: Mapping[str, str] | None = None,
        has_token: bool = True,
    ) -> TestResponse:
        """Ask for a page of the shop; unsafe requests carry Origin and token."""
        told = {"Accept-Language": "en", **(headers or {})}
        if method not in ("GET", "HEAD", "OPTIONS"):
            told.setdefault("Origin", self.shop.url)
            if has_token and self.token:
                data = {"csrf_token": self.token, **(data or {})}
        return self.client.open(path, method=method, base_url=self.shop.url, data=data, headers=told)


def visitor(world: World) -> Browser:
    """Somebody without any cookie."""
    return Browser(client=world.app.test_client(), shop=world.north.shop)


def signed_in(
    world: World, user_id: UUID, home: Shop, *, at: Shop | None = None, second_factor: bool = False
) -> Browser:
    """Somebody with a session of one shop, who looks at this or at another one."""
    place = at or home
    with world.database.work(home.id) as db:
        user = db.require(LoginUser, user_id)
        before = user.signed_in_at
        row, secret = begin_session(db, user, host=home.host, address="127.0.0.1", browser=f"{PREFIX}north test")
        row.second_factor_at = db.now if second_factor else None
        user.signed_in_at = before  # coming in leaves no trace but the session itself
        seed = row.csrf_seed
        db.commit()
    client = world.app.test_client()
    client.set_cookie(SESSION_COOKIE, secret, domain=place.host, secure=True)
    return Browser(client=client, shop=place, token=token_for(seed), secret=secret)


def _of_north(person: str) -> Callable[[World], Browser]:
    def enter(world: World) -> Browser:
        estate = world.north
        user_id = {"first": estate.first.user_id, "second": estate.second.user_id, **estate.staff}[person]
        return signed_in(world, user_id, estate.shop)

    return enter


def _of_south(person: str) -> Callable[[World], Browser]:
    def enter(world: World) -> Browser:
        estate = world.south
        user_id = {"first": estate.first.user_id, **estate.staff}[person]
        return signed_in(world, user_id, estate.shop, at=world.north.shop)

    return enter


def _operator(*, second_factor: bool) -> Callable[[World], Browser]:
    def enter(world: World) -> Browser:
        return signed_in(world, world.operator_id, world.platform, second_factor=second_factor)

    return enter


ROLES: dict[str, Callable[[World], Browser]] = {
    "visitor": visitor,
    "customer": _of_north("first"),
    "other customer": _of_north("second"),
    "owner": _of_north("owner"),
    "read-only staff": _of_north("read_only"),
    "customer of the other shop": _of_south("first"),
    "owner of the other shop": _of_south("owner"),
    "operator without second factor": _operator(second_factor=False),
    "operator": _operator(second_factor=True),
}
# What a role may read besides the shop's own public words.
MAY_READ: dict[str, tuple[str, ...]] = {
    "visitor": (mark_of("north"),),
    "customer": (mark_of("north"), mark_of("north", "a")),
    "other customer": (mark_of("north"), mark_of("north", "b")),
    "owner": (mark_of("north"), mark_of("north", "a"), mark_of("north", "b")),
    "read-only staff": (mark_of("north"), mark_of("north", "a"), mark_of("north", "b")),
    "customer of the other shop": (mark_of("north"),),
    "owner of the other shop": (mark_of("north"),),
    "operator without second factor": (),
    "operator": tuple(mark_of(shop, person) for shop in ("north", "south") for person in ("", "a", "b")),
}


def make_world(config: Config, database: Database) -> World:
    """Open the shops, fill them, and put the application in front of them."""
    shops = open_shops(database)
    estates = {}
    for slug in ("north", "south"):
        with database.work(shops[slug].id) as db:
            estates[slug] = furnish(db, shops[slug])
            db.commit()
    with database.work(shops["platform"].id) as db:
        operator = factories.make_user(db, kind="operator", role="operator", name="Operator")
        db.commit()
    watch(config)
    app = create_app(config, database=database)
    app.testing = False
    return World(
        app=app,
        database=database,
        north=estates["north"],
        south=estates["south"],
        platform=Shop(id=shops["platform"].id, host="localhost"),
        operator_id=operator.id,
    )


def fingerprint(database: Database, *, but: frozenset[str] = SESSIONS) -> Fingerprint:
    """Everything that shops have, as a count and a sum of hashes for each shop and table, in one question."""
    with database.office_work() as db:
        found = db.session.execute(_digests(but))
        return {(shop_id, name): (count, str(digest)) for name, shop_id, count, digest in found}


@cache
def _digests(but: frozenset[str]) -> CompoundSelect[Any]:
    return union_all(
        *(
            select(
                literal(table.name),
                table.c.reseller_id,
                func.count(),
                func.sum(func.hashtextextended(func.cast(table.table_valued(), String), 0)),
            ).group_by(table.c.reseller_id)
            for table in owned_tables()
            if table.name not in but
        )
    )


# Looking at everything costs a thousand times what looking at a number costs.
WATCH = """
    CREATE SCHEMA watch;
    GRANT USAGE ON SCHEMA watch TO vitrine_office;
    CREATE SEQUENCE watch.writes;
    GRANT SELECT ON SEQUENCE watch.writes TO vitrine_office;
    CREATE FUNCTION watch.count() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
        AS $$ BEGIN PERFORM nextval('watch.writes'); RETURN NULL; END $$;
"""
WRITES = text("SELECT last_value, is_called FROM watch.writes")


def watch(config: Config, *, but: frozenset[str] = SESSIONS) -> None:
    """Count every statement that writes to an owned table; what is undone counts too."""
    engine = create_engine(config.owner_url)
    with engine.begin() as connection:
        connection.execute(text(WATCH))
        for table in owned_tables():
            if table.name not in but:
                connection.execute(
                    text(
                        f"CREATE TRIGGER watched AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON {table.name} "
                        "FOR EACH STATEMENT EXECUTE FUNCTION watch.count()"
                    )
                )
    engine.dispose()


def has_marks(text: str, allowed: tuple[str, ...]) -> list[str]:
    """Return the marks in a text that its reader may not see."""
    lowered = text.lower()
    marks = [mark_of(shop, person) for shop in ("north", "south") for person in ("", "a", "b")]
    return [mark for mark in marks if mark in lowered and mark not in allowed]

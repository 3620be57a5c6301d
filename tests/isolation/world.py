"""Two marked shops behind one application, and the people who look at them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from uuid import UUID

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import CompoundSelect, String, func, literal, select, union_all
from werkzeug.test import TestResponse

from storefront.app import create_app
from storefront.core.config import Config
from storefront.core.db import Database
from storefront.identity.models import LoginUser
from storefront.identity.sessions import begin_session
from storefront.web.forms import token_for
from storefront.web.sessions import SESSION_COOKIE
from tests import factories
from tests.fixtures_app import Shop, open_shops
from tests.isolation.estates import Estate, furnish
from tests.isolation.marks import PREFIX, mark_of, owned_tables


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


def fingerprint(database: Database, estate: Estate, *, but: frozenset[str] = frozenset()) -> dict[str, tuple[int, str]]:
    """Everything a shop has, as a count and a sum of hashes for each table: equal before and after means untouched."""
    with database.work(estate.shop.id) as db:
        return {name: (count, str(digest)) for name, count, digest in db.session.execute(_digests(but))}


@cache
def _digests(but: frozenset[str]) -> CompoundSelect[Any]:
    return union_all(
        *(
            select(
                literal(table.name),
                func.count(),
                func.sum(func.hashtextextended(func.cast(table.table_valued(), String), 0)),
            )
            for table in owned_tables()
            if table.name not in but
        )
    )


def has_marks(text: str, allowed: tuple[str, ...]) -> list[str]:
    """Return the marks in a text that its reader may not see."""
    lowered = text.lower()
    marks = [mark_of(shop, person) for shop in ("north", "south") for person in ("", "a", "b")]
    return [mark for mark in marks if mark in lowered and mark not in allowed]

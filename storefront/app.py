"""create_app(): the only module that sees everything; AREAS is the site's table of contents."""

from typing import TYPE_CHECKING

import structlog
from flask import Flask

import cms.card_views
import cms.contact
import cms.legal_views
import cms.media_views
import cms.menus
import cms.news_views
import cms.shared_previews
import cms.special_pages
import cms.views
import frames.views
import frames.views_files
from storefront import account, hooks, models, operator, panel, reactions, reseller, schedule, shop
from storefront.core import logs
from storefront.core.bell import ring_bell
from storefront.core.config import Config
from storefront.core.db import Database
from storefront.core.sealing import session_key
from storefront.web import assets, errors, lifecycle, probes, rendering, sessions
from storefront.web.forwarded import Forwarded
from storefront.web.house import House
from storefront.web.locale import LocalePrefix
from storefront.web.ready import Ready
from storefront.web.requests import ShopRequest
from storefront.web.tls_ask import TlsAsk
from tenants.resolve import Resolver

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

log = structlog.get_logger()

AREAS = (
    assets.bp,
    probes.bp,
    shop.bp,
    account.bp,
    panel.bp,
    reseller.bp,
    operator.bp,
    hooks.bp,
    frames.views.bp,
    frames.views_files.bp,
    cms.contact.bp,
    cms.shared_previews.bp,
    cms.media_views.bp,
    cms.news_views.bp,
    cms.legal_views.bp,
    cms.card_views.bp,
    cms.views.bp,
)
# Every table is known before the first query, every job before the first is asked for.
LOADED = (models.MODULES, reactions.REACTIONS, schedule.SCHEDULE)


def create_app(config: Config | None = None, *, database: Database | None = None) -> Flask:
    """Build the application. It refuses to start if the database would not keep resellers apart."""
    logs.install()
    config = config or Config.from_environment()
    database = database or Database(config)
    database.refuse_open_doors()
    database.on_commit.append(lambda db: ring_bell(config) if db.published else None)
    app = Flask("storefront", static_folder=None, template_folder=None)
    app.request_class = ShopRequest
    app.secret_key = session_key(config)
    app.config.update(
        SESSION_COOKIE_NAME=sessions.NOTE_COOKIE,
        SESSION_COOKIE_SECURE=True,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        MAX_CONTENT_LENGTH=2 * 1024 * 1024,
        MAX_FORM_MEMORY_SIZE=1024 * 1024,
        MAX_FORM_PARTS=1_000,
    )
    app.url_map.strict_slashes = False
    house = House(
        config=config,
        database=database,
        resolver=Resolver(database),
        menus=cms.menus.links_of,
        own_pages=cms.special_pages.own_pages,
    )
    app.extensions["vitrine"] = house
    sessions.install(app)
    rendering.install(app, config.template_dir, reseller.TEMPLATES, operator.TEMPLATES)
    errors.install(app)
    lifecycle.install(app)
    for area in AREAS:
        app.register_blueprint(area)
    app.wsgi_app = _wrapped(app, house)  # type: ignore[method-assign, assignment]  # Flask's documented way
    return app


def _wrapped(app: Flask, house: House) -> "WSGIApplication":
    wrapped: WSGIApplication = LocalePrefix(app.wsgi_app)
    # A ready answer depends on nothing that a proxy could tell, so it is found first.
    wrapped = Forwarded(wrapped, house.config.trusted_proxies)
    return Ready(wrapped, house.config, house.resolver, lambda rest: TlsAsk(rest, house.database, house.resolver))

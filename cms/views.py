"""The last route: /<path>, and robots.txt."""

from flask import Blueprint, Response, abort, g

from cms.paths import normal_path
from cms.queries import find_published_page
from cms.render import shown
from storefront.core.i18n import LOCALES
from storefront.web.guards import PUBLIC, reads
from storefront.web.rendering import page as answer
from storefront.web.rendering import storable
from storefront.web.site import site

bp = Blueprint("cms", __name__)


@bp.get("/robots.txt")
@reads(PUBLIC)
def robots() -> Response:
    """Tell crawlers what is public."""
    private = ("cart", "checkout", "pay", "account", "panel", "search")
    prefixes = ("", *(f"/{locale}" for locale in LOCALES))
    lines = ["User-agent: *", *(f"Disallow: {prefix}/{area}" for prefix in prefixes for area in private)]
    response = Response("\n".join([*lines, ""]), mimetype="text/plain")
    return storable(response)


@bp.get("/", defaults={"path": ""})
@bp.get("/<path:path>")
@reads(PUBLIC)
def page(path: str) -> Response:
    """Show the published page at an address, in the language asked for, else in one that has it."""
    locales = list(dict.fromkeys([g.locale, *site()["languages"]]))
    version = find_published_page(g.db, normal_path(path), locales)
    if version is None:
        abort(404)
    return storable(answer("cms/page.html", page=shown(g.db, version, site()["prices_line"])))

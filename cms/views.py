"""The last route: /<path>; robots.txt and the list of pages it names."""

from urllib.parse import quote

from flask import Blueprint, Response, abort, g, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from cms.head import page_with_head, sitemap, switch, this_site
from cms.legal_reading import edition_line
from cms.paths import normal_path
from cms.queries import find_published_page
from cms.redirect_rules import lead_to
from cms.redirects import find_redirect
from cms.render import shown
from storefront.core.i18n import LOCALES
from storefront.web.guards import PUBLIC, reads
from storefront.web.rendering import page as answer
from storefront.web.rendering import render, storable
from storefront.web.site import site

bp = Blueprint("cms", __name__)


@bp.get("/robots.txt")
@reads(PUBLIC)
def robots() -> Response:
    """Tell crawlers what is public."""
    private = ("cart", "checkout", "pay", "account", "panel", "search", "drafts", "write")
    prefixes = ("", *(f"/{locale}" for locale in LOCALES))
    lines = ["User-agent: *", *(f"Disallow: {prefix}/{area}" for prefix in prefixes for area in private)]
    lines += ["", f"Sitemap: {this_site().origin}/sitemap.xml"]
    response = Response("\n".join([*lines, ""]), mimetype="text/plain")
    return storable(response)


@bp.get("/sitemap.xml")
@reads(PUBLIC)
def pages() -> Response:
    """Tell crawlers every public page in every language."""
    return storable(Response(render("cms/sitemap.xml", pages=sitemap(g.db)), mimetype="application/xml"))


@bp.get("/", defaults={"path": ""})
@bp.get("/<path:path>")
@reads(PUBLIC)
def page(path: str) -> AnyResponse:
    """Show the published page at an address, in the language asked for, else in one that has it."""
    facts = site()
    locales = list(dict.fromkeys([g.locale, *facts["languages"]]))
    version = find_published_page(g.db, normal_path(path), locales)
    if version is None:
        return _lead_on(normal_path(path))
    if request.path != version.path:
        # One address a page: what is typed in capitals or with a slash behind would be a page of its own to a memory.
        return redirect(request.script_root + version.path + _query(), 301)
    told = page_with_head(g.db, version, shown(g.db, version, facts["prices_line"], root=request.script_root))
    if version.edition_id is not None:
        told["edition"] = edition_line(g.db, version)
    # The switch leads to this page in another language, wherever it is there.
    return storable(answer("cms/page.html", page=told, site={**facts, "locales": switch(told["paths"])}))


def _lead_on(path: str) -> AnyResponse:
    """Lead to where an address that no page has leads, with the query that was asked; else there is nothing."""
    found = find_redirect(g.db, path)
    if found is None:
        abort(404)
    response = redirect(
        lead_to(found.target, request.script_root, _query().removeprefix("?")), 301 if found.is_permanent else 302
    )
    # A browser asks again after an hour: what leads elsewhere today may be a page tomorrow.
    response.headers["Cache-Control"] = "public, max-age=3600" if found.is_permanent else "no-cache"
    return response


def _query() -> str:
    query = quote(request.query_string, safe="=&%+,;:@/?!$'()*~-._")
    return f"?{query}" if query else ""

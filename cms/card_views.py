"""/media/cards/…: the picture that is shown where a page's link is shared."""

from uuid import UUID

from flask import Blueprint, Response, abort, g, request

from cms.card_layout import Card
from cms.cards import card_picture, find_card
from cms.media_views import ALONE
from cms.models import PageVersion
from cms.page_settings import settings_of
from cms.queries import find_published_version
from storefront.web.assets import FOREVER
from storefront.web.guards import PUBLIC, reads
from storefront.web.site import site

bp = Blueprint("cards", __name__)


@bp.get("/media/cards/<uuid:page_id>/<locale>/<digest>.png")
@reads(PUBLIC)
def show(page_id: UUID, locale: str, digest: str) -> Response:
    """Serve the picture of a published page; only an address that the page itself names has one."""
    content = find_card(g.db, digest)
    if content is None:
        version = find_published_version(g.db, page_id, [locale])
        if version is None or (card := card_of(version)).digest != digest:
            abort(404)
        content = card_picture(g.db, card)
    response = Response(content, mimetype="image/png")
    response.headers["Cache-Control"] = FOREVER
    response.headers["Content-Security-Policy"] = ALONE
    response.headers["X-Content-Type-Options"] = "nosniff"
    # Whoever shows a link shows its picture from where it lies.
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    response.headers["X-Vitrine-Ready"] = "1"
    response.set_etag(digest)
    response.make_conditional(request)
    return response


def card_of(version: PageVersion) -> Card:
    """Return what the picture of a page says; it asks the database nothing."""
    facts = site()
    logo = (facts["logo"] or {}).get("light_url") or ""
    title = settings_of(version.settings)["search_title"] or version.title
    # The sheet's address carries a digest of the brand, the logo's one of its bytes; neither has a language here.
    look = f"{facts['brand_css_url']} {logo.removeprefix(request.script_root)}"
    return Card(title=title, shop=facts["name"], host=g.place.canonical, look=look)


def card_path(version: PageVersion) -> str:
    """Return where the picture of a page lies, without host and language."""
    return f"/media/cards/{version.page_id}/{version.locale}/{card_of(version).digest}.png"

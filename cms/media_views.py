"""/media/library/…: what the pages of a shop show of its library."""

from typing import Final
from urllib.parse import quote

from flask import Blueprint, Response, abort, g, request

from cms.media import SHELF, find_public
from cms.pictures import ENDINGS
from storefront.core import files
from storefront.web.assets import FOREVER
from storefront.web.guards import PUBLIC, reads
from storefront.web.house import house

bp = Blueprint("library", __name__)

ALONE: Final = "default-src 'none'; sandbox; frame-ancestors 'none'"


@bp.get("/media/library/<file_digest>.<kind>")
@reads(PUBLIC)
def show(file_digest: str, kind: str) -> Response:
    """Serve a picture, or a document to keep: only what lies in the library of this very shop, under its own ending."""
    found = find_public(g.db, file_digest)
    if found is None or ENDINGS.get(found[0]) != kind:
        abort(404)
    content = files.fetch(house().config, g.place.reseller_id, file_digest, shelf=SHELF)
    response = Response(content, mimetype=found[0])
    response.headers["Cache-Control"] = FOREVER
    response.headers["Content-Security-Policy"] = ALONE
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    if not found[0].startswith("image/"):
        response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(found[1])}"
    response.set_etag(file_digest)
    response.headers["X-Vitrine-Ready"] = "1"
    response.make_conditional(request)
    return response

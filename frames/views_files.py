"""/frames/embed.v1.js and the table of events: fetched by pages of others, the same for everybody, without a cookie."""

from flask import Blueprint, Response, request

from frames.published import KINDS_OF_FILES, SCRIPT, published
from frames.snippet import integrity_of
from storefront.web.guards import PUBLIC, reads

bp = Blueprint("frame_files", __name__, url_prefix="/frames")

# A page that names the sum asks again only for these bytes; a mended version has another name.
KEPT = "public, max-age=86400, stale-while-revalidate=604800"


@bp.get(f"/{SCRIPT}")
@reads(PUBLIC)
def script() -> Response:
    """The script that puts windows into pages of others."""
    return _file(SCRIPT)


@bp.get("/events.v1.json")
@reads(PUBLIC)
def schema() -> Response:
    """What windows tell, as a JSON schema."""
    return _file("events.v1.json")


@bp.get("/events.v1.d.ts")
@reads(PUBLIC)
def declarations() -> Response:
    """What windows tell, as TypeScript types."""
    return _file("events.v1.d.ts")


def _file(name: str) -> Response:
    response = Response(published(name), mimetype=KINDS_OF_FILES[name])
    response.headers["Cache-Control"] = KEPT
    # Browsers compare a script with its sum only where its bytes may be read by every page (Fetch, SRI).
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    response.set_etag(integrity_of(published(name))[7:23].replace("/", "_"))
    if request.method == "GET":
        response.headers["X-Vitrine-Ready"] = "1"
    response.make_conditional(request)
    return response

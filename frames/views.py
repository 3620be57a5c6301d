"""/frames/<kind> and /frames/<kind>/<key>: pieces of the shop for pages of others, and what goes wrong in them."""

from contextlib import suppress
from dataclasses import replace

from flask import Blueprint, Response, abort, g, make_response, request
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as AnyResponse

from frames.counts import count
from frames.kinds import KINDS
from frames.leaving import leave
from frames.options import COLOUR
from frames.settings import find_frame
from frames.views_people import PEOPLE
from frames.views_shop import SELLING
from frames.views_simple import SIMPLE
from frames.views_told import token, told
from frames.window import SHOWN, open_window
from storefront.core.errors import NotFound, SaidNo
from storefront.web import errors
from storefront.web.assets import FOREVER, brand_stamp
from storefront.web.guards import PUBLIC, acts, reads
from storefront.web.rendering import render
from tenants.brand_colours import brand_css, brand_from
from tenants.resellers import current_reseller

# Modules that show kinds of windows register them when they are imported.
PARTS = (PEOPLE, SELLING, SIMPLE)

bp = Blueprint("frames", __name__, url_prefix="/frames")

for kind, view in SHOWN.items():
    methods = ["GET", "POST"] if view.guard.audit else ["GET"]  # type: ignore[attr-defined]  # set by guards.py
    name = KINDS[kind].view
    bp.add_url_rule(f"/{kind}", name, view, methods=methods, defaults={"key": ""})
    bp.add_url_rule(f"/{kind}/<key>", name, view, methods=methods)

bp.add_url_rule("/leave", "leave", leave, methods=["POST"])
bp.add_url_rule("/token", "token", token, methods=["POST"])
bp.add_url_rule("/told", "told", told, methods=["POST"])


@bp.post("/shown/<kind>", defaults={"key": ""})
@bp.post("/shown/<kind>/<key>")
@acts(PUBLIC, audit="frame.shown")
def shown(kind: str, key: str) -> Response:
    """Take note that somebody saw a window: sent by its script as soon as it is in sight."""
    if kind not in KINDS or (key and find_frame(g.db, key) is None):
        raise NotFound
    count(g.db, key or kind, "shown")
    # The counter is the line: the log would drown in who looked at what.
    g.db.logged = True
    return make_response("", 204)


@bp.get("/accent/<stamp>/<colour>.css")
@reads(PUBLIC)
def accent(stamp: str, colour: str) -> Response:
    """Serve the shop's look in another colour, for windows that were given one."""
    if not COLOUR.fullmatch(f"#{colour}"):
        abort(404)
    look = brand_from(current_reseller(g.db).brand)
    response = Response(brand_css(replace(look, brand=f"#{colour}", accent="")), mimetype="text/css")
    response.headers["Cache-Control"] = FOREVER if stamp == brand_stamp(brand_css(look)) else "public, max-age=60"
    return response


@bp.errorhandler(SaidNo)
@bp.errorhandler(HTTPException)
def failed(problem: SaidNo | HTTPException) -> AnyResponse:
    """Say what went wrong inside the window, so that there is no hole in the page around it."""
    usual = errors.said_no(problem) if isinstance(problem, SaidNo) else errors.http_error(problem)
    if usual.mimetype != "text/html" or usual.status_code < 400:  # noqa: PLR2004 - HTTP's own classes
        # A redirect of the router, or an answer to a script.
        return usual
    kind = next((each for each in KINDS.values() if each.endpoint == request.endpoint), None)
    if kind is None:
        return usual
    if "window" not in g:
        with suppress(NotFound):
            open_window(kind, str((request.view_args or {}).get("key", "")))
    words = str(problem.message) if isinstance(problem, SaidNo) else ""
    usual.set_data(render("frames/failed.html", window=g.window, status=usual.status_code, words=words))
    usual.headers["X-Robots-Tag"] = "noindex"
    return usual

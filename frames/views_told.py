"""/frames/token and /frames/told: what the script of a window asks for."""

from flask import Response, g, jsonify, request

from frames.handoff import form_token, use_ticket
from frames.sites import allowed_origins
from frames.window import find_window
from frames.window_carts import leaving_token
from storefront.web.guards import PUBLIC, acts

LONGEST_FRAME = 40


@acts(PUBLIC, audit="frame.form_begun")
def token() -> Response:
    """Give a sign-in form its token and what names the cart: the window is the same for everybody and holds neither."""
    g.refusal = True  # nothing is kept, so nothing is logged
    frame = request.form.get("frame", "")[:LONGEST_FRAME]
    return _private(jsonify(token=form_token(g.db, frame=frame, host=g.host), cart=leaving_token(frame)))


@acts(PUBLIC, audit="frame.told")
def told() -> Response:
    """Give the event of a ticket, once; none for a ticket that is no good. There is no person in it."""
    window = request.form.get("frame", "")[:LONGEST_FRAME]
    found = find_window(g.db, window) if window else None
    origins = allowed_origins(g.db) if not window else found.origins if found is not None else ()
    event = use_ticket(g.db, request.form.get("ticket", ""), origins=origins)
    g.refusal = event is None
    return _private(jsonify(events=[event] if event is not None else []))


def _private(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    return response

"""/account/way-back: where the way of a visitor from a window ends, and the way back to the page around it."""

from flask import Blueprint, g, redirect, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from frames import way_back
from frames.kinds import GOES_BACK
from storefront.account.entering import landing
from storefront.web.guards import PUBLIC, is_signed_in, reads
from storefront.web.rendering import page

bp = Blueprint("way_back", __name__, url_prefix="/way-back")


@bp.get("")
@reads(PUBLIC)
def show() -> Response:
    """Offer the way back to who has signed in; take everybody else there.

    Only to a site that may hold this window at this very moment; for every other address there is no way.
    """
    way = way_back.find_way_back(g.db, request.args.get("frame", ""), request.args.get("back", ""))
    if not is_signed_in():
        return redirect(way.url if way is not None else url_for("account.sign_in.form"), 303)
    if way is None:
        return redirect(landing(current_user.kind, ""), 303)
    # No redirect: it would belong to the form that somebody signed in with, and forms lead to nobody else (CSP).
    return page(way=way, address=way.address(way_back.carried_ticket()), goes_back=way.ending == GOES_BACK)

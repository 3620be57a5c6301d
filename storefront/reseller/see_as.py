"""/reseller/see-as: the shop through the eyes of a price group, in this browser and for half an hour."""

from uuid import UUID

from flask import Blueprint, Response, g, redirect, url_for
from werkzeug.wrappers import Response as AnyResponse

from storefront.core.i18n import lazy_gettext as _
from storefront.identity.permissions import Permission
from storefront.pricing.groups import price_groups, require_group
from storefront.web.guards import acts, reads
from storefront.web.price_groups import LASTS, see_as, see_as_everybody
from storefront.web.rendering import done, page

bp = Blueprint("see_as", __name__, url_prefix="/see-as")


@bp.get("/")
@reads(Permission.PRICING_READ)
def list() -> Response:  # noqa: A001 - the verb of every list
    """The groups, each with a button that shows the shop as its customers see it."""
    return page(
        rows=price_groups(g.db),
        minutes=int(LASTS.total_seconds() // 60),
    )


@bp.post("/<uuid:group_id>")
@acts(Permission.PRICING_READ, audit="price_group.looked_through")
def look(group_id: UUID) -> AnyResponse:
    """Show this browser the shop in the prices of a group; nobody else sees it."""
    see_as(require_group(g.db, group_id))
    return redirect(url_for("shop.price_list.list"), 303)


@bp.post("/leave")
@acts(Permission.PRICING_READ, audit="price_group.look_ended")
def leave() -> AnyResponse:
    """Show this browser the usual prices again."""
    see_as_everybody()
    return done(_("You see the usual prices of your shop again."), ".list")

"""/reseller/opening: everything the shop still needs, a look at it before it is open, and the button that opens it."""

from flask import Blueprint, g, redirect, url_for
from werkzeug.wrappers import Response

from storefront.core.audit import record
from storefront.core.i18n import lazy_gettext as _
from storefront.identity.permissions import Permission
from storefront.reseller.readiness_rows import item_rows
from storefront.reseller.shop_facts import read_shop_facts, shop_readiness
from storefront.web.guards import acts, reads
from storefront.web.preparing import let_preview, preview_until
from storefront.web.rendering import done, page
from tenants.openings import open_for_business, state_of_shop
from tenants.readiness import readiness
from tenants.resellers import PREPARING, current_reseller

bp = Blueprint("opening", __name__, url_prefix="/opening")


@bp.get("/")
@reads(Permission.SETTINGS_READ)
def show() -> Response:
    """The whole list, done or not."""
    found = shop_readiness(g.db)
    return page(
        ready=found,
        musts=item_rows(found.musts),
        others=item_rows([item for item in found.left if item not in found.musts]),
        finished=item_rows(found.done),
        is_preparing=state_of_shop(g.db) == PREPARING,
        reseller=current_reseller(g.db),
    )


@bp.post("/open")
@acts(Permission.SETTINGS_MANAGE, audit="reseller.opened")
def open_shop() -> Response:
    """Let visitors in."""
    open_for_business(g.db, readiness(read_shop_facts(g.db)))
    return done(_("The shop is open. Visitors see it within a second."), "reseller.overview.show")


@bp.post("/preview")
@acts(Permission.SETTINGS_READ, audit="reseller.previewed")
def preview() -> Response:
    """Let this browser see the shop as it will be, for a day, also after signing out."""
    let_preview(preview_until(g.db.now))
    record(g.db, "reseller.previewed")
    return redirect(url_for("cms.page", path=""), 303)

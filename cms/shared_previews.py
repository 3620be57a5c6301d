"""/drafts/<token>: a draft for whoever was sent the link: read-only, for a week, found by no search."""

import json
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, g, url_for

from cms.drafts import find_version
from cms.models import Page, PageVersion
from cms.render import shown
from storefront.core.errors import NotFound
from storefront.core.i18n import speaking
from storefront.core.sealing import Unsealable, seal, unseal
from storefront.web.guards import PUBLIC, reads
from storefront.web.house import house
from storefront.web.rendering import page
from storefront.web.site import site

LASTS = timedelta(days=7)
PURPOSE = "page-preview"

bp = Blueprint("drafts", __name__, url_prefix="/drafts")


def shared_preview(row: Page, locale: str) -> dict[str, Any]:
    """Make a link that shows the draft of a page for a week: ``url`` and ``until``."""
    until = g.db.now + LASTS
    told = json.dumps({"page": str(row.id), "locale": locale, "until": until.isoformat()})
    token = seal(house().config, told, purpose=PURPOSE, owner=g.place.reseller_id)
    origin = house().config.origin(g.place.canonical)
    return {"url": origin + url_for("drafts.show", token=token), "until": until}


@bp.get("/<token>")
@reads(PUBLIC)
def show(token: str) -> Response:
    """The draft as it is now, in the shop's theme; what is published where no draft is left."""
    version = _version(token)
    g.locale = version.locale
    with speaking(version.locale, g.zone):
        told = {**shown(g.db, version, site()["prices_line"]), "preview": True}
        response = page("cms/page.html", page=told, visitor={"signed_in": False}, messages=[])
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    response.headers["Referrer-Policy"] = "same-origin"
    return response


def _version(token: str) -> PageVersion:
    """Open a link; raises ``NotFound`` for one that is over, altered, or of another shop."""
    try:
        told = json.loads(unseal(house().config, token, purpose=PURPOSE, owner=g.place.reseller_id))
    except (Unsealable, ValueError) as error:
        raise NotFound from error
    row = g.db.find(Page, UUID(told["page"]))
    if row is None or row.trashed_at is not None or datetime.fromisoformat(told["until"]) < g.db.now:
        raise NotFound
    states = ("draft", "published")
    found = next((each for state in states if (each := find_version(g.db, row, told["locale"], state))), None)
    if found is None:
        raise NotFound
    return found

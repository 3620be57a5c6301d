"""/reseller/themes: the looks a shop may have, each shown in its own colours; one click changes all of it, and back."""

from flask import Blueprint, Response, abort, g, redirect, url_for
from flask_login import current_user
from werkzeug.wrappers import Response as AnyResponse

from cms.queries import find_published_page
from cms.render import shown
from storefront.core.i18n import lazy_gettext as _
from storefront.identity.permissions import Permission, can
from storefront.web import headers
from storefront.web.guards import acts, reads
from storefront.web.rendering import done, page
from storefront.web.site import site
from storefront.web.theme_preview import look_at, stop_looking
from tenants.resellers import current_reseller
from tenants.themes import choose_theme, known_theme, themes

bp = Blueprint("themes", __name__, url_prefix="/themes")


@bp.get("/")
@reads(Permission.SETTINGS_READ)
def list() -> Response:  # noqa: A001 - the verb of every list
    """Every theme with a small picture of this very shop in it."""
    return headers.may_show_frames(
        page(
            themes=themes(),
            current=known_theme(current_reseller(g.db).theme),
            may_change=can(current_user.role, Permission.BRANDING_MANAGE),
        )
    )


@bp.get("/<key>/picture")
@reads(Permission.SETTINGS_READ)
def picture(key: str) -> Response:
    """The shop's start page in a theme as a visitor would see it, for the frame of its card."""
    g.theme = _known(key)
    g.pop("chrome", None)
    facts = site()
    version = find_published_page(g.db, "/", [g.locale, *facts["languages"]])
    start = shown(g.db, version, facts["prices_line"]) if version else _bare(facts["name"])
    return headers.may_be_framed(page("cms/page.html", page=start, visitor={"signed_in": False}))


@bp.post("/<key>/look")
@acts(Permission.SETTINGS_READ, audit="theme.looked_at")
def look(key: str) -> AnyResponse:
    """Look at the whole shop in a theme; nobody else sees it."""
    look_at(_known(key))
    return redirect(url_for("cms.page", path=""), 303)


@bp.post("/leave")
@acts(Permission.SETTINGS_READ, audit="theme.left")
def leave() -> AnyResponse:
    """Stop looking at it."""
    stop_looking()
    return redirect(url_for(".list"), 303)


@bp.post("/<key>/use")
@acts(Permission.BRANDING_MANAGE, audit="theme.chosen")
def use(key: str) -> AnyResponse:
    """Use a theme for everything customers see, from now on."""
    chosen = choose_theme(g.db, _known(key))
    stop_looking()
    return done(_("Your shop now wears %(theme)s.", theme=chosen.name), ".list")


def _known(key: str) -> str:
    if known_theme(key) != key:
        abort(404)
    return key


def _bare(name: str) -> dict[str, object]:
    """Return a start page for a shop that has none yet."""
    hero = {"kind": "hero", "title": name, "text": "", "search": True, "placeholder": "", "links": [], "buttons": []}
    return {"title": name, "description": "", "preview": False, "blocks": [hero]}

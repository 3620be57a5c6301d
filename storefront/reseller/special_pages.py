"""/reseller/special-pages: what visitors read where a page is missing, broken or closed; closing the site for work."""

from typing import Any

from flask import Blueprint, Response, g, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from cms import publishing
from cms.queries import find_page
from cms.special_pages import begin_special
from cms.special_rules import MARK
from storefront.core.errors import NotFound
from storefront.core.i18n import lazy_gettext as _
from storefront.core.i18n import speaking
from storefront.identity.permissions import Permission
from storefront.reseller.pages_shown import editor_url, require_locale
from storefront.reseller.shop_words import shop_locales
from storefront.reseller.special_shown import TEMPLATES, picture_of, special_rows
from storefront.web import headers
from storefront.web.forms import Form, require_token
from storefront.web.guards import acts, reads
from storefront.web.moment_field import Moment, on_clocks
from storefront.web.rendering import done, page
from tenants.maintenance import begin_maintenance, current_maintenance, end_maintenance
from tenants.resellers import current_reseller

bp = Blueprint("special_pages", __name__, url_prefix="/special-pages")


class MaintenanceForm(Form):
    """Until when the site is closed; empty means until somebody opens it."""

    until = Moment(_("Back on"), optional=True)


@bp.get("/")
@reads(Permission.PAGES_READ)
def list() -> Response:  # noqa: A001 - the verb of every list
    """All of them with a picture of what visitors read now, and whether the site is closed."""
    return _answer(None)


@bp.route("/maintenance", methods=["GET", "POST"])
@acts(Permission.SETTINGS_MANAGE, audit="reseller.maintenance_begun")
def maintenance() -> AnyResponse:
    """Close the public site for work, or say anew until when."""
    form = MaintenanceForm()
    if form.submitted():
        with form.blames_refusals():
            begin_maintenance(g.db, current_reseller(g.db), form.until.moment)
            return done(_("The site is closed for work. Visitors see it within a second."), ".list")
    return _answer(form)


@bp.post("/maintenance/end")
@acts(Permission.SETTINGS_MANAGE, audit="reseller.maintenance_ended")
def end() -> AnyResponse:
    """Let visitors in again."""
    require_token()
    end_maintenance(g.db, current_reseller(g.db))
    return done(_("The site is open again. Visitors see it within a second."), ".list")


@bp.post("/<special>/<locale>/write")
@acts(Permission.PAGES_MANAGE, audit="page.made")
def write(special: str, locale: str) -> AnyResponse:
    """Begin one of them in a language with the words that visitors read now, and open the editor."""
    require_token()
    row = begin_special(g.db, _key(special), require_locale(locale))
    g.db.logged = True  # whoever opens the editor has not changed anything yet
    return redirect(editor_url(row.id, locale), 303)


@bp.post("/<special>/<locale>/leave")
@acts(Permission.PAGES_MANAGE, audit="page.unpublished")
def leave(special: str, locale: str) -> AnyResponse:
    """Let visitors read the theme's own words again; what was written stays as a draft."""
    require_token()
    row = find_page(g.db, _key(special))
    if row is None:
        raise NotFound
    publishing.unpublish(g.db, row, require_locale(locale))
    return done(_("Visitors read the theme's own words again. Yours are kept as a draft."), ".list", _anchor=special)


@bp.get("/<special>/picture")
@reads(Permission.PAGES_READ)
def picture(special: str) -> Response:
    """One of them as visitors see it now, for the frame of its card: it runs nothing."""
    key = _key(special)
    g.locale = require_locale(request.args.get("language") or shop_locales()[0])
    with speaking(g.locale, g.zone):
        return picture_of(key, None)


def _key(name: str) -> str:
    key = MARK + name
    if key not in TEMPLATES:
        raise NotFound
    return key


def _answer(form: MaintenanceForm | None) -> Response:
    closed = current_maintenance(current_reseller(g.db), g.db.now)
    if form is None:
        form = MaintenanceForm(formdata=None, data={"until": on_clocks(closed.until) if closed is not None else None})
    shown: dict[str, Any] = {"rows": special_rows(g.db), "closed": closed, "zone": g.zone}
    return headers.may_show_frames(page("reseller/special_pages/list.html", form=form, **shown))

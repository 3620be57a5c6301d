"""/reseller/starter: ready-made pages in the shop's languages, added all at once or one by one."""

from typing import Any

from flask import Blueprint, g, request, url_for
from werkzeug.wrappers import Response

from cms.page_states import standing_of
from cms.starter import add_to_menus, missing_in_menus, starter_pages, write_menus, write_page, write_site
from cms.starter_texts import StarterPage, languages
from cms.tree import Branch, read_tree
from storefront.core.errors import NotFound
from storefront.core.i18n import lazy_gettext as _
from storefront.core.i18n import ngettext
from storefront.identity.permissions import Permission
from storefront.reseller.pages_shown import STATES, editor_url, walk
from storefront.reseller.shop_words import shop_locales
from storefront.web.forms import require_token
from storefront.web.guards import acts, reads
from storefront.web.locale import NATIVE_NAMES
from storefront.web.rendering import done, page

bp = Blueprint("starter", __name__, url_prefix="/starter")


@bp.get("/")
@reads(Permission.PAGES_READ)
def list() -> Response:  # noqa: A001 - the verb of every list
    """Every ready-made page in a language: whether the shop has it, and what is to be completed in it."""
    locale = _locale(request.args.get("language"))
    here = {branch.page.key: branch for branch, _line in walk(read_tree(g.db))}
    binned = {branch.page.key for branch, _line in walk(read_tree(g.db, in_bin=True))}
    rows = [
        _row(starter, here.get(starter.key), locale, is_binned=starter.key in binned)
        for starter in starter_pages(g.db, locale)
    ]
    return page(
        rows=rows,
        locale=locale,
        unled=missing_in_menus(g.db, locale),
        missing=len([row for row in rows if row["state"] == "missing" and not row["is_binned"]]),
        places=[
            (NATIVE_NAMES.get(each, each), url_for(".list", language=each), each == locale, None) for each in _offered()
        ],
    )


@bp.post("/all")
@acts(Permission.PAGES_MANAGE, audit="page.starter_written")
def write_all() -> Response:
    """Write what the shop does not have in a language."""
    require_token()
    locale = _locale(request.form.get("language"))
    written = len(write_site(g.db, locale, publish=request.form.get("do") == "publish"))
    said = ngettext("%(num)s page was added.", "%(num)s pages were added.", written)
    return _done(said, locale)


@bp.post("/one")
@acts(Permission.PAGES_MANAGE, audit="page.starter_written")
def write_one() -> Response:
    """Write one page as a draft; what visitors see of it stays until it is published."""
    require_token()
    locale = _locale(request.form.get("language"))
    wanted = request.form.get("page", "")
    starter = next((each for each in starter_pages(g.db, locale) if each.key == wanted), None)
    if starter is None:
        raise NotFound
    write_page(g.db, starter, locale, publish=False)
    write_menus(g.db, locale)
    return _done(_("“%(page)s” is there as a draft. Visitors see it when you publish it.", page=starter.title), locale)


@bp.post("/menus")
@acts(Permission.PAGES_MANAGE, audit="menu.changed")
def lead() -> Response:
    """Put the pages into the menus that no menu leads to."""
    require_token()
    locale = _locale(request.form.get("language"))
    added = add_to_menus(g.db, locale)
    return _done(ngettext("%(num)s link was added.", "%(num)s links were added.", added), locale)


def _row(starter: StarterPage, branch: Branch | None, locale: str, *, is_binned: bool) -> dict[str, Any]:
    stands = standing_of(branch.versions, locale, shop_locales()[0]).state if branch else "missing"
    return {
        "page": starter,
        "state": stands,
        "word": STATES[stands],
        "is_binned": is_binned,
        "url": editor_url(branch.page.id, locale) if branch else None,
    }


def _offered() -> Any:
    return [locale for locale in shop_locales() if locale in languages()]


def _locale(wanted: str | None) -> str:
    """Return a language that is wanted, else the shop's first; ``NotFound`` for one that is not offered."""
    offered = _offered()
    if wanted is None and offered:
        return str(offered[0])
    if wanted not in offered:
        raise NotFound
    return str(wanted)


def _done(said: Any, locale: str) -> Response:
    return done(said, ".list", language=locale)

"""/reseller/pages: the tree of pages, how each stands in each language, and what becomes of it: order, copies, bin."""

from typing import Any
from uuid import UUID

from flask import Blueprint, g, redirect, request, url_for
from werkzeug.wrappers import Response

from cms import publishing, tree
from cms.models import Page
from storefront.core.errors import Refused
from storefront.core.i18n import Text, lazy_words
from storefront.core.i18n import lazy_gettext as _
from storefront.identity.permissions import Permission
from storefront.reseller import pages_shared, pages_versions
from storefront.reseller.pages_listed import listed, where_listed
from storefront.reseller.pages_shown import (
    bin_rows,
    binned_below,
    editor_url,
    neighbours_of,
    places_for,
    require_in_tree,
    require_locale,
    require_page,
    title_of,
)
from storefront.reseller.shop_words import shop_locales
from storefront.web.fields import Choice, Hidden, Pick, options
from storefront.web.forms import Form, Line, require_token
from storefront.web.guards import acts, reads
from storefront.web.lists import wanted_of
from storefront.web.rendering import done, page

bp = Blueprint("pages", __name__, url_prefix="/pages")
bp.register_blueprint(pages_versions.bp)
bp.register_blueprint(pages_shared.bp)

STEPS: dict[str, Text] = {
    "up": _("Up"),
    "down": _("Down"),
    "in": _("Below the page above it"),
    "out": _("One level up"),
}


class NewForm(Form):
    """A page that is begun: all else is written in the editor."""

    title = Line(lazy_words("Title"), longest=120)
    parent = Pick(lazy_words("Lies under"))


class PlaceForm(Form):
    """Where a page lies: under which, and before which of those there (last if not said)."""

    parent = Pick(lazy_words("Lies under"))
    before = Hidden()


class StepForm(Form):
    """One step in the tree."""

    to = Choice(lazy_words("Where to"))


@bp.get("/")
@reads(Permission.PAGES_READ)
def list() -> Response:  # noqa: A001 - the verb of every list
    """All pages as a tree with their languages, or a level of it; or those with certain words, wherever they lie."""
    wanted = wanted_of()
    return page(
        listed=listed(g.db, wanted),
        wanted=wanted,
        locales=shop_locales(),
        removed=_removed(),
        binned=tree.binned_count(g.db),
        steps=STEPS,
    )


@bp.route("/new", methods=["GET", "POST"])
@acts(Permission.PAGES_MANAGE, audit="page.made")
def new() -> Response:
    """Begin a page: its title, and where it lies."""
    form = NewForm(data={"parent": request.args.get("under", "")})
    form.parent.choices = options(places_for(g.db, None))
    if form.submitted():
        with form.blames_refusals():
            parent = _parent_of(form.parent.data)
            draft = tree.new_page(g.db, form.title.data or "", shop_locales()[0], parent=parent)
            return redirect(editor_url(draft.page_id, draft.locale), 303)
    return page(form=form)


@bp.route("/<uuid:page_id>/move", methods=["GET", "POST"])
@acts(Permission.PAGES_MANAGE, audit="page.moved")
def move(page_id: UUID) -> Response:
    """Put a page under another one; also what dragging sends."""
    row = require_in_tree(g.db, page_id)
    form = PlaceForm(data={"parent": str(row.parent_id or "")})
    form.parent.choices = options(places_for(g.db, row))
    if form.submitted():
        with form.blames_refusals():
            before = _before_of(form.before.data)
            tree.move_page(g.db, row, _parent_of(form.parent.data), before)
            return _moved(row)
    return page(form=form, row=row, title=title_of(g.db, row))


@bp.post("/<uuid:page_id>/step")
@acts(Permission.PAGES_MANAGE, audit="page.moved")
def step(page_id: UUID) -> Response:
    """Move a page one step: among its neighbours, below the one above it, or out of the page it lies under."""
    row = require_in_tree(g.db, page_id)
    form = StepForm()
    form.to.choices = options(STEPS.items())
    if not form.submitted():
        raise Refused(_("Please choose one of these."))
    place = neighbours_of(g.db, row).step(form.to.data)
    if place is not None:
        tree.move_page(g.db, row, place.parent, place.before)
    return _moved(row)


@bp.post("/<uuid:page_id>/copy")
@acts(Permission.PAGES_MANAGE, audit="page.copied")
def copy(page_id: UUID) -> Response:
    """Begin a page like this one; nobody sees it yet."""
    require_token()
    made = tree.copy_page(g.db, require_in_tree(g.db, page_id))
    return _back(_("The copy stands at the end of its level, as a draft."), made.id)


@bp.post("/<uuid:page_id>/<locale>/unpublish")
@acts(Permission.PAGES_MANAGE, audit="page.unpublished")
def unpublish(page_id: UUID, locale: str) -> Response:
    """Take a page from view in one language; its words stay."""
    require_token()
    publishing.unpublish(g.db, require_page(g.db, page_id), require_locale(locale))
    return _back(_("Visitors no longer see it. Its words are kept as a draft."), page_id)


@bp.post("/<uuid:page_id>/trash")
@acts(Permission.PAGES_MANAGE, audit="page.trashed")
def trash(page_id: UUID) -> Response:
    """Put a page in the bin, with all below it; the list offers it back."""
    require_token()
    row = require_in_tree(g.db, page_id)
    place = where_listed(g.db, row.id)
    tree.trash_page(g.db, row)
    return redirect(url_for(".list", **{**place, "removed": row.id}), 303)


@bp.get("/bin")
@reads(Permission.PAGES_READ)
def bin() -> Response:  # noqa: A001 - what it shows
    """What was thrown away, and when each is deleted for good."""
    return page(rows=bin_rows(g.db), days=tree.KEPT_IN_BIN.days)


@bp.post("/<uuid:page_id>/untrash")
@acts(Permission.PAGES_MANAGE, audit="page.untrashed")
def untrash(page_id: UUID) -> Response:
    """Take a page out of the bin, as it was."""
    require_token()
    row = g.db.require(Page, page_id)
    if row.trashed_at is not None:
        tree.untrash_page(g.db, row)
    return _back(_("It is back where it was. What visitors saw, they see again."), row.id)


def _moved(row: Page) -> Response:
    return _back(_("Moved. Addresses that changed lead to the new ones."), row.id)


def _back(words: Text, page_id: UUID) -> Response:
    """Lead to the list, to the part of it where a page stands now."""
    return done(words, ".list", **where_listed(g.db, page_id), _anchor=f"p-{page_id}")


def _removed() -> dict[str, Any] | None:
    """Return the page that was just put in the bin, to offer it back."""
    try:
        row = g.db.find(Page, UUID(request.args.get("removed", "")))
    except ValueError:
        return None
    if row is None or row.trashed_at is None:
        return None
    return {"id": row.id, "title": title_of(g.db, row), "below": binned_below(g.db, row)}


def _parent_of(value: str | None) -> Page | None:
    return require_in_tree(g.db, UUID(value)) if value else None


def _before_of(value: str | None) -> Page | None:
    """Return the page that a script named; what is none is nowhere."""
    try:
        return g.db.find(Page, UUID(value)) if value else None
    except ValueError:
        return None

"""/reseller/price-lists: every list of prices, and the grid that edits one like a spreadsheet."""

from uuid import UUID

from flask import Blueprint, Response, g, jsonify, request
from flask_login import current_user
from werkzeug.wrappers import Response as AnyResponse

from storefront.core.errors import Refused
from storefront.core.i18n import lazy_gettext as _
from storefront.core.numbers import read_whole
from storefront.identity.permissions import Permission, can
from storefront.pricing import price_lists as actions
from storefront.pricing.models import MAIN_LINE, PriceList
from storefront.pricing.price_sheet import find_live_list, lines, listed_prices, price_sheet
from storefront.reseller import price_lists_cells, price_lists_check, price_lists_files
from storefront.reseller.price_grid import further_rows, grid
from storefront.reseller.price_shown import line_words
from storefront.web.fields import Pick, options
from storefront.web.forms import Form, Line
from storefront.web.guards import acts, reads
from storefront.web.rendering import done, page, render_part
from tenants.resellers import current_reseller

bp = Blueprint("price_lists", __name__, url_prefix="/price-lists")
for part in (price_lists_cells, price_lists_check, price_lists_files):
    bp.register_blueprint(part.bp)

EMPTY = "empty"
OTHER_LINE = "+"
# Beyond any list.
MOST_ENDINGS = 100_000
MADE = _("The draft is made. Customers see nothing of it until you publish it.")


class ListForm(Form):
    """A new list: what it is called, for whom it is, what it begins with."""

    name = Line(_("Name"), longest=actions.LONGEST_NAME)
    begins_with = Pick(_("Begins with"))
    line = Pick(_("For"))
    new_line = Line(_("Who they are"), longest=actions.LONGEST_NAME, optional=True)


class NameForm(Form):
    """What a list is called."""

    name = Line(_("Name"), longest=actions.LONGEST_NAME)


@bp.get("/")
@reads(Permission.PRICING_READ)
def list() -> Response:  # noqa: A001 - the verb of every list
    """All lists: drafts, what holds, what is scheduled, what has been."""
    found = listed_prices(g.db)
    return page(
        now=[each for each in found if each.state in ("live", "scheduled")],
        drafts=[each for each in found if each.state == "draft"],
        past=[each for each in found if each.state == "past"],
        line_words=line_words,
    )


@bp.route("/new", methods=["GET", "POST"])
@acts(Permission.PRICING_MANAGE, audit="price_list.made")
def new() -> AnyResponse:
    """Begin a draft: empty, or with the prices of another list."""
    found = listed_prices(g.db)
    live = find_live_list(g.db, currency=current_reseller(g.db).currency)
    name = actions.free_name(g.db, live.name if live else str(g.db.today.year))
    form = ListForm(data={"begins_with": str(live.id) if live else EMPTY, "line": MAIN_LINE, "name": name})
    form.begins_with.choices = [
        *((str(each.row.id), str(_("The prices of “%(name)s”", name=each.row.name))) for each in found),
        (EMPTY, str(_("Nothing: an empty list"))),
    ]
    form.line.choices = [
        *options((line, line_words(line)) for line in lines(g.db)),
        (OTHER_LINE, str(_("Some customers only"))),
    ]
    if form.submitted():
        with form.blames_refusals():
            row = _made(form)
            return done(MADE, ".show", list_id=row.id)
    return page(form=form)


def _made(form: ListForm) -> PriceList:
    line = form.line.data
    if line == OTHER_LINE:
        line = (form.new_line.data or "").strip()
        if not line:
            raise Refused(_("Please say who they are, for instance: Partners."), field="new_line")
    if form.begins_with.data == EMPTY:
        return actions.new_list(g.db, form.name.data or "", line=line)
    source = g.db.require(PriceList, UUID(form.begins_with.data))
    return actions.copy_list(g.db, source, form.name.data or "", line=line)


@bp.get("/<uuid:list_id>")
@reads(Permission.PRICING_READ)
def show(list_id: UUID) -> Response:
    """The grid; what is published is shown and stays as it is. A script gets further rows, or the figures above it."""
    row = g.db.require(PriceList, list_id)
    if not price_lists_cells.is_script():
        return page(**grid(price_sheet(g.db, row)))
    start = read_whole(request.args.get("rows", ""), least=1, most=MOST_ENDINGS)
    if start is None:
        return jsonify(price_lists_cells.told_figures(row))
    rows, later = further_rows(price_sheet(g.db, row), start)
    may_edit = row.published_at is None and can(current_user.role, Permission.PRICING_MANAGE)
    return jsonify(rows=render_part("reseller/price_lists/_rows.html", rows=rows, may_edit=may_edit), later=later)


@bp.route("/<uuid:list_id>/name", methods=["GET", "POST"])
@acts(Permission.PRICING_MANAGE, audit="price_list.renamed")
def name(list_id: UUID) -> AnyResponse:
    """Call a list otherwise."""
    row = g.db.require(PriceList, list_id)
    form = NameForm(data={"name": row.name})
    if form.submitted():
        with form.blames_refusals():
            actions.rename_list(g.db, row, form.name.data or "")
            return done(_("Saved."), ".show", list_id=row.id)
    return page(form=form, row=row)


@bp.post("/<uuid:list_id>/copy")
@acts(Permission.PRICING_MANAGE, audit="price_list.copied")
def copy(list_id: UUID) -> AnyResponse:
    """Begin a draft with these prices."""
    source = g.db.require(PriceList, list_id)
    row = actions.copy_list(g.db, source, actions.free_name(g.db, source.name))
    return done(MADE, ".show", list_id=row.id)


@bp.post("/<uuid:list_id>/withdraw")
@acts(Permission.PRICING_MANAGE, audit="price_list.withdrawn")
def withdraw(list_id: UUID) -> AnyResponse:
    """Make a scheduled list a draft again."""
    row = g.db.require(PriceList, list_id)
    actions.withdraw_list(g.db, row)
    return done(_("“%(name)s” is a draft again and will not start.", name=row.name), ".show", list_id=row.id)


@bp.route("/<uuid:list_id>/back", methods=["GET", "POST"])
@acts(Permission.PRICING_MANAGE, audit="price_list.published")
def back(list_id: UUID) -> AnyResponse:
    """Say what changes, then let an earlier list hold again."""
    earlier = g.db.require(PriceList, list_id)
    form = Form()
    if form.submitted():
        with form.blames_refusals():
            row = actions.go_back_to(g.db, earlier)
            return done(_("“%(name)s” holds from now on.", name=row.name), ".show", list_id=row.id)
    sheet = price_sheet(g.db, earlier)
    return page(form=form, row=earlier, live=sheet.live_row, changes=len(sheet.changes()))


@bp.route("/<uuid:list_id>/remove", methods=["GET", "POST"])
@acts(Permission.PRICING_MANAGE, audit="price_list.removed")
def remove(list_id: UUID) -> AnyResponse:
    """Ask, then throw a draft away."""
    row = g.db.require(PriceList, list_id)
    actions.require_draft(row)
    form = Form()
    if form.submitted():
        with form.blames_refusals():
            actions.remove_draft(g.db, row)
            return done(_("The draft “%(name)s” is gone.", name=row.name), ".list")
    return page(form=form, row=row)

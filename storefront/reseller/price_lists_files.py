"""/reseller/price-lists/…: a list as a file for a spreadsheet, and a file read back: shown first, then put in whole."""

import re
from typing import cast
from uuid import UUID

from flask import Blueprint, Response, g, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse
from wtforms import FileField

from storefront.core.errors import Refused
from storefront.core.i18n import lazy_gettext as _
from storefront.core.i18n import ngettext
from storefront.identity.permissions import Permission
from storefront.pricing.models import PriceImport, PriceList
from storefront.pricing.price_cells import weigh
from storefront.pricing.price_files import price_rows
from storefront.pricing.price_imports import apply_file, drop_files, import_changes, read_file
from storefront.pricing.price_lists import require_draft
from storefront.pricing.price_sheet import price_sheet
from storefront.pricing.sheets import CSV_TYPE, LARGEST_FILE, MEBIBYTE, XLSX_TYPE, write_csv, write_xlsx
from storefront.reseller.bulk_form import summary
from storefront.reseller.price_shown import change_rows
from storefront.web.downloads import download
from storefront.web.forms import FormWithFiles
from storefront.web.guards import acts, reads
from storefront.web.rendering import done, page, say

bp = Blueprint("files", __name__)

MOST_SHOWN = 200
# The file and the form around it; a larger one is still received, so that its sender gets a sentence.
LARGEST_REQUEST = 12 * MEBIBYTE


@bp.before_request
def let_files_in() -> None:
    """Take larger requests than other pages do."""
    request.max_content_length = LARGEST_REQUEST


class FileForm(FormWithFiles):
    """A table of prices."""

    file = FileField(cast("str", _("File")))


@bp.get("/<uuid:list_id>/export")
@reads(Permission.PRICING_READ)
def export(list_id: UUID) -> AnyResponse:
    """Hand a list out as a file; what is read back is exactly this table."""
    row = g.db.require(PriceList, list_id)
    sheet = price_sheet(g.db, row)
    shown = {name: rules.unicode for name, rules in sheet.rules.items()}
    rows = price_rows(sheet.endings, sheet.prices, shown=shown, currency=row.currency)
    stem = re.sub(r"[^\w .-]", "-", row.name).strip(". ") or "prices"
    if request.args.get("format") == "csv":
        return download(write_csv(rows), f"{stem}.csv", CSV_TYPE)
    widths = (14, 7, *([11] * 6), 10)
    return download(write_xlsx(rows, title=stem, widths=widths), f"{stem}.xlsx", XLSX_TYPE)


@bp.route("/<uuid:list_id>/import", methods=["GET", "POST"])
@acts(Permission.PRICING_MANAGE, audit="price_import.read")
def send(list_id: UUID) -> AnyResponse:
    """Ask for a file and read it; the list stays as it is until somebody says yes to what the file would change."""
    row = g.db.require(PriceList, list_id)
    require_draft(row)
    form = FileForm()
    if form.submitted():
        with form.blames_refusals():
            upload = form.file.data
            if not upload or not getattr(upload, "filename", ""):
                raise Refused(_("Please choose a file."), field="file")
            content = upload.read(LARGEST_FILE + 1)
            found = read_file(g.db, price_sheet(g.db, row), content=content, file_name=upload.filename)
            if found.faults:
                say(_("The file was read, and something in it must be put right. Nothing is changed."), "warning")
                return redirect(url_for(".show", import_id=found.id), 303)
            return done(_("The file was read. Nothing is changed yet."), ".show", import_id=found.id)
    return page(form=form, row=row, largest=LARGEST_FILE // MEBIBYTE)


@bp.get("/imports/<uuid:import_id>")
@reads(Permission.PRICING_READ)
def show(import_id: UUID) -> Response:
    """What a file would change, or what is wrong with it by cell."""
    found = g.db.require(PriceImport, import_id)
    row = g.db.require(PriceList, found.price_list_id)
    sheet = price_sheet(g.db, row)
    weighed = weigh(import_changes(sheet, found), sheet.terms)
    return page(
        found=found,
        row=row,
        is_old=found.revision != row.revision or row.published_at is not None,
        weighed=weighed,
        words=summary(weighed),
        rows=change_rows(weighed.changed, sheet, MOST_SHOWN),
    )


@bp.post("/imports/<uuid:import_id>/apply")
@acts(Permission.PRICING_MANAGE, audit="price_import.applied")
def apply(import_id: UUID) -> AnyResponse:
    """Put all prices of the file into the list."""
    found = g.db.require(PriceImport, import_id)
    number = len(found.changes)
    row = apply_file(g.db, found)
    words = ngettext("%(num)s price of the file is in the list.", "%(num)s prices of the file are in the list.", number)
    return done(words, "reseller.price_lists.show", list_id=row.id)


@bp.post("/imports/<uuid:import_id>/drop")
@acts(Permission.PRICING_MANAGE, audit="price_import.dropped")
def drop(import_id: UUID) -> AnyResponse:
    """Forget the file."""
    found = g.db.require(PriceImport, import_id)
    row = g.db.require(PriceList, found.price_list_id)
    drop_files(g.db, row)
    return done(_("The file is forgotten."), "reseller.price_lists.show", list_id=row.id)

"""/reseller/redirects: addresses that lead elsewhere: listed, written, taken away, in and out as a table."""

from typing import cast
from uuid import UUID

from flask import Blueprint, Response, g, request
from sqlalchemy import or_, select
from werkzeug.wrappers import Response as AnyResponse
from wtforms import FileField

from cms.models import Redirect
from cms.page_checks import completed
from cms.paths import is_kept_by_shop, normal_path
from cms.redirect_files import Line as TableLine
from cms.redirect_files import redirect_rows
from cms.redirect_rules import LONGEST
from cms.redirects import (
    known_redirects,
    paths_of_pages,
    redirect_of,
    remove_redirect,
    weigh_table,
    write_redirect,
    write_table,
)
from storefront.core.errors import Refused
from storefront.core.i18n import Text, lazy_words, ngettext
from storefront.core.i18n import lazy_gettext as _
from storefront.core.paging import newest_first
from storefront.identity.permissions import Permission
from storefront.pricing.sheets import CSV_TYPE, MEBIBYTE, Unreadable, read_sheet, write_csv
from storefront.web.downloads import download
from storefront.web.fields import Tick
from storefront.web.forms import Form, FormWithFiles, Line, require_token
from storefront.web.guards import acts, reads
from storefront.web.lists import after_of, paged, wanted_of
from storefront.web.rendering import done, page

bp = Blueprint("redirects", __name__, url_prefix="/redirects")

LARGEST_FILE = MEBIBYTE
# A larger one is still received, so that its sender gets a sentence.
LARGEST_REQUEST = 4 * MEBIBYTE
MOST_SHOWN = 500
KINDS: dict[str, tuple[Text, str, str]] = {
    "new": (_("New"), "success", "plus"),
    "changed": (_("Changed"), "info", "pencil"),
    "same": (_("As it is"), "neutral", "check"),
    "fault": (_("To mend"), "danger", "alert"),
}


class RedirectForm(Form):
    """An address and where it leads."""

    path = Line(lazy_words("Address"), longest=LONGEST * 2)
    target = Line(lazy_words("Leads to"), longest=LONGEST)
    is_permanent = Tick(lazy_words("For good"), default=True)


class TableForm(FormWithFiles):
    """A table of redirects."""

    file = FileField(cast("str", _("File")))


@bp.before_request
def let_files_in() -> None:
    """Take larger requests than other pages do."""
    request.max_content_length = LARGEST_REQUEST


@bp.get("/")
@reads(Permission.PAGES_READ)
def list() -> Response:  # noqa: A001 - the verb of every list
    """All of them, the newest first; or those with certain words."""
    wanted = wanted_of()
    statement = select(Redirect).where(Redirect.reseller_id == g.db.reseller_id)
    if wanted:
        statement = statement.where(
            or_(
                Redirect.path.icontains(wanted, autoescape=True),
                Redirect.target.icontains(wanted, autoescape=True),
            )
        )
    found = newest_first(g.db, statement, Redirect.id, after_of())
    pages = paths_of_pages(g.db)
    known = known_redirects(g.db)
    rows = [{"row": each, "is_dead": _is_dead(each.target, pages, set(known))} for each in found.rows]
    return page(rows=rows, pager=paged(found), wanted=wanted)


@bp.route("/new", methods=["GET", "POST"])
@acts(Permission.PAGES_MANAGE, audit="redirect.written")
def new() -> AnyResponse:
    """Let an address lead elsewhere."""
    form = RedirectForm()
    if form.submitted():
        with form.blames_refusals():
            write_redirect(
                g.db, form.path.data or "", completed(form.target.data or ""), is_permanent=bool(form.is_permanent.data)
            )
            return done(_("Kept. Visitors are led on at once."), ".list")
    return page(form=form, example=_example())


@bp.route("/<uuid:redirect_id>", methods=["GET", "POST"])
@acts(Permission.PAGES_MANAGE, audit="redirect.written")
def edit(redirect_id: UUID) -> AnyResponse:
    """Change where an address leads."""
    row = redirect_of(g.db, redirect_id)
    form = RedirectForm(data={"path": row.path, "target": row.target, "is_permanent": row.is_permanent})
    if form.submitted():
        with form.blames_refusals():
            write_redirect(
                g.db,
                form.path.data or "",
                completed(form.target.data or ""),
                is_permanent=bool(form.is_permanent.data),
                row=row,
            )
            return done(_("Kept. Visitors are led on at once."), ".list")
    return page(form=form, row=row, example=_example())


@bp.post("/<uuid:redirect_id>/remove")
@acts(Permission.PAGES_MANAGE, audit="redirect.removed")
def remove(redirect_id: UUID) -> AnyResponse:
    """Let an address lead nowhere."""
    require_token()
    remove_redirect(g.db, redirect_of(g.db, redirect_id))
    return done(_("The address leads nowhere now."), ".list")


@bp.get("/export")
@reads(Permission.PAGES_READ)
def export() -> AnyResponse:
    """Hand all of them out as a table that can be read back."""
    return download(write_csv(redirect_rows(known_redirects(g.db))), "redirects.csv", CSV_TYPE)


@bp.route("/import", methods=["GET", "POST"])
@acts(Permission.PAGES_MANAGE, audit="redirect.imported")
def send() -> AnyResponse:
    """Read a table: say of each line what it does, and do all of it or nothing."""
    form = TableForm()
    lines: tuple[TableLine, ...] = ()
    if form.submitted():
        with form.blames_refusals():
            lines = _read(form)
            faults = len([line for line in lines if line.kind == "fault"])
            if faults:
                words = ngettext(
                    "One line cannot be as it is. Nothing was taken in.",
                    "%(num)s lines cannot be as they are. Nothing was taken in.",
                    faults,
                )
                raise Refused(words, field="file")
            if request.form.get("do") != "look":
                write_table(g.db, lines)
                return done(_in_words(lines), ".list")
    # What must be mended stands first.
    shown = sorted(lines, key=lambda line: (line.kind != "fault", line.number))
    return page(
        form=form,
        lines=[{"line": line, "kind": KINDS[line.kind]} for line in shown[:MOST_SHOWN]],
        counts=[(KINDS[kind], len([line for line in lines if line.kind == kind])) for kind in KINDS],
        is_cut=len(lines) > MOST_SHOWN,
        largest=LARGEST_FILE // MEBIBYTE,
    )


def _example() -> str:
    """Return the address of a page of the shop, as its visitors know it, to say what one looks like."""
    return min(
        (path for path in paths_of_pages(g.db) if path != "/"), key=lambda path: (len(path), path), default="/shop"
    )


def _read(form: TableForm) -> tuple[TableLine, ...]:
    upload = form.file.data
    if not upload or not getattr(upload, "filename", ""):
        raise Refused(_("Please choose a file."), field="file")
    content = upload.read(LARGEST_FILE + 1)
    if len(content) > LARGEST_FILE:
        raise Refused(_("The file is larger than %(size)s MB.", size=LARGEST_FILE // MEBIBYTE), field="file")
    try:
        sheet = read_sheet(content, upload.filename)
    except Unreadable as no:
        raise Refused(no.why, field="file") from no
    return tuple(weigh_table(g.db, tuple(zip(sheet.numbers, sheet.rows, strict=True))))


def _in_words(lines: tuple[TableLine, ...]) -> str:
    number = len([line for line in lines if line.kind in {"new", "changed"}])
    return ngettext("One address leads elsewhere now.", "%(num)s addresses lead elsewhere now.", number)


def _is_dead(target: str, pages: set[str], others: set[str]) -> bool:
    """Whether nothing is where an address of the shop leads."""
    if not target.startswith("/"):
        return False
    path = normal_path(target.partition("?")[0].partition("#")[0])
    return path not in pages and path not in others and not is_kept_by_shop(path) and path != "/"

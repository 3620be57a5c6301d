"""/reseller/moves: take the site along as one archive, bring in one of ours or one of WordPress."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any, cast
from uuid import UUID

from flask import Blueprint, Response, g, request, url_for
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response as AnyResponse
from wtforms import FileField

from cms.arrivals import REMARKS, Choices
from cms.move_models import SiteMove
from cms.site_moves import (
    LARGEST_FILE,
    UNDER_WAY,
    Upload,
    archive_path,
    ask_for_archive,
    begin_entry,
    kind_of,
    look_again,
    moves,
    remove_move,
    say_yes,
)
from storefront.core.errors import Refused
from storefront.core.i18n import Text, gettext, lazy_words
from storefront.core.i18n import lazy_gettext as _
from storefront.identity.permissions import Permission
from storefront.pricing.sheets import CSV_TYPE, write_csv
from storefront.reseller.shop_words import shop_locales
from storefront.web.downloads import download, download_large
from storefront.web.fields import Choice, Tick, options
from storefront.web.forms import Form, FormWithFiles, require_token
from storefront.web.guards import acts, reads
from storefront.web.locale import NATIVE_NAMES
from storefront.web.rendering import done, page
from tenants.resellers import current_reseller

bp = Blueprint("moves", __name__, url_prefix="/moves")

MEBIBYTE = 1024 * 1024
PIECE = 1024 * 1024
# What is too large is still received for a while, so that its sender gets a sentence.
LARGEST_REQUEST = 2 * LARGEST_FILE + MEBIBYTE
ZIP_TYPE = "application/zip"
MOST_SHOWN = 200
LONGEST_NAME = 120
STATES: dict[str, tuple[Text, str, str]] = {
    "asked": (_("Under way"), "info", "clock"),
    "looked": (_("Waits for your word"), "warning", "eye"),
    "entering": (_("Comes in"), "info", "clock"),
    "done": (_("Done"), "success", "check"),
    "failed": (_("Did not work"), "danger", "alert"),
}
KINDS: dict[str, Text] = {
    "archive": _("Archive of your site"),
    "entry": _("Archive of a site"),
    "wordpress": _("WordPress site"),
}
# In the order in which the report tells them.
COUNTS: dict[str, Text] = {
    "pages": _("New pages"),
    "published": _("Versions in view"),
    "waiting": _("Versions that wait for their moment"),
    "draft": _("Drafts"),
    "past": _("Older versions"),
    "editions": _("Editions of legal documents"),
    "categories": _("Categories"),
    "files": _("Pictures and documents"),
    "menus": _("Menus"),
    "redirects": _("Redirects"),
}


TAKEN: dict[str, Text] = {
    "beside": _("Put the new page beside it, at another address"),
    "replace": _("Keep the new words as a draft of your page"),
}


class UploadForm(FormWithFiles):
    """An archive, and what may lie beside it."""

    file = FileField(cast("str", _("File")))
    beside = FileField(cast("str", _("Uploads of WordPress")))
    locale = Choice(lazy_words("Language of a WordPress site"))


class ChoicesForm(Form):
    """How a site comes in."""

    taken = Choice(lazy_words("Where a page of yours has the same address"))
    publishes = Tick(lazy_words("Publish what was published there"))
    replaces_menus = Tick(lazy_words("Replace the menus I have"))


@bp.before_request
def let_files_in() -> None:
    """Take larger requests than other pages do."""
    request.max_content_length = LARGEST_REQUEST


@bp.get("/")
@reads(Permission.PAGES_READ)
def list() -> Response:  # noqa: A001 - the verb of every list
    """What was taken along and brought in, and the way to do either."""
    return _list(_upload_form())


@bp.post("/archive")
@acts(Permission.PAGES_MANAGE, audit="site.archive_asked")
def pack() -> AnyResponse:
    """Have the site packed."""
    require_token()
    name = f"{current_reseller(g.db).slug}-{g.db.today:%Y-%m-%d}.zip"
    move = ask_for_archive(g.db, name)
    return done(_("Your site is being packed."), ".show", move_id=move.id)


@bp.route("/new", methods=["GET", "POST"])
@acts(Permission.PAGES_MANAGE, audit="site.entry_begun")
def new() -> AnyResponse:
    """Take an archive in to look at it."""
    form = _upload_form()
    if form.submitted():
        with form.blames_refusals(), ExitStack() as stack:
            path, name = stack.enter_context(_kept(form.file.data, "file"))
            beside = None
            if getattr(form.beside.data, "filename", ""):
                beside = stack.enter_context(_kept(form.beside.data, "beside"))[0]
            kind = kind_of(path)
            choices = Choices(locale=form.locale.data or shop_locales()[0], reader=g.locale)
            move = begin_entry(g.db, Upload(kind=kind, name=name, path=path, beside=beside), choices)
            return done(_("Your file is being read. Nothing of it is in your shop yet."), ".show", move_id=move.id)
    return _list(form)


@bp.get("/<uuid:move_id>")
@reads(Permission.PAGES_READ)
def show(move_id: UUID) -> Response:
    """One of them: under way, waiting for a word, or with its report."""
    return _show(_move(move_id))


@bp.post("/<uuid:move_id>/look")
@acts(Permission.PAGES_MANAGE, audit="site.entry_begun")
def look(move_id: UUID) -> AnyResponse:
    """Say anew what would come, with other choices."""
    require_token()
    move = _move(move_id)
    before, form = Choices.from_json(move.choices), _choices_form()
    choices = Choices(
        taken=form.taken.data if form.taken.data in {"beside", "replace"} else before.taken,
        publishes=bool(form.publishes.data),
        replaces_menus=bool(form.replaces_menus.data),
        locale=before.locale,
        reader=g.locale,
    )
    look_again(g.db, move, choices)
    return done(_("It is looked at once more, as you chose."), ".show", move_id=move.id)


@bp.post("/<uuid:move_id>/enter")
@acts(Permission.PAGES_MANAGE, audit="site.entry_confirmed")
def enter(move_id: UUID) -> AnyResponse:
    """Bring it in as it was looked at."""
    require_token()
    move = _move(move_id)
    say_yes(g.db, move)
    return done(_("It comes in now, all of it at once."), ".show", move_id=move.id)


@bp.get("/<uuid:move_id>/download")
@reads(Permission.PAGES_MANAGE)
def fetch(move_id: UUID) -> AnyResponse:
    """Hand the archive out."""
    move = _move(move_id)
    return download_large(archive_path(g.db, move), move.name, ZIP_TYPE)


@bp.get("/<uuid:move_id>/report")
@reads(Permission.PAGES_READ)
def report(move_id: UUID) -> AnyResponse:
    """Hand the report out as a table."""
    rows: Sequence[Sequence[str]] = [(gettext("Where"), gettext("What happened"), gettext("In detail"))]
    rows = [*rows, *((each["place"], str(each["words"]), each["detail"]) for each in _remarks(_move(move_id)))]
    return download(write_csv(rows), "report.csv", CSV_TYPE)


@bp.post("/<uuid:move_id>/remove")
@acts(Permission.PAGES_MANAGE, audit="site.move_removed")
def remove(move_id: UUID) -> AnyResponse:
    """Forget an archive or a report."""
    require_token()
    remove_move(g.db, _move(move_id))
    return done(_("It is gone. Your pages stay as they are."), ".list")


def _move(move_id: UUID) -> SiteMove:
    row: SiteMove = g.db.require(SiteMove, move_id)
    return row


def _upload_form() -> UploadForm:
    form = UploadForm()
    form.locale.choices = options([(each, NATIVE_NAMES.get(each, each)) for each in shop_locales()])
    if not form.locale.data:
        form.locale.data = shop_locales()[0]
    return form


def _choices_form(**more: Any) -> ChoicesForm:
    form = ChoicesForm(**more)
    form.taken.choices = options(TAKEN.items())
    return form


def _list(form: UploadForm) -> Response:
    found = moves(g.db)
    rows = [{"row": each, "kind": KINDS[each.kind], "state": STATES[each.state]} for each in found]
    return page(
        "reseller/moves/list.html",
        form=form,
        rows=rows,
        largest=LARGEST_FILE // MEBIBYTE,
        is_busy=any(each.state in UNDER_WAY for each in found),
        several=len(shop_locales()) > 1,
    )


def _show(move: SiteMove) -> Response:
    remarks = _remarks(move)
    choices = Choices.from_json(move.choices)
    said = {"taken": choices.taken, "publishes": choices.publishes, "replaces_menus": choices.replaces_menus}
    response = page(
        "reseller/moves/show.html",
        move=move,
        kind=KINDS[move.kind],
        state=STATES[move.state],
        is_under_way=move.state in UNDER_WAY,
        counts=_counts(move),
        form=_choices_form(formdata=None, data=said),
        remarks=remarks[:MOST_SHOWN],
        more=len(remarks) - MOST_SHOWN + int(move.counts.get("left_out") or 0),
        fetched=int(move.fetched.get("done") or 0),
        has_choices=move.kind != "archive" and move.state in {"looked", "failed"},
    )
    if move.state in UNDER_WAY:
        response.headers["Refresh"] = f"2; url={url_for('.show', move_id=move.id)}"
    return response


def _counts(move: SiteMove) -> Sequence[tuple[Text, int]]:
    """Return how much of each kind there is; in an archive of what stands here nothing is new."""
    words = {**COUNTS, "pages": _("Pages")} if move.kind == "archive" else COUNTS
    return [(word, move.counts[name]) for name, word in words.items() if move.counts.get(name)]


def _remarks(move: SiteMove) -> Sequence[dict[str, Any]]:
    """Return what is to be known, in words of the reader's language."""
    return [
        {"place": place, "words": REMARKS.get(what, what), "detail": detail} for what, place, detail in move.remarks
    ]


@contextmanager
def _kept(upload: FileStorage | None, field: str) -> Iterator[tuple[Path, str]]:
    """Keep an upload on the disk while it is read; raises ``Refused`` where there is none or it is too large."""
    if upload is None or not getattr(upload, "filename", ""):
        raise Refused(_("Please choose a file."), field=field)
    with NamedTemporaryFile(suffix=".part") as draft:
        size = 0
        while piece := upload.stream.read(PIECE):
            size += len(piece)
            if size > LARGEST_FILE:
                raise Refused(_("The file is larger than %(size)s MB.", size=LARGEST_FILE // MEBIBYTE), field=field)
            draft.write(piece)
        draft.flush()
        yield Path(draft.name), (upload.filename or "").replace("\\", "/").rpartition("/")[2][:LONGEST_NAME]

"""/reseller/media: the pictures and documents that pages show: upload, words, what stays in view, replace, bin."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, g, jsonify, make_response, redirect, request, url_for
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response as AnyResponse
from wtforms import IntegerRangeField, MultipleFileField, ValidationError

from cms import media as actions
from cms.media_files import LARGEST_DOCUMENT, LONGEST_NAME
from cms.models import MediaFile
from cms.pictures import shown_file
from storefront.core.errors import NotFound, Refused
from storefront.core.i18n import Text, lazy_words
from storefront.core.i18n import lazy_gettext as _
from storefront.identity.permissions import Permission
from storefront.reseller.shop_words import shop_locales, words_field
from storefront.web.fields import Tick
from storefront.web.forms import Form, FormWithFiles, Line, require_token
from storefront.web.guards import acts, is_unsafe, reads
from storefront.web.lists import after_of, paged, state_of, wanted_of
from storefront.web.locale import NATIVE_NAMES
from storefront.web.rendering import done, page, render_part, say
from tenants.svg_draw import drawing_within

bp = Blueprint("media", __name__, url_prefix="/media")

MOST_AT_ONCE = 12
WHOLE = 100
# What is too large is still received, so that its sender gets a sentence.
LARGEST_REQUEST = 40 * 1024 * 1024
FILTERS: dict[str, Text] = {
    "": _("All"),
    "pictures": _("Pictures"),
    "documents": _("Documents"),
    "undescribed": _("Words missing"),
}
STATES: dict[str, Text] = {
    "draft": _("Draft"),
    "waiting": _("Waits for its moment"),
    "published": _("Published"),
    "past": _("In the bin"),
}


class UploadForm(FormWithFiles):
    """Files to add, and words for one alone."""

    files = MultipleFileField(lazy_words("Files"))
    alt = Line(lazy_words("What the picture shows"), longest=actions.LONGEST_ALT, optional=True)
    is_decorative = Tick(lazy_words("It only decorates and says nothing"))


class ReplaceForm(FormWithFiles):
    """Another file in the place of one."""

    files = MultipleFileField(lazy_words("File"))


class Percent(IntegerRangeField):
    """A slider from 0 to 100."""

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        """Read what a slider sends; what none can send is none."""
        typed = valuelist[0] if valuelist else ""
        self.data = int(typed) if typed.isascii() and typed.isdigit() and len(typed) <= len("100") else None

    def pre_validate(self, form: Any) -> None:
        """Refuse what is beyond the slider."""
        if self.data is None or self.data > WHOLE:
            raise ValidationError(str(_("Please choose a number from 0 to 100.")))


class FileForm(Form):
    """What people say of a file; its words, a field for each language of the shop, are added by ``_form_for``."""

    name = Line(lazy_words("Name"), longest=LONGEST_NAME + 8)


class PictureForm(FileForm):
    """What people say of a picture."""

    is_decorative = Tick(lazy_words("It only decorates and says nothing"))
    focal_x = Percent(lazy_words("From left to right"))
    focal_y = Percent(lazy_words("From top to bottom"))


@bp.before_request
def let_files_in() -> None:
    """Take larger requests than other pages do."""
    request.max_content_length = LARGEST_REQUEST


@bp.get("/")
@reads(Permission.PAGES_READ)
def list() -> Response:  # noqa: A001 - the verb of every list
    """Everything in the library, the newest first."""
    kind, wanted = state_of(FILTERS), wanted_of()
    found = actions.library(g.db, kind=kind, words=wanted, after=after_of())
    used, quota = actions.space_of(g.db)
    return page(
        rows=[_row(row) for row in found.rows],
        pager=paged(found),
        kind=kind,
        wanted=wanted,
        filters=FILTERS,
        used=used,
        quota=quota,
        form=UploadForm(formdata=None),
        binned=len(actions.binned(g.db)),
        removed=_removed(),
    )


@bp.route("/new", methods=["GET", "POST"])
@acts(Permission.PAGES_MANAGE, audit="media.uploaded")
def new() -> AnyResponse:
    """Add files; also what the editor of pages sends by script."""
    form = UploadForm()
    added: Sequence[MediaFile] = ()
    if form.submitted():
        with form.blames_refusals(), drawing_within():
            added = _add(form)
    if _is_script():
        told = [{"id": str(row.id), "name": row.name, **_shown(row)} for row in added]
        problems = [str(each) for errors in form.errors.values() for each in errors]
        return make_response(jsonify(files=told, problems=problems), 200 if added and not problems else 422)
    if added and len(added) == 1:
        return done(_("Kept."), ".edit", media_id=added[0].id)
    if all(row.kind.startswith("image/") for row in added) and added:
        return done(_("Kept. Now say what the pictures show."), ".list", state="undescribed")
    if added:  # documents too, which have no words to be missing
        return done(_("Kept. Now say what the pictures show."), ".list")
    return page(form=form, first_language=shop_locales()[0])


@bp.get("/choose")
@reads(Permission.PAGES_READ)
def choose() -> Response:
    """Files to choose from, as a piece of the dialog in the editor of pages."""
    kind, wanted = state_of({"pictures": "", "documents": ""}), wanted_of()
    found = actions.library(g.db, kind=kind, words=wanted, after=after_of())
    rows = [_row(row) for row in found.rows]
    return Response(render_part("reseller/media/_choose.html", rows=rows, pager=paged(found), wanted=wanted))


@bp.route("/<uuid:media_id>/", methods=["GET", "POST"])
@acts(Permission.PAGES_MANAGE, audit="media.described")
def edit(media_id: UUID) -> AnyResponse:
    """Say what a picture shows and what stays in view; where it is used."""
    row = _file(media_id)
    form = _form_for(row)
    if form.submitted():
        with form.blames_refusals():
            actions.describe(g.db, row, _told(form, row))
            return done(_("Saved."), ".edit", media_id=row.id)
    return _edit(row, form)


@bp.get("/<uuid:media_id>/thumb")
@reads(Permission.PAGES_READ)
def thumb(media_id: UUID) -> AnyResponse:
    """Lead to a small picture of a file that is one: scripts know its id alone."""
    found = _shown(_file(media_id))["thumb"]
    if not found:
        raise NotFound
    return redirect(found)


@bp.route("/<uuid:media_id>/words", methods=["GET", "POST"])
@acts(Permission.PAGES_MANAGE, audit="media.described")
def words(media_id: UUID) -> AnyResponse:
    """Say in one language what a picture shows, without leaving the page that shows it: for the editor's script."""
    row, locale = _file(media_id), request.values.get("locale") or shop_locales()[0]
    if not row.kind.startswith("image/") or locale not in shop_locales():
        raise NotFound
    problem: Text = ""
    if is_unsafe():
        require_token()
        try:
            actions.describe_in(g.db, row, locale, request.form.get("alt", ""))
        except Refused as no:
            problem, g.refusal = no.message, no
    told = {"alt": row.alt.get(locale, ""), "is_decorative": row.is_decorative, "problem": str(problem)}
    return make_response(jsonify(told), 422 if problem else 200)


@bp.post("/<uuid:media_id>/replace")
@acts(Permission.PAGES_MANAGE, audit="media.replaced")
def replace(media_id: UUID) -> AnyResponse:
    """Put another file in its place, on all pages at once."""
    row = _file(media_id)
    form = ReplaceForm()
    if form.submitted():
        with form.blames_refusals():
            upload = next(iter(_uploads(form)))
            actions.replace(g.db, row, upload.filename or "", upload.read(LARGEST_DOCUMENT + 1))
            return done(_("Replaced, on every page that shows it."), ".edit", media_id=row.id)
    return _edit(row, _form_for(row, is_fresh=True), form)


@bp.post("/<uuid:media_id>/trash")
@acts(Permission.PAGES_MANAGE, audit="media.trashed")
def trash(media_id: UUID) -> AnyResponse:
    """Put a file in the bin, if no page shows it; the list offers it back."""
    require_token()
    row = _file(media_id)
    try:
        actions.trash(g.db, row)
    except Refused as no:
        say(no.message, "danger")
        return redirect(url_for(".edit", media_id=row.id, _anchor="usages"), 303)
    return redirect(url_for(".list", removed=row.id), 303)


@bp.get("/bin")
@reads(Permission.PAGES_READ)
def bin() -> Response:  # noqa: A001 - what it shows
    """What was thrown away, and when each is deleted for good."""
    rows = [
        {"file": row, "ends_at": row.trashed_at + actions.KEPT_IN_BIN} for row in actions.binned(g.db) if row.trashed_at
    ]
    return page(rows=rows, days=actions.KEPT_IN_BIN.days)


@bp.post("/<uuid:media_id>/untrash")
@acts(Permission.PAGES_MANAGE, audit="media.untrashed")
def untrash(media_id: UUID) -> AnyResponse:
    """Take a file out of the bin."""
    require_token()
    row = g.db.require(MediaFile, media_id)
    actions.untrash(g.db, row)
    return done(_("It is back in the library."), ".edit", media_id=row.id)


@bp.post("/<uuid:media_id>/remove")
@acts(Permission.PAGES_MANAGE, audit="media.removed")
def remove(media_id: UUID) -> AnyResponse:
    """Delete a file in the bin for good."""
    require_token()
    try:
        actions.remove(g.db, g.db.require(MediaFile, media_id))
    except Refused as no:
        say(no.message, "danger")
        return redirect(url_for(".bin"), 303)
    return done(_("Deleted for good."), ".bin")


def _file(media_id: UUID) -> MediaFile:
    row: MediaFile = g.db.require(MediaFile, media_id)
    return row


def _is_script() -> bool:
    return request.accept_mimetypes.best_match(["text/html", "application/json"]) == "application/json"


def _uploads(form: Any) -> Sequence[FileStorage]:
    """Return the files that were chosen; raises ``Refused`` where there are none or too many."""
    chosen = [each for each in form.files.data or [] if isinstance(each, FileStorage) and each.filename]
    if not chosen:
        raise Refused(_("Please choose a file."), field="files")
    if len(chosen) > MOST_AT_ONCE:
        raise Refused(_("Please choose at most %(num)s files at once.", num=MOST_AT_ONCE), field="files")
    return chosen


def _add(form: UploadForm) -> Sequence[MediaFile]:
    """Keep what can be kept. What cannot is named; where nothing could be kept, the form says so itself."""
    uploads = _uploads(form)
    added, faults = [], []
    for each in uploads:
        savepoint = g.db.session.begin_nested()
        try:
            added.append(actions.upload(g.db, each.filename or "", each.read(LARGEST_DOCUMENT + 1)))
        except Refused as no:
            savepoint.rollback()
            faults.append((each.filename or "", no))
        else:
            savepoint.commit()
    if not added:
        name, refusal = faults[0]
        raise Refused(refusal.message if len(uploads) == 1 else _why(name, refusal), field="files")
    for name, refusal in faults:
        say(_why(name, refusal), "danger")
    if len(added) == 1 and (form.alt.data or form.is_decorative.data):
        alt = {shop_locales()[0]: form.alt.data or ""}
        told = actions.Described(name=added[0].name, alt=alt, is_decorative=bool(form.is_decorative.data))
        actions.describe(g.db, added[0], told)
    return added


def _why(name: str, refusal: Refused) -> Text:
    return _("%(file)s: %(why)s", file=name, why=refusal.message)


def _edit(row: MediaFile, form: Any, replacing: ReplaceForm | None = None) -> Response:
    return page(
        "reseller/media/edit.html",
        status=422 if replacing is not None and replacing.was_refused else None,
        form=form,
        replacing=replacing or ReplaceForm(formdata=None),
        file=row,
        shown=shown_file(row, shop_locales()[0]),
        is_picture=row.kind.startswith("image/"),
        words=[form[f"alt_{locale}"] for locale in shop_locales() if f"alt_{locale}" in form],
        usages=actions.usages(g.db, row),
        states=STATES,
        language_names=NATIVE_NAMES,
        several=len(shop_locales()) > 1,
    )


def _form_for(row: MediaFile, *, is_fresh: bool = False) -> Any:
    """Return the form of a file, filled in unless something was sent."""
    if not row.kind.startswith("image/"):
        kind: Any = FileForm
    else:
        label = lazy_words("What the picture shows")
        fields = {f"alt_{each}": words_field(label, each, longest=actions.LONGEST_ALT) for each in shop_locales()}
        kind = type("PictureFormHere", (PictureForm,), fields)
    if is_unsafe() and not is_fresh:
        return kind()
    focal = {"focal_x": round(row.focal_x / 10), "focal_y": round(row.focal_y / 10)}
    alt = {f"alt_{each}": row.alt.get(each, "") for each in shop_locales()}
    return kind(formdata=None, data={"name": row.name, "is_decorative": row.is_decorative, **focal, **alt})


def _told(form: Any, row: MediaFile) -> actions.Described:
    if not row.kind.startswith("image/"):
        return actions.Described(name=form.name.data, alt={})
    alt = {each: (form[f"alt_{each}"].data or "").strip() for each in shop_locales()}
    return actions.Described(
        name=form.name.data,
        alt=alt,
        is_decorative=bool(form.is_decorative.data),
        focal_x=int(form.focal_x.data) * 10,
        focal_y=int(form.focal_y.data) * 10,
    )


def _row(row: MediaFile) -> dict[str, Any]:
    """Return a file as the list shows it, with the languages in which nobody has said what it shows."""
    is_picture = row.kind.startswith("image/")
    missing = [each for each in shop_locales() if is_picture and not row.is_decorative and not row.alt.get(each)]
    several = len(shop_locales()) > 1
    return {
        "file": row,
        "shown": shown_file(row, shop_locales()[0]),
        "is_picture": is_picture,
        "thumb": _shown(row)["thumb"],
        "missing": [NATIVE_NAMES.get(each, each) for each in missing] if several else missing,
    }


def _shown(row: MediaFile) -> dict[str, str]:
    """Return where a file is, and a small picture of it, if it is one."""
    shown = shown_file(row, shop_locales()[0])
    smallest = shown.sources.get("image/webp", "").partition(" ")[0] or shown.url
    return {"url": shown.url, "thumb": smallest if row.kind.startswith("image/") else ""}


def _removed() -> MediaFile | None:
    """Return the file that was just put in the bin, to offer it back."""
    try:
        row = g.db.find(MediaFile, UUID(request.args.get("removed", "")))
    except ValueError:
        return None
    return row if row is not None and row.trashed_at is not None else None

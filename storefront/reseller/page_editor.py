"""/reseller/pages/<id>/<locale>/: write a page in one language, see what it looks like, publish it now or later."""

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, abort, g, make_response, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from cms.blocks import with_ids
from cms.drafts import find_version, open_draft
from cms.merging import Merged, known, seen_of
from cms.models import Page, PageVersion
from cms.page_checks import Problem
from cms.render import shown
from cms.shared_previews import shared_preview
from cms.special_rules import is_special, special_at
from storefront.core.errors import NotFound, Refused
from storefront.core.i18n import lazy_gettext as _
from storefront.core.i18n import speaking
from storefront.identity.permissions import Permission
from storefront.reseller.branding_previews import POLICY, SCRIPT
from storefront.reseller.page_editor_deeds import DEEDS, WhenForm, lead_on, why_not_published
from storefront.reseller.page_editor_faults import path_fault
from storefront.reseller.page_editor_form import Sent, brought_together, keep, pressed, read_sent, words_of
from storefront.reseller.page_editor_here import leave, others_here, stay
from storefront.reseller.page_editor_picked import link_targets, offered_blocks, other_pages
from storefront.reseller.page_editor_script import for_script, is_script, of_another_session
from storefront.reseller.page_editor_shown import Editing, editor
from storefront.reseller.shop_words import shop_locales
from storefront.reseller.special_shown import picture_of
from storefront.web import headers
from storefront.web.forms import Form
from storefront.web.guards import acts, is_unsafe, reads
from storefront.web.house import house
from storefront.web.moment_field import on_clocks
from storefront.web.rendering import page, render
from storefront.web.site import site
from tenants.themes import known_theme

bp = Blueprint("page_editor", __name__, url_prefix="/pages")

# What was typed is kept, and then the page is as it was asked for; all else leads on to an address of its own.
GONE = _("This page is no longer there.")
BINNED = _("This page is in the bin. Put it back under “Pages” to go on writing it.")
SHOWS_AT_ONCE = frozenset({"remove", "share"})


@bp.route("/<uuid:page_id>/<locale>/", methods=["GET", "POST"])
@acts(Permission.PAGES_MANAGE, audit="page.draft_saved")
def show(page_id: UUID, locale: str) -> AnyResponse:
    """The editor; whatever is sent is brought together with what others wrote meanwhile."""
    row = _page(page_id, locale)
    draft = open_draft(g.db, row, locale)
    g.db.flush()
    if not is_unsafe():
        stay(row.id, locale)
        return _show(row, draft, _as_kept(draft))
    sent = read_sent(request.form, draft)
    form = WhenForm() if sent.verb in ("schedule", "end") else Form()
    if not form.submitted():
        if is_script():
            return of_another_session(form)
        typed = Editing(blocks=sent.blocks, words=sent.words, seen=sent.seen, form=form)
        return _show(row, draft, typed, when=form)
    # A line in the log for the first of a row of saves, not for each.
    g.db.logged = draft.revision > 0 and draft.edited_by == g.db.actor.name
    if is_script():
        return for_script(row, draft, sent)
    return _changed(row, draft, sent, form)


def _page(page_id: UUID, locale: str) -> Page:
    row: Page | None = g.db.find(Page, page_id)
    if row is None:
        raise NotFound(GONE)
    if row.trashed_at is not None:
        raise NotFound(BINNED)
    if locale not in shop_locales():
        raise NotFound
    return row


def _as_kept(draft: PageVersion) -> Editing:
    """Return the draft as it is kept; with what stands in the way of publishing where somebody just tried."""
    blocks, words = known(with_ids(draft.blocks)), words_of(draft)
    editing = Editing(blocks=blocks, words=words, seen=seen_of(blocks, words), chosen=request.args.get("block", ""))
    if "check" in request.args:
        editing.problems = why_not_published(draft)
        if editing.problems:
            editing.chosen = editing.problems[0].block_id or "page"
    return editing


def _changed(row: Page, draft: PageVersion, sent: Sent, form: Form) -> AnyResponse:
    """Keep what was sent and do what the button says."""
    merged = brought_together(draft, sent)
    seen = seen_of(known(draft.blocks), words_of(draft))
    if merged.clashes:
        first = merged.clashes[0].key
        both = Editing(blocks=merged.blocks, words=merged.words, seen=seen, clashes=merged.clashes, chosen=first)
        return _show(row, draft, both, status=409)
    blocks, chosen = pressed(row, sent, merged.blocks, draft.locale)
    answer: AnyResponse
    with form.blames_refusals():
        keep(draft, blocks, merged.words)
        if sent.verb in SHOWS_AT_ONCE:
            answer = _show_at_once(row, draft, sent, merged)
        else:
            deed = DEEDS.get(sent.verb)
            answer = deed(row, draft, sent) if deed is not None else lead_on(draft, sent, chosen)
    if form.was_refused:
        return _refused(row, draft, sent, form, Editing(blocks=blocks, words=merged.words, seen=seen))
    return answer


def _show_at_once(row: Page, draft: PageVersion, sent: Sent, merged: Merged) -> Response:
    """Show the editor with a way back for what was removed, or with the link that was asked for."""
    blocks, words = known(draft.blocks), words_of(draft)
    fresh = Editing(blocks=blocks, words=words, seen=seen_of(blocks, words))
    if sent.verb == "share":
        return _show(row, draft, fresh, share=shared_preview(row, draft.locale))
    ids = [block["id"] for block in merged.blocks]
    if sent.place in ids:
        fresh.gone_from = ids.index(sent.place)
        fresh.gone = merged.blocks[fresh.gone_from]
    return _show(row, draft, fresh)


def _refused(row: Page, draft: PageVersion, sent: Sent, form: Form, typed: Editing) -> Response:
    """Show everything as it was typed, with what was refused beside its field."""
    refusal: Refused = g.refusal
    typed.form = form
    if refusal.field in typed.words:
        wrong = path_fault(draft, typed.words["path"]) if refusal.field == "path" else None
        typed.problems = [Problem(place=refusal.field, message=wrong or refusal.message)]
        form.form_errors.clear()
    typed.chosen = "page" if typed.problems else sent.place.partition(".")[0]
    return _show(row, draft, typed, when=form, status=422)


def _show(
    row: Page, draft: PageVersion, editing: Editing, *, when: Form | None = None, status: int | None = None, **more: Any
) -> Response:
    """Answer with the editor."""
    copy_from = request.args.get("copy_from") or ""
    live = find_version(g.db, row, draft.locale, "published")
    if not isinstance(when, WhenForm):
        waiting = find_version(g.db, row, draft.locale, "waiting") or live
        moments = {"at": on_clocks(waiting.starts_at), "until": on_clocks(waiting.ends_at)} if waiting else {}
        when = WhenForm(formdata=None, data=moments)
    here: dict[str, Any] = {"page_id": row.id, "locale": draft.locale}
    return headers.may_show_frames(
        page(
            "reseller/page_editor/show.html",
            status=status,
            **{
                **editor(row, draft, editing),
                "when": when,
                "zone": g.zone,
                "here": others_here(row.id, draft.locale),
                "here_url": url_for(".show", **here),
                "here_note_url": url_for(".here", **here),
                "preview_url": url_for(".preview", **here),
                "live_url": house().config.origin(g.place.canonical) + f"/{draft.locale}{live.path}"
                if live and not is_special(live.path)
                else None,
                "share": None,
                "copy_from": copy_from,
                "other_pages": other_pages(row, draft.locale),
                "link_targets": link_targets(draft.locale),
                "offered": offered_blocks(copy_from, draft.locale) if copy_from else [],
                **more,
            },
        )
    )


@bp.get("/<uuid:page_id>/<locale>/preview")
@reads(Permission.PAGES_MANAGE)
def preview(page_id: UUID, locale: str) -> Response:
    """The draft in a theme as a visitor would see it, for the frame of the editor: it runs nothing."""
    row = _page(page_id, locale)
    draft = open_draft(g.db, row, locale)
    special = special_at(draft.path)
    theme = request.args.get("theme", "")
    if theme and known_theme(theme) != theme:
        abort(404)
    g.pop("chrome", None)
    g.theme = theme or g.theme
    g.locale = locale
    with speaking(locale, g.zone):
        draft.blocks = known(with_ids(draft.blocks))
        if special is not None:
            return picture_of(special.key, draft)
        told = {**shown(g.db, draft, site()["prices_line"]), "marked": True}
        html = render("cms/page.html", page=told, visitor={"signed_in": False}, messages=[])
    response = make_response(SCRIPT.sub("", html))
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["X-Frame-Options"] = "SAMEORIGIN"
    response.headers["Cache-Control"] = "no-store"
    return response


@bp.post("/<uuid:page_id>/<locale>/here")
@acts(Permission.PAGES_MANAGE, audit="page.opened")
def here(page_id: UUID, locale: str) -> AnyResponse:
    """Note that somebody still has a page open, or has closed it; says who else has."""
    row = _page(page_id, locale)
    g.db.logged = True  # a look is nobody's deed
    if "gone" in request.form:
        leave(row.id, locale)
        return Response(status=204)
    stay(row.id, locale, request.form.get("block", ""))
    return make_response({"here": [vars(each) for each in others_here(row.id, locale)]})

"""What the buttons above a page do once everything typed is kept: publish, plan, end, cancel, call it translated."""

from collections.abc import Callable, Mapping
from typing import Any

from flask import g, redirect, url_for
from werkzeug.wrappers import Response

from cms.drafts import mark_translated
from cms.legal import document_of
from cms.legal_models import LegalDocument
from cms.models import Page, PageVersion
from cms.page_checks import Problem
from cms.publishing import cancel_schedule, end_at, publish_draft, schedule_draft
from storefront.core.errors import Refused
from storefront.core.i18n import Text
from storefront.core.i18n import lazy_gettext as _
from storefront.reseller.page_editor_faults import faults_now
from storefront.reseller.page_editor_form import Sent, words_of
from storefront.web.forms import Form
from storefront.web.moment_field import Moment
from storefront.web.rendering import done, say

HERE = "reseller.page_editor.show"


class WhenForm(Form):
    """When a page goes live, and when it ends."""

    at = Moment(_("Publish on"), optional=True)
    until = Moment(_("Until"), optional=True)


def done_here(draft: PageVersion, words: Text) -> Response:
    """Say that it worked and show the editor."""
    return done(words, HERE, page_id=draft.page_id, locale=draft.locale)


def to_mend(draft: PageVersion) -> Response:
    """Show the editor with what stands in the way at its fields."""
    return redirect(url_for(HERE, page_id=draft.page_id, locale=draft.locale, check=1), 303)


def why_not_published(draft: PageVersion) -> list[Problem]:
    """List what stands in the way of publishing; what the database knows is found by trying and taking it back."""
    found = faults_now(draft, words_of(draft), draft.blocks)
    if found:
        return found
    savepoint = g.db.session.begin_nested()
    try:
        publish_draft(g.db, draft, revision=draft.revision)
    except Refused as no:
        place = no.field or "title"
        found = [Problem(place=place, message=no.message, block_id=place.partition(".")[0] if "." in place else "")]
    finally:
        savepoint.rollback()
    return found


def _publish(row: Page, draft: PageVersion, _sent: Sent) -> Response:
    if why_not_published(draft):
        return to_mend(draft)
    document = document_of(g.db, row)
    if document is not None:
        return _as_edition(document)
    publish_draft(g.db, draft, revision=draft.revision)
    return done_here(draft, _("It is published. Visitors see it from now on."))


def _schedule(row: Page, draft: PageVersion, _sent: Sent) -> Response:
    if why_not_published(draft):
        return to_mend(draft)
    document = document_of(g.db, row)
    if document is not None:
        return _as_edition(document)
    when = WhenForm()
    when.validate()
    if when.at.moment is None:
        raise Refused(_("Please say when it goes live."), field="at")
    schedule_draft(g.db, draft, when.at.moment, revision=draft.revision, until=when.until.moment)
    return done_here(draft, _("It goes live by itself at its moment."))


def _as_edition(document: LegalDocument) -> Response:
    """Ask first what the publication of a legal document is: a correction or a new edition, and from when."""
    return redirect(url_for("reseller.legal.publish.form", legal_id=document.id), 303)


def _end(row: Page, draft: PageVersion, _sent: Sent) -> Response:
    when = WhenForm()
    when.validate()
    end_at(g.db, row, draft.locale, when.until.moment)
    if when.until.moment is None:
        return done_here(draft, _("Saved. The page stays until you take it from view."))
    return done_here(draft, _("Saved. Visitors see the page until then."))


def _cancel(row: Page, draft: PageVersion, _sent: Sent) -> Response:
    cancel_schedule(g.db, row, draft.locale)
    return done_here(draft, _("The schedule is cancelled."))


def _translated(_row: Page, draft: PageVersion, _sent: Sent) -> Response:
    mark_translated(g.db, draft)
    return done_here(draft, _("This is the translation of the original as it stands now."))


def _pick(_row: Page, draft: PageVersion, sent: Sent) -> Response:
    page_id = sent.form.get("copy_from")
    return redirect(url_for(HERE, page_id=draft.page_id, locale=draft.locale, copy_from=page_id), 303)


DEEDS: Mapping[str, Callable[[Page, PageVersion, Sent], Response]] = {
    "publish": _publish,
    "schedule": _schedule,
    "end": _end,
    "cancel": _cancel,
    "translated": _translated,
    "pick": _pick,
}


def lead_on(draft: PageVersion, sent: Sent, chosen: str) -> Response:
    """Show the editor with the block that something was done to."""
    if sent.verb == "save":
        say(_("Saved."))
    block = chosen or sent.place.partition(".")[0]
    here: dict[str, Any] = {"page_id": draft.page_id, "locale": draft.locale, "block": block or None}
    return redirect(url_for(HERE, **here, _anchor=f"block-{block}" if block else None), 303)

"""/reseller/legal: every legal document with the edition in force and the one to come; publishing by edition."""

from typing import Any
from uuid import UUID

from flask import Blueprint, g, redirect, request, url_for
from werkzeug.wrappers import Response

from cms.legal import make_document
from cms.legal_models import LegalDocument
from cms.legal_publishing import cancel_edition, change_acceptance
from cms.legal_rules import KINDS, OTHER
from cms.models import Page
from cms.queries import find_page
from cms.starter import starter_pages, write_page
from cms.starter_texts import languages
from cms.tree import new_page
from storefront.core.errors import Refused
from storefront.core.i18n import lazy_gettext as _
from storefront.identity.permissions import Permission
from storefront.reseller import legal_publish
from storefront.reseller.legal_shown import document_rows, missing_kinds
from storefront.reseller.pages_shown import editor_url
from storefront.reseller.shop_words import shop_locales
from storefront.web.fields import Pick, options
from storefront.web.forms import Form, Line, require_token
from storefront.web.guards import acts, reads
from storefront.web.rendering import done, page

bp = Blueprint("legal", __name__, url_prefix="/legal")
bp.register_blueprint(legal_publish.bp)


class AddForm(Form):
    """A document that the shop does not have yet."""

    kind = Pick(_("Document"))
    title = Line(_("Title, for another document"), longest=120, optional=True)


@bp.get("/")
@reads(Permission.PAGES_READ)
def show() -> Response:
    """All documents: what is in force, what comes, which languages lack something."""
    return _answer(_form())


@bp.get("/terms")
@bp.get("/privacy")
@reads(Permission.PAGES_READ)
def moved() -> Response:
    """Lead on from where two documents were written in plain words."""
    return redirect(url_for(".show"), 301)


@bp.post("/add")
@acts(Permission.PAGES_MANAGE, audit="legal.document_made")
def add() -> Response:
    """Begin a document from its pattern, as drafts in every language that has one."""
    form = _form()
    if form.submitted():
        with form.blames_refusals():
            row = _begin(form.kind.data, (form.title.data or "").strip())
            return redirect(editor_url(row.id, shop_locales()[0]), 303)
    return _answer(form)


@bp.post("/<uuid:legal_id>/acceptance")
@acts(Permission.PAGES_MANAGE, audit="legal.acceptance_changed")
def acceptance(legal_id: UUID) -> Response:
    """Say whether customers accept a document when they order."""
    require_token()
    document = g.db.require(LegalDocument, legal_id)
    wanted = request.form.get("needed") == "yes"
    change_acceptance(g.db, document, needs_acceptance=wanted)
    words = _("Customers accept it with each order from now on.") if wanted else _("Customers are not asked any more.")
    return done(words, ".show")


@bp.post("/<uuid:legal_id>/editions/<uuid:edition_id>/cancel")
@acts(Permission.PAGES_MANAGE, audit="legal.edition_cancelled")
def cancel(legal_id: UUID, edition_id: UUID) -> Response:
    """Let an edition that waits never come into force."""
    require_token()
    document = g.db.require(LegalDocument, legal_id)
    edition = cancel_edition(g.db, document, edition_id)
    words = _("Edition %(label)s will not come into force. Its words are in the draft.", label=edition.label)
    return done(words, ".show")


def _form() -> AddForm:
    form = AddForm()
    form.kind.choices = options((kind, KINDS[kind].name) for kind in missing_kinds(g.db))
    return form


def _answer(form: AddForm) -> Response:
    return page(
        "reseller/legal/show.html",
        form=form,
        rows=document_rows(g.db),
        patterns=[kind for kind in missing_kinds(g.db) if kind != OTHER],
    )


def _begin(kind: str, title: str) -> Page:
    """Make the page of a document; raises ``Refused`` where another document has no title."""
    locales = shop_locales()
    if kind == OTHER:
        if not title:
            raise Refused(_("Please give the document a title."), field="title")
        row: Page = g.db.require(Page, new_page(g.db, title, locales[0]).page_id)
        make_document(g.db, row, OTHER, title=title)
        return row
    for locale in locales:
        pattern = next((each for each in _patterns(locale) if each.key == kind), None)
        if pattern is not None:
            write_page(g.db, pattern, locale, publish=False)
    row = find_page(g.db, kind) or g.db.require(
        Page, new_page(g.db, str(KINDS[kind].name), locales[0], key=kind).page_id
    )
    make_document(g.db, row, kind)
    return row


def _patterns(locale: str) -> Any:
    return starter_pages(g.db, locale) if locale in languages() else []

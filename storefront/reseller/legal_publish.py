"""/reseller/legal/<id>/publish: which languages, as a correction or as a new edition, from when."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import Blueprint, g, url_for
from werkzeug.wrappers import Response

from cms.legal import Held, read_document
from cms.legal_models import LegalDocument
from cms.legal_notices import count_concerned
from cms.legal_publishing import Plan, publish_document, ready_drafts
from cms.legal_rules import next_label
from cms.models import PageVersion
from cms.page_checks import Words, problems_of
from storefront.core.errors import Refused
from storefront.core.i18n import format_day
from storefront.core.i18n import lazy_gettext as _
from storefront.identity.permissions import Permission
from storefront.reseller.legal_shown import document_row
from storefront.reseller.pages_shown import editor_url, require_page
from storefront.reseller.shop_words import shop_locales
from storefront.web.fields import Choice, Hidden, Several, options
from storefront.web.forms import Form, Line
from storefront.web.guards import acts
from storefront.web.locale import NATIVE_NAMES
from storefront.web.moment_field import Moment
from storefront.web.rendering import done, page

bp = Blueprint("publish", __name__, url_prefix="/<uuid:legal_id>/publish")


class PublishForm(Form):
    """What a publication is, what it is called, from when, in which languages; ``seen`` are the drafts as shown."""

    deed = Choice(_("What this is"))
    label = Line(_("Name of the new edition"), longest=20, optional=True)
    at = Moment(_("In force from"), optional=True)
    languages = Several(_("Languages"))
    seen = Hidden()


@bp.route("/", methods=["GET", "POST"])
@acts(Permission.PAGES_MANAGE, audit="legal.edition_made")
def form(legal_id: UUID) -> Response:
    """Choose and publish."""
    document = g.db.require(LegalDocument, legal_id)
    require_page(g.db, document.page_id)
    held = read_document(g.db, document)
    drafts = ready_drafts(g.db, held, shop_locales())
    typed = _form(held, drafts)
    if typed.submitted():
        with typed.blames_refusals():
            if typed.seen.data != _seen(drafts):
                raise Refused(_("Somebody wrote on meanwhile. Please look at it once more."))
            chosen = {locale: drafts[locale].revision for locale in typed.languages.data or () if locale in drafts}
            plan = Plan(
                deed=typed.deed.data,
                revisions=chosen,
                label=(typed.label.data or "").strip(),
                at=typed.at.moment if typed.deed.data == "new" else None,
            )
            edition = publish_document(g.db, document, plan)
            if edition.in_force_at > g.db.now:
                day = format_day(edition.in_force_at)
                return done(_("Edition %(label)s comes into force on %(day)s.", label=edition.label, day=day), _LIST)
            return done(_("Edition %(label)s is published.", label=edition.label), _LIST)
    typed.seen.data = _seen(drafts)
    return page(
        "reseller/legal/publish.html",
        form=typed,
        row=document_row(g.db, held),
        drafts=[_draft(held, locale, draft) for locale, draft in drafts.items()],
        concerned=count_concerned(g.db, document) if document.needs_acceptance else 0,
    )


_LIST = "reseller.legal.show"


def _form(held: Held, drafts: Mapping[str, PageVersion]) -> PublishForm:
    labels = [each.label for each in held.editions]
    complete = [locale for locale, draft in drafts.items() if not _problems(draft)]
    typed = PublishForm(
        data={
            "deed": "new" if held.now is None else "mend_next" if held.coming else "mend",
            "label": next_label(labels, g.db.today),
            "languages": complete,
            "seen": _seen(drafts),
        }
    )
    deeds: list[tuple[str, Any]] = [("new", _("A new edition"))]
    if held.now is not None:
        deeds.insert(0, ("mend", _("A correction of edition %(label)s, in force", label=held.now.label)))
    if held.coming:
        deeds.insert(0, ("mend_next", _("A correction of edition %(label)s, to come", label=held.coming[0].label)))
    typed.deed.choices = options(deeds)
    typed.languages.choices = options((locale, NATIVE_NAMES.get(locale, locale)) for locale in drafts)
    return typed


def _seen(drafts: Mapping[str, PageVersion]) -> str:
    return ",".join(f"{locale}:{draft.revision}" for locale, draft in drafts.items())


def _problems(draft: PageVersion) -> list[Any]:
    return problems_of(Words(title=draft.title, description=draft.description), draft.blocks)


def _draft(held: Held, locale: str, draft: PageVersion) -> dict[str, Any]:
    live, page_id = held.texts.get(locale), held.document.page_id
    compare = url_for("reseller.pages.versions.compare", page_id=page_id, locale=locale, new=draft.id)
    return {
        "language": NATIVE_NAMES.get(locale, locale),
        "title": draft.title,
        "edited_at": draft.edited_at,
        "edited_by": draft.edited_by,
        "problems": [each.message for each in _problems(draft)],
        "url": editor_url(page_id, locale),
        "compare_url": compare if live is not None else "",
    }

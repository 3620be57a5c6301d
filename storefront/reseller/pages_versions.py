"""/reseller/pages/…/versions: what stood on a page, who wrote it and when; two beside each other; one written again."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from flask import Blueprint, g, request
from werkzeug.wrappers import Response

from cms.blocks import KINDS, with_ids
from cms.differences import BlockDifference, FieldDifference, Piece, block_differences, differences, fields_that_differ
from cms.drafts import restore_version, versions_of
from cms.models import PageVersion
from cms.page_checks import label_of
from cms.page_settings import PAGE_SETTINGS, settings_of
from storefront.core.errors import NotFound
from storefront.core.i18n import Text
from storefront.core.i18n import lazy_gettext as _
from storefront.identity.permissions import Permission
from storefront.reseller.pages_shown import editor_url, require_locale, require_page, version_title
from storefront.web.forms import require_token
from storefront.web.guards import acts, reads
from storefront.web.locale import NATIVE_NAMES
from storefront.web.rendering import done, page

bp = Blueprint("versions", __name__, url_prefix="/<uuid:page_id>/<locale>/versions")

MOST = 50
STATES: Mapping[str, tuple[Text, str, str]] = {
    "draft": (_("Being written"), "info", "pencil"),
    "waiting": (_("Waits"), "info", "clock"),
    "published": (_("Seen now"), "success", "ok"),
    "past": (_("Earlier"), "neutral", "minus"),
}
HEAD_LABELS: Mapping[str, Text] = {"title": _("Title"), "path": _("Address"), "description": _("Description")}


@bp.get("/")
@reads(Permission.PAGES_READ)
def list(page_id: UUID, locale: str) -> Response:  # noqa: A001 - the verb of every list
    """The versions of a page in a language, the newest first."""
    row = require_page(g.db, page_id)
    versions = versions_of(g.db, row, require_locale(locale), limit=MOST)
    if not versions:
        raise NotFound
    older, newer = _chosen(versions)
    return page(
        row=row,
        locale=locale,
        language=NATIVE_NAMES.get(locale, locale),
        title=version_title(versions[0]),
        url=editor_url(row.id, locale),
        rows=[{"version": each, "state": STATES[each.state]} for each in versions],
        older=older.id,
        newer=newer.id,
        most=MOST,
    )


@bp.get("/compare")
@reads(Permission.PAGES_READ)
def compare(page_id: UUID, locale: str) -> Response:
    """Two versions side by side, with the words that differ."""
    row = require_page(g.db, page_id)
    versions = versions_of(g.db, row, require_locale(locale), limit=MOST)
    if not versions:
        raise NotFound
    older, newer = _chosen(versions)
    if (older.edited_at, older.id) > (newer.edited_at, newer.id):
        older, newer = newer, older
    found = block_differences(with_ids(older.blocks), with_ids(newer.blocks))
    heads = [*_heads(older, newer)]
    return page(
        row=row,
        locale=locale,
        title=version_title(newer),
        sides=[{"version": each, "state": STATES[each.state]} for each in (older, newer)],
        heads=heads,
        blocks=[_shown(each) for each in found],
        has_any=bool(heads) or any(each.is_any for each in found),
    )


@bp.post("/<uuid:version_id>/restore")
@acts(Permission.PAGES_MANAGE, audit="page.version_restored")
def restore(page_id: UUID, locale: str, version_id: UUID) -> Response:
    """Write again what stood in a version; visitors see it when it is published."""
    require_token()
    row = require_page(g.db, page_id)
    version = g.db.require(PageVersion, version_id)
    if version.page_id != row.id or version.locale != require_locale(locale):
        raise NotFound
    restore_version(g.db, version)
    words = _("What stood there is the draft now. What was being written is kept among the versions.")
    return done(words, ".list", page_id=row.id, locale=locale)


def _chosen(versions: Sequence[PageVersion]) -> tuple[PageVersion, PageVersion]:
    """Return the two that were chosen; else what is seen and the newest beside it."""
    known = {str(each.id): each for each in versions}
    newer = known.get(request.args.get("new", "")) or versions[0]
    live = next((each for each in versions if each.state == "published"), None)
    rest = [each for each in versions if each is not newer]
    older = known.get(request.args.get("old", "")) or (live if live is not newer else None)
    return older or next(iter(rest), newer), newer


def _heads(older: PageVersion, newer: PageVersion) -> Iterator[dict[str, Any]]:
    for name, label in HEAD_LABELS.items():
        before, after = getattr(older, name), getattr(newer, name)
        if before != after:
            yield {"labels": [label], **_sides(differences(before, after)), "is_form_only": False}
    yield from _fields([*fields_that_differ(settings_of(older.settings), settings_of(newer.settings), PAGE_SETTINGS)])


def _shown(found: BlockDifference) -> dict[str, Any]:
    return {
        "name": label_of(found.block),
        "kind_name": KINDS[str(found.block["kind"])].label,
        "sign": KINDS[str(found.block["kind"])].sign,
        "kind": found.kind,
        "is_moved": found.is_moved,
        "fields": _fields(found.fields),
    }


def _fields(found: Sequence[FieldDifference]) -> Sequence[dict[str, Any]]:
    return [{"labels": each.labels, **_sides(each.pieces), "is_form_only": each.is_form_only} for each in found]


def _sides(pieces: Sequence[Piece]) -> dict[str, Any]:
    """Return what stands on the left and on the right."""
    return {
        "old": [piece for piece in pieces if piece.kind != "new"],
        "new": [piece for piece in pieces if piece.kind != "gone"],
    }

"""Write the site of a shop as an archive (docs/guides/move-a-site.md), page by page and file by file."""

import itertools
import json
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import IO, Any, Final
from uuid import UUID

from sqlalchemy import func, select

from cms.archive_shape import FORMAT, SITE, VERSION
from cms.block_fields import Spec
from cms.blocks import SPECS
from cms.legal import editions_of, find_document
from cms.legal_models import LegalEdition
from cms.media import SHELF
from cms.models import MediaFile, Menu, Page, PageVersion
from cms.news_categories import categories
from cms.page_settings import PAGE_SETTINGS
from cms.pictures import ENDINGS
from cms.redirects import redirects
from cms.tree import LIVING
from storefront.core import large_files
from storefront.core.db import Work
from storefront.core.errors import NotFound

# The same site makes the same archive: nothing in it says when it was packed.
_DAY_ONE: Final = (1980, 1, 1, 0, 0, 0)
_PIECE: Final = 1024 * 1024
_FILES: Final = frozenset({"picture", "file"})

Refs = Mapping[str, str]


def write_archive(db: Work, to: IO[bytes]) -> dict[str, int]:
    """Write pages, menus, redirects, files and categories; returns how many of each. Only reads."""
    files = {str(row.id): (f"m{number}", row) for number, row in enumerate(_files(db), start=1)}
    names = {row_id: ref for row_id, (ref, _row) in files.items()}
    pages = {str(page.id): (f"p{number}", page) for number, page in enumerate(_pages(db), start=1)}
    page_names = {page_id: ref for page_id, (ref, _page) in pages.items()}
    with zipfile.ZipFile(to, "w", compression=zipfile.ZIP_DEFLATED, allowZip64=False) as archive:
        listed, editions = [], itertools.count(1)
        for number, (ref, page) in enumerate(pages.values(), start=1):
            name = f"pages/{number:04}.json"
            labels, document = _put_document(db, archive, page, names, editions)
            content = {"versions": [_version(db, version, names, labels) for version in _living(db, page)]}
            _put(archive, name, {**content, "document": document} if document else content)
            parent = page_names.get(str(page.parent_id), "")
            listed.append({"ref": ref, "parent": parent, "key": page.key, "file": name})
        kept = [_put_file(db, archive, ref, row) for ref, row in files.values()]
        site: dict[str, Any] = {
            "format": FORMAT,
            "version": VERSION,
            "pages": listed,
            "categories": [{"slug": row.slug, "title": dict(row.title)} for row in categories(db)],
            "menus": [_menu(row, page_names) for row in _menus(db)],
            "redirects": [
                {
                    "path": row.path,
                    "target": row.target,
                    "is_permanent": row.is_permanent,
                    "is_automatic": row.is_automatic,
                }
                for row in redirects(db)
            ],
            "media": [each for each in kept if each is not None],
        }
        _put(archive, SITE, site)
    return {
        "pages": len(pages),
        "files": len(site["media"]),
        "menus": len(site["menus"]),
        "redirects": len(site["redirects"]),
        "editions": next(editions) - 1,
    }


def _put_document(
    db: Work, archive: zipfile.ZipFile, page: Page, names: Refs, numbers: Iterator[int]
) -> tuple[Mapping[UUID, str], dict[str, Any] | None]:
    """Write the words of editions that nobody sees any more; returns what editions are called, and the document."""
    document = find_document(db, page.id)
    if document is None:
        return {}, None
    editions = editions_of(db, document)[::-1]
    listed = []
    for edition in editions:
        said = {"label": edition.label, "in_force_at": edition.in_force_at.isoformat()}
        living, texts = _texts(db, edition)
        if texts:
            said["file"] = f"editions/{next(numbers):04}.json"
            _put(archive, said["file"], {"versions": [_text(db, version, names) for version in texts]})
        if living or texts:
            listed.append(said)
    return {edition.id: edition.label for edition in editions}, {
        "kind": document.kind,
        "slug": document.slug,
        "needs_acceptance": document.needs_acceptance,
        "editions": listed,
    }


def _texts(db: Work, edition: LegalEdition) -> tuple[bool, Sequence[PageVersion]]:
    """Say whether an edition is seen or waits in a language; and its last words in each in which it does not."""
    mine = select(PageVersion).where(PageVersion.reseller_id == db.reseller_id, PageVersion.edition_id == edition.id)
    living = set(
        db.scalars(mine.where(PageVersion.state.in_(("published", "waiting"))).with_only_columns(PageVersion.locale))
    )
    past = mine.where(PageVersion.state == "past", PageVersion.published_at.is_not(None))
    found = db.scalars(past.order_by(PageVersion.published_at, PageVersion.id))
    last = {version.locale: version for version in found if version.locale not in living}
    return bool(living), [last[locale] for locale in sorted(last)]


def _text(db: Work, version: PageVersion, names: Refs) -> dict[str, Any]:
    told = _version(db, version, names, {})
    left = {name: value for name, value in told.items() if name not in {"state", "starts_at", "ends_at"}}
    return {**left, "since": version.published_at.isoformat() if version.published_at is not None else ""}


def _put(archive: zipfile.ZipFile, name: str, content: Mapping[str, Any]) -> None:
    entry = zipfile.ZipInfo(name, date_time=_DAY_ONE)
    entry.compress_type = zipfile.ZIP_DEFLATED
    archive.writestr(entry, json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True) + "\n")


def _put_file(db: Work, archive: zipfile.ZipFile, ref: str, row: MediaFile) -> dict[str, Any] | None:
    """Copy the bytes of a file, a piece at a time; one whose bytes are gone is left out."""
    try:
        path = large_files.require_path(db.config, db.reseller_id, row.digest, shelf=SHELF)
    except NotFound:
        return None
    name = f"media/{int(ref[1:]):04}.{ENDINGS.get(row.kind, 'bin')}"
    entry = zipfile.ZipInfo(name, date_time=_DAY_ONE)
    with path.open("rb") as content, archive.open(entry, "w") as target:
        while piece := content.read(_PIECE):
            target.write(piece)
    return {
        "ref": ref,
        "file": name,
        "name": row.name,
        "alt": row.alt,
        "is_decorative": row.is_decorative,
        "focal": [row.focal_x, row.focal_y],
    }


def _files(db: Work) -> Iterator[MediaFile]:
    statement = select(MediaFile).where(MediaFile.reseller_id == db.reseller_id, MediaFile.trashed_at.is_(None))
    yield from db.scalars(statement.order_by(MediaFile.created_at, MediaFile.id))


def _menus(db: Work) -> Iterator[Menu]:
    yield from db.scalars(select(Menu).where(Menu.reseller_id == db.reseller_id).order_by(Menu.place, Menu.locale))


def _pages(db: Work) -> Iterator[Page]:
    """Every page outside the bin, each before what lies below it."""
    statement = select(Page).where(Page.reseller_id == db.reseller_id, Page.trashed_at.is_(None))
    below: dict[UUID | None, list[Page]] = {}
    found = db.scalars(statement.order_by(Page.position, Page.created_at, Page.id))
    known = {page.id for page in found}
    for page in found:
        below.setdefault(page.parent_id if page.parent_id in known else None, []).append(page)
    waiting = below.pop(None, [])[::-1]
    while waiting:
        page = waiting.pop()
        yield page
        waiting += below.pop(page.id, [])[::-1]


def _living(db: Work, page: Page) -> Iterator[PageVersion]:
    statement = select(PageVersion).where(PageVersion.reseller_id == db.reseller_id, PageVersion.page_id == page.id)
    for version in db.scalars(
        statement.where(PageVersion.state.in_(LIVING)).order_by(PageVersion.locale, PageVersion.state)
    ):
        yield version
        db.session.expunge(version)


def _since(db: Work, version: PageVersion) -> datetime | None:
    """Since when a page has been seen in a language at all: news are sorted by it."""
    own = select(func.min(PageVersion.published_at)).where(PageVersion.reseller_id == db.reseller_id)
    return db.scalar(own.where(PageVersion.page_id == version.page_id, PageVersion.locale == version.locale))


def _version(db: Work, version: PageVersion, names: Refs, labels: Mapping[UUID, str]) -> dict[str, Any]:
    since = _since(db, version) if version.state == "published" else None
    edition = labels.get(version.edition_id, "") if version.edition_id is not None and version.state != "draft" else ""
    moments = {"since": since, "starts_at": version.starts_at, "ends_at": version.ends_at}
    return {
        "locale": version.locale,
        "state": version.state,
        "path": version.path,
        "title": version.title,
        "description": version.description,
        "settings": _named(version.settings, PAGE_SETTINGS, names),
        "blocks": [_block(block, names) for block in version.blocks],
        "translated_from": (
            [_block(block, names) for block in version.translated_from] if version.translated_from is not None else None
        ),
        **{name: moment.isoformat() for name, moment in moments.items() if moment is not None},
        **({"edition": edition} if edition else {}),
    }


def _block(block: Mapping[str, Any], names: Refs) -> dict[str, Any]:
    kept = _named(block, SPECS[str(block["kind"])], names)
    return {"kind": block["kind"], "id": str(block.get("id", "")), **kept}


def _named(values: Mapping[str, Any], specs: Mapping[str, Spec], names: Refs) -> dict[str, Any]:
    """Return fields with files by their names in the archive; what belongs to this shop alone stays here."""
    found: dict[str, Any] = {}
    for name, spec in specs.items():
        if name not in values:
            continue
        value = values[name]
        if spec.widget == "rows":
            found[name] = [_named(row, spec.parts, names) for row in value]
        elif spec.widget in _FILES:
            found[name] = names.get(str(value), "")
        else:
            found[name] = "" if spec.widget == "promotion" else value
    return found


def _menu(row: Menu, pages: Refs) -> dict[str, Any]:
    return {"place": row.place, "locale": row.locale, "items": _links(row.items, pages)}


def _links(items: Any, pages: Refs) -> list[dict[str, Any]]:
    found = []
    for item in items:
        if "items" in item:
            found.append({"title": item.get("title", ""), "items": _links(item["items"], pages)})
        elif not item.get("page"):
            found.append({"label": item.get("label", ""), "url": item.get("url", "")})
        elif str(item["page"]) in pages:
            found.append({"label": item.get("label", ""), "page": pages[str(item["page"])]})
    return found

"""rule: the shape of an archive of a site (docs/guides/move-a-site.md): what it holds -> an arrival."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

from cms import archive_json as js
from cms.arrivals import (
    Arrival,
    ArrivingCategory,
    ArrivingDocument,
    ArrivingEdition,
    ArrivingFile,
    ArrivingMenu,
    ArrivingPage,
    ArrivingRedirect,
    ArrivingVersion,
    Notes,
)
from cms.zip_reading import Entries
from storefront.core.errors import Refused
from storefront.core.i18n import lazy_gettext as _

FORMAT: Final = "vitrine-site"
VERSION: Final = 1
SITE: Final = "site.json"
PAGES: Final = re.compile(r"pages/[0-9]{1,6}\.json")
EDITIONS: Final = re.compile(r"editions/[0-9]{1,6}\.json")
FILES: Final = re.compile(r"media/[0-9]{1,6}\.[a-z]{3,4}")
REF: Final = re.compile(r"[a-z][0-9]{1,6}")
KEY: Final = re.compile(r"[a-z0-9~][a-z0-9-]{0,59}")
STATES: Final = ("draft", "waiting", "published")
LONGEST_TITLE: Final = 300
LONGEST_WORDS: Final = 2_000
LONGEST_PATH: Final = 500
LONGEST_NAME: Final = 200
MOST_VERSIONS: Final = 40
MOST_EDITIONS: Final = 1_000
LARGEST_FILE: Final = 10 * 1024 * 1024
WHOLE: Final = 1_000
NOT_OURS = _("This is no archive of a site: it has no site.json that we know.")
NEWER = _("This archive was made by a newer version of the shop. Please ask for an update first.")


def is_archive(entries: Entries) -> bool:
    """Whether this looks like an archive of a site of ours."""
    return SITE in entries


def arrival_of(entries: Entries) -> Arrival:
    """Read what lies in an archive. Raises ``Refused`` for one that is none, is broken or was made by a later version.

    What single things lack or say wrong is said of them when they come in, and stops no other.
    """
    if SITE not in entries:
        raise Refused(NOT_OURS)
    site = js.read_json(entries.whole(SITE, js.LARGEST))
    if site.get("format") != FORMAT or not isinstance(site.get("version"), int):
        raise Refused(NOT_OURS)
    if site["version"] > VERSION:
        raise Refused(NEWER)
    notes = Notes()
    listed = _listed(site)
    pages = [_page(each, entries, notes) for each in listed]
    return Arrival(
        pages=pages,
        versions=lambda: _versions(listed, entries),
        files=[_file(each, entries) for each in js.objects(site.get("media"))],
        menus=[_menu(each) for each in js.objects(site.get("menus"), 100)],
        redirects=[_redirect(each) for each in js.objects(site.get("redirects"))],
        notes=notes,
        categories=[
            ArrivingCategory(
                slug=js.said(each.get("slug"), LONGEST_NAME),
                titles=js.words_by_language(each.get("title"), LONGEST_NAME),
            )
            for each in js.objects(site.get("categories"), LONGEST_NAME)
        ],
    )


def _listed(site: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    """Return the pages of the list that have a name and a file, each once."""
    seen: set[str] = set()
    found = []
    for each in js.objects(site.get("pages")):
        ref = js.said(each.get("ref"))
        if REF.fullmatch(ref) and ref not in seen and PAGES.fullmatch(js.said(each.get("file"))):
            seen.add(ref)
            found.append(each)
    return found


def _page(each: Mapping[str, Any], entries: Entries, notes: Notes) -> ArrivingPage:
    key = js.said(each.get("key"))
    page = _page_of(each, entries)
    versions = _versions_in(page)
    if not versions:
        notes.say("bad_version", js.said(each.get("file"), 40))
    return ArrivingPage(
        ref=str(each["ref"]),
        parent=js.said(each.get("parent"), 10),
        key=key if KEY.fullmatch(key) else "",
        places=[(version.locale, version.path) for version in versions],
        document=_document(page["document"], entries) if isinstance(page.get("document"), Mapping) else None,
    )


def _document(said: Mapping[str, Any], entries: Entries) -> ArrivingDocument:
    editions = []
    for each in js.objects(said.get("editions"), MOST_EDITIONS):
        at = js.moment(each.get("in_force_at"))
        if at is not None:
            name = js.said(each.get("file"), 40)
            editions.append(
                ArrivingEdition(label=js.said(each.get("label"), 40), in_force_at=at, texts=_texts(entries, name))
            )
    return ArrivingDocument(
        kind=js.said(said.get("kind"), 40),
        slug=js.said(said.get("slug"), LONGEST_NAME),
        needs_acceptance=said.get("needs_acceptance") is True,
        editions=editions,
    )


def _texts(entries: Entries, name: str) -> Callable[[], Sequence[ArrivingVersion]]:
    """Return what reads the words of an edition; none where they are not in the archive."""

    def read() -> Sequence[ArrivingVersion]:
        if not EDITIONS.fullmatch(name) or name not in entries:
            return []
        return _versions_in(js.read_json(entries.whole(name, js.LARGEST)))

    return read


def _versions(listed: Sequence[Mapping[str, Any]], entries: Entries) -> Iterator[tuple[str, Sequence[ArrivingVersion]]]:
    for each in listed:
        yield str(each["ref"]), _versions_in(_page_of(each, entries))


def _page_of(each: Mapping[str, Any], entries: Entries) -> Mapping[str, Any]:
    name = str(each["file"])
    return js.read_json(entries.whole(name, js.LARGEST)) if name in entries else {}


def _versions_in(page: Mapping[str, Any]) -> Sequence[ArrivingVersion]:
    return [_version(version) for version in js.objects(page.get("versions"), MOST_VERSIONS)]


def _version(said: Mapping[str, Any]) -> ArrivingVersion:
    state = said.get("state")
    translated = said.get("translated_from")
    return ArrivingVersion(
        locale=js.said(said.get("locale"), 8),
        path=js.said(said.get("path"), LONGEST_PATH),
        title=js.said(said.get("title"), LONGEST_TITLE),
        description=js.said(said.get("description"), LONGEST_WORDS),
        blocks=js.objects(said.get("blocks")),
        state=str(state) if state in STATES else "draft",
        settings=js.a_dict(said.get("settings")),
        translated_from=js.objects(translated) if isinstance(translated, list) else None,
        since=js.moment(said.get("since")),
        starts_at=js.moment(said.get("starts_at")),
        ends_at=js.moment(said.get("ends_at")),
        edition=js.said(said.get("edition"), 40),
    )


def _file(said: Mapping[str, Any], entries: Entries) -> ArrivingFile:
    focal = said.get("focal")
    across, down = focal if isinstance(focal, list) and len(focal) == 2 else (None, None)  # noqa: PLR2004 - a point
    return ArrivingFile(
        ref=js.said(said.get("ref"), 10),
        name=js.said(said.get("name"), LONGEST_NAME),
        fetch=_fetch(entries, js.said(said.get("file"), 40)),
        alt=js.words_by_language(said.get("alt"), LONGEST_WORDS),
        is_decorative=said.get("is_decorative") is True,
        focal_x=js.number(across, WHOLE // 2, most=WHOLE),
        focal_y=js.number(down, WHOLE // 2, most=WHOLE),
    )


def _fetch(entries: Entries, name: str) -> Callable[[], bytes]:
    def fetch() -> bytes:
        if not FILES.fullmatch(name) or name not in entries:
            raise Refused(_("It is not in the archive."))
        return entries.whole(name, LARGEST_FILE)

    return fetch


def _menu(said: Mapping[str, Any]) -> ArrivingMenu:
    return ArrivingMenu(
        place=js.said(said.get("place"), 20), locale=js.said(said.get("locale"), 8), items=js.objects(said.get("items"))
    )


def _redirect(said: Mapping[str, Any]) -> ArrivingRedirect:
    return ArrivingRedirect(
        path=js.said(said.get("path"), LONGEST_PATH * 2),
        target=js.said(said.get("target"), LONGEST_PATH * 2),
        is_permanent=said.get("is_permanent") is not False,
        is_automatic=said.get("is_automatic") is True,
    )

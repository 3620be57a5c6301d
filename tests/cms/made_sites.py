"""Sites made at random: trees of pages in several languages and states, with files, menus and redirects."""

from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

from sqlalchemy import delete, select, update

from cms import media
from cms.archive_shape import arrival_of
from cms.archive_writing import write_archive
from cms.arrivals import Arrival, Choices
from cms.blocks import KINDS, block_from, with_ids
from cms.entering import Entered, enter_site
from cms.legal import make_document
from cms.legal_models import EditionNotice, LegalDocument, LegalEdition
from cms.models import MediaFile, Menu, NewsCategory, Page, PageVersion, Redirect, VisitorMessage
from cms.zip_reading import opened
from storefront.core.db import Work
from storefront.core.ids import uuid7
from storefront.core.text import LocalizedText
from tests.cms.block_samples import sample
from tests.cms.test_media_files import DOCUMENT
from tests.tenants.picture_bombs import saved

AS_THEY_WERE = Choices(publishes=True, replaces_menus=True)
LOCALES = ("en", "fr", "pl", "de")


def emptied(db: Work) -> None:
    """Take everything of its site from a shop, for as long as this Work lasts."""
    mine = {"reseller_id": db.reseller_id}
    db.execute(update(Page).values(parent_id=None).where(Page.reseller_id == db.reseller_id))
    papers = (EditionNotice, PageVersion, LegalEdition, LegalDocument)
    for model in (VisitorMessage, *papers, Page, Menu, Redirect, MediaFile, NewsCategory):
        db.execute(delete(model).filter_by(**mine))
    db.session.expire_all()


def packed(db: Work, to: Path) -> Path:
    """Write the archive of a shop."""
    with to.open("wb") as file:
        write_archive(db, file)
    return to


def brought_in(
    db: Work, path: Path, choices: Choices = AS_THEY_WERE, *, only_look: bool = False
) -> tuple[Entered, Arrival]:
    """Bring an archive in."""
    with opened(path) as entries:
        arrival = arrival_of(entries)
        return enter_site(db, arrival, choices, only_look=only_look), arrival


def make_site(db: Work, seed: int) -> None:
    """Make a site in an empty shop; the same one for the same seed."""
    chance = Random(seed)
    files = [_file(db, chance, number) for number in range(chance.randint(0, 3))]
    pictures = [str(row.id) for row in files if row.kind.startswith("image/")]
    papers = [str(row.id) for row in files if not row.kind.startswith("image/")]
    made: list[tuple[Page, int]] = []
    for number in range(chance.randint(1, 7)):
        parent, depth = chance.choice([*made, (None, 0)]) if made else (None, 0)
        if depth >= 4:
            parent, depth = None, 0
        key = chance.choice(["about", "terms", ""]) if number else "home"
        if not key or any(page.key == key for page, _depth in made):
            key = f"p-{chance.getrandbits(48):012x}"
        page = db.add(
            Page(key=key, created_at=db.now, parent_id=parent.id if parent else None, position=chance.randint(0, 9))
        )
        db.flush()
        made.append((page, depth + 1))
        for locale in chance.sample(LOCALES, chance.randint(1, 3)):
            _versions(db, chance, page, locale, "/" if number == 0 else f"/page-{number}", pictures, papers)
        if key == "terms" or (number and chance.random() < 0.3):
            _editions(db, chance, page, "terms" if key == "terms" else "other")
    if chance.random() < 0.5:
        _special(db, "~not-found")
    _around(db, chance, [page for page, _depth in made])
    db.flush()


def _file(db: Work, chance: Random, number: int) -> MediaFile:
    if chance.random() < 0.3:
        row = media.upload(db, f"paper {number}.pdf", DOCUMENT)
    else:
        row = media.upload(db, "harbour é.png", saved("PNG", (24 + number + chance.randint(0, 40), 20)))
        row.is_decorative = chance.random() < 0.3
        row.focal_x, row.focal_y = chance.randint(0, 1000), chance.randint(0, 1000)
    row.alt = {locale: f"The harbour, {locale} “{number}”" for locale in LOCALES}
    row.created_at = db.now + timedelta(seconds=number)
    db.flush()
    return row


def _versions(
    db: Work, chance: Random, page: Page, locale: str, path: str, pictures: list[str], papers: list[str]
) -> None:
    states = chance.choice([["draft"], ["published"], ["published", "draft"], ["waiting"], ["published", "waiting"]])
    for state in states:
        kinds = chance.sample(sorted(KINDS), chance.randint(0, 5))
        ids = {"picture": chance.choice(pictures or [""]), "second": "", "file": chance.choice(papers or [""])}
        whole = [kind for kind in kinds if kind not in _needs(pictures, papers)]
        blocks = with_ids([block_from(sample(kind, **ids)).to_json() for kind in whole])
        version: dict[str, Any] = {"locale": locale, "path": path, "title": f"Title {state} ü {path}", "blocks": blocks}
        version["settings"] = chance.choice(
            [
                {},
                {"noindex": True, "search_title": "Söök", "picture": ids["picture"]},
                {"date": "2024-02-29", "categories": ["boats"]},
            ]
        )
        version["translated_from"] = chance.choice([None, blocks])
        if state == "published":
            version["published_at"] = db.now - timedelta(days=chance.randint(0, 900), microseconds=chance.randint(0, 9))
            version["ends_at"] = chance.choice([None, db.now + timedelta(days=9)]) if path != "/" else None
        if state == "waiting":
            version["starts_at"] = db.now + timedelta(days=chance.randint(1, 300))
        db.add(PageVersion(page_id=page.id, state=state, edited_at=db.now, description="What it is.", **version))
    db.flush()


def _editions(db: Work, chance: Random, page: Page, kind: str) -> None:
    """Make a page a legal document: what is seen of it, what waits, and what held once."""
    document = make_document(db, page, kind, title=f"Paper {chance.randint(0, 3)}")
    document.needs_acceptance = chance.random() < 0.5
    moments = {"Old-1": -500, "2": -100, "2026-11": -9, "next.4": 30}
    editions = {
        label: db.add(
            LegalEdition(
                id=uuid7(),
                document_id=document.id,
                label=label,
                in_force_at=db.now + timedelta(days=days),
                made_at=db.now,
            )
        )
        for label, days in moments.items()
    }
    db.flush()
    for version in db.scalars(select(PageVersion).where(PageVersion.page_id == page.id)):
        # A translation may lag behind the edition in force.
        now = editions[chance.choice(["2", "2026-11"])]
        version.ends_at = None
        if version.state == "waiting":
            version.starts_at = editions["next.4"].in_force_at
        version.edition_id = {"published": now.id, "waiting": editions["next.4"].id}.get(version.state)
        for label in chance.sample(["Old-1", "2"], chance.randint(0, 2)) if version.state == "published" else ():
            if editions[label] is not now:
                before = {
                    "locale": version.locale,
                    "path": version.path,
                    "title": f"{label}: ü",
                    "blocks": version.blocks,
                }
                past = PageVersion(
                    page_id=page.id, state="past", edited_at=db.now, edition_id=editions[label].id, **before
                )
                past.published_at = editions[label].in_force_at + timedelta(hours=chance.randint(0, 30))
                db.add(past)
    db.flush()


def _special(db: Work, key: str) -> None:
    """Write a page without an address."""
    page = db.add(Page(key=key, created_at=db.now, position=99))
    db.flush()
    blocks = [block_from({"kind": "rich_text", "id": "b1", "html": "<p>Nothing is here.</p>"}).to_json()]
    words = {"path": key, "title": "Nothing", "description": "", "blocks": blocks}
    db.add(PageVersion(page_id=page.id, locale="en", state="draft", edited_at=db.now, **words))
    live = PageVersion(page_id=page.id, locale="en", state="published", edited_at=db.now, **words)
    live.published_at = db.now - timedelta(days=3)
    db.add(live)


def _needs(pictures: list[str], papers: list[str]) -> set[str]:
    """Kinds that cannot be whole here: they show what this site has not, or belong to the shop itself."""
    return {
        "promotion_countdown",
        "gallery",
        *(() if pictures else ("image",)),
        *(() if papers else ("downloads",)),
    }


def _around(db: Work, chance: Random, pages: list[Page]) -> None:
    for number, slug in enumerate(chance.sample(["boats", "harbour", "prices"], chance.randint(0, 3))):
        db.add(NewsCategory(slug=slug, title=LocalizedText(en=slug.title(), pl="Łódź"), position=number * 2))
    links = [{"label": f"Link {number}", "page": str(page.id)} for number, page in enumerate(pages[:6])]
    for locale in chance.sample(LOCALES, chance.randint(0, 2)):
        db.add(Menu(place="header", locale=locale, items=[*links, {"label": "Far", "url": "https://far.example/a"}]))
        db.add(Menu(place="footer", locale=locale, items=[{"title": "Column", "items": links}]))
    for number in range(chance.randint(0, 4)):
        target = chance.choice(["/search", "https://far.example/x?y=1", f"/old-{number + 10}"])
        row = Redirect(path=f"/old-{number}", target=target, is_permanent=chance.random() < 0.5, created_at=db.now)
        row.is_automatic = chance.random() < 0.5
        db.add(row)

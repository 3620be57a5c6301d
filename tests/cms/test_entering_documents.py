"""Legal documents come along with their editions, and never among those of another document."""

import json
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from cms.arrivals import Choices
from cms.events import EditionAnnounced
from cms.legal import Held, read_documents, text_of
from cms.legal_models import LegalEdition
from cms.models import PageVersion
from storefront.core.db import Database, Work
from storefront.core.outbox import OutboxEvent
from tests.cms.legal_desk import publish_words
from tests.cms.made_sites import AS_THEY_WERE, brought_in, emptied, packed
from tests.fixtures_app import Shop

MONTH = timedelta(days=30)


@pytest.fixture
def archive(database: Database, shops: dict[str, Shop], tmp_path: Path) -> Path:
    """Terms of which one edition held once, one holds and was mended, and one waits."""
    with database.work(shops["north"].id) as db:
        emptied(db)
        first = publish_words(db, "One.", "1")
        db.execute(update(LegalEdition).where(LegalEdition.id == first.id).values(in_force_at=db.now - 2 * MONTH))
        db.session.expire_all()
        publish_words(db, "Too.", "2")
        publish_words(db, "Two.", deed="mend")
        publish_words(db, "Three.", "3", at=db.now + MONTH)
        return packed(db, tmp_path / "site.zip")


@pytest.fixture
def south(database: Database, shops: dict[str, Shop]) -> Iterator[Work]:
    """An empty shop."""
    with database.work(shops["south"].id) as db:
        emptied(db)
        yield db


def words(db: Work, edition: LegalEdition | None) -> str:
    text = text_of(db, edition, ["en"]) if edition is not None else None
    return str(text.blocks[0]["html"]) if text is not None else ""


def only(db: Work) -> Held:
    (held,) = read_documents(db)
    return held


def said(db: Work, path: Path, choices: Choices = AS_THEY_WERE) -> set[str]:
    return {remark.what for remark in brought_in(db, path, choices)[1].notes.remarks}


def test_document_comes_with_what_held_what_holds_and_what_will(south: Work, archive: Path) -> None:
    entered, arrival = brought_in(south, archive)

    held = only(south)
    assert arrival.notes.remarks == []
    assert entered.counts["editions"] == 3
    assert (held.document.kind, held.document.slug, held.document.needs_acceptance) == ("terms", "terms", True)
    assert [each.label for each in held.editions] == ["3", "2", "1"]
    assert held.now is not None
    assert (held.now.label, [each.label for each in held.coming]) == ("2", ["3"])
    assert [words(south, each) for each in held.editions] == ["<p>Three.</p>", "<p>Two.</p>", "<p>One.</p>"]
    # Nobody here accepted an older one.
    told = select(OutboxEvent.id).where(OutboxEvent.name == EditionAnnounced.name)
    assert south.scalars(told.where(OutboxEvent.reseller_id == south.reseller_id)) == []


def test_editions_come_only_where_they_come_into_view(south: Work, archive: Path) -> None:
    assert said(south, archive, Choices()) == {"editions"}

    held = only(south)
    assert (held.document.kind, held.editions) == ("terms", [])
    written = south.scalars(select(PageVersion).where(PageVersion.page_id == held.document.page_id))
    assert {(row.state, row.edition_id) for row in written} == {("draft", None), ("past", None)}


def test_document_that_is_here_keeps_its_own_editions(south: Work, archive: Path) -> None:
    publish_words(south, "Ours.", "2")
    south.execute(update(PageVersion).values(path="/terms"))
    south.session.expire_all()

    remarks = said(south, archive, Choices(publishes=True, taken="replace"))

    assert "editions_there" in remarks
    assert [words(south, each) for each in only(south).editions] == ["<p>Ours.</p>"]


def test_second_document_of_a_kind_is_another_one_that_nobody_accepts(south: Work, archive: Path) -> None:
    publish_words(south, "Ours.", "2")

    assert "document_there" in said(south, archive)

    ours, theirs = read_documents(south)
    assert (ours.document.kind, words(south, ours.now)) == ("terms", "<p>Ours.</p>")
    assert (theirs.document.kind, theirs.document.needs_acceptance) == ("other", False)
    assert theirs.document.slug == "terms-2"
    assert words(south, theirs.now) == "<p>Two.</p>"


def changed(path: Path, change: Any) -> Path:
    """Change what an archive says of its document."""
    with zipfile.ZipFile(path) as before:
        files = {name: before.read(name) for name in before.namelist()}
    page = json.loads(files["pages/0001.json"])
    change(page)
    files["pages/0001.json"] = json.dumps(page).encode()
    with zipfile.ZipFile(path, "w") as made:
        for name, content in files.items():
            made.writestr(name, content)
    return path


@pytest.mark.parametrize(
    ("document", "remark"),
    [
        ({"kind": "sorcery", "editions": [{"label": "1", "in_force_at": "2020-01-01T00:00:00+00:00"}]}, "document"),
        ({"kind": "terms", "editions": [{"label": "../x", "in_force_at": "2020-01-01T00:00:00+00:00"}]}, "edition"),
        ({"kind": "terms", "editions": [{"label": "2", "in_force_at": "2020-01-01T00:00:00Z"}] * 2}, "edition"),
        ({"kind": "terms", "editions": [{"label": "2", "in_force_at": "yesterday"}]}, "as_draft"),
        ({"kind": "terms", "slug": "../../x", "needs_acceptance": "yes", "editions": {"label": "2"}}, "as_draft"),
        ({"kind": ["terms"], "slug": 7, "editions": [7, None, []]}, "document"),
        (
            {
                "kind": "terms",
                "editions": [{"label": "1", "in_force_at": "2020-01-01T00:00:00Z", "file": "../editions/0001.json"}],
            },
            "as_draft",
        ),
    ],
)
def test_document_written_by_hand_breaks_nothing(
    south: Work, archive: Path, document: dict[str, Any], remark: str
) -> None:
    assert remark in said(south, changed(archive, lambda page: page.update(document=document)))

    held = only(south)
    assert held.now is not None
    assert words(south, held.now) == "<p>Two.</p>"
    assert held.document.slug == "terms"


def test_edition_whose_day_has_come_meanwhile_is_a_draft(south: Work, archive: Path) -> None:
    def late(page: dict[str, Any]) -> None:
        past = (south.now - MONTH).isoformat()
        page["document"]["editions"][-1]["in_force_at"] = past
        next(each for each in page["versions"] if each["state"] == "waiting")["starts_at"] = past

    brought_in(south, changed(archive, late))

    assert [each.label for each in only(south).editions] == ["2", "1"]

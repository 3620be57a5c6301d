"""Publishing, now or at a moment; taking from view, now or at a moment."""

from datetime import timedelta

import pytest
from sqlalchemy import delete, func, select

from cms import publishing
from cms.drafts import Writing, find_version, open_draft, save_draft
from cms.models import Page, PageVersion
from cms.publishing import (
    cancel_schedule,
    end_at,
    publish_draft,
    publish_due,
    schedule_draft,
    shops_with_due_pages,
    unpublish,
)
from cms.queries import find_published_page
from cms.redirects import find_redirect
from cms.tree import new_page
from storefront.core.db import Database, Work
from storefront.core.errors import Conflict, Refused
from tests.fixtures_app import Shop

HERO = {"kind": "hero", "title": "Hello"}


def written(db: Work, title: str = "About us", **more: object) -> tuple[Page, PageVersion]:
    draft = new_page(db, title, "en")
    terms = {"path": draft.path, "title": title, "blocks": [HERO], **more}
    save_draft(db, draft, Writing(**terms), revision=0)  # type: ignore[arg-type]  # a table of terms
    return db.require(Page, draft.page_id), draft


def changed(db: Work, page: Page, title: str, path: str = "/about-us") -> PageVersion:
    draft = open_draft(db, page, "en")
    save_draft(db, draft, Writing(path=path, title=title, blocks=[HERO]), revision=draft.revision)
    return draft


def seen(db: Work, path: str = "/about-us") -> str | None:
    version = find_published_page(db, path, ["en"])
    return version.title if version else None


def test_published_page_is_seen_and_the_one_before_is_past(db: Work) -> None:
    page, draft = written(db)
    assert seen(db) is None
    publish_draft(db, draft, revision=1)
    draft = changed(db, page, "Who we are")
    assert seen(db) == "About us"

    publish_draft(db, draft, revision=1)

    assert seen(db) == "Who we are"
    states = db.scalars(select(PageVersion.state).where(PageVersion.page_id == page.id).order_by(PageVersion.id))
    assert list(states) == ["past", "published"]


def test_page_with_another_address_leaves_its_old_one_behind(db: Work) -> None:
    page, draft = written(db)
    publish_draft(db, draft, revision=1)

    publish_draft(db, changed(db, page, "Who we are", "/who-we-are"), revision=1)

    assert [seen(db), seen(db, "/who-we-are")] == [None, "Who we are"]
    left = find_redirect(db, "/about-us")
    assert left is not None
    assert (left.target, left.is_automatic) == ("/who-we-are", True)
    publish_draft(db, changed(db, page, "About us"), revision=1)
    assert find_redirect(db, "/about-us") is None


@pytest.mark.parametrize(
    ("title", "blocks", "field"), [(" ", [HERO], "title"), ("About", [{**HERO, "title": ""}], "b1.title")]
)
def test_incomplete_page_is_not_published(db: Work, title: str, blocks: list[dict[str, str]], field: str) -> None:
    _page, draft = written(db, title, blocks=blocks)

    with pytest.raises(Refused) as refused:
        publish_draft(db, draft, revision=1)

    assert (refused.value.field, draft.state) == (field, "draft")


def test_address_of_another_page_is_refused(db: Work) -> None:
    _page, first = written(db)
    publish_draft(db, first, revision=1)
    _other, second = written(db, "Contact", path="/about-us")

    with pytest.raises(Refused) as refused:
        publish_draft(db, second, revision=1)

    assert refused.value.field == "path"


def test_draft_that_somebody_else_changed_is_not_published_unseen(db: Work) -> None:
    _page, draft = written(db)

    with pytest.raises(Conflict):
        publish_draft(db, draft, revision=0)


def test_scheduled_page_goes_live_once_at_its_moment_and_ends_at_its_end(db: Work) -> None:
    page, draft = written(db)
    publish_draft(db, draft, revision=1)
    draft = changed(db, page, "Winter")
    at = db.now + timedelta(hours=1)
    schedule_draft(db, draft, at, revision=1, until=at + timedelta(days=1))
    changed(db, page, "Still being written")

    publish_due(db)
    assert seen(db) == "About us"
    db.now = at
    publish_due(db)
    publish_due(db)

    assert seen(db) == "Winter"
    assert db.scalar(
        select(func.count()).where(PageVersion.page_id == page.id, PageVersion.published_at == at)
    ) == 1  # fmt: skip
    db.now = at + timedelta(days=1)
    publish_due(db)
    assert seen(db) is None
    written_now = find_version(db, page, "en", "draft")
    assert written_now is not None
    assert written_now.title == "Still being written"


def test_second_schedule_replaces_the_first_and_publishing_forgets_it(db: Work) -> None:
    page, draft = written(db)
    schedule_draft(db, draft, db.now + timedelta(hours=1), revision=1)
    later = schedule_draft(db, draft, db.now + timedelta(hours=2), revision=1)
    waiting = find_version(db, page, "en", "waiting")
    assert waiting is not None
    assert waiting.id == later.id

    publish_draft(db, draft, revision=1)

    assert find_version(db, page, "en", "waiting") is None


def test_cancelled_schedule_changes_nothing_any_more(db: Work) -> None:
    page, draft = written(db)
    schedule_draft(db, draft, db.now + timedelta(hours=1), revision=1)

    cancel_schedule(db, page, "en")
    db.now += timedelta(hours=2)
    publish_due(db)

    assert seen(db) is None


@pytest.mark.parametrize(
    ("at", "until", "field"), [(-1, None, "at"), (0, None, "at"), (24 * 800, None, "at"), (2, 1, "until")]
)
def test_moment_that_cannot_be_is_refused(db: Work, at: int, until: int | None, field: str) -> None:
    _page, draft = written(db)

    with pytest.raises(Refused) as refused:
        schedule_draft(
            db,
            draft,
            db.now + timedelta(hours=at),
            revision=1,
            until=None if until is None else db.now + timedelta(hours=until),
        )

    assert refused.value.field == field


def test_page_is_taken_from_view_and_keeps_its_words(db: Work) -> None:
    page, draft = written(db)
    publish_draft(db, draft, revision=1)

    unpublish(db, page, "en")

    assert seen(db) is None
    kept = find_version(db, page, "en", "draft")
    assert kept is not None
    assert kept.title == "About us"


def test_page_ends_at_a_moment_unless_somebody_changes_their_mind(db: Work) -> None:
    page, draft = written(db)
    publish_draft(db, draft, revision=1)
    end_at(db, page, "en", db.now + timedelta(hours=1))
    end_at(db, page, "en", None)
    db.now += timedelta(hours=2)

    publish_due(db)

    assert seen(db) == "About us"


def test_shops_with_due_pages_are_named_to_the_office(database: Database, shops: dict[str, Shop]) -> None:
    with database.work(shops["south"].id) as db:
        _page, draft = written(db, "Due soon")
        waiting = schedule_draft(db, draft, db.now + timedelta(minutes=1), revision=1)
        db.commit()
    with database.office_work() as office:
        before = set(shops_with_due_pages(office))
        office.now += timedelta(minutes=2)
        after = set(shops_with_due_pages(office))
    with database.work(shops["south"].id) as db:
        cancel_schedule(db, db.require(Page, waiting.page_id), "en")
        db.commit()

    assert shops["south"].id not in before
    assert shops["south"].id in after


def test_page_whose_address_was_taken_meanwhile_stops_no_other_and_goes_live_beside_it(db: Work) -> None:
    _page, draft = written(db)
    at = db.now + timedelta(hours=1)
    schedule_draft(db, draft, at, revision=1)
    _second, later = written(db, "Later")
    schedule_draft(db, later, at + timedelta(minutes=1), revision=1)
    _third, quicker = written(db, "Quicker", path="/about-us")
    publish_draft(db, quicker, revision=1)
    db.now = at + timedelta(minutes=2)

    publish_due(db)

    assert [seen(db), seen(db, "/about-us-2"), seen(db, "/later")] == ["Quicker", "About us", "Later"]


def test_end_that_somebody_set_stays_when_the_page_is_published_anew(db: Work) -> None:
    page, draft = written(db)
    publish_draft(db, draft, revision=1)
    until = db.now + timedelta(days=1)
    end_at(db, page, "en", until)

    live = publish_draft(db, changed(db, page, "Who we are"), revision=1)

    assert live.ends_at == until


def test_home_page_never_ends(db: Work) -> None:
    page, draft = written(db)
    draft.path = "/"
    db.execute(delete(PageVersion).where(PageVersion.path == "/", PageVersion.id != draft.id))

    with pytest.raises(Refused, match="home page"):
        schedule_draft(db, draft, db.now + timedelta(hours=1), revision=1, until=db.now + timedelta(hours=2))
    publish_draft(db, draft, revision=1)
    with pytest.raises(Refused, match="home page"):
        end_at(db, page, "en", db.now + timedelta(hours=1))


def test_last_hundred_versions_of_a_page_are_kept(db: Work, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(publishing, "MOST_KEPT", 2)
    page, draft = written(db)
    publish_draft(db, draft, revision=1)
    for number in range(4):
        db.now += timedelta(hours=1)
        draft = changed(db, page, f"Title {number}")
        publish_draft(db, draft, revision=draft.revision)

    kept = select(PageVersion.title).where(PageVersion.page_id == page.id, PageVersion.state == "past")
    assert list(db.scalars(kept.order_by(PageVersion.edited_at))) == ["Title 1", "Title 2"]

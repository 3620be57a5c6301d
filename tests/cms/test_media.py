"""The library: uploads within bounds, smaller pictures by a job, nothing deleted that a page needs."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import delete, select

from cms import media
from cms.drafts import Writing, save_draft
from cms.models import MediaFile, Page, PageVersion
from cms.pictures import shown_file
from cms.publishing import publish_draft
from cms.tree import new_page, trash_page
from storefront.core import files
from storefront.core.db import Database, Work
from storefront.core.errors import NotFound, Refused
from tenants.resellers import current_reseller
from tests.cms.test_media_files import DOCUMENT
from tests.fixtures_app import Shop
from tests.tenants.picture_bombs import saved

PICTURE = saved("PNG", (1_000, 500))


@pytest.fixture
def north(database: Database, shops: dict[str, Shop]) -> Iterator[UUID]:
    """The shop in the north; its library and the pages of a test are gone afterwards."""
    shop = shops["north"].id
    with database.work(shop) as db:
        db.execute(delete(MediaFile))
        db.commit()
    yield shop
    with database.work(shop) as db:
        made = select(Page.id).where(Page.key.startswith("p-"))
        db.execute(delete(PageVersion).where(PageVersion.page_id.in_(made)))
        db.execute(delete(Page).where(Page.key.startswith("p-")))
        db.execute(delete(MediaFile))
        reseller = current_reseller(db)
        reseller.settings = {name: value for name, value in reseller.settings.items() if name != "media_quota_mb"}
        db.commit()


def added(db: Work, content: bytes = PICTURE, name: str = "harbour.png") -> MediaFile:
    return media.upload(db, name, content)


def page_with(db: Work, row: MediaFile, *, is_published: bool = True) -> Page:
    media.describe(db, row, media.Described(name=row.name, alt={"en": "The harbour"}))
    draft = new_page(db, "With a picture", "en")
    writing = Writing(path=draft.path, title="With a picture", blocks=[{"kind": "image", "picture": str(row.id)}])
    revision = save_draft(db, draft, writing, revision=0)
    if is_published:
        publish_draft(db, draft, revision=revision)
    return db.require(Page, draft.page_id)


def test_upload_is_kept_once_and_found(database: Database, north: UUID) -> None:
    with database.work(north) as db:
        row = added(db)

        assert files.fetch(db.config, north, row.digest, shelf=media.SHELF)[8:12] == b"WEBP"
        assert media.find_public(db, row.digest) == ("image/webp", "harbour.webp")
        assert [each.id for each in media.library(db).rows] == [row.id]


def test_job_makes_smaller_pictures_that_pages_offer(database: Database, north: UUID) -> None:
    with database.work(north) as db:
        media_id = added(db).id
        db.commit()

    media.make_smaller_pictures(database, north, str(media_id))

    with database.work(north) as db:
        row = db.require(MediaFile, media_id)
        shown = shown_file(row, "en")
        assert [(each["kind"], each["width"]) for each in row.variants] == [
            ("image/avif", 480),
            ("image/webp", 480),
            ("image/avif", 960),
            ("image/webp", 960),
            ("image/avif", 1_000),
        ]
        assert shown.sources["image/webp"].endswith(f"/media/library/{row.digest}.webp 1000w")
        assert list(shown.sources) == ["image/avif", "image/webp"]
        assert media.find_public(db, row.variants[0]["digest"]) == ("image/avif", "harbour.webp")


def test_quota_is_data_of_the_shop(database: Database, north: UUID) -> None:
    with database.work(north) as db:
        reseller = current_reseller(db)
        reseller.settings = {**reseller.settings, "media_quota_mb": 0}
        db.flush()

        with pytest.raises(Refused, match="full"):
            added(db)


def test_picture_must_say_something_or_only_decorate(database: Database, north: UUID) -> None:
    with database.work(north) as db:
        row = added(db)

        with pytest.raises(Refused) as refused:
            media.describe(db, row, media.Described(name="harbour", alt={"fr": "Le port"}))
        media.describe(db, row, media.Described(name="harbour", alt={}, is_decorative=True))
        media.describe(db, row, media.Described(name="harbour", alt={"en": "The harbour"}, focal_x=200, focal_y=900))

        assert refused.value.field == "alt_en"
        assert shown_file(row, "en").alt == "The harbour"
        assert shown_file(row, "en").focal == (2, 9)


def test_page_with_a_picture_that_says_nothing_is_not_published(database: Database, north: UUID) -> None:
    with database.work(north) as db:
        silent, told = added(db), added(db)
        media.describe(db, told, media.Described(name="told", alt={"en": "The harbour"}))
        draft = new_page(db, "With pictures", "en")
        rows = [{"picture": str(told.id)}, {"picture": str(silent.id)}]
        blocks: list[dict[str, Any]] = [
            {"id": "b1", "kind": "image", "picture": str(told.id)},
            {"id": "b2", "kind": "gallery", "pictures": rows},
        ]
        revision = save_draft(db, draft, Writing(path=draft.path, title="With pictures", blocks=blocks), revision=0)

        with pytest.raises(Refused, match="harbour") as refused:
            publish_draft(db, draft, revision=revision)
        media.describe(db, silent, media.Described(name="silent", alt={}, is_decorative=True))
        publish_draft(db, draft, revision=revision)

        assert refused.value.field == "b2.pictures.1.picture"


@pytest.mark.parametrize("is_published", [True, False], ids=["published", "draft"])
def test_file_that_a_page_shows_stays(database: Database, north: UUID, is_published: bool) -> None:
    with database.work(north) as db:
        row = added(db)
        page_with(db, row, is_published=is_published)

        used = media.usages(db, row)
        with pytest.raises(Refused):
            media.trash(db, row)

        assert [(each.title, each.locale) for each in used] == [("With a picture", "en")]
        assert row.trashed_at is None


def test_file_of_a_page_in_the_bin_is_never_deleted_for_good(database: Database, north: UUID) -> None:
    with database.work(north) as db:
        row = added(db)
        page = page_with(db, row)
        trash_page(db, page)
        media.trash(db, row)
        row.trashed_at = db.now - media.KEPT_IN_BIN - timedelta(days=1)
        db.flush()

        with pytest.raises(Refused):
            media.remove(db, row)
        media.sweep_library_bin(db)

        assert db.find(MediaFile, row.id) is not None


def test_bytes_go_when_nobody_names_them_any_more(database: Database, north: UUID) -> None:
    with database.work(north) as db:
        first, second = added(db), added(db)
        digest = first.digest
        media.trash(db, first)
        media.remove(db, first)
        media.throw_media_away(db, digest)
        assert second.digest == digest
        assert files.is_kept(db.config, north, digest) is False
        assert files.fetch(db.config, north, digest, shelf=media.SHELF)

        media.trash(db, second)
        assert media.find_public(db, digest) is None
        second.trashed_at = db.now - media.KEPT_IN_BIN - timedelta(days=1)
        db.flush()
        media.sweep_library_bin(db)
        media.throw_media_away(db, digest)

        with pytest.raises(NotFound):
            files.fetch(db.config, north, digest, shelf=media.SHELF)


def test_file_in_the_bin_can_be_taken_out(database: Database, north: UUID) -> None:
    with database.work(north) as db:
        row = added(db)
        media.trash(db, row)
        assert [each.id for each in media.binned(db)] == [row.id]
        assert media.library(db).rows == []

        media.untrash(db, row)

        assert [each.id for each in media.library(db).rows] == [row.id]


def test_replaced_file_is_the_same_on_every_page(database: Database, north: UUID) -> None:
    with database.work(north) as db:
        row = added(db)
        media.describe(db, row, media.Described(name="harbour.webp", alt={"en": "The harbour"}, focal_x=100))
        before = row.digest

        media.replace(db, row, "new.jpg", saved("JPEG", (700, 300)))
        with pytest.raises(Refused):
            media.replace(db, row, "form.pdf", DOCUMENT)

        assert row.digest != before
        assert (row.width, row.variants, row.alt, row.focal_x) == (700, [], {"en": "The harbour"}, 100)


def test_job_leaves_a_picture_alone_that_was_replaced_or_deleted(database: Database, north: UUID) -> None:
    media.make_smaller_pictures(database, north, "01890000-0000-7000-8000-00000000000a")
    with database.work(north) as db:
        tiny = added(db, saved("PNG", (4_000, 8)), "line.png")
        document = added(db, DOCUMENT, "form.pdf")
        db.commit()
        ids = (tiny.id, document.id)
    for each in ids:
        media.make_smaller_pictures(database, north, str(each))

    with database.work(north) as db:
        assert [db.require(MediaFile, each).variants for each in ids] == [[], []]


def test_library_of_another_shop_is_another_library(database: Database, north: UUID, shops: dict[str, Shop]) -> None:
    with database.work(north) as db:
        digest = added(db).digest
        db.commit()

    with database.work(shops["south"].id) as db:
        assert media.find_public(db, digest) is None
        assert digest not in {row.digest for row in media.library(db).rows}
        with pytest.raises(NotFound):
            files.fetch(db.config, shops["south"].id, digest, shelf=media.SHELF)

"""Categories of news: made, called something in each language, ordered, deleted."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import cast, func, select
from sqlalchemy.dialects.postgresql import JSONPATH

from cms.models import NewsCategory, PageVersion
from cms.news_rules import LONGEST_SLUG, SLUG, Category
from cms.paths import slug_of
from storefront.core.audit import record
from storefront.core.changes import announce
from storefront.core.db import Work
from storefront.core.errors import Refused
from storefront.core.i18n import lazy_gettext as _
from storefront.core.order import moved
from storefront.core.text import LocalizedText

MOST = 40
LONGEST_TITLE = 40


def categories(db: Work) -> Sequence[NewsCategory]:
    """Return the categories of this shop in their order."""
    own = select(NewsCategory).where(NewsCategory.reseller_id == db.reseller_id)
    return db.scalars(own.order_by(NewsCategory.position, NewsCategory.slug))


def find_category(db: Work, slug: str) -> Category | None:
    """Find a category by its address."""
    own = select(NewsCategory).where(NewsCategory.reseller_id == db.reseller_id, NewsCategory.slug == slug)
    row = db.scalar(own)
    return Category(slug=row.slug, title=row.title) if row is not None else None


def make_category(db: Work, titles: Mapping[str, str]) -> NewsCategory:
    """Make a category with a free address made of its first title, which it keeps. Raises ``Refused``."""
    _check(titles)
    known = {row.slug for row in categories(db)}
    if len(known) >= MOST:
        raise Refused(_("There are many categories already. Readers find their way among a few better."))
    wanted = slug_of(next(iter(titles.values())))[: LONGEST_SLUG - 3].strip("-") or "news"
    slug = wanted if wanted not in known else next(each for n in range(2, 99) if (each := f"{wanted}-{n}") not in known)
    assert SLUG.fullmatch(slug)  # noqa: S101 - it was made so
    last = db.scalar(select(func.max(NewsCategory.position)).where(NewsCategory.reseller_id == db.reseller_id))
    row = db.add(NewsCategory(slug=slug, title=LocalizedText(titles), position=0 if last is None else last + 1))
    db.flush()
    record(db, "news_category.written", row, after={"slug": row.slug, "title": row.title.in_("en")})
    announce(db)
    return row


def name_category(db: Work, row: NewsCategory, titles: Mapping[str, str]) -> None:
    """Call a category something else; its address stays, and with it what pages and readers know it by."""
    _check(titles)
    before = {"title": row.title.in_("en")}
    row.title = LocalizedText(titles)
    db.flush()
    record(db, "news_category.written", row, before=before, after={"title": row.title.in_("en")})
    announce(db)


def move_category(db: Work, category_id: UUID, *, by: int) -> None:
    """Move a category up (-1) or down (1); at the ends nothing happens."""
    row = db.require(NewsCategory, category_id)
    before, after = moved(categories(db), row, by=by)
    db.flush()
    record(db, "news_category.moved", row, before={"position": before}, after={"position": after})
    announce(db)


def remove_category(db: Work, category_id: UUID) -> None:
    """Delete a category; its news stay."""
    row = db.require(NewsCategory, category_id)
    record(db, "news_category.removed", row, before={"slug": row.slug, "title": row.title.in_("en")})
    db.session.delete(row)
    db.flush()
    announce(db)


def count_news(db: Work) -> dict[str, int]:
    """Count the pages that visitors see of each category, by its address; one query."""
    named = func.jsonb_path_query(PageVersion.settings, cast("$.categories[*]", JSONPATH)).label("slug")
    seen = select(PageVersion.page_id, named).where(
        PageVersion.reseller_id == db.reseller_id, PageVersion.state == "published"
    )
    found = seen.subquery()
    rows = db.execute(select(found.c.slug, func.count(found.c.page_id.distinct())).group_by(found.c.slug))
    return {str(slug): count for slug, count in rows}


def _check(titles: Mapping[str, str]) -> None:
    if not titles:
        raise Refused(_("Please give the category a name in at least one language."), field="title")
    if any(len(words) > LONGEST_TITLE for words in titles.values()):
        raise Refused(_("Please use at most %(num)s characters.", num=LONGEST_TITLE), field="title")

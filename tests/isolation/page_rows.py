"""Rows of the public site for an estate: one of each kind, with the shop's mark."""

from uuid import UUID

from sqlalchemy import select

from cms.models import MediaFile, NewsCategory, Page, PageVersion, Redirect, VisitorMessage
from cms.move_models import SiteMove
from storefront.core.db import Work
from storefront.core.text import LocalizedText


def of_shop(db: Work, mark: str) -> dict[str, UUID]:
    """Make one of everything about pages that is a shop's own; ``version_id`` is the draft of its own page."""
    page = db.scalar(select(Page).where(Page.key == mark)) or db.add(Page(key=mark, created_at=db.now))
    db.flush()
    draft = db.add(
        PageVersion(
            page_id=page.id, locale="en", path=f"/{mark}", title=mark, description=mark, blocks=[], edited_at=db.now
        )
    )
    category = db.add(NewsCategory(slug=mark, title=LocalizedText(en=mark), position=0))
    redirect = db.add(Redirect(path=f"/{mark}-old", target=f"/{mark}", created_at=db.now))
    media = db.add(
        MediaFile(name=mark, kind="image/png", digest="0" * 64, size=1, width=1, height=1, alt={}, created_at=db.now)
    )
    message = db.add(VisitorMessage(page_id=page.id, block_id="b1", locale="en", words=mark, sent_at=db.now))
    move = db.add(SiteMove(kind="entry", name=mark, state="looked", asked_at=db.now, asked_by=mark, why=mark))
    db.flush()
    return {
        "page_id": page.id,
        "version_id": draft.id,
        "news_category_id": category.id,
        "redirect_id": redirect.id,
        "media_id": media.id,
        "visitor_message_id": message.id,
        "move_id": move.id,
    }

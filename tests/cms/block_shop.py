"""A shop with something of everything that blocks show: pictures, a file, news, a product, a promotion."""

from datetime import timedelta

from sqlalchemy import delete, select, update

from cms.blocks import block_from
from cms.models import MediaFile, Page, PageVersion
from cms.pages import PageTerms, publish_page
from storefront.core.changes import announce
from storefront.core.db import Work
from storefront.core.text import LocalizedText
from storefront.pricing.models import Price, PriceList, Product
from storefront.pricing.offer_models import Promotion
from tenants.resellers import current_reseller
from tests import factories

NEWS = ("/news", "/news/second-office", "/news/first-office")


def media(db: Work, name: str = "harbour.png", kind: str = "image/png", **more: object) -> MediaFile:
    """Put a file into the library; there is nothing behind it."""
    values = {"width": 1200, "height": 800, "alt": {"en": "The harbour"}, "size": 123_456, **more}
    file = db.add(MediaFile(name=name, kind=kind, digest=f"{len(name):064x}", created_at=db.now, **values))
    db.flush()
    return file


def page(db: Work, path: str, title: str, parent: Page | None = None, days: int = 0) -> Page:
    """Publish a page without blocks, so many days ago."""
    row = db.add(Page(key=path, created_at=db.now, parent_id=parent.id if parent else None))
    db.flush()
    at = db.now - timedelta(days=days)
    words = {"locale": "en", "path": path, "title": title, "description": f"{title}, in a sentence.", "blocks": []}
    db.add(PageVersion(page_id=row.id, state="published", edited_at=at, published_at=at, **words))
    db.flush()
    return row


def published(db: Work, path: str, *blocks: dict[str, object]) -> None:
    """Publish a page of blocks."""
    terms = PageTerms(key=path, locale="en", path=path, title="A page", blocks=[block_from(each) for each in blocks])
    publish_page(db, terms)


def furnish(db: Work) -> dict[str, str]:
    """Make one of everything; returns what samples name in braces."""
    reseller = current_reseller(db)
    above = page(db, NEWS[0], "What is new")
    page(db, NEWS[1], "A second office", above, days=3)
    page(db, NEWS[2], "The first office", above, days=400)
    product = db.add(
        Product(
            code="fjord",
            kind="email",
            title=LocalizedText(en="Fjord"),
            description=LocalizedText(en="Ten mailboxes of 20 GB"),
            is_offered=True,
        )
    )
    prices = db.scalar(select(PriceList).where(PriceList.published_at.is_not(None)).limit(1))
    assert prices is not None
    for action, minor in (("setup", 500), ("recurring", 2400)):
        db.add(Price(price_list_id=prices.id, kind="email", ending=product.code, action=action, years=1, minor=minor))
    reseller.settings = {**reseller.settings, "services": ["email"]}
    promotion = factories.make_promotion(
        db,
        title=LocalizedText(en="Names for spring"),
        ends_at=db.now + timedelta(days=3),
        terms={"method": "percent", "percent": "20", "kinds": ["ssl"]},
    )
    announce(db)
    return {
        "picture": str(media(db).id),
        "second": str(media(db, "second.png", is_decorative=True, alt={}).id),
        "file": str(media(db, "form.pdf", "application/pdf", width=None, height=None).id),
        "news": NEWS[0],
        "promotion": str(promotion.id),
    }


def clear(db: Work, ids: dict[str, str]) -> None:
    """Take away what other tests of this shop would stumble over."""
    reseller = current_reseller(db)
    reseller.settings = {name: value for name, value in reseller.settings.items() if name != "services"}
    db.execute(update(Promotion).where(Promotion.id == ids["promotion"]).values(state="stopped"))
    db.execute(delete(Price).where(Price.kind == "email", Price.ending == "fjord"))
    db.execute(delete(Product).where(Product.code == "fjord"))
    db.execute(delete(PageVersion).where(PageVersion.path.in_(NEWS)))
    db.execute(delete(Page).where(Page.key.in_(NEWS)))
    announce(db)

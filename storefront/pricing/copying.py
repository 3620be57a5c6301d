"""What one shop offers and asks for it, copied to another that begins."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from storefront.catalog.models import Offer, TldGroup
from storefront.core.db import Work
from storefront.pricing.models import Price, PriceList
from tenants.resellers import current_reseller


@dataclass(frozen=True, kw_only=True)
class Shelves:
    """Endings on offer, their groups, and the price list that holds now: plain values, no rows."""

    currency: str
    amounts: str
    offers: tuple[dict[str, Any], ...]
    groups: tuple[dict[str, Any], ...]
    prices: tuple[tuple[str, str, int, int], ...]


def read_shelves(db: Work) -> Shelves | None:
    """Read what the shop of this Work sells; ``None`` where no price list holds."""
    currency = current_reseller(db).currency
    current = db.scalar(
        select(PriceList)
        .where(PriceList.currency == currency, PriceList.published_at.is_not(None), PriceList.starts_at <= db.now)
        .order_by(PriceList.starts_at.desc())
        .limit(1)
    )
    if current is None:
        return None
    columns = (Price.ending, Price.action, Price.years, Price.minor)
    prices = db.execute(select(*columns).where(Price.price_list_id == current.id)).all()
    return Shelves(
        currency=currency,
        amounts=current.amounts,
        offers=tuple(
            {"ending": row.ending, "is_offered": row.is_offered, "badge": row.badge, "position": row.position}
            for row in db.scalars(select(Offer).order_by(Offer.position))
        ),
        groups=tuple(
            {
                "slug": row.slug,
                "title": row.title,
                "position": row.position,
                "is_default": row.is_default,
                "is_for_others": row.is_for_others,
                "endings": list(row.endings),
            }
            for row in db.scalars(select(TldGroup).order_by(TldGroup.position))
        ),
        prices=tuple((ending, action, years, minor) for ending, action, years, minor in prices),
    )


def copy_shelves(db: Work, shelves: Shelves) -> bool:
    """Put the same on the shelves of the shop of this Work, published; False if it has a price list already."""
    if db.scalar(select(PriceList.id).limit(1)) is not None:
        return False
    for offer in shelves.offers:
        db.add(Offer(**offer))
    for group in shelves.groups:
        db.add(TldGroup(**group))
    prices = db.add(
        PriceList(
            name=f"{db.today:%Y}",
            currency=shelves.currency,
            amounts=shelves.amounts,
            starts_at=db.now,
            published_at=db.now,
        )
    )
    db.flush()
    for ending, action, years, minor in shelves.prices:
        db.add(Price(price_list_id=prices.id, ending=ending, action=action, years=years, minor=minor))
    return True

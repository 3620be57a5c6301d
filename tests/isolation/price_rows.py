"""Rows of prices for an estate: groups, rules, promotions and codes, each with the mark of its shop."""

from uuid import UUID

from sqlalchemy import select

from storefront.catalog.models import TldGroup
from storefront.core.db import Work
from storefront.core.text import LocalizedText
from storefront.pricing.models import CostWarning, MarginRule, PriceImport, PriceList, PriceSeen, Product
from storefront.pricing.offer_models import GroupPrice, PriceGroup, Promotion, PromotionCode, PromotionUse


def of_shop(db: Work, mark: str) -> dict[str, UUID]:
    """Make one of everything about prices that is a shop's own."""
    prices = db.scalar(select(PriceList).order_by(PriceList.starts_at))
    if prices is None:
        prices = db.add(PriceList(name=mark, currency="EUR", amounts="gross", starts_at=db.now))
    draft = db.add(PriceList(name=mark, currency="EUR", amounts="gross", starts_at=db.now))
    group = db.add(PriceGroup(name=mark, changed_at=db.now))
    rule = db.add(MarginRule(name=mark, position=0, is_active=False, terms={}, changed_at=db.now, changed_by=mark))
    product = db.add(Product(code=mark, kind="hosting", title=LocalizedText(en=mark)))
    words = LocalizedText(en=mark)
    promotion = db.add(Promotion(name=mark, title=words, starts_at=db.now, currency="EUR", terms={}, changed_at=db.now))
    db.flush()
    tab = db.scalar(select(TldGroup).order_by(TldGroup.position))
    if tab is None:
        tab = db.add(TldGroup(slug=mark, title=LocalizedText(en=mark), position=0, is_default=True, endings=["com"]))
        db.flush()
    single = db.add(GroupPrice(price_group_id=group.id, ending="com", action="register", years=1, minor=990))
    code = db.add(PromotionCode(promotion_id=promotion.id, code=mark.upper(), series=mark, created_at=db.now))
    read = db.add(
        PriceImport(
            price_list_id=prices.id,
            file_name=mark,
            revision=0,
            changes=[],
            faults=[],
            created_at=db.now,
            created_by=mark,
        )
    )
    db.add(CostWarning(valid_from=db.today, digest=mark, endings=1, warned_at=db.now))
    db.add(
        PriceSeen(
            ending="com",
            action="register",
            years=1,
            currency="EUR",
            amounts="gross",
            minor=1090,
            from_at=db.now,
            because=mark,
        )
    )
    db.flush()
    return {
        "list_id": prices.id,
        "draft_id": draft.id,
        "group_id": group.id,
        "rule_id": rule.id,
        "product_id": product.id,
        "promotion_id": promotion.id,
        "code_id": code.id,
        "group_price_id": single.id,
        "import_id": read.id,
        "tld_group_id": tab.id,
    }


def of_person(db: Work, customer_id: UUID, order_id: UUID) -> None:
    """A promotion that counted in somebody's order."""
    promotion = db.scalar(select(Promotion).limit(1))
    if promotion is not None:
        db.add(
            PromotionUse(
                promotion_id=promotion.id,
                customer_id=customer_id,
                order_id=order_id,
                amount_minor=100,
                reserved_at=db.now,
            )
        )

"""Uses of promotions and codes: reserved under a lock when an order is placed, confirmed when paid, else released."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select, update

from storefront.core.changes import announce
from storefront.core.db import Work
from storefront.core.errors import Refused
from storefront.core.i18n import Text
from storefront.core.i18n import lazy_gettext as _
from storefront.core.money import Money
from storefront.pricing.book import has_room
from storefront.pricing.history import note_prices
from storefront.pricing.offer_models import Promotion, PromotionCode, PromotionUse
from storefront.pricing.promotion_rules import in_language

# Why prices were noted.
USED_UP, FREE_AGAIN = "promotion.used_up", "promotion.free_again"


@dataclass(frozen=True, kw_only=True)
class Claim:
    """A promotion that counts in an order, by which code, and what it takes off there."""

    promotion_id: UUID
    amount: Money
    code_id: UUID | None = None


class UsedUp(Refused):
    """A promotion or a code was used up by somebody else; ``promotion_id`` tells which."""

    def __init__(self, message: Text, promotion_id: UUID) -> None:
        super().__init__(message, field="codes")
        self.promotion_id = promotion_id


def reserve_uses(db: Work, order_id: UUID, customer_id: UUID, claims: Sequence[Claim]) -> None:
    """Count the promotions of an order that is being placed, holding their rows: of fifty who want the last, one wins.

    Raises ``UsedUp``. Whether a promotion still runs is not asked: the price was promised while it did. A budget may
    be overdrawn by the last order that finds something left of it.
    """
    promotions = _hold_promotions(db, [claim.promotion_id for claim in claims])
    codes = _hold_codes(db, [claim.code_id for claim in claims if claim.code_id is not None])
    with_room = [promotion for promotion in promotions.values() if not is_used_up(promotion)]
    for claim in claims:
        promotion = promotions.get(claim.promotion_id)
        if promotion is None:
            raise UsedUp(_("A promotion in your cart has ended. Please look at it once more."), claim.promotion_id)
        _take_promotion(db, promotion, customer_id, claim)
        if claim.code_id is not None:
            _take_code(codes.get(claim.code_id), customer_id, claim)
        db.add(
            PromotionUse(
                promotion_id=claim.promotion_id,
                promotion_code_id=claim.code_id,
                customer_id=customer_id,
                order_id=order_id,
                amount_minor=claim.amount.minor,
                reserved_at=db.now,
            )
        )
    db.flush()
    _tell_all(db, [promotion for promotion in with_room if is_used_up(promotion)], because=USED_UP)


def _tell_all(db: Work, promotions: Sequence[Promotion], *, because: str) -> None:
    """Let pages and the history know of promotions that have nothing left any more, or something again.

    The history is noted here and now: a price that was seen until this moment counts until this moment.
    """
    if promotions:
        announce(db)
    if any(not promotion.needs_code for promotion in promotions):
        # What needs a code was on nobody's page.
        note_prices(db, because=because)


def _hold_promotions(db: Work, ids: Sequence[UUID]) -> dict[UUID, Promotion]:
    """Hold promotions in the order of their ids, so that two orders never wait for each other."""
    if not ids:
        return {}
    db.flush()
    statement = select(Promotion).where(Promotion.reseller_id == db.reseller_id, Promotion.id.in_(set(ids)))
    held = statement.order_by(Promotion.id).with_for_update().execution_options(populate_existing=True)
    return {row.id: row for row in db.scalars(held)}


def _hold_codes(db: Work, ids: Sequence[UUID]) -> dict[UUID, PromotionCode]:
    if not ids:
        return {}
    statement = select(PromotionCode).where(PromotionCode.reseller_id == db.reseller_id, PromotionCode.id.in_(set(ids)))
    held = statement.order_by(PromotionCode.id).with_for_update().execution_options(populate_existing=True)
    return {row.id: row for row in db.scalars(held)}


def _take_promotion(db: Work, promotion: Promotion, customer_id: UUID, claim: Claim) -> None:
    if is_used_up(promotion):
        said = _(
            "Others were quicker: “%(offer)s” is used up. Nothing was ordered: your cart shows the prices without it.",
            offer=in_language(promotion.title, promotion.name),
        )
        raise UsedUp(said, promotion.id)
    most = promotion.max_per_customer
    if most is not None and uses_by(db, customer_id).get(promotion.id, 0) >= most:
        said = _(
            "You have used “%(offer)s” as often as it allows. Nothing was ordered: your cart shows the prices without "
            "it.",
            offer=in_language(promotion.title, promotion.name),
        )
        raise UsedUp(said, promotion.id)
    promotion.uses += 1
    promotion.spent_minor += max(claim.amount.minor, 0)


def _take_code(code: PromotionCode | None, customer_id: UUID, claim: Claim) -> None:
    if code is None:
        raise UsedUp(_("A code in your cart does not count any more. Nothing was ordered."), claim.promotion_id)
    if code.customer_id not in (None, customer_id):
        raise UsedUp(
            _("The code %(code)s is for another customer. Nothing was ordered.", code=code.code), claim.promotion_id
        )
    if code.max_uses is not None and code.uses >= code.max_uses:
        said = _(
            "Others were quicker: the code %(code)s is used up. Nothing was ordered: your cart shows the prices "
            "without it.",
            code=code.code,
        )
        raise UsedUp(said, claim.promotion_id)
    code.uses += 1


def is_used_up(promotion: Promotion) -> bool:
    """Whether nothing is left of a promotion's uses or of its budget."""
    return not has_room(promotion)


def uses_by(db: Work, customer_id: UUID) -> dict[UUID, int]:
    """Count how often a customer has used each promotion; what came to nothing does not count."""
    counted = (
        select(PromotionUse.promotion_id, func.count())
        .where(
            PromotionUse.reseller_id == db.reseller_id,
            PromotionUse.customer_id == customer_id,
            PromotionUse.state != "released",
        )
        .group_by(PromotionUse.promotion_id)
    )
    return {promotion_id: count for promotion_id, count in db.execute(counted)}  # noqa: C416 - rows are not pairs to mypy


def confirm_uses(db: Work, order_id: UUID) -> None:
    """Keep the uses of an order that was paid; twice is once."""
    db.execute(
        update(PromotionUse)
        .where(
            PromotionUse.reseller_id == db.reseller_id,
            PromotionUse.order_id == order_id,
            PromotionUse.state == "reserved",
        )
        .values(state="confirmed")
        .execution_options(synchronize_session="fetch")
    )


def release_uses(db: Work, order_id: UUID) -> None:
    """Give back the uses of an order that came to nothing; twice is once, and what was paid stays used."""
    uses = db.scalars(
        select(PromotionUse).where(PromotionUse.reseller_id == db.reseller_id, PromotionUse.order_id == order_id)
    )
    promotions = _hold_promotions(db, [use.promotion_id for use in uses])
    codes = _hold_codes(db, [use.promotion_code_id for use in uses if use.promotion_code_id is not None])
    used_up = [promotion for promotion in promotions.values() if is_used_up(promotion)]
    for use in uses:
        db.session.refresh(use)
        if use.state != "reserved":
            continue
        use.state = "released"
        promotion = promotions[use.promotion_id]
        promotion.uses = max(promotion.uses - 1, 0)
        promotion.spent_minor = max(promotion.spent_minor - max(use.amount_minor, 0), 0)
        if use.promotion_code_id is not None:
            code = codes[use.promotion_code_id]
            code.uses = max(code.uses - 1, 0)
    db.flush()
    _tell_all(db, [promotion for promotion in used_up if not is_used_up(promotion)], because=FREE_AGAIN)

"""How prices that a promotion or a code lowered end: a choice of the whole shop."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from storefront.core.audit import record
from storefront.core.changes import announce
from storefront.core.db import Work
from storefront.core.errors import Refused
from storefront.core.i18n import format_money
from storefront.core.i18n import lazy_gettext as _
from storefront.core.money import exponent
from storefront.pricing.book import price_book
from storefront.pricing.bulk_rules import ROUNDINGS
from storefront.pricing.history import note_prices
from storefront.pricing.margin import Ending
from storefront.pricing.offer_models import Promotion
from storefront.pricing.promotion_losses import losing_offers, words_of_offer
from storefront.pricing.promotions import terms_of
from tenants.resellers import current_reseller

ENDING_CHANGED = "promotion.ending_changed"


def endings_to_choose(currency: str) -> tuple[str, ...]:
    """Return the digits that prices may end in; none first. Currencies without cents end as they come out."""
    return ROUNDINGS if exponent(currency) else ROUNDINGS[:1]


def reduced_digits(settings: Mapping[str, Any], currency: str) -> str:
    """Return the digits that lowered prices end in, such as ``90``; empty: as they come out."""
    given = settings.get("reduced_ending") or {}
    step = int(given.get("step", 1))
    if step == 1 or step != 10 ** exponent(currency):
        return ""
    digits = f"{int(given.get('digits', 0)) * 100 // step:02d}"
    return digits if digits in ROUNDINGS else ""


def change_reduced_digits(db: Work, digits: str) -> None:
    """Let lowered prices end in these digits from now on. Raises ``Refused`` for what cannot be chosen."""
    reseller = current_reseller(db)
    if digits not in endings_to_choose(reseller.currency):
        raise Refused(_("Please choose one of these."), field="digits")
    before = reduced_digits(reseller.settings, reseller.currency)
    if digits == before:
        return
    step = 10 ** exponent(reseller.currency)
    _require_no_loss(db, digits, step)
    kept = {key: value for key, value in reseller.settings.items() if key != "reduced_ending"}
    chosen = {"reduced_ending": {"step": step, "digits": int(digits) * step // 100}} if digits else {}
    reseller.settings = {**kept, **chosen}
    record(db, ENDING_CHANGED, before={"digits": before}, after={"digits": digits})
    announce(db)
    note_prices(db, because=ENDING_CHANGED)


def _require_no_loss(db: Work, digits: str, step: int) -> None:
    """Refuse an ending that pulls a price of a running promotion below cost, unless the promotion says it may."""
    if not digits:
        return
    amounts = price_book(db).rounding.amounts
    rounding = Ending(step=step, digits=int(digits) * step // 100, amounts=amounts)
    running = select(Promotion).where(Promotion.reseller_id == db.reseller_id, Promotion.state == "running")
    for promotion in db.scalars(running.order_by(Promotion.id)):
        if promotion.terms.get("may_lose"):
            continue
        terms = terms_of(db, promotion)
        known = {each.key for each in losing_offers(db, terms)}
        losses = [each for each in losing_offers(db, terms, rounding=rounding) if each.key not in known]
        if losses:
            message = _(
                "With the promotion “%(name)s”, %(what)s would then be sold for %(price)s, which is less than it "
                "costs you.",
                name=promotion.name,
                what=words_of_offer(losses[0], but=promotion.name),
                price=format_money(losses[0].after),
            )
            raise Refused(message, field="digits")

"""rule: why something costs what it costs: every step from the purchase price to what the customer pays."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from storefront.core.i18n import Text
from storefront.core.money import Money
from storefront.pricing.amounts import Price, price_of
from storefront.pricing.items import Item
from storefront.pricing.margin import ExchangeRate
from storefront.pricing.margin_rules import Rule
from storefront.pricing.promotion_rules import NOBODY, BuyerFacts, CodeTerms
from storefront.pricing.quote import PriceBook, QuotedItem, quote
from storefront.pricing.reductions import CodeAnswer


@dataclass(frozen=True, kw_only=True)
class Step:
    """One step, ready to be read: what happened, the amount after it, and by how much it moved.

    ``kind``: cost, exchange, rule, price_list, group, single_price, promotion, code, rounding, vat, earnings.
    ``is_warning`` marks what somebody should look at.
    """

    kind: str
    text: Text
    amount: Money
    change: Money | None = None
    detail: Text = ""
    is_warning: bool = False


@dataclass(frozen=True, kw_only=True)
class Explanation:
    """Every step in order, and what comes of it. ``refused`` says why there is no price.

    ``earned`` is net price less cost, ``None`` where the cost is not known; ``warning`` speaks up for a loss.
    ``not_counted`` are the promotions without a code that do not count, each with its reason.
    """

    item: Item
    steps: tuple[Step, ...]
    paid: Price | None
    vat_percent: Decimal
    earned: Money | None
    warning: Text | None
    quoted: QuotedItem | None
    codes: tuple[CodeAnswer, ...] = ()
    not_counted: tuple[tuple[Text, Text], ...] = ()
    refused: Text | None = None


def explain(
    item: Item,
    *,
    cost: Money | None,
    rates: Sequence[ExchangeRate],
    rules: Sequence[Rule],
    book: PriceBook,
    codes: Sequence[CodeTerms] = (),
    buyer: BuyerFacts | None = None,
    now: datetime,
) -> Explanation:
    """Explain the price of an item to somebody in an office.

    ``cost`` is what the shop pays, net, in the currency in which it is charged; ``rates`` bring it into the currency
    of the price list. What is shown as paid counts the buyer's own VAT where it was decided, else the shop's.
    """
    known = buyer or NOBODY
    answer = quote([item], book, codes=codes, buyer=known, now=now)
    percent = book.vat_percent if known.vat_percent is None else known.vat_percent
    found = answer.find(item.key)
    paid = price_of(found.price, book.amounts, percent) if found else None
    steps: list[Step] = []
    if found:
        amount = found.list_price
        for reason in found.reasons:
            amount += reason.change
            steps.append(
                Step(kind=reason.kind, text=reason.text, amount=amount, change=reason.change, detail=reason.detail)
            )
    return Explanation(
        item=item,
        steps=tuple(steps),
        paid=paid,
        vat_percent=percent,
        earned=None,
        warning=None,
        quoted=found,
        codes=answer.codes,
        refused=answer.refused[0].why if answer.refused else None,
    )

"""rule: what a consumer must agree to before paying, and the words of the order button."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Literal

from storefront.core.i18n import Text, format_money
from storefront.core.i18n import lazy_gettext as _
from storefront.core.money import Money

BuyerKind = Literal["consumer", "business"]
ProductKind = Literal["domain", "certificate", "hosting", "mailbox", "forwarding"]

# What is done in one go is lost once done (art. 16 (a)); what runs on is paid for the days used (art. 14 (3)).
DONE_AT_ONCE: frozenset[ProductKind] = frozenset({"domain", "certificate"})
RUNS_ON: frozenset[ProductKind] = frozenset({"hosting", "mailbox", "forwarding"})


@dataclass(frozen=True, kw_only=True)
class LegalText:
    """One box to tick. The key stays the same in every language; a change of wording is a new version.

    Both are kept with the order, beside the words as they were shown and the moment.
    """

    key: str
    version: str
    text: Text


IMMEDIATE_PERFORMANCE = LegalText(
    key="immediate_performance",
    version="2025-11",
    text=_(
        "I ask you to begin at once, before the fourteen days in which I may withdraw from the contract have passed."
    ),
)
RIGHT_LOST_WHEN_DONE = LegalText(
    key="right_lost_when_done",
    version="2025-11",
    text=_("I know that I lose my right to withdraw as soon as the order has been carried out in full."),
)
PAYS_FOR_DAYS_USED = LegalText(
    key="pays_for_days_used",
    version="2025-11",
    text=_("I know that if I withdraw, I pay for the days on which I could use the service."),
)


def required_boxes(buyer: BuyerKind, products: Iterable[ProductKind]) -> tuple[LegalText, ...]:
    """List what must be ticked before an order: nothing for a business, for a consumer what the products ask for.

    Directive 2011/83/EU art. 7 (3), 8 (8) and 16 (a): an express request and an acknowledgement, neither ticked
    beforehand. A kind that no rule knows gets every box.
    """
    kinds = frozenset(products)
    if buyer == "business" or not kinds:
        return ()
    unknown = kinds - DONE_AT_ONCE - RUNS_ON
    boxes = [IMMEDIATE_PERFORMANCE]
    if kinds & DONE_AT_ONCE or unknown:
        boxes.append(RIGHT_LOST_WHEN_DONE)
    if kinds & RUNS_ON or unknown:
        boxes.append(PAYS_FOR_DAYS_USED)
    return tuple(boxes)


def missing_boxes(boxes: Iterable[LegalText], ticked: Collection[str]) -> tuple[LegalText, ...]:
    """List the boxes that were not ticked; ``ticked`` holds keys."""
    return tuple(box for box in boxes if box.key not in ticked)


def order_button(buyer: BuyerKind, amount: Money) -> Text:
    """Give the words of the order button.

    Directive 2011/83/EU art. 8 (2): a consumer's button says unmistakably that the order obliges to pay, in words that
    each state has fixed or tested in court (de "zahlungspflichtig bestellen", pl "zamówienie z obowiązkiem zapłaty");
    without them the consumer is not bound. Translations must keep to those words.
    """
    shown = format_money(amount)
    if buyer == "consumer":
        return _("Order with obligation to pay: %(amount)s", amount=shown)
    return _("Order and pay %(amount)s", amount=shown)

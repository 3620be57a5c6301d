"""rule: what the transfer of a name costs now, and what stands in its way as far as anybody can know beforehand."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from storefront.catalog.tlds import TldRules, TransferAuth
from storefront.core.i18n import Text, format_day
from storefront.core.i18n import lazy_gettext as _
from storefront.orders.cart_offers import GONE, Offer, Priced, Wish, held_offer
from storefront.pricing.quote import Item, PriceBook, QuotedItem, RefusedItem, quote
from storefront.providers.ports.registrar import Availability, CheckResult, RegistrationData

# Registries' own words (RFC 5731, RFC 3915; RDAP writes them apart): what each says to somebody who wants to bring it.
_STATUSES: Mapping[str, Callable[[], Text]] = {
    "clienttransferprohibited": lambda: _(
        "It is locked at its present provider. Have the transfer lock switched off there, then check again."
    ),
    "servertransferprohibited": lambda: _(
        "Its registry does not let it move at the moment. Ask its present provider why."
    ),
    "pendingtransfer": lambda: _("It is being moved to another provider at the moment."),
    "redemptionperiod": lambda: _("It was deleted. Its present provider must restore it first."),
    "pendingdelete": lambda: _("It is about to be deleted and cannot be moved any more."),
}


@dataclass(frozen=True, kw_only=True)
class Known:
    """What is known of a name that somebody wants to bring: its ending's rules, its registry's word, its public record.

    ``rules`` are ``None`` where the shop does not sell the ending, the others while nobody has answered.
    """

    rules: TldRules | None
    answer: CheckResult | None = None
    seen: RegistrationData | None = None
    has_code: bool = False


def needs_code(rules: TldRules) -> bool:
    """Whether a transfer needs a code; where it goes by a tag, the holder has the tag changed instead."""
    return rules.transfer_auth is not TransferAuth.TAG


def transfer_item(ending: str, book: PriceBook, *, key: str = "line") -> Item:
    """Say what is asked of the engine for a transfer: one price, whatever it adds to the term."""
    terms = book.terms(ending, "transfer")
    return Item(key=key, ending=ending, action="transfer", years=terms[0] if terms else 0)


def quote_transfer(ending: str, book: PriceBook, today: date) -> QuotedItem | RefusedItem:
    """Quote a transfer at the prices of this moment, by itself and without promotions."""
    answer = quote([transfer_item(ending, book)], book, today=today)
    return answer.items[0] if answer.items else answer.refused[0]


def offer_for_transfer(
    wish: Wish, known: Known, book: PriceBook, now: datetime, today: date, *, priced: Priced | None = None
) -> Offer:
    """Say what a line costs now and whether it can be ordered; ``priced``: beside the others of its cart.

    ``state`` is ok, agree, not_sold, free (nobody has the name), blocked (it cannot move now) or code (one is missing).
    """
    quoted = priced.quoted if priced else quote_transfer(wish.ending, book, today)
    if known.rules is None or isinstance(quoted, RefusedItem):
        return Offer(state="not_sold", price=wish.price, renewal=None, why=_("This name cannot be transferred here."))
    same_count = (wish.price.currency, wish.amounts) == (book.currency, book.amounts)
    holds = now < wish.promised_until and same_count
    state, why = _standing(known.rules, known, now)
    if holds and priced is not None:
        return replace(held_offer(wish, priced, state=state), why=why)
    if state == "ok" and not holds and not (same_count and quoted.price == wish.price):
        state = "agree"
    return Offer(
        state=state,
        price=wish.price if holds else quoted.price,
        renewal=wish.renewal if holds else quoted.renewal_per_year,
        is_promised=holds,
        why=why,
        quoted=None if holds else quoted,
    )


def _standing(rules: TldRules, known: Known, now: datetime) -> tuple[str, Text]:
    answer = known.answer
    if answer is not None and answer.availability.is_buyable:
        return "free", _("Nobody has this name. You can register it instead.")
    if answer is not None and answer.availability in GONE and answer.availability is not Availability.TAKEN:
        return "free", GONE[answer.availability]
    why = obstacle(rules, known.seen, now) if known.seen is not None else ""
    if why:
        return "blocked", why
    if needs_code(rules) and not known.has_code:
        return "code", _("Its transfer code is still missing.")
    return "ok", ""


def obstacle(rules: TldRules, seen: RegistrationData, now: datetime) -> Text:
    """Say why a name cannot move at this moment by its public record; nothing if nothing is seen."""
    said = {status.replace(" ", "").lower() for status in seen.statuses}
    for status, sentence in _STATUSES.items():
        if status in said:
            return sentence()
    free_from = seen.registered_at and seen.registered_at + timedelta(days=rules.transfer_blocked_days_after_create)
    if free_from and free_from > now:
        return _("It was registered lately. Its registry lets it move from %(day)s on.", day=format_day(free_from))
    return ""

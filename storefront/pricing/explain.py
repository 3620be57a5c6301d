"""rule: why something costs what it costs: every step from the purchase price to what the customer pays."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal

from babel.numbers import format_decimal
from babel.support import LazyProxy

from storefront.core.i18n import Text, babel_locale, current_locale, format_day, format_money, format_percent
from storefront.core.i18n import lazy_gettext as _
from storefront.core.money import Money
from storefront.pricing.amounts import HUNDRED, Price, price_of
from storefront.pricing.items import Item
from storefront.pricing.margin import ExchangeRate, NoExchangeRate, convert, find_rate
from storefront.pricing.margin_rules import Held, Rule, first_fitting
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
    of the price list. The buyer's own VAT is added to the net price where it was decided, else the shop's.
    """
    known = buyer or NOBODY
    answer = quote([item], book, codes=codes, buyer=known, now=now)
    found = answer.find(item.key)
    percent = book.vat_percent if known.vat_percent is None else known.vat_percent
    way = _Way(book=book, on=book.day(now))
    converted = way.from_cost(item, item.premium if cost is None else cost, rates)
    by_rule = way.by_rule(item, converted, rules) if converted is not None else None
    paid = None
    if found is not None:
        way.by_reasons(found, by_rule)
        paid = _paid(found.price, book, percent)
        way.to_customer(paid, percent)
    earned = paid.net - converted if paid is not None and converted is not None else None
    if earned is not None and paid is not None:
        way.earnings(earned, paid)
    return Explanation(
        item=item,
        steps=tuple(way.steps),
        paid=paid,
        vat_percent=percent,
        earned=earned,
        warning=_warning(earned),
        quoted=found,
        codes=answer.codes,
        not_counted=_not_counted(item, found, book, known, now),
        refused=answer.refused[0].why if answer.refused else None,
    )


def _paid(price: Money, book: PriceBook, percent: Decimal) -> Price:
    """Say a price with the buyer's VAT: where it is not the shop's, the net price stays and the VAT changes."""
    if percent == book.vat_percent:
        return book.both(price)
    return price_of(book.both(price).net, "net", percent)


def _warning(earned: Money | None) -> Text | None:
    if earned is None or earned.minor >= 0:
        return None
    return _("This price is below cost: every sale loses %(amount)s.", amount=_shown(-earned))


def _not_counted(
    item: Item, found: QuotedItem | None, book: PriceBook, buyer: BuyerFacts, now: datetime
) -> tuple[tuple[Text, Text], ...]:
    """List the running promotions that do not count, each with its reason."""
    counted = found.promotion_ids if found is not None else ()
    group_id = book.group.id if book.group is not None else buyer.group_id
    same = replace(buyer, group_id=group_id)
    better = _("Another promotion saves more, or more has to be in the cart.")
    return tuple(
        (terms.name, terms.applies(item, same, now) or better)
        for terms in book.promotions
        if not terms.needs_code and terms.id not in counted
    )


@dataclass(kw_only=True)
class _Way:
    """The steps so far."""

    book: PriceBook
    on: date
    steps: list[Step] = field(default_factory=list)

    def from_cost(self, item: Item, cost: Money | None, rates: Sequence[ExchangeRate]) -> Money | None:
        """Begin with the cost, and bring it into the currency of the list; ``None`` where that cannot be said."""
        if cost is None:
            self.steps.append(
                Step(kind="cost", text=_("The purchase price is not known"), amount=self.book.nothing, is_warning=True)
            )
            return None
        text = _("The registry's own price for this name") if item.premium else _("Purchase price, without VAT")
        self.steps.append(Step(kind="cost", text=text, amount=cost))
        if cost.currency == self.book.currency:
            return cost
        try:
            rate = find_rate(rates, cost.currency, self.book.currency, self.on)
        except NoExchangeRate:
            missing = _("No exchange rate from %(base)s that still holds", base=cost.currency)
            self.steps.append(Step(kind="exchange", text=missing, amount=cost, is_warning=True))
            return None
        converted = convert(cost, rate)
        self.steps.append(
            Step(
                kind="exchange",
                text=_("Exchanged at %(rate)s, plus %(buffer)s", rate=_number(rate), buffer=_share(rate.buffer_percent))
                if rate.buffer_percent
                else _("Exchanged at %(rate)s", rate=_number(rate)),
                amount=converted,
                detail=_("%(source)s, %(day)s", source=rate.source, day=LazyProxy(format_day, rate.on)),
            )
        )
        return converted

    def by_rule(self, item: Item, cost: Money, rules: Sequence[Rule]) -> Money | None:
        """Say what the first fitting margin rule makes of the cost."""
        rule = first_fitting(rules, item, cost)
        if rule is None:
            if item.premium is not None and self.book.premium is not None:
                words = LazyProxy(_with_share, _PREMIUM, self.book.premium.margin.percent, enable_cache=False)
                self.steps.append(Step(kind="rule", text=words, amount=cost))
            return None
        made = rule.price(cost, years=item.years, amounts=self.book.amounts, vat_percent=self.book.vat_percent)
        price = made.price.gross if self.book.amounts == "gross" else made.price.net
        self.steps.append(
            Step(
                kind="rule",
                text=_("Margin rule “%(name)s”: %(method)s", name=rule.name, method=_method(rule, self.book.currency)),
                amount=price,
                detail=_HELD[made.held],
            )
        )
        return price

    def by_reasons(self, found: QuotedItem, by_rule: Money | None) -> None:
        """Go on with the list and with everything that moved its price."""
        amount = found.list_price
        for reason in found.reasons:
            amount += reason.change
            detail = reason.detail
            if reason.kind == "price_list" and by_rule is not None and by_rule != found.list_price:
                detail = _BY_HAND if not reason.detail else _("%(list)s; not what the rule says", list=reason.detail)
            self.steps.append(
                Step(kind=reason.kind, text=reason.text, amount=amount, change=reason.change, detail=detail)
            )

    def to_customer(self, paid: Price, percent: Decimal) -> None:
        """Say what the customer pays with VAT."""
        words = _("VAT of %(percent)s is in it") if self.book.amounts == "gross" else _("VAT of %(percent)s is added")
        if self.book.amounts == "gross" and percent != self.book.vat_percent:
            words = _("The customer's VAT of %(percent)s instead of the shop's")
        self.steps.append(
            Step(
                kind="vat",
                text=LazyProxy(_with_share, words, percent, enable_cache=False),
                amount=paid.gross,
                change=paid.vat,
                detail=_("%(net)s without VAT", net=_shown(paid.net)),
            )
        )

    def earnings(self, earned: Money, paid: Price) -> None:
        """End with what is left."""
        share = Decimal(earned.minor) * HUNDRED / paid.net.minor if paid.net else Decimal(0)
        self.steps.append(
            Step(
                kind="earnings",
                text=_("Lost with every sale") if earned.minor < 0 else _("Left for you, without VAT"),
                amount=earned,
                detail=_("%(share)s of the net price", share=_share(share.quantize(Decimal("0.1")))),
                is_warning=earned.minor < 0,
            )
        )


_BY_HAND = _("Not what the rule says")
_PREMIUM = _("No margin rule fits, so %(percent)s is added as to every name with a price of its own")
_HELD: Mapping[Held, Text] = {
    "": "",
    "at_least": _("Raised to the smallest margin of the rule."),
    "cost": _("Raised to the cost: the rule may not lose."),
    "floor": _("Raised to the floor of the rule."),
    "ceiling": _("Held at the ceiling of the rule."),
}
_METHODS: Mapping[str, Text] = {
    "markup": _("%(percent)s on top of the cost"),
    "margin": _("%(percent)s of the net price is margin"),
    "plus": _("%(amount)s on top of the cost"),
    "fixed": _("always %(amount)s"),
}


def _method(rule: Rule, currency: str) -> Text:
    return LazyProxy(_said, _METHODS[rule.method], rule.percent, Money(rule.amount, currency), enable_cache=False)


def _said(words: Text, percent: Decimal, amount: Money) -> str:
    return str(words) % {"percent": format_percent(percent), "amount": format_money(amount)}


def _with_share(words: Text, percent: Decimal) -> str:
    return str(words) % {"percent": format_percent(percent)}


def _share(percent: Decimal) -> Text:
    return LazyProxy(format_percent, percent, enable_cache=False)


def _shown(amount: Money) -> Text:
    return LazyProxy(format_money, amount, enable_cache=False)


def _number(rate: ExchangeRate) -> Text:
    return LazyProxy(_rate_words, rate.rate, enable_cache=False)


def _rate_words(rate: Decimal) -> str:
    return format_decimal(rate, locale=babel_locale(current_locale()), decimal_quantization=False)

"""rule: which promotions and codes count for the lines of a cart, in what order, and what each takes off."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from babel.support import LazyProxy

from storefront.core.i18n import Text, format_money
from storefront.core.i18n import lazy_gettext as _
from storefront.core.money import Money, round_half_up
from storefront.pricing.amounts import HUNDRED
from storefront.pricing.items import Item
from storefront.pricing.margin import Ending, tidy_down
from storefront.pricing.promotion_rules import BuyerFacts, CodeTerms, PromotionTerms

_NOTHING = _("This code takes nothing off what is in your cart.")
_NOT_NOW = _("This code does not count at the moment.")
_TWICE = _("This promotion counts already; the code adds nothing to it.")


@dataclass(frozen=True, kw_only=True)
class Line:
    """An item with its price before promotions, and the part of it that one year of the term costs."""

    item: Item
    price: int
    first_year: int


@dataclass(frozen=True, kw_only=True)
class Cut:
    """What one promotion took off one line, in minor units."""

    terms: PromotionTerms
    off: int
    code: str = ""


@dataclass(frozen=True, kw_only=True)
class CodeAnswer:
    """What became of a code: what it saved, or why it did not count."""

    code: str
    saved: Money
    why: Text | None = None


@dataclass(frozen=True, kw_only=True)
class Situation:
    """When something is bought, by whom, with which codes, and how reduced prices may end."""

    buyer: BuyerFacts
    now: datetime
    codes: Sequence[CodeTerms] = ()
    rounding: Ending = field(default_factory=Ending)


@dataclass(kw_only=True)
class _Candidate:
    """A promotion with the lines it may count for; ``why`` it counts for none."""

    terms: PromotionTerms
    code: str = ""
    keys: frozenset[str] = frozenset()
    why: Text | None = None

    @property
    def rank(self) -> tuple[bool, bool, int, str]:
        """The order of counting: what is off one year first, then promotions before codes, percent before amounts."""
        terms = self.terms
        method = ("price", "percent", "amount", "order_amount").index(terms.method)
        return (not terms.first_year_only, bool(self.code), method, str(terms.id))


@dataclass(frozen=True, kw_only=True)
class Reductions:
    """What was taken off every line, by key, and what became of every code."""

    cuts: Mapping[str, tuple[Cut, ...]] = field(default_factory=dict)
    codes: tuple[CodeAnswer, ...] = ()


def reduce_lines(
    lines: Sequence[Line], promotions: Sequence[PromotionTerms], situation: Situation, currency: str
) -> Reductions:
    """Choose for every line what costs the buyer least, and say what it takes off.

    A promotion never counts together with another unless both say so; at most one promotion without a code counts
    for a line, and at most one amount off the whole order. That amount is shared out over its lines by their prices,
    the remainder to the largest remainders, so that the parts add up to it.
    """
    candidates = _candidates(lines, promotions, situation, currency)
    counting = sorted((each for each in candidates if each.why is None), key=lambda each: each.rank)
    alone = [each for each in counting if each.terms.method != "order_amount"]
    rounding = situation.rounding
    cuts = _best_of_all(lines, alone, rounding)
    best, least = cuts, _total(lines, cuts, rounding)
    for whole in counting:
        if whole.terms.method == "order_amount":
            scenario = {**cuts, **_with_order_amount(lines, alone, whole)}
            if (total := _total(lines, scenario, rounding)) < least:
                best, least = scenario, total
    answers = {each.code: _answer(each, best, currency) for each in candidates if each.code}
    return Reductions(
        cuts=best,
        codes=tuple(
            answers.get(code.code) or CodeAnswer(code=code.code, saved=Money.zero(currency), why=_NOT_NOW)
            for code in situation.codes
        ),
    )


def price_after(price: int, cuts: Sequence[Cut], rounding: Ending) -> int:
    """Return what remains of a price, lowered to the ending of reduced prices.

    A share of an amount off the whole order stays exact, so that the shares add up to it.
    """
    after = price - sum([cut.off for cut in cuts])
    if not cuts or rounding.step == 1 or cuts[-1].terms.method == "order_amount":
        return after
    return tidy_down(Money(after, ""), rounding).minor


def _total(lines: Sequence[Line], cuts: Mapping[str, tuple[Cut, ...]], rounding: Ending) -> int:
    return sum([price_after(line.price, cuts.get(line.item.key, ()), rounding) for line in lines])


def _candidates(
    lines: Sequence[Line], promotions: Sequence[PromotionTerms], situation: Situation, currency: str
) -> list[_Candidate]:
    """Return every promotion without a code, and one for every code, with what it may count for."""
    found = [_Candidate(terms=terms) for terms in promotions if not terms.needs_code]
    by_id = {terms.id: terms for terms in promotions}
    seen = {each.terms.id for each in found}
    for code in sorted(situation.codes, key=lambda code: code.code):
        terms = by_id.get(code.promotion_id)
        if terms is not None:
            why = code.counts_for(situation.buyer) or (_TWICE if terms.id in seen else None)
            seen.add(terms.id)
            found.append(_Candidate(terms=terms, code=code.code, why=why))
    for each in found:
        if each.why is None:
            _fit(each, lines, situation, currency)
    return found


def _fit(each: _Candidate, lines: Sequence[Line], situation: Situation, currency: str) -> None:
    """Find the lines that a promotion may count for, or why it counts for none."""
    terms = each.terms
    each.why = terms.why_not_now(situation.now) or terms.why_not_for(situation.buyer)
    if each.why is None and terms.amount is not None and terms.amount.currency != currency:
        each.why = _("This promotion is in another currency.")
    if each.why is not None:
        return
    fitting = [line for line in lines if terms.is_about(line.item)]
    if not fitting:
        # With one line its own reason says most; with several they may differ.
        each.why = (
            terms.why_not_on(lines[0].item) if len(lines) == 1 else _("Nothing in your cart fits this promotion.")
        )
    elif len(fitting) < terms.min_quantity:
        each.why = _("This promotion counts from %(num)s items on.", num=terms.min_quantity)
    elif terms.min_total is not None and sum(line.price for line in fitting) < terms.min_total.minor:
        least = LazyProxy(format_money, terms.min_total, enable_cache=False)
        each.why = _("This promotion counts from a total of %(amount)s on.", amount=least)
    each.keys = frozenset(line.item.key for line in fitting)


def _best_of_all(
    lines: Sequence[Line], counting: Sequence[_Candidate], rounding: Ending, *, only_combining: bool = False
) -> dict[str, tuple[Cut, ...]]:
    """Choose for every line; what is alike is chosen once, and a cart of fifty names has few kinds of lines."""
    chosen: dict[tuple[int, int, bool, tuple[int, ...]], tuple[Cut, ...]] = {}
    found = {}
    for line in lines:
        key = line.item.key
        places = tuple([place for place, each in enumerate(counting) if key in each.keys])
        alike = (line.price, line.first_year, line.item.years > 1, places)
        if alike not in chosen:
            fitting = [counting[place] for place in places]
            chosen[alike] = _best(line, fitting, rounding, only_combining=only_combining)
        found[key] = chosen[alike]
    return found


def _best(
    line: Line, fitting: Sequence[_Candidate], rounding: Ending, *, only_combining: bool = False
) -> tuple[Cut, ...]:
    """Return the cuts that leave a line cheapest; of equal ones the fewest, then the first in the order of counting."""
    combining = [each for each in fitting if each.terms.combines]
    coded = [each for each in combining if each.code]
    options = [] if only_combining else [[each] for each in fitting]
    if combining:
        options += [sorted([each, *coded], key=lambda one: one.rank) for each in combining if not each.code]
        options.append(coded)
    chains = [_chain(line, option) for option in options]
    if len(chains) < 2:  # noqa: PLR2004 - nothing to choose from
        return chains[0] if chains else ()
    return min(chains, key=lambda cuts: (price_after(line.price, cuts, rounding), len(cuts)))


def _chain(line: Line, option: Sequence[_Candidate]) -> tuple[Cut, ...]:
    """Let promotions count one after the other."""
    price, first, cuts = line.price, line.first_year, []
    for each in option:
        is_part = each.terms.first_year_only and line.item.years > 1
        off = cut_off(each.terms, first if is_part else price)
        price -= off
        first -= off if is_part else 0
        if off:
            cuts.append(Cut(terms=each.terms, off=off, code=each.code))
    return tuple(cuts)


def cut_off(terms: PromotionTerms, price: int) -> int:
    """Return what a promotion takes off an amount, never more than there is; half a cent is the customer's."""
    if terms.method == "percent":
        return round_half_up(price * terms.percent / HUNDRED)
    amount = terms.amount.minor if terms.amount is not None else 0
    return max(price - amount, 0) if terms.method == "price" else min(amount, price)


def _with_order_amount(
    lines: Sequence[Line], counting: Sequence[_Candidate], whole: _Candidate
) -> dict[str, tuple[Cut, ...]]:
    """Share an amount out over its lines; other promotions stay on them only if both combine."""
    # By key, so that the order of the lines decides nothing, not even who gets the last cent.
    mine = sorted((line for line in lines if line.item.key in whole.keys), key=lambda line: line.item.key)
    best = _best_of_all(mine, counting, Ending(), only_combining=True) if whole.terms.combines else {}
    alone = [best.get(line.item.key, ()) for line in mine]
    left = [line.price - sum(cut.off for cut in cuts) for line, cuts in zip(mine, alone, strict=True)]
    if not sum(left) or whole.terms.amount is None:
        return {}
    amount = Money(min(whole.terms.amount.minor, sum(left)), whole.terms.amount.currency)
    return {
        line.item.key: (*cuts, *([Cut(terms=whole.terms, off=part.minor, code=whole.code)] if part else []))
        for line, cuts, part in zip(mine, alone, amount.split(left), strict=True)
    }


def _answer(each: _Candidate, cuts: Mapping[str, tuple[Cut, ...]], currency: str) -> CodeAnswer:
    saved = sum(cut.off for line in cuts.values() for cut in line if cut.code == each.code)
    why = each.why
    if why is None and not saved:
        why = _("Another promotion saves you more; the two do not count together.") if any(cuts.values()) else _NOTHING
    return CodeAnswer(code=each.code, saved=Money(saved, currency), why=why)

"""Tables of worked prices: Markdown that a person reads, and the words in it as rules, promotions and buyers.

A file has sections. Lines such as ``Shop: PLN, gross, 23 %`` say what holds for the table below them.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from storefront.core.money import Money
from storefront.pricing.amounts import Amounts
from storefront.pricing.group_rules import group_prices
from storefront.pricing.items import Action, PriceKey
from storefront.pricing.margin import Ending, Margin
from storefront.pricing.margin_rules import Rule
from storefront.pricing.promotion_rules import BuyerFacts, CodeTerms, PromotionTerms
from storefront.pricing.quote import GroupTerms, Item, PremiumTerms, PriceBook

CASES = Path(__file__).parent / "storefront" / "pricing" / "cases"
SPACE = UUID("5b1d2a76-6f0e-4b5e-9a53-0d2f4a3c8e11")
NOW = datetime(2026, 11, 20, 12, tzinfo=ZoneInfo("Europe/Paris"))
ENDINGS = {
    "-": (1, 0),
    ".99": (100, 99),
    ".90": (100, 90),
    ".x9": (10, 9),
    ".00": (100, 0),
    "9.00": (1000, 900),
    "0": (10, 0),
    "90": (100, 90),
}


@dataclass(frozen=True, kw_only=True)
class Case:
    """One row of a table, with what its section says."""

    name: str
    facts: dict[str, str]
    cells: dict[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells[column]

    def __str__(self) -> str:
        return self.name


def cases(file: str) -> list[Case]:
    """Read every row of every table of a file."""
    return list(_rows(file, (CASES / f"{file}.md").read_text(encoding="utf-8").splitlines()))


def _rows(file: str, lines: list[str]) -> Iterator[Case]:
    facts: dict[str, str] = {}
    head: list[str] = []
    for number, line in enumerate(lines, 1):
        if line.startswith("#"):
            facts = {}
        elif fact := re.fullmatch(r"(\w+): (.+)", line):
            facts[fact[1]] = f"{facts.get(fact[1], '')} {fact[2]}".strip()
        elif not line.startswith("|"):
            head = []
        elif not head:
            head = _cells(line)
        elif not set(line) <= set("|-: "):
            yield Case(name=f"{file}-{number}", facts=dict(facts), cells=dict(zip(head, _cells(line), strict=True)))


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip().strip("|").split("|")]


def money(text: str, currency: str = "EUR") -> Money:
    """Read ``9.20 PLN``, or ``9.20`` in a currency that the section names."""
    amount, _, own = text.partition(" ")
    return Money.of(amount, own or currency)


def ending(text: str, amounts: Amounts) -> Ending:
    """Read how a price ends; ``net .99`` wears it on the net amount whatever the list counts."""
    worn, _, digits = text.rpartition(" ")
    step, rest = ENDINGS[digits]
    return Ending(step=step, digits=rest, amounts="net" if "net" in worn else "gross" if "gross" in worn else amounts)


def rule(text: str, currency: str, worn: Ending) -> Rule:
    """Read ``markup 25, at least 2.00, ceiling 19.99, may lose``."""
    terms: dict[str, object] = {}
    for part in text.split(", "):
        word, _, value = part.rpartition(" ")
        if word in ("markup", "margin"):
            terms |= {"method": word, "percent": Decimal(value)}
        elif word in ("plus", "fixed"):
            terms |= {"method": word, "amount": money(value, currency).minor}
        elif word in ("at least", "floor", "ceiling"):
            terms[word.replace(" ", "_")] = money(value, currency).minor
        else:
            terms[{"may lose": "may_lose", "a year": "per_year"}[part]] = True
    return Rule(id=uuid5(SPACE, text), name=text, ending=worn, **terms)  # type: ignore[arg-type]  # words of a table


def shop(case: Case) -> tuple[str, Amounts, Decimal]:
    """Read ``Shop: PLN, gross, 23 %``."""
    currency, amounts, vat = case.facts["Shop"].split(", ")
    return currency, "net" if amounts == "net" else "gross", Decimal(vat.removesuffix(" %"))


def listed(case: Case) -> dict[PriceKey, Money]:
    """Read ``Prices: com register 1 = 10.90, …``."""
    currency = shop(case)[0]
    prices: dict[PriceKey, Money] = {}
    for each in case.facts["Prices"].split(", "):
        what, _, amount = each.partition(" = ")
        name, action, years = what.split()
        prices[name, action, int(years)] = money(amount, currency)  # type: ignore[index]  # words of a table
    return prices


def book(case: Case, promotions: tuple[PromotionTerms, ...] = ()) -> PriceBook:
    """Make the book that a section describes, for the group that the row names."""
    currency, amounts, vat = shop(case)
    prices, group = listed(case), _group(case, currency)
    return PriceBook(
        currency=currency,
        amounts=amounts,
        vat_percent=vat,
        prices=group_prices(prices, group.singles, group.discount_percent) if group else prices,
        listed=prices if group else {},
        group=group,
        promotions=promotions,
        premium=PremiumTerms(margin=Margin(method="markup", percent=Decimal(20)), ending=Ending(step=100)),
        rounding=ending(case.facts.get("Rounding", "-"), amounts),
        zone=case.facts.get("Zone", "Europe/Paris"),
    )


def _group(case: Case, currency: str) -> GroupTerms | None:
    """Read ``10 %, com register 1 = 8.88``."""
    text = case.cells.get("group", "-")
    if text == "-":
        return None
    percent, singles = Decimal(0), {}
    for part in text.split(", "):
        if part.endswith(" %"):
            percent = Decimal(part.removesuffix(" %"))
        else:
            what, _, amount = part.partition(" = ")
            name, action, years = what.split()
            singles[name, action, int(years)] = money(amount, currency)
    return GroupTerms(id=uuid5(SPACE, "group"), name="Partners", discount_percent=percent, singles=singles)  # type: ignore[arg-type]  # words of a table


def items(text: str) -> list[Item]:
    """Read ``com 1, fr renew 2, com premium 500.00 EUR``."""
    return [_item(part, str(place)) for place, part in enumerate(text.split(", "))]


def _item(text: str, key: str) -> Item:
    name, *words = text.split()
    action: Action = "register"
    premium = None
    if "premium" in words:
        place = words.index("premium")
        premium = money(" ".join(words[place + 1 : place + 3]))
        words = words[:place]
    years = int(words.pop()) if words else 1
    if words:
        action = words[0]  # type: ignore[assignment]  # a word of a table
    return Item(key=key, ending=name, action=action, years=years, premium=premium, premium_renewal=premium)


def promotions(case: Case, now: datetime = NOW) -> tuple[tuple[PromotionTerms, ...], list[CodeTerms], BuyerFacts]:
    """Read the promotions of a row, apart by semicolons, the codes that were typed in, and who buys."""
    text = case.cells.get("promotions", "-")
    found = [] if text == "-" else [_promotion(each, case, place, now) for place, each in enumerate(text.split("; "))]
    codes = [
        CodeTerms(code=f"CODE{place}", promotion_id=each.id, uses_left=0 if "used up" in each.name else None)
        for place, each in enumerate(found)
        if each.needs_code and "not typed" not in each.name
    ]
    return tuple(found), codes, _buyer(case, found)


def _promotion(text: str, case: Case, place: int, now: datetime) -> PromotionTerms:
    currency = shop(case)[0]
    terms: dict[str, object] = {"starts_at": now - timedelta(days=1), "ends_at": now + timedelta(days=1)}
    for part in text.split(", "):
        terms |= _reward(part, currency) or _condition(part, currency)
    return PromotionTerms(id=uuid5(SPACE, f"{place}"), name=text, title={"en": text}, **terms)  # type: ignore[arg-type]  # words of a table


def _reward(part: str, currency: str) -> dict[str, object]:
    if match := re.fullmatch(r"([\d.]+) %", part):
        return {"method": "percent", "percent": Decimal(match[1])}
    for words, method in (("off the order", "order_amount"), ("off", "amount"), ("instead", "price")):
        if match := re.fullmatch(rf"([\d.]+) {words}", part):
            return {"method": method, "amount": money(match[1], currency)}
    return {}


FLAGS = {
    "first year": "first_year_only",
    "combines": "combines",
    "code": "needs_code",
    "new customers": "new_customers_only",
    "premium too": "with_premium",
}
SETS: dict[str, str] = {"for": "endings", "on": "actions"}


def _condition(part: str, currency: str) -> dict[str, object]:
    word, _, value = part.partition(" ")
    if part in FLAGS:
        found: dict[str, object] = {FLAGS[part]: True}
    elif word in SETS:
        found = {SETS[word]: frozenset(value.split())}
    elif word == "terms":
        found = {"years": frozenset(map(int, value.split()))}
    elif word == "from" and value.endswith("items"):
        found = {"min_quantity": int(value.split()[0])}
    elif word == "from":
        found = {"min_total": money(value, currency)}
    else:
        # What was typed in, and how often, is read from the name; the rest must be one of these.
        rest: dict[str, dict[str, object]] = {
            "once": {"max_per_customer": 1},
            "partners": {"groups": frozenset({uuid5(SPACE, "group")})},
        }
        found = rest.get(part, {})
        assert found or part in ("not typed", "used up"), f"nobody understands {part}"
    return found


def _buyer(case: Case, found: list[PromotionTerms]) -> BuyerFacts:
    words = case.cells.get("buyer", "-")
    return BuyerFacts(
        is_new="known" not in words,
        promotion_uses={each.id: 1 for each in found} if "used them" in words else {},
    )

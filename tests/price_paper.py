"""The paper about prices, drawn by the engine itself: `python -m tests.price_paper` writes it anew."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from html import escape
from pathlib import Path
from uuid import UUID, uuid5

from storefront.core.i18n import format_money, speaking
from storefront.core.money import Money
from storefront.pricing.explain import Explanation, Step, explain
from storefront.pricing.group_rules import GroupTerms, group_prices
from storefront.pricing.items import PriceKey
from storefront.pricing.margin import Ending, ExchangeRate
from storefront.pricing.margin_rules import Rule
from storefront.pricing.promotion_rules import BuyerFacts, CodeTerms, PromotionTerms
from storefront.pricing.quote import Item, PriceBook

DOCS = Path(__file__).parents[1] / "docs"
PAPER, PICTURE = DOCS / "pricing.md", DOCS / "pricing.svg"
MINUS = "\N{MINUS SIGN}"
MARK = "<!-- from here on the engine writes: python -m tests.price_paper -->"

SPACE = UUID("7d1f1c06-0f9f-4a4e-8a32-5d1d7f2a9b45")
NOW = datetime(2026, 11, 27, 10, tzinfo=UTC)
LISTED: dict[PriceKey, Money] = {
    ("com", "register", 1): Money(1490, "EUR"),
    ("com", "register", 2): Money(2990, "EUR"),
    ("com", "renew", 1): Money(1690, "EUR"),
}
RATE = ExchangeRate(
    base="USD",
    quoted="EUR",
    rate=Decimal("0.8612"),
    on=date(2026, 11, 26),
    source="European Central Bank",
    buffer_percent=Decimal(2),
    holds_until=date(2026, 12, 3),
)
RULE = Rule(
    id=SPACE,
    name="Well-known endings",
    method="markup",
    percent=Decimal(40),
    at_least=200,
    ending=Ending(step=100, digits=90),
)
PARTNERS = GroupTerms(id=uuid5(SPACE, "partners"), name="Partners", discount_percent=Decimal(5))
WEEKEND = PromotionTerms(
    id=uuid5(SPACE, "weekend"),
    name="Long weekend",
    title={"en": "Long weekend"},
    starts_at=NOW - timedelta(hours=10),
    ends_at=NOW + timedelta(days=3),
    method="percent",
    percent=Decimal(20),
    actions=frozenset({"register"}),
    first_year_only=True,
    combines=True,
)
WELCOME = replace(
    WEEKEND,
    id=uuid5(SPACE, "welcome"),
    name="Welcome",
    title={"en": "Welcome"},
    method="amount",
    percent=Decimal(0),
    amount=Money(100, "EUR"),
    needs_code=True,
    first_year_only=False,
)
NAMES = {
    "cost": "Purchase price",
    "exchange": "Exchange rate and buffer",
    "rule": "Margin rule",
    "price_list": "Price list",
    "group": "Price group",
    "promotion": "Promotion",
    "code": "Code",
    "rounding": "Rounding",
    "vat": "To pay, with VAT",
    "earnings": "What is left",
}
LAID = {"cost": "#e3e9dd", "exchange": "#e3e9dd", "rule": "#e3e9dd", "earnings": "#dcebf5"}
EDGE = {"cost": "#5f7a4a", "exchange": "#5f7a4a", "rule": "#5f7a4a", "earnings": "#2f6f98"}


@dataclass(frozen=True, kw_only=True)
class Example:
    """One customer, and what is asked for them."""

    title: str
    group: GroupTerms | None
    codes: tuple[CodeTerms, ...]
    vat_percent: Decimal | None
    years: int = 2


EXAMPLES = (
    Example(
        title="A partner with a code, two years",
        group=PARTNERS,
        codes=(CodeTerms(code="WELCOME", promotion_id=WELCOME.id),),
        vat_percent=None,
    ),
    Example(title="Anybody, one year, without a code", group=None, codes=(), vat_percent=None, years=1),
    Example(title="A company in another member state", group=PARTNERS, codes=(), vat_percent=Decimal(0)),
)


def explained(example: Example) -> Explanation:
    """Let the engine explain an example."""
    group = example.group
    book = PriceBook(
        currency="EUR",
        prices=group_prices(LISTED, group.singles, group.discount_percent) if group else LISTED,
        listed=LISTED if group else {},
        group=group,
        amounts="gross",
        vat_percent=Decimal("25.5"),
        promotions=(WEEKEND, WELCOME),
        list_name="Autumn 2026",
        rounding=Ending(step=10, digits=0),
        zone="Europe/Helsinki",
    )
    return explain(
        Item(key="1", ending="com", action="register", years=example.years),
        cost=Money(950 * example.years, "USD"),
        rates=[RATE],
        rules=[RULE],
        book=book,
        codes=example.codes,
        buyer=BuyerFacts(vat_percent=example.vat_percent),
        now=NOW,
    )


def table(answer: Explanation) -> str:
    """Write the steps as a table."""
    rows = [
        f"| {NAMES[step.kind]} | {step.text} | {_change(step)} | {format_money(step.amount)} | {step.detail} |"
        for step in answer.steps
    ]
    return "\n".join(["| step | what happened | change | comes to | |", "| --- | --- | ---: | ---: | --- |", *rows])


def _change(step: Step) -> str:
    if step.change is None or not step.change or step.kind == "vat":
        return ""
    return f"{'+' if step.change.minor > 0 else MINUS}{format_money(max(step.change, -step.change))}"


def picture(answer: Explanation) -> str:
    """Draw the steps as bars: what each comes to, from cost to what is left."""
    most = max(step.amount.minor for step in answer.steps)
    height = 34 * len(answer.steps) + 44
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 820 {height}" role="img" aria-labelledby="title">',
        '  <title id="title">From the purchase price to what the customer pays, step by step</title>',
        '  <g font-family="system-ui, sans-serif" font-size="13" fill="#1c1c1c">',
        f'  <rect width="820" height="{height}" fill="#ffffff"/>',
        f'  <text x="8" y="24" font-weight="600">{escape(EXAMPLES[0].title)}: example.com</text>',
    ]
    for place, step in enumerate(answer.steps):
        y = 40 + 34 * place
        width = max(3, 300 * step.amount.minor // most)
        fill, edge = LAID.get(step.kind, "#f4e8d9"), EDGE.get(step.kind, "#a5662a")
        lines += [
            f'  <text x="8" y="{y + 18}">{NAMES[step.kind]}</text>',
            f'  <rect x="190" y="{y}" width="{width}" height="26" rx="4" fill="{fill}" stroke="{edge}"/>',
            f'  <text x="{200 + width}" y="{y + 18}" font-weight="600">{format_money(step.amount)}</text>',
            f'  <text x="{270 + width}" y="{y + 18}" fill="#444">{escape(_beside(step))}</text>',
        ]
    return "\n".join([*lines, "  </g>", "</svg>", ""])


def _beside(step: Step) -> str:
    named = {"promotion", "code", "group", "vat", "exchange"}
    words = str(step.detail) if step.kind in named else f"{RULE.percent}% on top, ending in .90"
    said = words if step.kind in {*named, "rule"} else ""
    return " ".join(part for part in (_change(step), said) if part)


def paper() -> str:
    """Write the part of the paper that the engine makes."""
    parts = [MARK]
    with speaking("en"):
        for example in EXAMPLES:
            parts += [f"### {example.title}", table(explained(example))]
    return "\n\n".join(parts) + "\n"


def drawn() -> str:
    """Draw the first example."""
    with speaking("en"):
        return picture(explained(EXAMPLES[0]))


def main() -> None:
    """Write the paper's second half and its picture anew."""
    head = PAPER.read_text(encoding="utf-8").partition(MARK)[0]
    PAPER.write_text(head + paper(), encoding="utf-8")
    PICTURE.write_text(drawn(), encoding="utf-8")


if __name__ == "__main__":
    main()

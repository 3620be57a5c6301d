"""What things cost, why, and what is not for sale."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import strategies as st

from storefront.core.money import Money, total
from storefront.pricing.margin import Ending, ExchangeRate, Margin
from storefront.pricing.quote import Action, Item, PremiumTerms, PriceBook, quote
from tests.laws import law

TODAY = date(2025, 11, 21)


def euro(amount: str) -> Money:
    return Money.of(amount, "EUR")


def make_book(**change: object) -> PriceBook:
    terms: dict[str, object] = {
        "currency": "EUR",
        "amounts": "gross",
        "vat_percent": Decimal("25.5"),
        "prices": {
            ("com", "register", 1): euro("9.90"),
            ("com", "register", 2): euro("24.90"),
            ("com", "renew", 1): euro("14.90"),
            ("com", "transfer", 1): euro("14.90"),
            ("pl", "transfer", 0): euro("0.00"),
        },
    }
    return PriceBook(**{**terms, **change})  # type: ignore[arg-type]  # a table of terms


def make_item(ending: str = "com", action: Action = "register", years: int = 1, **change: object) -> Item:
    terms = {"key": f"{ending}-{action}-{years}", "ending": ending, "action": action, "years": years}
    return Item(**{**terms, **change})  # type: ignore[arg-type]  # a table of terms


def test_quote_takes_the_price_of_the_whole_term() -> None:
    answer = quote([make_item(years=2)], make_book(), today=TODAY)

    assert [(item.price, item.renewal_per_year) for item in answer.items] == [(euro("24.90"), euro("14.90"))]
    assert (answer.total, answer.quoted_on, answer.amounts) == (euro("24.90"), TODAY, "gross")


def test_quote_never_multiplies_a_year() -> None:
    answer = quote([make_item(years=3)], make_book(), today=TODAY)

    assert (answer.items, answer.total) == ((), euro("0.00"))
    assert [str(refused.why) for refused in answer.refused] == ["There is no price for this ending and term."]


def test_quote_of_an_unknown_ending_is_refused_and_not_free() -> None:
    answer = quote([make_item("shop"), make_item()], make_book(), today=TODAY)

    assert [refused.item.ending for refused in answer.refused] == ["shop"]
    assert answer.find("shop-register-1") is None
    assert answer.total == euro("9.90")


def test_quote_of_something_priced_at_nothing_sells_it() -> None:
    answer = quote([make_item("pl", "transfer", 0)], make_book(), today=TODAY)

    assert [(item.price, item.renewal_per_year) for item in answer.items] == [(euro("0.00"), None)]


def test_quote_gives_a_reason_in_words() -> None:
    answer = quote([make_item()], make_book(), today=TODAY)

    assert [(reason.kind, str(reason.text)) for reason in answer.items[0].reasons] == [("price_list", "Price list")]


PREMIUM = PremiumTerms(
    margin=Margin(method="markup", percent=Decimal(20)),
    ending=Ending(step=100, digits=0),
    exchange_rates=(
        ExchangeRate(base="USD", quoted="EUR", rate=Decimal("0.9"), on=TODAY, source="European Central Bank"),
    ),
)


@pytest.mark.parametrize(
    ("amounts", "price", "renewal"),
    [("gross", "678.00", "14.00"), ("net", "540.24", "11.16")],
)
def test_quote_of_a_premium_name_puts_the_margin_on_the_registrys_price(amounts: str, price: str, renewal: str) -> None:
    # 500 USD are 450 EUR, with the markup 540.00, with VAT 677.70, tidy 678.00 gross, which is 540.24 net.
    item = make_item(premium=Money.of("500.00", "USD"), premium_renewal=euro("9.00"))

    answer = quote([item], make_book(amounts=amounts, premium=PREMIUM), today=TODAY).items[0]

    assert (answer.price, answer.renewal_per_year) == (euro(price), euro(renewal))
    assert answer.reasons[0].kind == "premium"


@pytest.mark.parametrize("renewal", [None, euro("0.00"), Money.of("0.00", "USD")])
def test_quote_of_a_premium_name_never_says_that_a_further_year_is_free(renewal: Money | None) -> None:
    item = make_item(premium=Money.of("500.00", "USD"), premium_renewal=renewal)

    answer = quote([item], make_book(premium=PREMIUM), today=TODAY).items[0]

    assert answer.renewal_per_year is None


@pytest.mark.parametrize(
    ("terms", "cost"),
    [(None, euro("500.00")), (PREMIUM, Money.of("500.00", "GBP"))],
)
def test_quote_of_a_premium_name_without_terms_or_rate_is_refused(terms: PremiumTerms | None, cost: Money) -> None:
    answer = quote([make_item(premium=cost)], make_book(premium=terms), today=TODAY)

    assert (len(answer.items), len(answer.refused)) == (0, 1)


def test_quote_of_two_items_with_one_key_raises() -> None:
    with pytest.raises(ValueError, match="same key"):
        quote([make_item(), make_item()], make_book(), today=TODAY)


def test_price_book_cannot_be_changed_from_outside() -> None:
    prices: dict[tuple[str, Action, int], Money] = {("com", "register", 1): euro("9.90")}
    book = make_book(prices=prices)

    prices["com", "register", 1] = euro("0.01")

    assert book.prices["com", "register", 1] == euro("9.90")


@pytest.mark.parametrize("price", [Money(990, "PLN"), euro("-1.00")])
def test_price_book_refuses_foreign_and_negative_prices(price: Money) -> None:
    with pytest.raises(ValueError, match="price book"):
        make_book(prices={("com", "register", 1): price})


def test_price_book_lists_terms_and_both_prices() -> None:
    book = make_book()

    assert book.terms("com", "register") == (1, 2)
    assert (book.both(euro("9.90")).net, book.both(euro("9.90")).vat) == (euro("7.89"), euro("2.01"))


@law(asked=st.lists(st.tuples(st.sampled_from(["com", "pl", "shop"]), st.integers(0, 3)), max_size=12))
def test_quote_adds_up_and_forgets_nothing(asked: list[tuple[str, int]]) -> None:
    items = [make_item(ending, years=years, key=str(place)) for place, (ending, years) in enumerate(asked)]

    answer = quote(items, make_book(), today=TODAY)

    assert len(answer.items) + len(answer.refused) == len(items)
    assert answer.total.minor == sum(quoted.price.minor for quoted in answer.items)
    for quoted in answer.items:
        assert quoted.price.minor == quoted.list_price.minor + sum(reason.change.minor for reason in quoted.reasons)
        assert answer.find(quoted.item.key) is quoted


@pytest.mark.parametrize(
    ("asked", "promised", "price"),
    [
        (make_item(), "8.00", "8.00"),
        (make_item(), "0.00", "0.00"),
        (make_item(), "12.00", "9.90"),
        (make_item(years=3), "20.00", "20.00"),
        (make_item("pl", "transfer", 0), "3.00", "0.00"),
        (make_item(premium=Money.of("500.00", "USD")), "600.00", "600.00"),
        (make_item(premium=Money.of("500.00", "USD")), "700.00", "678.00"),
    ],
)
def test_item_costs_no_more_than_it_was_promised(asked: Item, promised: str, price: str) -> None:
    other = replace(asked, key="another")

    answer = quote([replace(asked, promised=euro(promised)), other], make_book(premium=PREMIUM), today=TODAY)

    mine, alone = answer.find(asked.key), quote([other], make_book(premium=PREMIUM), today=TODAY)
    assert mine is not None
    assert mine.price == euro(price) == mine.list_price + total([each.change for each in mine.reasons], "EUR")
    assert answer.find("another") == alone.find("another")

"""What a process reckons for a price book, and what the book really takes."""

import tracemalloc
from collections.abc import Sequence
from decimal import Decimal
from uuid import UUID

import pytest

from storefront.core.kept import ROOM
from storefront.core.money import Money
from storefront.pricing.book import size_of
from storefront.pricing.group_rules import group_prices
from storefront.pricing.items import PriceKey
from storefront.pricing.quote import Action, GroupTerms, PriceBook

YEARLY: tuple[Action, ...] = ("register", "renew")
AMOUNTS = 400
# Where the lines stand that make a book.
MAKERS = [
    tracemalloc.Filter(inclusive=True, filename_pattern=f"*/{place}") for place in ("pricing/*.py", "core/money.py")
]


def keys_of(endings: int) -> Sequence[PriceKey]:
    """What every shop with so many endings has in common."""
    return [(f"e{n}", action, years) for n in range(endings) for action in YEARLY for years in range(1, 11)]


def book_of(keys: Sequence[PriceKey], discount: int) -> PriceBook:
    made = [Money(990 + 100 * number, "EUR") for number in range(AMOUNTS)]
    listed = {key: made[number % AMOUNTS] for number, key in enumerate(keys)}
    group = GroupTerms(id=UUID(int=1), name="Partners", discount_percent=Decimal(discount)) if discount else None
    return PriceBook(
        currency="EUR",
        prices=group_prices(listed, {}, Decimal(discount)) if discount else listed,
        listed=listed if discount else {},
        amounts="gross",
        vat_percent=Decimal(20),
        group=group,
    )


@pytest.mark.parametrize("endings", [40, 500])
@pytest.mark.parametrize("discount", [0, 10])
def test_size_of_a_book_is_about_what_it_takes(endings: int, discount: int) -> None:
    keys = keys_of(endings)
    tracemalloc.start()
    book = book_of(keys, discount)
    # The process has threads of its own, which take memory as well.
    taken = sum(trace.size for trace in tracemalloc.take_snapshot().filter_traces(MAKERS).traces)
    tracemalloc.stop()

    reckoned = size_of(book)

    assert taken * 0.7 <= reckoned <= taken * 2


def test_largest_list_of_a_shop_is_kept() -> None:
    """Twenty thousand prices are what one list may be published with; more than a quarter of the room is not kept."""
    book = book_of(keys_of(1_000), 0)

    assert len(book.prices) == 20_000
    assert size_of(book) * 4 <= ROOM

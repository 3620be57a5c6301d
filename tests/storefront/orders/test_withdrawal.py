"""What consumers must be told and agree to."""

import pytest

from storefront.core.money import Money
from storefront.orders.withdrawal import (
    BuyerKind,
    ProductKind,
    missing_boxes,
    order_button,
    required_boxes,
)


@pytest.mark.parametrize(
    ("buyer", "products", "keys"),
    [
        ("business", ["domain", "hosting"], []),
        ("consumer", [], []),
        ("consumer", ["domain"], ["immediate_performance", "right_lost_when_done"]),
        ("consumer", ["hosting", "mailbox"], ["immediate_performance", "pays_for_days_used"]),
        (
            "consumer",
            ["domain", "hosting"],
            ["immediate_performance", "right_lost_when_done", "pays_for_days_used"],
        ),
        ("consumer", ["novelty"], ["immediate_performance", "right_lost_when_done", "pays_for_days_used"]),
    ],
)
def test_boxes_of(buyer: BuyerKind, products: list[ProductKind], keys: list[str]) -> None:
    assert [box.key for box in required_boxes(buyer, products)] == keys


def test_boxes_not_ticked_are_missing() -> None:
    boxes = required_boxes("consumer", ["domain"])

    assert [box.key for box in missing_boxes(boxes, {"immediate_performance"})] == ["right_lost_when_done"]
    assert missing_boxes(boxes, {box.key for box in boxes}) == ()


def test_boxes_have_a_version_and_words() -> None:
    boxes = required_boxes("consumer", ["domain", "hosting"])

    assert all(box.version and str(box.text) for box in boxes)


@pytest.mark.parametrize(
    ("buyer", "words"),
    [("consumer", "Order with obligation to pay: €12.30"), ("business", "Order and pay €12.30")],
)
def test_order_button_says_what_it_does(buyer: BuyerKind, words: str) -> None:
    assert str(order_button(buyer, Money.of("12.30", "EUR"))) == words

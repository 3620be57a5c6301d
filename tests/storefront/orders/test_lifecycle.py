"""The state of an order follows from its items and its payment; nobody moves it out of turn."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storefront.orders.lifecycle import (
    FINAL_ITEMS,
    FINAL_ORDERS,
    ITEM_MOVES,
    ORDER_MOVES,
    SHOWN_ITEMS,
    SHOWN_ORDERS,
    ItemState,
    Mover,
    OrderFacts,
    OrderState,
    may_move_order,
    state_of,
)

WAITS, QUEUED, RUNS, HELD = (
    ItemState.PENDING_PAYMENT,
    ItemState.QUEUED,
    ItemState.PROCESSING,
    ItemState.ON_HOLD,
)
ACTIVE, FAILED, CANCELLED = ItemState.ACTIVE, ItemState.FAILED, ItemState.CANCELLED


@pytest.mark.parametrize(
    ("items", "expected"),
    [
        ((WAITS, WAITS), OrderState.PAID),
        ((QUEUED, WAITS), OrderState.PROCESSING),
        ((RUNS, ACTIVE), OrderState.PROCESSING),
        ((HELD, ACTIVE), OrderState.PROCESSING),
        ((HELD, FAILED), OrderState.PROCESSING),
        ((ACTIVE, ACTIVE), OrderState.COMPLETED),
        ((ACTIVE, FAILED), OrderState.PARTIALLY_COMPLETED),
        ((ACTIVE, CANCELLED), OrderState.PARTIALLY_COMPLETED),
        ((FAILED, FAILED), OrderState.FAILED),
        ((FAILED, CANCELLED), OrderState.FAILED),
        ((CANCELLED, CANCELLED), OrderState.CANCELLED),
    ],
)
def test_state_of_a_paid_order(items: tuple[ItemState, ...], expected: OrderState) -> None:
    assert state_of(OrderFacts(items=items, has_proforma=True, is_paid=True)) == expected


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        (OrderFacts(items=(WAITS,)), OrderState.PLACED),
        (OrderFacts(items=(WAITS,), has_proforma=True), OrderState.AWAITING_PAYMENT),
        (OrderFacts(items=(WAITS,), has_proforma=True, is_expired=True), OrderState.EXPIRED),
        (OrderFacts(items=(WAITS,), has_proforma=True, is_cancelled=True), OrderState.CANCELLED),
        (OrderFacts(items=(WAITS,), is_paid=True, is_expired=True), OrderState.EXPIRED),
        (OrderFacts(items=(WAITS,), is_paid=True, is_cancelled=True), OrderState.CANCELLED),
    ],
)
def test_state_of_an_order_that_is_not_simply_paid(facts: OrderFacts, expected: OrderState) -> None:
    assert state_of(facts) == expected


@pytest.mark.parametrize(
    ("before", "after", "movers"),
    [
        (OrderState.AWAITING_PAYMENT, OrderState.PAID, {"staff", "system"}),
        (OrderState.AWAITING_PAYMENT, OrderState.CANCELLED, {"customer", "staff", "system"}),
        (OrderState.AWAITING_PAYMENT, OrderState.EXPIRED, {"system"}),
        (OrderState.PAID, OrderState.CANCELLED, {"staff", "system"}),
        (OrderState.EXPIRED, OrderState.PAID, set()),
        (OrderState.CANCELLED, OrderState.PAID, set()),
        (OrderState.COMPLETED, OrderState.CANCELLED, set()),
    ],
)
def test_order_is_moved_only_by(before: OrderState, after: OrderState, movers: set[Mover]) -> None:
    everybody: tuple[Mover, ...] = ("customer", "staff", "system")

    assert {mover for mover in everybody if may_move_order(before, after, mover)} == movers


def test_item_is_never_moved_out_of_a_final_state() -> None:
    assert not [move for move in ITEM_MOVES if move[0] in FINAL_ITEMS]
    assert not [move for move in ORDER_MOVES if move[0] in FINAL_ORDERS]


def test_item_of_a_customer_is_cancelled_only_before_payment() -> None:
    cancellable = {
        before for (before, after), movers in ITEM_MOVES.items() if after == CANCELLED and "customer" in movers
    }

    assert cancellable == {WAITS}


def test_every_state_has_a_word() -> None:
    assert set(SHOWN_ORDERS) == set(OrderState)
    assert set(SHOWN_ITEMS) == set(ItemState)


@given(data=st.data(), items=st.lists(st.sampled_from([WAITS]), min_size=1, max_size=4))
def test_order_only_moves_as_the_table_says_while_its_items_move(data: st.DataObject, items: list[ItemState]) -> None:
    before = state_of(OrderFacts(items=tuple(items), has_proforma=True, is_paid=True))

    for _turn in range(12):
        moves = [(place, after) for place, state in enumerate(items) for one, after in ITEM_MOVES if one == state]
        if not moves:
            break
        place, state = data.draw(st.sampled_from(moves))
        items[place] = state
        after = state_of(OrderFacts(items=tuple(items), has_proforma=True, is_paid=True))
        assert may_move_order(before, after, "system"), (before, after, items)
        before = after

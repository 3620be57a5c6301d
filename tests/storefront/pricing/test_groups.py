"""Price groups: made, changed, filled, closed without losing anybody."""

from decimal import Decimal

import pytest

from storefront.core.db import Work
from storefront.core.errors import NotFound, Refused
from storefront.core.money import Money
from storefront.customers.models import Customer
from storefront.pricing.book import price_book
from storefront.pricing.groups import (
    GroupWish,
    change_group,
    close_group,
    create_group,
    move_customers,
    price_groups,
    remove_single_price,
    require_group,
    set_single_price,
)
from storefront.pricing.items import PriceKey
from storefront.pricing.offer_models import PriceGroup
from tests import factories

KEY: PriceKey = ("com", "register", 1)


def euro(minor: int) -> Money:
    return Money(minor, "EUR")


def test_group_pays_the_discount_and_others_do_not(db: Work) -> None:
    group = create_group(db, GroupWish(name="Partners", discount_percent=Decimal(10)))

    own, usual = price_book(db, group_id=group.id), price_book(db)

    assert (own.prices[KEY], usual.prices[KEY]) == (euro(981), euro(1090))


def test_single_price_stands_before_the_discount(db: Work) -> None:
    group = create_group(db, GroupWish(name="Partners", discount_percent=Decimal(10)))

    price = set_single_price(db, group, KEY, euro(700))
    with_it = price_book(db, group_id=group.id).prices[KEY]
    remove_single_price(db, group, price)

    assert (with_it, price_book(db, group_id=group.id).prices[KEY]) == (euro(700), euro(981))


def test_default_group_is_for_everybody_and_there_is_one(db: Work) -> None:
    first = create_group(db, GroupWish(name="First", discount_percent=Decimal(10), is_default=True))
    create_group(db, GroupWish(name="Second", discount_percent=Decimal(50), is_default=True))
    db.session.refresh(first)

    assert not first.is_default
    assert price_book(db).prices[KEY] == euro(545)


@pytest.mark.parametrize(
    ("wish", "field"),
    [
        (GroupWish(name="partners"), "name"),
        (GroupWish(name="Other", discount_percent=Decimal(101)), "discount_percent"),
        (GroupWish(name="Other", discount_percent=Decimal(-1)), "discount_percent"),
        (GroupWish(name="Other", line="unknown"), "line"),
    ],
)
def test_group_that_makes_no_sense_is_refused(db: Work, wish: GroupWish, field: str) -> None:
    create_group(db, GroupWish(name="Partners"))

    with pytest.raises(Refused) as refused:
        create_group(db, wish)

    assert refused.value.field == field


def test_moved_customers_are_there_by_hand(db: Work) -> None:
    group = create_group(db, GroupWish(name="Partners"))
    people = [factories.make_customer(db, is_grouped_by_rule=True).id for _each in range(3)]

    moved = move_customers(db, people, group)
    again = move_customers(db, people, group)

    customer = db.require(Customer, people[0])
    assert (moved, again) == (3, 0)
    assert (customer.price_group_id, customer.is_grouped_by_rule) == (group.id, False)


def test_closing_asks_where_customers_go(db: Work) -> None:
    group, other = create_group(db, GroupWish(name="A")), create_group(db, GroupWish(name="B"))
    customer = factories.make_customer(db, price_group_id=group.id)

    with pytest.raises(Refused, match="where they go"):
        close_group(db, group)
    moved = close_group(db, group, move_to=other)

    db.session.refresh(customer)
    assert (moved, customer.price_group_id) == (1, other.id)


def test_closed_group_is_gone_and_its_name_is_free(db: Work) -> None:
    group = create_group(db, GroupWish(name="Partners"))

    close_group(db, group)
    again = create_group(db, GroupWish(name="Partners"))

    assert [each.group.id for each in price_groups(db) if each.group.name == "Partners"] == [again.id]
    with pytest.raises(NotFound):
        require_group(db, group.id)


def test_group_cannot_close_into_itself_or_into_a_closed_one(db: Work) -> None:
    group, other = create_group(db, GroupWish(name="A")), create_group(db, GroupWish(name="B"))
    close_group(db, other)

    for target in (group, db.require(PriceGroup, other.id)):
        with pytest.raises(Refused, match="another group"):
            close_group(db, group, move_to=target)


@pytest.mark.parametrize("change", [{"discount_percent": Decimal(20)}, {"name": "Better partners"}])
def test_change_is_kept(db: Work, change: dict[str, object]) -> None:
    group = create_group(db, GroupWish(name="Partners", discount_percent=Decimal(10)))

    change_group(db, group, GroupWish(**{"name": "Partners", **change}))  # type: ignore[arg-type]  # the fields above

    assert all(getattr(group, name) == value for name, value in change.items())

"""What a group of customers pays and which promotions run, as loaded from the tables."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import insert

from storefront.catalog.models import TldGroup
from storefront.core.db import Database, Work
from storefront.core.ids import uuid7
from storefront.core.money import Money
from storefront.core.text import LocalizedText
from storefront.pricing.book import has_room, load_book, load_costs, price_book
from storefront.pricing.models import ExchangeQuote, MarginRule, Price, PriceList
from storefront.pricing.offer_models import GroupPrice, PriceGroup, Promotion
from storefront.pricing.queries import shelf
from storefront.pricing.quote import Item, PriceBook, quote
from tenants.resellers import current_reseller
from tests.statements import counted

COM = Item(key="1", ending="com", action="register", years=1)


def euro(amount: str) -> Money:
    return Money.of(amount, "EUR")


def group_of(db: Work, **terms: Any) -> PriceGroup:
    made = db.add(PriceGroup(name=f"group {uuid4()}", changed_at=db.now, **terms))
    db.flush()
    return made


def single(db: Work, group: PriceGroup, minor: int, **what: Any) -> None:
    whole = {"kind": "domain", "ending": "com", "action": "register", "years": 1, **what}
    db.add(GroupPrice(price_group_id=group.id, minor=minor, **whole))
    db.flush()


def list_of(db: Work, line: str, prices: dict[tuple[str, str, str, int], int], **terms: Any) -> PriceList:
    whole = {"currency": "EUR", "amounts": "gross", "starts_at": db.now, "published_at": db.now, **terms}
    made = db.add(PriceList(name=line, line=line, **whole))
    db.flush()
    for (kind, ending, action, years), minor in prices.items():
        db.add(Price(price_list_id=made.id, kind=kind, ending=ending, action=action, years=years, minor=minor))
    db.flush()
    return made


def promotion(db: Work, **change: Any) -> Promotion:
    terms = {"method": "percent", "percent": "20", **change.pop("terms", {})}
    whole = {"state": "running", "starts_at": db.now - timedelta(days=1), "currency": "EUR", **change}
    made = db.add(
        Promotion(name="Black week", title=LocalizedText(en="Black week"), terms=terms, changed_at=db.now, **whole)
    )
    db.flush()
    return made


def paid(db: Work, book: PriceBook, item: Item = COM) -> Money:
    return quote([item], book, now=db.now).items[0].price


def test_group_with_a_discount_pays_less_and_the_list_price_is_kept(db: Work) -> None:
    group = group_of(db, discount_percent=Decimal("12.5"))

    book = price_book(db, group_id=group.id)
    answer = quote([COM], book, now=db.now).items[0]

    # 12.5 % of 10.90 are 1.3625: 1.36 less.
    assert (book.prices["com", "register", 1], answer.list_price, answer.price) == (
        euro("9.54"),
        euro("10.90"),
        euro("9.54"),
    )
    assert book.group is not None
    assert (book.group.name, book.group.discount_percent) == (group.name, Decimal("12.5"))
    assert price_book(db).prices["com", "register", 1] == euro("10.90")


def test_single_price_of_a_group_stands_and_may_be_of_something_the_list_lacks(db: Work) -> None:
    group = group_of(db, discount_percent=Decimal(50))
    single(db, group, 880)
    single(db, group, 100, ending="shop")

    book = price_book(db, group_id=group.id)

    assert (book.prices["com", "register", 1], book.prices["shop", "register", 1]) == (euro("8.80"), euro("1.00"))
    assert ("shop", "register", 1) not in price_book(db).prices


def test_group_with_a_line_of_its_own_pays_by_it_and_by_the_main_list_for_the_rest(db: Work) -> None:
    list_of(
        db,
        "partners",
        {("domain", "com", "register", 1): 700, ("hosting", "small", "recurring", 1): 5000},
        amounts="net",
    )
    group = group_of(db, line="partners", discount_percent=Decimal(10))

    book = price_book(db, group_id=group.id)

    # Of the main list 21.80 gross at 25.5 % are 17.37 net, and 10 % less of that.
    assert (book.amounts, book.list_name) == ("net", "partners")
    assert (book.prices["com", "register", 1], book.prices["com", "register", 2]) == (euro("6.30"), euro("15.63"))
    assert book.products["hosting", "small", "recurring", 1] == euro("45.00")
    assert (price_book(db).amounts, dict(price_book(db).products)) == ("gross", {})


def test_line_without_a_list_that_has_begun_pays_by_the_main_one(db: Work) -> None:
    list_of(db, "partners", {("domain", "com", "register", 1): 700}, starts_at=db.now + timedelta(days=1))
    group = group_of(db, line="partners")

    assert price_book(db, group_id=group.id).prices["com", "register", 1] == euro("10.90")
    assert price_book(db, group_id=group.id, at=db.now + timedelta(days=1)).prices["com", "register", 1] == euro("7.00")


def test_customers_without_a_group_are_in_the_default_one_and_so_are_those_of_a_closed_one(db: Work) -> None:
    default = group_of(db, discount_percent=Decimal(10), is_default=True)
    closed = group_of(db, discount_percent=Decimal(90), closed_at=db.now)
    own = group_of(db, discount_percent=Decimal(20))

    found = [price_book(db, group_id=each) for each in (None, closed.id, uuid4(), own.id)]

    assert [book.group.id if book.group else None for book in found] == [default.id, default.id, default.id, own.id]
    assert found[0].prices["com", "register", 1] == euro("9.81")


def test_promotion_for_a_group_counts_for_the_default_one_without_naming_it(db: Work) -> None:
    default = group_of(db, is_default=True)
    promotion(db, terms={"price_groups": [str(default.id)]})

    assert paid(db, price_book(db)) == euro("8.72")


@pytest.mark.parametrize(
    ("change", "price"),
    [
        ({}, "8.72"),
        ({"state": "draft"}, "10.90"),
        ({"state": "stopped"}, "10.90"),
        ({"starts_at": timedelta(minutes=1)}, "10.90"),
        ({"ends_at": timedelta()}, "10.90"),
        ({"ends_at": timedelta(minutes=1)}, "8.72"),
        ({"needs_code": True}, "10.90"),
        ({"max_uses": 3, "uses": 2}, "8.72"),
        ({"max_uses": 3, "uses": 3}, "10.90"),
        ({"budget_minor": 100, "spent_minor": 99}, "8.72"),
        ({"budget_minor": 100, "spent_minor": 100}, "10.90"),
        ({"terms": {"percent": "nonsense"}}, "10.90"),
        ({"terms": {"tld_groups": ["popular-here"]}}, "8.72"),
        ({"terms": {"tld_groups": ["gone"]}}, "10.90"),
    ],
)
def test_promotion_that_runs_and_has_something_left_counts(db: Work, change: dict[str, Any], price: str) -> None:
    db.add(TldGroup(slug="popular-here", title=LocalizedText(en="Popular"), endings=["com"], position=9))
    moments = {name: db.now + value if isinstance(value, timedelta) else value for name, value in change.items()}

    made = promotion(db, **moments)

    assert paid(db, price_book(db)) == euro(price)
    assert has_room(made) is not (price == "10.90" and ("uses" in change or "spent_minor" in change))


def test_kept_book_ends_when_a_promotion_begins_or_ends(db: Work) -> None:
    assert load_book(db)[1] > db.now + timedelta(seconds=1)

    promotion(db, starts_at=db.now + timedelta(seconds=2), ends_at=db.now + timedelta(seconds=9))
    begins = load_book(db)[1]
    promotion(db, ends_at=db.now + timedelta(seconds=1))

    assert (begins, load_book(db)[1]) == (db.now + timedelta(seconds=2), db.now + timedelta(seconds=1))


def test_kept_books_of_two_groups_are_two(db: Work) -> None:
    one, other = group_of(db, discount_percent=Decimal(10)), group_of(db, discount_percent=Decimal(20))
    kept = [price_book(db, version=30_001, group_id=each) for each in (None, one.id, other.id)]

    again = [price_book(db, version=30_001, group_id=each) for each in (None, one.id, other.id)]

    assert [book.prices["com", "register", 1] for book in kept] == [euro("10.90"), euro("9.81"), euro("8.72")]
    assert all(same is book for same, book in zip(again, kept, strict=True))
    assert shelf(db, version=30_001, group_id=other.id).book.prices["com", "register", 1] == euro("8.72")


def test_book_of_a_day_to_come_holds_what_is_scheduled(db: Work) -> None:
    list_of(db, "main", {("domain", "com", "register", 1): 777}, starts_at=db.now + timedelta(days=3))
    promotion(db, starts_at=db.now + timedelta(days=2), ends_at=db.now + timedelta(days=4))

    moments = [db.now + timedelta(days=days) for days in (1, 2, 3, 5)]
    found = [quote([COM], price_book(db, at=moment), now=moment).items[0].price for moment in moments]

    assert found == [euro("10.90"), euro("8.72"), euro("6.22"), euro("7.77")]


def test_premium_name_is_priced_by_the_first_rule_for_such_names(db: Work) -> None:
    for position, (name, terms, is_active) in enumerate(
        (
            ("standard", {"method": "markup", "percent": "500"}, True),
            ("asleep", {"method": "markup", "percent": "400", "names": "premium"}, False),
            ("broken", {"method": "guess", "names": "premium"}, True),
            ("dear", {"method": "markup", "percent": "10", "names": "premium", "cost_from_minor": 5000}, True),
            ("cheap", {"method": "markup", "percent": "300", "names": "premium"}, True),
        )
    ):
        db.add(MarginRule(name=name, position=position, is_active=is_active, terms=terms, changed_at=db.now))
    db.flush()
    costs = [Money(5000, "EUR"), Money(4999, "EUR"), Money(5000, "ZZZ")]
    items = [
        Item(key=str(place), ending="com", action="register", years=1, premium=cost) for place, cost in enumerate(costs)
    ]

    answer = quote(items, price_book(db), now=db.now)

    # 50.00 and a tenth are 55.00, with 25.5 % of VAT 69.03; 49.99 four times are 199.96, with VAT 250.95.
    assert [each.price for each in answer.items] == [euro("69.03"), euro("250.95")]
    assert [str(each.why) for each in answer.refused] == [
        "The registry's price for this name cannot be converted at the moment."
    ]


def test_premium_name_is_exchanged_at_the_rate_of_the_bank_unless_it_is_stale(db: Work, database: Database) -> None:
    with database.office_work() as office:
        office.session.merge(
            ExchangeQuote(base="EUR", quoted="ZAR", on_day=office.now.date(), rate=Decimal(20), source="ECB")
        )
        office.commit()
    item = Item(key="1", ending="com", action="register", years=1, premium=Money(100_000, "ZAR"))

    fresh = quote([item], price_book(db), now=db.now)
    later = db.now + timedelta(days=8)
    stale = quote([item], price_book(db, at=later), now=later)

    # 1,000.00 ZAR are 50.00 EUR, with the buffer of 2 % 51.00, a fifth on top 61.20, with VAT 76.81, tidy 77.00.
    assert [each.price for each in fresh.items] == [euro("77.00")]
    assert len(stale.refused) == 1


def test_costs_are_loaded_where_an_office_asks(db: Work) -> None:
    book = price_book(db)

    assert book.find_cost(COM) is None
    assert load_costs(db, book).find_cost(Item(key="1", ending="com", action="register", years=2)) == euro("18.80")


def test_reduced_prices_may_end_as_the_settings_say(db: Work) -> None:
    reseller = current_reseller(db)
    reseller.settings = {**reseller.settings, "reduced_ending": {"step": 100, "digits": 90}}
    promotion(db)

    assert (paid(db, price_book(db)), price_book(db).prices["com", "register", 1]) == (euro("7.90"), euro("10.90"))


@pytest.fixture
def asked(database: Database) -> Iterator[list[str]]:
    """Every statement that was sent."""
    with counted(database) as statements:
        yield statements


def test_book_of_five_hundred_endings_for_a_group_asks_four_questions(db: Work, asked: list[str]) -> None:
    rows = [(f"e{ending}", years) for ending in range(500) for years in range(1, 11)]
    made = list_of(db, "main", {})
    db.session.execute(
        insert(Price),
        [
            {
                "id": uuid7(), "reseller_id": db.reseller_id, "price_list_id": made.id, "kind": "domain",
                "ending": ending, "action": "register", "years": years, "minor": 1000 * years, "is_by_rule": True,
            }
            for ending, years in rows
        ],
    )  # fmt: skip
    group = group_of(db, line="partners", discount_percent=Decimal(10))
    single(db, group, 1)
    list_of(db, "partners", {("domain", "com", "register", 1): 700})
    promotion(db)
    group_id = group.id
    db.session.expire_all()
    asked.clear()

    book = price_book(db, group_id=group_id)

    assert len([one for one in asked if "set_config" not in one]) <= 4
    assert len(book.prices) == 5001
    assert book.prices["e499", "register", 10] == euro("90.00")

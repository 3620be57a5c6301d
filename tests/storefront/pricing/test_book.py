"""What a shop sells and at which price, as loaded from its tables."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import update

from storefront.catalog.models import Offer, Tld
from storefront.catalog.offers import find_rules, offered
from storefront.catalog.queries import offered_endings, require_rules
from storefront.core import clock
from storefront.core.clock import Stopped
from storefront.core.db import Database, Work
from storefront.core.errors import NotFound
from storefront.core.money import Money
from storefront.pricing.book import premium_terms, price_book
from storefront.pricing.models import Price, PriceList
from storefront.pricing.queries import shelf
from storefront.pricing.wholesale import cost, find_cost
from tenants.resellers import current_reseller
from tests import factories
from tests.statements import counted


def publish(db: Work, *, minor: int, starts_in: timedelta, published: bool = True, currency: str = "EUR") -> None:
    made = db.add(
        PriceList(
            name="Later", currency=currency, amounts="gross", starts_at=db.now + starts_in,
            published_at=db.now if published else None,
        )
    )  # fmt: skip
    db.flush()
    db.add(Price(price_list_id=made.id, ending="com", action="register", years=1, minor=minor))
    db.flush()


def first_price(db: Work) -> Money:
    return price_book(db).prices["com", "register", 1]


def test_price_book_holds_the_published_list(db: Work) -> None:
    book = price_book(db)

    assert book.prices["com", "register", 2] == Money(2180, "EUR")
    assert (book.amounts, book.currency, book.vat_percent) == ("gross", "EUR", Decimal("25.5"))


def test_price_book_takes_the_newest_list_that_has_begun(db: Work) -> None:
    publish(db, minor=1, starts_in=timedelta(days=1))
    publish(db, minor=2, starts_in=-timedelta(hours=1), published=False)
    publish(db, minor=3, starts_in=-timedelta(hours=1), currency="PLN")
    before = first_price(db)
    publish(db, minor=777, starts_in=-timedelta(minutes=1))

    assert (before, first_price(db)) == (Money(1090, "EUR"), Money(777, "EUR"))


def test_price_book_of_a_shop_without_a_list_sells_nothing(db: Work) -> None:
    db.execute(update(PriceList).values(published_at=None))

    assert dict(price_book(db).prices) == {}
    assert dict(shelf(db).endings) == {}


def test_price_book_of_a_small_business_shows_no_vat(db: Work) -> None:
    current_reseller(db).is_vat_registered = False

    assert price_book(db).vat_percent == 0


def test_kept_book_is_loaded_again_for_a_new_version_and_when_the_next_list_begins(
    db: Work, database: Database
) -> None:
    publish(db, minor=555, starts_in=timedelta(minutes=5))
    old = price_book(db, version=10_001)
    publish(db, minor=444, starts_in=-timedelta(minutes=1))

    same, newer = price_book(db, version=10_001), price_book(db, version=10_002)
    with Stopped(clock.now() + timedelta(minutes=6)):
        later = database.work(db.reseller_id)
        later.session = db.session
        after = price_book(later, version=10_002)

    assert same is old
    assert newer.prices["com", "register", 1] == Money(444, "EUR")
    assert after.prices["com", "register", 1] == Money(555, "EUR")


@pytest.fixture
def asked(database: Database) -> Iterator[list[str]]:
    """Every statement that was sent."""
    with counted(database) as statements:
        yield statements


def test_shelf_costs_eight_queries_once_and_none_after(db: Work, asked: list[str]) -> None:
    shelf(db, version=20_001)
    first = len([one for one in asked if "set_config" not in one])
    asked.clear()

    shelf(db, version=20_001)

    assert first <= 8
    assert asked == []


def test_offered_endings_come_in_the_order_of_the_shop_and_leave_out_what_it_does_not_sell(db: Work) -> None:
    db.execute(update(Offer).where(Offer.ending == "net").values(is_offered=False))
    db.execute(update(Offer).where(Offer.ending == "io").values(position=-1))

    assert offered_endings(db) == ["io", "com", "eu", "fr", "pl", "de"]


def test_shelf_leaves_out_endings_without_a_price(db: Work) -> None:
    db.add(Offer(ending="org", position=9))
    db.flush()

    assert "org" in offered(db)
    assert "org" not in shelf(db).endings


def test_shelf_is_the_shops_own(db: Work, stranger_db: Work) -> None:
    db.execute(update(Offer).values(is_offered=False))

    assert dict(shelf(db).endings) == {}
    assert len(shelf(stranger_db).endings) == len(factories.ENDINGS)


def test_group_unknown_is_the_default_and_all_is_everything(db: Work) -> None:
    shop = shelf(db)

    assert shop.group("nothing") is shop.default_group
    assert shop.group("all").endings == tuple(shop.endings)


def test_rules_hold_from_their_day_on(database: Database, db: Work) -> None:
    known = require_rules(db, "com")
    with database.office_work() as office:
        row = office.session.get(Tld, ("com", known.valid_from))
        assert row is not None
        for name, day, years in (("com", office.now.date(), [3]), ("net", office.now.date() + timedelta(days=2), [4])):
            office.session.merge(Tld(name=name, valid_from=day, rules={**row.rules, "register_years": years}))
        office.flush()
        reader = database.office_work()
        reader.session, reader.zone = office.session, "UTC"

        newest, not_yet = find_rules(reader, "com"), find_rules(reader, "net")

    assert newest is not None
    assert newest.register_years == (3,)
    assert not_yet is not None
    assert not_yet.register_years != (4,)


def test_require_rules_of_an_unknown_ending_is_not_found(db: Work) -> None:
    with pytest.raises(NotFound):
        require_rules(db, "zz")


def test_cost_is_the_wholesale_price_for_the_whole_term(db: Work) -> None:
    assert cost(db, "com", "register", 2) == Money(1880, "EUR")
    assert find_cost(db, "com", "register", 7) is None
    assert find_cost(db, "com", "register", 1, currency="PLN") is None
    with pytest.raises(NotFound):
        cost(db, "zz", "register", 1)


def test_premium_terms_can_be_refused_altogether() -> None:
    assert premium_terms({"premium": False}) is None
    assert premium_terms({}) is not None

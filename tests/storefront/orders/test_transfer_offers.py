"""What a transfer in the cart costs and what stands in its way, as a table."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from storefront.catalog.tld_records import shipped_rules
from storefront.core.i18n import speaking
from storefront.core.money import Money
from storefront.orders.cart_offers import Offer, Wish
from storefront.orders.transfer_offers import Known, needs_code, obstacle, offer_for_transfer, quote_transfer
from storefront.pricing.quote import PriceBook, QuotedItem, RefusedItem
from storefront.providers.ports.registrar import Availability, CheckResult, RegistrationData

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
TODAY = date(2026, 11, 21)
RULES = shipped_rules(TODAY)


def euros(minor: int) -> Money:
    return Money(minor, "EUR")


def book(price: int = 1290, amounts: str = "gross") -> PriceBook:
    prices = {("com", "transfer", 1): euros(price), ("com", "renew", 1): euros(1390), ("pl", "transfer", 0): euros(0)}
    return PriceBook(currency="EUR", prices=prices, amounts=amounts, vat_percent=Decimal(20))  # type: ignore[arg-type]  # a table


def wish(minutes_left: int = 10, price: int = 1290) -> Wish:
    return Wish(
        key="1", ending="com", years=1, price=euros(price), renewal=euros(1390), amounts="gross",
        promised_until=NOW + timedelta(minutes=minutes_left),
    )  # fmt: skip


def seen(*statuses: str, age_days: int = 900) -> RegistrationData:
    return RegistrationData(
        name="a.com", registrar="R", registrar_iana_id=None, abuse_email="", abuse_phone="",
        registered_at=NOW - timedelta(days=age_days), expires_at=NOW, changed_at=None, database_updated_at=None,
        statuses=statuses, name_servers=(), is_signed=False,
    )  # fmt: skip


def known(**more: object) -> Known:
    return replace(Known(rules=RULES["com"], has_code=True), **more)  # type: ignore[arg-type]  # a table of cases


def said(availability: Availability) -> CheckResult:
    return CheckResult(name="a.com", availability=availability, checked_at=NOW)


def look(facts: Known, wanted: Wish | None = None, prices: PriceBook | None = None) -> Offer:
    return offer_for_transfer(wanted or wish(), facts, prices or book(), NOW, TODAY)


@pytest.mark.parametrize(
    ("facts", "state"),
    [
        (known(), "ok"),
        (known(answer=said(Availability.TAKEN)), "ok"),
        (known(answer=said(Availability.UNKNOWN)), "ok"),
        (known(answer=said(Availability.AVAILABLE)), "free"),
        (known(answer=said(Availability.PREMIUM)), "free"),
        (known(answer=said(Availability.RESERVED)), "free"),
        (known(seen=seen("ok")), "ok"),
        (known(seen=seen("clientTransferProhibited")), "blocked"),
        (known(seen=seen("client transfer prohibited")), "blocked"),
        (known(seen=seen("redemptionPeriod", "pendingDelete")), "blocked"),
        (known(seen=seen("ok", age_days=59)), "blocked"),
        (known(seen=seen("ok", age_days=61)), "ok"),
        (known(has_code=False), "code"),
        (known(has_code=False, rules=RULES["uk"]), "ok"),
        (known(rules=None), "not_sold"),
    ],
)
def test_state_of_a_line(facts: Known, state: str) -> None:
    assert look(facts).state == state


def test_every_state_but_ok_says_why() -> None:
    for facts in (
        known(answer=said(Availability.RESERVED)),
        known(seen=seen("serverTransferProhibited")),
        known(rules=None),
    ):
        assert look(facts).why


def test_young_name_says_from_when_on() -> None:
    with speaking("en"):
        why = str(obstacle(RULES["com"], seen("ok", age_days=59), NOW))

    assert "22 November 2026" in why


def test_promised_price_holds_and_a_changed_one_asks() -> None:
    dearer = book(price=1500)

    promised, over = look(known(), wish(), dearer), look(known(), wish(minutes_left=-1), dearer)
    same = look(known(), wish(minutes_left=-1))

    assert (promised.state, promised.price, promised.is_promised) == ("ok", euros(1290), True)
    assert (over.state, over.price, over.is_promised) == ("agree", euros(1500), False)
    assert (same.state, same.is_promised) == ("ok", False)


def test_price_that_counts_otherwise_asks() -> None:
    assert look(known(), wish(minutes_left=-1), book(amounts="net")).state == "agree"


def test_ending_has_one_price_whatever_it_adds() -> None:
    com, pl, none = (quote_transfer(ending, book(), TODAY) for ending in ("com", "pl", "fr"))

    assert isinstance(com, QuotedItem)
    assert (com.price, com.renewal_per_year) == (euros(1290), euros(1390))
    assert isinstance(pl, QuotedItem)
    assert pl.price == euros(0)
    assert isinstance(none, RefusedItem)


def test_tag_needs_no_code() -> None:
    assert [needs_code(RULES[ending]) for ending in ("com", "pl", "uk")] == [True, True, False]

"""Reference rates of the European Central Bank: read, refused, converted, grown old."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import strategies as st

from storefront.core.money import Money
from storefront.pricing.ecb import (
    LARGEST_FILE,
    DayRates,
    Jump,
    Quoted,
    UnreadableRates,
    jumps,
    rates_into,
    read_ecb,
)
from storefront.pricing.margin import NoExchangeRate, convert, find_rate
from tests.laws import law
from tests.storefront.pricing.bank import bank_day, bank_file

TODAY = date(2026, 11, 22)
FRIDAY = date(2026, 11, 20)


KNOWN = [
    Quoted(currency="PLN", rate=Decimal("4.25"), on=FRIDAY),
    Quoted(currency="USD", rate=Decimal("1.0800"), on=FRIDAY - timedelta(days=4)),
]


def test_days_are_read_newest_first() -> None:
    days = read_ecb(bank_file(bank_day("2026-11-19", USD="1.07"), bank_day(USD="1.0801", PLN="4.25")), today=TODAY)

    assert days == (
        DayRates(on=FRIDAY, rates={"USD": Decimal("1.0801"), "PLN": Decimal("4.25")}),
        DayRates(on=date(2026, 11, 19), rates={"USD": Decimal("1.07")}),
    )


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "no XML file"),
        (b"rates;4.25", "no XML file"),
        (b"<a/>", "no XML file"),
        (b"PK\x03\x04", "no XML file"),
        (bank_file(), "no XML file"),
        (b"<!DOCTYPE a [<!ENTITY b 'c'>]>" + bank_file(bank_day(USD="1")), "no XML file"),
        (bank_file(bank_day("yesterday", USD="1.08")), "no XML file"),
        (bank_file(bank_day(USD="dear")), "no XML file"),
        (bank_file(bank_day("2026-11-23", USD="1.08")), "not come yet"),
        (bank_file(bank_day(USD="1.08"), bank_day(USD="1.09")), "two sets"),
        (bank_file(bank_day()), "no rates for"),
        (bank_file(bank_day(USD="-1.08")), "USD cannot be right"),
        (bank_file(bank_day(USD="0")), "USD cannot be right"),
        (bank_file(bank_day(USD="NaN")), "no XML file|USD"),
        (bank_file(bank_day(USD="1e12")), "USD cannot be right"),
        (bank_file(bank_day(EUR="1")), "EUR cannot be right"),
        (bank_file(bank_day(usd="1")), "usd cannot be right"),
        (b"<" * (LARGEST_FILE + 1), "too large"),
    ],
)
def test_file_that_is_none_of_the_banks_is_refused(data: bytes, why: str) -> None:
    with pytest.raises(UnreadableRates, match=why):
        read_ecb(data, today=TODAY)


@law(st.binary(max_size=200), few=60)
def test_any_bytes_are_rates_or_refused(data: bytes) -> None:
    with pytest.raises(UnreadableRates):
        read_ecb(data, today=TODAY)


def test_both_sides_of_a_pair_count_through_the_euro() -> None:
    rates = rates_into("PLN", KNOWN, today=TODAY, valid_days=7, buffer_percent=Decimal(2))

    euro, dollar = find_rate(rates, "EUR", "PLN", TODAY), find_rate(rates, "USD", "PLN", TODAY)
    # 10 € at 4.25 and two percent on top; 10 $ at 4.25 / 1.08.
    assert convert(Money(1000, "EUR"), euro) == Money(4335, "PLN")
    assert dollar.rate == Decimal("3.93518519")
    assert convert(Money(1000, "USD"), dollar) == Money(4014, "PLN")
    # A pair is as old as the older of the two.
    assert (euro.on, dollar.on) == (FRIDAY, FRIDAY - timedelta(days=4))


@pytest.mark.parametrize(("days", "has_dollar", "has_euro"), [(7, True, True), (5, False, True), (1, False, False)])
def test_old_rates_refuse_instead_of_guessing(days: int, has_dollar: bool, has_euro: bool) -> None:
    rates = rates_into("PLN", KNOWN, today=TODAY, valid_days=days, buffer_percent=Decimal(0))

    for currency, is_there in (("USD", has_dollar), ("EUR", has_euro)):
        if is_there:
            assert find_rate(rates, currency, "PLN", TODAY).quoted == "PLN"
        else:
            with pytest.raises(NoExchangeRate):
                find_rate(rates, currency, "PLN", TODAY)


def test_rate_that_was_kept_knows_until_when_it_holds() -> None:
    rates = rates_into("PLN", KNOWN, today=TODAY, valid_days=3, buffer_percent=Decimal(0))

    with pytest.raises(NoExchangeRate):
        find_rate(rates, "EUR", "PLN", TODAY + timedelta(days=2))


def test_shop_in_euros_needs_no_rate_of_its_own() -> None:
    rates = rates_into("EUR", KNOWN, today=TODAY, valid_days=7, buffer_percent=Decimal(0))

    assert {rate.base: rate.rate for rate in rates} == {"PLN": Decimal("0.23529412"), "USD": Decimal("0.92592593")}


def test_shop_in_a_currency_nobody_quotes_has_none() -> None:
    assert rates_into("CHF", KNOWN, today=TODAY, valid_days=7, buffer_percent=Decimal(0)) == ()


@pytest.mark.parametrize(
    ("after", "found"),
    [
        ("4.30", ()),
        ("4.67", ()),
        ("4.68", (Jump(currency="PLN", before=Decimal("4.25"), after=Decimal("4.68")),)),
        ("0.425", (Jump(currency="PLN", before=Decimal("4.25"), after=Decimal("0.425")),)),
    ],
)
def test_unlikely_movements_are_noticed(after: str, found: tuple[Jump, ...]) -> None:
    new = DayRates(on=TODAY, rates={"PLN": Decimal(after), "CHF": Decimal(1)})

    assert jumps(KNOWN, new) == found

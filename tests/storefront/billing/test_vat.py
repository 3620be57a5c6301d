"""The seven rows of the VAT table, the odd territories, and what happens when something is not known."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storefront.billing.vat import Buyer, Seller, VatDecision, decide
from storefront.pricing.vat_rates import MEMBER_STATES, UnknownVatRate, known_rates

TODAY = date(2025, 11, 21)
FI, FR, PL, DE, CH = (Seller(country=code) for code in ("FI", "FR", "PL", "DE", "CH"))
FI_OSS, PL_OSS = (Seller(country=code, is_in_one_stop_shop=True) for code in ("FI", "PL"))
SMALL_FR = Seller(country="FR", is_vat_registered=False, exempt_note="TVA non applicable, art. 293 B du CGI")


def consumer(country: str, postcode: str = "", **change: object) -> Buyer:
    terms = {"kind": "consumer", "country": country, "postcode": postcode}
    return Buyer(**{**terms, **change})  # type: ignore[arg-type]  # a table of terms


def business(country: str, number: str = "", check: str = "not_asked", **change: object) -> Buyer:
    terms = {"kind": "business", "vat_number": number, "vat_check": check}
    return replace(consumer(country), **{**terms, **change})  # type: ignore[arg-type]  # a table of terms


def brief(decision: VatDecision) -> tuple[int, str, str, str, str]:
    return decision.row, str(decision.percent), decision.category, decision.country, decision.report


@pytest.mark.parametrize(
    ("seller", "buyer", "tax_class", "expected"),
    [
        # 1: a seller without VAT charges none, to nobody
        (SMALL_FR, consumer("FR"), "electronic", (1, "0", "E", "", "none")),
        (SMALL_FR, business("DE", "DE129273398", "valid"), "electronic", (1, "0", "E", "", "none")),
        # 2: at home
        (FI, consumer("FI"), "electronic", (2, "25.5", "S", "FI", "domestic")),
        (FR, business("FR", "FR83404833048", "valid"), "electronic", (2, "20", "S", "FR", "domestic")),
        (PL_OSS, consumer("PL"), "general", (2, "23", "S", "PL", "domestic")),
        (FR, consumer("MC"), "electronic", (2, "20", "S", "FR", "domestic")),
        (CH, consumer("CH"), "electronic", (2, "8.1", "S", "CH", "domestic")),
        # 3: a business across the border with a confirmed number
        (FI, business("DE", "DE129273398", "valid"), "electronic", (3, "0", "AE", "", "ec_sales_list")),
        (PL, business("GR", "EL094259216", "valid"), "general", (3, "0", "AE", "", "ec_sales_list")),
        # 4: without one it pays like a consumer
        (FI, business("DE", "DE129273398", "invalid"), "electronic", (4, "25.5", "S", "FI", "domestic")),
        (FI, business("DE", "DE129273398", "unavailable"), "electronic", (4, "25.5", "S", "FI", "domestic")),
        (FI, business("DE"), "electronic", (4, "25.5", "S", "FI", "domestic")),
        (FI_OSS, business("DE"), "electronic", (4, "19", "S", "DE", "one_stop_shop")),
        (FI_OSS, business("DE"), "general", (4, "25.5", "S", "FI", "domestic")),
        # a number of another country proves nothing about this one
        (FI, business("DE", "FR83404833048", "valid"), "electronic", (4, "25.5", "S", "FI", "domestic")),
        (FI, business("GR", "GR094259216", "valid"), "electronic", (4, "25.5", "S", "FI", "domestic")),
        # 5: a consumer across the border
        (FI, consumer("DE"), "electronic", (5, "25.5", "S", "FI", "domestic")),
        (FI_OSS, consumer("DE"), "electronic", (5, "19", "S", "DE", "one_stop_shop")),
        (PL_OSS, consumer("HU"), "electronic", (5, "27", "S", "HU", "one_stop_shop")),
        (PL_OSS, consumer("MC"), "electronic", (5, "20", "S", "FR", "one_stop_shop")),
        (PL_OSS, consumer("PT", "9500-321"), "electronic", (5, "16", "S", "PT", "one_stop_shop")),
        (PL_OSS, consumer("PT", "9000-022"), "electronic", (5, "22", "S", "PT", "one_stop_shop")),
        (PL_OSS, consumer("PT", "1000-001"), "electronic", (5, "23", "S", "PT", "one_stop_shop")),
        # 6: outside the Union
        (FI, consumer("US"), "electronic", (6, "0", "O", "", "outside")),
        (FI, business("CH"), "general", (6, "0", "O", "", "outside")),
        (FI, consumer("GB", "BT1 5GS"), "electronic", (6, "0", "O", "", "outside")),
        (FI, business("GB", "XI366303068", "valid"), "electronic", (6, "0", "O", "", "outside")),
        (CH, consumer("FR"), "electronic", (6, "0", "O", "", "outside")),
        # 7: a consumer and a service of the ordinary kind
        (FI_OSS, consumer("DE"), "general", (7, "25.5", "S", "FI", "domestic")),
        (FI, consumer("US"), "general", (7, "25.5", "S", "FI", "domestic")),
        # odd territories
        (FI, consumer("ES", "35001"), "electronic", (6, "0", "O", "", "outside")),
        (FI, consumer("ES", "28001"), "electronic", (5, "25.5", "S", "FI", "domestic")),
        (FI, consumer("IC"), "electronic", (6, "0", "O", "", "outside")),
        (PL, consumer("FI", "22100"), "electronic", (6, "0", "O", "", "outside")),
        (PL, consumer("AX", "22100"), "electronic", (6, "0", "O", "", "outside")),
        (FI, consumer("FI", "AX-22100"), "electronic", (2, "25.5", "S", "FI", "domestic")),
        (FI, consumer("AX", "22100"), "electronic", (2, "25.5", "S", "FI", "domestic")),
        (DE, consumer("DE", "27498"), "electronic", (2, "19", "S", "DE", "domestic")),
        (FI, consumer("DE", "D-78266"), "electronic", (6, "0", "O", "", "outside")),
        (FI, consumer("IT", "23041"), "electronic", (6, "0", "O", "", "outside")),
        (FR, consumer("GP"), "electronic", (2, "8.5", "S", "FR", "domestic")),
        (FR, consumer("FR", "97400"), "electronic", (2, "8.5", "S", "FR", "domestic")),
        (FR, consumer("GF", "97300"), "electronic", (6, "0", "O", "", "outside")),
        (FI, consumer("RE"), "electronic", (6, "0", "O", "", "outside")),
        # what is not known is charged
        (FI, consumer(""), "electronic", (2, "25.5", "S", "FI", "domestic")),
        (FI, consumer("XX"), "electronic", (2, "25.5", "S", "FI", "domestic")),
        (FI, business("<b>", "x" * 10_000, "valid"), "electronic", (2, "25.5", "S", "FI", "domestic")),
    ],
)
def test_vat_of(seller: Seller, buyer: Buyer, tax_class: str, expected: tuple[int, str, str, str, str]) -> None:
    decision = decide(seller, buyer, tax_class, on=TODAY)  # type: ignore[arg-type]  # one of the two words

    assert brief(decision) == expected


def test_vat_of_a_business_on_aland_is_not_helped_by_a_finnish_number() -> None:
    decision = decide(PL, business("FI", "FI20774740", "valid", postcode="22100"), "electronic", on=TODAY)

    assert brief(decision) == (6, "0", "O", "", "outside")


@pytest.mark.parametrize(
    ("seller", "buyer", "words"),
    [
        (SMALL_FR, consumer("FR"), "TVA non applicable, art. 293 B du CGI"),
        (FI, consumer("FI"), ""),
        (
            FI,
            business("DE", "DE129273398", "valid"),
            "Reverse charge: VAT is to be accounted for by the customer (Directive 2006/112/EC, articles 44 and 196).",
        ),
        (FI, consumer("US"), "Outside the scope of EU VAT: the customer is established outside the European Union."),
    ],
)
def test_vat_mention(seller: Seller, buyer: Buyer, words: str) -> None:
    assert str(decide(seller, buyer, "electronic", on=TODAY).mention) == words


@pytest.mark.parametrize(
    ("country", "seen_in", "row", "is_certain"),
    [
        ("US", (), 6, True),
        ("US", ("US", "DE"), 6, True),
        ("US", ("DE",), 2, False),
        ("US", ("CA",), 6, False),
        ("DE", ("DE", "FI"), 5, True),
        ("DE", ("FR",), 5, False),
        ("MC", ("FR",), 5, True),
        ("", ("US",), 2, False),
    ],
)
def test_vat_with_evidence_that_contradicts_the_address(
    country: str,
    seen_in: tuple[str, ...],
    row: int,
    is_certain: bool,
) -> None:
    decision = decide(FI, consumer(country, seen_in=seen_in), "electronic", on=TODAY)

    assert (decision.row, decision.is_certain) == (row, is_certain)


def test_vat_keeps_its_evidence() -> None:
    decision = decide(FI, business("DE", "DE129273398", "valid", seen_in=("DE",)), "electronic", on=TODAY)

    assert decision.evidence == (
        "seller=FI",
        "buyer=DE",
        "kind=business",
        "class=electronic",
        "territory=-",
        "vat_check=valid",
        "vat_number=DE129273398",
        "seen_in=DE",
    )


@pytest.mark.parametrize(
    ("country", "on", "percent"),
    [
        ("FI", date(2024, 8, 31), "24"),
        ("FI", date(2024, 9, 1), "25.5"),
        ("SK", date(2024, 12, 31), "20"),
        ("SK", date(2025, 1, 1), "23"),
        ("EE", date(2025, 6, 30), "22"),
        ("EE", date(2025, 7, 1), "24"),
        ("RO", date(2025, 7, 31), "19"),
        ("RO", date(2025, 8, 1), "21"),
        ("DE", date(2020, 12, 31), "16"),
        ("DE", date(2021, 1, 1), "19"),
    ],
)
def test_vat_rate_is_the_one_of_the_day(country: str, on: date, percent: str) -> None:
    assert decide(Seller(country=country), consumer(country), "electronic", on=on).percent == Decimal(percent)


def test_vat_rate_of_every_member_state_is_on_record() -> None:
    rates = known_rates()

    missing = [state for state in MEMBER_STATES if not rates.find_percent(state, TODAY)]

    assert (missing, len(MEMBER_STATES)) == ([], 27)


def test_vat_of_a_seller_whose_rate_is_unknown_raises() -> None:
    with pytest.raises(UnknownVatRate):
        decide(Seller(country="US"), consumer("US"), "electronic", on=TODAY)


@given(
    seller=st.sampled_from([FI, FI_OSS, FR, PL_OSS, DE]),
    country=st.one_of(st.sampled_from(sorted(MEMBER_STATES)), st.text(max_size=3)),
    postcode=st.text(max_size=8),
    number=st.text(max_size=14),
    check=st.sampled_from(["not_asked", "invalid", "unavailable"]),
    kind=st.sampled_from(["consumer", "business"]),
    tax_class=st.sampled_from(["electronic", "general"]),
)
def test_vat_is_only_left_out_for_a_reason(
    seller: Seller, country: str, postcode: str, number: str, check: str, kind: str, tax_class: str
) -> None:
    buyer = consumer(country, postcode, kind=kind, vat_number=number, vat_check=check)

    decision = decide(seller, buyer, tax_class, on=TODAY)  # type: ignore[arg-type]  # one of the two words

    assert decision.percent > 0 or (decision.category == "O" and str(decision.mention))
    assert decision.category != "AE"

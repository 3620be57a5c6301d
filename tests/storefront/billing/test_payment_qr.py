"""Codes for banking apps: right for euros and złoty, absent for the rest."""

import re

import pytest
import segno
from hypothesis import given
from hypothesis import strategies as st

from storefront.billing.payment_qr import Payee, payment_payload, qr_path, sepa_payload, zbp_payload
from storefront.core.money import Money

NORDHOST = Payee(name="Nordhost Oy", iban="FI2112345600000785", bic="NDEAFIHH")
REJESTRATOR = Payee(
    name="Rejestrator sp. z o.o. Spółka Komandytowa", iban="PL61109010140000071219812874", tax_number="779-245-11-83"
)


def test_payload_for_euros_is_a_sepa_transfer() -> None:
    payload = payment_payload(NORDHOST, Money.of("168.06", "EUR"), "PF-2025-04417")

    assert payload.split("\n") == [
        "BCD", "002", "1", "SCT", "NDEAFIHH", "Nordhost Oy", "FI2112345600000785", "EUR168.06", "", "", "PF-2025-04417",
    ]  # fmt: skip


def test_payload_for_zloty_is_a_polish_transfer() -> None:
    payload = payment_payload(REJESTRATOR, Money.of("59.90", "PLN"), "PRO/2025/000017")

    assert payload == "7792451183|PL|61109010140000071219812874|005990|Rejestrator sp. z o.|PRO/2025/000017|||"


@pytest.mark.parametrize(
    ("payee", "amount"),
    [
        (NORDHOST, Money.of("0.00", "EUR")),
        (NORDHOST, Money.of("-1.00", "EUR")),
        (NORDHOST, Money.of("1000000000.00", "EUR")),
        (NORDHOST, Money.of("10.00", "SEK")),
        (NORDHOST, Money.of("10.00", "PLN")),
        (REJESTRATOR, Money.of("0.00", "PLN")),
        (REJESTRATOR, Money.of("10000.00", "PLN")),
    ],
)
def test_payload_that_no_app_can_read_is_left_out(payee: Payee, amount: Money) -> None:
    assert payment_payload(payee, amount, "reference") == ""


def test_payload_keeps_line_breaks_and_bars_out_of_its_fields() -> None:
    payee = Payee(name="A\nB|C\x00D", iban="PL61109010140000071219812874")

    assert sepa_payload(payee, Money(1, "EUR"), "x\r\ny").split("\n")[5:] == [
        "A B C D", "PL61109010140000071219812874", "EUR0.01", "", "", "x y",
    ]  # fmt: skip
    assert zbp_payload(payee, Money(1, "PLN"), "x|y") == "|PL|61109010140000071219812874|000001|A B C D|x y|||"


@given(name=st.text(max_size=300), text=st.text(max_size=300), minor=st.integers(1, 999_999))
def test_payload_of_any_words_stays_within_the_standard(name: str, text: str, minor: int) -> None:
    sepa = sepa_payload(Payee(name=name, iban="FI2112345600000785"), Money(minor, "EUR"), text)
    zbp = zbp_payload(Payee(name=name, iban="PL61109010140000071219812874"), Money(minor, "PLN"), text)

    assert not sepa or (sepa.count("\n") == 10 and len(sepa.encode()) <= 331)
    assert zbp.count("|") == 8
    assert len(zbp) <= 160


def test_payload_too_long_for_the_standard_is_left_out() -> None:
    payee = Payee(name="ż" * 70, iban="FI2112345600000785")

    assert sepa_payload(payee, Money(1, "EUR"), "ż" * 60)
    assert sepa_payload(payee, Money(1, "EUR"), "ż" * 140) == ""


def test_code_drawn_is_the_code_meant() -> None:
    payload = payment_payload(NORDHOST, Money.of("168.06", "EUR"), "PF-2025-04417")

    path = qr_path(payload)

    modules = {
        (int(column) + step, int(row))
        for column, row, length in re.findall(r"M(\d+) (\d+)h(\d+)v1H\d+z", path.d)
        for step in range(int(length))
    }
    meant = segno.make_qr(payload, error="m", boost_error=False, encoding="utf-8").matrix
    assert modules == {(x, y) for y, row in enumerate(meant) for x, module in enumerate(row) if module & 1}
    assert path.view_box == f"-4 -4 {len(meant) + 8} {len(meant) + 8}"

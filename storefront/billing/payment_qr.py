"""rule: what a banking app reads from the code on a proforma, and the code as one SVG path."""

import re
from dataclasses import dataclass

import segno

from storefront.core.money import Money

# EPC069-12 version 3.1, "Quick Response Code: Guidelines to enable data capture for the initiation of a SEPA credit
# transfer": sizes of the fields, of the whole text, and of the largest amount.
SEPA_NAME, SEPA_TEXT, SEPA_BYTES, SEPA_MOST = 70, 140, 331, 99_999_999_999
# Recommendation of the Polish Bank Association (ZBP) on two-dimensional codes, 3 December 2013.
ZBP_NAME, ZBP_TITLE, ZBP_MOST, ZBP_ACCOUNT = 20, 32, 999_999, 26

# Modules of white around the code that readers need (ISO/IEC 18004).
QUIET = 4


@dataclass(frozen=True, kw_only=True)
class Payee:
    """Who is to be paid. ``iban`` without spaces; ``tax_number`` is the Polish NIP, ten digits, if there is one."""

    name: str
    iban: str
    bic: str = ""
    tax_number: str = ""


@dataclass(frozen=True, kw_only=True)
class QrPath:
    """A code as the ``d`` of one SVG path whose modules are unit squares; draw it in ``view_box``."""

    d: str
    view_box: str


def _line(text: str, longest: int) -> str:
    """Make one clean line of a text: no line breaks, no separators of the formats, no more than fits."""
    return re.sub(r"[\s|\x00-\x1f\x7f]+", " ", text).strip()[:longest].strip()


def sepa_payload(payee: Payee, amount: Money, text: str) -> str:
    """Write a SEPA credit transfer for a code; empty if it cannot be written (not euros, nothing to pay, too much)."""
    if amount.currency != "EUR" or not 1 <= amount.minor <= SEPA_MOST:
        return ""
    lines = [
        "BCD",
        "002",  # the version in which the bank's code (BIC) may be missing
        "1",  # UTF-8
        "SCT",
        payee.bic,
        _line(payee.name, SEPA_NAME),
        payee.iban,
        f"EUR{amount.decimal}",
        "",  # purpose
        "",  # structured reference (ISO 11649), which excludes the text
        _line(text, SEPA_TEXT),
    ]
    payload = "\n".join(lines)
    return payload if len(payload.encode()) <= SEPA_BYTES else ""


def zbp_payload(payee: Payee, amount: Money, title: str) -> str:
    """Write a Polish transfer for a code; empty if it cannot be written (not złoty, not a Polish account, too much)."""
    country, account = payee.iban[:2], payee.iban[2:]
    if amount.currency != "PLN" or country != "PL" or len(account) != ZBP_ACCOUNT:
        return ""
    if not 1 <= amount.minor <= ZBP_MOST:
        return ""
    number = re.sub("[^0-9]", "", payee.tax_number)
    fields = (number, country, account, f"{amount.minor:06}", _line(payee.name, ZBP_NAME), _line(title, ZBP_TITLE))
    return "|".join((*fields, "", "", ""))


def payment_payload(payee: Payee, amount: Money, text: str) -> str:
    """Write the transfer that banking apps of this currency read; empty if there is none."""
    return sepa_payload(payee, amount, text) or zbp_payload(payee, amount, text)


def qr_path(payload: str) -> QrPath:
    """Draw a code, error correction M as both recommendations want it."""
    matrix = segno.make_qr(payload, error="m", boost_error=False, encoding="utf-8").matrix
    runs = []
    for row, modules in enumerate(matrix):
        text = bytes(modules)
        runs += [
            f"M{run.start()} {row}h{run.end() - run.start()}v1H{run.start()}z" for run in re.finditer(b"\x01+", text)
        ]
    side = len(matrix) + 2 * QUIET
    return QrPath(d="".join(runs), view_box=f"-{QUIET} -{QUIET} {side} {side}")

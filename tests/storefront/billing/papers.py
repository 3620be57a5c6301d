"""Documents for the tests of paper and PDF: real totals, plain words."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from storefront.billing.paper import DocumentFacts, PaidBlock, PaperBrand, PaperLine, PaperRate, Party, PaymentBlock
from storefront.billing.payment_qr import Payee, payment_payload
from storefront.billing.totals import Amounts, PricedLine, add_up
from storefront.core.money import Money

NORDHOST = PaperBrand(
    name="Nordhost",
    fill="#10497a",
    edge="#10497a",
    soft="#e8f2fc",
    ink="#101a24",
    ink_soft="#4f5963",
    line="#dfe3e8",
    radius="10px",
)
REJESTRATOR = replace(
    NORDHOST, name="rejestrator", fill="#ffc21a", edge="#a67a00", soft="#f7efe0", font="strong", radius="0px"
)
SELLER = Party(
    name="Nordhost Oy",
    lines=("Mannerheimintie 12 B", "00100 Helsinki", "Finland"),
    vat_number="FI20774740",
    registrations=("Business ID 2077474-0",),
    email="billing@nordhost.example",
)
BUYER = Party(name="Aurora Ceramics Ltd", lines=("8 Harbour Road", "T12 X4C9 Cork"), vat_number="IE6388047V")


def line(
    title: str = "aurora.com", price: str = "12.55", percent: str = "25.5", currency: str = "EUR"
) -> tuple[str, PricedLine]:
    return title, PricedLine(unit=Money.of(price, currency), vat_percent=Decimal(percent))


def make_proforma(
    lines: Sequence[tuple[str, PricedLine]] = (line(), line("aurora.fi", "29.80")),
    *,
    amounts: Amounts = "gross",
    currency: str = "EUR",
    **change: object,
) -> DocumentFacts:
    """Make a proforma whose lines, rates and totals agree."""
    totals = add_up([priced for _title, priced in lines], amounts=amounts, currency=currency)
    terms = {
        "kind": "proforma",
        "number": "PF-2025-04417",
        "language": "en",
        "currency": currency,
        "amounts": amounts,
        "issued_on": date(2025, 11, 21),
        "due_on": date(2025, 11, 28),
        "order_code": "NH-7QK4",
        "seller": SELLER,
        "buyer": BUYER,
        "lines": tuple(
            PaperLine(
                title=title,
                detail="Registration",
                term="1 year from registration",
                unit=priced.unit,
                category=priced.category,
                vat_percent=priced.vat_percent,
                net=each.net,
                vat=each.vat,
                gross=each.gross,
            )
            for (title, priced), each in zip(lines, totals.lines, strict=True)
        ),
        "rates": tuple(
            PaperRate(
                category=rate.category, vat_percent=rate.vat_percent, net=rate.net, vat=rate.vat, gross=rate.gross
            )
            for rate in totals.rates
        ),
        "net": totals.net,
        "vat": totals.vat,
        "gross": totals.gross,
        "payment": PaymentBlock(
            iban="FI2112345600000785",
            bic="NDEAFIHH",
            bank="Nordea",
            account_name="Nordhost Oy",
            reference="PF-2025-04417",
            qr_payload=payment_payload(
                Payee(name="Nordhost Oy", iban="FI2112345600000785"), totals.gross, "PF-2025-04417"
            ),
            online="nordhost.example/pay/7QK4-M2XD",
        ),
        "footer": ("Nordhost Oy, registered in Helsinki",),
        "brand": NORDHOST,
    }
    return DocumentFacts(**{**terms, **change})  # type: ignore[arg-type]  # a table of terms


def make_invoice(**change: object) -> DocumentFacts:
    """Make a paid VAT invoice."""
    proforma = make_proforma()
    terms = {
        "kind": "invoice",
        "number": "NH-2025-01802",
        "proforma_number": proforma.number,
        "supplied_on": date(2025, 11, 22),
        "payment": None,
        "paid": PaidBlock(on=date(2025, 11, 22), amount=proforma.gross, means="card"),
    }
    return replace(proforma, **{**terms, **change})  # type: ignore[arg-type]  # a table of terms

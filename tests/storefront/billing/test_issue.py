"""Numbers without gaps, documents that never change, one invoice for a paid proforma."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from decimal import Decimal

import pytest
from sqlalchemy import select

from storefront.billing.events import ProformaPaid
from storefront.billing.issue import LineTerms, ProformaTerms, facts_of, issue_invoice_for, issue_proforma
from storefront.billing.models import Document, DocumentNumber, Payment
from storefront.billing.numbering import take_number
from storefront.billing.payments import confirm_transfer
from storefront.core.db import Database, Work
from storefront.core.errors import Refused
from storefront.core.money import Money
from storefront.customers.models import Customer
from tests import factories
from tests.fixtures_app import Shop


def terms(customer: Customer, **more: object) -> ProformaTerms:
    lines = [
        LineTerms(title="Registration of fjordlight.eu", term="1 year from registration", price=Money(1090, "EUR"))
    ]
    made = ProformaTerms(customer=customer, lines=lines, amounts="gross", shop_percent=Decimal("25.5"), locale="en")
    return replace(made, **more)  # type: ignore[arg-type]  # fields of the terms


def test_proforma_keeps_the_gross_price_of_the_shop_at_home(db: Work) -> None:
    proforma = issue_proforma(db, terms(factories.make_customer(db)))

    assert (proforma.net_minor, proforma.vat_minor, proforma.gross_minor) == (869, 221, 1090)


def test_paper_writes_the_buyer_as_the_post_of_the_country_reads_it(db: Work) -> None:
    customer = factories.make_customer(
        db, street="9 Palm Drive", city="Beverly Hills", postcode="90210", region="CA", country="US"
    )

    lines = facts_of(issue_proforma(db, terms(customer))).buyer.lines

    assert lines == ("9 Palm Drive", "Beverly Hills, CA 90210", "United States")


def test_proforma_for_a_proven_business_abroad_has_no_vat(db: Work) -> None:
    customer = factories.make_customer(
        db, kind="company", country="FR", postcode="69001", vat_number="FR40303265045", vat_check="valid"
    )

    proforma = issue_proforma(db, terms(customer))

    assert (proforma.vat_minor, proforma.gross_minor) == (0, 869)
    assert "Reverse charge" in facts_of(proforma).notes[0]


def test_proforma_is_a_copy_that_later_changes_do_not_reach(db: Work) -> None:
    customer = factories.make_customer(db)
    proforma = issue_proforma(db, terms(customer))

    customer.street = "Elsewhere 1"
    db.flush()

    assert "Hämeentie 31" in facts_of(proforma).buyer.lines


def test_paid_proforma_gets_one_invoice_however_often_told(db: Work) -> None:
    proforma = issue_proforma(db, terms(factories.make_customer(db)))
    payment = confirm_transfer(db, proforma)
    event = ProformaPaid(proforma_id=proforma.id, payment_id=payment.id)

    issue_invoice_for(db, event)
    issue_invoice_for(db, event)

    invoices = db.scalars(select(Document).where(Document.proforma_id == proforma.id))
    assert [invoice.gross_minor for invoice in invoices] == [1090]
    assert facts_of(invoices[0]).paid is not None


def test_transfer_confirmed_twice_is_refused(db: Work) -> None:
    proforma = issue_proforma(db, terms(factories.make_customer(db)))
    confirm_transfer(db, proforma)

    with pytest.raises(Refused):
        confirm_transfer(db, proforma)

    assert len(db.scalars(select(Payment).where(Payment.proforma_id == proforma.id))) == 1


def test_numbers_have_no_gap_when_every_tenth_is_rolled_back(database: Database, shops: dict[str, Shop]) -> None:
    shop = shops["south"].id

    def issue(number: int) -> str | None:
        with database.work(shop) as db:
            taken, _ = take_number(db, "invoice", "T{YYYY}/{seq}")
            if number % 10 == 0:
                return None
            db.commit()
        return taken

    with ThreadPoolExecutor(8) as pool:
        taken = [number for number in pool.map(issue, range(100)) if number]

    with database.work(shop) as db:
        last = db.scalars(select(DocumentNumber.last).where(DocumentNumber.kind == "invoice"))[0]
    assert sorted(int(number.rpartition("/")[2]) for number in taken) == list(range(1, 91))
    assert last == 90

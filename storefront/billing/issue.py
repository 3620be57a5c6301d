"""Issue a proforma, and the invoice of a paid one: frozen copies of everything that stands on them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select

from storefront.billing import parties
from storefront.billing.events import InvoiceIssued, ProformaPaid
from storefront.billing.mentions import mentions_to_traders
from storefront.billing.models import Document, Payment
from storefront.billing.numbering import PATTERNS, take_number
from storefront.billing.paper import DocumentFacts, PaidBlock, PaperLine, PaperRate
from storefront.billing.totals import PricedLine, Totals, add_up
from storefront.billing.vat import VatDecision
from storefront.core.audit import record
from storefront.core.clock import today
from storefront.core.db import Work
from storefront.core.i18n import gettext, speaking
from storefront.core.ids import uuid7
from storefront.core.jobs import reaction
from storefront.core.money import Money
from storefront.core.outbox import publish
from storefront.customers.models import Customer
from tenants.links import shop_url
from tenants.models import Reseller
from tenants.resellers import current_reseller

DUE_DAYS = 7


@dataclass(frozen=True, kw_only=True)
class LineTerms:
    """One line to be asked for: its words in the document's language and its price as the shop's list counts."""

    title: str
    detail: str = ""
    term: str = ""
    price: Money


@dataclass(frozen=True, kw_only=True)
class ProformaTerms:
    """What a proforma asks for; ``amounts`` and ``shop_percent`` say what the lines' prices are."""

    customer: Customer
    lines: Sequence[LineTerms]
    amounts: str
    shop_percent: Decimal
    locale: str
    order_id: UUID | None = None
    order_code: str = ""


@dataclass(frozen=True, kw_only=True)
class Reckoned:
    """What some lines come to for one buyer."""

    totals: Totals
    units: tuple[Money, ...]
    amounts: str
    decision: VatDecision


def reckon(db: Work, customer: Customer, prices: Sequence[Money], amounts: str, shop_percent: Decimal) -> Reckoned:
    """Add up prices for a buyer: the same sum that the cart shows and the proforma asks for."""
    reseller = current_reseller(db)
    decision = parties.vat_for(reseller, customer)
    pairs = [parties.unit_for(price, amounts, shop_percent, decision) for price in prices]
    counted = pairs[0][1] if pairs else amounts
    priced = [PricedLine(unit=unit, category=decision.category, vat_percent=decision.percent) for unit, _ in pairs]
    totals = add_up(priced, amounts=counted, currency=reseller.currency)  # type: ignore[arg-type]  # net or gross
    return Reckoned(totals=totals, units=tuple(unit for unit, _ in pairs), amounts=counted, decision=decision)


def issue_proforma(db: Work, terms: ProformaTerms) -> Document:
    """Issue a proforma: a request for payment with a number, not a tax document."""
    reseller = current_reseller(db)
    prices = [line.price for line in terms.lines]
    reckoned = reckon(db, terms.customer, prices, terms.amounts, terms.shop_percent)
    pattern = reseller.settings.get("numbers", {}).get("proforma", PATTERNS["proforma"])
    number, issued_on = take_number(db, "proforma", pattern)
    due_on = issued_on + timedelta(days=DUE_DAYS)
    document_id = uuid7()
    online = shop_url(db.config, reseller, f"/pay/{document_id}", terms.locale)
    facts = DocumentFacts(
        kind="proforma",
        number=number,
        language=terms.locale,
        currency=reseller.currency,
        amounts=reckoned.amounts,  # type: ignore[arg-type]  # net or gross
        issued_on=issued_on,
        due_on=due_on,
        order_code=terms.order_code,
        seller=parties.seller_party(reseller, terms.locale),
        buyer=parties.buyer_party(terms.customer, terms.locale),
        lines=_lines(terms.lines, reckoned),
        rates=_rates(reckoned.totals),
        net=reckoned.totals.net,
        vat=reckoned.totals.vat,
        gross=reckoned.totals.gross,
        payment=parties.payment_block(reseller, reckoned.totals.gross, number, online),
        notes=_mentions(reckoned.decision, reseller.country, terms),
        footer=tuple(reseller.legal_lines),
        brand=parties.paper_brand(reseller),
    )
    kept = Kept(id=document_id, order_id=terms.order_id, evidence=reckoned.decision)
    return _keep(db, facts, terms.customer, kept)


def _lines(terms: Sequence[LineTerms], reckoned: Reckoned) -> tuple[PaperLine, ...]:
    return tuple(
        PaperLine(
            title=line.title,
            detail=line.detail,
            term=line.term,
            unit=unit,
            category=reckoned.decision.category,
            vat_percent=reckoned.decision.percent,
            net=total.net,
            vat=total.vat,
            gross=total.gross,
        )
        for line, unit, total in zip(terms, reckoned.units, reckoned.totals.lines, strict=True)
    )


def _rates(totals: Totals) -> tuple[PaperRate, ...]:
    return tuple(
        PaperRate(category=rate.category, vat_percent=rate.vat_percent, net=rate.net, vat=rate.vat, gross=rate.gross)
        for rate in totals.rates
    )


def _mentions(decision: VatDecision, seller_country: str, terms: ProformaTerms) -> tuple[str, ...]:
    said = (decision.mention, *mentions_to_traders(seller_country, is_consumer=terms.customer.is_consumer))
    with speaking(terms.locale):
        return tuple(str(each) for each in said if each)


@dataclass(frozen=True, kw_only=True)
class Kept:
    """What is kept beside a document's words."""

    id: UUID
    order_id: UUID | None
    evidence: VatDecision | None = None
    proforma: Document | None = None


def _keep(db: Work, facts: DocumentFacts, customer: Customer, kept: Kept) -> Document:
    frozen, proforma = facts.to_json(), kept.proforma
    if (vat := kept.evidence) is not None:
        frozen["vat_evidence"] = {"row": vat.row, "facts": list(vat.evidence), "certain": vat.is_certain}
    document = db.add(
        Document(
            id=kept.id,
            kind=facts.kind,
            number=facts.number,
            state="issued" if facts.kind == "proforma" else "paid",
            customer_id=customer.id,
            order_id=kept.order_id,
            proforma_id=proforma.id if proforma else None,
            issued_on=facts.issued_on,
            due_on=facts.due_on,
            currency=facts.currency,
            net_minor=facts.net.minor,
            vat_minor=facts.vat.minor,
            gross_minor=facts.gross.minor,
            reference=facts.number,
            locale=facts.language,
            facts=frozen,
            issued_at=db.now,
            paid_at=proforma.paid_at if proforma else None,
        ),
    )
    db.flush()
    record(db, f"{facts.kind}.issued", document, after={"number": facts.number, "gross": str(facts.gross)})
    return document


def facts_of(document: Document) -> DocumentFacts:
    """Read what stands on a document."""
    return DocumentFacts.from_json({key: value for key, value in document.facts.items() if key != "vat_evidence"})


@reaction(queue="now")
def issue_invoice_for(db: Work, event: ProformaPaid) -> None:
    """Issue the VAT invoice of a paid proforma, once however often this comes."""
    proforma = db.lock(db.require(Document, event.proforma_id))
    known = db.scalar(select(Document.id).where(Document.kind == "invoice", Document.proforma_id == proforma.id))
    if known is not None:
        return
    invoice = issue_invoice(db, proforma, db.require(Payment, event.payment_id))
    publish(db, InvoiceIssued(invoice_id=invoice.id, proforma_id=proforma.id))


def issue_invoice(db: Work, proforma: Document, payment: Payment) -> Document:
    """Issue the invoice of a paid proforma; the caller has made sure that there is none yet."""
    reseller = current_reseller(db)
    asked = facts_of(proforma)
    pattern = reseller.settings.get("numbers", {}).get("invoice", PATTERNS["invoice"])
    number, issued_on = take_number(db, "invoice", pattern)
    paid_on = today(reseller.zone) if proforma.paid_at is None else _day_of(proforma, reseller)
    facts = replace(
        asked,
        kind="invoice",
        number=number,
        issued_on=issued_on,
        due_on=None,
        supplied_on=paid_on,
        proforma_number=asked.number,
        payment=None,
        paid=PaidBlock(on=paid_on, amount=asked.gross, means=means_of(payment.connection, asked.language)),
    )
    kept = Kept(id=uuid7(), order_id=proforma.order_id, proforma=proforma)
    return _keep(db, facts, db.require(Customer, proforma.customer_id), kept)


def _day_of(proforma: Document, reseller: Reseller) -> date:
    return (proforma.paid_at or proforma.issued_at).astimezone(ZoneInfo(reseller.zone)).date()


def means_of(connection: str, locale: str) -> str:
    """Name a means of payment in a language."""
    with speaking(locale):
        return {"card": gettext("card"), "bank": gettext("bank transfer"), "free": ""}.get(connection, connection)

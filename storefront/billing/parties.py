"""Seller and buyer as they stand on paper, and as VAT sees them."""

from decimal import Decimal

import phonenumbers

from storefront.billing.paper import PaperBrand, Party, PaymentBlock
from storefront.billing.payment_qr import Payee, payment_payload
from storefront.billing.vat import Buyer, Seller, VatDecision, decide
from storefront.core.clock import today
from storefront.core.i18n import speaking
from storefront.core.money import Money
from storefront.customers.addresses import lines_of
from storefront.customers.models import Customer
from storefront.pricing.amounts import net_of
from tenants.brand_colours import brand_from, plain_colours
from tenants.models import Reseller
from tenants.themes import known_theme

LOGO = "logo"


def seller_party(reseller: Reseller, locale: str) -> Party:
    """Write the reseller as the seller of record."""
    with speaking(locale, reseller.zone):
        lines = tuple(lines_of(reseller))
    return Party(
        name=reseller.legal_name,
        lines=lines,
        vat_number=reseller.vat_number,
        email=reseller.email,
    )


def buyer_party(customer: Customer, locale: str) -> Party:
    """Write the customer as the buyer."""
    with speaking(locale):
        lines = customer.address_lines
    person = (customer.full_name,) if customer.orgname else ()
    return Party(
        name=customer.display_name,
        lines=(*person, *lines),
        vat_number=customer.vat_number,
        registrations=(customer.company_number,) if customer.company_number else (),
        email=customer.email,
    )


def paper_brand(reseller: Reseller) -> PaperBrand:
    """Write the reseller's look as plain colours."""
    brand = brand_from(reseller.brand)
    colours = plain_colours(brand)
    return PaperBrand(
        name=reseller.name,
        fill=colours.brand_fill,
        edge=colours.brand_edge,
        soft=colours.brand_soft,
        ink=colours.ink,
        ink_soft=colours.ink_soft,
        line=colours.line,
        font=brand.font,  # type: ignore[arg-type]  # brand_from admits the four of the list only
        radius=brand.radius,
        logo=LOGO if reseller.logo_light else "",
        theme=known_theme(reseller.theme),
    )


def payment_block(reseller: Reseller, amount: Money, reference: str, online: str = "") -> PaymentBlock | None:
    """Write how to pay by transfer; ``None`` where the reseller has given no account."""
    if not reseller.iban:
        return None
    payee = Payee(
        name=reseller.legal_name,
        iban=reseller.iban,
        bic=reseller.bic,
        tax_number=reseller.vat_number.removeprefix("PL"),
    )
    return PaymentBlock(
        iban=reseller.iban,
        bic=reseller.bic,
        bank=reseller.bank_name,
        account_name=reseller.legal_name,
        reference=reference,
        qr_payload=payment_payload(payee, amount, reference),
        online=online,
    )


def vat_for(reseller: Reseller, customer: Customer) -> VatDecision:
    """Decide the VAT of what this reseller sells to this customer today."""
    seller = Seller(
        country=reseller.country,
        is_vat_registered=reseller.is_vat_registered,
        exempt_note=reseller.settings.get("exempt_note", ""),
        is_in_one_stop_shop=reseller.uses_one_stop_shop,
    )
    buyer = Buyer(
        kind="consumer" if customer.is_consumer else "business",
        country=customer.country,
        postcode=customer.postcode,
        vat_number=customer.vat_number,
        seen_in=_seen_in(customer),
        vat_check=customer.vat_check,  # type: ignore[arg-type]  # the column holds the four answers
    )
    return decide(seller, buyer, "electronic", on=today(reseller.zone))


def _seen_in(customer: Customer) -> tuple[str, ...]:
    """Name the country of the telephone number: a second piece of evidence (Reg. 282/2011 art. 24f)."""
    try:
        region = phonenumbers.region_code_for_number(phonenumbers.parse(customer.phone))
    except phonenumbers.NumberParseException:
        return ()
    return (region,) if region and region.isalpha() else ()


def unit_for(price: Money, amounts: str, shop_percent: Decimal, decision: VatDecision) -> tuple[Money, str]:
    """Say a list price as this buyer's document counts it.

    A gross price holds where the buyer's VAT is the shop's own; for another rate the net price stays and the VAT
    changes (domains 2.3), so that the shop never pays the difference.
    """
    if amounts == "net":
        return price, "net"
    if decision.percent == shop_percent:
        return price, "gross"
    return net_of(price, shop_percent), "net"

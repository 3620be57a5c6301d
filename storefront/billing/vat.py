"""rule: which VAT and why: domestic, reverse charge, one-stop shop, outside the Union, exempt."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from storefront.billing.totals import Category
from storefront.core.countries import is_country
from storefront.core.i18n import Text
from storefront.core.i18n import lazy_gettext as _
from storefront.pricing.vat_rates import MEMBER_STATES, Territory, UnknownVatRate, VatRates, known_rates

TaxClass = Literal["electronic", "general"]
VatCheck = Literal["not_asked", "valid", "invalid", "unavailable"]
Report = Literal["domestic", "ec_sales_list", "one_stop_shop", "outside", "none"]


# Rows of the table in domain terms; the numbers are those that accountants see.
_HOME, _OUTSIDE = 2, 6
_LIKE_CONSUMERS = frozenset({4, 5})
_WITHOUT_VAT: dict[int, tuple[Category, Report, Text]] = {
    1: ("E", "none", ""),
    3: (
        "AE",
        "ec_sales_list",
        _("Reverse charge: VAT is to be accounted for by the customer (Directive 2006/112/EC, articles 44 and 196)."),
    ),
    _OUTSIDE: (
        "O",
        "outside",
        _("Outside the scope of EU VAT: the customer is established outside the European Union."),
    ),
}


@dataclass(frozen=True, kw_only=True)
class Seller:
    """Who sells. ``exempt_note`` is the sentence of a small business without VAT, in the words of its law.

    ``is_in_one_stop_shop``: registered for it, or above 10,000 EUR a year of sales to consumers abroad.
    """

    country: str
    is_vat_registered: bool = True
    exempt_note: str = ""
    is_in_one_stop_shop: bool = False


@dataclass(frozen=True, kw_only=True)
class Buyer:
    """Who buys, and what is known of where. ``seen_in``: countries of other evidence (card, address, telephone)."""

    kind: Literal["consumer", "business"]
    country: str
    postcode: str = ""
    vat_number: str = ""
    vat_check: VatCheck = "not_asked"
    seen_in: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class VatDecision:
    """What VAT a line carries, and everything an auditor may ask about it.

    ``row`` is the row of the decision table, ``country`` whose VAT it is (empty if none), ``mention`` the sentence
    that the law wants on the document, ``evidence`` the facts that decided, to be kept with it.
    ``is_certain`` is false where the evidence contradicts itself: ask the buyer.
    """

    row: int
    percent: Decimal
    category: Category
    country: str
    mention: Text
    report: Report
    evidence: tuple[str, ...]
    is_certain: bool = True


@dataclass(frozen=True, kw_only=True)
class _Place:
    """Where the buyer is, as VAT sees it: the state, and the odd territory within, if any."""

    state: str
    territory: Territory | None
    is_known: bool

    @property
    def is_in_union(self) -> bool:
        return self.territory.is_in_union if self.territory else self.state in MEMBER_STATES


def _place_of(country: str, postcode: str, rates: VatRates) -> _Place:
    code = country.strip().upper()
    territory = rates.find_territory(code, postcode)
    state = territory.state if territory else code
    return _Place(state=state, territory=territory, is_known=bool(territory) or is_country(code))


def _has_proven_number(buyer: Buyer, place: _Place) -> bool:
    """Tell whether a business number of the buyer's own country was confirmed. Greece writes EL; XI is for goods."""
    prefix = "EL" if place.state == "GR" else place.state
    return buyer.kind == "business" and buyer.vat_check == "valid" and buyer.vat_number.upper().startswith(prefix)


def _seen_states(buyer: Buyer, rates: VatRates) -> frozenset[str]:
    return frozenset(_place_of(country, "", rates).state for country in buyer.seen_in if country)


def _evidence_of(seller: Seller, buyer: Buyer, tax_class: TaxClass, place: _Place) -> tuple[str, ...]:
    facts = [
        f"seller={seller.country}",
        f"buyer={buyer.country}",
        f"kind={buyer.kind}",
        f"class={tax_class}",
        f"territory={place.territory.key if place.territory else '-'}",
        f"vat_check={buyer.vat_check}",
    ]
    if buyer.vat_number:
        facts.append(f"vat_number={buyer.vat_number}")
    facts += [f"seen_in={country}" for country in buyer.seen_in]
    return tuple(facts)


def _row_of(seller: Seller, buyer: Buyer, tax_class: TaxClass, place: _Place) -> int:
    """Find the row of the decision table. What is not known for certain ends in a row with VAT."""
    is_home = place.state == seller.country and (place.territory is None or place.territory.home != "outside")
    if not seller.is_vat_registered:
        return 1
    if is_home or not place.is_known:
        return 2
    is_across_the_union = place.is_in_union and seller.country in MEMBER_STATES
    if is_across_the_union and buyer.kind == "business":
        return 3 if _has_proven_number(buyer, place) else 4
    if buyer.kind == "consumer" and tax_class == "general":
        return 7
    return 5 if is_across_the_union else 6


def _home_percent(seller: Seller, place: _Place, rates: VatRates, on: date) -> Decimal:
    own = rates.find_percent(seller.country, on)
    if own is None:
        raise UnknownVatRate(f"no VAT rate of {seller.country} on {on}")
    if place.state == seller.country and place.territory and place.territory.home not in {"standard", "outside"}:
        return Decimal(place.territory.home)
    return own


def _abroad_percent(place: _Place, rates: VatRates, on: date) -> Decimal | None:
    if place.territory and place.territory.percent is not None:
        return place.territory.percent
    return rates.find_percent(place.state, on)


def decide(
    seller: Seller, buyer: Buyer, tax_class: TaxClass, *, on: date, rates: VatRates | None = None
) -> VatDecision:
    """Decide the VAT of a line by the table of seven rows; ``on`` is the tax point.

    1 seller without VAT · 2 buyer in the seller's country · 3 business in another member state, number confirmed
    (Directive 2006/112/EC art. 44 and 196) · 4 the same without a confirmed number, treated as a consumer ·
    5 consumer in another member state, electronic service (art. 58) · 6 outside the Union · 7 consumer, other services
    (art. 45). An unknown country is charged like the seller's own, and so is a consumer who claims to be outside the
    Union while other evidence points into it. Raises ``UnknownVatRate`` if the seller's own rate is not on record.
    """
    rates = rates or known_rates()
    place = _place_of(buyer.country, buyer.postcode, rates)
    seen = _seen_states(buyer, rates)
    contradicts = bool(seen) and place.state not in seen
    row = _row_of(seller, buyer, tax_class, place)
    if row == _OUTSIDE and buyer.kind == "consumer" and contradicts and seen & MEMBER_STATES:
        row = _HOME
    abroad = None
    if row in _LIKE_CONSUMERS and tax_class == "electronic" and seller.is_in_one_stop_shop:
        abroad = _abroad_percent(place, rates, on)
    evidence = _evidence_of(seller, buyer, tax_class, place)
    is_certain = place.is_known and not contradicts
    if row in _WITHOUT_VAT:
        category, report, mention = _WITHOUT_VAT[row]
        return VatDecision(
            row=row,
            percent=Decimal(0),
            category=category,
            country="",
            mention=mention or seller.exempt_note,
            report=report,
            evidence=evidence,
            is_certain=is_certain,
        )
    percent = _home_percent(seller, place, rates, on) if abroad is None else abroad
    return VatDecision(
        row=row,
        percent=percent,
        category="S" if percent else "Z",
        country=seller.country if abroad is None else place.state,
        mention="",
        report="domestic" if abroad is None else "one_stop_shop",
        evidence=evidence,
        is_certain=is_certain,
    )

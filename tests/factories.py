"""Plain functions that make rows: keyword arguments, no surprises. Add yours below."""

from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import select

from storefront.catalog.models import Offer, Tld, TldGroup
from storefront.catalog.tld_records import shipped_rules, write_record
from storefront.catalog.wholesale_prices import shipped_wholesale
from storefront.core import ids
from storefront.core.db import Work
from storefront.core.money import Money
from storefront.core.text import LocalizedText
from storefront.customers.models import Contact, Customer
from storefront.identity.models import LoginUser
from storefront.portfolio.models import Domain
from storefront.pricing.models import Price, PriceList, WholesalePrice
from storefront.pricing.offer_models import PriceGroup, Promotion, PromotionCode
from tenants import credits as credit
from tenants.models import Reseller
from tenants.resellers import open_reseller

ENDINGS = ("com", "net", "eu", "fr", "pl", "de", "io")


def load_reference(db: Work) -> None:
    """Fill the shared tables as the platform does: rules and wholesale prices of a few endings."""
    for ending, rules in shipped_rules(db.now.date()).items():
        if db.scalar(select(Tld.name).where(Tld.name == ending)) is None:
            db.add(Tld(name=ending, valid_from=rules.valid_from, rules=write_record(rules)))
    prices = shipped_wholesale(db.now.date())
    for ending in ENDINGS:
        for action, years in ((a, y) for a in ("register", "renew") for y in (1, 2, 3, 10)):
            _wholesale(db, ending, action, years, prices[ending].total(action, years))
        for action in ("transfer", "restore"):
            _wholesale(db, ending, action, 1, prices[ending].total(action))


def _wholesale(db: Work, ending: str, action: str, years: int, amount: Money) -> None:
    day = db.now.date() - timedelta(days=30)
    db.session.merge(
        WholesalePrice(
            ending=ending, action=action, years=years, currency=amount.currency, valid_from=day, minor=amount.minor
        ),
    )


def make_reseller(db: Work, slug: str, **more: Any) -> Reseller:
    """Open a shop in an office Work, with a price list, groups, offers and credit."""
    host = f"{slug}.localhost"
    values: dict[str, Any] = {
        "slug": slug,
        "name": slug.title(),
        "canonical_host": host,
        "opened_at": db.now,
        "legal_name": f"{slug.title()} Ltd",
        "street": "Main Street 1",
        "postcode": "00500",
        "city": "Helsinki",
        "country": "FI",
        "vat_number": "FI20774740",
        "email": f"hello@{slug}.test",
        "currency": "EUR",
        "zone": "Europe/Helsinki",
        "locales": ["en", "fr", "pl", "de"],
        "iban": "FI2112345600000785",
        "bic": "NDEAFIHH",
        "bank_name": "Nordea",
    }
    values |= more
    names = list(dict.fromkeys((host, values["canonical_host"])))
    reseller = open_reseller(db, Reseller(id=ids.uuid7(), **values), hosts=names)
    db.flush()
    return reseller


def stock(db: Work, *, amounts: str = "gross", currency: str = "EUR", credit_eur: int = 100_000) -> PriceList:
    """Put endings with prices on the shelves of the reseller of this Work, and credit on its account."""
    for position, ending in enumerate(ENDINGS):
        db.add(Offer(ending=ending, position=position))
    db.add(
        TldGroup(
            slug="known", title=LocalizedText(en="Well known"), position=0, is_default=True, endings=list(ENDINGS)
        ),
    )
    prices = db.add(
        PriceList(
            name="List", currency=currency, amounts=amounts, starts_at=db.now - timedelta(days=1), published_at=db.now
        ),
    )
    db.flush()
    for ending in ENDINGS:
        for years in (1, 2, 3, 10):
            for action, one in (("register", 1090), ("renew", 1390)):
                db.add(Price(price_list_id=prices.id, ending=ending, action=action, years=years, minor=one * years))
        for action, minor in (("transfer", 1290), ("restore", 9800)):
            db.add(Price(price_list_id=prices.id, ending=ending, action=action, years=1, minor=minor))
    if credit_eur:
        credit.top_up(db, Money(credit_eur, "EUR"), reference="test")
    return prices


def make_customer(db: Work, *, kind: str = "individual", **more: Any) -> Customer:
    """Make somebody who is billed."""
    code = ids.public_code(8)
    values: dict[str, Any] = {
        "kind": kind,
        "given": "Aino",
        "family": "Virtanen",
        "orgname": "" if kind == "individual" else "Karttapaja Oy",
        "street": "Hämeentie 31",
        "postcode": "00500",
        "city": "Helsinki",
        "country": "FI",
        "phone": "+358401234567",
        "email": f"aino-{code.lower()}@example.test",
        "email_key": f"aino-{code.lower()}@example.test",
        "sort_key": "virtanen aino",
        "locale": "en",
        "created_at": db.now,
        "code": code,
    }
    customer = db.add(Customer(**{**values, **more}))
    db.flush()
    return customer


def make_contact(db: Work, customer: Customer, **more: Any) -> Contact:
    """Make a registry contact with the customer's own data."""
    fields = ("kind", "given", "family", "orgname", "street", "postcode", "city", "country", "phone", "email")
    values = {name: getattr(customer, name) for name in fields}
    contact = db.add(
        Contact(**{**values, "customer_id": customer.id, "is_default": True, "created_at": db.now, **more})
    )
    db.flush()
    return contact


def make_user(
    db: Work,
    *,
    customer: Customer | None = None,
    kind: str = "customer",
    role: str = "",
    password_hash: str = "",
    **more: Any,
) -> LoginUser:
    """Make somebody who signs in; without a password hash nobody can sign in as them."""
    login = more.pop("login", f"user-{ids.public_code(10).lower()}")
    email = more.pop("email", customer.email if customer else f"{login}@example.test")
    user = db.add(
        LoginUser(
            kind=kind,
            role=role or kind,
            customer_id=customer.id if customer else None,
            login=login,
            login_key=login.lower(),
            email=email,
            email_key=email.lower(),
            name=more.pop("name", "Aino Virtanen"),
            locale=more.pop("locale", "en"),
            password_hash=password_hash or "!",
            created_at=db.now,
            **more,
        ),
    )
    db.flush()
    return user


def make_domain(db: Work, customer: Customer, name: str, **more: Any) -> Domain:
    """Make a name that a customer has; paid for a year unless told otherwise."""
    values: dict[str, Any] = {
        "name_ascii": name,
        "name_unicode": name,
        "ending": name.partition(".")[2],
        "connection": "sandbox",
        "registered_at": db.now,
        "paid_until": db.now + timedelta(days=365),
        "registry_expires_at": db.now + timedelta(days=365),
    }
    row = db.add(Domain(customer_id=customer.id, **{**values, **more}))
    db.flush()
    return row


def reseller_of(db: Work) -> UUID:
    """Return the reseller of a Work."""
    return db.reseller_id


def make_promotion(db: Work, *, state: str = "running", **more: Any) -> Promotion:
    """Make a promotion that runs: ten percent off whatever its terms name, for everybody unless it needs a code."""
    values: dict[str, Any] = {
        "name": "Spring",
        "title": LocalizedText(en="Spring offer"),
        "state": state,
        "starts_at": db.now - timedelta(hours=1),
        "currency": "EUR",
        "terms": {"method": "percent", "percent": "10"},
        "changed_at": db.now,
    }
    promotion = db.add(Promotion(**{**values, **more}))
    db.flush()
    return promotion


def make_code(db: Work, promotion: Promotion, code: str = "", **more: Any) -> PromotionCode:
    """Make a code of a promotion."""
    row = db.add(
        PromotionCode(
            promotion_id=promotion.id, code=code or f"CODE-{ids.public_code(8)}", **{"created_at": db.now, **more}
        )
    )
    db.flush()
    return row


def make_group(db: Work, name: str = "Partners", **more: Any) -> PriceGroup:
    """Make a price group: ten percent less unless told otherwise."""
    values: dict[str, Any] = {"discount_percent": Decimal(10), "changed_at": db.now}
    group = db.add(PriceGroup(name=name, **{**values, **more}))
    db.flush()
    return group

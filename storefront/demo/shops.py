"""The demo shops: who they are, what they show, what they sell at which price."""

import tomllib
from datetime import timedelta
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

from sqlalchemy import select

from cms.blocks import block_from
from cms.legal_models import LegalEdition
from cms.pages import PageTerms, publish_page, set_menu
from storefront.catalog.models import Offer, TldGroup
from storefront.catalog.tld_records import shipped_rules
from storefront.catalog.wholesale_prices import shipped_wholesale
from storefront.core import files
from storefront.core.db import Work
from storefront.core.money import Money
from storefront.core.text import LocalizedText
from storefront.demo.news import tell_news
from storefront.demo.reference import terms
from storefront.pricing.margin import Ending, Margin, retail
from storefront.pricing.models import Price, PriceList
from tenants import credits as credit
from tenants.adverts import AdvertTerms, write_advert
from tenants.models import Reseller
from tenants.resellers import current_reseller, open_reseller

DATA = Path(__file__).resolve().parents[1] / "demo_data"
SHOPS = ("nordhost", "domaineo", "rejestrator")
IN_SETTINGS = ("about", "logo_size", "sign_up_code", "numbers", "exchange_rates", "nameservers", "premium")
CREDIT = Money(250_000, "EUR")


@lru_cache(maxsize=8)
def read_shop(slug: str) -> dict[str, Any]:
    """Read a demo shop's data."""
    found = tomllib.loads((DATA / f"{slug}.toml").read_text(encoding="utf-8"))
    return {**found, "slug": slug}


def open_shop(db: Work, data: dict[str, Any]) -> Reseller:
    """Open one demo shop in an office Work."""
    shop = dict(data["shop"])
    settings = {key: shop.pop(key) for key in IN_SETTINGS if key in shop}
    shop.pop("edition", None)
    host = f"{data['slug']}.{db.config.platform_host}"
    reseller = Reseller(
        slug=data["slug"],
        opened_at=db.now - timedelta(days=400),
        default_locale=shop["locales"][0],
        canonical_host=host,
        settings=settings,
        **shop,
    )
    return open_reseller(db, reseller, hosts=[host])


def open_platform(db: Work) -> Reseller:
    """Open the platform's own shop: the reseller of resellers (ADR 0015)."""
    host = db.config.platform_host
    reseller = Reseller(
        slug="platform",
        is_platform=True,
        name="Vitrine",
        opened_at=db.now,
        brand={"brand": "#1f3d3a", "radius": "8px"},
        default_locale="en",
        locales=["en", "fr", "pl", "de"],
        zone="Europe/Paris",
        canonical_host=host,
        legal_name="Vitrine Platform SA",
        street="1 quai de Seine",
        postcode="75004",
        city="Paris",
        country="FR",
        vat_number="FR40303265045",
        email="hello@platform.example",
        currency="EUR",
    )
    return open_reseller(db, reseller, hosts=[host])


def furnish(db: Work, data: dict[str, Any]) -> None:
    """Give a demo shop its logo, pages, menus, endings, prices, news and credit."""
    reseller = current_reseller(db)
    for variant in ("light", "dark"):
        content = (DATA / "logos" / f"{data['slug']}-{variant}.png").read_bytes()
        setattr(reseller, f"logo_{variant}", files.keep(db.config, db.reseller_id, content))
    for menu in data["menus"]:
        for place in ("header", "footer"):
            set_menu(db, place, menu["locale"], menu[place])
    for page in data["pages"]:
        publish_page(db, PageTerms(**{**page, "blocks": [block_from(block) for block in page["blocks"]]}))
    for edition in db.scalars(select(LegalEdition)):
        edition.label, edition.in_force_at = data["shop"]["edition"], db.now - timedelta(days=300)
    for advert in data.get("adverts", ()):
        ends_on = db.today + timedelta(days=advert["days"])
        told = {name: value for name, value in advert.items() if name != "days"}
        write_advert(db, AdvertTerms(**{**told, "locales": tuple(advert["locales"]), "ends_on": ends_on}))
    _stock(db, data["retail"])
    tell_news(db)
    credit.top_up(db, CREDIT, reference="Opening credit")


def _stock(db: Work, terms_of_sale: dict[str, Any]) -> None:
    groups = terms_of_sale["groups"]
    grouped = list(dict.fromkeys(ending for group in groups for ending in group["endings"]))
    rules, wholesale = shipped_rules(db.now.date()), shipped_wholesale(db.now.date())
    others = sorted(ending for ending in rules if ending not in grouped and ending in wholesale)
    endings = [ending for ending in [*grouped, *others] if ending in rules and ending in wholesale]
    for position, group in enumerate(groups):
        db.add(
            TldGroup(
                slug=group["slug"],
                title=LocalizedText(group["title"]),
                position=position,
                is_default=position == 0,
                endings=[ending for ending in group["endings"] if ending in endings],
            ),
        )
    for position, ending in enumerate(endings):
        db.add(Offer(ending=ending, position=position))
    _price(db, terms_of_sale, endings)


def _price(db: Work, terms_of_sale: dict[str, Any], endings: list[str]) -> None:
    currency = current_reseller(db).currency
    prices = db.add(
        PriceList(
            name="2026",
            currency=currency,
            amounts="gross",
            starts_at=db.now - timedelta(days=90),
            published_at=db.now - timedelta(days=91),
        ),
    )
    db.flush()
    wholesale, rules = shipped_wholesale(db.now.date()), shipped_rules(db.now.date())
    for ending in endings:
        for action, years in terms(wholesale[ending]):
            if not _is_sold(rules[ending], action, years):
                continue
            minor = listed_price(wholesale[ending].total(action, years), currency, terms_of_sale).minor
            db.add(Price(price_list_id=prices.id, ending=ending, action=action, years=years, minor=minor))


def listed_price(wholesale: Money, currency: str, terms_of_sale: dict[str, Any]) -> Money:
    """Return what a demo shop asks, VAT included, for what costs it so much: its markup and its tidy ending."""
    cost = _in_currency(wholesale, currency, terms_of_sale)
    if not cost.minor:
        return cost
    margin = Margin(method="markup", percent=(Decimal(terms_of_sale["markup"]) - 1) * 100)
    ending = Ending(step=100, digits=int(terms_of_sale["ending"]))
    return retail(cost, margin, ending, vat_percent=Decimal(terms_of_sale["vat"])).gross


def _is_sold(rules: Any, action: str, years: int) -> bool:
    if action == "register":
        return years in rules.register_years
    return years in rules.renew_years if action == "renew" else True


def _in_currency(cost: Money, currency: str, terms_of_sale: dict[str, Any]) -> Money:
    if cost.currency == currency:
        return cost
    return Money(cost.times(Decimal(terms_of_sale["rate"])).minor, currency)

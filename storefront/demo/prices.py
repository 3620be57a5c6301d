"""What the demo's price pages show: a group of partners, an offer that runs out, codes, margin rules, a product."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from storefront.core.db import Work
from storefront.core.money import Money
from storefront.core.text import LocalizedText
from storefront.customers.models import Customer
from storefront.pricing.codes import SeriesWish, add_code, make_series
from storefront.pricing.groups import GroupWish, create_group, move_customers, set_single_price
from storefront.pricing.history import begin_history
from storefront.pricing.margin_rule_changes import add_rule
from storefront.pricing.models import Price, PriceList, Product
from storefront.pricing.products import ProductTerms, switch_services, write_product
from storefront.pricing.promotions import PromotionWish, create_promotion, run_promotion
from storefront.pricing.queries import shelf

CODES_OF_SERIES = 25


@dataclass(frozen=True, kw_only=True)
class DemoPrices:
    """What one demo shop does with its prices. Titles by language; ``partner`` is the company that is a partner."""

    group: str
    partner: str
    offer: Mapping[str, str]
    offered: tuple[str, ...]
    welcome: Mapping[str, str]
    code: str
    prefix: str
    product: Mapping[str, str]
    about: Mapping[str, str]
    product_code: str
    product_minor: int
    markup: str
    rules: tuple[str, str, str]
    spring: Mapping[str, str]
    fair: str


SHOPS: Mapping[str, DemoPrices] = {
    "nordhost": DemoPrices(
        group="Partners",
        partner="Saaristo Veneet Oy",
        offer={"en": "Autumn offer", "de": "Herbstangebot"},
        offered=("shop", "store", "online"),
        welcome={"en": "Welcome", "de": "Willkommen"},
        code="NORDLIGHT",
        prefix="NORD-",
        product={"en": "Boathouse", "de": "Bootshaus"},
        about={"en": "Space for a website and ten mailboxes.", "de": "Platz für eine Website und zehn Postfächer."},
        product_code="boathouse",
        product_minor=11_760,
        markup="38",
        rules=("Restore", "Names above 30", "Everything else"),
        spring={"en": "Spring", "de": "Frühling"},
        fair="Fair",
    ),
    "domaineo": DemoPrices(
        group="Partenaires",
        partner="Librairie du Pont SARL",
        offer={"fr": "Offre d’automne", "en": "Autumn offer"},
        offered=("shop", "store", "blog"),
        welcome={"fr": "Bienvenue", "en": "Welcome"},
        code="BIENVENUE",
        prefix="DOM-",
        product={"fr": "Atelier", "en": "Workshop"},
        about={"fr": "Un site et dix boîtes mail.", "en": "A website and ten mailboxes."},
        product_code="atelier",
        product_minor=9_480,
        markup="30",
        rules=("Restauration", "Noms à plus de 30", "Tout le reste"),
        spring={"fr": "Printemps", "en": "Spring"},
        fair="Salon",
    ),
    "rejestrator": DemoPrices(
        group="Partnerzy",
        partner="Zielony Ogród sp. z o.o.",
        offer={"pl": "Jesienna oferta", "en": "Autumn offer"},
        offered=("shop", "store", "online"),
        welcome={"pl": "Na dobry początek", "en": "Welcome"},
        code="WITAJ",
        prefix="REJ-",
        product={"pl": "Ogródek", "en": "Garden"},
        about={"pl": "Miejsce na stronę i dziesięć skrzynek.", "en": "Space for a website and ten mailboxes."},
        product_code="ogrodek",
        product_minor=24_900,
        markup="34",
        rules=("Przywrócenie", "Nazwy powyżej 30", "Cała reszta"),
        spring={"pl": "Wiosna", "en": "Spring"},
        fair="Targi",
    ),
}


def furnish_prices(db: Work, slug: str) -> None:
    """Give a demo shop everything that its price pages can show. Its price list holds already."""
    shop = SHOPS[slug]
    _product(db, shop)
    begin_history(db)
    _group(db, shop)
    _rules(db, shop)
    _promotions(db, shop)


def _product(db: Work, shop: DemoPrices) -> None:
    switch_services(db, ["hosting"])
    terms = ProductTerms(
        kind="hosting", code=shop.product_code, title=shop.product, description=shop.about, is_offered=True
    )
    product: Product = write_product(db, terms)
    live = db.scalar(select(PriceList).where(PriceList.published_at.is_not(None)))
    if live is None:
        return
    for years in (1, 2, 3):
        told = {"kind": product.kind, "ending": product.code, "action": "recurring", "years": years}
        # Two years for the price of twenty-two months, three for that of thirty-two.
        minor = shop.product_minor * (12 * years - 2 * (years - 1)) // 12
        db.add(Price(price_list_id=live.id, minor=minor, **told))
    db.flush()


def _group(db: Work, shop: DemoPrices) -> None:
    group = create_group(db, GroupWish(name=shop.group, discount_percent=Decimal(8)))
    listed = shelf(db).book.prices.get(("com", "register", 1))
    if listed is not None:
        set_single_price(db, group, ("com", "register", 1), Money(listed.minor * 85 // 100, listed.currency))
    partners = db.scalars(select(Customer.id).where(Customer.orgname == shop.partner))
    move_customers(db, partners, group)


def _rules(db: Work, shop: DemoPrices) -> None:
    tidy: dict[str, Any] = {"step": 100, "digits": 90, "amounts": "gross"}
    restore, dear, rest = shop.rules
    add_rule(db, restore, {"actions": ["restore"], "method": "plus", "amount_minor": 1_500, **tidy})
    add_rule(db, dear, {"cost_from_minor": 3_000, "method": "markup", "percent": "22", **tidy})
    add_rule(db, rest, {"method": "markup", "percent": shop.markup, "at_least_minor": 200, **tidy})


def _own(words: Mapping[str, str]) -> str:
    """Return a title as the shop's own people write it: in their language, which comes first."""
    return next(iter(words.values()))


def _promotions(db: Work, shop: DemoPrices) -> None:
    first_year = {"actions": ["register"], "first_year_only": True}
    offer = create_promotion(
        db,
        PromotionWish(
            name=_own(shop.offer),
            title=LocalizedText(shop.offer),
            starts_at=db.now,
            ends_at=db.now + timedelta(days=4, hours=6),
            terms={"method": "percent", "percent": "15", "endings": list(shop.offered), "years": [1], **first_year},
        ),
    )
    run_promotion(db, offer)
    welcome = create_promotion(
        db,
        PromotionWish(
            name=_own(shop.welcome),
            title=LocalizedText(shop.welcome),
            starts_at=db.now,
            ends_at=db.now + timedelta(days=120),
            needs_code=True,
            max_per_customer=1,
            terms={"method": "percent", "percent": "10", "new_customers_only": True, **first_year},
        ),
    )
    add_code(db, welcome, shop.code, max_uses=100)
    make_series(db, welcome, SeriesWish(name=shop.fair, count=CODES_OF_SERIES, prefix=shop.prefix))
    run_promotion(db, welcome)
    create_promotion(
        db,
        PromotionWish(
            name=_own(shop.spring),
            title=LocalizedText(shop.spring),
            starts_at=db.now + timedelta(days=90),
            ends_at=db.now + timedelta(days=97),
            terms={"method": "percent", "percent": "15", "endings": ["com"], **first_year},
        ),
    )

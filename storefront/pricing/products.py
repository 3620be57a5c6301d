"""What a shop prices beside domains: hosting, mail, certificates, redirects; and which of these services it offers."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from sqlalchemy import delete, exists, func, select

from storefront.core.audit import record
from storefront.core.changes import announce
from storefront.core.db import Work
from storefront.core.errors import Refused
from storefront.core.i18n import Text
from storefront.core.i18n import lazy_gettext as _
from storefront.core.money import exponent
from storefront.core.text import LocalizedText
from storefront.pricing.book import price_book
from storefront.pricing.models import Price, PriceList, Product
from storefront.pricing.price_cells import MOST
from storefront.pricing.price_lists import require_draft, require_revision
from tenants.resellers import current_reseller

SERVICES: Final[Mapping[str, Text]] = {
    "hosting": _("Hosting"),
    "email": _("Mailboxes"),
    "ssl": _("Certificates"),
    "redirect": _("Redirects"),
}
MOST_PRODUCTS: Final = 200
LONGEST_CODE: Final = 40
LONGEST_TITLE: Final = 80
# What is asked once, and what is asked for one, two or three years.
CELLS: Final[tuple[tuple[str, int], ...]] = (("setup", 1), ("recurring", 1), ("recurring", 2), ("recurring", 3))
_CODE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


@dataclass(frozen=True, kw_only=True)
class ProductTerms:
    """What a product is: its kind never changes once it is kept."""

    kind: str
    code: str
    title: Mapping[str, str] = field(default_factory=dict)
    description: Mapping[str, str] = field(default_factory=dict)
    is_offered: bool = False


def services_on(db: Work) -> frozenset[str]:
    """Return the services that this shop offers beside domains."""
    kept = current_reseller(db).settings.get("services", ())
    return frozenset(SERVICES) & frozenset(kept)


def services_shown(db: Work) -> frozenset[str]:
    """Return the services of which visitors see something: switched on, with a product on offer that has a price."""
    on = services_on(db)
    offered = {(each.kind, each.code) for each in products(db) if each.is_offered and each.kind in on} if on else set()
    if not offered:
        return frozenset()
    priced = price_book(db).products
    return frozenset(kind for kind, code in offered if (kind, code, "recurring", 1) in priced)


def switch_services(db: Work, wanted: Sequence[str]) -> None:
    """Offer these services and no others; raises ``Refused`` for one that does not exist."""
    if not set(wanted) <= set(SERVICES):
        raise Refused(_("Please choose among these."), field="services")
    before, after = sorted(services_on(db)), sorted(set(wanted))
    if before == after:
        return
    reseller = db.lock(current_reseller(db))
    reseller.settings = {**reseller.settings, "services": after}
    db.flush()
    record(db, "services.switched", before={"services": ", ".join(before)}, after={"services": ", ".join(after)})
    announce(db)


def products(db: Work) -> Sequence[Product]:
    """Return all products, by kind and place."""
    return db.scalars(select(Product).order_by(Product.kind, Product.position, Product.code))


def write_product(db: Work, terms: ProductTerms, product: Product | None = None) -> Product:
    """Keep a new product, or what became of one. Raises ``Refused`` naming the field."""
    _check(db, terms, product)
    before = _facts(product) if product else {}
    if product is None:
        last = db.scalar(select(func.max(Product.position)).where(Product.kind == terms.kind))
        product = db.add(
            Product(code=terms.code, kind=terms.kind, title=LocalizedText(), position=0 if last is None else last + 1)
        )
    product.title = LocalizedText({locale: words for locale, words in terms.title.items() if words})
    product.description = LocalizedText({locale: words for locale, words in terms.description.items() if words})
    product.is_offered = terms.is_offered
    db.flush()
    record(db, "product.written", product, before=before, after=_facts(product))
    announce(db)
    return product


def remove_product(db: Work, product_id: UUID) -> None:
    """Delete a product with its prices in drafts. Raises ``Refused`` when customers have seen a price of it."""
    product = db.require(Product, product_id)
    if is_published(db, product):
        raise Refused(_("A published list has a price for it, which is kept. Take it off instead."))
    mine = (Price.kind == product.kind, Price.ending == product.code)
    db.execute(delete(Price).where(*mine))
    record(db, "product.removed", product, before=_facts(product))
    db.session.delete(product)
    db.flush()
    announce(db)


def is_published(db: Work, product: Product) -> bool:
    """Whether any list that was published has a price for a product."""
    priced = select(Price.id).join(
        PriceList, (PriceList.id == Price.price_list_id) & (PriceList.reseller_id == Price.reseller_id)
    )
    mine = (Price.kind == product.kind, Price.ending == product.code, PriceList.published_at.is_not(None))
    return bool(db.scalar(select(exists(priced.where(*mine)))))


def product_prices(db: Work, prices: PriceList) -> dict[tuple[str, str, str, int], int]:
    """Return what a list says of everything but domains: minor units by kind, code, action and years. One query."""
    columns = select(Price.kind, Price.ending, Price.action, Price.years, Price.minor)
    found = db.execute(columns.where(Price.price_list_id == prices.id, Price.kind != "domain"))
    return {(kind, code, action, years): minor for kind, code, action, years, minor in found}


def cells_of(kept: Mapping[tuple[str, str, str, int], int], product: Product) -> dict[str, int]:
    """Pick the prices of one product out of ``product_prices``, by ``<action>_<years>``."""
    found = {f"{action}_{years}": kept.get((product.kind, product.code, action, years)) for action, years in CELLS}
    return {name: minor for name, minor in found.items() if minor is not None}


def change_product_prices(
    db: Work, prices: PriceList, product: Product, wanted: Mapping[tuple[str, int], int | None], *, revision: int
) -> None:
    """Set what a product costs in a draft, by action and years; ``None`` takes a price out.

    Raises ``Conflict`` if the list is no longer at ``revision``, ``Refused`` for a list that is no draft and for an
    amount that cannot be; then nothing was changed.
    """
    db.lock(prices)
    require_draft(prices)
    require_revision(prices, revision)
    most = MOST * 10 ** exponent(prices.currency)
    if any(minor is not None and not 0 <= minor <= most for minor in wanted.values()):
        raise Refused(_("A price lies between nothing and a million."))
    mine = (Price.price_list_id == prices.id, Price.kind == product.kind, Price.ending == product.code)
    kept = {(row.action, row.years): row for row in db.scalars(select(Price).where(*mine))}
    changed = {cell: minor for cell, minor in wanted.items() if minor != (kept[cell].minor if cell in kept else None)}
    if not changed:
        return
    for (action, years), minor in changed.items():
        row = kept.get((action, years))
        if minor is None and row is not None:
            db.session.delete(row)
        elif row is not None and minor is not None:
            row.minor, row.is_by_rule = minor, False
        elif minor is not None:
            told = {"kind": product.kind, "ending": product.code, "action": action, "years": years, "minor": minor}
            db.add(Price(price_list_id=prices.id, **told))
    prices.revision += 1
    db.flush()
    record(db, "price_list.changed", prices, after={"product": product.code, "prices": len(changed)})


def drafts(db: Work) -> Sequence[PriceList]:
    """Return the lists that can still be changed, the newest first."""
    statement = select(PriceList).where(PriceList.published_at.is_(None))
    return db.scalars(statement.order_by(PriceList.id.desc()))


def _check(db: Work, terms: ProductTerms, product: Product | None) -> None:
    if terms.kind not in SERVICES or (product is not None and terms.kind != product.kind):
        raise Refused(_("Please choose one of these."), field="kind")
    if not any(terms.title.values()):
        raise Refused(_("Please give it a name in at least one language."), field="title")
    if product is not None:
        return
    if len(terms.code) > LONGEST_CODE or not _CODE.fullmatch(terms.code):
        raise Refused(_("Use small letters, digits and hyphens, such as boathouse-m."), field="code")
    if db.scalar(select(Product.id).where(Product.code == terms.code)) is not None:
        raise Refused(_("Another product has this code already."), field="code")
    if len(products(db)) >= MOST_PRODUCTS:
        raise Refused(_("There are many products already. Please delete one that nobody ever saw."))


def _facts(product: Product) -> dict[str, object]:
    return {"code": product.code, "title": product.title.in_("en"), "is_offered": product.is_offered}

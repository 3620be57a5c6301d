"""Sample data for previews: a customer, her names, an order, an invoice; nothing of anybody's."""

from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from flask import g

from cms.queries import find_published_page
from cms.render import shown
from storefront.billing.paper import DocumentFacts, PaperLine, PaperRate, Party
from storefront.billing.parties import paper_brand, payment_block, seller_party
from storefront.billing.totals import PricedLine, add_up
from storefront.core import clock
from storefront.core.db import Work
from storefront.core.i18n import country_name, speaking
from storefront.core.i18n import gettext as _
from storefront.core.money import Money
from storefront.pricing.book import shown_vat_percent
from storefront.pricing.shown_prices import ShownPrice
from storefront.web.site import site
from tenants.links import shop_url
from tenants.models import Reseller
from tenants.resellers import current_reseller

CUSTOMER: Final = "Aino Karppinen"
NAMES: Final = ("fjordlight.eu", "karttapaja.com", "saaristo.org")
NOBODY: Final = UUID(int=0)
PRICES: Final = ("12.90", "18.90", "9.90")


def home(db: Work) -> dict[str, Any]:
    """Return the shop's own first page; a sample where there is none yet."""
    locales = list(dict.fromkeys([g.locale, *site()["languages"]]))
    version = find_published_page(db, "/", locales)
    if version is not None:
        return shown(db, version, site()["prices_line"])
    reseller = current_reseller(db)
    hero = {
        "kind": "hero",
        "title": _("Find a name for what you do"),
        "text": _("The price you see is the price you pay, and the renewal stands beside it."),
        "search": True,
        "placeholder": NAMES[0],
        "links": [],
        "buttons": [],
    }
    prices = [
        {
            "ending": ending,
            "url": site()["urls"]["search"],
            "first": Money.of(amount, reseller.currency),
            "told": ShownPrice(price=Money.of(amount, reseller.currency)),
            "renewal": None,
            "first_years": 1,
            "renewal_years": 1,
        }
        for ending, amount in zip((".com", ".eu", ".org"), PRICES, strict=True)
    ]
    strip = {"kind": "price_strip", "prices": prices, "has_end": False}
    return {"title": reseller.name, "description": "", "preview": False, "blocks": [hero, strip]}


def panel(db: Work) -> dict[str, Any]:
    """Return what the panel's first page shows."""
    reseller = current_reseller(db)
    entries = (
        (_("Overview"), "home", True, None),
        (_("Domains"), "globe", False, len(NAMES)),
        (_("Orders"), "cart", False, None),
        (_("Invoices"), "file", False, None),
        (_("Contacts"), "users", False, None),
        (_("Your account"), "user", False, None),
    )
    rows = [
        {
            "domain": {
                "id": NOBODY,
                "name_unicode": name,
                "name_ascii": name,
                "paid_until": db.now + timedelta(days=days),
                "renews_itself": days > 30,  # noqa: PLR2004 - one of each kind is seen
            },
            "shown": {"days_left": days, "word": _("Active"), "tone": "success"},
            "renewal": Money.of(amount, reseller.currency),
        }
        for name, days, amount in zip(NAMES, (6, 24, 52), PRICES, strict=True)
    ]
    order = {
        "order": {"id": NOBODY, "code": "A7K-3QF", "placed_at": db.now, "state": "processing"},
        "names": NAMES[0],
        "transfers": 0,
        "shown": {"word": _("In progress"), "tone": "info"},
        "done": 1,
        "of": 2,
    }
    return {
        "panel": {
            "links": [
                {"label": label, "url": "#", "icon": icon, "current": current, "count": count}
                for label, icon, current, count in entries
            ],
            "own": [],
        },
        "greeting": _("Welcome, %(name)s", name=CUSTOMER.split(" ", maxsplit=1)[0]),
        "domains": len(NAMES),
        "ending": rows,
        "orders": [order],
        "unpaid": [],
        "has_second_factor": True,
        "codes_wanted": [],
        "changes": [],
        "advert": None,
    }


def hits(db: Work) -> list[dict[str, Any]]:
    """Return what a frame finds."""
    currency = current_reseller(db).currency
    free = (True, True, False)
    return [
        {"name": name, "is_free": is_free, "price": Money.of(amount, currency)}
        for name, amount, is_free in zip(NAMES, PRICES, free, strict=True)
    ]


def letter(reseller: Reseller, locale: str) -> dict[str, Any]:
    """Return what the letter about an order says."""
    facts = invoice(reseller)
    return {
        "name": CUSTOMER,
        "number": facts.number,
        "total": facts.gross,
        "has_vat": bool(facts.vat.minor),
        "due_on": facts.issued_on + timedelta(days=7),
        "lines": [{"title": line.title, "term": "", "gross": line.gross} for line in facts.lines],
        "order_code": facts.order_code,
        "is_paid": False,
        "pays_by": "card",
        "bank": None,
        "links": dict.fromkeys(("pay", "order"), shop_url(g.db.config, reseller, "/", locale)),
    }


def invoice(reseller: Reseller) -> DocumentFacts:
    """Return an invoice of this shop about two names."""
    percent = shown_vat_percent(reseller, clock.today(reseller.zone))
    priced = [PricedLine(unit=Money.of(amount, reseller.currency), vat_percent=percent) for amount in PRICES[:2]]
    totals = add_up(priced, amounts="gross", currency=reseller.currency)
    locale = reseller.default_locale
    with speaking(locale, reseller.zone):
        term, country = _("1 year from registration"), country_name("FI")
    lines = tuple(
        PaperLine(
            title=name,
            term=term,
            unit=each.unit,
            category=each.category,
            vat_percent=percent,
            net=counted.net,
            vat=counted.vat,
            gross=counted.gross,
        )
        for name, each, counted in zip(NAMES, priced, totals.lines, strict=False)
    )
    rates = tuple(
        PaperRate(category=rate.category, vat_percent=rate.vat_percent, net=rate.net, vat=rate.vat, gross=rate.gross)
        for rate in totals.rates
    )
    today = clock.today(reseller.zone)
    return DocumentFacts(
        kind="invoice",
        number="2026-0001",
        language=locale,
        currency=reseller.currency,
        amounts="gross",
        issued_on=today,
        supplied_on=today,
        order_code="A7K-3QF",
        seller=seller_party(reseller, locale),
        buyer=Party(name=CUSTOMER, lines=("Hämeentie 31", "00500 Helsinki", country)),
        lines=lines,
        rates=rates,
        net=totals.net,
        vat=totals.vat,
        gross=totals.gross,
        payment=payment_block(reseller, totals.gross, "2026-0001"),
        footer=tuple(reseller.legal_lines),
        brand=paper_brand(reseller),
    )

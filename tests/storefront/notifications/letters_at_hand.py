"""Two shops and something to say in every letter, without a database."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from storefront.core.config import Config
from storefront.core.money import Money
from storefront.notifications.compose import Written
from storefront.notifications.letters import LETTERS
from storefront.orders.renewals import BuyersPrice
from tenants.models import Reseller

CONFIG = Config(
    data_dir=Path("/nowhere"), database_url="", office_url="", redis_url="", platform_host="vitrine.example"
)
MOMENT = datetime(2026, 11, 21, 10, 8, tzinfo=UTC)
DIGEST = "ab" * 32
LINKS = {
    name: f"https://shop.example/de/{name}"
    for name in (
        "recovery",
        "panel",
        "search",
        "pay",
        "order",
        "domain",
        "office_order",
        "operations",
        "proforma",
        "security",
        "host",
        "home",
        "staff",
        "supplier",
        "settings",
        "prices",
        "costs",
        "message",
        "read",
        "changes",
    )
}
LINES = [
    {"title": "zielona-brama.pl", "term": "1 year from registration", "gross": Money(990, "PLN")},
    {"title": "żółw-i-gęś.com.pl", "term": "", "gross": Money(11980, "PLN")},
]
PAPER = {
    "number": "FV/2026/11/2203",
    "total": Money(12970, "PLN"),
    "has_vat": True,
    "due_on": date(2026, 11, 28),
    "lines": LINES,
}
OPERATION = {
    "domain": "zielona-brama.pl",
    "kind": "register",
    "order_code": "A7K-3QF",
    "customer": "Zielony Ogród sp. z o.o.",
    "customer_email": "biuro@zielony-ogrod.example",
    "reason": "The registry changed its own price.",
}
SAID: dict[str, dict[str, Any]] = {
    "sign_up_code": {"code": "204816", "until": MOMENT},
    "password_reset": {
        "accounts": [
            {"login": "marta", "name": "Marta Zielińska", "link": "https://shop.example/pl/account/recovery/aaa"},
            {"login": "biuro@ogrod.example", "name": "", "link": "https://shop.example/pl/account/recovery/bbb"},
        ],
        "until": MOMENT,
    },
    "password_changed": {"login": "marta"},
    "welcome": {"login": "marta", "email": "marta@ogrod.example"},
    "own_code": {"login": "marta", "code": "204816", "until": MOMENT},
    "second_factor_changed": {"login": "marta", "factor": "Codes by e-mail", "is_on": True},
    "recovery_codes_low": {"login": "marta", "left": 2},
    "new_browser": {"login": "marta", "browser": "Firefox on Linux", "address": "192.0.2.7"},
    "email_change_code": {"code": "204816", "until": MOMENT},
    "email_changed": {"login": "marta", "after": "marta.nowa@ogrod.example"},
    "staff_invitation": {
        "link": "https://shop.example/pl/account/invitation/aaa",
        "by": "Marek Nowak",
        "role": "Content: pages and pictures, and nothing else",
        "until": MOMENT,
    },
    "staff_changed": {
        "what": "Removed: Marta Zielińska",
        "email": "marta@ogrod.example",
        "role": "Content: pages and pictures, and nothing else",
        "by": "Marek Nowak",
    },
    "order_placed": {
        **PAPER,
        "order_code": "A7K-3QF",
        "is_paid": False,
        "pays_by": "bank",
        "bank": {
            "account_name": "Rejestrator sp. z o.o.",
            "iban": "PL61 1090 1014 0000 0712 1981 2874",
            "bic": "WBKPPLPP",
            "reference": "PF/2026/11/2203",
        },
    },
    "payment_received": {**PAPER, "order_code": "A7K-3QF", "paid_on": date(2026, 11, 21), "means": "card"},
    "domain_registered": {
        "domain": "żółw.pl",
        "domain_ascii": "xn--w-uga1v8h.pl",
        "paid_until": MOMENT,
        "holder": "Marta Zielińska",
        "nameservers": "ns1.rejestrator.example, ns2.rejestrator.example",
        "renewal": BuyersPrice(price=Money(5990, "PLN"), vat="included"),
        "renews_itself": True,
    },
    "domain_transferred": {
        "domain": "żółw.pl",
        "domain_ascii": "xn--w-uga1v8h.pl",
        "paid_until": MOMENT,
        "holder": "Marta Zielińska",
        "nameservers": "ns1.elsewhere.example, ns2.elsewhere.example",
        "renewal": BuyersPrice(price=Money(5990, "PLN"), vat="plus"),
        "renews_itself": True,
    },
    "transfer_code_refused": {**OPERATION, "kind": "transfer", "until": MOMENT},
    "operation_failed": OPERATION,
    "operation_failed_staff": {**OPERATION, "code": "premium_price_changed", "message": "2104 Billing failure"},
    "credit_short": {
        **OPERATION,
        "needed": Money(1200, "EUR"),
        "available": Money(250, "EUR"),
        "missing": Money(950, "EUR"),
    },
    "host_verified": {"host": "sklep.rejestrator.example"},
    "host_failing": {"host": "sklep.rejestrator.example", "since": MOMENT, "until": MOMENT},
    "host_detached": {"host": "sklep.rejestrator.example", "until": MOMENT},
    "operation_needs_people": {**OPERATION, "attempts": 7},
    "operation_needs_operator": {
        **OPERATION,
        "attempts": 7,
        "reseller": "Rejestrator",
        "reference": "0199a7b2-7c41-7d12-9f3e-1a2b3c4d5e6f",
    },
    "costs_rise": {
        "day": date(2027, 1, 1),
        "endings": 2,
        "lines": [
            {
                "name": ".com",
                "action": "Renewal",
                "before": Money(945, "EUR"),
                "after": Money(1195, "EUR"),
                "at_loss": True,
            },
            {
                "name": ".xn--p1ai",
                "action": "Registration",
                "before": Money(300, "EUR"),
                "after": Money(310, "EUR"),
                "at_loss": False,
            },
        ],
        "more": 18,
        "renewals": 312,
        "at_loss": 14,
    },
    "agreement_changes": {
        "document": "Regulamin",
        "label": "2026-12",
        "in_force_at": MOMENT,
        "is_in_force": False,
        "has_changes": True,
    },
    "agreement_stays": {"document": "Regulamin", "label": "2026-12", "in_force_at": MOMENT},
    "visitor_wrote": {
        "visitor": "Marta Zielińska",
        "email": "marta@ogrod.example",
        "words": Written("Good morning,\nhow long does a transfer of żółw.pl take?\n\nMarta"),
        "topic": "A domain",
        "phone": "+48 22 555 01 10",
        "page": "Contact",
    },
    "supplier_refused": {
        "key_hint": "9fQ2",
        "what": "The key is right, the password is not.",
        "cure": "Use the password of the interface.",
        "checked_at": MOMENT,
    },
    "sender_code": {"code": "118204", "email": "post@rejestrator.example", "until": MOMENT},
    "payment_needs_people": {
        "number": "PF/2026/11/2203",
        "total": Money(12970, "PLN"),
        "amount": Money(10000, "PLN"),
        "reason": "The amount differs.",
        "customer": "Marta Zielińska",
        "customer_email": "marta@ogrod.example",
    },
}
assert set(SAID) == set(LETTERS)


def make_shop(slug: str, **more: Any) -> Reseller:
    """A shop that no database knows."""
    values: dict[str, Any] = {
        "slug": slug,
        "name": slug.title(),
        "theme": "default",
        "brand": {"brand": "#10497a"},
        "default_locale": "en",
        "zone": "Europe/Helsinki",
        "canonical_host": f"www.{slug}.example",
        "legal_name": f"{slug.title()} Oy",
        "street": "Kalevankatu 18",
        "postcode": "00100",
        "city": "Helsinki",
        "country": "FI",
        "legal_lines": ["Y-tunnus 2077474-0", "ALV FI20774740"],
        "email": f"hello@{slug}.example",
        "phone": "",
        "settings": {"logo_size": [155, 36]},
        "is_platform": False,
        "logo_light": DIGEST,
        "logo_dark": DIGEST,
    }
    return Reseller(**{**values, **more})


SHOPS = {
    "nordhost": make_shop("nordhost"),
    "rejestrator": make_shop(
        "rejestrator",
        brand={"brand": "#ffc21a", "radius": "0px", "font": "strong"},
        legal_name="Rejestrator sp. z o.o.",
        zone="Europe/Warsaw",
        logo_light=None,
        logo_dark=None,
        settings={},
    ),
}

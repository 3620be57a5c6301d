"""What the platform knows before any shop opens: rules of endings and wholesale prices."""

from datetime import date, timedelta
from decimal import Decimal

from storefront.catalog.models import Tld
from storefront.catalog.tld_records import SHIPPED, read_catalogue, write_record
from storefront.catalog.wholesale_prices import WholesalePrice as Wholesale
from storefront.catalog.wholesale_prices import shipped_wholesale
from storefront.core.db import Work
from storefront.pricing.models import STANDARD_PLAN, ExchangeQuote, WholesalePlan, WholesalePrice


def load_reference(db: Work) -> None:
    """Fill the shared tables from the data that comes with the product."""
    for rules in read_catalogue(SHIPPED.read_text(encoding="utf-8")):
        db.add(Tld(name=rules.ending, valid_from=rules.valid_from, rules=write_record(rules)))
    _exchange(db)
    _plans(db)
    since = date(db.now.year, 1, 1) - timedelta(days=1)
    for ending, wholesale in shipped_wholesale(db.now.date()).items():
        for action, years in (*terms(wholesale), *rarer_terms(wholesale)):
            amount = wholesale.total(action, years)
            db.add(
                WholesalePrice(
                    ending=ending,
                    action=action,
                    years=years,
                    currency=amount.currency,
                    valid_from=since,
                    minor=amount.minor,
                ),
            )


# Figures of the usual size for 2026: what one euro costs; the operator takes in the bank's own.
RATES = {"PLN": "4.2600", "USD": "1.1600", "GBP": "0.8700", "CHF": "0.9300", "SEK": "10.9500", "CZK": "24.3000"}


def _exchange(db: Work) -> None:
    """Write rates of the last working day, so that every shop knows its costs in its own currency."""
    day = db.now.date()
    day -= timedelta(days=max(day.weekday() - 4, 0))
    for currency, rate in RATES.items():
        db.add(ExchangeQuote(base="EUR", quoted=currency, on_day=day, rate=Decimal(rate), source="Demo figures"))


def _plans(db: Work) -> None:
    """A plan for larger shops, and a rise that everybody can see coming."""
    db.add(WholesalePlan(code=STANDARD_PLAN, title="Standard"))
    db.add(WholesalePlan(code="volume", title="Volume", from_domains=1_000))
    today = db.now.date()
    later = today + timedelta(days=45)
    known = shipped_wholesale(today)
    for ending in ("com", "net", "org"):
        for action in ("register", "renew"):
            cost = known[ending].total(action, 1)
            row = {"ending": ending, "action": action, "years": 1, "currency": cost.currency}
            less, more = cost.times(Decimal("0.93")), cost.times(Decimal("1.05"))
            db.add(WholesalePrice(**row, plan="volume", valid_from=today, minor=less.minor))
            db.add(WholesalePrice(**row, plan=STANDARD_PLAN, valid_from=later, minor=more.minor))


def terms(wholesale: Wholesale) -> list[tuple[str, int]]:
    """List the actions and years that have a wholesale price."""
    once = [(action, 1) for action in ("transfer", "restore") if action in wholesale.prices]
    return [*once, *((action, years) for action in ("register", "renew") for years in range(1, 11))]


def rarer_terms(wholesale: Wholesale) -> list[tuple[str, int]]:
    """List what costs something too, but is no command of the shop yet: a change of owner, a back-order."""
    return [(action, 1) for action in ("trade", "backorder") if action in wholesale.prices]

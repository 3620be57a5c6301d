"""What the platform knows before any shop opens: rules of endings and wholesale prices."""

from datetime import date, timedelta

from storefront.catalog.models import Tld
from storefront.catalog.tld_records import SHIPPED, read_catalogue, write_record
from storefront.catalog.wholesale_prices import WholesalePrice as Wholesale
from storefront.catalog.wholesale_prices import shipped_wholesale
from storefront.core.db import Work
from storefront.pricing.models import WholesalePrice


def load_reference(db: Work) -> None:
    """Fill the shared tables from the data that comes with the product."""
    for rules in read_catalogue(SHIPPED.read_text(encoding="utf-8")):
        db.add(Tld(name=rules.ending, valid_from=rules.valid_from, rules=write_record(rules)))
    since = date(db.now.year, 1, 1) - timedelta(days=1)
    for ending, wholesale in shipped_wholesale(db.now.date()).items():
        for action, years in terms(wholesale):
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


def terms(wholesale: Wholesale) -> list[tuple[str, int]]:
    """List the actions and years that have a wholesale price."""
    once = [(action, 1) for action in ("transfer", "restore") if action in wholesale.prices]
    return [*once, *((action, years) for action in ("register", "renew") for years in range(1, 11))]

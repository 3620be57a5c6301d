"""What the to-do list says about prices: purchase prices that will rise while the shop's own stay."""

from storefront.core.db import Work
from storefront.core.i18n import format_day, ngettext
from storefront.core.i18n import gettext as _
from storefront.identity.permissions import Permission
from storefront.pricing.rising_costs import open_warnings
from storefront.reseller.todo import Thing


def prices_to_do(db: Work) -> list[Thing]:
    """List the days on which purchase prices rise, until prices were published after the warning."""
    return [
        Thing(
            permission=Permission.PRICING_READ,
            title=ngettext(
                "One ending costs you more from %(day)s on",
                "%(num)s endings cost you more from %(day)s on",
                row.endings,
                day=format_day(row.valid_from),
            ),
            text=_("Your prices stay as they are until you publish others. Look what is then left of each."),
            tone="warning",
            icon="tag",
            action=_("Look at my prices"),
            endpoint="reseller.price_lists.list",
        )
        for row in open_warnings(db)
    ]

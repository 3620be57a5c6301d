"""What kinds of products, actions and terms are called wherever an office lists prices."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from babel.numbers import format_decimal

from storefront.core.i18n import Text, babel_locale, current_locale, ngettext
from storefront.core.i18n import lazy_gettext as _
from storefront.pricing.history_rules import SeenKey
from storefront.pricing.items import DOMAIN
from storefront.pricing.wholesale import CostRow
from storefront.pricing.wholesale_files import FOR_A_TERM

KINDS: Mapping[str, Text] = {
    "domain": _("Domain"),
    "hosting": _("Hosting"),
    "email": _("E-mail"),
    "ssl": _("Certificate"),
    "redirect": _("Redirect"),
}
ACTIONS: Mapping[str, Text] = {
    "register": _("Registration"),
    "renew": _("Renewal"),
    "transfer": _("Transfer"),
    "restore": _("Restore"),
    "trade": _("Change of owner"),
    "backorder": _("Back-order"),
    "setup": _("Setup"),
    "recurring": _("A period"),
}
FEWEST_DIGITS, MOST_DIGITS = 2, 6
# Why a price was noted in the history, by what the action said.
CAUSES: Mapping[str, Text] = {
    "first": _("The history begins"),
    "time": _("By the calendar"),
}
_BY_PACKAGE: Mapping[str, Text] = {
    "price_list": _("Price list"),
    "promotion": _("Promotion"),
    "price_group": _("Price group"),
    "group_price": _("Price group"),
    "promotion_code": _("Promotion"),
}


def kind_words(kind: str) -> Text:
    """Name a kind of product."""
    return KINDS.get(kind, kind)


def action_words(action: str) -> Text:
    """Name what is paid for."""
    return ACTIONS.get(action, action)


def years_words(years: int) -> str:
    """Say for how long."""
    return ngettext("1 year", "%(num)s years", years)


def term_of(action: str, years: int) -> int:
    """Return the years to be shown beside an action; none for what is paid once, whatever its row says."""
    return years if action in FOR_A_TERM else 0


def percent_words(percent: Decimal) -> str:
    """Write a percentage as somebody types it, without needless zeros."""
    return str(format_decimal(percent, format="0.###", locale=babel_locale(current_locale())))


def rate_words(rates: Sequence[Decimal]) -> list[str]:
    """Write exchange rates below one another: all with as many digits as the longest was published with, up to six."""
    exponents = [rate.normalize().as_tuple().exponent for rate in rates]
    digits = max((-each for each in exponents if isinstance(each, int)), default=0)
    pattern = "#,##0." + "0" * min(max(digits, FEWEST_DIGITS), MOST_DIGITS)
    locale = babel_locale(current_locale())
    return [str(format_decimal(rate, format=pattern, locale=locale)) for rate in rates]


def name_words(kind: str, code: str) -> str:
    """Name what has a price: an ending with its dot, or a product by its code."""
    return f".{code}" if kind == "domain" else code


def key_words(key: SeenKey) -> dict[str, Any]:
    """Name what has a price, for a row of a table; of a domain its kind is left unsaid."""
    kind, code, action, years = key
    return {
        "name": name_words(kind, code),
        "kind": "" if kind == DOMAIN else kind_words(kind),
        "action": action_words(action),
        "years": term_of(action, years),
    }


def cost_words(row: CostRow) -> dict[str, Any]:
    """Describe one purchase price, for a row of a table."""
    return {
        **key_words(row.key),
        "cost": row.cost,
        "since": row.valid_from,
        "next_cost": row.next_cost,
        "next_from": row.next_from,
        "rises": row.rises,
    }


def cause_words(because: str) -> Text:
    """Say why a price changed; a cause that nobody named here is left unsaid."""
    return CAUSES.get(because) or _BY_PACKAGE.get(because.partition(".")[0], "")

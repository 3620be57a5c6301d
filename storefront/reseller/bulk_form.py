"""The form that sets many prices at once, read into a rule."""

from decimal import Decimal, InvalidOperation
from typing import Any, get_args

from storefront.core.errors import Refused
from storefront.core.i18n import Text, format_percent, ngettext
from storefront.core.i18n import lazy_gettext as _
from storefront.core.money import Money
from storefront.core.numbers import read_whole
from storefront.pricing.bulk_rules import BY_AMOUNT, BY_PERCENT, ROUNDINGS, BulkMethod, BulkRule
from storefront.pricing.items import BY_THE_YEAR, DOMAIN_ACTIONS, LONGEST_TERM
from storefront.pricing.price_cells import LARGE_STEP_PERCENT, CellKey, Terms, Weighed, read_amount
from storefront.pricing.price_sheet import PriceSheet
from storefront.reseller.price_shown import ACTION_WORDS

METHODS: dict[str, Text] = {
    "markup": _("cost + percent"),
    "margin": _("margin in percent"),
    "plus": _("cost + amount"),
    "price_percent": _("price + percent"),
    "price_plus": _("price + amount"),
    "fixed": _("this amount"),
    "live": _("as it is live"),
    "none": _("no price"),
}
WHICH: dict[str, Text] = {
    "register renew": _("Register and renew"),
    **{action: ACTION_WORDS[action] for action in ("register", "renew", "transfer", "restore")},
    "register renew transfer restore": _("All four"),
}
EVERY_TERM = "every"
# A percentage beyond this is an amount in the wrong field.
MOST_PERCENT = 1_000
LEAST_PERCENT = -100


def bulk_choices(years: int) -> dict[str, Any]:
    """Return what the bar below the grid offers."""
    this = ngettext("%(num)s year", "%(num)s years", years)
    return {
        "which": list(WHICH.items()),
        "methods": list(METHODS.items()),
        "roundings": [("", _("not rounded")), *((each, _("up to .%(digits)s", digits=each)) for each in ROUNDINGS[1:])],
        "terms": [(str(years), this), (EVERY_TERM, _("every period"))],
    }


def read_bulk(values: Any, terms: Terms) -> BulkRule:
    """Read the rule from what was sent; raises ``Refused`` for what makes none."""
    method, typed, rounding = values.get("method", ""), values.get("amount", "").strip(), values.get("rounding", "")
    if method not in METHODS or rounding not in ROUNDINGS:
        raise Refused(_("Please choose one of these."))
    known: BulkMethod = next(each for each in get_args(BulkMethod) if each == method)
    try:
        return BulkRule(
            method=known,
            percent=_percent(typed) if method in BY_PERCENT else Decimal(0),
            amount=_amount(typed, terms.currency) if method in BY_AMOUNT else None,
            rounding=rounding,
        )
    except (ValueError, InvalidOperation) as no:
        if method in BY_PERCENT:
            raise Refused(_("Please type a percentage such as 18; a margin stays below 100."), field="amount") from no
        raise Refused(_("Please type an amount such as 12.90."), field="amount") from no


def _percent(typed: str) -> Decimal:
    found = Decimal(typed.replace("%", "").replace("\u2212", "-").replace(",", ".").replace("\u00a0", "").strip())
    if not found.is_finite() or not LEAST_PERCENT <= found <= MOST_PERCENT:
        raise ValueError(typed)
    return found


def _amount(typed: str, currency: str) -> Money:
    is_less = typed.startswith(("-", "\u2212"))
    found = read_amount(typed[1:] if is_less else typed, currency)
    if found is None:
        raise ValueError(typed)
    return -found if is_less else found


def chosen_keys(sheet: PriceSheet, values: Any) -> list[CellKey]:
    """Return the cells that were chosen: of these endings, these actions, this number of years or every one."""
    known = set(sheet.endings)
    endings = [ending for ending in dict.fromkeys(values.getlist("chosen")) if ending in known]
    actions = [action for action in values.get("which", "").split() if action in DOMAIN_ACTIONS]
    typed = values.get("terms", "1")
    years = read_whole(typed, least=1, most=LONGEST_TERM) or 0
    if not endings:
        raise Refused(_("Choose some endings first: tick the boxes on the left."), field="chosen")
    terms = range(1, LONGEST_TERM + 1) if not years else (years,)
    found = []
    for ending in endings:
        for action in actions:
            keys = [CellKey(ending, action, each) for each in (terms if action in BY_THE_YEAR else (1,))]
            found += [key for key in keys if sheet.may_sell(key) or key in sheet.prices]
    return found


def summary(weighed: Weighed) -> str:
    """Say in one sentence what would change."""
    changed = ngettext("%(num)s price changes", "%(num)s prices change", len(weighed.changed))
    losses = ngettext("%(num)s would be a loss", "%(num)s would be a loss", len(weighed.losses))
    rises = ngettext(
        "%(num)s rises more than %(share)s",
        "%(num)s rise more than %(share)s",
        len(weighed.rises),
        share=format_percent(LARGE_STEP_PERCENT),
    )
    return f"{changed}, {losses}, {rises}"

"""The form of a margin rule, what it stands for as terms, and a rule in words."""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from sqlalchemy import select
from wtforms import ValidationError

from storefront.catalog.ending_lists import read_endings, write_endings
from storefront.catalog.models import Tld, TldGroup
from storefront.core.db import Work
from storefront.core.errors import Refused
from storefront.core.i18n import Text, current_locale, format_money, format_percent, gettext
from storefront.core.i18n import lazy_gettext as _
from storefront.core.money import Money, exponent
from storefront.pricing.models import MarginRule
from storefront.pricing.price_cells import write_amount
from storefront.reseller.price_shown import ACTION_WORDS
from storefront.web.amount_field import Amount
from storefront.web.fields import Choice, Pick, Several, Tick, options
from storefront.web.forms import Form, Line

METHODS: dict[str, Text] = {
    "markup": _("Percent on top of the cost"),
    "margin": _("Percent of the price is margin"),
    "plus": _("Amount on top of the cost"),
    "fixed": _("A fixed price"),
}
NAMES: dict[str, Text] = {
    "standard": _("Names at the usual price"),
    "premium": _("Names with a price of their own (premium)"),
}
ROUNDINGS = ("99", "90", "95", "50", "00")


def optional(label: Any) -> Amount:
    """Make a field for an amount that may stay empty."""
    return Amount(label, optional=True)


class RuleForm(Form):
    """What a rule is for and what it does; empty conditions fit everything."""

    name = Line(_("Name"), longest=80)
    endings = Line(_("Endings"), longest=4_000, optional=True)
    tld_groups = Several(_("Groups of endings"))
    actions = Several(_("What is done"))
    names = Choice(_("Which names"))
    cost_from = optional(_("Cost from"))
    cost_to = optional(_("Cost below"))
    method = Choice(_("The price is"))
    percent = Line(_("Percent"), longest=10, optional=True)
    amount = optional(_("Amount"))
    per_year = Tick(_("The amount counts once a year"))
    at_least = optional(_("Smallest margin"))
    floor = optional(_("Never below"))
    ceiling = optional(_("Never above"))
    rounding = Pick(_("Prices end in"))
    may_lose = Tick(_("May fall below cost"))

    _known: frozenset[str] = frozenset()
    _currency = "EUR"
    _amounts = "gross"

    def offer(self, db: Work, *, currency: str, amounts: str) -> "RuleForm":
        """Fill in what can be chosen in this shop."""
        groups = db.scalars(select(TldGroup).order_by(TldGroup.position, TldGroup.slug))
        self.tld_groups.choices = [(group.slug, group.title.in_(current_locale())) for group in groups]
        self.actions.choices = options(ACTION_WORDS.items())
        self.names.choices = options(NAMES.items())
        self.method.choices = options(METHODS.items())
        ends = [(each, _(".%(digits)s", digits=each)) for each in ROUNDINGS] if exponent(currency) else []
        self.rounding.choices = options([("", _("whatever comes out")), *ends])
        self._known = frozenset(db.scalars(select(Tld.name).distinct()))
        self._currency, self._amounts = currency, amounts
        return self

    @staticmethod
    def usual() -> dict[str, Any]:
        """Return what a new rule begins with."""
        return {"method": "markup", "names": "standard", "percent": "25", "rounding": "99"}

    @staticmethod
    def values_of(row: MarginRule, currency: str) -> dict[str, Any]:
        """Return a rule as the form shows it."""
        terms: Mapping[str, Any] = row.terms

        def amount(name: str) -> str:
            minor = terms.get(name)
            return write_amount(int(minor), currency) if minor not in (None, "") else ""

        return {
            "name": row.name,
            "endings": write_endings(terms.get("endings") or ()),
            "tld_groups": terms.get("tld_groups") or [],
            "actions": terms.get("actions") or [],
            "names": terms.get("names") or "standard",
            "cost_from": amount("cost_from_minor"),
            "cost_to": amount("cost_to_minor"),
            "method": terms.get("method") or "markup",
            "percent": terms.get("percent") or "",
            "amount": amount("amount_minor"),
            "per_year": bool(terms.get("per_year")),
            "at_least": amount("at_least_minor"),
            "floor": amount("floor_minor"),
            "ceiling": amount("ceiling_minor"),
            "rounding": _rounding_of(terms, currency),
            "may_lose": bool(terms.get("may_lose")),
        }

    def validate_percent(self, field: Any) -> None:
        """Refuse what is no percentage where one is needed."""
        if self.method.data not in ("markup", "margin"):
            return
        try:
            percent = Decimal((field.data or "").replace("%", "").replace(",", ".").strip())
        except InvalidOperation:
            percent = Decimal("NaN")
        most = 100 if self.method.data == "margin" else 10_000
        if not percent.is_finite() or not 0 <= percent < most:
            raise ValidationError(str(_("Please type a percentage such as 25; a margin stays below 100.")))

    def validate_amount(self, field: Any) -> None:
        """Ask for an amount where one is needed."""
        if self.method.data in ("plus", "fixed") and not field.data:
            raise ValidationError(str(_("Please type an amount such as 250 or 250.50.")))

    def validate_endings(self, field: Any) -> None:
        """Refuse endings that nobody knows."""
        unknown = read_endings(field.data or "", self._known).unknown
        if unknown:
            raise ValidationError(str(_("Nobody knows the ending “%(ending)s”.", ending=unknown[0][:40])))

    def ending_list(self) -> list[str]:
        """Return the endings that were typed, without their dots."""
        return list(read_endings(self.endings.data or "", self._known).endings)

    def terms(self) -> dict[str, Any]:
        """Return what ``margin_rules.read_rule`` reads."""
        method = self.method.data
        by_percent = method in ("markup", "margin")
        cost_to = self._minor(self.cost_to)
        if cost_to is not None and (self._minor(self.cost_from) or 0) >= cost_to:
            raise Refused(_("“Cost below” must be more than “Cost from”."), field="cost_to")
        if None not in (low := self._minor(self.floor), high := self._minor(self.ceiling)) and (low or 0) > (high or 0):
            raise Refused(_("“Never above” must not be less than “Never below”."), field="ceiling")
        digits = self.rounding.data or ""
        step = 10 ** exponent(self._currency)
        found = {
            "endings": self.ending_list(),
            "tld_groups": list(self.tld_groups.data or ()),
            "actions": list(self.actions.data or ()),
            "names": self.names.data,
            "cost_from_minor": self._minor(self.cost_from),
            "cost_to_minor": self._minor(self.cost_to),
            "method": method,
            "percent": _plain(self.percent.data or "") if by_percent else "",
            "amount_minor": None if by_percent else self._minor(self.amount),
            "per_year": bool(self.per_year.data),
            "at_least_minor": self._minor(self.at_least),
            "floor_minor": self._minor(self.floor),
            "ceiling_minor": self._minor(self.ceiling),
            "step": step if digits else None,
            "digits": int(digits) * step // 100 if digits else None,
            "amounts": self._amounts,
            "may_lose": bool(self.may_lose.data),
        }
        return {name: value for name, value in found.items() if value not in (None, "", [], False)}

    def _minor(self, field: Amount) -> int | None:
        return field.money(self._currency).minor if field.data else None


def _plain(typed: str) -> str:
    number = Decimal(typed.replace("%", "").replace(",", ".").strip()).normalize()
    return format(number, "f")


def _rounding_of(terms: Mapping[str, Any], currency: str) -> str:
    step = int(terms.get("step") or 1)
    if step != 10 ** exponent(currency) or step == 1:
        return ""
    digits = f"{int(terms.get('digits') or 0) * 100 // step:02d}"
    return digits if digits in ROUNDINGS else ""


def rule_words(db: Work, row: MarginRule, currency: str) -> dict[str, Any]:
    """Return a rule in words: what it is for, and what it does."""
    terms: Mapping[str, Any] = row.terms
    method = terms.get("method") or "markup"
    amount = format_money(Money(int(terms.get("amount_minor") or 0), currency))
    percent = format_percent(Decimal(str(terms.get("percent") or 0)))
    does = {
        "markup": gettext("cost + %(percent)s", percent=percent),
        "margin": gettext("%(percent)s margin", percent=percent),
        "plus": gettext("cost + %(amount)s", amount=amount),
        "fixed": gettext("always %(amount)s", amount=amount),
    }.get(method, method)
    rounding = _rounding_of(terms, currency)
    return {
        "does": does,
        "ends": gettext("up to .%(digits)s", digits=rounding) if rounding else "",
        "fits": _conditions(db, terms, currency),
        "may_lose": bool(terms.get("may_lose")),
    }


def _conditions(db: Work, terms: Mapping[str, Any], currency: str) -> list[str]:
    titles = {group.slug: group.title.in_(current_locale()) for group in db.scalars(select(TldGroup))}
    found = [titles.get(slug, slug) for slug in terms.get("tld_groups") or ()]
    endings = [f".{ending}" for ending in terms.get("endings") or ()]
    most = 6
    if endings:
        found.append(", ".join(endings[:most]) + (" …" if len(endings) > most else ""))
    actions = [str(ACTION_WORDS[action]) for action in terms.get("actions") or () if action in ACTION_WORDS]
    if actions:
        found.append(", ".join(actions))
    if terms.get("names") == "premium":
        found.append(str(NAMES["premium"]))
    low, high = terms.get("cost_from_minor"), terms.get("cost_to_minor")
    if low:
        found.append(gettext("cost from %(amount)s", amount=format_money(Money(int(low), currency))))
    if high:
        found.append(gettext("cost below %(amount)s", amount=format_money(Money(int(high), currency))))
    return found or [gettext("Everything")]

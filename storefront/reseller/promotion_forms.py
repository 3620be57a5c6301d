"""The form of a promotion, what it stands for as terms, and the forms of its codes."""

from typing import Any, cast

from flask import g, request
from sqlalchemy import select

from storefront.catalog.ending_lists import read_endings, write_endings
from storefront.catalog.models import Tld, TldGroup
from storefront.core.errors import Refused
from storefront.core.i18n import Text, lazy_words
from storefront.core.i18n import lazy_gettext as _
from storefront.pricing.codes import PREFIX_LONGEST, SERIES_MOST
from storefront.pricing.items import DOMAIN_ACTIONS, LONGEST_TERM
from storefront.pricing.offer_models import Promotion
from storefront.pricing.price_cells import write_amount
from storefront.pricing.promotion_checks import open_groups
from storefront.pricing.promotions import PromotionWish
from storefront.reseller.price_group_forms import Count, Percent
from storefront.reseller.price_shown import ACTION_WORDS
from storefront.reseller.shop_words import shop_locales, words_field, words_of
from storefront.web.amount_field import Amount
from storefront.web.fields import Choice, Several, Tick, options
from storefront.web.forms import Form, Line
from storefront.web.guards import is_unsafe
from storefront.web.moment_field import Moment, on_clocks

LONGEST_TITLE = 60
METHODS: dict[str, Text] = {
    "percent": _("Percent off"),
    "amount": _("An amount off each name"),
    "order_amount": _("An amount off the whole order"),
    "price": _("A price instead"),
}
WHO: dict[str, Text] = {
    "all": _("Everybody, at once"),
    "code": _("Only who types a code"),
}


class RunningForm(Form):
    """What may be changed while a promotion runs; its title in each language is added by ``promotion_form``."""

    name = Line(lazy_words("Name"), longest=80)
    ends_at = Moment(lazy_words("Until"), optional=True)
    max_uses = Count(lazy_words("Orders in all"))
    max_per_customer = Count(lazy_words("Orders of one customer"))
    budget = Amount(lazy_words("Budget"), optional=True)

    def title(self) -> dict[str, str]:
        """Return the title by language; raises ``Refused`` where there is none."""
        found = words_of(self, "title")
        if not found:
            raise Refused(_("Customers read the title; please write one."), field=f"title_{shop_locales()[0]}")
        return found

    def changed(self, row: Promotion) -> PromotionWish:
        """Return the promotion with what was typed, what was offered staying as it is."""
        return PromotionWish(
            name=self.name.data or "",
            title=self.title(),
            starts_at=row.starts_at,
            ends_at=self.ends_at.moment,
            needs_code=row.needs_code,
            terms=row.terms,
            max_uses=self.max_uses.data,
            max_per_customer=self.max_per_customer.data,
            budget_minor=self.budget.money(row.currency).minor if self.budget.data else None,
        )


class PromotionForm(RunningForm):
    """All of a promotion that is still a draft."""

    who = Choice(lazy_words("Who gets it"), default="all")
    starts_at = Moment(lazy_words("From"))
    method = Choice(lazy_words("What it does"), default="percent")
    percent = Percent(lazy_words("Percent"), longest=8, optional=True)
    amount = Amount(lazy_words("Amount"), optional=True)
    first_year_only = Tick(lazy_words("Only on the first year of a longer term"))
    endings = Line(lazy_words("Endings"), longest=4_000, optional=True)
    tld_groups = Several(lazy_words("Groups of endings"))
    actions = Several(lazy_words("What is done"))
    years = Several(lazy_words("Terms in years"))
    price_groups = Several(lazy_words("Price groups"))
    new_customers_only = Tick(lazy_words("Only for customers who have not ordered before"))
    with_premium = Tick(lazy_words("Also for names with a price of their own"))
    combines = Tick(lazy_words("Counts together with others that say so too"))
    min_quantity = Count(lazy_words("From so many names on"), most=100)
    min_total = Amount(lazy_words("From this total on"), optional=True)
    is_announced = Tick(lazy_words("Show it as a reduction, with the price before"))
    may_lose = Tick(lazy_words("May sell below cost"))

    def offer(self) -> None:
        """Fill in what can be chosen in this shop."""
        groups = g.db.scalars(select(TldGroup).order_by(TldGroup.position, TldGroup.slug))
        self.who.choices = options(WHO.items())
        self.method.choices = options(METHODS.items())
        self.tld_groups.choices = [(group.slug, group.title.in_(g.locale)) for group in groups]
        self.actions.choices = options((action, ACTION_WORDS[action]) for action in DOMAIN_ACTIONS)
        self.years.choices = [(str(years), str(years)) for years in range(1, LONGEST_TERM + 1)]
        self.price_groups.choices = [(str(group_id), name) for group_id, name in open_groups(g.db)]

    def wish(self, currency: str) -> PromotionWish:
        """Return what was typed. Raises ``Refused`` naming what to mend."""
        budget = self.budget.money(currency).minor if self.budget.data else None
        return PromotionWish(
            name=self.name.data or "",
            title=self.title(),
            starts_at=self.starts_at.moment or g.db.now,
            ends_at=self.ends_at.moment,
            needs_code=self.who.data == "code",
            terms=self._terms(currency),
            max_uses=self.max_uses.data,
            max_per_customer=self.max_per_customer.data,
            budget_minor=budget,
        )

    def _terms(self, currency: str) -> dict[str, Any]:
        terms: dict[str, Any] = {"method": self.method.data, **self._reward(currency)}
        terms |= {
            "endings": self._endings(),
            "tld_groups": list(self.tld_groups.data or ()),
            "actions": list(self.actions.data or ()),
            "years": [int(each) for each in self.years.data or ()],
            "price_groups": list(self.price_groups.data or ()),
            "min_quantity": self.min_quantity.data,
            "min_total_minor": self.min_total.money(currency).minor if self.min_total.data else None,
        }
        ticks = ("first_year_only", "new_customers_only", "with_premium", "combines", "may_lose")
        terms |= {name: True for name in ticks if self[name].data}
        kept = {name: value for name, value in terms.items() if value not in (None, [], "")}
        return {**kept, "is_announced": bool(self.is_announced.data)}

    def _reward(self, currency: str) -> dict[str, Any]:
        if self.method.data == "percent":
            percent = self.percent.decimal if self.percent.data else None
            if not percent:
                raise Refused(_("Please say how many percent."), field="percent")
            return {"percent": f"{percent.normalize():f}"}
        if not self.amount.data:
            raise Refused(_("Please type an amount such as 250 or 250.50."), field="amount")
        return {"amount_minor": self.amount.money(currency).minor}

    def _endings(self) -> list[str]:
        read = read_endings(self.endings.data or "", frozenset(g.db.scalars(select(Tld.name).distinct())))
        if read.unknown:
            raise Refused(_("Nobody knows the ending “%(ending)s”.", ending=read.unknown[0][:40]), field="endings")
        return list(read.endings)


def promotion_form(row: Promotion | None, currency: str) -> PromotionForm | RunningForm:
    """Make the form for a new promotion or for a draft; for one that runs, the form of what may be changed."""
    fields = {f"title_{locale}": words_field(_("Title"), locale, longest=LONGEST_TITLE) for locale in shop_locales()}
    kept = _values_of(row, currency) if row is not None else _usual()
    base = PromotionForm if row is None or row.state == "draft" else RunningForm
    form: Any = type("PromotionFormHere", (base,), fields)(formdata=request.form if is_unsafe() else None, data=kept)
    if base is PromotionForm:
        form.offer()
    return cast("PromotionForm | RunningForm", form)


def _usual() -> dict[str, Any]:
    return {
        "starts_at": on_clocks(g.db.now.replace(second=0, microsecond=0)),
        "actions": ["register"],
        "is_announced": True,
    }


def _values_of(row: Promotion, currency: str) -> dict[str, Any]:
    terms = row.terms

    def amount(minor: Any) -> str:
        return "" if minor in (None, "") else write_amount(int(minor), currency)

    return {
        "name": row.name,
        **{f"title_{locale}": row.title.get(locale, "") for locale in shop_locales()},
        "who": "code" if row.needs_code else "all",
        "starts_at": on_clocks(row.starts_at),
        "ends_at": on_clocks(row.ends_at),
        "method": terms.get("method", "percent"),
        "percent": terms.get("percent", ""),
        "amount": amount(terms.get("amount_minor")),
        "endings": write_endings(terms.get("endings") or ()),
        **{name: [str(each) for each in terms.get(name) or ()] for name in LISTS},
        **{name: bool(terms.get(name)) for name in TICKS},
        "is_announced": bool(terms.get("is_announced", True)),
        "min_quantity": terms.get("min_quantity"),
        "min_total": amount(terms.get("min_total_minor")),
        "max_uses": row.max_uses,
        "max_per_customer": row.max_per_customer,
        "budget": amount(row.budget_minor),
    }


LISTS = ("tld_groups", "actions", "years", "price_groups")
TICKS = ("first_year_only", "new_customers_only", "with_premium", "combines", "may_lose")


class CodeForm(Form):
    """One code that people can remember."""

    promotion = Choice(lazy_words("Promotion"))
    code = Line(lazy_words("Code"), longest=40)
    max_uses = Count(lazy_words("Orders in all"))
    customer = Line(lazy_words("Only for the customer"), longest=20, optional=True)


class SeriesForm(Form):
    """Many codes at once."""

    promotion = Choice(lazy_words("Promotion"))
    name = Line(lazy_words("Name of the series"), longest=60)
    count = Count(lazy_words("How many codes"), most=SERIES_MOST)
    prefix = Line(lazy_words("They begin with"), longest=PREFIX_LONGEST + 1, optional=True)
    max_uses = Count(lazy_words("Orders for each code"))


class EndingForm(Form):
    """How lowered prices end."""

    digits = Choice(lazy_words("Lowered prices end in"))


class CopyForm(Form):
    """What a copy is called."""

    name = Line(lazy_words("Name of the copy"), longest=80)

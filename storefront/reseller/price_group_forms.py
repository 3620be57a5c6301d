"""The forms of price groups: a group, a single price of its own, customers to move, and where they go at its end."""

from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

from wtforms import IntegerField, ValidationError
from wtforms.validators import NumberRange, Optional

from storefront.core.errors import Refused
from storefront.core.i18n import lazy_gettext as _
from storefront.core.i18n import lazy_words
from storefront.core.money import Money
from storefront.pricing.groups import FULL, GroupWish
from storefront.pricing.items import BY_THE_YEAR, DOMAIN_ACTIONS, LONGEST_TERM
from storefront.pricing.models import MAIN_LINE
from storefront.pricing.offer_models import PriceGroup
from storefront.pricing.price_cells import read_amount, write_amount
from storefront.reseller.price_shown import ACTION_WORDS
from storefront.web.amount_field import Amount
from storefront.web.fields import Pick, Tick, options
from storefront.web.forms import Form, Line

NO_GROUP = "none"
MOST = 1_000_000
DIGITS = 9


class Count(IntegerField):
    """A whole number above zero, or nothing."""

    def __init__(self, label: Any = None, *, most: int = MOST, **kwargs: Any) -> None:
        said = lazy_words("Please type a whole number from 1 to %(most)s, or leave it empty.", most=most)
        super().__init__(label, [Optional(), NumberRange(1, most, message=said)], **kwargs)

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read what was typed, in plain words where it is no number, or has more digits than anybody counts."""
        try:
            if valuelist and len(valuelist[0].strip()) > DIGITS:
                raise ValueError  # noqa: TRY301 - said in the same words as a number that is none
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(str(_("Please type a whole number, or leave it empty."))) from None


class Percent(Line):
    """A percentage between nothing and everything, typed with a point or a comma."""

    def pre_validate(self, form: Any) -> None:
        """Refuse what is no percentage."""
        super().pre_validate(form)
        if self.data and self.decimal is None:
            raise ValidationError(str(_("Please type a percentage between 0 and 100, such as 12.5.")))

    @property
    def decimal(self) -> Decimal | None:
        """What was typed; ``None`` if it is no percentage."""
        try:
            found = Decimal((self.data or "0").replace("%", "").replace(",", ".").strip())
        except InvalidOperation:
            return None
        is_sound = found.is_finite() and 0 <= found <= FULL and found == found.quantize(Decimal("0.001"))
        return found if is_sound else None


class GroupForm(Form):
    """A price group."""

    name = Line(lazy_words("Name"), longest=60)
    line = Pick(lazy_words("Price list"))
    discount_percent = Percent(lazy_words("Discount on every price"), longest=8, optional=True)
    is_default = Tick(lazy_words("For everybody who is in no group"))
    from_domains = Count(lazy_words("Domains"))
    from_turnover = Amount(lazy_words("Paid in twelve months, without VAT"), optional=True)
    may_lose = Tick(lazy_words("This group may buy below cost"))

    @staticmethod
    def values_of(group: PriceGroup, currency: str) -> dict[str, Any]:
        """Return a group as the form shows it."""
        turnover = group.from_turnover_minor
        return {
            "name": group.name,
            "line": group.line,
            "discount_percent": f"{group.discount_percent.normalize():f}",
            "is_default": group.is_default,
            "from_domains": group.from_domains,
            "from_turnover": "" if turnover is None else write_amount(turnover, currency),
        }

    def offer(self, lines: list[str]) -> "GroupForm":
        """Fill in the lines of price lists that can be chosen."""
        said = [(line, _("The list that everybody sees") if line == MAIN_LINE else line) for line in lines]
        self.line.choices = options(said)
        return self

    def wish(self, currency: str) -> GroupWish:
        """Return what was typed."""
        turnover = self.from_turnover.money(currency).minor if self.from_turnover.data else None
        return GroupWish(
            name=self.name.data or "",
            line=self.line.data,
            discount_percent=self.discount_percent.decimal or Decimal(0),
            is_default=bool(self.is_default.data),
            from_domains=self.from_domains.data,
            from_turnover_minor=turnover,
        )


class SinglePriceForm(Form):
    """A price of a group's own."""

    ending = Line(lazy_words("Ending"), longest=64)
    action = Pick(lazy_words("What is done"))
    years = Pick(lazy_words("Years"))
    amount = Line(lazy_words("Price"), longest=20)
    price_may_lose = Tick(lazy_words("This group may buy below cost"))

    def offer(self) -> "SinglePriceForm":
        """Fill in what can be chosen."""
        self.action.choices = options((action, ACTION_WORDS[action]) for action in DOMAIN_ACTIONS)
        self.years.choices = [(str(years), str(years)) for years in range(1, LONGEST_TERM + 1)]
        return self

    @property
    def key(self) -> tuple[str, str, int]:
        """Ending, action and years; what is paid once has one year in lists."""
        years = int(self.years.data) if self.action.data in BY_THE_YEAR else 1
        return ((self.ending.data or "").lower().strip("."), self.action.data, years)

    def money(self, currency: str) -> Money:
        """Return the amount; raises ``Refused`` for what is none."""
        try:
            found = read_amount(self.amount.data or "", currency)
        except ValueError:
            found = None
        if found is None:
            raise Refused(_("Please type an amount such as 250 or 250.50."), field="amount")
        return found


class MoveForm(Form):
    """Where customers go; empty is no group."""

    group = Pick(lazy_words("Move to"))
    may_lose = Tick(lazy_words("This group may buy below cost"))

    def offer(self, groups: Iterable[PriceGroup]) -> "MoveForm":
        """Fill in the groups, and none of them."""
        self.group.choices = options([*((str(each.id), each.name) for each in groups), (NO_GROUP, _("no group"))])
        return self

    @property
    def group_id(self) -> UUID | None:
        """The chosen group; ``None`` is none of them."""
        return None if self.group.data == NO_GROUP else UUID(self.group.data)


class CloseForm(Form):
    """Where the customers of a group go at its end."""

    move_to = Pick(lazy_words("Its customers"))
    may_lose = Tick(lazy_words("This group may buy below cost"))

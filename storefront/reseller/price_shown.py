"""What the pages of price lists show: how amounts are written, figures above the grid, a list's state in words."""

from collections.abc import Collection, Hashable, Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

from babel.numbers import get_decimal_symbol, get_minus_sign_symbol
from sqlalchemy import func, select

from storefront.catalog.tld_groups import EVERYTHING, groups
from storefront.core.db import Work
from storefront.core.errors import Refused
from storefront.core.i18n import Text, babel_locale, current_locale, gettext, ngettext
from storefront.core.i18n import lazy_gettext as _
from storefront.core.memory import Memory
from storefront.core.money import Money, exponent, round_half_up
from storefront.core.numbers import read_whole
from storefront.portfolio.models import Domain
from storefront.pricing.items import BY_THE_YEAR, DOMAIN_ACTIONS, LONGEST_TERM
from storefront.pricing.models import MAIN_LINE
from storefront.pricing.price_cells import CellKey, earning, losing, middle_margin, write_amount
from storefront.pricing.price_sheet import PriceSheet

ACTION_WORDS: dict[str, Text] = {
    "register": _("Register"),
    "renew": _("Renew"),
    "transfer": _("Transfer"),
    "restore": _("Restore"),
    "trade": _("Change of owner"),
    "backorder": _("Back-order"),
}
# What an input is called for who does not see the column.
PRICE_OF: dict[str, Text] = {
    "register": _("Price to register %(ending)s"),
    "renew": _("Price to renew %(ending)s"),
    "transfer": _("Price to transfer %(ending)s"),
    "restore": _("Price to restore %(ending)s"),
    "trade": _("Price to change the owner of %(ending)s"),
    "backorder": _("Price to back-order %(ending)s"),
}
STATES: dict[str, tuple[Text, str, str]] = {
    "draft": (_("Draft"), "warning", "pencil"),
    "scheduled": (_("Scheduled"), "info", "clock"),
    "live": (_("Live"), "success", "ok"),
    "past": (_("Replaced"), "neutral", "minus"),
}
VIEWS: dict[str, Text] = {
    "": _("Everything"),
    "loss": _("Sold at a loss"),
    "thin": _("Little left"),
    "changed": _("Changed prices"),
    "hand": _("Set by hand"),
    "missing": _("Without a price"),
}
MOST_PAGES = 1_000
# No draft is changed so often, and the column holds it.
MOST_CHANGES = 1_000_000_000
# Beside these columns margin and share stand, too: they are what a shop lives of.
IN_FULL = ("register", "renew")
TOUCHED_WITHIN = timedelta(days=90)


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What of a list is to be seen: a number of years, a pattern, a group of endings, a view, a page."""

    years: int = 1
    pattern: str = ""
    group: str = ""
    view: str = ""
    page: int = 1

    def values(self) -> dict[str, Any]:
        """Return what an address must carry to show the same."""
        found = {"years": self.years, "q": self.pattern, "group": self.group, "view": self.view, "page": self.page}
        return {
            name: value for name, value in found.items() if value and (name, value) not in (("years", 1), ("page", 1))
        }


def wanted_from(values: Mapping[str, str]) -> Wanted:
    """Read what is to be seen; nonsense shows everything."""
    years, page = values.get("years", ""), values.get("page", "")
    return Wanted(
        years=read_whole(years, least=1, most=LONGEST_TERM) or 1,
        pattern="".join(letter for letter in values.get("q", "")[:60] if letter.isprintable()).strip(),
        group=values.get("group", "")[:60],
        view=values.get("view", "") if values.get("view") in VIEWS else "",
        page=read_whole(page, least=1, most=MOST_PAGES) or 1,
    )


@dataclass(frozen=True, kw_only=True)
class Look:
    """How amounts are written in the language of the page."""

    currency: str
    point: str
    minus: str

    @classmethod
    def of(cls, currency: str) -> "Look":
        """Return the look of amounts in a currency here and now."""
        tag = babel_locale(current_locale())
        return cls(currency=currency, point=get_decimal_symbol(tag), minus=get_minus_sign_symbol(tag))

    def amount(self, minor: int | None) -> str:
        """Write an amount as a cell holds it."""
        if minor is None:
            return ""
        # A true minus, as wide as a digit; the hyphen of some languages is too short to be seen in a column.
        return ("\u2212" if minor < 0 else "") + write_amount(abs(minor), self.currency, self.point)

    def percent(self, percent: Decimal, digits: int = 0) -> str:
        """Write a percentage."""
        rounded = round_half_up(abs(percent) * 10**digits)
        text = f"{rounded // 10**digits}{self.point}{rounded % 10**digits}" if digits else str(rounded)
        return ("\u2212" if percent < 0 and rounded else "") + f"{text}\u00a0%"


def field_name(key: CellKey) -> str:
    """Name the field of a cell: ``register.1.com``."""
    return f"{key.action}.{key.years}.{key.ending}"


def key_from(name: str) -> CellKey | None:
    """Read the name of a field; ``None`` for the name of another one."""
    action, _point, rest = name.partition(".")
    years, _point, ending = rest.partition(".")
    number = read_whole(years, most=LONGEST_TERM)
    if action not in DOMAIN_ACTIONS or number is None or not ending:
        return None
    return CellKey(ending, action, number)


def revision_from(values: Mapping[str, str]) -> int:
    """Read which state of a list a page was made from; raises ``Refused`` for what no page of ours sends."""
    found = read_whole(values.get("revision", ""), most=MOST_CHANGES)
    if found is None:
        raise Refused(_("Please open the page again and repeat what you did."))
    return found


def figures(db: Work, sheet: PriceSheet) -> dict[str, Any]:
    """Return the figures above the grid: endings, losses, middle margin, renewals whose price changes soon."""
    look = Look.of(sheet.terms.currency)
    losses: dict[str, int] = {}
    for key in losing(sheet.prices, sheet.costs, sheet.terms):
        losses[key.action] = losses.get(key.action, 0) + 1
    middle = middle_margin(sheet.prices, sheet.costs, sheet.terms)
    was = _middle_of_held(sheet) if sheet.live_row is not sheet.row else None
    changed = sheet.changed_keys() if sheet.live_row is not sheet.row else []
    return {
        "endings": len({key.ending for key in sheet.prices} & set(sheet.offered)),
        "offered": len(sheet.offered),
        "losses": sum(losses.values()),
        "losses_words": ", ".join(loss_words(losses)),
        "middle": look.percent(middle, 1) if middle is not None else "",
        "was": look.percent(was, 1) if was is not None and sheet.row.published_at is None else "",
        "changes": len(changed),
        "touched": touched_renewals(db, {key.ending for key in changed if key.action == "renew"}),
    }


# By list and how it counts: the prices and costs it was reckoned from, and what came out.
_MIDDLES: Memory[Hashable, tuple[Mapping[CellKey, int], Mapping[CellKey, Money], Decimal | None]] = Memory(8)


def _middle_of_held(sheet: PriceSheet) -> Decimal | None:
    """Return the middle margin of what holds now: it moves with costs alone, so it is kept as long as they are."""
    place = (sheet.live_row.id if sheet.live_row is not None else None, sheet.terms)
    kept = _MIDDLES.find(place)
    if kept is None or kept[0] is not sheet.live or kept[1] is not sheet.costs:
        kept = (sheet.live, sheet.costs, middle_margin(sheet.live, sheet.costs, sheet.terms))
        _MIDDLES.keep(place, kept)
    return kept[2]


def loss_words(losses: Mapping[str, int]) -> list[str]:
    """Say how many prices of which kind lie below cost."""
    registered, renewed = losses.get("register", 0), losses.get("renew", 0)
    others = sum(losses.values()) - registered - renewed
    found = [
        ngettext("%(num)s to register", "%(num)s to register", registered) if registered else "",
        ngettext("%(num)s to renew", "%(num)s to renew", renewed) if renewed else "",
        ngettext("%(num)s other", "%(num)s others", others) if others else "",
    ]
    return [words for words in found if words]


def touched_renewals(db: Work, endings: Collection[str]) -> int:
    """Count the names that fall due within ninety days under endings whose renewal changes its price."""
    if not endings:
        return 0
    due = (Domain.closed_at.is_(None), Domain.paid_until.between(db.now, db.now + TOUCHED_WITHIN))
    return db.scalar(select(func.count()).select_from(Domain).where(Domain.ending.in_(endings), *due)) or 0


def group_choices(db: Work) -> tuple[list[tuple[str, str]], dict[str, Collection[str]]]:
    """Return the groups of endings to filter by, in words, and their endings."""
    found = groups(db)
    return [("", gettext("All groups")), *((group.slug, group.title.in_(current_locale())) for group in found)], {
        group.slug: group.endings for group in found if group.slug != EVERYTHING
    }


def line_words(line: str) -> str:
    """Name a line of lists."""
    return gettext("Everybody") if line == MAIN_LINE else line


def change_rows(changes: Iterable[Any], sheet: PriceSheet, most: int) -> list[dict[str, Any]]:
    """Return changes as lines of a table, the first ``most`` of them."""
    look = Look.of(sheet.terms.currency)
    found = []
    for change in list(changes)[:most]:
        rules = sheet.rules.get(change.key.ending)
        earned = earning(change.after, change.cost, sheet.terms) if change.after is not None else None
        percent = change.percent
        found.append(
            {
                "ending": "." + (rules.unicode if rules else change.key.ending),
                "action": ACTION_WORDS[change.key.action],
                "years": change.key.years if change.key.action in BY_THE_YEAR else None,
                "before": change.before,
                "after": change.after,
                "cost": change.cost,
                "left": earned.left if earned is not None else None,
                "is_loss": earned is not None and earned.is_loss,
                "percent": (("+" if percent > 0 else "") + look.percent(percent)) if percent is not None else "",
            }
        )
    return found


def digits_of(currency: str) -> int:
    """Return the digits behind the point of a currency, for the script."""
    return exponent(currency)

"""rule: what a price can be asked for: an action on a name under an ending, or on another product."""

from dataclasses import dataclass
from typing import Literal

from storefront.core.money import Money

Action = Literal["register", "renew", "transfer", "restore", "trade", "backorder", "setup", "recurring"]
# Of a domain: ending, action, years. Of anything else: kind, code, action, years.
PriceKey = tuple[str, Action, int]
ProductKey = tuple[str, str, Action, int]
DOMAIN = "domain"
DOMAIN_ACTIONS: tuple[Action, ...] = ("register", "renew", "transfer", "restore", "trade", "backorder")
# Priced for a term of years; the other actions on a name are one sum.
BY_THE_YEAR: tuple[Action, ...] = ("register", "renew")
# No registry sells more at once (ICANN's registry agreement, specification 6).
LONGEST_TERM = 10


@dataclass(frozen=True, kw_only=True)
class Item:
    """Something whose price is asked: an action on a name under an ending, for a number of years.

    ``key`` is the caller's own, to find the answer again. ``premium`` is what the registry asks for the whole term
    of this very name, net and in its currency; ``premium_renewal`` what it will ask for one more year. ``promised`` is
    the price before promotions that this very item was promised, in the currency of the book: it costs no more. Of
    another ``kind`` (hosting, email, ssl, redirect) ``ending`` is the product's code.
    """

    key: str
    ending: str
    action: Action
    years: int
    premium: Money | None = None
    premium_renewal: Money | None = None
    promised: Money | None = None
    kind: str = DOMAIN

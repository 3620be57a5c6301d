"""What customers of a group would pay less for than it costs: to be seen by whoever gives them these prices."""

from collections.abc import Collection, Sequence
from dataclasses import replace

from storefront.core.db import Work
from storefront.core.errors import Refused
from storefront.core.i18n import format_money
from storefront.core.i18n import lazy_gettext as _
from storefront.pricing.offer_models import PriceGroup
from storefront.pricing.promotion_losses import losing_prices, words_of_offer
from storefront.pricing.promotion_trials import Affected, count_words

Key = tuple[object, ...]


class Loses(Refused):
    """Prices that lie below cost and were not seen by anybody; ``losses`` are all of them, the dearest first."""

    def __init__(self, losses: Sequence[Affected], name: str, field: str) -> None:
        worst = losses[0]
        said = _(
            "Customers of “%(group)s” would pay %(price)s for this, which is less than it costs you: %(what)s. Prices "
            "below cost in all: %(num)s. Take less off, or tick that this group may buy below cost.",
            group=name,
            price=format_money(worst.after),
            what=words_of_offer(replace(worst, group="")),
            num=count_words(losses),
        )
        super().__init__(said, field=field)
        self.losses = losses


def known_losses(db: Work, group: PriceGroup | None) -> frozenset[Key]:
    """Return what a group (``None``: everybody else) buys below cost already; to be asked before anything changes."""
    return frozenset(each.key[1:] for each in losing_prices(db, group))


def require_no_new_loss(db: Work, group: PriceGroup, known: Collection[Key], *, field: str = "may_lose") -> None:
    """Raise ``Loses`` if a group would buy below cost what it did not before, alone or with what runs or will run.

    ``field`` is the one that says that it may.
    """
    losses = [each for each in losing_prices(db, group) if each.key[1:] not in known]
    if losses:
        raise Loses(losses, group.name, field)

"""The prices that a promotion changes, as its page shows them: with cost, what is left, and the lowest before."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from flask import g, request, url_for

from storefront.core.money import Money
from storefront.pricing.amounts import HUNDRED
from storefront.pricing.history import History, lowest_before, price_history
from storefront.pricing.offer_models import Promotion
from storefront.pricing.promotion_losses import words_of_offer
from storefront.pricing.promotion_trials import Affected
from storefront.web.lists import Links

# So many prices are shown beside everything else, and so many on a page of all of them.
EXAMPLES = 8
A_PAGE = 50
MOST_LOSSES = 100


def shown_prices(promotion: Promotion, affected: Sequence[Affected], *, all_of_them: bool) -> dict[str, Any]:
    """Return rows of the prices and links to the others: losses first, then the shortest terms."""
    ordered = sorted(affected, key=_order)
    first = min(_asked(), max(len(ordered) - 1, 0)) // A_PAGE * A_PAGE if all_of_them else 0
    some = ordered[first : first + (A_PAGE if all_of_them else EXAMPLES)]
    seen = _seen(some)
    return {
        "examples": [_row(each, promotion, seen) for each in some],
        "count": len(ordered),
        "pager": _links(promotion, first, len(some), len(ordered)) if all_of_them else None,
    }


def _order(each: Affected) -> tuple[bool, int, str, str, str]:
    return (not each.is_loss, each.item.years, each.item.ending, each.item.action, each.group)


def _asked() -> int:
    """Read from which row on; nonsense begins at the top."""
    typed = request.args.get("from", "")[:6]
    return int(typed) if typed.isascii() and typed.isdecimal() else 0


def _links(promotion: Promotion, first: int, shown: int, total: int) -> Links:
    def address(start: int) -> str:
        values: dict[str, Any] = {"from": start} if start else {}
        return url_for(".prices", promotion_id=promotion.id, **values)

    return Links(
        earlier=address(first - A_PAGE) if first else None,
        later=address(first + A_PAGE) if first + A_PAGE < total else None,
        first=first + 1,
        last=first + shown,
        total=total,
    )


def _seen(some: Sequence[Affected]) -> dict[Any, History]:
    return {
        group_id: price_history(
            g.db, group_id=group_id, items=[each.item for each in some if each.group_id == group_id]
        )
        for group_id in dict.fromkeys(each.group_id for each in some)
    }


def _row(each: Affected, promotion: Promotion, seen: dict[Any, History]) -> dict[str, Any]:
    begins = max(promotion.starts_at, g.db.now) if promotion.state == "draft" else promotion.starts_at
    net = each.left + each.cost if each.left is not None and each.cost is not None else None
    return {
        "words": words_of_offer(each, but=promotion.name),
        "before": each.before,
        "after": each.after,
        "cost": each.cost,
        "left": each.left,
        "share": _share(each.left, net),
        "lowest": lowest_before(seen[each.group_id], each.item, begins),
        "is_loss": each.is_loss,
    }


def _share(left: Money | None, net: Money | None) -> Decimal | None:
    if left is None or not net:
        return None
    return (Decimal(left.minor) * HUNDRED / net.minor).quantize(Decimal("0.1"))


def loss_rows(losses: Sequence[Affected], promotion: Promotion) -> list[dict[str, Any]]:
    """Describe what would be sold below cost."""
    return [
        {"words": words_of_offer(each, but=promotion.name), "after": each.after, "cost": each.cost, "left": each.left}
        for each in losses[:MOST_LOSSES]
    ]

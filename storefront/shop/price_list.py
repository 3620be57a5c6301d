"""/price-list: every price and fee of this shop, by ending and period; always complete (ICANN ERRP 4.1)."""

from collections.abc import Mapping, Sequence

from flask import Blueprint, Response, abort, g, request, url_for

from cms.head import known_at
from storefront.catalog.ending_facts import ending_sections
from storefront.core.i18n import current_locale, ngettext
from storefront.core.kept import end_of_day
from storefront.pricing.history_rules import History
from storefront.pricing.items import Item
from storefront.pricing.queries import Shelf
from storefront.pricing.seen_before import seen_before
from storefront.shop.buyer import this_shop
from storefront.shop.price_rows import (
    Terms,
    ending_prices,
    groups_of,
    items_in_offers,
    items_of,
    listed_terms,
    periods,
    price_rows,
)
from storefront.web.guards import PUBLIC, reads
from storefront.web.lists import wanted_of
from storefront.web.rendering import page, storable

bp = Blueprint("price_list", __name__, url_prefix="/price-list")


@bp.get("", defaults={"years": 1})
@bp.get("/<int:years>")
@reads(PUBLIC)
def list(years: int) -> Response:  # noqa: A001 - the verb of every list
    """Every ending with its four prices for a period; ``?q=`` and ``?group=`` leave some out."""
    shop = this_shop()
    sold_for = periods(shop)
    if years not in (sold_for or (1,)):
        abort(404)
    wanted, group = wanted_of(), _group_of(shop)
    sold = listed_terms(shop, years)
    listed = _fitting(shop, sold, wanted, group)
    seen = _seen(shop, items_in_offers(shop, listed, now=g.db.now))
    return _kept(
        page(
            rows=price_rows(shop, years, now=g.db.now, seen=seen, listed=listed),
            total=len(sold),
            years=years,
            periods=_chips(sold_for, years),
            groups=[each for each in shop.groups if each.slug],
            group=group,
            wanted=wanted,
            language=current_locale(),
            offers=seen is not None,
            known=known_at(url_for(".list", years=years).removeprefix(request.script_root)),
        )
    )


@bp.get("/<ending>")
@reads(PUBLIC)
def show(ending: str) -> Response:
    """One ending: all its prices, who may register, what happens when the term ends."""
    shop = this_shop()
    offered = shop.endings.get(ending)
    if offered is None:
        abort(404)
    seen = _seen(shop, items_of(shop, ending))
    return _kept(
        page(
            ending=offered,
            prices=ending_prices(shop, ending, now=g.db.now, seen=seen),
            sections=ending_sections(offered.rules),
            known=known_at(url_for(".show", ending=ending).removeprefix(request.script_root)),
            offers=seen is not None,
        )
    )


def _chips(sold_for: Sequence[int], years: int) -> Sequence[tuple[str, str, bool, None]]:
    """Return the periods as links for ``chips`` of macros/pages.html."""
    return [
        (ngettext("%(num)s year", "%(num)s years", each), url_for(".list", years=each), each == years, None)
        for each in sold_for
    ]


def _seen(shop: Shelf, items: Sequence[Item]) -> History | None:
    """Return what was shown before of what an offer makes cheaper; asks nothing where no offer runs."""
    return seen_before(g.db, items, shop.book, version=g.place.version)


def _group_of(shop: Shelf) -> str:
    asked = request.args.get("group", "")
    return asked if any(group.slug == asked for group in shop.groups) else ""


def _fitting(shop: Shelf, sold: Mapping[str, Terms], wanted: str, group: str) -> Mapping[str, Terms]:
    """Leave out what the filter does not ask for."""
    bare = wanted.lower().strip(". ")
    if not bare and not group:
        return sold
    groups = groups_of(shop)
    return {
        ending: terms
        for ending, terms in sold.items()
        if (not group or group in groups.get(ending, ()))
        and (bare in ending or bare in shop.endings[ending].shown.lower())
    }


def _kept(response: Response) -> Response:
    """Let the front keep the page until the shop changes, at most to the end of the day: then other prices may hold."""
    left = int((end_of_day(g.db) - g.db.now).total_seconds())
    kept = storable(response)
    if "X-Vitrine-Ready" in kept.headers:
        kept.headers["X-Vitrine-Ready"] = str(max(left, 1))
    return kept

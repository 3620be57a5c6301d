"""/reseller/price-lists/<id>/…: changing cells by hand, in bulk or by rule; and why a price is so."""

from collections.abc import Collection
from dataclasses import replace
from typing import cast
from uuid import UUID

from flask import Blueprint, Response, g, jsonify, request
from werkzeug.wrappers import Response as AnyResponse

from storefront.catalog.offers import rules_on
from storefront.core.errors import NotFound, Refused
from storefront.core.i18n import lazy_gettext as _
from storefront.core.i18n import ngettext
from storefront.core.money import Money
from storefront.identity.permissions import Permission
from storefront.pricing.book import price_book
from storefront.pricing.bulk_rules import bulk_changes
from storefront.pricing.explain import explain
from storefront.pricing.items import BY_THE_YEAR, Item, PriceKey
from storefront.pricing.margin_rule_changes import active_rules, ruled_changes, ruled_price
from storefront.pricing.models import PriceList
from storefront.pricing.price_cells import CellKey, Change, read_amount, weigh
from storefront.pricing.price_lists import change_prices, require_draft
from storefront.pricing.price_sheet import PriceSheet, price_sheet, prices_of
from storefront.pricing.sheet_costs import known_rates_of
from storefront.pricing.wholesale import current_costs
from storefront.reseller.bulk_form import chosen_keys, read_bulk, summary
from storefront.reseller.grid_rows import Typed
from storefront.reseller.price_grid import grid
from storefront.reseller.price_shown import (
    ACTION_WORDS,
    Look,
    change_rows,
    field_name,
    figures,
    key_from,
    revision_from,
    wanted_from,
)
from storefront.web.fields import Tick
from storefront.web.forms import Form
from storefront.web.guards import acts, reads
from storefront.web.rendering import done, page, render_part

bp = Blueprint("cells", __name__)

MOST_SHOWN = 200


def is_script() -> bool:
    """Whether the grid's script asks, which wants JSON."""
    return request.headers.get("X-Requested-With") == "script"


@bp.post("/<uuid:list_id>/cells")
@acts(Permission.PRICING_MANAGE, audit="price_list.changed")
def save(list_id: UUID) -> AnyResponse:
    """Keep what was typed: from the whole page without scripts, or the cells that a script sends."""
    row = g.db.require(PriceList, list_id)
    require_draft(row)
    if is_script():
        return _kept(row)
    sheet = price_sheet(g.db, row)
    wishes, wrong = _wishes(row, set(sheet.endings))
    if wrong:
        raised = {key: request.form[field_name(key)][:20] for key in wrong}
        answer = page(
            "reseller/price_lists/show.html", status=422, **grid(sheet, typed=Typed(words=raised, wrong=wrong))
        )
        g.refusal = True
        return answer
    changes = {key: minor for key, minor in wishes.items() if sheet.prices.get(key) != minor}
    change_prices(g.db, row, changes, revision=revision_from(request.form))
    values = wanted_from(request.form).values()
    words = ngettext("%(num)s price is saved.", "%(num)s prices are saved.", len(changes))
    return done(words if changes else _("Nothing was changed."), "reseller.price_lists.show", list_id=row.id, **values)


def _kept(row: PriceList) -> Response:
    """Keep the cells that the script sent. The figures above the grid it asks for when the typing rests."""
    wishes, wrong = _wishes(row, set(rules_on(g.db, g.db.today)))
    if wrong:
        raise Refused(_("This is no amount. Write it like 12.90."))
    before = prices_of(g.db, row, wishes)
    changes = {key: minor for key, minor in wishes.items() if before.get(key) != minor}
    return jsonify(revision=change_prices(g.db, row, changes, revision=revision_from(request.form)))


def _wishes(row: PriceList, known: Collection[str]) -> tuple[dict[CellKey, int | None], set[CellKey]]:
    """Read the cells that were sent: what they are to be, and those that are no amounts."""
    wishes: dict[CellKey, int | None] = {}
    wrong: set[CellKey] = set()
    for name, typed in request.form.items():
        key = key_from(name)
        if key is None or key.ending not in known:
            continue
        try:
            amount = read_amount(typed, row.currency)
        except ValueError:
            wrong.add(key)
            continue
        wishes[key] = amount.minor if amount is not None else None
    return wishes, wrong


def _told(row: PriceList, changes: list[Change]) -> Response:
    """Tell the script how the list stands now, and which cells changed besides those it sent."""
    look = Look.of(row.currency)
    return jsonify(
        revision=row.revision,
        **told_figures(row),
        cells={field_name(change.key): look.amount(_minor(change.after)) for change in changes},
        before={field_name(change.key): look.amount(_minor(change.before)) for change in changes},
    )


def told_figures(row: PriceList) -> dict[str, str]:
    """Return what stands above the grid, as the script puts it there."""
    counted = figures(g.db, price_sheet(g.db, row))
    return {
        "figures": render_part("reseller/price_lists/_figures.html", figures=counted),
        "badge": ngettext("Draft, %(num)s change", "Draft, %(num)s changes", counted["changes"]),
    }


def _minor(price: Money | None) -> int | None:
    return price.minor if price is not None else None


@bp.post("/<uuid:list_id>/bulk")
@acts(Permission.PRICING_MANAGE, audit="price_list.changed")
def bulk(list_id: UUID) -> AnyResponse:
    """Show what a rule would do to the chosen prices, or do it."""
    row = g.db.require(PriceList, list_id)
    require_draft(row)
    sheet = price_sheet(g.db, row)
    rule = read_bulk(request.form, sheet.terms)
    keys = chosen_keys(sheet, request.form)
    found = bulk_changes(rule, keys, sheet.prices, costs=sheet.costs, live=sheet.live, terms=sheet.terms)
    weighed = weigh(found, sheet.terms)
    if request.form.get("do") == "apply":
        _apply(row, weighed.changed)
        if is_script():
            return _told(row, [*weighed.changed])
        words = ngettext("%(num)s price is set.", "%(num)s prices are set.", len(weighed.changed))
        return done(words, "reseller.price_lists.show", list_id=row.id, **wanted_from(request.form).values())
    g.db.logged = True  # a look is nobody's deed
    if is_script():
        return jsonify(words=summary(weighed), losses=len(weighed.losses), changed=len(weighed.changed))
    sent = [(name, value) for name, value in request.form.items(multi=True) if name not in ("csrf_token", "do")]
    return page(
        row=row,
        sent=sent,
        weighed=weighed,
        words=summary(weighed),
        rows=change_rows(weighed.changed, sheet, MOST_SHOWN),
    )


def _apply(row: PriceList, changes: tuple[Change, ...], *, by_rule: bool = False) -> None:
    wishes = {change.key: change.after.minor if change.after is not None else None for change in changes}
    change_prices(g.db, row, wishes, revision=revision_from(request.form), by_rule=wishes if by_rule else ())


class RulesForm(Form):
    """Whether the rules may also replace what somebody set by hand."""

    also_by_hand = Tick(_("Also replace prices that were set by hand"))


@bp.route("/<uuid:list_id>/rules", methods=["GET", "POST"])
@acts(Permission.PRICING_MANAGE, audit="price_list.changed")
def rules(list_id: UUID) -> AnyResponse:
    """Show what the margin rules would make of a draft, or let them."""
    row = g.db.require(PriceList, list_id)
    require_draft(row)
    sheet, active = price_sheet(g.db, row), active_rules(g.db)
    form = RulesForm(data={"also_by_hand": request.args.get("also_by_hand") == "y"})
    changes = ruled_changes(sheet, active, also_by_hand=bool(form.also_by_hand.data))
    weighed = weigh(changes, sheet.terms)
    if form.submitted():
        with form.blames_refusals():
            # Also those whose amount stays: from now on the rules keep them.
            _apply(row, tuple(changes), by_rule=True)
            words = ngettext("The rules set %(num)s price.", "The rules set %(num)s prices.", len(weighed.changed))
            return done(words, "reseller.price_lists.show", list_id=row.id)
    by_hand = len(sheet.prices) - len(sheet.by_rule)
    return page(
        form=form,
        row=row,
        active=active,
        weighed=weighed,
        by_hand=by_hand,
        words=summary(weighed),
        rows=change_rows(weighed.changed, sheet, MOST_SHOWN),
    )


@bp.get("/<uuid:list_id>/why")
@reads(Permission.PRICING_READ)
def why(list_id: UUID) -> Response:
    """Every step from the cost to what a customer pays by this list; a script puts it beside the cell."""
    row = g.db.require(PriceList, list_id)
    key = key_from(request.args.get("cell", ""))
    sheet = price_sheet(g.db, row)
    if key is None or key.ending not in sheet.rules:
        raise NotFound
    book = replace(
        price_book(g.db),
        currency=sheet.terms.currency,
        amounts=sheet.terms.amounts,
        prices={cast("PriceKey", tuple(each)): _money(sheet, each) for each in sheet.prices},
        listed={},
        group=None,
        promotions=(),
        list_id=row.id,
        list_name=row.name,
    )
    item = Item(key="", ending=key.ending, action=key.action, years=key.years)  # type: ignore[arg-type]  # key_from knows the actions
    active = active_rules(g.db)
    cost = current_costs(g.db, ending=key.ending).get(("domain", *key))
    told = explain(item, cost=cost, rates=known_rates_of(g.db), rules=active, book=book, now=g.db.now)
    in_list = sheet.costs.get(key)
    ruled = ruled_price(key, in_list, sheet, active) if in_list is not None else None
    look = Look.of(row.currency)
    return page(
        row=row,
        told=told,
        name=field_name(key),
        asked={"name": f"example.{sheet.rules[key.ending].unicode}", "action": key.action, "years": key.years},
        ending="." + sheet.rules[key.ending].unicode,
        action=ACTION_WORDS[key.action],
        years=key.years if key.action in BY_THE_YEAR else None,
        ruled=sheet.money(ruled) if ruled != sheet.prices.get(key) and row.published_at is None else None,
        ruled_text=look.amount(ruled),
        is_part=is_script(),
    )


def _money(sheet: PriceSheet, key: CellKey) -> Money:
    return Money(sheet.prices[key], sheet.terms.currency)

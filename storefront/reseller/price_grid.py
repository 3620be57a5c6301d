"""Everything the grid of a price list shows: its rows page by page, the filters, the figures above it."""

from typing import Any

from flask import g, request, url_for

from storefront.pricing.bulk_rules import ROUNDINGS
from storefront.pricing.items import LONGEST_TERM
from storefront.pricing.price_imports import find_waiting
from storefront.pricing.price_sheet import PriceSheet, state_of
from storefront.pricing.sheet_costs import coming_costs
from storefront.reseller.bulk_form import bulk_choices
from storefront.reseller.grid_rows import Row, Typed, grid_actions, grid_endings, grid_rows
from storefront.reseller.price_shown import (
    ACTION_WORDS,
    IN_FULL,
    STATES,
    VIEWS,
    Look,
    Wanted,
    digits_of,
    figures,
    group_choices,
    line_words,
    wanted_from,
)
from storefront.web.lists import Links

# What a screen or two hold; a script fetches further rows, as many at once, while somebody reads or types.
MOST_ROWS = 30
MOST_FETCHED = 150


def grid(sheet: PriceSheet, *, typed: Typed | None = None) -> dict[str, Any]:
    """Return what the page of the grid needs; ``typed`` are cells that were sent and refused."""
    wanted = wanted_from(request.values)
    choices, of_groups = group_choices(g.db)
    actions = grid_actions(sheet)
    endings = grid_endings(sheet, wanted, of_groups.get(wanted.group), actions)
    start = (wanted.page - 1) * MOST_ROWS
    here = endings[start : start + MOST_ROWS]
    coming = coming_costs(g.db, here)
    state = state_of(sheet.row, sheet.live_row, g.db.now)
    return {
        "row": sheet.row,
        "sheet": sheet,
        "state": state,
        "shown_state": STATES[state],
        "wanted": wanted,
        "views": VIEWS,
        "groups": choices,
        "years": range(1, LONGEST_TERM + 1),
        "actions": [(action, ACTION_WORDS[action], action in IN_FULL) for action in actions],
        "rows": grid_rows(sheet, here, years=wanted.years, actions=actions, coming=coming, typed=typed),
        "found": len(endings),
        "figures": figures(g.db, sheet),
        "waiting": find_waiting(g.db, sheet.row.id) if state == "draft" else None,
        "links": _links(wanted, len(endings), sheet),
        "later": _later(sheet, wanted, MOST_ROWS, len(endings)) if wanted.page == 1 else "",
        "line": line_words(sheet.row.line),
        "look": Look.of(sheet.terms.currency),
        "digits": digits_of(sheet.terms.currency),
        "bulk": bulk_choices(wanted.years),
        "roundings": ROUNDINGS,
    }


def further_rows(sheet: PriceSheet, start: int) -> tuple[list[Row], str]:
    """Return what a script puts below the rows it has, and the address of what follows; empty at the end."""
    wanted, actions = wanted_from(request.args), grid_actions(sheet)
    endings = grid_endings(sheet, wanted, group_choices(g.db)[1].get(wanted.group), actions)
    end = start + MOST_FETCHED
    here = endings[start:end]
    rows = grid_rows(sheet, here, years=wanted.years, actions=actions, coming=coming_costs(g.db, here))
    return rows, _later(sheet, wanted, end, len(endings))


def _later(sheet: PriceSheet, wanted: Wanted, start: int, found: int) -> str:
    if start >= found:
        return ""
    kept = {name: value for name, value in wanted.values().items() if name != "page"}
    return url_for("reseller.price_lists.show", list_id=sheet.row.id, **kept, rows=start)


def _links(wanted: Wanted, found: int, sheet: PriceSheet) -> Links:
    def address(number: int) -> str:
        values = {**wanted.values(), "page": number}
        return url_for("reseller.price_lists.show", list_id=sheet.row.id, **values)

    first = (wanted.page - 1) * MOST_ROWS
    return Links(
        earlier=address(wanted.page - 1) if wanted.page > 1 else None,
        later=address(wanted.page + 1) if found > first + MOST_ROWS else None,
        first=first + 1,
        last=min(first + MOST_ROWS, found),
        total=found,
    )

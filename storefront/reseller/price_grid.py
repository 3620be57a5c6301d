"""Everything the grid of a price list shows: its rows, the filters, the figures above it."""

from collections.abc import Collection, Mapping
from typing import Any

from flask import g, request, url_for

from storefront.pricing.bulk_rules import ROUNDINGS
from storefront.pricing.items import LONGEST_TERM
from storefront.pricing.price_cells import CellKey
from storefront.pricing.price_imports import find_waiting
from storefront.pricing.price_sheet import PriceSheet, state_of
from storefront.reseller.bulk_form import bulk_choices
from storefront.reseller.price_shown import (
    ACTION_WORDS,
    IN_FULL,
    MOST_ROWS,
    STATES,
    VIEWS,
    Look,
    Wanted,
    digits_of,
    figures,
    grid_actions,
    grid_rows,
    group_choices,
    line_words,
    wanted_from,
)
from storefront.web.lists import Links


def grid(
    sheet: PriceSheet, *, typed: Mapping[CellKey, str] | None = None, wrong: Collection[CellKey] = ()
) -> dict[str, Any]:
    """Return what the page of the grid needs; ``typed`` and ``wrong`` are cells that were sent and refused."""
    wanted = wanted_from(request.values)
    choices, of_groups = group_choices(g.db)
    rows = grid_rows(sheet, wanted, of_group=of_groups.get(wanted.group), typed=typed, wrong=wrong)
    start = (wanted.page - 1) * MOST_ROWS
    state = state_of(sheet.row, sheet.live_row, g.db.now)
    look = Look.of(sheet.terms.currency)
    return {
        "row": sheet.row,
        "sheet": sheet,
        "state": state,
        "shown_state": STATES[state],
        "wanted": wanted,
        "views": VIEWS,
        "groups": choices,
        "years": range(1, LONGEST_TERM + 1),
        "actions": [(action, ACTION_WORDS[action], action in IN_FULL) for action in grid_actions(sheet)],
        "rows": rows[start : start + MOST_ROWS],
        "found": len(rows),
        "figures": figures(g.db, sheet),
        "waiting": find_waiting(g.db, sheet.row.id) if state == "draft" else None,
        "links": _links(wanted, len(rows), sheet),
        "line": line_words(sheet.row.line),
        "look": look,
        "digits": digits_of(sheet.terms.currency),
        "bulk": bulk_choices(wanted.years),
        "roundings": ROUNDINGS,
    }


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

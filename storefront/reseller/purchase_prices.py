"""/reseller/purchase-prices: what the platform charges this shop, what changes next, and all of it as a table."""

from typing import Any

from flask import Blueprint, g, request
from werkzeug.wrappers import Response

from storefront.core.errors import NotFound
from storefront.core.i18n import lazy_gettext as _
from storefront.core.numbers import read_whole
from storefront.identity.permissions import Permission
from storefront.pricing.items import DOMAIN_ACTIONS
from storefront.pricing.models import STANDARD_PLAN
from storefront.pricing.sheets import CSV_TYPE, XLSX_TYPE, Value, write_csv, write_xlsx
from storefront.pricing.wholesale import CostRow, cost_rows, own_plan
from storefront.pricing.wholesale_files import OTHER_ACTIONS, sort_key
from storefront.pricing.wholesale_plans import plan_title, plans
from storefront.web.downloads import download as file_answer
from storefront.web.guards import reads
from storefront.web.lists import wanted_of
from storefront.web.price_words import action_words, cost_words, kind_words, name_words
from storefront.web.rendering import page
from tenants.resellers import current_reseller

bp = Blueprint("purchase_prices", __name__, url_prefix="/purchase-prices")

PER_PAGE = 100
VIEWS = {"": _("All endings"), "coming": _("What changes next"), "terms": _("All terms")}
HEAD = ("kind", "ending", "action", "years", "currency", "price", "since", "next price", "next since")


@bp.get("/")
@reads(Permission.PRICING_READ)
def list() -> Response:  # noqa: A001 - the verb of every list
    """A row for each ending, or one for each price; those that change are marked."""
    costs = cost_rows(g.db)
    wanted, view = wanted_of().lower().lstrip("."), request.args.get("show", "")
    view = view if view in VIEWS else ""
    rows = sorted(costs.values(), key=lambda row: sort_key(row.key))
    rows = [row for row in rows if not wanted or row.key[1].startswith(wanted)]
    coming = [row for row in rows if row.next_from is not None]
    shown = _by_ending(rows) if not view else [cost_words(row) for row in (coming if view == "coming" else rows)]
    start = _start_of(len(shown))
    # Other products than domains are paid for in other ways.
    used = {row.key[2] for row in rows}
    actions = [action for action in DOMAIN_ACTIONS + OTHER_ACTIONS if action in used]
    plan = own_plan(g.db)
    return page(
        rows=shown[start : start + PER_PAGE],
        actions=[(action, action_words(action)) for action in actions],
        columns=[(action_words(action), "num") for action in actions],
        view=view,
        views=VIEWS,
        wanted=wanted,
        coming=len(coming),
        earlier=start - PER_PAGE if start else None,
        later=start + PER_PAGE if start + PER_PAGE < len(shown) else None,
        plan=plan_title(g.db, plan),
        is_by_hand=bool(current_reseller(g.db).wholesale_plan),
        next_plans=[row for row in plans(g.db) if row.from_domains is not None and row.code != plan],
        is_standard=plan == STANDARD_PLAN,
    )


@bp.get("/download/<kind>")
@reads(Permission.PRICING_READ)
def download(kind: str) -> Response:
    """Every price with the day since which it holds and what comes next."""
    rows = sorted(cost_rows(g.db).values(), key=lambda row: sort_key(row.key))
    table: Any = [HEAD, *(_line(row) for row in rows)]
    name = f"purchase-prices-{g.db.today}"
    if kind == "csv":
        return file_answer(write_csv(table), f"{name}.csv", CSV_TYPE)
    if kind == "xlsx":
        return file_answer(write_xlsx(table, widths=(10, 16, 12, 8, 10, 12, 12, 12, 12)), f"{name}.xlsx", XLSX_TYPE)
    raise NotFound


def _line(row: CostRow) -> tuple[Value, ...]:
    kind, code, action, years = row.key
    after = row.next_cost.decimal if row.next_cost else None
    return (kind, code, action, years, row.cost.currency, row.cost.decimal, row.valid_from, after, row.next_from)


def _start_of(count: int) -> int:
    """Read where the page begins; nonsense begins at the top."""
    typed = request.args.get("from", "")
    return read_whole(typed, most=count - 1) or 0


def _by_ending(rows: Any) -> Any:
    """Put what costs one year, or is paid once, into one row for each ending; other products have a row for each."""
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for row in rows:
        kind, code, action, years = row.key
        if years == 1:
            line = found.setdefault(
                (kind, code), {"name": name_words(kind, code), "kind": "" if kind == "domain" else kind_words(kind)}
            )
            line.setdefault("costs", {})[action] = cost_words(row)
    return [*found.values()]

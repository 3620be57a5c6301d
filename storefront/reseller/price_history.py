"""/reseller/price-history: what did a group of customers see on a day, and since when; nothing is ever taken out."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import Blueprint, g, request
from sqlalchemy import select
from werkzeug.wrappers import Response

from storefront.core.errors import NotFound
from storefront.core.i18n import Text
from storefront.core.i18n import lazy_gettext as _
from storefront.core.money import Money
from storefront.core.numbers import read_whole
from storefront.identity.permissions import Permission
from storefront.pricing.history import lowest_before, price_history, seen_on
from storefront.pricing.history_rules import window_start
from storefront.pricing.models import PriceSeen
from storefront.pricing.offer_models import PriceGroup
from storefront.pricing.sheets import CSV_TYPE, XLSX_TYPE, Value, write_csv, write_xlsx
from storefront.pricing.wholesale_files import sort_key
from storefront.web.downloads import download as file_answer
from storefront.web.guards import reads
from storefront.web.lists import wanted_of
from storefront.web.price_words import action_words, cause_words, key_words, name_words, term_of, years_words
from storefront.web.rendering import page

bp = Blueprint("price_history", __name__, url_prefix="/price-history")

PER_PAGE = 100
HEAD = ("group", "kind", "ending", "action", "years", "currency", "price", "reduced", "net or gross", "seen from")
MOST_YEARS = 10
# Nothing was sold before; and no moment can be made of the first days of all in every zone.
FIRST_DAY = date(2000, 1, 1)


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """One thing whose whole history is asked for."""

    kind: str
    ending: str
    action: str
    years: int


@bp.get("/")
@reads(Permission.PRICING_READ)
def list() -> Response:  # noqa: A001 - the verb of every list
    """Every price that a group saw on a day, with the moment from which it was seen."""
    groups = _groups()
    group_id, day = _group_of(groups), _day_of()
    wanted = wanted_of().lower().lstrip(".")
    rows = [row for row in seen_on(g.db, day, group_id=group_id) if not wanted or row.ending.startswith(wanted)]
    rows.sort(key=lambda row: (sort_key((row.kind, row.ending, row.action, row.years)), row.from_at))
    start = _start_of(len(rows))
    return page(
        rows=[_shown(row) for row in rows[start : start + PER_PAGE]],
        found=len(rows),
        groups=groups,
        group=str(group_id or ""),
        day=day,
        today=g.db.today,
        wanted=wanted,
        earlier=max(start - PER_PAGE, 0) if start else None,
        later=start + PER_PAGE if start + PER_PAGE < len(rows) else None,
        begins=g.db.scalar(select(PriceSeen.from_at).order_by(PriceSeen.from_at).limit(1)),
    )


@bp.get("/item")
@reads(Permission.PRICING_READ)
def show() -> Response:
    """Everything that a group ever saw of one thing, and what a reduction may be compared to today."""
    groups = _groups()
    group_id, item = _group_of(groups), _item_of()
    history = price_history(g.db, group_id=group_id, items=[item])
    seen = history.of(item)
    if not seen:
        raise NotFound
    zone = ZoneInfo(g.zone)
    rows = [
        {
            "price": row.price,
            "amounts": row.amounts,
            "is_reduced": row.is_reduced,
            "from_at": row.from_at.astimezone(zone),
            "until": seen[place + 1].from_at.astimezone(zone) if place + 1 < len(seen) else None,
        }
        for place, row in enumerate(seen)
    ]
    return page(
        rows=rows[::-1],
        name=name_words(item.kind, item.ending),
        what=action_words(item.action),
        years=years_words(item.years) if term_of(item.action, item.years) else "",
        groups=groups,
        group=str(group_id or ""),
        item=item,
        lowest=lowest_before(history, item, g.db.now),
        since=window_start(g.db.now, history.zone),
    )


@bp.get("/download/<kind>")
@reads(Permission.PRICING_READ)
def download(kind: str) -> Response:
    """What a group saw on a day, as a table to keep as evidence."""
    groups = _groups()
    group_id, day = _group_of(groups), _day_of()
    name = str(groups[str(group_id or "")])
    lines: Any = [HEAD, *(_line(row, name) for row in seen_on(g.db, day, group_id=group_id))]
    if kind == "csv":
        return file_answer(write_csv(lines), f"prices-seen-{day}.csv", CSV_TYPE)
    if kind == "xlsx":
        widths = (16, 10, 16, 12, 8, 10, 12, 10, 12, 22)
        return file_answer(write_xlsx(lines, widths=widths), f"prices-seen-{day}.xlsx", XLSX_TYPE)
    raise NotFound


def _line(row: PriceSeen, group: str) -> tuple[Value, ...]:
    price = Money(row.minor, row.currency).decimal if row.minor is not None else None
    seen_from = row.from_at.astimezone(ZoneInfo(g.zone)).strftime("%Y-%m-%d %H:%M:%S")
    reduced = "yes" if row.is_reduced else "no"
    item = (row.kind, row.ending, row.action, row.years, row.currency)
    return (group, *item, price, reduced, row.amounts, seen_from)


def _shown(row: PriceSeen) -> dict[str, Any]:
    return {
        "row": row,
        **key_words((row.kind, row.ending, row.action, row.years)),
        "price": Money(row.minor, row.currency) if row.minor is not None else None,
        "from_at": row.from_at,
        "because": cause_words(row.because),
    }


def _groups() -> Mapping[str, Text]:
    """Name every group that ever saw prices of its own, the closed ones too."""
    own = select(PriceGroup).where(~PriceGroup.is_default).order_by(PriceGroup.position, PriceGroup.name)
    return {"": _("Everybody"), **{str(row.id): row.name for row in g.db.scalars(own)}}


def _group_of(groups: Mapping[str, Text]) -> UUID | None:
    typed = request.args.get("group", "")
    if typed not in groups:
        raise NotFound
    return UUID(typed) if typed else None


def _day_of() -> date:
    """Read the day; nonsense, and a day to come, is today."""
    today: date = g.db.today
    try:
        day = date.fromisoformat(request.args.get("day", ""))
    except ValueError:
        return today
    return min(max(day, FIRST_DAY), today)


def _item_of() -> Wanted:
    args = request.args
    years = read_whole(args.get("years", "1"), least=1, most=MOST_YEARS)
    if years is None:
        raise NotFound
    texts = [args.get(name, default)[:80] for name, default in (("kind", "domain"), ("ending", ""), ("action", ""))]
    if any("\0" in text for text in texts):
        raise NotFound
    return Wanted(kind=texts[0], ending=texts[1], action=texts[2], years=years)


def _start_of(count: int) -> int:
    typed = request.args.get("from", "")
    return read_whole(typed, most=count - 1) or 0

"""Make, change, publish and withdraw price lists: each change is whole or not at all."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Uuid, delete, func, insert, literal, select, tuple_
from sqlalchemy.dialects.postgresql import insert as upsert

from storefront.catalog.offers import rules_on
from storefront.core import jobs
from storefront.core.audit import record
from storefront.core.changes import announce
from storefront.core.db import Work
from storefront.core.errors import Conflict, Refused
from storefront.core.i18n import lazy_gettext as _
from storefront.core.money import exponent
from storefront.pricing.history import note_prices
from storefront.pricing.models import MAIN_LINE, Price, PriceImport, PriceList
from storefront.pricing.price_cells import MOST, CellKey, is_sold
from storefront.pricing.price_sheet import DOMAIN, find_live_list
from tenants.resellers import current_reseller

LONGEST_NAME = 80
# Whoever plans prices plans them for a season, not for a decade; a slip in the year is asked again.
LATEST_START = timedelta(days=730)
AT_ONCE = 2_000


def new_list(db: Work, name: str, *, line: str = MAIN_LINE, amounts: str | None = None) -> PriceList:
    """Begin an empty draft in the shop's currency; raises ``Refused`` for a name that is taken or missing."""
    reseller = current_reseller(db)
    row = db.add(
        PriceList(
            name=_named(db, name),
            line=_line(line),
            currency=reseller.currency,
            amounts=amounts or reseller.shows,
            starts_at=db.now,
        )
    )
    db.flush()
    record(db, "price_list.made", row, after={"name": row.name, "line": row.line})
    return row


def copy_list(db: Work, source: PriceList, name: str, *, line: str | None = None) -> PriceList:
    """Begin a draft with all prices of another list."""
    row = db.add(
        PriceList(
            name=_named(db, name),
            line=_line(line or source.line),
            currency=source.currency,
            amounts=source.amounts,
            starts_at=db.now,
            copied_from_id=source.id,
        )
    )
    db.flush()
    _copy_prices(db, source.id, row.id)
    record(db, "price_list.copied", row, after={"name": row.name, "from": source.name})
    return row


def _copy_prices(db: Work, source_id: UUID, target_id: UUID) -> None:
    """Copy all prices inside the database: twenty thousand rows never come here."""
    kept = (Price.kind, Price.ending, Price.action, Price.years, Price.minor, Price.is_by_rule)
    rows = select(Price.reseller_id, func.gen_random_uuid(), literal(target_id, Uuid), *kept)
    names = ["reseller_id", "id", "price_list_id", "kind", "ending", "action", "years", "minor", "is_by_rule"]
    db.execute(insert(Price).from_select(names, rows.where(Price.price_list_id == source_id)))


def rename_list(db: Work, row: PriceList, name: str) -> None:
    """Call a list otherwise; also one that is published, since customers never see the name."""
    before = row.name
    row.name = _named(db, name, but=row.id)
    record(db, "price_list.renamed", row, before={"name": before}, after={"name": row.name})


def remove_draft(db: Work, row: PriceList) -> None:
    """Throw a draft away with its prices and files; raises ``Refused`` for a list that was ever published."""
    require_draft(row)
    db.lock(row)
    require_draft(row)
    db.execute(delete(PriceImport).where(PriceImport.price_list_id == row.id))
    db.execute(delete(Price).where(Price.price_list_id == row.id))
    record(db, "price_list.removed", None, before={"name": row.name})
    db.session.delete(row)


def require_draft(row: PriceList) -> None:
    """Raise ``Refused`` unless the list is a draft: what customers saw stays as it was."""
    if row.published_at is not None:
        raise Refused(_("This list is published and stays as it is. Copy it to change prices."))


def require_revision(row: PriceList, revision: int) -> None:
    """Raise ``Conflict`` if the list changed since it was shown."""
    if row.revision != revision:
        raise Conflict(_("Somebody else changed this list meanwhile. Load it again to see their prices."))


def change_prices(
    db: Work, row: PriceList, changes: Mapping[CellKey, int | None], *, revision: int, by_rule: Iterable[CellKey] = ()
) -> int:
    """Set prices of a draft in minor units, ``None`` takes one out, and return the list's new revision.

    ``by_rule`` names those that a margin rule wrote; a price set otherwise is by hand and no rule touches it any more.
    Raises ``Conflict`` if the list is no longer at ``revision``, ``Refused`` for a list that is no draft and for
    prices that cannot be; then nothing was changed.
    """
    db.lock(row)
    require_draft(row)
    require_revision(row, revision)
    if not changes:
        return row.revision
    _refuse_nonsense(db, row, changes)
    ruled = frozenset(by_rule)
    gone = [key for key, minor in changes.items() if minor is None]
    kept = [(key, minor) for key, minor in changes.items() if minor is not None]
    cell = tuple_(Price.ending, Price.action, Price.years)
    for start in range(0, len(gone), AT_ONCE):
        some = gone[start : start + AT_ONCE]
        mine = (Price.price_list_id == row.id, Price.kind == DOMAIN)
        db.execute(delete(Price).where(*mine, cell.in_(some)).execution_options(synchronize_session=False))
    for start in range(0, len(kept), AT_ONCE):
        _put(db, row, kept[start : start + AT_ONCE], ruled)
    row.revision += 1
    record(db, "price_list.changed", row, after={"prices": len(changes), "revision": row.revision})
    return row.revision


def _put(db: Work, row: PriceList, some: list[tuple[CellKey, int]], ruled: frozenset[CellKey]) -> None:
    values = [
        {
            "reseller_id": db.reseller_id,
            "id": func.gen_random_uuid(),
            "price_list_id": row.id,
            "kind": DOMAIN,
            "ending": key.ending,
            "action": key.action,
            "years": key.years,
            "minor": minor,
            "is_by_rule": key in ruled,
        }
        for key, minor in some
    ]
    put = upsert(Price).values(values)
    db.execute(
        put.on_conflict_do_update(
            index_elements=["reseller_id", "price_list_id", "kind", "ending", "action", "years"],
            set_={"minor": put.excluded.minor, "is_by_rule": put.excluded.is_by_rule},
        )
    )


def _refuse_nonsense(db: Work, row: PriceList, changes: Mapping[CellKey, int | None]) -> None:
    most = MOST * 10 ** exponent(row.currency)
    rules = rules_on(db, db.today)
    for key, minor in changes.items():
        if minor is None:
            continue
        if key.ending not in rules:
            raise Refused(_("Nobody knows the ending .%(ending)s.", ending=key.ending))
        if not is_sold(key, rules[key.ending]):
            raise Refused(_("The registry of .%(ending)s does not sell this for so many years.", ending=key.ending))
        if not 0 <= minor <= most:
            raise Refused(_("A price lies between nothing and a million."))


def publish_list(db: Work, row: PriceList, *, revision: int, starts_at: datetime | None = None) -> None:
    """Let a draft hold from a moment on, or at once; what customers see from then on is noted.

    Raises ``Conflict`` if it changed meanwhile, and ``Refused`` for an empty list, a start in the past or too far
    ahead, and one at the very moment at which another list of its line starts.
    """
    db.lock(row)
    require_draft(row)
    require_revision(row, revision)
    start = starts_at or db.now
    if start < db.now:
        raise Refused(_("This moment has passed. Choose a later one, or publish now."), field="starts_on")
    if start > db.now + LATEST_START:
        raise Refused(_("This is more than two years ahead. Please look at the year."), field="starts_on")
    if db.scalar(select(Price.id).where(Price.price_list_id == row.id).limit(1)) is None:
        raise Refused(_("This list has no price yet. There would be nothing to sell."))
    _refuse_same_start(db, row, start)
    row.published_at, row.published_by, row.starts_at = db.now, db.actor.name[:200], start
    db.flush()
    record(db, "price_list.published", row, after={"name": row.name, "starts_at": start})
    _show(db, row, because="price_list.published")


def _refuse_same_start(db: Work, row: PriceList, start: datetime) -> None:
    rival = db.scalar(
        select(PriceList.name)
        .where(
            PriceList.line == row.line,
            PriceList.currency == row.currency,
            PriceList.published_at.is_not(None),
            PriceList.starts_at == start,
            PriceList.id != row.id,
        )
        .limit(1)
    )
    if rival is not None:
        raise Refused(
            _(
                "“%(name)s” starts at this very moment, too. Choose another one, so that it is clear which holds.",
                name=rival,
            ),
            field="starts_on",
        )


def _show(db: Work, row: PriceList, *, because: str) -> None:
    """Have every process look again, now and at the moment the list starts."""
    announce(db)
    note_prices(db, because=because)
    if row.published_at is not None and row.starts_at > db.now:
        jobs.ask(db, "begin_price_list", str(row.id), at=row.starts_at)


@jobs.job(queue="now")
def begin_price_list(db: Work, list_id: str) -> None:
    """Renew what the shop shows at the moment a scheduled list starts; nothing, if it was withdrawn or put off."""
    row = db.find(PriceList, UUID(list_id))
    if row is None or row.published_at is None:
        return
    if row.starts_at > db.now:
        raise jobs.Later(row.starts_at)
    announce(db)


def withdraw_list(db: Work, row: PriceList) -> None:
    """Make a scheduled list a draft again; raises ``Refused`` once it has started."""
    db.lock(row)
    if row.published_at is None:
        raise Refused(_("This list is a draft already."))
    if row.starts_at <= db.now:
        raise Refused(_("This list has started: customers have seen its prices. Go back to an earlier list instead."))
    row.published_at, row.published_by = None, ""
    row.revision += 1
    db.flush()
    record(db, "price_list.withdrawn", row, before={"starts_at": row.starts_at})
    _show(db, row, because="price_list.withdrawn")


def go_back_to(db: Work, earlier: PriceList) -> PriceList:
    """Let an earlier list hold again, as a copy that starts now: what held when is never rewritten."""
    if earlier.published_at is None or earlier.starts_at > db.now:
        raise Refused(_("Only a list that has held once can hold again."))
    live = find_live_list(db, line=earlier.line, currency=earlier.currency)
    if live is not None and live.id == earlier.id:
        raise Refused(_("This is the list that holds now."))
    row = copy_list(db, earlier, free_name(db, earlier.name))
    publish_list(db, row, revision=row.revision)
    return row


def free_name(db: Work, wanted: str) -> str:
    """Return a name that no list has yet: ``Spring``, then ``Spring 2``, then ``Spring 3``."""
    taken = set(db.scalars(select(PriceList.name)))
    stem, number = wanted[: LONGEST_NAME - 4], 2
    if wanted not in taken:
        return wanted
    head, _space, tail = stem.rpartition(" ")
    if head and tail.isdecimal() and len(tail) < 4:  # noqa: PLR2004 - four digits are a year, not a count
        stem, number = head, int(tail) + 1
    while f"{stem} {number}" in taken:
        number += 1
    return f"{stem} {number}"


def _named(db: Work, name: str, *, but: UUID | None = None) -> str:
    wanted = " ".join(name.split())[:LONGEST_NAME]
    if not wanted:
        raise Refused(_("Please give the list a name."), field="name")
    alike = select(PriceList.id).where(func.lower(PriceList.name) == wanted.lower())
    if db.scalar(alike.where(PriceList.id != but) if but else alike) is not None:
        raise Refused(_("Another list has this name."), field="name")
    return wanted


def _line(line: str) -> str:
    return " ".join(line.split())[:LONGEST_NAME] or MAIN_LINE

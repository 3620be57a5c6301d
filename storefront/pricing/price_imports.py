"""Take in a file of prices: read, shown with what it would change, and put into the list only as a whole."""

from uuid import UUID

from sqlalchemy import select, update

from storefront.core.audit import record
from storefront.core.db import Work
from storefront.core.errors import Refused
from storefront.core.i18n import lazy_gettext as _
from storefront.pricing.models import PriceImport, PriceList
from storefront.pricing.price_cells import CellKey, Change
from storefront.pricing.price_files import read_prices
from storefront.pricing.price_lists import change_prices, require_draft
from storefront.pricing.price_sheet import PriceSheet
from storefront.pricing.sheets import Unreadable, read_sheet

LONGEST_FILE_NAME = 120


def read_file(db: Work, sheet: PriceSheet, *, content: bytes, file_name: str) -> PriceImport:
    """Read a file for a draft and keep what it says; the list itself stays as it is.

    Raises ``Refused`` for what is no table. A table with faults is kept too, so that each can be looked up by cell.
    """
    require_draft(sheet.row)
    try:
        table = read_sheet(content, file_name)
    except Unreadable as no:
        raise Refused(no.why, field="file") from no
    found = read_prices(table, currency=sheet.terms.currency, rules=sheet.rules, present=sheet.prices)
    if not found.prices and not found.faults:
        raise Refused(_("There is no price in this file."), field="file")
    drop_files(db, sheet.row)
    row = db.add(
        PriceImport(
            price_list_id=sheet.row.id,
            file_name=file_name[-LONGEST_FILE_NAME:],
            revision=sheet.row.revision,
            changes=[[*key, minor] for key, minor in found.prices.items() if sheet.prices.get(key) != minor],
            faults=[[fault.cell, str(fault.why)] for fault in found.faults],
            created_at=db.now,
            created_by=db.actor.name[:200],
        )
    )
    db.flush()
    record(db, "price_import.read", row, after={"file": row.file_name, "faults": len(row.faults)})
    return row


def wished(row: PriceImport) -> dict[CellKey, int | None]:
    """Return what a file says, by cell."""
    return {CellKey(ending, action, years): minor for ending, action, years, minor in row.changes}


def import_changes(sheet: PriceSheet, row: PriceImport) -> list[Change]:
    """Return what a file would change in the list as it stands now."""
    return [
        Change(
            key=key,
            before=sheet.money(sheet.prices.get(key)),
            after=sheet.money(minor),
            cost=sheet.costs.get(key),
        )
        for key, minor in wished(row).items()
    ]


def apply_file(db: Work, row: PriceImport) -> PriceList:
    """Put all prices of a file into its list; raises ``Refused`` or ``Conflict`` and then changes none."""
    db.lock(row)
    if row.state != "ready":
        raise Refused(_("This file was used already."))
    if row.faults:
        raise Refused(_("This file has faults. Mend them and send it again; nothing of it was used."))
    prices = db.require(PriceList, row.price_list_id)
    change_prices(db, prices, wished(row), revision=row.revision)
    row.state = "applied"
    record(db, "price_import.applied", row, after={"file": row.file_name, "prices": len(row.changes)})
    return prices


def drop_files(db: Work, prices: PriceList) -> None:
    """Forget the files of a list that were read and not used."""
    waiting = (PriceImport.price_list_id == prices.id, PriceImport.state == "ready")
    db.execute(update(PriceImport).where(*waiting).values(state="dropped", changes=[], faults=[]))


def find_waiting(db: Work, list_id: UUID) -> PriceImport | None:
    """Find the file of a list that waits for a yes."""
    waiting = (PriceImport.price_list_id == list_id, PriceImport.state == "ready")
    return db.scalar(select(PriceImport).where(*waiting).order_by(PriceImport.id.desc()).limit(1))

"""Redirects: where a page was, or what somebody printed once, leads to where it is now; never in a circle."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import delete, func, select, update

from cms.models import PageVersion, Redirect
from cms.redirect_files import Known, Line, read_redirects
from cms.redirect_rules import TAKEN, source_of, why_not
from storefront.core.audit import record
from storefront.core.changes import announce
from storefront.core.db import Work
from storefront.core.errors import Conflict, Refused
from storefront.core.i18n import lazy_gettext as _
from tenants.models import HostName

MOST = 5_000


def find_redirect(db: Work, path: str) -> Redirect | None:
    """Find where an address leads that no page has."""
    return db.scalar(select(Redirect).where(Redirect.reseller_id == db.reseller_id, Redirect.path == path))


def leave_redirect(db: Work, old: str, new: str) -> None:
    """Let the address a page had lead to the one it has; what led to the old one leads on to the new at once."""
    db.execute(
        update(Redirect).where(Redirect.reseller_id == db.reseller_id, Redirect.target == old).values(target=new)
    )
    forget_redirect(db, old)
    forget_redirect(db, new)
    db.add(Redirect(path=old, target=new, is_automatic=True, created_at=db.now))
    db.flush()


def forget_redirect(db: Work, path: str) -> None:
    """Let an address lead nowhere, because a page is there now."""
    db.execute(delete(Redirect).where(Redirect.reseller_id == db.reseller_id, Redirect.path == path))


def write_redirect(
    db: Work, path: str, target: str, *, is_permanent: bool = True, row: Redirect | None = None
) -> Redirect:
    """Let an address lead elsewhere; raises ``Refused`` for one of the shop's own, a circle, or a wrong target."""
    hold_redirects(db)
    path = source_of(path)
    known = {each.path: each.target for each in redirects(db) if each is not row}
    why = why_not(path, target, known, hosts=_own_hosts(db))
    if why is not None:
        raise Refused(why[1], field=why[0])
    if path in paths_of_pages(db):
        raise Refused(TAKEN, field="path")
    if row is None:
        _refuse_too_many(db, 1)
        row = db.add(Redirect(path=path, target=target, created_at=db.now))
    row.path, row.target, row.is_permanent, row.is_automatic = path, target, is_permanent, False
    db.flush()
    record(db, "redirect.written", row, after={"path": path, "target": target})
    announce(db)
    return row


def weigh_table(db: Work, rows: Sequence[tuple[int, Sequence[str]]]) -> list[Line]:
    """Say of each line of a table what it would do to the redirects of the shop."""
    hold_redirects(db)
    return read_redirects(rows, known_redirects(db), paths_of_pages(db), _own_hosts(db))


def write_table(db: Work, lines: Sequence[Line]) -> None:
    """Do what all lines of a table say; raises ``Conflict`` if one of them cannot be, and then does nothing."""
    if any(line.kind == "fault" for line in lines):
        raise Conflict(_("Nothing was taken in: some lines cannot be as they are."))
    _refuse_too_many(db, len([line for line in lines if line.kind == "new"]))
    rows = {each.path: each for each in redirects(db)}
    for line in lines:
        if line.kind == "same":
            continue
        row = rows.get(line.path) or db.add(Redirect(path=line.path, target=line.target, created_at=db.now))
        row.target, row.is_permanent, row.is_automatic = line.target, line.is_permanent, False
    db.flush()
    counts = {kind: len([line for line in lines if line.kind == kind]) for kind in ("new", "changed")}
    record(db, "redirect.imported", after=counts)
    announce(db)


def known_redirects(db: Work) -> Mapping[str, Known]:
    """Return where each address leads now."""
    return {each.path: Known(target=each.target, is_permanent=each.is_permanent) for each in redirects(db)}


def paths_of_pages(db: Work) -> set[str]:
    """Return the addresses at which visitors see a page, in any language."""
    statement = select(PageVersion.path).where(PageVersion.reseller_id == db.reseller_id)
    return set(db.scalars(statement.where(PageVersion.state == "published")))


def _own_hosts(db: Work) -> frozenset[str]:
    return frozenset(db.scalars(select(HostName.name).where(HostName.reseller_id == db.reseller_id)))


def hold_redirects(db: Work) -> None:
    """Let one at a time write redirects of this shop: two at the same time could lead to each other."""
    db.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(f"redirects {db.reseller_id}", 0))))


def _refuse_too_many(db: Work, more: int) -> None:
    count = db.scalar(select(func.count()).select_from(Redirect).where(Redirect.reseller_id == db.reseller_id)) or 0
    if count + more > MOST:
        raise Refused(_("A shop holds at most %(num)s redirects.", num=MOST))


def remove_redirect(db: Work, row: Redirect) -> None:
    """Let an address lead nowhere."""
    record(db, "redirect.removed", row, before={"path": row.path, "target": row.target})
    db.session.delete(row)
    announce(db)


def redirects(db: Work) -> Sequence[Redirect]:
    """List them all, by address."""
    return db.scalars(select(Redirect).where(Redirect.reseller_id == db.reseller_id).order_by(Redirect.path))


def redirect_of(db: Work, redirect_id: UUID) -> Redirect:
    """Return one of this shop; ``NotFound`` for any other."""
    return db.require(Redirect, redirect_id)

"""Redirects: where a page was, or what somebody printed once, leads to where it is now; never in a circle."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import delete, select, update

from cms.models import Redirect
from cms.page_checks import is_link
from cms.paths import is_kept_by_shop, normal_path
from storefront.core.audit import record
from storefront.core.changes import announce
from storefront.core.db import Work
from storefront.core.errors import Refused
from storefront.core.i18n import Text
from storefront.core.i18n import lazy_gettext as _

MOST = 5_000
LONGEST = 500


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


def write_redirect(db: Work, path: str, target: str, *, row: Redirect | None = None) -> Redirect:
    """Let an address lead elsewhere; raises ``Refused`` for one of the shop's own, a circle, or a wrong target."""
    path = normal_path(path.partition("?")[0]) if path.startswith("/") else path
    why = why_not(path, target, {each.path: each.target for each in redirects(db) if each is not row})
    if why is not None:
        raise Refused(why[1], field=why[0])
    row = row or db.add(Redirect(path=path, target=target, created_at=db.now))
    row.path, row.target, row.is_automatic = path, target, False
    db.flush()
    record(db, "redirect.written", row, after={"path": path, "target": target})
    announce(db)
    return row


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


def why_not(path: str, target: str, known: Mapping[str, str]) -> tuple[str, Text] | None:
    """Say which of the two is wrong and why; ``known`` are the other redirects of the shop."""
    if not path.startswith("/") or path == "/" or len(path) > LONGEST or not is_link(path):
        return "path", _("Please give an address of this shop that begins with a slash.")
    if is_kept_by_shop(path):
        return "path", _("The shop uses this address itself.")
    if path in known:
        return "path", _("This address leads elsewhere already.")
    if len(target) > LONGEST or not is_link(target) or not target.startswith(("/", "https://", "http://")):
        return "target", _("Please give an address of this shop that begins with a slash, or a whole one with https.")
    return ("target", _("That would lead in a circle.")) if leads_back(path, target, known) else None


def leads_back(path: str, target: str, known: Mapping[str, str]) -> bool:
    """Whether following redirects from an address comes back to it; a chain longer than ten counts as one."""
    seen = {path}
    for _step in range(10):
        here = normal_path(target.partition("?")[0].partition("#")[0]) if target.startswith("/") else target
        if here in seen:
            return True
        if here not in known:
            return False
        seen.add(here)
        target = known[here]
    return True

"""Links that open a shop on one of its hosts before it is open to all; each works once."""

from datetime import timedelta
from typing import Final

from sqlalchemy import select

from storefront.core.audit import record
from storefront.core.db import Work
from storefront.core.errors import Refused
from storefront.core.i18n import lazy_gettext as _
from storefront.core.ids import token
from storefront.core.sealing import hash_token
from tenants.models import Host

LASTS: Final = timedelta(minutes=30)


def invite(db: Work, host: Host) -> str:
    """Make a link's secret for one look at the shop on this host; an older one of this host ends.

    Raises ``Refused`` for a host that does not answer yet.
    """
    if host.state not in ("active", "failing") or host.purpose != "shop":
        raise Refused(_("The shop does not answer on this host yet, so there is nothing to look at."))
    secret = token()
    host.preview_hash, host.preview_until = hash_token(secret), db.now + LASTS
    record(db, "host.preview_opened", host)
    return secret


def enter(db: Work, name: str, secret: str) -> None:
    """Use a link up. Raises ``Refused`` for one that was used, is too old or belongs to another host."""
    host = db.scalar(select(Host).where(Host.name == name))
    fits = (
        host is not None
        and db.lock(host).preview_hash == hash_token(secret)
        and host.preview_until is not None
        and host.preview_until > db.now
    )
    if host is None or not fits:
        raise Refused(_("This link was used already or is too old. Ask for a new one in the office, under Hosts."))
    host.preview_hash, host.preview_until = "", None
    record(db, "host.previewed", host)

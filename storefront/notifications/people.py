"""Who of an office gets a letter: staff by what they may do, operators likewise."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from storefront.core.db import Database, Work
from storefront.identity.models import LoginUser
from storefront.identity.permissions import Permission, can
from storefront.notifications.facts import Recipient
from tenants.models import HostName
from tenants.resellers import current_reseller

# More than anybody employs; a mistake in a list of staff must not become a flood of letters.
MOST = 50


def people_who_may(db: Work, kind: str, permission: Permission) -> Sequence[Recipient]:
    """List the users of a kind (staff or operator) who may do something, one letter to each address.

    A shop without such a person is written to at its own address, so that nothing is lost.
    """
    users = db.scalars(
        select(LoginUser)
        .where(LoginUser.kind == kind, LoginUser.closed_at.is_(None), LoginUser.suspended_at.is_(None))
        .order_by(LoginUser.created_at)
    )
    chosen = {user.email_key: user for user in users if can(user.role, permission, kind=kind)}
    if chosen:
        return [Recipient(email=user.email, name=user.name, locale=user.locale) for user in [*chosen.values()][:MOST]]
    reseller = current_reseller(db)
    return [Recipient(email=reseller.email, name=reseller.name, locale=reseller.default_locale)]


def find_platform(database: Database) -> UUID | None:
    """Return the reseller that is the platform itself: whose host is the platform's own."""
    with database.platform() as line:
        found: UUID | None = line.scalar(
            select(HostName.reseller_id).where(HostName.name == database.config.platform_host)
        )
        return found

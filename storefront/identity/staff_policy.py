"""Which roles of a reseller's staff must have a second factor: the owner decides."""

from collections.abc import Collection

from storefront.core.audit import record
from storefront.core.db import Work
from storefront.core.errors import Refused
from storefront.core.i18n import lazy_gettext as _
from storefront.identity.permissions import STAFF_ROLES
from tenants.resellers import current_reseller

SETTING = "second_factor_for"


def roles_needing_second_factor(db: Work) -> frozenset[str]:
    """Return the roles whose people get no further than their own sign-in without a second factor."""
    chosen = current_reseller(db).settings.get(SETTING, ())
    return frozenset(role for role in chosen if role in STAFF_ROLES)


def needs_second_factor(db: Work, kind: str, role: str) -> bool:
    """Tell whether somebody must have one: every operator, staff as their reseller says, no customer."""
    return kind == "operator" or (kind == "staff" and role in roles_needing_second_factor(db))


def require_second_factor_of(db: Work, roles: Collection[str]) -> None:
    """Ask these roles for a second factor, and no others. Raises ``Refused`` for a role that does not exist."""
    if not set(roles) <= set(STAFF_ROLES):
        raise Refused(_("Please choose among the roles."), field="roles")
    reseller = current_reseller(db)
    before = roles_needing_second_factor(db)
    after = [str(role) for role in STAFF_ROLES if role in roles]
    reseller.settings = {**reseller.settings, SETTING: after}
    record(
        db,
        "staff.second_factor_required",
        before={"roles": ", ".join(sorted(before))},
        after={"roles": ", ".join(sorted(after))},
    )

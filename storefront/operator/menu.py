"""The operator's menu with what waits in each place; only what this role may see."""

from typing import Any

from flask_login import current_user

from storefront.core.i18n import gettext as _
from storefront.core.i18n import ngettext
from storefront.identity.permissions import Permission, can
from storefront.operator.standing import standing
from storefront.web.office import Entry, Section, office


def may(permission: str) -> bool:
    """Whether the operator of this request may do something."""
    return can(current_user.role, permission, kind=current_user.kind)


def chrome() -> dict[str, Any]:
    """Return ``office`` for console/layout.html, and ``may`` for the buttons of the pages."""
    stands = standing()
    waiting = stands.needs_people + stands.jobs_stuck
    entries = (
        Entry(label=_("Start"), endpoint="operator.overview.show", icon="home"),
        Entry(label=_("Resellers"), endpoint="operator.resellers.list", icon="users", count=stands.wishes),
        Entry(label=_("Announcements"), endpoint="operator.announcements.list", icon="megaphone"),
        Entry(label=_("Operations"), endpoint="operator.operations.list", icon="refresh", count=stands.needs_people),
        Entry(label=_("Health"), endpoint="operator.health.show", icon="bolt", count=stands.jobs_stuck),
    )
    prices = (
        Entry(label=_("Purchase prices"), endpoint="operator.wholesale.list", icon="tag"),
        Entry(label=_("Exchange rates"), endpoint="operator.exchange_rates.show", icon="refresh"),
    )
    shown = ngettext("One thing is stuck", "%(num)s things are stuck", waiting) if waiting else None
    sections = [Section(title=None, entries=entries)]
    if may(Permission.CATALOG_MANAGE):
        sections.append(Section(title=_("Prices"), entries=prices))
    frame = office(_("Platform"), "operator.overview.show", sections, standing=shown)
    return {"office": frame, "may": may}

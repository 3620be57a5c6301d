"""The panel's side menu, with how many of each the customer has, and the links that the shop added."""

from typing import Any

from flask import current_app, g, request, url_for
from flask_login import current_user

from storefront.core.i18n import gettext as _
from storefront.portfolio.queries import count_domains
from storefront.web.site import site

# Pages that a line of the menu answers for, though their addresses lie elsewhere.
BELOW = {"panel.profile": "panel.agreements"}


def chrome() -> dict[str, Any]:
    """Return ``panel`` for panel/layout.html."""
    here = (request.endpoint or "").rpartition(".")[0]
    entries = (
        ("panel.overview", "show", _("Overview"), "home", None),
        ("panel.domains", "list", _("Domains"), "globe", domain_count()),
        ("panel.orders", "list", _("Orders"), "cart", None),
        ("panel.documents", "list", _("Invoices"), "file", None),
        ("panel.contacts", "list", _("Contacts"), "users", None),
        ("panel.profile", "show", _("Your account"), "user", None),
    )
    links = [
        {
            "label": label,
            "url": url_for(f"{area}.{view}"),
            "icon": icon,
            "current": here in {area, BELOW.get(area)} or here.startswith(f"{area}."),
            "count": count,
        }
        for area, view, label, icon, count in entries
        if f"{area}.{view}" in current_app.view_functions
    ]
    return {"panel": {"links": links, "own": _own()}}


def _own() -> list[dict[str, Any]]:
    """Return the links that the shop put into the panel, in the language of the page."""
    links: list[dict[str, str]] = site()["menus"].get("panel", [])
    return [
        {**link, "is_here": link["url"].startswith("/"), "current": link["url"] == request.script_root + request.path}
        for link in links
    ]


def domain_count() -> int:
    """Count the customer's domains, once a request: the menu and the overview both say it."""
    if "domain_count" not in g:
        g.domain_count = count_domains(g.db, current_user.customer_id)
    count: int = g.domain_count
    return count

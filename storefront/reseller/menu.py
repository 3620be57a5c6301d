"""The office's menu with what waits in each place, and the credit beside it; only what this role may see."""

from typing import Any

from flask import current_app, g, url_for
from flask_login import current_user

from storefront.core.i18n import format_money
from storefront.core.i18n import gettext as _
from storefront.identity.permissions import Permission, can
from storefront.reseller.shop_facts import shop_readiness
from storefront.reseller.standing import Standing, standing
from storefront.reseller.todo import things_to_do
from storefront.web.office import Entry, Section, office
from tenants.resellers import current_reseller

Line = tuple[str, Entry]


def may(permission: str) -> bool:
    """Whether the person of this request may do something in this office; nothing asked is always allowed."""
    return not permission or can(current_user.role, permission, kind=current_user.kind)


def chrome() -> dict[str, Any]:
    """Return ``office`` for console/layout.html, and ``may`` for the buttons of the pages."""
    # Held here, since a session forgets a row that nobody holds and would ask for it again.
    reseller = current_reseller(g.db)
    stands = standing(g.db)
    shown = _("Credit %(amount)s", amount=format_money(stands.credit)) if may(Permission.CREDIT_READ) else None
    frame = office(
        reseller.name,
        "reseller.overview.show",
        sections(stands),
        standing=shown,
        own_url=url_for("reseller.profile.show"),
    )
    return {"office": frame, "may": may}


def sections(stands: Standing) -> list[Section]:
    """Return the groups of the menu that have a line for this role."""
    things = len([thing for thing in things_to_do(stands) if may(thing.permission)])
    if may(Permission.SETTINGS_READ):
        things += len(shop_readiness(g.db).left)
    groups = (
        _group(
            None,
            _line("", _("Start"), "overview.show", "home", things),
            _line(Permission.MESSAGES_READ, _("Messages"), "messages.list", "inbox", stands.failed_letters),
            _line("", _("Announcements"), "announcements.list", "megaphone"),
        ),
        _group(
            _("Customers"),
            _line(Permission.CUSTOMERS_READ, _("Customers"), "customers.list", "users"),
            _line(Permission.ORDERS_READ, _("Orders"), "orders.list", "cart", stands.orders_under_way),
        ),
        _group(
            _("Your shop"),
            _line(Permission.BRANDING_MANAGE, _("Look"), "branding.edit", "star"),
            _line(Permission.SETTINGS_READ, _("Themes"), "themes.list", "eye"),
            _line(Permission.SETTINGS_READ, _("Hosts"), "hosts.list", "link"),
            _line(Permission.SETTINGS_READ, _("Settings"), "settings.show", "gear"),
            *_pages(),
        ),
        _group(
            _("Prices"),
            _line(Permission.PRICING_READ, _("Price lists"), "price_lists.list", "tag"),
            _line(Permission.PRICING_READ, _("Margin rules"), "margin_rules.list", "filter"),
            _line(Permission.PRICING_READ, _("Price groups"), "price_groups.list", "users"),
            _line(Permission.PRICING_READ, _("Promotions"), "promotions.list", "star"),
            _line(Permission.PRICING_READ, _("Codes"), "codes.list", "key"),
            _line(Permission.PRICING_READ, _("Endings"), "extensions.list", "globe"),
            _line(Permission.PRICING_READ, _("Groups of endings"), "tld_groups.list", "grid"),
            _line(Permission.PRICING_READ, _("Products"), "products.list", "server"),
            _line(Permission.PRICING_READ, _("Purchase prices"), "purchase_prices.list", "wallet"),
            _line(Permission.PRICING_READ, _("Exchange rates"), "exchange_rates.show", "refresh"),
            _line(Permission.PRICING_READ, _("Price history"), "price_history.list", "clock"),
            _line(Permission.PRICING_READ, _("Why this price?"), "why.show", "question"),
            _line(Permission.PRICING_READ, _("See as a group"), "see_as.list", "eye"),
        ),
        _group(
            _("Money"),
            _line(Permission.BILLING_READ, _("Proformas"), "proformas.list", "file", stands.unpaid),
            _line(Permission.BILLING_READ, _("VAT invoices"), "invoices.list", "file"),
            _line(Permission.CREDIT_READ, _("Credit"), "credits.show", "wallet"),
        ),
        _group(
            _("People"),
            _line(Permission.STAFF_MANAGE, _("Staff"), "staff.list", "user"),
        ),
    )
    return [group for group in groups if group.entries]


def _pages() -> list[Line]:
    """Lines for who writes pages and reaches them neither through the settings nor through the look."""
    terms = _line(Permission.PAGES_MANAGE, _("Terms and privacy"), "legal.show", "file")
    advertisement = _line(Permission.PAGES_MANAGE, _("Advertisement"), "branding.advertisement.list", "megaphone")
    ways = ((terms, Permission.SETTINGS_READ), (advertisement, Permission.BRANDING_MANAGE))
    return [line for line, other_way in ways if not may(other_way)]


def _line(permission: str, label: str, place: str, icon: str, count: int | None = None) -> Line:
    return permission, Entry(label=label, endpoint=f"reseller.{place}", icon=icon, count=count)


def _group(title: str | None, *lines: Line) -> Section:
    built = current_app.view_functions
    return Section(
        title=title, entries=[entry for permission, entry in lines if entry.endpoint in built and may(permission)]
    )

"""The office's menu with what waits in each place, and the credit beside it; only what this role may see."""

from collections.abc import Sequence
from typing import Any

from flask import current_app, g, url_for
from flask_login import current_user

from storefront.core.i18n import format_money
from storefront.core.i18n import gettext as _
from storefront.identity.permissions import Permission, can
from storefront.reseller.shop_facts import shop_readiness
from storefront.reseller.standing import Standing, standing
from storefront.reseller.todo import things_to_do
from storefront.web.office import Entry, Part, Section, office
from tenants.resellers import current_reseller

Line = tuple[str, Entry]


def may(permission: str) -> bool:
    """Whether the person of this request may do something in this office; nothing asked is always allowed."""
    if not permission:
        return True
    if "ability" not in g:
        # A page asks some forty times; behind the proxy a session is looked up each time.
        g.ability = (current_user.role, current_user.kind)
    role, kind = g.ability
    return can(role, permission, kind=kind)


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
            _line(
                Permission.CUSTOMERS_READ,
                _("Visitors' messages"),
                "visitor_messages.list",
                "mail",
                stands.unread_messages,
            ),
            _line(Permission.ORDERS_READ, _("Orders"), "orders.list", "cart", stands.orders_under_way),
        ),
        _group(
            _("Your shop"),
            _site(),
            _line(Permission.BRANDING_MANAGE, _("Look"), "branding.edit", "star"),
            _line(Permission.SETTINGS_READ, _("Themes"), "themes.list", "eye"),
            _line(Permission.SETTINGS_READ, _("Hosts"), "hosts.list", "link"),
            _frames(),
            _line(Permission.SETTINGS_READ, _("Settings"), "settings.show", "gear"),
            *_pages(),
        ),
        _group(_("Prices"), *_prices()),
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


def _site() -> Line:
    """What visitors read, and what belongs to it, as tabs of one line."""
    parts = (
        _part(_("Pages"), "pages.list", Permission.PAGES_READ),
        _part(_("Menus"), "menus.list", Permission.PAGES_READ),
        _part(_("Media"), "media.list", Permission.PAGES_READ),
        _part(_("News"), "news_categories.list", Permission.PAGES_READ),
        _part(_("Redirects"), "redirects.list", Permission.PAGES_READ),
        _part(_("Starter pages"), "starter.list", Permission.PAGES_READ),
        _part(_("Legal documents"), "legal.show", Permission.PAGES_READ, ("legal.add", "legal.publish.form")),
        _part(_("Move a site"), "moves.list", Permission.PAGES_READ),
        _part(_("Special pages"), "special_pages.list", Permission.PAGES_READ, ("special_pages.maintenance",)),
    )
    built = current_app.view_functions
    return _area(_("Pages"), "pages", *(part for part in parts if part[1].endpoint in built), to=Permission.PAGES_READ)


def _frames() -> Line:
    """Pieces of the shop for pages of others, and the sites these pages lie on."""
    return _area(
        _("Frames"),
        "frame",
        _part(_("Frames"), "frames.list", Permission.SETTINGS_READ),
        _part(_("Sites"), "frame_sites.list", Permission.SETTINGS_READ),
        to=Permission.SETTINGS_READ,
    )


def _prices() -> list[Line]:
    """Five areas, each with its pages as tabs: what is asked, who pays it, for how long, of what, from what."""
    return [
        _area(
            _("Price lists"),
            "tag",
            _part(_("Price lists"), "price_lists.list"),
            _part(_("Margin rules"), "margin_rules.list"),
            _part(_("Price history"), "price_history.list"),
            _part(_("Why this price?"), "why.show"),
        ),
        _area(
            _("Price groups"),
            "users",
            _part(_("Groups"), "price_groups.list"),
            _part(_("Customers"), "price_groups.customers", Permission.PRICING_MANAGE),
            _part(_("See as a group"), "see_as.list"),
        ),
        _area(_("Promotions"), "bolt", _part(_("Promotions"), "promotions.list"), _part(_("Codes"), "codes.list")),
        _area(
            _("What you sell"),
            "globe",
            _part(_("Endings"), "extensions.list"),
            _part(_("Groups of endings"), "tld_groups.list"),
            _part(_("Products"), "products.list"),
        ),
        _area(
            _("Costs"),
            "wallet",
            _part(_("Purchase prices"), "purchase_prices.list"),
            _part(_("Exchange rates"), "exchange_rates.show", answers=("exchange_rates.change",)),
        ),
    ]


def _part(
    label: str, place: str, permission: str = Permission.PRICING_READ, answers: Sequence[str] = ()
) -> tuple[str, Part]:
    return permission, Part(
        label=label, endpoint=f"reseller.{place}", answers=tuple(f"reseller.{each}" for each in answers)
    )


def _area(label: str, icon: str, *parts: tuple[str, Part], to: str = Permission.PRICING_READ) -> Line:
    """A line that opens its first part, for who may see the area; the other parts may ask for more."""
    own = [part for permission, part in parts if may(permission)]
    first = parts[0][1]
    return to, Entry(label=label, endpoint=first.endpoint, icon=icon, parts=own)


def _pages() -> list[Line]:
    """Lines for who writes pages and reaches them neither through the settings nor through the look."""
    advertisement = _line(Permission.PAGES_MANAGE, _("Advertisement"), "branding.advertisement.list", "megaphone")
    ways = ((advertisement, Permission.BRANDING_MANAGE),)
    return [line for line, other_way in ways if not may(other_way)]


def _line(permission: str, label: str, place: str, icon: str, count: int | None = None) -> Line:
    return permission, Entry(label=label, endpoint=f"reseller.{place}", icon=icon, count=count)


def _group(title: str | None, *lines: Line) -> Section:
    built = current_app.view_functions
    return Section(
        title=title, entries=[entry for permission, entry in lines if entry.endpoint in built and may(permission)]
    )

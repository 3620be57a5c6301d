"""/reseller: the reseller's office."""

from pathlib import Path
from typing import Any

from flask import Blueprint, g

from storefront.reseller import (
    announcements,
    branding,
    codes,
    customers,
    exchange_rates,
    extensions,
    frame_sites,
    frames,
    hosts,
    legal,
    margin_rules,
    media,
    menus,
    messages,
    moves,
    news_categories,
    opening,
    orders,
    overview,
    page_editor,
    pages,
    price_groups,
    price_history,
    price_lists,
    products,
    profile,
    proformas,
    promotions,
    purchase_prices,
    redirects,
    see_as,
    settings,
    special_pages,
    staff,
    starter,
    supplier,
    themes,
    tld_groups,
    visitor_messages,
    why,
)
from storefront.reseller import credits as credit_pages
from storefront.reseller import invoices as invoice_pages
from storefront.reseller.menu import chrome
from storefront.reseller.second_factor_first import second_factor_first
from storefront.web.guards import staff_only

TEMPLATES = Path(__file__).parent / "templates"

bp = Blueprint("reseller", __name__, url_prefix="/reseller")

for page in (
    overview,
    orders,
    proformas,
    invoice_pages,
    customers,
    credit_pages,
    messages,
    moves,
    staff,
    profile,
    branding,
    themes,
    hosts,
    frames,
    frame_sites,
    settings,
    supplier,
    legal,
    opening,
    announcements,
    pages,
    page_editor,
    menus,
    starter,
    media,
    redirects,
    special_pages,
    news_categories,
    price_lists,
    margin_rules,
    price_groups,
    promotions,
    codes,
    visitor_messages,
    tld_groups,
    extensions,
    products,
    why,
    see_as,
    purchase_prices,
    exchange_rates,
    price_history,
):
    bp.register_blueprint(page.bp)


@bp.before_request
def enter() -> Any:
    """Let staff in and give their pages the office's frame."""
    said_no = staff_only()
    if said_no is None:
        g.chrome = chrome
        said_no = second_factor_first()
    return said_no

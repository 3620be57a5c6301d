"""/panel: the customer's own things."""

from typing import Any

from flask import Blueprint, g

from storefront.panel import agreements, contacts, documents, domains, orders, overview, profile
from storefront.panel.menu import chrome
from storefront.web.guards import customers_only

bp = Blueprint("panel", __name__, url_prefix="/panel")

for page in (overview, domains, orders, documents, contacts, profile, agreements):
    bp.register_blueprint(page.bp)


@bp.before_request
def enter() -> Any:
    """Let customers in and give their pages the side menu."""
    g.chrome = chrome
    return customers_only()

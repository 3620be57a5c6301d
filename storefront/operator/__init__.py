"""/operator: the platform's office. Its pages read over all resellers through ``g.office``."""

from pathlib import Path
from typing import Any

from flask import Blueprint, g

from storefront.operator import announcements, exchange_rates, health, operations, overview, resellers, wholesale
from storefront.operator.menu import chrome
from storefront.web.further import open_office
from storefront.web.guards import operators_only

TEMPLATES = Path(__file__).parent / "templates"

bp = Blueprint("operator", __name__, url_prefix="/operator")

for page in (overview, resellers, announcements, operations, health, wholesale, exchange_rates):
    bp.register_blueprint(page.bp)


@bp.before_request
def enter() -> Any:
    """Let operators in, open their view over all resellers, and give their pages the office's frame.

    The lifecycle keeps or undoes what was done through it, and logs every look.
    """
    said_no = operators_only()
    if said_no is None:
        g.office = open_office()
        g.chrome = chrome
    return said_no

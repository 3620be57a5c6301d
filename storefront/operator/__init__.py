"""/operator: the platform's office."""

from pathlib import Path

from flask import Blueprint

from storefront.web.guards import operators_only

TEMPLATES = Path(__file__).parent / "templates"

bp = Blueprint("operator", __name__, url_prefix="/operator")
bp.before_request(operators_only)

for page in ():
    bp.register_blueprint(page.bp)

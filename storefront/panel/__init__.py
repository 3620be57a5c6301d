"""/panel: the customer's own things."""

from flask import Blueprint

from storefront.web.guards import customers_only

bp = Blueprint("panel", __name__, url_prefix="/panel")
bp.before_request(customers_only)

for page in ():
    bp.register_blueprint(page.bp)

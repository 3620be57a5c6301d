"""/reseller: the reseller's office."""

from flask import Blueprint

from storefront.web.guards import staff_only

bp = Blueprint("reseller", __name__, url_prefix="/reseller")
bp.before_request(staff_only)

for page in ():
    bp.register_blueprint(page.bp)

"""/hooks: suppliers calling us."""

from flask import Blueprint

from storefront.hooks import payments

bp = Blueprint("hooks", __name__, url_prefix="/hooks")

for page in (payments,):
    bp.register_blueprint(page.bp)

"""/: open to everybody: search, cart, checkout."""

from flask import Blueprint

from storefront.shop import cart, checkout, payments, preview, prices, search

bp = Blueprint("shop", __name__)

for page in (search, cart, checkout, payments, preview, prices):
    bp.register_blueprint(page.bp)

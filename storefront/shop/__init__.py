"""/: open to everybody: search, cart, checkout."""

from flask import Blueprint

from storefront.shop import cart, checkout, payments, preview, price_list, search

bp = Blueprint("shop", __name__)

for page in (search, cart, checkout, payments, preview, price_list):
    bp.register_blueprint(page.bp)

"""/: open to everybody: search, cart, checkout."""

from flask import Blueprint


bp = Blueprint("shop", __name__)

for page in ():
    bp.register_blueprint(page.bp)

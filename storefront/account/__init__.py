"""/account: sign in, sign up, forgotten password."""

from flask import Blueprint

from storefront.account import recovery, sign_in, sign_up

bp = Blueprint("account", __name__, url_prefix="/account")

for area in (sign_in, sign_up, recovery):
    bp.register_blueprint(area.bp)

"""/account: sign in, sign up, forgotten password, invitations of staff."""

from flask import Blueprint

from storefront.account import invitation, recovery, sign_in, sign_up

bp = Blueprint("account", __name__, url_prefix="/account")

for area in (sign_in, sign_up, recovery, invitation):
    bp.register_blueprint(area.bp)

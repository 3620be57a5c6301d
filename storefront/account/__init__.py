"""/account: sign in, sign up, forgotten password, invitations of staff."""

from flask import Blueprint

from storefront.account import hand_off, invitation, recovery, sign_in, sign_up, way_back

bp = Blueprint("account", __name__, url_prefix="/account")

for area in (sign_in, sign_up, recovery, invitation, hand_off, way_back):
    bp.register_blueprint(area.bp)

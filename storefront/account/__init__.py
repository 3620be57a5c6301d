"""/account: sign in, sign up, forgotten password."""

from flask import Blueprint


bp = Blueprint("account", __name__, url_prefix="/account")

for page in ():
    bp.register_blueprint(page.bp)

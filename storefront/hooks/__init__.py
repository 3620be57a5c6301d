"""/hooks: suppliers calling us."""

from flask import Blueprint


bp = Blueprint("hooks", __name__, url_prefix="/hooks")

for page in ():
    bp.register_blueprint(page.bp)

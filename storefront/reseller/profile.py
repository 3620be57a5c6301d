"""/reseller/profile: name and language of somebody of the staff; how they sign in stands below it."""

from flask import Blueprint, g
from flask_login import current_user
from werkzeug.wrappers import Response

from storefront.core.i18n import lazy_gettext as _
from storefront.identity.models import LoginUser
from storefront.identity.permissions import Role, role_names
from storefront.identity.users import choose_language, choose_name
from storefront.reseller import profile_security
from storefront.web.fields import Pick, options
from storefront.web.forms import Form, Line
from storefront.web.guards import SIGNED_IN, acts
from storefront.web.locale import NATIVE_NAMES
from storefront.web.platform_look import OFFICE_LOCALES
from storefront.web.rendering import done, page

bp = Blueprint("profile", __name__, url_prefix="/profile")
bp.register_blueprint(profile_security.bp)


class ProfileForm(Form):
    """What colleagues and letters call somebody."""

    name = Line(_("Your first and last name"), longest=120)
    locale = Pick(_("Language"))


@bp.route("", methods=["GET", "POST"])
@acts(SIGNED_IN, audit="user.changed")
def show() -> Response:
    """One's own name and language."""
    user = g.db.require(LoginUser, current_user.user_id)
    form = ProfileForm(data={"name": user.name, "locale": user.locale})
    form.locale.choices = options((tag, NATIVE_NAMES.get(tag, tag)) for tag in OFFICE_LOCALES)
    if form.submitted():
        with form.blames_refusals():
            choose_name(g.db, user, form.name.data or "")
            choose_language(g.db, user, form.locale.data)
            return done(_("Your details are saved."), ".show")
    return page(form=form, user=user, role=role_names()[Role(user.role)])

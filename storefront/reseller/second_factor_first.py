"""Who must have a second factor sees nothing of the office but the pages where one is switched on."""

from flask import g, redirect, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from storefront.core.i18n import lazy_gettext as _
from storefront.identity.staff_policy import needs_second_factor
from storefront.web.rendering import say

OPEN = "reseller.profile.security."


def second_factor_first() -> Response | None:
    """Lead somebody whose role needs a second factor, and who did not prove one, to where it is switched on."""
    if current_user.has_second_factor or (request.endpoint or "").startswith(OPEN):
        return None
    if not needs_second_factor(g.db, current_user.kind, current_user.role):
        return None
    say(_("Your role needs a second factor. Please switch one on; then the office opens."), "warning")
    return redirect(url_for("reseller.profile.security.show"), 303)

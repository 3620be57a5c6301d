"""/reseller/credits: the prepaid money at the platform, what moved it, and the wish for more."""

from flask import Blueprint, g
from werkzeug.wrappers import Response

from storefront.core.i18n import lazy_gettext as _
from storefront.core.i18n import lazy_words
from storefront.identity.permissions import Permission
from storefront.reseller.runway import forecast
from storefront.reseller.standing import standing
from storefront.web.amount_field import Amount
from storefront.web.credit_words import entry_rows
from storefront.web.forms import Form
from storefront.web.guards import acts
from storefront.web.rendering import done, page
from tenants.credits import ask_for_top_up, charged_among, entries

bp = Blueprint("credits", __name__, url_prefix="/credits")


class WishForm(Form):
    """How much credit a reseller would like."""

    amount = Amount(lazy_words("Amount"))


@bp.route("/", methods=["GET", "POST"])
@acts(Permission.CREDIT_READ, audit="credit.top_up_asked")
def show() -> Response:
    """What there is, what moved it; on POST the platform is asked for more."""
    stands = standing(g.db)
    form = WishForm()
    if form.submitted():
        with form.blames_refusals():
            ask_for_top_up(g.db, form.amount.money(stands.credit.currency))
            return done(_("The platform knows. Your credit rises as soon as your payment has arrived there."), ".show")
    moved = entries(g.db)
    ahead = forecast(g.db, stands.credit) if stands.has_account else None
    return page(
        form=form,
        stands=stands,
        ahead=ahead,
        runway=ahead.stretches if ahead else [],
        rows=entry_rows(moved, charged_among(g.db, moved)),
    )

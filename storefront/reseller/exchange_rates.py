"""/reseller/exchange-rates: at which rates costs in other currencies are converted, with which buffer, for how long."""

from flask import Blueprint, g
from werkzeug.wrappers import Response

from storefront.core.i18n import lazy_gettext as _
from storefront.core.i18n import lazy_words
from storefront.identity.permissions import Permission
from storefront.pricing.exchange import change_exchange_terms, exchange_terms, latest_quotes, own_rates
from storefront.web.forms import Form, Line
from storefront.web.guards import acts, reads
from storefront.web.price_words import percent_words, rate_words
from storefront.web.rendering import done, page
from tenants.resellers import current_reseller

bp = Blueprint("exchange_rates", __name__, url_prefix="/exchange-rates")


class TermsForm(Form):
    """What the shop adds to a rate, and how long it trusts one."""

    buffer_percent = Line(lazy_words("Buffer"), longest=6)
    valid_days = Line(lazy_words("A rate is good for"), longest=3)


def _form() -> TermsForm:
    terms = exchange_terms(current_reseller(g.db).settings)
    return TermsForm(
        data={"buffer_percent": percent_words(terms.buffer_percent), "valid_days": str(terms.valid_days)},
    )


@bp.get("/")
@reads(Permission.PRICING_READ)
def show() -> Response:
    """The rates of this shop's currency."""
    return _answer(_form())


@bp.route("/change", methods=["GET", "POST"])
@acts(Permission.PRICING_MANAGE, audit="exchange_terms.changed")
def change() -> Response:
    """Change buffer and patience."""
    form = _form()
    if form.submitted():
        with form.blames_refusals():
            change_exchange_terms(
                g.db, buffer_percent=form.buffer_percent.data or "", valid_days=form.valid_days.data or ""
            )
            return done(_("Saved. Prices that follow a cost in another currency use it from now on."), ".show")
    return _answer(form)


def _answer(form: TermsForm) -> Response:
    reseller = current_reseller(g.db)
    terms = exchange_terms(reseller.settings)
    rates = own_rates(g.db)
    known = {rate.base for rate in rates}
    quotes = latest_quotes(g.db)
    buffered = [(each.rate * (1 + each.buffer_percent / 100)).quantize(each.rate) for each in rates]
    written = zip(rates, rate_words([each.rate for each in rates]), rate_words(buffered), strict=True)
    return page(
        "reseller/exchange_rates/show.html",
        form=form,
        currency=reseller.currency,
        rows=[{"rate": rate, "plain": plain, "used": used} for rate, plain, used in written],
        stale=[each for each in quotes if each.currency not in known and each.currency != reseller.currency],
        is_own_stale=reseller.currency != "EUR"
        and any(each.currency == reseller.currency for each in quotes)
        and not rates,
        has_any=bool(quotes),
        terms=terms,
    )

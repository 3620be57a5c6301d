"""/operator/exchange-rates: what the euro costs by the European Central Bank, taken in from its file."""

from contextlib import closing
from typing import Any

from flask import Blueprint, g
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response
from wtforms import FileField

from storefront.core.audit import record
from storefront.core.errors import Refused
from storefront.core.i18n import lazy_gettext as _
from storefront.core.i18n import lazy_words
from storefront.identity.permissions import Permission
from storefront.pricing.exchange import VALID_DAYS, days_known, latest_quotes, take_in_rates
from storefront.web.fields import Tick
from storefront.web.forms import FormWithFiles
from storefront.web.guards import acts
from storefront.web.price_words import rate_words
from storefront.web.rendering import done, page

bp = Blueprint("exchange_rates", __name__, url_prefix="/exchange-rates")


class RatesForm(FormWithFiles):
    """A file of the bank."""

    file = FileField(lazy_words("File of the European Central Bank (XML)"))
    is_sure = Tick(lazy_words("The rates are right although some moved far"))


@bp.route("/", methods=["GET", "POST"])
@acts(Permission.CATALOG_MANAGE, audit="exchange_rates.taken_in")
def show() -> Response:
    """The newest rates and how old they are; on POST a file is taken in."""
    form = RatesForm()
    if form.submitted():
        with form.blames_refusals():
            upload: Any = form.file.data
            # Somebody may send a text where a file belongs.
            if not isinstance(upload, FileStorage) or not upload:
                raise Refused(_("Please choose a file."), field="file")
            with closing(upload):
                taken = take_in_rates(g.office, upload.read(), is_sure=bool(form.is_sure.data))
            record(g.db, "exchange_rates.taken_in", after={"on": taken.newest.isoformat(), "days": taken.days})
            return done(_("The rates are there. Every shop uses them from now on."), ".show")
    today = g.db.now.date()
    quotes = latest_quotes(g.office)
    newest = max((each.on for each in quotes), default=None)
    return page(
        form=form,
        rows=[
            {"quote": each, "rate": rate, "age": (today - each.on).days}
            for each, rate in zip(quotes, rate_words([each.rate for each in quotes]), strict=True)
        ],
        days=days_known(g.office),
        newest=newest,
        age=(today - newest).days if newest else None,
        patience=VALID_DAYS,
    )

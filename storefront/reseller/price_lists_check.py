"""/reseller/price-lists/<id>/check: what to look at before a list is published, and the button that publishes it."""

from datetime import datetime
from typing import Any, cast
from uuid import UUID

from flask import Blueprint, g, request
from werkzeug.wrappers import Response as AnyResponse
from wtforms import DateField, TimeField
from wtforms.validators import Optional

from storefront.core.errors import Conflict, Refused
from storefront.core.i18n import lazy_gettext as _
from storefront.core.moments import moment_in
from storefront.identity.permissions import Permission
from storefront.pricing.list_offers import WithOffers, list_with_offers
from storefront.pricing.models import PriceList
from storefront.pricing.price_cells import Change
from storefront.pricing.price_checks import Findings, look_through
from storefront.pricing.price_lists import publish_list, require_draft
from storefront.pricing.price_sheet import PriceSheet, price_sheet
from storefront.pricing.price_words import words_of
from storefront.pricing.promotion_losses import words_of_offer
from storefront.reseller.price_shown import ACTION_WORDS, change_rows, line_words, revision_from, touched_renewals
from storefront.web.fields import Choice, Hidden, Tick, options
from storefront.web.forms import Form
from storefront.web.guards import acts
from storefront.web.rendering import done, page

bp = Blueprint("check", __name__)

MOST_SHOWN = 50
WHEN = {"now": _("Now"), "later": _("At a moment of your choice")}


class PublishForm(Form):
    """When a list starts, and that its author has seen what is odd about it."""

    when = Choice(_("When it starts"), default="now")
    starts_on = DateField(cast("str", _("Day")), [Optional()])
    starts_time = TimeField(cast("str", _("Time")), [Optional()])
    has_seen = Tick(_("I have seen this and publish it all the same"))
    revision = Hidden()


@bp.route("/<uuid:list_id>/check", methods=["GET", "POST"])
@acts(Permission.PRICING_MANAGE, audit="price_list.published")
def show(list_id: UUID) -> AnyResponse:
    """What would change and what is odd about it; on POST the list is published, now or from a moment on."""
    row = g.db.require(PriceList, list_id)
    require_draft(row)
    sheet = price_sheet(g.db, row)
    findings, offered = look_through(sheet), list_with_offers(g.db, sheet)
    form = PublishForm(data={"when": "now", "revision": row.revision})
    form.when.choices = options(WHEN.items())
    if form.submitted():
        try:
            with form.blames_refusals():
                return _published(form, row, needs_word=findings.needs_word or bool(offered.losses))
        except Conflict as quicker:
            g.refusal = quicker
            form.blame(Refused(quicker.message))
            form.revision.data = str(row.revision)
    return page(form=form, row=row, sheet=sheet, **_shown(sheet, findings), **_offers_shown(offered))


def _published(form: PublishForm, row: PriceList, *, needs_word: bool) -> AnyResponse:
    if needs_word and not form.has_seen.data:
        raise Refused(_("Please look at what is marked above and tick that you have seen it."), field="has_seen")
    starts_at = _moment(form) if form.when.data == "later" else None
    publish_list(g.db, row, revision=revision_from(request.form), starts_at=starts_at)
    words = _("Published. Your shop shows these prices from now on.")
    if starts_at is not None:
        words = _("The list is scheduled. Until it starts you can withdraw it.")
    return done(words, "reseller.price_lists.show", list_id=row.id)


def _moment(form: PublishForm) -> datetime:
    """Return the moment that was chosen, as the clocks of the shop show it."""
    day, time = form.starts_on.data, form.starts_time.data
    if day is None:
        raise Refused(_("Please choose a day."), field="starts_on")
    local = datetime(day.year, day.month, day.day, time.hour if time else 0, time.minute if time else 0)  # noqa: DTZ001 - the zone comes with the next line
    return moment_in(g.db.zone, local, field="starts_time")


def _shown(sheet: PriceSheet, findings: Findings) -> dict[str, Any]:
    weighed = findings.weighed

    def rows(changes: tuple[Change, ...]) -> list[dict[str, Any]]:
        return change_rows(changes, sheet, MOST_SHOWN)

    free = findings.free[:MOST_SHOWN]
    renewed = {change.key.ending for change in weighed.changed if change.key.action == "renew"}
    return {
        "findings": findings,
        "weighed": weighed,
        "losses": rows(findings.losses),
        "rises": rows(tuple(sorted(weighed.rises, key=lambda change: -(change.percent or 0)))),
        "falls": rows(tuple(sorted(weighed.falls, key=lambda change: change.percent or 0))),
        "endings_of": lambda names: ", ".join(_shown_ending(sheet, name) for name in names[:MOST_SHOWN]),
        "free": [f"{_shown_ending(sheet, key.ending)} ({ACTION_WORDS[key.action]})" for key in free],
        "touched": touched_renewals(g.db, renewed),
        "line": line_words(sheet.row.line),
        "most": MOST_SHOWN,
        "zone": g.db.zone,
    }


def _offers_shown(offered: WithOffers) -> dict[str, Any]:
    return {
        "offered": offered,
        "seen": [
            {"words": words_of(each.item), "now": each.now, "then": each.then, "offers": ", ".join(each.offers)}
            for each in offered.seen
        ],
        "groups": offered.groups[:MOST_SHOWN],
        "offer_losses": [
            {"words": words_of_offer(each), "after": each.after, "cost": each.cost, "left": each.left}
            for each in offered.losses[:MOST_SHOWN]
        ],
    }


def _shown_ending(sheet: PriceSheet, ending: str) -> str:
    rules = sheet.rules.get(ending)
    return "." + (rules.unicode if rules else ending)

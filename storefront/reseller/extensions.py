"""/reseller/extensions: what every ending asks of its holders, what it costs and brings, and whether it is on offer."""

from typing import Any

from flask import Blueprint, g, redirect, request, url_for
from werkzeug.wrappers import Response
from wtforms import HiddenField

from storefront.catalog import shelves
from storefront.catalog.ending_facts import ending_sections
from storefront.catalog.queries import require_rules
from storefront.core.errors import NotFound, Refused
from storefront.core.i18n import Text, lazy_words, ngettext
from storefront.core.i18n import lazy_gettext as _
from storefront.core.numbers import read_whole
from storefront.identity.permissions import Permission
from storefront.reseller.extension_rows import SHOWN_STATES, ExtensionRow, ending_costs, extension_rows, period_rows
from storefront.reseller.shop_words import shop_locales, words_field, words_of
from storefront.web.fields import Choice, options
from storefront.web.forms import Form, Line
from storefront.web.guards import acts, is_unsafe, reads
from storefront.web.lists import state_of, wanted_of
from storefront.web.rendering import done, page, say

bp = Blueprint("extensions", __name__, url_prefix="/extensions")

STEPS: dict[str, Text] = {"on": _("Offer"), "off": _("Take off")}


class OfferForm(Form):
    """Put on the shelf or taken off; which endings is read from the boxes that were ticked."""

    step = Choice(lazy_words("What to do"))
    q = HiddenField()
    state = HiddenField()


# More places than endings there are.
MOST_PLACES = 99_999


class AnnounceForm(Form):
    """How an ending is announced; a badge in each language is added by ``_form_for``."""

    place = Line(lazy_words("Place in your order"), longest=5, optional=True)


@bp.get("/")
@reads(Permission.PRICING_READ)
def list() -> Response:  # noqa: A001 - the verb of every list
    """Every ending the platform knows: on offer or not, what it costs, what it brings, what it asks for."""
    wanted, state = wanted_of(), state_of(SHOWN_STATES)
    rows = extension_rows(g.db)
    counts = {each: len([row for row in rows if row.is_in(each)]) for each in SHOWN_STATES}
    shown = [row for row in rows if row.is_in(state) and _fits(row, wanted)]
    return page(rows=shown, wanted=wanted, state=state, chips=_chips(counts, state, wanted), total=len(rows))


@bp.post("/offer")
@acts(Permission.PRICING_MANAGE, audit="offer.changed")
def offer() -> Response:
    """Put the endings that were ticked on the shelf, or take them off."""
    form = OfferForm()
    form.step.choices = options(STEPS.items())
    endings = request.form.getlist("ending")[:5_000]
    if not form.submitted() or not endings:
        say(_("Tick the endings first, then choose what to do with them."), "danger")
        g.refusal = g.get("refusal") or True
        return _back(form)
    is_offered = form.step.data == "on"
    changed = shelves.offer_endings(g.db, endings, is_offered=is_offered)
    say(_said(changed, is_offered=is_offered))
    return _back(form)


def _said(changed: int, *, is_offered: bool) -> str:
    if not changed:
        return str(_("Nothing had to change."))
    if is_offered:
        return ngettext("One ending is on offer now.", "%(num)s endings are on offer now.", changed)
    return ngettext("One ending was taken off.", "%(num)s endings were taken off.", changed)


@bp.get("/<ending>")
@reads(Permission.PRICING_READ)
def show(ending: str) -> Response:
    """One ending: everything it asks, what happens to names under it, costs and prices by period, how it is shown."""
    return page(**_shown(ending, _form_for(shelves.offers(g.db).get(ending))))


@bp.post("/<ending>/announce")
@acts(Permission.PRICING_MANAGE, audit="offer.announced")
def announce(ending: str) -> Response:
    """Say how an ending is announced: a badge, and its place in the shop's order."""
    row = shelves.offers(g.db).get(ending)
    if row is None:
        raise NotFound
    form = _form_for(row)
    if form.submitted():
        with form.blames_refusals():
            _announce(ending, form, row.position + 1)
            return done(_("Kept. Visitors see it like this now."), ".show", ending=ending)
    return page("reseller/extensions/show.html", **_shown(ending, form))


def _shown(ending: str, form: Any) -> dict[str, Any]:
    rules = require_rules(g.db, ending)
    return {
        "form": form,
        "badges": [form[f"badge_{locale}"] for locale in shop_locales()],
        "ending": ending,
        "shown": "." + rules.unicode,
        "rules": rules,
        "offer": shelves.offers(g.db).get(ending),
        "sections": ending_sections(rules, for_office=True),
        "periods": period_rows(g.db, rules),
        "once": ending_costs(g.db, ending),
    }


def _announce(ending: str, form: Any, place: int) -> None:
    typed = form.place.data or str(place)
    number = read_whole(typed, least=1, most=MOST_PLACES)
    if number is None:
        raise Refused(_("Please type a number such as 3."), field="place")
    try:
        shelves.announce_ending(g.db, ending, badge=words_of(form, "badge"), place=number)
    except Refused as no:
        field = f"badge_{shop_locales()[0]}" if no.field == "badge" else no.field
        raise Refused(no.message, field=field) from None


def _form_for(row: Any) -> Any:
    fields = {f"badge_{locale}": words_field(_("Badge"), locale, longest=24) for locale in shop_locales()}
    kind = type("AnnounceFormHere", (AnnounceForm,), fields)
    if row is None or is_unsafe():
        return kind()
    badges = {f"badge_{locale}": row.badge.get(locale, "") for locale in shop_locales()}
    return kind(data={"place": str(row.position + 1), **badges})


def _fits(row: ExtensionRow, wanted: str) -> bool:
    bare = wanted.lower().strip(". ")
    return not bare or bare in row.ending or bare in row.shown.lower() or bare in row.registry.lower()


def _chips(counts: dict[str, int], state: str, wanted: str) -> Any:
    """Return the states as links for ``chips`` of macros/pages.html."""
    asked: dict[str, Any] = {"q": wanted} if wanted else {}
    return [
        (word, url_for(".list", state=key or None, **asked), key == state, counts[key])
        for key, word in SHOWN_STATES.items()
    ]


def _back(form: OfferForm) -> Response:
    asked: dict[str, Any] = {"q": (form.q.data or "")[:200] or None, "state": (form.state.data or "")[:20] or None}
    return redirect(url_for(".list", **asked), 303)

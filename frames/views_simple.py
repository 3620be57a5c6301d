"""Windows that only show or take one form: price list, whois, contact."""

from dataclasses import dataclass

from flask import Response, g, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from cms.blocks import whole
from cms.contact_form import MessageForm, fresh_stamp, is_good_stamp
from cms.queries import find_contact_form
from cms.visitor_messages import leave_message
from frames.window import Window, shows
from storefront.catalog.names import require_name
from storefront.core.errors import Refused
from storefront.core.i18n import gettext, ngettext
from storefront.core.kept import end_of_day
from storefront.core.limits import spend
from storefront.pricing.queries import Shelf
from storefront.pricing.seen_before import seen_before
from storefront.provisioning.availability import CannotAsk
from storefront.provisioning.whois import WhoisAnswer, ask_whois, find_whois
from storefront.shop.buyer import this_shop
from storefront.shop.price_rows import Terms, groups_of, items_in_offers, listed_terms, periods, price_rows
from storefront.shop.whois_words import whois_words
from storefront.web.guards import who
from storefront.web.house import house
from storefront.web.lists import wanted_of
from storefront.web.rendering import make_anew_after
from storefront.web.site import site
from tenants.resellers import current_reseller

WHOIS_RATE = "10/minute"
CONTACT_RATE = "120/hour"
# A window has little room: a long list comes in pages.
ROWS = 10
SIMPLE = ("price-list", "whois", "contact")


@shows("price-list")
def price_list(window: Window) -> Response:
    """What endings cost: one group of them, or all, for a period; ``years``, ``group``, ``q`` and ``page`` choose."""
    shop = this_shop()
    sold_for = periods(shop) or (1,)
    asked = request.args.get("years", "")
    years = int(asked) if asked in map(str, sold_for) else sold_for[0]
    group, wanted = _group_of(window, shop), wanted_of()
    sold = _fitting(shop, years, group, wanted.lower().strip(". "))
    number = _page_of(len(sold))
    listed = dict(list(sold.items())[number * ROWS : (number + 1) * ROWS])
    offered = items_in_offers(shop, listed, now=g.db.now)
    seen = seen_before(g.db, offered, shop.book, version=g.place.version)
    kept = {"q": wanted or None, "group": request.args.get("group") or None, "years": asked or None}
    make_anew_after((end_of_day(g.db) - g.db.now).total_seconds())
    return window.render(
        is_ready=True,
        rows=price_rows(shop, years, now=g.db.now, seen=seen, listed=listed),
        total=len(sold),
        listing=Numbered.of(number, len(sold)),
        page_address=lambda page: window.address(page=page or None, **kept),
        wanted=wanted,
        years=years,
        periods=[(each, ngettext("%(num)s year", "%(num)s years", each)) for each in sold_for],
        groups=[] if window.options.group else [each for each in shop.groups if each.slug],
        group=group,
        language=g.locale,
    )


@dataclass(frozen=True, kw_only=True)
class Numbered:
    """One page of a list, for the pager: rows are counted from one, pages from nought."""

    first: int
    last: int
    total: int
    earlier: int | None
    later: int | None

    @classmethod
    def of(cls, number: int, total: int) -> "Numbered":
        """Describe a page by its number."""
        last = min(total, (number + 1) * ROWS)
        later = number + 1 if last < total else None
        return cls(first=number * ROWS + 1, last=last, total=total, earlier=number - 1 if number else None, later=later)


def _page_of(total: int) -> int:
    """Read which page was asked for; one that is not there is the first."""
    asked = request.args.get("page", "")
    most = max(0, (total - 1) // ROWS)
    return int(asked) if asked.isdecimal() and len(asked) <= len(str(most)) and int(asked) <= most else 0


def _fitting(shop: Shelf, years: int, group: str, wanted: str) -> dict[str, Terms]:
    """Return what is sold for so many years and what the filter asks for."""
    inside = groups_of(shop)
    return {
        ending: terms
        for ending, terms in listed_terms(shop, years).items()
        if (not group or group in inside.get(ending, ()))
        and (wanted in ending or wanted in shop.endings[ending].shown.lower())
    }


def _group_of(window: Window, shop: Shelf) -> str:
    """The group that was chosen for the frame; else the visitor's choice."""
    slugs = [group.slug for group in shop.groups if group.slug]
    asked = window.options.group or request.args.get("group", "")
    return asked if asked in slugs else ""


@shows("whois")
def whois(window: Window) -> Response:
    """A field for a name, and below it who keeps that name, as far as its registry says."""
    asked = request.args.get("name", "").strip()
    if not asked:
        return window.render(is_ready=True, asked="", name=None, found=None, problem="", statuses_of=[])
    shop = this_shop()
    try:
        name = require_name(asked, endings=shop.endings, label_rules=shop.label_rules)
    except Refused as refusal:
        g.refusal = refusal
        return window.render(
            status=422, asked=asked, name=None, found=None, problem=str(refusal.message), statuses_of=[]
        )
    found = _whois_of(name.ascii)
    words = whois_words(found.data.statuses) if found.data else []
    response = window.render(asked=asked, name=name, found=found, problem="", statuses_of=words)
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["Referrer-Policy"] = "same-origin"
    return response


def _whois_of(name: str) -> WhoisAnswer:
    config, shop = house().config, g.place.reseller_id
    try:
        found = find_whois(config, shop, name)
        if found is None or (found.state == "silent" and request.args.get("again")):
            spend(config, WHOIS_RATE, "whois", str(shop), who())
            found = ask_whois(config, shop, name)
    except CannotAsk:
        found = WhoisAnswer(name=name, state="silent")
    return found


@shows("contact", audit="visitor_message.sent", rate="mail_rate")
def contact(window: Window) -> AnyResponse:
    """The shop's contact form; where it has none, how else it is reached."""
    found = find_contact_form(g.db, list(dict.fromkeys([g.locale, *site()["languages"]])))
    shop = current_reseller(g.db)
    if found is None or request.args.get("step") == "sent":
        block = whole(found[1]) if found else None
        is_sent = found is not None and request.args.get("step") == "sent"
        return window.render(is_ready=True, form=None, block=block, is_sent=is_sent, shop=shop)
    version, block = found[0], whole(found[1])
    form = MessageForm(block)
    if form.submitted():
        thanks = redirect(window.address(step="sent"), 303)
        if form.is_from_a_machine:
            g.refusal = True
            return thanks
        if is_good_stamp(g.db, form.stamp.data or ""):
            spend(g.db.config, CONTACT_RATE, "visitor_messages", str(g.place.reseller_id))
            leave_message(g.db, version, str(block["id"]), form.said())
            return thanks
        form.form_errors.append(
            gettext("Please read your message once more, then send it. We ask because machines do not read.")
        )
    form.stamp.data = fresh_stamp(g.db)
    make_anew_after(3600)
    return window.render(is_ready=True, form=form, block=block, is_sent=False, shop=shop)

"""/search: names, their state and their prices, as answers come; and who holds a name."""

from dataclasses import replace
from typing import Any

from flask import Blueprint, Response, g, make_response, request, url_for
from flask_login import current_user
from sqlalchemy import select

from storefront.catalog import suggestions
from storefront.catalog.names import Candidate, require_name
from storefront.catalog.search import Search
from storefront.core import clock
from storefront.core.errors import NotFound, TooMany
from storefront.core.i18n import format_percent
from storefront.core.limits import spend
from storefront.portfolio.models import Domain
from storefront.pricing.history import price_history
from storefront.pricing.history_rules import History
from storefront.pricing.items import Item
from storefront.pricing.queries import Shelf
from storefront.pricing.shown_prices import reduced
from storefront.providers.ports.registrar import Availability
from storefront.provisioning.availability import CannotAsk, Progress, answers, ask, find_answer
from storefront.provisioning.whois import WhoisAnswer, ask_whois, find_whois
from storefront.shop.buyer import this_shop
from storefront.shop.mini_cart import SmallCart, price_of, small_cart
from storefront.shop.search_rows import (
    Describer,
    Row,
    Visitor,
    answers_by_name,
    candidates_of,
    names_of,
    shown_suggestions,
    waiting_suggestions,
)
from storefront.shop.search_wish import Wish, is_search_id, read_wish
from storefront.shop.whois_words import whois_words
from storefront.web.guards import PUBLIC, is_signed_in, reads, who
from storefront.web.house import house
from storefront.web.rendering import page, render

bp = Blueprint("search", __name__, url_prefix="/search")

WHOIS_RATE = "10/minute"
SUGGESTED_MOST = 20
# Suggestions look no further than this many endings: enough for twenty names, and quick.
SUGGESTED_ENDINGS = 16


@bp.route("")
@reads(PUBLIC)
def results() -> Response:
    """The search box, and below it a row for each name."""
    shop = this_shop()
    wish = read_wish(request.args, shop)
    search = wish.read(shop) if wish.text.strip() else Search(candidates=())
    candidates = [] if search.problem else candidates_of(search, wish.others(shop), shop)
    try:
        progress = _progress(wish, search, names_of(candidates), shop)
    except TooMany as refusal:
        answer = _page(wish, search, shop, refusal=refusal)
        answer.headers["Retry-After"] = str(refusal.retry_after_s)
        return answer
    except CannotAsk:
        return _page(wish, search, shop, candidates=candidates, cannot_ask=True)
    return _page(wish, search, shop, candidates=candidates, progress=progress)


def _progress(wish: Wish, search: Search, names: list[str], shop: Shelf) -> Progress | None:
    """Return the search of this page: the running one if the address names it, else a new one that is counted."""
    if not names:
        return None
    config, reseller_id = house().config, g.place.reseller_id
    running = answers(config, reseller_id, wish.search_id) if wish.search_id else None
    if running is not None and running.names == tuple(names):
        return running
    spend(config, config.search_rate, "search", str(reseller_id), who())
    page_again = url_for(".results", **wish.address(search_id=""))  # type: ignore[arg-type]  # values of an address
    return ask(config, reseller_id, names, close_to=_close_to(search, names, wish, shop), page=page_again)


def _close_to(search: Search, names: list[str], wish: Wish, shop: Shelf) -> list[str]:
    """Think of other names, for a search of one thing only: nobody reads suggestions below a hundred rows.

    They lie below the endings that the shop chose for this, in its order; else those of the search come first.
    """
    if len({one.given for one in search.candidates}) != 1 or not search.words:
        return []
    chosen = shop.for_others
    endings = chosen.endings if chosen else tuple(dict.fromkeys((*wish.others(shop), *shop.endings)))
    wanted = suggestions.Shelf(
        endings=endings[:SUGGESTED_ENDINGS],
        languages=(g.locale,),
        label_rules=shop.label_rules,
        listed=frozenset(names),
    )
    return [one.name.ascii for one in suggestions.suggest(search.words, wanted, limit=SUGGESTED_MOST)]


def _describer(shop: Shelf, names: list[str], cart: SmallCart | None = None) -> Describer:
    visitor = Visitor(owned=_owned(names), in_cart=cart.names if cart else frozenset())
    return Describer(shelf=shop, today=clock.today(g.zone), visitor=visitor, now=g.db.now, seen=_seen(shop))


def _seen(shop: Shelf) -> History | None:
    """Return what was shown before of what an offer makes cheaper; asks nothing where no offer runs."""
    book = shop.book
    first = [(ending, book.terms(ending, "register")) for ending in shop.endings]
    items = [Item(key=ending, ending=ending, action="register", years=terms[0]) for ending, terms in first if terms]
    cheaper = reduced(items, book, now=g.db.now)
    return price_history(g.db, group_id=book.group.id if book.group else None, items=cheaper) if cheaper else None


def _owned(names: list[str]) -> frozenset[str]:
    """Say which of the names are the visitor's own; nobody learns of anybody else's."""
    if not names or not is_signed_in() or current_user.customer_id is None:
        return frozenset()
    mine = select(Domain.name_ascii).where(
        Domain.customer_id == current_user.customer_id, Domain.name_ascii.in_(names), Domain.closed_at.is_(None)
    )
    return frozenset(g.db.scalars(mine))


def _page(
    wish: Wish,
    search: Search,
    shop: Shelf,
    *,
    candidates: list[Candidate] | None = None,
    progress: Progress | None = None,
    refusal: TooMany | None = None,
    cannot_ask: bool = False,
) -> Response:
    found = candidates or []
    cart = small_cart(shop)
    describe = _describer(shop, names_of(found), cart)
    known = answers_by_name(progress)
    rows = [
        describe.row(one, known.get(one.name_ascii), is_best=index == 0 and len(search.candidates) == 1)
        for index, one in enumerate(found)
    ]
    listed = {one.name_ascii for one in found}
    return _private(
        page(
            status=429 if refusal else 503 if cannot_ask else None,
            wish=wish,
            search=search,
            refusal=refusal,
            cannot_ask=cannot_ask,
            rows=[row_unasked(row) for row in rows] if cannot_ask else rows,
            groups=shop.groups,
            group=shop.group(wish.group),
            endings_total=len(shop.endings),
            more_endings=[each for each in shop.endings.values() if each.ending not in wish.others(shop)],
            typed_notes=_typed_notes(search, listed),
            cart=cart,
            money_of=price_of,
            **_state(progress, describe, shop),
        )
    )


def row_unasked(row: Row) -> Row:
    """Describe a row that nobody could be asked about: unknown, never free."""
    return replace(row, state="unknown") if row.state == "checking" else row


def _typed_notes(search: Search, listed: set[str]) -> list[str]:
    """Collect what is worth knowing of what was typed, each sentence once."""
    notes = [str(note.message) for note in search.notes]
    for one in search.candidates:
        notes += [str(note.message) for note in one.notes if note.code != "looks_latin" and one.name_ascii in listed]
    return list(dict.fromkeys(notes))


def _state(progress: Progress | None, describe: Describer, shop: Shelf) -> dict[str, Any]:
    """Return what both the page and its changing parts show."""
    percent = shop.book.vat_percent
    close_to = shown_suggestions(progress) if progress else []
    known = answers_by_name(progress)
    named = [(describe.named(name), known[name]) for name in close_to]
    return {
        "progress": progress,
        "again_url": progress.page if progress else "",
        "next_url": f"{progress.page}&search={progress.search_id}" if progress and progress.page else "",
        "close_to": [describe.row(candidate, answer) for candidate, answer in named if candidate],
        "cart_add_url": url_for("shop.cart.add"),
        "more_to_come": bool(progress and waiting_suggestions(progress)),
        "vat_included": shop.book.amounts == "gross",
        "vat_rate": format_percent(percent) if percent else None,
    }


@bp.route("/<search_id>/rows")
@reads(PUBLIC)
def rows(search_id: str) -> Response:
    """The rows that changed since a number, as a piece of the page; 204 when none did."""
    if not is_search_id(search_id):
        raise NotFound
    try:
        progress = answers(house().config, g.place.reseller_id, search_id, since=_since())
    except CannotAsk:
        return make_response("", 503)
    if progress is None:
        raise NotFound
    if not progress.changed and not progress.is_done:
        return make_response("", 204)
    shop = this_shop()
    describe = _describer(shop, list(progress.changed), small_cart(shop))
    candidates = [describe.named(name) for name in progress.changed if name in set(progress.names)]
    best = request.args.get("best", "")
    changed = [
        describe.row(one, progress.answers[one.name_ascii], is_best=one.name_ascii == best) for one in candidates if one
    ]
    state = _state(progress, describe, shop)
    return _private(make_response(render("shop/search/rows.html", rows=changed, **state)))


def _since() -> int:
    given = request.args.get("since", "0")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 6 else 0  # noqa: PLR2004 - far more than answers


@bp.route("/premium")
@reads(PUBLIC)
def premium() -> Response:
    """All four prices of a name that its registry prices itself, to be agreed to before it goes into the cart."""
    shop = this_shop()
    name = require_name(request.args.get("name", ""), endings=shop.endings, label_rules=shop.label_rules)
    search_id = request.args.get("search", "")
    answer = find_answer(house().config, g.place.reseller_id, name.ascii, search_id=search_id)
    describe = _describer(shop, [name.ascii])
    candidate = describe.named(name.ascii)
    row = describe.row(candidate, answer) if candidate else None
    is_premium = answer is not None and answer.availability is Availability.PREMIUM
    return _private(
        page(row=row, name=name, is_premium=is_premium, search_id=search_id, **_state(None, describe, shop))
    )


@bp.route("/whois")
@reads(PUBLIC)
def whois() -> Response:
    """Who holds a name, as far as the registry tells the public."""
    shop = this_shop()
    name = require_name(request.args.get("name", ""), endings=shop.endings, label_rules=shop.label_rules)
    config, reseller_id = house().config, g.place.reseller_id
    try:
        found = find_whois(config, reseller_id, name.ascii)
        if found is None or (found.state == "silent" and request.args.get("again")):
            spend(config, WHOIS_RATE, "whois", str(reseller_id), who())
            found = ask_whois(config, reseller_id, name.ascii)
    except CannotAsk:
        found = WhoisAnswer(name=name.ascii, state="silent")
    words = whois_words(found.data.statuses) if found.data else []
    return _private(page(name=name, found=found, statuses_of=words))


def _private(response: Response) -> Response:
    """Keep what was searched for to this browser and this shop. The Origin check still needs the referrer here."""
    response.headers["Referrer-Policy"] = "same-origin"
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["X-Robots-Tag"] = "noindex"
    return response

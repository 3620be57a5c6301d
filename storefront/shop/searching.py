"""A search as a page or a window shows it: the rows with what is known of them, and what changed since."""

from dataclasses import dataclass, replace
from typing import Any

from flask import g, request
from flask_login import current_user
from sqlalchemy import select

from storefront.catalog import suggestions
from storefront.catalog.names import Candidate, require_name
from storefront.catalog.search import Search
from storefront.core import clock
from storefront.core.errors import NotFound, TooMany
from storefront.core.i18n import format_percent
from storefront.core.limits import spend
from storefront.orders.models import Cart
from storefront.portfolio.models import Domain
from storefront.pricing.history_rules import History
from storefront.pricing.items import Item
from storefront.pricing.queries import Shelf
from storefront.pricing.seen_before import seen_before
from storefront.providers.ports.registrar import Availability
from storefront.provisioning.availability import CannotAsk, Progress, answers, ask, find_answer
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
from storefront.shop.search_wish import Wish
from storefront.shop.ways import Ways
from storefront.web.guards import is_signed_in, who
from storefront.web.house import house

SUGGESTED_MOST = 20
# Suggestions look no further than this many endings: enough for twenty names, and quick.
SUGGESTED_ENDINGS = 16


@dataclass(frozen=True, kw_only=True)
class Found:
    """A search as far as it is. ``refusal``: there were too many; ``cannot_ask``: registries cannot be asked now."""

    wish: Wish
    search: Search
    candidates: tuple[Candidate, ...] = ()
    progress: Progress | None = None
    refusal: TooMany | None = None
    cannot_ask: bool = False

    @property
    def status(self) -> int:
        """The status of the answer that shows it."""
        return 429 if self.refusal else 503 if self.cannot_ask else 200


def look_for(wish: Wish, shop: Shelf, page_again: str) -> Found:
    """Read what was typed and have registries asked; ``page_again`` leads back to this search without its answers."""
    search = wish.read(shop) if wish.text.strip() else Search(candidates=())
    candidates = tuple([] if search.problem else candidates_of(search, wish.others(shop), shop))
    found = Found(wish=wish, search=search, candidates=candidates)
    try:
        return replace(found, progress=_progress(found, shop, page_again))
    except TooMany as refusal:
        return replace(found, candidates=(), refusal=refusal)
    except CannotAsk:
        return replace(found, cannot_ask=True)


def _progress(found: Found, shop: Shelf, page_again: str) -> Progress | None:
    """Return the search of this page: the running one if the address names it, else a new one that is counted."""
    names, wish = names_of(found.candidates), found.wish
    if not names:
        return None
    config, reseller_id = house().config, g.place.reseller_id
    running = answers(config, reseller_id, wish.search_id) if wish.search_id else None
    if running is not None and running.names == tuple(names):
        return running
    spend(config, config.search_rate, "search", str(reseller_id), who())
    return ask(config, reseller_id, names, close_to=_close_to(found, names, shop), page=page_again)


def _close_to(found: Found, names: list[str], shop: Shelf) -> list[str]:
    """Think of other names, for a search of one thing only: nobody reads suggestions below a hundred rows.

    They lie below the endings that the shop chose for this, in its order; else those of the search come first.
    """
    search = found.search
    if len({one.given for one in search.candidates}) != 1 or not search.words:
        return []
    chosen = shop.for_others
    endings = chosen.endings if chosen else tuple(dict.fromkeys((*found.wish.others(shop), *shop.endings)))
    wanted = suggestions.Shelf(
        endings=endings[:SUGGESTED_ENDINGS],
        languages=(g.locale,),
        label_rules=shop.label_rules,
        listed=frozenset(names),
    )
    return [one.name.ascii for one in suggestions.suggest(search.words, wanted, limit=SUGGESTED_MOST)]


def describer(shop: Shelf, names: list[str], cart: SmallCart | None = None) -> Describer:
    """Return what describes names to the visitor of this request."""
    visitor = Visitor(owned=_owned(names), in_cart=cart.names if cart else frozenset())
    return Describer(shelf=shop, today=clock.today(g.zone), visitor=visitor, now=g.db.now, seen=_seen(shop))


def _seen(shop: Shelf) -> History | None:
    """Return what was shown before of what an offer makes cheaper; asks nothing where no offer runs."""
    book = shop.book
    first = [(ending, book.terms(ending, "register")) for ending in shop.endings]
    items = [Item(key=ending, ending=ending, action="register", years=terms[0]) for ending, terms in first if terms]
    return seen_before(g.db, items, book, version=g.place.version)


def _owned(names: list[str]) -> frozenset[str]:
    """Say which of the names are the visitor's own; nobody learns of anybody else's."""
    if not names or not is_signed_in() or current_user.customer_id is None:
        return frozenset()
    mine = select(Domain.name_ascii).where(
        Domain.customer_id == current_user.customer_id, Domain.name_ascii.in_(names), Domain.closed_at.is_(None)
    )
    return frozenset(g.db.scalars(mine))


def search_facts(found: Found, shop: Shelf, cart: Cart | None, ways: Ways) -> dict[str, Any]:
    """Return what a search shows."""
    wish, search, progress = found.wish, found.search, found.progress
    seen = small_cart(shop, cart)
    describe = describer(shop, names_of(found.candidates), seen)
    known = answers_by_name(progress)
    rows = [
        describe.row(one, known.get(one.name_ascii), is_best=index == 0 and len(search.candidates) == 1)
        for index, one in enumerate(found.candidates)
    ]
    return {
        "wish": wish,
        "search": search,
        "refusal": found.refusal,
        "cannot_ask": found.cannot_ask,
        "rows": [row_unasked(row) for row in rows] if found.cannot_ask else rows,
        "groups": shop.groups,
        "group": shop.group(wish.group),
        "endings_total": len(shop.endings),
        "more_endings": [each for each in shop.endings.values() if each.ending not in wish.others(shop)],
        "typed_notes": _typed_notes(search, {one.name_ascii for one in found.candidates}),
        "cart": seen,
        "money_of": price_of,
        **_state(progress, describe, shop, ways),
    }


def row_unasked(row: Row) -> Row:
    """Describe a row that nobody could be asked about: unknown, never free."""
    return replace(row, state="unknown") if row.state == "checking" else row


def _typed_notes(search: Search, listed: set[str]) -> list[str]:
    """Collect what is worth knowing of what was typed, each sentence once."""
    notes = [str(note.message) for note in search.notes]
    for one in search.candidates:
        notes += [str(note.message) for note in one.notes if note.code != "looks_latin" and one.name_ascii in listed]
    return list(dict.fromkeys(notes))


def _state(progress: Progress | None, describe: Describer, shop: Shelf, ways: Ways) -> dict[str, Any]:
    """Return what both the page and its changing parts show."""
    percent = shop.book.vat_percent
    close_to = shown_suggestions(progress) if progress else []
    known = answers_by_name(progress)
    named = [(describe.named(name), known[name]) for name in close_to]
    page_again = progress.page if progress else ""
    return {
        "ways": ways,
        "progress": progress,
        "again_url": ways.carry(page_again),
        "next_url": f"{page_again}{'&' if '?' in page_again else '?'}search={progress.search_id}"
        if progress and page_again
        else "",
        "close_to": [describe.row(candidate, answer) for candidate, answer in named if candidate],
        "more_to_come": bool(progress and waiting_suggestions(progress)),
        "vat_included": shop.book.amounts == "gross",
        "vat_rate": format_percent(percent) if percent else None,
    }


def changed_since(search_id: str) -> Progress | None:
    """Return a running search with what changed since the number in the address; ``None`` when nothing did.

    Raises ``NotFound`` for one that nobody remembers, ``CannotAsk`` while nobody can be asked.
    """
    given = request.args.get("since", "0")
    since = int(given) if given.isascii() and given.isdigit() and len(given) < 6 else 0  # noqa: PLR2004 - far more than answers
    progress = answers(house().config, g.place.reseller_id, search_id, since=since)
    if progress is None:
        raise NotFound
    return progress if progress.changed or progress.is_done else None


def changed_facts(progress: Progress, shop: Shelf, cart: Cart | None, ways: Ways, best: str) -> dict[str, Any]:
    """Return the rows of a running search that changed, as a piece of a page shows them."""
    describe = describer(shop, list(progress.changed), small_cart(shop, cart))
    candidates = [describe.named(name) for name in progress.changed if name in set(progress.names)]
    changed = [
        describe.row(one, progress.answers[one.name_ascii], is_best=one.name_ascii == best) for one in candidates if one
    ]
    return {"rows": changed, "events": [], **_state(progress, describe, shop, ways)}


def premium_facts(given: str, search_id: str, shop: Shelf, ways: Ways) -> dict[str, Any]:
    """Return all prices of a name that its registry prices itself. Raises ``Refused`` for what is no name."""
    name = require_name(given, endings=shop.endings, label_rules=shop.label_rules)
    answer = find_answer(house().config, g.place.reseller_id, name.ascii, search_id=search_id)
    describe = describer(shop, [name.ascii])
    candidate = describe.named(name.ascii)
    return {
        "row": describe.row(candidate, answer) if candidate else None,
        "name": name,
        "is_premium": answer is not None and answer.availability is Availability.PREMIUM,
        "search_id": search_id,
        **_state(None, describe, shop, ways),
    }

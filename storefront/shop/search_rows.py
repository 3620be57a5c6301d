"""What one row of the search page says: a name, what is known of it, and what it costs."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from storefront.catalog.eligibility import remarks
from storefront.catalog.endings import sold_ending
from storefront.catalog.labels import script_problem
from storefront.catalog.names import Candidate, with_endings
from storefront.catalog.search import Search
from storefront.core.i18n import Text
from storefront.core.money import Money
from storefront.pricing.history_rules import History
from storefront.pricing.queries import Shelf
from storefront.pricing.quote import Item, quote
from storefront.pricing.shown_prices import ShownPrice, shown_price
from storefront.providers.ports.registrar import Action, Availability, CheckResult
from storefront.provisioning.availability import Progress

# At most so many suggestions are shown, of those that are asked about (domains.md, 1.5).
SHOWN_MOST = 8
# Terms a row offers; the cart knows them all.
TERMS = (1, 2, 3, 5, 10)
# What is worth knowing before buying; the rest stands on the ending's own page.
WORTH_A_LINE = frozenset({"https_only", "local_link", "local_only"})


@dataclass(frozen=True, kw_only=True)
class Prices:
    """What a name costs, as the shop counts; ``None`` for what is not sold. ``terms`` are totals by years."""

    terms: tuple[tuple[int, Money], ...]
    renewal: Money | None
    transfer: Money | None
    restore: Money | None
    transfer_years: int = 0
    renewal_years: int = 1
    # What may be said of the first price: the offer that made it, its end, and what may be struck through.
    told: ShownPrice | None = None

    @property
    def first(self) -> Money | None:
        """The price of the shortest term."""
        return self.terms[0][1] if self.terms else None

    @property
    def first_years(self) -> int:
        """The years of the shortest term."""
        return self.terms[0][0] if self.terms else 1


@dataclass(frozen=True, kw_only=True)
class Row:
    """One row. ``state`` is a word the template knows; ``shown`` and ``ending`` are the name as people read it."""

    name: str
    shown: str
    ending: str
    state: str
    prices: Prices | None = None
    why: Text = ""
    notes: tuple[Text, ...] = ()
    is_best: bool = False
    is_in_cart: bool = False

    @property
    def full(self) -> str:
        """The whole name as people read it."""
        return self.shown + self.ending

    @property
    def coded(self) -> str:
        """The name as registries write it, where that is another way."""
        return self.name if self.name and self.name != self.full else ""


@dataclass(frozen=True, kw_only=True)
class Visitor:
    """What the visitor has already: names in the cart, and names of their own."""

    in_cart: frozenset[str] = frozenset()
    owned: frozenset[str] = frozenset()


@dataclass(kw_only=True)
class Describer:
    """Describes names of one shop for one visitor on one day; prices of an ending are looked up once."""

    shelf: Shelf
    today: date
    visitor: Visitor = field(default_factory=Visitor)
    now: datetime | None = None
    seen: History | None = None
    _kept: dict[str, Prices] = field(default_factory=dict)

    def row(self, candidate: Candidate, answer: CheckResult | None, *, is_best: bool = False) -> Row:
        """Describe one candidate by what the registry said, or by what is wrong with it."""
        if candidate.problem is not None:
            return self._refused(candidate)
        name = candidate.name_ascii
        state = self._state(name, answer)
        prices = self.prices(candidate.ending or "")
        why: Text = ""
        if state == "premium" and answer is not None:
            prices, why = self.premium_prices(answer, candidate.ending or "")
            state = state if prices.first is not None else "unsellable"
        return Row(
            name=name,
            shown=candidate.label_unicode,
            ending=self._shown_ending(candidate),
            state=state,
            prices=prices,
            why=why,
            notes=self._notes(candidate, state),
            is_best=is_best,
            is_in_cart=name in self.visitor.in_cart,
        )

    def named(self, name: str) -> Candidate | None:
        """Read a name (A-label) of a running search again; ``None`` when its ending is no longer sold."""
        ending = sold_ending(name.split("."), self.shelf.endings)
        if ending is None:
            return None
        return with_endings(name[: -len(ending) - 1], [ending], self.shelf.label_rules)[0]

    def prices(self, ending: str) -> Prices:
        """Return the list prices of an ending, in terms that the registry takes."""
        if ending not in self._kept:
            self._kept[ending] = self._list_prices(ending)
        return self._kept[ending]

    def _list_prices(self, ending: str) -> Prices:
        book, offered = self.shelf.book, self.shelf.endings.get(ending)
        possible = offered.rules.register_years if offered else ()
        sold = [years for years in book.terms(ending, "register") if years in possible]
        terms = [years for years in sold if years in TERMS] or sold
        transfer_terms = book.terms(ending, "transfer")
        restore_terms = book.terms(ending, "restore") if offered is None or offered.rules.may_restore else ()
        renewal_terms = book.terms(ending, "renew")
        told = {years: self._told(ending, years) for years in terms}
        return Prices(
            terms=tuple((years, price.price) for years, price in told.items() if price is not None),
            told=told.get(terms[0]) if terms else None,
            renewal=book.prices[ending, "renew", renewal_terms[0]] if renewal_terms else None,
            transfer=book.prices[ending, "transfer", transfer_terms[0]] if transfer_terms else None,
            restore=book.prices[ending, "restore", restore_terms[0]] if restore_terms else None,
            transfer_years=offered.rules.transfer_years if offered else 0,
            renewal_years=renewal_terms[0] if renewal_terms else 1,
        )

    def _told(self, ending: str, years: int) -> ShownPrice | None:
        item = Item(key="one", ending=ending, action="register", years=years)
        if self.now is None:
            return ShownPrice(price=self.shelf.book.prices[ending, "register", years])
        return shown_price(item, self.shelf.book, now=self.now, seen=self.seen)

    def premium_prices(self, answer: CheckResult, ending: str) -> tuple[Prices, Text]:
        """Return the four prices of a name that the registry prices itself, or why it cannot be sold here."""
        costs = {action: _one_year(action, terms) for action, terms in answer.costs.items()}
        items = [
            Item(key=action.value, ending=ending, action=action.value, years=1, premium=cost)
            for action, cost in costs.items()
            if cost is not None
        ]
        answered = quote(items, self.shelf.book, today=self.today)
        found = {each.item.key: each.price for each in answered.items}
        first = found.get(Action.REGISTER.value)
        prices = Prices(
            terms=((1, first),) if first is not None else (),
            renewal=found.get(Action.RENEW.value),
            transfer=found.get(Action.TRANSFER.value),
            restore=found.get(Action.RESTORE.value),
        )
        return prices, (answered.refused[0].why if answered.refused else "")

    def _state(self, name: str, answer: CheckResult | None) -> str:
        if answer is None:
            return "checking"
        if name in self.visitor.owned and answer.availability is Availability.TAKEN:
            return "owned"
        if name in self.visitor.in_cart and answer.availability.is_buyable:
            return "in_cart"
        return {Availability.PREMIUM: "premium", Availability.UNSUPPORTED: "unsupported"}.get(
            answer.availability, answer.availability.value
        )

    def _shown_ending(self, candidate: Candidate) -> str:
        return candidate.name_unicode[len(candidate.label_unicode) :]

    def _notes(self, candidate: Candidate, state: str) -> tuple[Text, ...]:
        notes = [note.message for note in candidate.notes if note.code == "looks_latin"]
        offered = self.shelf.endings.get(candidate.ending or "")
        if offered and state in {"available", "premium", "in_cart"}:
            said = zip(offered.rules.notes, remarks(offered.rules), strict=True)
            notes += [words for code, words in said if code in WORTH_A_LINE]
        return tuple(notes)

    def _refused(self, candidate: Candidate) -> Row:
        problem = candidate.problem
        is_whole = bool(candidate.label and candidate.ending)
        return Row(
            name=candidate.name_ascii if is_whole else "",
            shown=candidate.label_unicode if is_whole else candidate.given,
            ending=self._shown_ending(candidate) if is_whole else "",
            state="unsupported" if problem and problem.code == "unsupported_ending" else "invalid",
            why=problem.message if problem else "",
        )


def candidates_of(search: Search, others: Sequence[str], shelf: Shelf) -> list[Candidate]:
    """Return the rows of a search in the order they keep for ever: names as typed, then their labels by ending."""
    found: dict[str, Candidate] = {}
    for one in search.candidates:
        if one.problem or one.ending:
            found.setdefault(one.name_ascii or "?" + one.given, one)
    for label in dict.fromkeys(one.label for one in search.readable if _is_searchable(one)):
        for one in with_endings(label, others, shelf.label_rules):
            found.setdefault(one.name_ascii, one)
    return list(found.values())


def _is_searchable(one: Candidate) -> bool:
    """Whether other endings make sense: the fault, if any, lies in the ending and not in the label itself."""
    return one.problem is None or (one.ending is not None and not script_problem(one.label_unicode))


def names_of(candidates: Iterable[Candidate]) -> list[str]:
    """Return the names to ask registries about."""
    return [one.name_ascii for one in candidates if one.name is not None]


def shown_suggestions(progress: Progress) -> list[str]:
    """Return the suggestions to show: buyable ones by score, none before all better ones have their answer.

    So what is shown once stays where it is, and late answers only add to the end.
    """
    shown: list[str] = []
    for name in progress.close_to:
        answer = progress.answers.get(name)
        if answer is None or len(shown) == SHOWN_MOST:
            break
        if answer.availability.is_buyable:
            shown.append(name)
    return shown


def waiting_suggestions(progress: Progress) -> bool:
    """Whether more suggestions may still come."""
    return len(shown_suggestions(progress)) < SHOWN_MOST and any(
        name not in progress.answers for name in progress.close_to
    )


def answers_by_name(progress: Progress | None) -> Mapping[str, CheckResult]:
    """Return what is known, nothing when there is no search."""
    return progress.answers if progress else {}


def _one_year(action: Action, terms: Mapping[int, Money]) -> Money | None:
    """Return what a registry asks for a year of a name, or for doing something once; ``None`` if it has not said.

    A year for nothing is no price but a gap in the answer: nobody is promised one.
    """
    if action in {Action.REGISTER, Action.RENEW}:
        return terms.get(1) or None
    return terms[min(terms)] if terms else None

"""rule: what a shop still needs before it may go live, found by looking at facts and never by ticking."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from storefront.core.i18n import Text
from storefront.core.i18n import lazy_gettext as _


class State(StrEnum):
    """How an item stands. Nothing of ``MUST`` may be left when a shop opens; ``OPEN`` may wait."""

    DONE = "done"
    OPEN = "open"
    MUST = "must"


class SupplierState(StrEnum):
    """How the account at the registrar stands."""

    NONE = "none"
    WAITING = "waiting"
    REFUSED = "refused"
    ACCEPTED = "accepted"
    FAILING = "failing"


@dataclass(frozen=True, kw_only=True)
class ShopFacts:
    """What is known of a shop. ``missing_company`` names the fields of the company that are empty."""

    missing_company: tuple[str, ...]
    is_vat_registered: bool
    vat_number: str
    iban: str
    takes_cards: bool
    sender_email: str
    is_sender_confirmed: bool
    own_hosts: tuple[str, ...]  # served to everybody
    waiting_host: str  # connected, and not served yet
    has_terms: bool
    terms_version: str
    has_privacy: bool
    has_prices: bool
    supplier: SupplierState
    has_logo: bool
    has_colours: bool
    has_carried_out_an_order: bool
    owners: int
    owners_without_second_factor: int


@dataclass(frozen=True, kw_only=True)
class Item:
    """One line: what it is, how it stands, why it matters, and the page that settles it."""

    key: str
    state: State
    title: Text
    why: Text = ""
    action: Text = ""
    endpoint: str = ""
    icon: str = "alert"
    anchor: str = ""


@dataclass(frozen=True, kw_only=True)
class Readiness:
    """The whole list, the musts first."""

    items: Sequence[Item] = field(default_factory=tuple)

    @property
    def is_ready(self) -> bool:
        """Whether the shop may go live."""
        return not any(item.state is State.MUST for item in self.items)

    @property
    def left(self) -> list[Item]:
        """What is still to do, what must be done first."""
        return [item for item in self.items if item.state is not State.DONE]

    @property
    def done(self) -> list[Item]:
        """What is done."""
        return [item for item in self.items if item.state is State.DONE]

    @property
    def musts(self) -> list[Item]:
        """What keeps the shop from opening."""
        return [item for item in self.items if item.state is State.MUST]


SETTINGS = "reseller.settings.show"
_ORDER = (State.MUST, State.OPEN, State.DONE)


def readiness(facts: ShopFacts) -> Readiness:
    """Say what a shop still needs (domains.md 9.1, 4): the musts first, then what may wait, then what is done."""
    found = [*_company(facts), *_money(facts), *_law(facts), *_shop(facts), *_people(facts)]
    return Readiness(items=tuple(sorted(found, key=lambda item: _ORDER.index(item.state))))


def _company(facts: ShopFacts) -> Iterator[Item]:
    lacks_vat = facts.is_vat_registered and not facts.vat_number
    if facts.missing_company or lacks_vat:
        yield Item(
            key="company",
            state=State.MUST,
            title=_("Your VAT number is missing")
            if not facts.missing_company
            else _("Your company's data are not complete"),
            why=_("Name, address and VAT number stand on every proforma and invoice; without them none is valid."),
            action=_("Fill them in"),
            endpoint=SETTINGS,
            anchor="company",
            icon="file",
        )
    else:
        yield _done("company", _("Company data and VAT are complete"))


def _money(facts: ShopFacts) -> Iterator[Item]:
    if facts.iban:
        yield _done("bank", _("Bank account is on your documents"))
    else:
        yield Item(
            key="bank",
            state=State.MUST,
            title=_("There is no bank account"),
            why=_("Customers who pay by transfer find it on the proforma; refunds are paid from it too."),
            action=_("Add the account"),
            endpoint=SETTINGS,
            anchor="bank",
            icon="bank",
        )
    if facts.takes_cards or facts.iban:
        yield _done(
            "payment",
            _("Customers can pay by card and by transfer")
            if facts.takes_cards and facts.iban
            else _("Customers can pay"),
        )
    else:
        yield Item(
            key="payment",
            state=State.MUST,
            title=_("Nobody can pay yet"),
            why=_("One way to pay is enough: a bank account for transfers, or a gateway for cards."),
            action=_("Add the account"),
            endpoint=SETTINGS,
            anchor="bank",
            icon="card",
        )
    yield _prices(facts)
    yield _supplier(facts)


def _prices(facts: ShopFacts) -> Item:
    if facts.has_prices:
        return _done("prices", _("Prices are published"))
    return Item(
        key="prices",
        state=State.MUST,
        title=_("No prices are published"),
        why=_("A name without a price cannot be sold. Publish a price list with at least one ending."),
        action=_("Look at the prices"),
        endpoint="reseller.price_lists.list",
        icon="tag",
    )


_SUPPLIER: dict[SupplierState, tuple[State, Text, Text]] = {
    SupplierState.NONE: (
        State.MUST,
        _("The supplier account is missing"),
        _("With its key and password paid names are registered. The supplier checks both when you save."),
    ),
    SupplierState.WAITING: (
        State.MUST,
        _("The supplier is being asked about your account"),
        _("This takes a few seconds when the supplier answers. Nothing is to be done."),
    ),
    SupplierState.REFUSED: (
        State.MUST,
        _("The supplier does not take your account"),
        _("The page says which of key and password is wrong, and what to do."),
    ),
    SupplierState.FAILING: (
        State.MUST,
        _("The supplier does not take your account any more"),
        _("Paid names cannot be registered until it does. The page says what is wrong, and what to do."),
    ),
}


def _supplier(facts: ShopFacts) -> Item:
    if facts.supplier is SupplierState.ACCEPTED:
        return _done("supplier", _("The supplier has checked your account"))
    state, title, why = _SUPPLIER[facts.supplier]
    return Item(
        key="supplier",
        state=state,
        title=title,
        why=why,
        action=_("Open the supplier account"),
        endpoint="reseller.supplier.show",
        icon="key",
    )


def _law(facts: ShopFacts) -> Iterator[Item]:
    if facts.has_terms and facts.terms_version:
        yield _done("terms", _("Terms of service are published, edition %(label)s", label=facts.terms_version))
    else:
        yield Item(
            key="terms",
            state=State.MUST,
            title=_("Your terms have no edition") if facts.has_terms else _("There are no terms of service"),
            why=_("Customers accept them with each order; the order keeps which edition it was."),
            action=_("Write the terms"),
            endpoint="reseller.legal.show",
            anchor="terms",
            icon="pages",
        )
    if facts.has_privacy:
        yield _done("privacy", _("The privacy page is published"))
    else:
        yield Item(
            key="privacy",
            state=State.MUST,
            title=_("There is no privacy page"),
            why=_("Whoever collects names and addresses must say why and for how long (GDPR, article 13)."),
            action=_("Write the page"),
            endpoint="reseller.legal.show",
            anchor="privacy",
            icon="shield",
        )


def _shop(facts: ShopFacts) -> Iterator[Item]:
    yield _host(facts)
    yield _sender(facts)
    if facts.has_logo and facts.has_colours:
        yield _done("look", _("Logo and colours are yours"))
    else:
        yield Item(
            key="look",
            state=State.OPEN,
            title=_("The shop has no colours of yours yet") if facts.has_logo else _("The shop has no logo yet"),
            why=_("Shop, letters and documents show them. Until then they show the name in plain letters."),
            action=_("Choose the look"),
            endpoint="reseller.branding.edit",
            icon="image",
        )
    if facts.has_carried_out_an_order:
        yield _done("order", _("An order went through from search to invoice"))
    else:
        yield Item(
            key="order",
            state=State.OPEN,
            title=_("Nobody has tried an order yet"),
            why=_(
                "Order a name yourself and pay it: you see what your customers will see, letters and invoice included."
            ),
            action=_("Try an order"),
            endpoint="reseller.opening.show",
            anchor="try",
            icon="cart",
        )


def _host(facts: ShopFacts) -> Item:
    if facts.own_hosts:
        return _done("host", _("Your shop answers on %(host)s", host=facts.own_hosts[0]))
    waiting = facts.waiting_host
    return Item(
        key="host",
        state=State.OPEN,
        title=_("%(host)s does not serve your shop yet", host=waiting)
        if waiting
        else _("No address of your own is connected"),
        why=_("The page says which record is missing, and looks by itself until it is there.")
        if waiting
        else _("Until then customers find you under a name of the platform. That is enough to begin with."),
        action=_("Open the Domain Doctor") if waiting else _("Connect an address"),
        endpoint="reseller.hosts.list",
        icon="globe",
    )


def _sender(facts: ShopFacts) -> Item:
    if facts.sender_email and facts.is_sender_confirmed:
        return _done("sender", _("Letters come from %(email)s", email=facts.sender_email))
    return Item(
        key="sender",
        state=State.OPEN,
        title=_("%(email)s is not confirmed yet", email=facts.sender_email)
        if facts.sender_email
        else _("Letters do not come from an address of yours"),
        why=_("We sent a code to it. Until you type it, letters come from a neutral address; answers reach you anyway.")
        if facts.sender_email
        else _(
            "They come from a neutral address, and answers reach you. With your own, customers know whom it is from."
        ),
        action=_("Type the code") if facts.sender_email else _("Set the address"),
        endpoint=SETTINGS,
        anchor="letters",
        icon="mail",
    )


def _people(facts: ShopFacts) -> Iterator[Item]:
    if facts.owners and not facts.owners_without_second_factor:
        yield _done("second_factor", _("Every owner signs in with a second factor"))
        return
    yield Item(
        key="second_factor",
        state=State.OPEN,
        title=_("An owner signs in with a password alone"),
        why=_(
            "Whoever gets to know it can change prices and bank account. A second factor makes the password useless."
        ),
        action=_("Set it up"),
        endpoint="reseller.profile.show",
        icon="lock",
    )


def _done(key: str, title: Text) -> Item:
    return Item(key=key, state=State.DONE, title=title, icon="ok")

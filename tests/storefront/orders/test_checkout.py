"""Placing an order: one transaction, one order, everything frozen."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select, update

from storefront.billing.models import Document
from storefront.core.db import Database, Work
from storefront.core.errors import Refused
from storefront.core.i18n import speaking
from storefront.core.outbox import OutboxEvent
from storefront.customers.models import Consent, Contact, Customer
from storefront.orders import carts
from storefront.orders.agreements import Agreed, Terms
from storefront.orders.basket import basket, reckon_basket
from storefront.orders.checkout import CartChanged, OrderTerms, fingerprint, place_order
from storefront.orders.fulfilment import items_of
from storefront.orders.models import Cart, PurchaseOrder
from storefront.pricing.models import Price
from storefront.pricing.queries import shelf
from storefront.providers.ports.registrar import Availability
from tests import factories
from tests.fixtures_app import Shop

BOXES = frozenset({"immediate_performance", "right_lost_when_done"})


class Buying:
    """A customer with a full cart."""

    def __init__(self, db: Work, customer: Customer, *names: str) -> None:
        self.db, self.customer = db, customer
        self.user = factories.make_user(db, customer=customer)
        self.cart: Cart = carts.make_cart(db, self.user.id)[0]
        for name in names:
            carts.add_item(db, self.cart, carts.NameWish(name=name), shelf(db))

    def terms(self, **changes: object) -> OrderTerms:
        seen = basket(self.db, self.cart, shelf(self.db))
        values: dict[str, object] = {
            "customer": self.customer,
            "user_id": self.user.id,
            "once_key": str(self.cart.id),
            "shown": fingerprint(seen, reckon_basket(self.db, self.customer, seen)),
            "pays_by": "bank",
            "agreed": Agreed(terms=Terms(version="7", wording="I accept."), accepts_terms=True, ticked=BOXES),
        }
        return OrderTerms(**{**values, **changes})  # type: ignore[arg-type]  # the fields above

    def order(self, **changes: object) -> PurchaseOrder:
        return place_order(self.db, self.cart, self.terms(**changes), shelf(self.db))


def name(ending: str = "com") -> str:
    return f"order-{uuid4().hex[:12]}.{ending}"


@pytest.fixture
def buying(db: Work) -> Buying:
    customer = factories.make_customer(db)
    factories.make_contact(db, customer)
    return Buying(db, customer, name(), name("eu"))


def proforma_of(db: Work, order: PurchaseOrder) -> Document:
    found = db.scalar(select(Document).where(Document.order_id == order.id, Document.kind == "proforma"))
    assert found is not None
    return found


def test_order_has_a_proforma_lines_and_an_event(buying: Buying, db: Work) -> None:
    order = buying.order()

    proforma = proforma_of(db, order)
    lines = items_of(db, order.id)
    assert (order.state, order.total_minor, order.pays_by) == ("awaiting_payment", 2180, "bank")
    assert (proforma.gross_minor, proforma.state, proforma.facts["order_code"]) == (2180, "issued", order.code)
    assert [(line.price_minor, line.state) for line in lines] == [(1090, "pending_payment")] * 2
    assert sum(line.net_minor for line in lines) == proforma.net_minor
    event = db.scalar(
        select(OutboxEvent).where(OutboxEvent.name == "orders.order_placed").order_by(OutboxEvent.id.desc())
    )
    assert event is not None
    assert event.payload == {"order_id": str(order.id), "proforma_id": str(proforma.id)}


def test_registrant_is_frozen_as_the_registry_is_told(buying: Buying, db: Work) -> None:
    order = buying.order()

    registrant = items_of(db, order.id)[0].registrant
    assert set(registrant) >= {
        "kind",
        "given",
        "family",
        "orgname",
        "street",
        "street2",
        "postcode",
        "city",
        "region",
        "country",
    }
    assert (registrant["given"], registrant["phone"]) == ("Aino", "+358401234567")


def test_cart_is_gone_afterwards(buying: Buying, db: Work) -> None:
    buying.order()

    assert carts.find_cart(db, "", buying.user.id) is None


def test_what_was_agreed_to_is_kept_with_the_order_and_as_consents(buying: Buying, db: Work) -> None:
    order = buying.order()

    consents = db.scalars(select(Consent).where(Consent.order_id == order.id))
    assert {consent.kind for consent in consents} == {"terms", "immediate_start", "withdrawal_waiver"}
    assert order.agreed["terms"] == {"version": "7", "text": "I accept."}
    assert [box["key"] for box in order.agreed["boxes"]] == ["immediate_performance", "right_lost_when_done"]
    assert "21.80" in order.agreed["button"]
    assert order.agreed["locale"] == "en"


def test_proforma_speaks_the_language_of_the_order(buying: Buying, db: Work) -> None:
    with speaking("pl"):
        order = buying.order()

    assert (order.locale, proforma_of(db, order).locale) == ("pl", "pl")


@pytest.mark.parametrize(
    ("agreed", "field"),
    [
        (Agreed(terms=Terms(version="7", wording="x"), accepts_terms=False, ticked=BOXES), "terms"),
        (Agreed(terms=Terms(version="7", wording="x"), accepts_terms=True), "immediate_performance"),
        (
            Agreed(
                terms=Terms(version="7", wording="x"), accepts_terms=True, ticked=frozenset({"immediate_performance"})
            ),
            "right_lost_when_done",
        ),
    ],
)
def test_order_without_agreement_is_refused(buying: Buying, agreed: Agreed, field: str) -> None:
    with pytest.raises(Refused) as refused:
        buying.order(agreed=agreed)

    assert refused.value.field == field


def test_business_ticks_no_boxes(db: Work) -> None:
    customer = factories.make_customer(db, kind="company")
    factories.make_contact(db, customer)
    agreed = Agreed(terms=Terms(version="7", wording="x"), accepts_terms=True)

    order = Buying(db, customer, name()).order(agreed=agreed)

    assert (order.is_consumer, order.agreed["boxes"]) == (False, [])


def test_other_price_than_shown_is_refused_and_nothing_is_lost(buying: Buying, db: Work) -> None:
    terms = buying.terms()
    db.execute(update(Price).where(Price.reseller_id == db.reseller_id).values(minor=Price.minor + 100))
    db.now += timedelta(minutes=31)

    with pytest.raises(CartChanged):
        place_order(db, buying.cart, terms, shelf(db))

    assert len(carts.items_in(db, buying.cart)) == 2
    assert [line.before for line in basket(db, buying.cart, shelf(db)).lines] != [None, None]


def test_line_added_in_another_window_is_refused(buying: Buying, db: Work) -> None:
    terms = buying.terms()
    carts.add_item(db, buying.cart, carts.NameWish(name=name()), shelf(db))

    with pytest.raises(CartChanged):
        place_order(db, buying.cart, terms, shelf(db))


def test_name_that_was_taken_meanwhile_is_refused(buying: Buying, db: Work, known: Callable[..., None]) -> None:
    terms = buying.terms()
    known(carts.items_in(db, buying.cart)[0].name_ascii, Availability.TAKEN)

    with pytest.raises(CartChanged, match="cannot be registered"):
        place_order(db, buying.cart, terms, shelf(db))


def test_registry_that_does_not_answer_stands_not_in_the_way(
    buying: Buying, db: Work, known: Callable[..., None]
) -> None:
    known(carts.items_in(db, buying.cart)[0].name_ascii, Availability.UNKNOWN)

    assert buying.order().state == "awaiting_payment"


def test_registrant_who_may_not_hold_the_ending_is_refused(db: Work) -> None:
    customer = factories.make_customer(
        db, country="US", region="NY", city="New York", postcode="10001", phone="+12125550100"
    )
    factories.make_contact(db, customer, region="NY")

    with pytest.raises(Refused, match=r"\.eu") as refused:
        Buying(db, customer, name("eu")).order()

    assert refused.value.field == "holders"


def test_customer_without_contacts_becomes_the_first_one(db: Work) -> None:
    customer = factories.make_customer(db)

    order = Buying(db, customer, name(), name()).order()

    contacts = db.scalars(select(Contact).where(Contact.customer_id == customer.id))
    assert [contact.id for contact in contacts] == [items_of(db, order.id)[0].contact_id]


def test_chosen_contact_and_name_servers_go_with_the_line(buying: Buying, db: Work) -> None:
    other = factories.make_contact(db, buying.customer, given="Matti", is_default=False)
    _first, second = carts.items_in(db, buying.cart)
    carts.choose_contact(db, buying.cart, [second], other)
    carts.choose_nameservers(db, buying.cart, [second], ["ns1.a.net", "ns2.a.net"])

    lines = items_of(db, buying.order().id)

    assert [line.registrant["given"] for line in lines] == ["Aino", "Matti"]
    assert lines[1].nameservers == ["ns1.a.net", "ns2.a.net"]


@pytest.mark.parametrize("answers", [{}, {"com": {"registry_question": "2077474-0"}}])
def test_pressing_twice_in_two_windows_is_one_order(
    database: Database, shops: dict[str, Shop], answers: dict[str, dict[str, str]]
) -> None:
    with database.work(shops["north"].id) as db:
        customer = factories.make_customer(db)
        factories.make_contact(db, customer)
        buying = Buying(db, customer, name())
        terms = buying.terms(answers=answers)
        db.commit()

    def press(_turn: int) -> UUID:
        with database.work(shops["north"].id) as db:
            order = place_order(db, buying.cart, terms, shelf(db))
            db.commit()
            return order.id

    with ThreadPoolExecutor(6) as pool:
        orders = set(pool.map(press, range(6)))

    with database.work(shops["north"].id) as db:
        count = select(func.count()).select_from(Document).where(Document.customer_id == customer.id)
        assert len(orders) == 1
        assert db.scalar(count) == 1


def test_key_of_somebody_elses_order_leads_nowhere(buying: Buying, db: Work) -> None:
    buying.order()
    customer = factories.make_customer(db)
    factories.make_contact(db, customer)
    other = Buying(db, customer, name())

    with pytest.raises(CartChanged):
        other.order(once_key=str(buying.cart.id))

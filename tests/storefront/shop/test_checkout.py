"""The checkout in a browser without scripts: from the cart to the way of paying."""

from collections.abc import Callable
from datetime import timedelta
from threading import Thread
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, update

from storefront.billing.models import Document
from storefront.catalog.extra_fields import extra_fields
from storefront.core import clock
from storefront.core.changes import announce
from storefront.core.db import Database
from storefront.orders.models import OrderItem, PurchaseOrder
from storefront.pricing.models import Price
from storefront.providers.ports.registrar import Availability
from storefront.provisioning.transfer_codes import open_code
from storefront.shop.forms.checkout import checkout_form
from storefront.web.forms import token_for
from storefront.web.sessions import CART_COUNT_COOKIE, SESSION_COOKIE
from tests.fixtures_app import Shop
from tests.fixtures_sale import BuyerInBrowser
from tests.storefront.shop.test_cart import HOSTILE, name
from tests.waiting import until


def orders_of(database: Database, buyer: BuyerInBrowser) -> int:
    with database.work(buyer.shop.id) as db:
        statement = select(func.count()).select_from(PurchaseOrder)
        return int(db.scalar(statement.where(PurchaseOrder.customer_id == buyer.customer_id)) or 0)


def test_order_by_transfer_leads_to_the_account_to_pay(buyer: BuyerInBrowser) -> None:
    buyer.add(name())

    answer = buyer.order()
    paying = buyer.get(answer.location)

    assert answer.status_code == 303, answer.text
    assert f"{CART_COUNT_COOKIE}=;" in " ".join(answer.headers.getlist("Set-Cookie"))
    assert "FI21 1234 5600 0007 85" in paying.text
    assert '<path d="M' in paying.text


def test_order_by_card_leads_towards_the_gateway(buyer: BuyerInBrowser) -> None:
    buyer.add(name())

    answer = buyer.order(pays_by="card")
    page = buyer.get(answer.location)

    assert answer.location.endswith("/leave")
    assert "We are opening the payment page" in page.text
    assert "http://pay.localhost" in page.headers["Content-Security-Policy"]


def test_stranger_chooses_how_to_come_in_and_keeps_the_cart(client: FlaskClient) -> None:
    wanted = name()
    client.post("/cart/add", data={"name": wanted})

    page = client.get("/checkout")
    pressed = client.post("/checkout")

    assert page.status_code == 200
    assert wanted in page.text
    assert "/account/sign-in?next=/checkout" in page.text
    assert "/account/sign-up?next=/checkout" in page.text
    assert pressed.status_code == 303


def test_empty_cart_leads_back(buyer: BuyerInBrowser) -> None:
    assert buyer.get("/checkout").location == "/cart"
    assert buyer.post("/checkout").location == "/cart"


def test_everything_that_is_missing_is_said_at_once(buyer: BuyerInBrowser, database: Database) -> None:
    buyer.add(name())
    form = buyer.checkout_form(pays_by="gold")
    for box in ("terms", "box_immediate_performance", "box_right_lost_when_done"):
        form.pop(box)

    answer = buyer.post("/checkout", **form)

    assert answer.status_code == 422
    assert "4 things to put right" in answer.text
    for sentence in ("choose one of these", "read and accept the terms", "ask us to begin", "know about the right"):
        assert answer.text.count(sentence) == 2, sentence  # in the list and beside the field
    # Fields have names in the list of what is wrong; a box beside a whole sentence has none that could be cut.
    assert ">Terms of service: </span>" in answer.text
    assert "...:" not in answer.text
    assert orders_of(database, buyer) == 0


@pytest.mark.parametrize(("sent", "answer"), [({}, ""), ({"q_app_https_only": "y"}, "yes")])
def test_statement_to_a_registry_is_ticked(
    app: Flask, shops: dict[str, Shop], sent: dict[str, str], answer: str
) -> None:
    questions = {"app": [extra_fields()["https_only"]]}

    with app.test_request_context("/checkout", base_url=shops["north"].url, method="POST", data=sent):
        form = checkout_form((), questions)()

        assert form.fields_of("app")[0].type == "Tick"
        assert form.answers_for("app") == {"https_only": answer}


def test_consumer_reads_the_button_of_the_law_and_a_business_does_not(
    buyer: BuyerInBrowser, buyer_in: Callable[..., BuyerInBrowser], shops: dict[str, Shop]
) -> None:
    company = buyer_in(shops["north"], kind="company")
    for each in (buyer, company):
        each.add(name())

    assert "Order with obligation to pay: €10.90" in buyer.get("/checkout").text
    page = company.get("/checkout").text
    assert "Order and pay €10.90" in page
    assert "box_immediate_performance" not in page


def test_double_click_is_one_order_and_one_proforma(buyer: BuyerInBrowser, database: Database, app: Flask) -> None:
    buyer.add(name())

    places = press_at_once(app, buyer, buyer.checkout_form())

    assert len(set(places)) == 1, places
    assert places[0].startswith("/pay/")
    assert orders_of(database, buyer) == 1


def press_at_once(app: Flask, buyer: BuyerInBrowser, form: dict[str, str]) -> list[str]:
    """Press the button four times at the same moment; says where each press led, or its status."""
    typed = {"csrf_token": buyer.token, **form}
    session = buyer.client.get_cookie(SESSION_COOKIE, domain=buyer.shop.host)
    assert session is not None
    places: list[str] = []

    def press() -> None:
        client = app.test_client()
        client.set_cookie(SESSION_COOKIE, session.value, domain=buyer.shop.host, secure=True)
        answer = client.post("/checkout", data=typed, base_url=buyer.shop.url, headers={"Origin": buyer.shop.url})
        places.append(answer.location or f"{answer.status_code}")

    pressed = [Thread(target=press) for _ in range(4)]
    for thread in pressed:
        thread.start()
    for thread in pressed:
        thread.join()
    return places


def test_stale_window_leads_to_the_same_proforma(buyer: BuyerInBrowser, database: Database) -> None:
    buyer.add(name())
    first, second = buyer.checkout_form(), buyer.checkout_form()

    ordered = buyer.post("/checkout", **first)
    buyer.add(name())
    again = buyer.post("/checkout", **second)

    assert ordered.location == again.location
    assert orders_of(database, buyer) == 1


def test_price_that_changed_is_shown_and_nothing_is_lost(
    buyer_in: Callable[..., BuyerInBrowser], shops: dict[str, Shop], database: Database
) -> None:
    buyer = buyer_in(shops["south"])
    wanted = name("net")
    buyer.add(wanted)
    form = buyer.checkout_form()
    dearer(buyer, database, 500)

    with clock.Stopped(clock.now() + timedelta(minutes=31)):
        answer = buyer.post("/checkout", **form)
        page = buyer.get("/cart").text
    dearer(buyer, database, -500)

    assert answer.location == "/cart"
    assert "It was €10.90 and is €15.90 now" in page
    assert orders_of(database, buyer) == 0


def dearer(buyer: BuyerInBrowser, database: Database, by: int) -> None:
    """Publish other prices for one ending, and wait until every process knows: that takes less than a second."""
    shop, resolver = buyer.shop, buyer.client.application.extensions["vitrine"].resolver
    with database.work(shop.id) as db:
        of_net = (Price.reseller_id == shop.id) & (Price.ending == "net") & (Price.action == "register")
        db.execute(update(Price).where(of_net).values(minor=Price.minor + by))
        version = announce(db)
        db.commit()
    until(lambda: resolver.find(shop.host).version >= version)


def test_name_that_was_taken_meanwhile_is_not_ordered(
    buyer: BuyerInBrowser, known: Callable[..., None], database: Database
) -> None:
    wanted = name()
    buyer.add(wanted)
    form = buyer.checkout_form()
    known(wanted, Availability.TAKEN)

    answer = buyer.post("/checkout", **form)

    assert answer.location == "/cart"
    assert "already registered" in buyer.get("/cart").text
    assert orders_of(database, buyer) == 0


def test_price_of_another_window_asks_once_more_with_everything_kept(buyer: BuyerInBrowser, database: Database) -> None:
    buyer.add(name())
    form = buyer.checkout_form(pays_by="bank")
    buyer.add(name())

    answer = buyer.post("/checkout", **form)

    assert answer.status_code == 422
    assert "has changed since you saw it" in answer.text
    assert "€21.80" in answer.text
    assert "checked class" in answer.text or "checked" in answer.text
    assert orders_of(database, buyer) == 0


@pytest.mark.parametrize("typed", HOSTILE, ids=ascii)
def test_hostile_checkout_never_breaks(buyer: BuyerInBrowser, typed: str, database: Database) -> None:
    wanted = name()
    buyer.add(wanted)
    fields = ("once_key", "shown", "pays_by", "box_immediate_performance")

    answer = buyer.post("/checkout", **{**buyer.checkout_form(), **dict.fromkeys(fields, typed)})

    assert answer.status_code == 422
    assert "<script>alert" not in answer.text
    assert wanted in buyer.get("/cart").text
    assert orders_of(database, buyer) == 0


def test_order_of_another_shop_is_no_shortcut(
    buyer: BuyerInBrowser, buyer_in: Callable[..., BuyerInBrowser], shops: dict[str, Shop]
) -> None:
    buyer.add(name())
    form = buyer.checkout_form()
    buyer.post("/checkout", **form)
    stranger = buyer_in(shops["south"])
    stranger.add(name())

    answer = stranger.post("/checkout", **{**stranger.checkout_form(), "once_key": form["once_key"]})

    assert answer.status_code == 422


def test_form_without_the_token_orders_nothing(buyer: BuyerInBrowser, database: Database) -> None:
    buyer.add(name())
    form = buyer.checkout_form()

    answer = buyer.client.post("/checkout", data={**form, "csrf_token": token_for(uuid4().hex)})

    assert answer.status_code in {403, 422}
    assert orders_of(database, buyer) == 0


def test_proforma_has_the_buyers_language(buyer: BuyerInBrowser, database: Database) -> None:
    buyer.add(name())
    form = buyer.checkout_form()

    answer = buyer.post("/fr/checkout", **form)

    assert answer.status_code == 303
    with database.work(buyer.shop.id) as db:
        locale = db.scalar(select(Document.locale).where(Document.customer_id == buyer.customer_id))
    assert locale == "fr"


def test_transfer_is_ordered_with_its_code_and_its_own_words(
    buyer: BuyerInBrowser, database: Database, known: Callable[..., None]
) -> None:
    wanted = name()
    known(wanted, Availability.TAKEN)
    buyer.post("/cart/transfer", shown="1", name_0=wanted, code_0="Geheim-1")
    page = buyer.get("/checkout").text

    answer = buyer.order()

    with database.work(buyer.shop.id) as db:
        order = db.scalar(select(PurchaseOrder).where(PurchaseOrder.customer_id == buyer.customer_id))
        assert order is not None
        item = db.scalar(select(OrderItem).where(OrderItem.order_id == order.id))
        proforma = db.scalar(select(Document).where(Document.order_id == order.id))
        assert item is not None
        assert proforma is not None
        assert (item.action, item.years, item.price_minor, item.nameservers) == ("transfer", 1, 1290, [])
        assert open_code(db.config, db.reseller_id, item.auth_code_sealed) == "Geheim-1"
        line = proforma.facts["lines"][0]
        assert (line["title"], line["term"]) == (f"Transfer of {wanted}", "1 more year included")
        assert "Geheim" not in str(proforma.facts)
    assert "transfer, later" in page
    assert answer.status_code == 303


def test_order_of_nothing_is_paid_at_once(buyer: BuyerInBrowser, database: Database) -> None:
    of_pl = (Price.reseller_id == buyer.shop.id) & (Price.ending == "pl") & (Price.action == "transfer")
    with database.work(buyer.shop.id) as db:
        db.execute(update(Price).where(of_pl).values(minor=0))
        announce(db)
        db.commit()
    try:
        until(lambda: "€0.00" in buyer.get("/cart/transfer?name=free-of-charge.pl").text)
        buyer.post("/cart/transfer", shown="1", name_0=name("pl"), code_0="Geheim-1")
        answer = buyer.order(pays_by="card")
    finally:
        with database.work(buyer.shop.id) as db:
            db.execute(update(Price).where(of_pl).values(minor=1290))
            announce(db)
            db.commit()

    with database.work(buyer.shop.id) as db:
        order = db.scalar(select(PurchaseOrder).where(PurchaseOrder.customer_id == buyer.customer_id))
        assert order is not None
        proforma = db.scalar(select(Document).where(Document.order_id == order.id))
        assert proforma is not None
        assert (order.total_minor, proforma.state, proforma.gross_minor) == (0, "paid", 0)
    assert answer.location == f"/pay/{proforma.id}"
    assert buyer.get(answer.location).status_code == 200

"""Leaving a window with what was chosen there: into one's own cart, to the order, and back to the page around it."""

import re
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from frames.counts import counted
from frames.way_back import BACK_COOKIE
from storefront.core.audit import AuditEntry
from storefront.orders.models import PurchaseOrder
from storefront.web.sessions import CART_COOKIE, SESSION_COOKIE
from tests.fixtures_sale import BuyerInBrowser
from tests.frames.selling import AT_TOP, INSIDE, Inside, lines, new_name
from tests.frames.sites_at_hand import FJORD, Estate

pytestmark = pytest.mark.usefixtures("valkey")


def test_cart_of_who_is_signed_in_at_the_shop_takes_what_was_chosen(
    inside: Callable[..., Inside], buyer: BuyerInBrowser
) -> None:
    window, wanted, older = inside(), new_name(), new_name("net")
    buyer.add(older)
    window.add(wanted)

    answer = window.leave(into=buyer.client)

    assert answer.status_code == 303
    assert SESSION_COOKIE not in str(answer.headers.getlist("Set-Cookie"))
    assert sorted(lines(buyer.get("/cart").text)) == sorted([older, wanted])


def test_who_is_signed_in_at_the_shop_is_named_in_the_log(
    inside: Callable[..., Inside], buyer: BuyerInBrowser, estate: Estate
) -> None:
    window = inside()
    window.add(new_name())

    window.leave(into=buyer.client)

    with estate.work() as db:
        left = select(AuditEntry).where(AuditEntry.action == "frame.left_with_cart").order_by(AuditEntry.id.desc())
        assert db.scalars(left.limit(1))[0].actor_kind == "customer"


def test_order_is_told_to_the_page_it_came_from_once(
    inside: Callable[..., Inside], buyer: BuyerInBrowser, estate: Estate
) -> None:
    key = estate.frame("order")
    window, page = inside(f"/frames/order/{key}"), f"{FJORD}/names?x=1"
    window.add(new_name())
    window.look(f"{window.path}?step=summary")
    window.leave(into=buyer.client, back=page)
    pay = buyer.order().location
    shown = buyer.get(pay).text

    told = buyer.post(f"{pay}/way-back")
    again = buyer.post(f"{pay}/way-back")

    ticket = re.search(rf"{re.escape(page)}#shop-ticket=([\w-]+)", told.text)
    assert "Back to fjord.com" in shown
    assert ticket
    assert again.status_code == 303
    assert "Back to fjord.com" not in buyer.get(pay).text
    redeemed = [window.press("/frames/told", INSIDE, ticket=ticket[1], frame=key) for _time in range(2)]
    event = redeemed[0].get_json()["events"][0]
    assert (event["type"], event["value"], event["currency"]) == ("ordered", "10.90", "EUR")
    assert redeemed[1].get_json()["events"] == []
    with estate.work() as db:
        assert counted(db, since=date(2020, 1, 1))[key]["ordered"] == 1


@pytest.mark.parametrize(
    ("of_the_page", "told"), [("autumn.1", "autumn.1"), ("", "spring"), ("<b>", "spring"), ("x" * 61, "spring")]
)
def test_order_is_told_with_the_campaign_of_the_page_else_of_the_frame(
    inside: Callable[..., Inside], buyer: BuyerInBrowser, estate: Estate, of_the_page: str, told: str
) -> None:
    key = estate.frame("order", campaign="spring")
    window = inside(f"/frames/order/{key}")
    window.add(new_name())
    window.look(f"{window.path}?step=summary")
    window.leave(into=buyer.client, back=f"{FJORD}/names", campaign=of_the_page)

    page = buyer.post(f"{buyer.order().location}/way-back").text

    ticket = re.search(r"#shop-ticket=([\w-]+)", page)
    assert ticket
    event = window.press("/frames/told", INSIDE, ticket=ticket[1], frame=key).get_json()["events"][0]
    assert event["campaign"] == told


def test_who_keeps_the_cookie_is_led_back_and_the_site_is_told_once(
    inside: Callable[..., Inside], buyer: BuyerInBrowser, estate: Estate
) -> None:
    window, page = inside(), f"{FJORD}/names"
    window.add(new_name())
    window.leave(into=buyer.client, back=page)
    pay = buyer.order().location
    kept = buyer.client.get_cookie(BACK_COOKIE, estate.shop.host)
    assert kept is not None

    first = buyer.post(f"{pay}/way-back")
    buyer.client.set_cookie(BACK_COOKIE, kept.value, domain=estate.shop.host, secure=True)
    second = buyer.post(f"{pay}/way-back")

    assert f"{page}#shop-ticket=" in first.text
    assert "#shop-ticket=" not in second.text
    assert f'href="{page}"' in second.text


def test_order_of_another_time_is_not_told(
    inside: Callable[..., Inside], buyer: BuyerInBrowser, estate: Estate
) -> None:
    window = inside()
    window.add(new_name())
    window.leave(into=buyer.client, back=f"{FJORD}/names")
    pay = buyer.order().location
    with estate.work() as db:
        order = db.scalars(select(PurchaseOrder).order_by(PurchaseOrder.placed_at.desc()))[0]
        order.placed_at -= timedelta(hours=1)

    shown, told = buyer.get(pay).text, buyer.post(f"{pay}/way-back")

    assert "Back to fjord.com" not in shown
    assert told.status_code == 303


@pytest.mark.parametrize(
    "back", ["https://evil.com/", "javascript:alert(1)", "//evil.com", "https://www.fjord.com.evil.com/"]
)
def test_order_leads_back_to_nobody_else(inside: Callable[..., Inside], buyer: BuyerInBrowser, back: str) -> None:
    window = inside()
    window.add(new_name())

    answer = window.leave(into=buyer.client, back=back)
    pay = buyer.order().location

    assert "__Host-back" not in str(answer.headers.getlist("Set-Cookie"))
    assert "evil" not in buyer.get(pay).text
    assert "evil" not in buyer.post(f"{pay}/way-back").text


def test_what_was_chosen_goes_into_the_cart_of_the_shop(app: Flask, inside: Callable[..., Inside]) -> None:
    window, first, second = inside(cookies=False), new_name(), new_name("net")
    top = app.test_client()
    top.post("/cart/add", data={"name": second}, base_url=window.shop.url, headers={"Origin": window.shop.url})
    window.add(first)

    answer = window.leave(into=top)
    again = window.leave(into=top)
    cart = top.get("/cart", base_url=window.shop.url, headers={"Accept-Language": "en"}).text

    assert [answer.status_code, again.status_code] == [303, 303]
    assert answer.headers["Location"].endswith("/checkout")
    assert sorted(lines(cart)) == sorted([first, second])
    assert lines(window.look(f"{window.path}?step=cart&cart={window.leaving()['cart']}").text) == []


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.com"},
        {"Origin": "null"},
        {"Origin": "https://south.localhost"},
        {"Sec-Fetch-Dest": "iframe"},
    ],
)
def test_cart_leaves_only_at_the_top_and_by_its_own_window(
    app: Flask, inside: Callable[..., Inside], headers: dict[str, str]
) -> None:
    window = inside(cookies=False)
    window.add(new_name())
    fields = window.leaving()

    answer = app.test_client().post(
        "/frames/leave", data=fields, base_url=window.shop.url, headers={"Origin": window.shop.url, **AT_TOP, **headers}
    )

    assert answer.status_code == 403
    assert CART_COOKIE not in str(answer.headers)
    assert len(lines(window.look(f"{window.path}?step=cart&cart={fields['cart']}").text)) == 1


def test_leaving_with_a_spoilt_token_leads_to_the_cart_and_says_so(app: Flask, inside: Callable[..., Inside]) -> None:
    window = inside(cookies=False)
    window.add(new_name())
    top = app.test_client()

    answer = window.leave(into=top, cart="spoilt")
    cart = top.get("/cart", base_url=window.shop.url, headers={"Accept-Language": "en"}).text

    assert answer.status_code == 303
    assert lines(cart) == []
    assert "is gone" in cart

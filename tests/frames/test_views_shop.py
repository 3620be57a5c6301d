"""Windows that sell, without scripts: search, cart and order, with cookies and with none at all."""

import gzip
import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import update

from frames.counts import counted
from frames.models import Frame
from storefront.core.config import Config
from storefront.core.db import Database
from storefront.core.text import LocalizedText
from storefront.orders.models import CartItem
from storefront.pricing.offer_models import Promotion
from storefront.web.sessions import FRAME_CART_COOKIE
from tests import factories
from tests.fixtures_app import Shop
from tests.fixtures_lookups import finish
from tests.fixtures_sale import BuyerInBrowser
from tests.frames.selling import INSIDE, Inside, events, lines, new_name
from tests.frames.sites_at_hand import Estate
from tests.statements import counted as questions

pytestmark = pytest.mark.usefixtures("valkey")
WINDOWS = ("/frames/domain-search", "/frames/order", "/frames/cart")


@pytest.fixture
def offer(estate: Estate) -> Iterator[str]:
    """A third off .com for three days; its name."""
    with estate.work() as db:
        terms = {"method": "percent", "percent": "30", "endings": ["com"], "actions": ["register"]}
        ends = db.now + timedelta(days=3)
        title = LocalizedText(en="Window offer")
        made = factories.make_promotion(db, title=title, ends_at=ends, terms=terms).id
    yield "Window offer"
    with estate.work() as db:
        db.require(Promotion, made).state = "stopped"


@pytest.mark.parametrize("path", WINDOWS)
def test_first_document_is_the_same_for_everybody(inside: Callable[..., Inside], path: str) -> None:
    window = inside(path)

    assert window.answer.status_code == 200
    assert "Set-Cookie" not in window.answer.headers
    assert 'name="cart"' not in window.page
    assert "Open in a new window" in window.page


@pytest.mark.usefixtures("lookups")
def test_search_shows_rows_with_first_year_renewal_restore_and_vat(
    inside: Callable[..., Inside], config: Config, shops: dict[str, Shop]
) -> None:
    window = inside()
    free, taken = (f"{script}-{new_name()}" for script in ("available", "taken"))
    window.look(f"{window.path}?q={free}%0A{taken}&several=1")
    asking = window.page
    found = re.search(r'data-search="[^"]*search=([\w-]+)', asking)
    assert found
    finish(config, shops["north"].id, found[1])

    window.look(f"{window.path}?q={free}%0A{taken}&several=1&search={found[1]}")

    assert 'data-state="checking"' in asking
    assert "Available" not in asking
    assert 'http-equiv="refresh"' in asking
    assert len(events(asking, "search")) == 1
    for words in ("Available", "Taken", "€10.90", "then €13.90 a year", "restoring after expiry €98.00", "VAT of"):
        assert words in window.page
    assert re.search(r'href="[^"]*/search/whois\?name=[^"]*" rel="nofollow noopener" target="_blank"', window.page)
    assert "/panel" not in window.page


@pytest.mark.usefixtures("lookups")
def test_rows_that_changed_come_as_a_piece_with_the_result_at_the_end(
    inside: Callable[..., Inside], config: Config, shops: dict[str, Shop]
) -> None:
    window = inside()
    window.look(f"{window.path}?q=available-{new_name()}")
    found = re.search(r'data-search="([^"]*search=([\w-]+)[^"]*)"', window.page)
    assert found
    finish(config, shops["north"].id, found[2])

    piece = window.look(found[1].replace("&amp;", "&") + "&since=0")
    nothing = window.look(f"{window.path}?step=rows&search={'x' * 22}")

    assert piece.status_code == 200
    assert "data-done" in piece.text
    assert events(piece.text, "result")
    assert nothing.status_code == 404


@pytest.mark.parametrize("cookies", [True, False])
def test_name_is_put_into_the_cart_and_shown_again(inside: Callable[..., Inside], cookies: bool) -> None:
    window, wanted = inside(cookies=cookies), new_name()

    window.add(wanted, years="2")
    first = window.page
    window.look(f"{window.path}?step=cart", **({} if cookies else {"Sec-Fetch-Site": "same-origin"}))

    assert f"{wanted} is in your cart." in first
    assert lines(first) == [wanted]
    assert "€21.80" in first
    assert "then €13.90 a year" in first
    assert "Includes" in first
    assert "promised until" in first
    assert len(events(first, "cart")) == 1
    assert lines(window.page) == ([wanted] if cookies else [])


def test_cart_cookie_is_partitioned_and_nothing_else_is_set(inside: Callable[..., Inside]) -> None:
    window = inside()

    answer = window.press(f"{window.path}?step=add", INSIDE, name=new_name())

    cookies = answer.headers.getlist("Set-Cookie")
    assert len(cookies) == 1
    for word in (f"{FRAME_CART_COOKIE}=", "Secure", "HttpOnly", "SameSite=None", "Partitioned", "Path=/"):
        assert word in cookies[0]
    assert "Domain" not in cookies[0]


def test_cart_without_any_cookie_goes_along_through_every_step(inside: Callable[..., Inside]) -> None:
    window, first, second = inside("/frames/order", cookies=False), new_name(), new_name("net")

    window.add(first)
    options = window.page
    window.press(window.button("years"), None, years="3", **window.carried())
    longer = window.page
    window.look(re.findall(r'href="([^"]+)"[^>]*>Continue to the cart', longer)[0].replace("&amp;", "&"))
    window.add(second)
    window.look(re.findall(r'href="([^"]+)"[^>]*>Continue to the cart', window.page)[0].replace("&amp;", "&"))
    both = window.page
    window.press(window.button("remove"), None, **window.carried())
    window.press(window.button("put_back"), None, **window.carried())
    back = window.page
    window.look(re.findall(r'href="([^"]+)"[^>]*>Continue to the summary', back)[0].replace("&amp;", "&"))

    assert "For how long?" in options
    assert '<option value="3" selected>' in longer
    assert "For how long?" in longer
    assert lines(both) == [first, second]
    assert sorted(lines(back)) == sorted([first, second])
    assert "Your order" in window.page
    assert "3 years" in window.page
    assert "then €13.90 a year" in window.page
    assert window.leaving()["to"] == "checkout"


def test_windows_of_one_page_share_a_cart_by_its_cookie(inside: Callable[..., Inside]) -> None:
    search, wanted = inside(), new_name()
    search.add(wanted)

    cart = inside("/frames/cart")
    cart.client = search.client
    cart.look("/frames/cart")

    assert lines(cart.page) == [wanted]
    assert 'name="cart"' in cart.page  # only in the form that leaves
    assert "cart=" not in cart.button("remove")


def test_search_keeps_its_place_when_a_name_is_added(inside: Callable[..., Inside]) -> None:
    window, wanted = inside(cookies=False), new_name()
    there = f"{window.path}?q={wanted}&search=abcdefghijklmnopqrst"

    answer = window.press(f"{window.path}?step=add", INSIDE, name=wanted, next=there)
    elsewhere = [
        window.press(f"{window.path}?step=add", INSIDE, name=new_name(), next=hostile).headers["Location"]
        for hostile in ("//evil.example/", "https://evil.example/", "/account/sign-in", "/frames/domain-search/../x")
    ]

    assert answer.headers["Location"].startswith(f"{there}&did=add&item=")
    assert "&cart=" in answer.headers["Location"]
    assert all(each.startswith(f"{window.path}?step=cart") for each in elsewhere)


def test_search_that_was_narrowed_to_a_group_stays_in_it(inside: Callable[..., Inside], estate: Estate) -> None:
    key = estate.frame("domain-search", group="known", start="many")

    window = inside(f"/frames/domain-search/{key}")
    first = window.page
    window.look(f"{window.path}?q=fjord&group=all&endings=io")

    assert "<textarea" in first
    assert 'class="chips"' not in first
    assert 'class="chips"' not in window.page
    assert 'name="endings"' not in window.page


def test_order_may_begin_with_the_cart(inside: Callable[..., Inside], estate: Estate) -> None:
    key = estate.frame("order", start="cart")

    window = inside(f"/frames/order/{key}")

    assert "Your cart is empty" in window.page
    assert "step=search" in window.page


@pytest.mark.parametrize("step", ["cart", "options", "summary"])
def test_step_without_anything_chosen_leads_to_where_one_chooses(inside: Callable[..., Inside], step: str) -> None:
    window = inside("/frames/order")

    answer = window.look(f"/frames/order?step={step}")

    assert answer.status_code in (200, 303)
    assert "Continue to your details" not in answer.text


def test_token_in_an_address_that_somebody_else_wrote_opens_no_cart(inside: Callable[..., Inside]) -> None:
    window, wanted = inside(cookies=False), new_name()
    window.add(wanted)
    token = window.carried()["cart"]
    address = f"{window.path}?step=cart&cart={token}"

    mine = lines(window.look(address).text)
    strangers = [
        lines(window.look(address, **{"Sec-Fetch-Site": site}).text) for site in ("cross-site", "none", "same-site")
    ]

    assert mine == [wanted]
    assert strangers == [[], [], []]


@pytest.mark.parametrize("spoilt", ["forged", "other window", "other shop"])
def test_spoilt_token_shows_no_cart_and_changes_none(
    app: Flask, inside: Callable[..., Inside], shops: dict[str, Shop], spoilt: str
) -> None:
    window, wanted = inside(cookies=False), new_name()
    window.add(wanted)
    remove, token = window.button("remove"), window.carried()["cart"]
    if spoilt == "other window":
        window.look(f"/frames/order?step=cart&cart={token}")
        answer = window.press(remove.replace("domain-search", "order"), INSIDE, cart=token)
    elif spoilt == "other shop":
        stranger = Inside(app, shops["south"], "/frames/domain-search", cookies=False)
        stranger.look(f"/frames/domain-search?step=cart&cart={token}")
        assert lines(stranger.page) == []
        answer = stranger.press(remove, INSIDE, cart=token)
    else:
        answer = window.press(remove, INSIDE, cart=f"{token}x")

    assert answer.status_code == 422
    assert "kept for two hours and is gone" in answer.text
    assert wanted not in answer.text
    assert lines(window.look(f"/frames/domain-search?step=cart&cart={token}").text) == [wanted]


def test_form_of_another_site_is_refused_inside_the_window(inside: Callable[..., Inside]) -> None:
    window = inside()

    answer = window.client.post(
        f"{window.path}?step=add",
        data={"name": new_name()},
        base_url=window.shop.url,
        headers={"Origin": "https://www.fjord.com", "Host": window.shop.host},
    )
    sandboxed = window.client.post(
        f"{window.path}?step=add",
        data={"name": new_name()},
        base_url=window.shop.url,
        headers={"Origin": "null", "Host": window.shop.host},
    )

    assert [answer.status_code, sandboxed.status_code] == [403, 403]
    assert "Open in a new window" in sandboxed.text
    assert "https://www.fjord.com" in sandboxed.headers["Content-Security-Policy"]


def test_two_presses_put_a_name_into_the_cart_once(inside: Callable[..., Inside]) -> None:
    window, wanted = inside(cookies=False), new_name()
    window.add(wanted)

    window.add(wanted)

    assert lines(window.page) == [wanted]


def test_code_that_does_not_exist_is_refused_beside_its_field(inside: Callable[..., Inside]) -> None:
    window = inside(cookies=False)
    window.add(new_name())

    answer = window.press(window.button("add_code").partition("#")[0], INSIDE, code="NEVER", **window.carried())

    assert answer.status_code == 422
    assert 'id="code-error"' in answer.text
    assert len(lines(answer.text)) == 1


def test_name_that_cannot_be_had_is_refused_and_leaves_no_cart(inside: Callable[..., Inside]) -> None:
    window = inside()

    answer = window.press(f"{window.path}?step=add", INSIDE, name="not a name.nowhere")

    assert answer.status_code == 422
    assert "Set-Cookie" not in answer.headers
    assert 'role="alert"' in answer.text


def test_what_happens_is_counted_for_the_window(inside: Callable[..., Inside], estate: Estate) -> None:
    key = estate.frame("domain-search")
    window = inside(f"/frames/domain-search/{key}")
    window.look(f"{window.path}?q={new_name()}")
    window.add(new_name())
    window.look("/frames/domain-search/preview?q=fjord")

    with estate.work() as db:
        found = counted(db, since=date(2020, 1, 1))

    assert found[key]["searched"] == 1
    assert found[key]["carted"] == 1
    assert "domain-search" not in found


def test_window_that_was_closed_takes_nothing(inside: Callable[..., Inside], estate: Estate) -> None:
    key = estate.frame("order")
    window = inside(f"/frames/order/{key}")
    with estate.work() as db:
        row = db.scalar(Frame.__table__.select().with_only_columns(Frame.id).where(Frame.key == key))
        frame = db.require(Frame, row)
        frame.is_on = False

    answer = window.press(f"/frames/order/{key}?step=add", INSIDE, name=new_name())

    assert answer.status_code == 404
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize("path", WINDOWS)
def test_window_knows_nobody(inside: Callable[..., Inside], buyer: BuyerInBrowser, path: str) -> None:
    window = inside(path)
    window.client = buyer.client

    window.look(f"{path}?step=cart")
    window.add(new_name())

    assert buyer.token not in window.page
    assert "In the name of" not in window.page
    assert "Sign out" not in window.page


def test_document_script_and_sheets_are_small(inside: Callable[..., Inside]) -> None:
    window = inside()
    window.look(f"{window.path}?q={new_name()}")
    window.add(new_name())
    files = set(re.findall(r'(?:src|href)="(/assets/[^"]+\.(?:js|css))"', window.page))

    sizes = [len(gzip.compress(window.look(file).data)) for file in (*files, window.path)]

    assert len(files) >= 5
    assert sum(sizes) <= 35 * 1024


def test_price_that_changed_is_asked_about_before_one_goes_on(
    inside: Callable[..., Inside], estate: Estate, database: Database
) -> None:
    window, wanted = inside("/frames/order", cookies=False), new_name()
    window.add(wanted)
    with database.work(estate.shop.id) as db:
        lines_of = update(CartItem).where(CartItem.reseller_id == estate.shop.id, CartItem.name_ascii == wanted)
        db.execute(lines_of.values(promised_until=db.now - timedelta(minutes=1), price_minor=1))
        db.commit()

    token = window.carried()["cart"]
    summary = window.look(f"{window.path}?step=summary&cart={token}")
    asked = window.look(f"{window.path}?step=cart&cart={token}").text
    window.press(window.button("agree"), None, price="1090", cart=token)

    assert "Nothing is bought until you agree" in asked
    assert "Continue to the summary" not in asked
    assert summary.status_code == 303
    assert "Continue to the summary" in window.page


@pytest.mark.usefixtures("lookups")
def test_offer_is_named_with_its_end_in_search_and_cart(
    inside: Callable[..., Inside], estate: Estate, config: Config, offer: str
) -> None:
    window, wanted = inside("/frames/order", cookies=False), f"available-{new_name()}"
    window.look(f"{window.path}?q={wanted}")
    found = re.search(r'data-search="[^"]*search=([\w-]+)', window.page)
    assert found
    finish(config, estate.shop.id, found[1])

    searched = window.look(f"{window.path}?q={wanted}&search={found[1]}").text
    window.add(wanted)
    summary = window.look(f"{window.path}?step=summary&cart={window.carried()['cart']}").text

    for page in (searched, window.page, summary):
        assert offer in page
        assert "data-countdown" in page
    assert "js/offers.js" in searched
    assert "js/offers.js" in summary


@pytest.mark.parametrize(("step", "most"), [("?q=fjord", 14), ("?step=cart", 22), ("?step=options", 22)])
def test_step_asks_few_questions(inside: Callable[..., Inside], database: Database, step: str, most: int) -> None:
    window = inside("/frames/order")
    window.add(new_name())
    window.look(f"{window.path}{step}")

    with questions(database) as said:
        answer = window.look(f"{window.path}{step}")

    assert answer.status_code == 200
    assert len(said) <= most, said

"""The token of a window's cart: for one shop, one window and two hours; anything else names no cart."""

from datetime import timedelta
from uuid import uuid4

import pytest

from frames.cart_tokens import LASTS, cart_of_token, cart_token
from storefront.core import clock
from storefront.core.clock import Stopped
from storefront.core.db import Database, Work


def test_token_names_its_cart_in_its_window_until_it_is_over(db: Work, database: Database) -> None:
    cart = uuid4()
    token = cart_token(db, cart, frame="order")
    with Stopped(clock.now() - LASTS - timedelta(seconds=2)):
        old = database.work(db.reseller_id)
    with old:
        stale = cart_token(old, cart, frame="order")

    assert cart_of_token(db, token, frame="order") == cart
    assert cart_of_token(db, token, frame="cart") is None
    assert cart_of_token(db, stale, frame="order") is None


def test_token_of_another_shop_names_nothing(db: Work, stranger_db: Work) -> None:
    token = cart_token(stranger_db, uuid4(), frame="order")

    assert cart_of_token(db, token, frame="order") is None


@pytest.mark.parametrize(
    "spoilt",
    [
        "",
        "x",
        "..",
        "a.b.c",
        "a" * 10_000,
        "{cart}.99999999999.k1.AAAA",
        "{cart}.²²²²²²²²²².k1.AAAA",
        "{token}x",
        "x{token}",
        "{other}.{until}.{signature}",
        "{cart}.99999999999.{signature}",
    ],
)
def test_token_that_was_forged_names_nothing(db: Work, spoilt: str) -> None:
    cart = uuid4()
    token = cart_token(db, cart, frame="order")
    _number, until, signature = token.split(".", 2)

    given = spoilt.format(cart=cart.hex, token=token, other=uuid4().hex, until=until, signature=signature)

    assert cart_of_token(db, given, frame="order") is None

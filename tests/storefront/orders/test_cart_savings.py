"""What a code saves beside the offers that run, and what somebody reads who comes too late for one."""

import pytest

from storefront.core.db import Work
from storefront.core.money import Money
from storefront.orders.checkout import CartChanged
from tests import factories
from tests.storefront.orders.test_cart_codes import Buyer, coded, offer


def test_code_saves_what_the_cart_would_cost_more_without_it(db: Work) -> None:
    offer(db)
    factories.make_code(db, coded(db, "20"), "BIG-20")
    buyer = Buyer(db)

    buyer.type("BIG-20")

    line, code = buyer.seen.lines[0], buyer.seen.codes[0]
    assert (line.price.minor, line.regular) == (872, Money(1090, "EUR"))
    assert (code.saved, line.saved) == (Money(109, "EUR"), Money(109, "EUR"))


def test_two_codes_each_save_what_they_add(db: Work) -> None:
    for code, percent in (("FIRST-10", "10"), ("SECOND-50", "50")):
        factories.make_code(db, coded(db, percent, terms={"combines": True}), code)
    buyer = Buyer(db)

    buyer.type("FIRST-10")
    buyer.type("SECOND-50")

    seen = buyer.seen
    saved = {each.code: each.saved.minor for each in seen.codes}
    assert (seen.lines[0].price.minor, seen.lines[0].saved) == (490, Money(600, "EUR"))
    assert saved == {"FIRST-10": 55, "SECOND-50": 491}


def test_who_comes_too_late_for_a_code_reads_which_and_what_to_do(db: Work) -> None:
    factories.make_code(db, coded(db, "20"), "LAST-20", max_uses=1)
    slow, quick = Buyer(db), Buyer(db)
    slow.type("LAST-20")
    quick.type("LAST-20")
    quick.order()

    with pytest.raises(CartChanged, match=r"the code LAST-20, so .* costs €10\.90 now\. Nothing was ordered: say"):
        slow.order()


def test_who_comes_too_late_for_an_offer_reads_which(db: Work) -> None:
    offer(db, max_uses=1)
    slow, quick = Buyer(db), Buyer(db)
    quick.order()

    with pytest.raises(CartChanged, match=r"“Spring offer”, so .* costs €10\.90 now"):
        slow.order()

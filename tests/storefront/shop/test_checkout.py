"""The checkout in a browser without scripts."""

from tests.fixtures_sale import BuyerInBrowser


def test_order_by_transfer_leads_to_the_account_to_pay(buyer: BuyerInBrowser) -> None:
    added = buyer.add("fjord-one.com")
    page = buyer.get(added.location)
    answer = buyer.order()

    assert added.status_code == 303
    assert "fjord-one.com" in page.text
    assert answer.status_code == 303, answer.text
    paying = buyer.get(answer.location)
    assert "FI21 1234 5600 0007 85" in paying.text

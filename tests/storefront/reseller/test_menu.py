"""The office's menu: few lines, every page within two steps, and one sees where one is."""

import re

import pytest
from flask.testing import FlaskClient

from tests.storefront.reseller.conftest import Enter

PRICES = (
    "/reseller/price-lists/",
    "/reseller/margin-rules/",
    "/reseller/price-history/",
    "/reseller/why",
    "/reseller/price-groups/",
    "/reseller/price-groups/customers",
    "/reseller/see-as/",
    "/reseller/promotions/",
    "/reseller/codes/",
    "/reseller/extensions/",
    "/reseller/tld-groups/",
    "/reseller/products/",
    "/reseller/purchase-prices/",
    "/reseller/exchange-rates/",
)
LINK = re.compile(r'<a href="([^"]+)"( aria-current="page")?>')


def strip(page: str, kind: str) -> dict[str, bool]:
    """The addresses of a menu or of tabs, and which of them is marked."""
    return {
        found[1]: bool(found[2])
        for found in LINK.finditer(page.partition(f'<nav class="{kind}"')[2].partition("</nav>")[0])
    }


def test_every_price_page_is_two_steps_away(owner: FlaskClient) -> None:
    lines = [address for address in strip(owner.get("/reseller/").text, "side") if address in PRICES]

    found = {address for line in lines for address in (line, *strip(owner.get(line).text, "tabs"))}

    assert len(lines) == 5
    assert found == set(PRICES)


@pytest.mark.parametrize("address", PRICES)
def test_page_is_marked_among_its_tabs_and_its_line_in_the_menu(owner: FlaskClient, address: str) -> None:
    page = owner.get(address).text

    tabs, menu = strip(page, "tabs"), strip(page, "side")

    assert [each for each, is_here in tabs.items() if is_here] == [address]
    assert [is_here for each, is_here in menu.items() if each == next(iter(tabs))] == [True]
    assert sum(menu.values()) == 1


def test_mistake_leaves_the_tabs_where_they_were(enter: Enter) -> None:
    client, token = enter()

    answer = client.post("/reseller/exchange-rates/change", data={"csrf_token": token, "valid_days": "never"})

    assert answer.status_code == 422
    assert strip(answer.text, "tabs")["/reseller/exchange-rates/"]


def test_page_below_has_a_way_back_in_place_of_tabs(owner: FlaskClient) -> None:
    page = owner.get("/reseller/price-lists/new").text

    assert 'class="tabs"' not in page
    assert strip(page, "side")["/reseller/price-lists/"]


def test_who_may_only_read_sees_no_way_to_move_customers(enter: Enter) -> None:
    client, _token = enter("support")

    tabs = strip(client.get("/reseller/price-groups/").text, "tabs")

    assert "/reseller/see-as/" in tabs
    assert "/reseller/price-groups/customers" not in tabs

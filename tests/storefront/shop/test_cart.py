"""The cart in a browser without scripts: what is shown, what is refused, what strangers see."""

import re
from collections.abc import Callable, Iterator
from uuid import uuid4

import pytest
from flask.testing import FlaskClient
from sqlalchemy import update

from storefront.core import cache, clock
from storefront.core.changes import announce
from storefront.core.config import Config
from storefront.core.db import Database
from storefront.pricing.offer_models import Promotion
from storefront.providers.adapters.sandbox.public_view import of_stranger
from storefront.providers.ports.registrar import Availability
from storefront.provisioning.whois import whois_key, write_whois
from storefront.web.sessions import CART_COOKIE, CART_COUNT_COOKIE
from tests import factories
from tests.fixtures_app import Shop
from tests.fixtures_sale import BuyerInBrowser, believe
from tests.waiting import until

HOSTILE = (
    *("", "x" * 10_000, "🐦" * 50, "\u202eevil\u202c", "a\x00b", "'; DROP TABLE cart; --", "<script>alert(1)</script>"),
    *("{{ 7*7 }}", "{% for x in y %}", "../../etc/passwd", "9" * 40, "-1", "0", "1e9", "²"),
)
LINE = re.compile(r"/cart/([0-9a-f-]{36})/remove")


def name(ending: str = "com") -> str:
    return f"web-{uuid4().hex[:12]}.{ending}"


def line_of(client: FlaskClient) -> str:
    found = LINE.search(client.get("/cart").text)
    assert found is not None
    return found[1]


def test_cart_of_a_stranger_is_empty_and_leaves_no_cookie(client: FlaskClient) -> None:
    answer = client.get("/cart")

    assert answer.status_code == 200
    assert "Your cart is empty" in answer.text
    assert "Set-Cookie" not in answer.headers


def test_name_in_the_cart_is_shown_with_price_renewal_and_vat(client: FlaskClient) -> None:
    wanted = name()

    answer = client.post("/cart/add", data={"name": wanted, "years": "2"})
    page = client.get("/cart").text

    cookies = " ".join(answer.headers.getlist("Set-Cookie"))
    assert answer.status_code == 303
    assert f"{CART_COOKIE}=" in cookies
    assert f"{CART_COUNT_COOKIE}=1" in cookies
    assert wanted in page
    assert "€21.80" in page
    assert "then €13.90 a year" in page
    assert "VAT" in page
    assert "promised until" in page


def test_add_leads_back_to_the_search_it_came_from(client: FlaskClient) -> None:
    there = client.post("/cart/add", data={"name": name(), "next": "/search?q=fjord"})
    elsewhere = client.post("/cart/add", data={"name": name(), "next": "//evil.example/"})

    assert there.location == "/search?q=fjord"
    assert elsewhere.location.startswith("/cart")


@pytest.mark.parametrize("typed", HOSTILE, ids=ascii)
def test_hostile_name_never_breaks_the_cart(client: FlaskClient, typed: str) -> None:
    answer = client.post("/cart/add", data={"name": typed, "years": typed, "agrees_to": typed, "search": typed})

    assert answer.status_code == 422
    assert "<script>alert" not in answer.text
    assert CART_COOKIE not in " ".join(answer.headers.getlist("Set-Cookie"))


@pytest.mark.parametrize(("action", "field"), [("years", "years"), ("agree", "price")])
def test_hostile_term_or_price_never_breaks_the_cart(client: FlaskClient, action: str, field: str) -> None:
    wanted = name()
    client.post("/cart/add", data={"name": wanted})
    line = line_of(client)

    statuses = {typed: client.post(f"/cart/{line}/{action}", data={field: typed}).status_code for typed in HOSTILE}

    assert {typed: status for typed, status in statuses.items() if status not in {303, 422}} == {}
    assert wanted in client.get("/cart").text


def test_hostile_name_servers_are_shown_again(client: FlaskClient) -> None:
    client.post("/cart/add", data={"name": name()})
    fields = ("first", "second", "third", "fourth", "fifth", "sixth")
    line = line_of(client)

    answers = {typed: client.post(f"/cart/{line}/nameservers", data=dict.fromkeys(fields, typed)) for typed in HOSTILE}

    assert {typed for typed, answer in answers.items() if answer.status_code == 303} == {""} & set(HOSTILE)
    assert {answer.status_code for typed, answer in answers.items() if typed} == {422}
    assert not any("<script>alert" in answer.text for answer in answers.values())


@pytest.mark.parametrize("query", [f"look={value}" for value in ("x", "%00", "a" * 30)] + ["removed=x", "removed=%00"])
def test_hostile_address_shows_the_cart(client: FlaskClient, query: str) -> None:
    assert client.get(f"/cart?{query}").status_code == 200


def test_term_can_be_changed_and_the_line_removed_and_put_back(client: FlaskClient) -> None:
    wanted = name()
    client.post("/cart/add", data={"name": wanted})
    line = line_of(client)

    client.post(f"/cart/{line}/years", data={"years": "3"})
    longer = client.get("/cart").text
    removed = client.post(f"/cart/{line}/remove")
    undo = client.get(removed.location).text
    client.post(f"/cart/{line}/put-back")

    assert "€32.70" in longer
    assert f"{wanted} was taken out" in undo
    assert "€32.70" in client.get("/cart").text


def test_emptied_cart_is_empty(client: FlaskClient) -> None:
    client.post("/cart/add", data={"name": name()})

    answer = client.post("/cart/empty")

    assert f"{CART_COUNT_COOKIE}=;" in " ".join(answer.headers.getlist("Set-Cookie"))
    assert "Your cart is empty" in client.get("/cart").text


def test_taken_name_leads_to_the_transfer(client: FlaskClient, known: Callable[..., None]) -> None:
    wanted = name()
    known(wanted, Availability.TAKEN)

    answer = client.post("/cart/add", data={"name": wanted})
    page = client.get(answer.location)

    assert answer.location == f"/cart/transfer?name={wanted}"
    assert "€12.90" in page.text
    assert "VAT included" in page.text
    assert f'value="{wanted}"' in page.text
    assert CART_COOKIE not in " ".join(answer.headers.getlist("Set-Cookie"))


@pytest.mark.parametrize("typed", HOSTILE, ids=ascii)
def test_hostile_transfer_is_refused_in_words(client: FlaskClient, typed: str) -> None:
    asked = client.get("/cart/transfer", query_string={"name": typed})
    sent = client.post("/cart/transfer", data={"name_0": typed, "code_0": typed, "shown": typed, "name_²": typed})

    assert asked.status_code == (422 if typed else 200)
    assert sent.status_code == 422
    assert "<script>alert" not in asked.text + sent.text
    assert CART_COOKIE not in " ".join(sent.headers.getlist("Set-Cookie"))


def test_transfer_page_without_a_name_shows_lines_and_prices(client: FlaskClient) -> None:
    page = client.get("/cart/transfer").text

    assert page.count('name="name_') == 3
    assert "Prices of transfers" in page
    assert "The term stays as it is." in page


def test_several_transfers_go_into_the_cart_with_their_codes_sealed(client: FlaskClient) -> None:
    first, second = name(), name("pl")
    lines = {"name_0": first, "code_0": "Geheim-1", "name_1": f"https://{second}/", "code_1": "Geheim-2"}

    answer = client.post("/cart/transfer", data={"shown": "3", **lines})
    page = client.get("/cart").text

    assert answer.status_code == 303
    assert f"{CART_COUNT_COOKIE}=2" in " ".join(answer.headers.getlist("Set-Cookie"))
    assert page.count("Transfer to us") == 2
    assert page.count("transfer code given") == 2
    assert "name servers stay as they are" in page
    assert "Geheim" not in page


def test_one_wrong_line_loses_nothing_and_says_what_is_wrong(client: FlaskClient, known: Callable[..., None]) -> None:
    good, free = name(), name()
    known(free, Availability.AVAILABLE)
    lines = {
        "name_0": good,
        "code_0": "Geheim-1",
        "name_1": free,
        "code_1": "Geheim-2",
        "name_2": "x.zz",
        "code_2": "a b",
    }

    answer = client.post("/cart/transfer", data={"shown": "3", **lines})

    assert answer.status_code == 422
    assert "Nobody has this name" in answer.text
    assert all(f'value="{typed}"' in answer.text for typed in lines.values())
    assert "Your cart is empty" in client.get("/cart").text


def test_more_lines_keep_what_was_typed(client: FlaskClient) -> None:
    answer = client.post("/cart/transfer", data={"shown": "3", "name_0": "a.com", "code_0": "Geheim-1", "more": "y"})

    assert answer.status_code == 200
    assert answer.text.count('name="name_') == 8
    assert 'value="Geheim-1"' in answer.text
    assert "Your cart is empty" in client.get("/cart").text


def test_code_can_be_given_later_and_stops_the_checkout_until_then(buyer: BuyerInBrowser) -> None:
    wanted = name()
    buyer.post("/cart/transfer", shown="1", name_0=wanted)
    without, blocked = buyer.get("/cart").text, buyer.get("/checkout")

    line = line_of(buyer.client)
    wrong = buyer.post(f"/cart/{line}/code", code="a b")
    given = buyer.post(f"/cart/{line}/code", code="Geheim-1")

    assert "transfer code is still missing" in without
    assert blocked.location == "/cart"
    assert wrong.status_code == 422
    assert given.status_code == 303
    assert "Geheim-1" not in buyer.get(f"/cart/{line}/code").text
    assert buyer.get("/checkout").status_code == 200


def test_registration_has_no_code_and_nothing_to_check(client: FlaskClient) -> None:
    client.post("/cart/add", data={"name": name()})
    line = line_of(client)

    asked = [client.get(f"/cart/{line}/code"), client.post(f"/cart/{line}/code", data={"code": "Geheim-1"})]
    asked.append(client.post(f"/cart/{line}/check"))

    assert [(answer.status_code, answer.location) for answer in asked] == [(303, "/cart")] * 3


def test_name_that_cannot_move_says_why_until_it_is_checked_again(
    client: FlaskClient, config: Config, shops: dict[str, Shop]
) -> None:
    wanted = name()
    key = whois_key(shops["north"].id, wanted)
    locked = of_stranger("locked-name.com", clock.now())
    cache.connect(config).set(key, write_whois("found", clock.now(), locked), ex=60)
    client.post("/cart/transfer", data={"shown": "1", "name_0": wanted, "code_0": "Geheim-1"})
    cache.connect(config).set(key, write_whois("found", clock.now(), locked), ex=60)

    before = client.get("/cart").text
    again = client.post(f"/cart/{line_of(client)}/check")
    cache.connect(config).set(key, write_whois("found", clock.now(), of_stranger("taken-name.com", clock.now())), ex=60)
    after = client.get("/cart").text
    cache.connect(config).delete(key)

    assert "locked at its present provider" in before
    assert "Check again" in before
    assert again.status_code == 303
    assert "locked at its present provider" not in after


def test_summary_counts_only_what_can_be_bought(client: FlaskClient, known: Callable[..., None]) -> None:
    wanted = name()
    client.post("/cart/add", data={"name": wanted})
    client.post("/cart/add", data={"name": name()})
    known(wanted, Availability.TAKEN)

    page = client.get("/cart").text

    assert "1 domain" in page
    assert "2 domains" not in page


def test_shop_without_name_servers_of_its_own_says_so(client: FlaskClient) -> None:
    client.post("/cart/add", data={"name": name()})

    assert "none yet, you can set them later" in client.get("/cart").text


def test_premium_name_asks_before_anything_is_bought(buyer: BuyerInBrowser, known: Callable[..., None]) -> None:
    wanted = name()
    known(wanted, Availability.PREMIUM, cost=10_000, renewal=5_000)
    buyer.add(wanted)

    page = buyer.get("/cart").text
    blocked = buyer.get("/checkout")

    assert "a price of its own" in page
    assert "Keep it at" in page
    assert blocked.location == "/cart"


def test_line_of_somebody_else_is_not_found(
    buyer: BuyerInBrowser, buyer_in: Callable[[Shop], BuyerInBrowser], shops: dict[str, Shop]
) -> None:
    paths = ("years", "agree", "remove", "put-back", "nameservers", "contact", "contact/new", "code", "check")
    buyer.add(name())
    line = line_of(buyer.client)

    for stranger in (buyer_in(shops["north"]), buyer_in(shops["south"])):
        stranger.add(name())
        for path in paths:
            assert stranger.post(f"/cart/{line}/{path}").status_code == 404, path
            assert stranger.post(f"/cart/{uuid4()}/{path}").status_code == 404, path


def test_contact_of_somebody_else_cannot_be_chosen(
    buyer: BuyerInBrowser, buyer_in: Callable[[Shop], BuyerInBrowser], shops: dict[str, Shop]
) -> None:
    buyer.add(name())
    line = line_of(buyer.client)
    other = buyer_in(shops["north"])
    other.add(name())
    found = re.search(r'value="([0-9a-f-]{36})"', other.get(f"/cart/{line_of(other.client)}/contact").text)
    assert found is not None

    answer = buyer.post(f"/cart/{line}/contact", contact=found[1])

    assert answer.status_code == 422


def test_new_contact_is_kept_and_chosen_for_every_name(buyer: BuyerInBrowser) -> None:
    buyer.add(name())
    buyer.add(name())
    data = {"kind": "individual", "given": "Matti", "family": "Meikalainen", "street": "Katu 1", "postcode": "00100"}
    data |= {"city": "Helsinki", "country": "FI", "phone": "+358401234567", "email": "m@example.fi", "for_all": "y"}

    answer = buyer.post(f"/cart/{line_of(buyer.client)}/contact/new", **data)

    assert answer.status_code == 303, answer.text
    assert buyer.get("/cart").text.count("Matti Meikalainen") >= 2


def test_hostile_contact_is_refused_and_shown_again(buyer: BuyerInBrowser) -> None:
    buyer.add(name())
    line = line_of(buyer.client)
    fields = (
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
        "phone",
    )

    answers = {
        typed: buyer.post(f"/cart/{line}/contact/new", **dict.fromkeys((*fields, "email"), typed)) for typed in HOSTILE
    }

    assert {typed: answer.status_code for typed, answer in answers.items() if answer.status_code != 422} == {}
    assert not any("<script>alert" in answer.text for answer in answers.values())


def test_button_without_the_token_of_the_session_does_nothing(buyer: BuyerInBrowser) -> None:
    buyer.add(name())
    line = line_of(buyer.client)

    answer = buyer.client.post(f"/cart/{line}/remove", data={"csrf_token": "forged"})

    assert answer.status_code in {403, 422}
    assert line_of(buyer.client) == line


def test_name_nobody_knows_yet_is_watched_and_can_be_ordered(
    buyer: BuyerInBrowser, config: Config, shops: dict[str, Shop]
) -> None:
    wanted = name()
    there = buyer.add(wanted).location

    waiting = buyer.get(there).text
    believe(config, shops["north"], wanted)

    assert "data-waits" in waiting
    assert "Continue to check and pay" in waiting


@pytest.fixture
def code(database: Database, shops: dict[str, Shop], heard: Callable[[Shop, int], None]) -> Iterator[str]:
    """A code that takes ten percent off in the shop in the north."""
    with database.work(shops["north"].id) as db:
        promotion = factories.make_promotion(db, needs_code=True)
        made = factories.make_code(db, promotion).code
        db.commit()
    with database.work(shops["north"].id) as db:
        version = announce(db)
        db.commit()
    heard(shops["north"], version)
    yield made
    with database.work(shops["north"].id) as db:
        db.execute(update(Promotion).where(Promotion.id == promotion.id).values(state="stopped"))
        announce(db)
        db.commit()


def test_code_is_typed_shown_and_taken_out(client: FlaskClient, code: str) -> None:
    client.post("/cart/add", data={"name": name()})

    until(lambda: client.post("/cart/codes", data={"code": code.lower()}).status_code == 303, seconds=3)
    during = client.get("/cart").text
    removed = client.post("/cart/codes/remove", data={"code": code})

    assert code in during
    assert "€9.81" in during
    assert "saves €1.09" in during
    assert removed.status_code == 303
    assert "€10.90" in client.get("/cart").text


@pytest.mark.parametrize("typed", ["NOBODY-KNOWS", "", "<script>alert(1)</script>", "x" * 500, "a\x00b"], ids=ascii)
def test_code_that_is_none_is_refused_beside_its_field(client: FlaskClient, typed: str) -> None:
    client.post("/cart/add", data={"name": name()})

    answer = client.post(
        "/cart/codes", data={"code": typed}, environ_base={"REMOTE_ADDR": f"10.1.1.{len(typed) % 250}"}
    )

    assert answer.status_code == 422
    assert 'id="code-error"' in answer.text
    assert "<script>alert" not in answer.text


def test_code_without_a_cart_is_refused(client: FlaskClient) -> None:
    answer = client.post("/cart/codes", data={"code": "ANYTHING"}, environ_base={"REMOTE_ADDR": "10.1.2.1"})

    assert answer.status_code == 422


def test_who_types_ten_wrong_codes_waits(client: FlaskClient) -> None:
    client.post("/cart/add", data={"name": name()})
    there = {"REMOTE_ADDR": f"10.9.{uuid4().int % 250}.{uuid4().int % 250}"}

    answers = [
        client.post("/cart/codes", data={"code": "WRONG-1"}, environ_base=there).status_code for _each in range(12)
    ]

    assert answers == [422] * 10 + [429] * 2

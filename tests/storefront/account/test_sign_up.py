"""Open an account: data, code, cart kept."""

import json
import re
from collections.abc import Callable
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from storefront.core.db import Database
from storefront.core.outbox import OutboxEvent
from storefront.core.sealing import unseal
from storefront.customers.models import Contact, Customer
from storefront.identity.events import LETTER
from storefront.identity.models import LoginUser
from storefront.orders.carts import find_cart, items_in, make_cart
from storefront.orders.models import CartItem
from storefront.web.sessions import CART_COOKIE, CART_COUNT_COOKIE, SESSION_COOKIE
from tenants.models import Reseller
from tests.fixtures_app import Shop
from tests.samples import sampled, some
from tests.storefront.account.people import PASSWORD, PERSON, WICKED, cookie, errors_in, person

ADDRESS = "/account/sign-up"


def newest_user(database: Database, shop: Shop, email: str) -> tuple[LoginUser, Customer, list[Contact]]:
    with database.work(shop.id) as db:
        user = db.scalars(select(LoginUser).where(LoginUser.email == email).order_by(LoginUser.created_at.desc()))[0]
        customer = db.require(Customer, user.customer_id)
        return user, customer, list(db.scalars(select(Contact).where(Contact.customer_id == customer.id)))


@pytest.fixture
def with_code(database: Database, shops: dict[str, Shop]) -> Shop:
    """The shop in the south asks for a code."""
    with database.office_work() as db:
        reseller = db.session.get(Reseller, shops["south"].id)
        assert reseller is not None
        reseller.settings = {**reseller.settings, "sign_up_code": True}
        db.commit()
    return shops["south"]


def sent_code(database: Database, shop: Shop) -> str:
    with database.work(shop.id) as db:
        waiting = select(OutboxEvent).where(OutboxEvent.name == "identity.sign_up_code_asked")
        event = db.scalars(waiting.order_by(OutboxEvent.occurred_at.desc(), OutboxEvent.id.desc()))[0]
        letter = json.loads(unseal(db.config, event.payload["sealed"], purpose=LETTER, owner=shop.id))
        return str(letter["code"])


@pytest.mark.parametrize(
    ("slug", "address", "wanted"),
    [
        ("north", ADDRESS, []),
        ("north", f"{ADDRESS}?next=/checkout", ["Cart", "Your details", "Payment"]),
        ("south", ADDRESS, ["Your details", "Code by e-mail", "Done"]),
        ("south", f"{ADDRESS}?next=/checkout", ["Cart", "Your details", "Code by e-mail", "Payment"]),
    ],
)
@pytest.mark.usefixtures("with_code")
def test_steps_lead_to_what_one_came_for(
    client_of: Callable[[Shop], FlaskClient], shops: dict[str, Shop], slug: str, address: str, wanted: list[str]
) -> None:
    html = client_of(shops[slug]).get(address).get_data(as_text=True)

    steps = re.search(r'<ol class="steps".*?</ol>', html, re.DOTALL)
    shown = re.findall(r"</?[^>]+>|([A-Z][^<]+)", steps[0]) if steps else []
    assert [each.strip() for each in shown if each] == wanted


def test_form_begins_in_the_country_of_the_shop(client: FlaskClient) -> None:
    answer = client.get(ADDRESS)

    assert answer.status_code == 200
    assert '<option selected value="FI">' in answer.text


def test_individual_gets_account_contact_and_session(
    client: FlaskClient, database: Database, shops: dict[str, Shop]
) -> None:
    answer = client.post(ADDRESS, data=person(email="first@example.test"))

    user, customer, contacts = newest_user(database, shops["north"], "first@example.test")
    assert answer.status_code == 303, errors_in(answer)
    assert answer.location == "/panel/"
    assert cookie(client, SESSION_COOKIE, shops["north"].host)
    assert (user.login, user.kind, user.role, user.name) == (customer.code, "customer", "customer", "Aino Virtanen")
    assert (customer.phone, customer.postcode, customer.sort_key) == ("+358401234567", "00500", "virtanen aino")
    assert [(contact.is_default, contact.street) for contact in contacts] == [(True, "Hämeentie 31")]
    assert PASSWORD not in user.password_hash


def test_company_gives_its_vat_number(client: FlaskClient, database: Database, shops: dict[str, Shop]) -> None:
    answer = client.post(
        ADDRESS,
        data=person(kind="company", orgname="Karttapaja Oy", vat_number="fi 2077 4740", email="firm@example.test"),
    )

    _user, customer, contacts = newest_user(database, shops["north"], "firm@example.test")
    assert answer.status_code == 303, errors_in(answer)
    assert (customer.orgname, customer.vat_number) == ("Karttapaja Oy", "FI20774740")
    assert contacts[0].orgname == "Karttapaja Oy"


def test_wrong_vat_number_is_refused_beside_its_field(client: FlaskClient) -> None:
    answer = client.post(ADDRESS, data=person(kind="company", orgname="Karttapaja Oy", vat_number="FI20774741"))

    assert answer.status_code == 422
    assert 'id="vat_number-error"' in answer.text


def test_fields_of_organisations_do_not_count_for_a_private_person(
    client: FlaskClient, database: Database, shops: dict[str, Shop]
) -> None:
    answer = client.post(ADDRESS, data=person(orgname="Left over Oy", vat_number="nonsense", email="left@example.test"))

    _user, customer, _contacts = newest_user(database, shops["north"], "left@example.test")
    assert answer.status_code == 303, errors_in(answer)
    assert (customer.orgname, customer.vat_number) == ("", "")


def test_one_address_may_have_several_accounts(
    client_of: Callable[[Shop], FlaskClient], shops: dict[str, Shop]
) -> None:
    answers = [client_of(shops["north"]).post(ADDRESS, data=person(email="twice@example.test")) for _each in range(2)]

    assert [answer.status_code for answer in answers] == [303, 303]


def test_next_is_where_one_lands(client: FlaskClient) -> None:
    answer = client.post(ADDRESS, data=person(next="/checkout"))

    assert answer.location == "/checkout"


def test_language_of_the_address_stays(client: FlaskClient) -> None:
    answer = client.post(f"/fr{ADDRESS}", data=person(next="/checkout"))

    assert answer.location == "/fr/checkout"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"given": ""}, "given"),
        ({"family": "N/A"}, "family"),
        ({"street": "7"}, "street"),
        ({"postcode": "0050"}, "postcode"),
        ({"postcode": ""}, "postcode"),
        ({"city": ""}, "city"),
        ({"country": "XX"}, "country"),
        ({"phone": "1-800-FLOWERS"}, "phone"),
        ({"email": "aino@example"}, "email"),
        ({"password": "short"}, "password"),
        ({"password": "Virtanen Virtanen"}, "password"),
        ({"kind": "king"}, "kind"),
        ({"kind": "company"}, "orgname"),
        ({"country": "US", "postcode": "10001", "phone": "+12125550123"}, "region"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_the_rest_is_kept(
    client: FlaskClient, change: dict[str, str], field: str
) -> None:
    answer = client.post(ADDRESS, data=person(**change))

    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text or f'href="#{field}' in answer.text
    for name in {"given", "family", "street", "city", "email"} - set(change):
        assert f'value="{PERSON[name]}"' in answer.text
    assert PASSWORD not in answer.text


def test_changing_the_country_changes_the_address_without_a_script(client: FlaskClient) -> None:
    answer = client.post(ADDRESS, data=person(country="US", change_country="1"))

    assert answer.status_code == 200
    assert 'value="NY"' in answer.text
    assert 'role="alert"' not in answer.text
    assert 'value="Hämeentie 31"' in answer.text


def test_enter_in_a_field_sends_the_whole_form(client: FlaskClient) -> None:
    """Browsers press the first button of a form, seen or not."""
    _, _, form = client.get(ADDRESS).text.partition('action="/account/sign-up"')

    first = re.search(r'<(?:button|input)[^>]*type="submit"[^>]*>', form)

    assert first is not None
    assert "name=" not in first[0]


def test_region_of_the_country_before_is_forgotten(
    client: FlaskClient, database: Database, shops: dict[str, Shop]
) -> None:
    answer = client.post(ADDRESS, data=person(region="NY", email="moved@example.test"))

    _user, customer, _contacts = newest_user(database, shops["north"], "moved@example.test")
    assert answer.status_code == 303, errors_in(answer)
    assert customer.region == ""


def test_cart_of_the_visitor_is_kept(client: FlaskClient, database: Database, shops: dict[str, Shop]) -> None:
    north = shops["north"]
    with database.work(north.id) as db:
        cart, token = make_cart(db)
        db.add(
            CartItem(
                cart_id=cart.id,
                action="register",
                name_ascii="kept.com",
                name_unicode="kept.com",
                ending="com",
                years=1,
                price_minor=1090,
                currency="EUR",
                amounts="gross",
                promised_until=db.now,
                added_at=db.now,
            )
        )
        db.commit()
    client.set_cookie(CART_COOKIE, token, domain=north.host, secure=True)

    client.post(ADDRESS, data=person(email="cart@example.test"))

    user, _customer, _contacts = newest_user(database, north, "cart@example.test")
    with database.work(north.id) as db:
        mine = find_cart(db, "", user.id)
        assert mine is not None
        assert [item.name_ascii for item in items_in(db, mine)] == ["kept.com"]
    assert cookie(client, CART_COUNT_COOKIE, north.host) == "1"


def test_account_is_made_only_after_the_code(
    client_of: Callable[[Shop], FlaskClient], database: Database, with_code: Shop
) -> None:
    client = client_of(with_code)
    typed = person(country="FI", email="coded@example.test", next="/checkout")

    asked = client.post(ADDRESS, data=typed)
    with database.work(with_code.id) as db:
        early = db.scalars(select(LoginUser).where(LoginUser.email == "coded@example.test"))
    shown = client.get(asked.location)
    made = client.post("/account/sign-up/code", data={"code": sent_code(database, with_code), "next": "/checkout"})

    user, _customer, _contacts = newest_user(database, with_code, "coded@example.test")
    assert asked.location == "/account/sign-up/code?next=/checkout"
    assert early == []
    assert "coded@example.test" in shown.text
    assert made.location == "/checkout"
    assert user.email_confirmed_at is not None


def test_code_is_nowhere_in_clear(
    client_of: Callable[[Shop], FlaskClient], database: Database, with_code: Shop
) -> None:
    client_of(with_code).post(ADDRESS, data=person(email="sealed@example.test"))

    code = sent_code(database, with_code)
    with database.work(with_code.id) as db:
        payloads = json.dumps([row.payload for row in db.scalars(select(OutboxEvent))])
    assert code not in payloads.replace("-", "") or "sealed@example.test" not in payloads
    assert PASSWORD not in payloads


def test_five_wrong_codes_are_enough(
    client_of: Callable[[Shop], FlaskClient], database: Database, with_code: Shop
) -> None:
    client = client_of(with_code)
    client.post(ADDRESS, data=person(email="guess@example.test"))
    right = sent_code(database, with_code)
    wrong = str((int(right) + 1) % 1_000_000).zfill(6)

    tries = [client.post("/account/sign-up/code", data={"code": wrong}).status_code for _each in range(5)]
    too_late = client.post("/account/sign-up/code", data={"code": right})

    assert tries == [422] * 5
    assert too_late.status_code == 422


def test_another_code_makes_the_one_before_void(
    client_of: Callable[[Shop], FlaskClient], database: Database, with_code: Shop
) -> None:
    client = client_of(with_code)
    client.post(ADDRESS, data=person(email="again@example.test"))
    first = sent_code(database, with_code)

    client.post("/account/sign-up/code/again")
    second = sent_code(database, with_code)

    assert first == second or client.post("/account/sign-up/code", data={"code": first}).status_code == 422
    assert client.post("/account/sign-up/code", data={"code": second}).status_code == 303


def test_code_is_of_no_use_to_another_browser(
    client_of: Callable[[Shop], FlaskClient], database: Database, with_code: Shop
) -> None:
    client_of(with_code).post(ADDRESS, data=person(email="mine@example.test"))

    answer = client_of(with_code).post("/account/sign-up/code", data={"code": sent_code(database, with_code)})

    assert answer.status_code == 303
    assert answer.location == ADDRESS


def test_going_back_from_the_code_finds_what_was_typed(
    client_of: Callable[[Shop], FlaskClient], with_code: Shop
) -> None:
    client = client_of(with_code)
    client.post(ADDRESS, data=person(email="wrnog@example.test"))

    answer = client.get(ADDRESS)

    assert 'value="wrnog@example.test"' in answer.text
    assert 'value="Hämeentie 31"' in answer.text
    assert PASSWORD not in answer.text


@sampled
@pytest.mark.parametrize(
    ("name", "wicked"), [(name, wicked) for name in [*PERSON, "next"] for wicked in some(list(WICKED), 3, name)]
)
def test_wicked_text_never_breaks_the_form_nor_loses_the_rest(client: FlaskClient, name: str, wicked: str) -> None:
    text = WICKED[wicked].encode("utf-8", "replace").decode()

    answer = client.post(ADDRESS, data=person(**{"phone": "not a number", name: text}))

    assert answer.status_code == 422
    assert "<script>alert" not in answer.text
    for other in {"given", "family", "street", "city"} - {name}:
        assert f'value="{PERSON[other]}"' in answer.text


@pytest.mark.parametrize("text", WICKED.values(), ids=WICKED.keys())
def test_wicked_text_never_breaks_the_code(
    client_of: Callable[[Shop], FlaskClient], with_code: Shop, text: str
) -> None:
    client = client_of(with_code)
    client.post(ADDRESS, data=person(email="code@example.test"))

    answer = client.post("/account/sign-up/code", data={"code": text.encode("utf-8", "replace").decode()})

    assert answer.status_code == 422


def test_customers_of_the_other_shop_are_not_seen(
    database: Database, shops: dict[str, Shop], client: FlaskClient
) -> None:
    client.post(ADDRESS, data=person(email="here@example.test"))

    with database.work(shops["south"].id) as db:
        found = db.scalars(select(LoginUser.id).where(LoginUser.email == "here@example.test"))

    assert list[UUID](found) == []

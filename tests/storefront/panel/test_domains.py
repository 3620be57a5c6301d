"""Domains in the panel: found, shown, told to renew or not, and only to their customer."""

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from flask.testing import FlaskClient

from storefront.core import clock
from storefront.core.db import Database
from storefront.identity.models import LoginUser
from storefront.portfolio.domains import Arrival, NewDomain, begin_arrival, end_arrival, start_domain
from storefront.portfolio.models import Domain
from storefront.provisioning.models import Operation
from storefront.provisioning.transfer_codes import open_code
from storefront.web.forms import token_for
from tests import factories
from tests.fixtures_app import Shop

ADDRESS = "/panel/domains/"
SignIn = Callable[[FlaskClient, Shop, LoginUser], str]


def make_domain(database: Database, shop: Shop) -> tuple[LoginUser, Domain]:
    name = f"mine-{uuid4().hex[:12]}.com"
    with database.work(shop.id) as db:
        customer = factories.make_customer(db)
        contact = factories.make_contact(db, customer)
        user = factories.make_user(db, customer=customer)
        domain = start_domain(
            db,
            NewDomain(
                customer_id=customer.id, contact_id=contact.id, name_ascii=name, name_unicode=name, ending="com",
                connection="sandbox", registered_at=db.now, expires_at=db.now + timedelta(days=365),
            ),
        )  # fmt: skip
        db.commit()
    return user, domain


@pytest.fixture
def mine(database: Database, shops: dict[str, Shop]) -> tuple[LoginUser, Domain]:
    return make_domain(database, shops["north"])


def test_list_shows_and_finds_a_name(
    mine: tuple[LoginUser, Domain], client: FlaskClient, sign_in: SignIn, shops: dict[str, Shop]
) -> None:
    user, domain = mine
    sign_in(client, shops["north"], user)

    everything, found = client.get(ADDRESS).text, client.get(f"{ADDRESS}?q={domain.name_ascii[:8]}").text
    nothing = client.get(f"{ADDRESS}?q=zzz").text

    assert domain.name_ascii in everything
    assert domain.name_ascii in found
    assert "None of your names begins like that" in nothing


def test_name_shows_its_holder(
    mine: tuple[LoginUser, Domain], client: FlaskClient, sign_in: SignIn, shops: dict[str, Shop]
) -> None:
    user, domain = mine
    sign_in(client, shops["north"], user)

    answer = client.get(f"{ADDRESS}{domain.id}")

    assert domain.name_ascii in answer.text
    assert "Aino Virtanen" in answer.text


def test_own_renewal_is_switched_off(
    mine: tuple[LoginUser, Domain], client: FlaskClient, sign_in: SignIn, shops: dict[str, Shop], database: Database
) -> None:
    user, domain = mine
    seed = sign_in(client, shops["north"], user)

    answer = client.post(f"{ADDRESS}{domain.id}/renewal", data={"renews": "no", "csrf_token": token_for(seed)})

    with database.work(shops["north"].id) as db:
        assert answer.status_code == 303
        assert not db.require(Domain, domain.id).renews_itself


def test_name_of_another_customer_is_not_found(
    mine: tuple[LoginUser, Domain], client: FlaskClient, sign_in: SignIn, shops: dict[str, Shop], database: Database
) -> None:
    _user, domain = mine
    stranger, _own = make_domain(database, shops["north"])
    seed = sign_in(client, shops["north"], stranger)

    shown = client.get(f"{ADDRESS}{domain.id}")
    changed = client.post(f"{ADDRESS}{domain.id}/renewal", data={"renews": "no", "csrf_token": token_for(seed)})

    assert (shown.status_code, changed.status_code) == (404, 404)


def make_transfer(database: Database, shop: Shop, state: str, **more: object) -> tuple[LoginUser, Domain, Operation]:
    """A name on its way here, with its command in a state."""
    name = f"coming-{uuid4().hex[:12]}.pl"
    with database.work(shop.id) as db:
        customer = factories.make_customer(db)
        user = factories.make_user(db, customer=customer)
        coming = Arrival(
            customer_id=customer.id, contact_id=None, name_ascii=name, name_unicode=name, ending="pl",
            connection="sandbox",
        )  # fmt: skip
        domain = begin_arrival(db, coming)
        assert domain is not None
        wish = {"customer_id": str(customer.id), "domain_id": str(domain.id), "name_unicode": name, "code_sealed": ""}
        operation = Operation(
            kind="transfer", connection="sandbox", subject=name, natural_key=f"transfer:{name}", wish=wish, state=state,
            cost_minor=0, cost_currency="EUR", requested_at=db.now, **more,
        )  # fmt: skip
        db.add(operation)
        db.commit()
    return user, domain, operation


def test_name_on_its_way_says_how_far_it_is(
    client: FlaskClient, sign_in: SignIn, shops: dict[str, Shop], database: Database
) -> None:
    expected = clock.now() + timedelta(days=5)
    user, domain, _operation = make_transfer(
        database, shops["north"], "pending", supplier_reference="SBX-1", result={"expected_at": expected.isoformat()}
    )
    sign_in(client, shops["north"], user)

    listed, page = client.get(ADDRESS).text, client.get(f"{ADDRESS}{domain.id}").text

    assert "Transfer in progress" in listed
    assert "Transfer under way" in page
    assert "Your present provider has until" in page
    assert "confirm with the link in that letter" in page
    assert 'name="code"' not in page


def test_wrong_code_is_asked_for_again_and_taken(
    client: FlaskClient, sign_in: SignIn, shops: dict[str, Shop], database: Database
) -> None:
    user, domain, operation = make_transfer(
        database, shops["north"], "awaiting_code", next_at=clock.now() + timedelta(days=14)
    )
    token = token_for(sign_in(client, shops["north"], user))
    told = client.get("/panel/overview").text
    before = client.get(f"{ADDRESS}{domain.id}").text

    wrong = client.post(f"{ADDRESS}{domain.id}/code", data={"code": "a b", "csrf_token": token})
    right = client.post(f"{ADDRESS}{domain.id}/code", data={"code": "Geheim-1", "csrf_token": token})
    again = client.post(f"{ADDRESS}{domain.id}/code", data={"code": "Geheim-2", "csrf_token": token})

    assert f"The transfer code of {domain.name_unicode} was refused" in told
    assert "The code was refused" in before
    assert (wrong.status_code, right.status_code, again.status_code) == (422, 303, 422)
    assert "Geheim-1" not in client.get(f"{ADDRESS}{domain.id}").text
    with database.work(shops["north"].id) as db:
        kept = db.require(Operation, operation.id)
        assert (kept.state, kept.wish["codes"]) == ("pending", 2)
        assert open_code(db.config, db.reseller_id, kept.wish["code_sealed"]) == "Geheim-1"


def test_name_that_did_not_come_says_so(
    client: FlaskClient, sign_in: SignIn, shops: dict[str, Shop], database: Database
) -> None:
    user, domain, _operation = make_transfer(database, shops["north"], "failed")
    with database.work(shops["north"].id) as db:
        end_arrival(db, domain.id)
        db.commit()
    sign_in(client, shops["north"], user)

    page = client.get(f"{ADDRESS}{domain.id}")

    assert (page.status_code, "This name did not come here" in page.text) == (200, True)
    assert domain.name_ascii not in client.get(ADDRESS).text


def test_code_for_a_name_of_another_customer_is_not_found(
    client: FlaskClient, sign_in: SignIn, shops: dict[str, Shop], database: Database
) -> None:
    _user, domain, _operation = make_transfer(database, shops["north"], "awaiting_code")
    stranger, own = make_domain(database, shops["north"])
    token = token_for(sign_in(client, shops["north"], stranger))

    theirs = client.post(f"{ADDRESS}{domain.id}/code", data={"code": "Geheim-1", "csrf_token": token})
    mine = client.post(f"{ADDRESS}{own.id}/code", data={"code": "Geheim-1", "csrf_token": token})

    assert (theirs.status_code, mine.status_code) == (404, 404)

"""Domains in the panel: found, shown, told to renew or not, and only to their customer."""

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from flask.testing import FlaskClient

from storefront.core.db import Database
from storefront.identity.models import LoginUser
from storefront.portfolio.domains import NewDomain, start_domain
from storefront.portfolio.models import Domain
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

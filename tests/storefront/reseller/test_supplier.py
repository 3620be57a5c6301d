"""The supplier account's page: nothing secret is shown, no supplier is asked in a request, the cause is named."""

from collections.abc import Iterator

import pytest

from storefront.core.db import Database
from storefront.identity.permissions import STAFF_ROLES, Role
from storefront.providers.connections import SANDBOX_REGISTRAR, open_sandbox
from storefront.providers.ports.login import Verdict
from tenants.supplier_accounts import check_supplier_login, find_account, settle_verdict
from tests.fixtures_app import Shop
from tests.storefront.reseller.conftest import Enter

ADDRESS = "/reseller/settings/supplier/"
TYPED = {"key": "KEY-OF-A-TEST-12345", "password": "hunter2-of-a-test"}


@pytest.fixture(autouse=True)
def no_account(database: Database, shops: dict[str, Shop]) -> Iterator[None]:
    """Begin and end without an account."""
    yield
    with database.work(shops["north"].id) as db:
        account = find_account(db)
        if account is not None:
            db.session.delete(account)
            db.commit()


def answered(database: Database, shop: Shop, verdict: Verdict | None) -> None:
    with database.work(shop.id) as db:
        account = find_account(db)
        assert account is not None
        settle_verdict(db, SANDBOX_REGISTRAR, account.tried_sealed, verdict)
        db.commit()


def test_page_without_an_account_says_what_to_do(enter: Enter) -> None:
    client, _token = enter()

    answer = client.get(ADDRESS)

    assert answer.status_code == 200
    assert "There is no account yet" in answer.text


def test_saving_asks_nobody_and_the_page_waits(enter: Enter, database: Database) -> None:
    client, token = enter()
    strings = open_sandbox(database.config)
    strings.set_mode("down")
    try:
        saved = client.post(ADDRESS, data={"csrf_token": token, **TYPED})
        shown = client.get(ADDRESS)
    finally:
        strings.set_mode("up")

    assert saved.status_code == 303
    assert "We are asking the supplier." in shown.text
    assert f'data-waits="{ADDRESS}"' in shown.text
    assert TYPED["key"] not in shown.text
    assert TYPED["password"] not in shown.text


@pytest.mark.parametrize(
    ("verdict", "says"),
    [
        (Verdict.KEY_UNKNOWN, "does not know this key"),
        (Verdict.PASSWORD_WRONG, "The key is right, the password is not."),
        (Verdict.ADDRESS_REFUSED, "does not let this platform in"),
        (Verdict.OLD_VERSION, "no previous version"),
        (None, "could not be asked"),
    ],
)
def test_refusal_names_its_cause(
    enter: Enter, database: Database, shops: dict[str, Shop], verdict: Verdict | None, says: str
) -> None:
    client, token = enter()
    client.post(ADDRESS, data={"csrf_token": token, **TYPED})
    answered(database, shops["north"], verdict)

    answer = client.get(ADDRESS)

    assert answer.status_code == 200
    assert says in answer.text
    assert ("data-waits" in answer.text) == (verdict is None)


def test_sandbox_opens_an_account_and_takes_it_into_use(
    enter: Enter, database: Database, shops: dict[str, Shop]
) -> None:
    client, token = enter()

    client.post(f"{ADDRESS}sandbox", data={"csrf_token": token})
    check_supplier_login(database, shops["north"].id, "sandbox/tried")

    answer = client.get(ADDRESS)
    assert "accepted" in answer.text
    assert "data-waits" not in answer.text
    assert client.post(f"{ADDRESS}again", data={"csrf_token": token}).status_code == 303
    assert client.post(f"{ADDRESS}drop", data={"csrf_token": token}).status_code == 422


def test_sandbox_account_replaces_one_in_use_only_when_told_so(
    enter: Enter, database: Database, shops: dict[str, Shop]
) -> None:
    client, token = enter()
    client.post(f"{ADDRESS}sandbox", data={"csrf_token": token})
    check_supplier_login(database, shops["north"].id, "sandbox/tried")

    refused = client.post(f"{ADDRESS}sandbox", data={"csrf_token": token})
    asked = client.get(ADDRESS).text
    client.post(f"{ADDRESS}sandbox", data={"csrf_token": token, "replaces": "y"})

    assert refused.status_code == 422
    assert 'name="replaces"' in asked
    assert "data-waits" not in asked
    assert "data-waits" in client.get(ADDRESS).text


def test_short_key_is_refused_on_its_field(enter: Enter) -> None:
    client, token = enter()

    answer = client.post(ADDRESS, data={"csrf_token": token, "key": "short", "password": "x"})

    assert answer.status_code == 422
    assert "at least eight" in answer.text


@pytest.mark.parametrize("role", [role for role in STAFF_ROLES if role is not Role.OWNER])
def test_only_owners_may_look(enter: Enter, role: Role) -> None:
    client, token = enter(role)

    assert client.get(ADDRESS).status_code == 403
    assert client.post(f"{ADDRESS}sandbox", data={"csrf_token": token}).status_code == 403

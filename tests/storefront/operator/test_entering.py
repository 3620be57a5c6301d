"""Who gets into the operator's office, where, and what each role finds there."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from storefront.core.audit import AuditEntry
from storefront.core.db import Database
from storefront.identity.permissions import OPERATOR_ROLES
from tests.fixtures_app import Shop
from tests.statements import counted
from tests.storefront.operator.conftest import Enter
from tests.storefront.reseller.office import make_staff

PAGES = ("/operator/", "/operator/resellers/", "/operator/operations/", "/operator/health/")


@pytest.mark.parametrize("page", PAGES)
def test_operator_opens_every_page(operator: FlaskClient, page: str) -> None:
    assert operator.get(page).status_code == 200


@pytest.mark.parametrize("page", PAGES)
def test_visitor_is_led_to_the_door(client_of: Callable[[Shop], FlaskClient], platform: Shop, page: str) -> None:
    answer = client_of(platform).get(page)

    assert answer.status_code == 302
    assert answer.location.startswith("/account/sign-in?next=")


@pytest.mark.parametrize("page", PAGES)
def test_without_the_second_factor_there_is_nothing(enter: Enter, page: str) -> None:
    client, _token = enter(second_factor=False)

    assert client.get(page).status_code == 404


@pytest.mark.parametrize("page", PAGES)
def test_staff_of_the_platform_are_no_operators(enter: Enter, page: str) -> None:
    client, _token = enter("owner", kind="staff")

    assert client.get(page).status_code == 404


@pytest.mark.parametrize("page", PAGES)
def test_office_is_not_on_a_shop_host(
    client_of: Callable[[Shop], FlaskClient],
    shops: dict[str, Shop],
    database: Database,
    sign_in: Callable[..., str],
    page: str,
) -> None:
    client = client_of(shops["north"])
    sign_in(client, shops["north"], make_staff(database, shops["north"]))

    assert client.get(page).status_code == 404


@pytest.mark.parametrize("role", OPERATOR_ROLES)
def test_every_role_may_look(enter: Enter, role: str) -> None:
    client, _token = enter(role)

    assert [client.get(page).status_code for page in PAGES] == [200] * len(PAGES)


@pytest.mark.parametrize("page", PAGES)
def test_every_look_is_in_the_log(operator: FlaskClient, database: Database, platform: Shop, page: str) -> None:
    looks = select(func.count()).select_from(AuditEntry).where(AuditEntry.action == "office.looked")
    with database.work(platform.id) as db:
        before = db.scalar(looks)

    operator.get(page)

    with database.work(platform.id) as db:
        latest = db.scalars(select(AuditEntry).order_by(AuditEntry.id.desc()).limit(1))[0]
        assert db.scalar(looks) == (before or 0) + 1
    assert latest.difference == {"page": [None, page]}
    assert latest.actor_kind == "operator"


@pytest.mark.parametrize(("page", "most"), [(PAGES[0], 12), *((page, 8) for page in PAGES[1:])])
def test_questions_are_few(operator: FlaskClient, database: Database, page: str, most: int) -> None:
    operator.get(page)

    with counted(database) as asked:
        operator.get(page)

    assert len(asked) <= most, "\n".join(asked)

"""The pages of the staff: who sees them, what each button does."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from storefront.core.audit import AuditEntry
from storefront.core.db import Database
from storefront.identity.models import LoginUser, StaffInvitation
from storefront.identity.staff_policy import require_second_factor_of
from tests.fixtures_app import Shop
from tests.storefront.account.people import errors_in
from tests.storefront.reseller.office import make_staff

Enter = Callable[..., tuple[FlaskClient, str]]
ADDRESS = "/reseller/staff/"


def fresh(database: Database, shops: dict[str, Shop], user: LoginUser) -> LoginUser:
    with database.work(shops["north"].id) as db:
        return db.require(LoginUser, user.id)


def test_owner_sees_everybody_and_the_invited(enter: Enter, database: Database, shops: dict[str, Shop]) -> None:
    client, token = enter()
    colleague = make_staff(database, shops["north"], "sales")

    sent = client.post(
        "/reseller/staff/invite",
        data={"csrf_token": token, "email": "seen@staff.test", "role": "content", "locale": "en"},
    )
    page = client.get(ADDRESS)

    assert sent.status_code == 303, errors_in(sent)
    assert colleague.email in page.text
    assert "seen@staff.test" in page.text


@pytest.mark.parametrize("role", ["sales", "support", "content", "accountant", "read_only"])
def test_others_do_not_get_in(enter: Enter, role: str) -> None:
    client, token = enter(role)

    answers = [
        client.get(ADDRESS).status_code,
        client.get("/reseller/staff/invite").status_code,
        client.post("/reseller/staff/invite", data={"csrf_token": token, "email": "x@y.test"}).status_code,
        client.post("/reseller/staff/second-factor", data={"csrf_token": token}).status_code,
    ]

    assert set(answers) == {403}


def test_role_changes_and_the_log_says_so(enter: Enter, database: Database, shops: dict[str, Shop]) -> None:
    client, token = enter()
    user = make_staff(database, shops["north"], "sales")

    answer = client.post(f"/reseller/staff/{user.id}", data={"csrf_token": token, "role": "accountant"})

    assert answer.status_code == 303, errors_in(answer)
    assert fresh(database, shops, user).role == "accountant"
    with database.work(shops["north"].id) as db:
        found = select(AuditEntry).where(AuditEntry.subject_id == user.id, AuditEntry.action == "staff.role_changed")
        assert db.scalars(found)[0].difference == {"role": ["sales", "accountant"]}


def test_suspend_resume_remove(enter: Enter, database: Database, shops: dict[str, Shop]) -> None:
    client, token = enter()
    user = make_staff(database, shops["north"], "sales")
    data = {"csrf_token": token}

    client.post(f"/reseller/staff/{user.id}/suspend", data=data)
    assert fresh(database, shops, user).suspended_at is not None
    assert "Let in again" in client.get(f"/reseller/staff/{user.id}").text
    client.post(f"/reseller/staff/{user.id}/resume", data=data)
    assert fresh(database, shops, user).suspended_at is None
    warned = client.get(f"/reseller/staff/{user.id}/remove")
    removed = client.post(f"/reseller/staff/{user.id}/remove", data=data)

    assert "closed for good" in warned.text
    assert removed.status_code == 303
    assert fresh(database, shops, user).closed_at is not None
    assert client.get(f"/reseller/staff/{user.id}").status_code == 404


def test_customer_is_no_colleague(enter: Enter, database: Database, shops: dict[str, Shop]) -> None:
    client, token = enter()
    customer = make_staff(database, shops["north"], "customer", "customer")

    for path in ("", "/suspend", "/remove"):
        assert client.post(f"/reseller/staff/{customer.id}{path}", data={"csrf_token": token}).status_code == 404


def test_invitation_is_sent_again_and_withdrawn(enter: Enter, database: Database, shops: dict[str, Shop]) -> None:
    client, token = enter()
    data = {"csrf_token": token, "email": "again@staff.test", "role": "content", "locale": "pl"}
    client.post("/reseller/staff/invite", data=data)
    with database.work(shops["north"].id) as db:
        row = db.scalars(select(StaffInvitation).where(StaffInvitation.email == "again@staff.test"))[0]

    again = client.post(f"/reseller/staff/invitations/{row.id}/again", data={"csrf_token": token})
    gone = client.post(f"/reseller/staff/invitations/{row.id}/withdraw", data={"csrf_token": token})
    late = client.post(f"/reseller/staff/invitations/{row.id}/again", data={"csrf_token": token})

    assert (again.status_code, gone.status_code, late.status_code) == (303, 303, 422)
    assert "again@staff.test" not in client.get(ADDRESS).text.partition("flashes")[0]


def test_second_factor_is_required_of_roles(enter: Enter, database: Database, shops: dict[str, Shop]) -> None:
    client, token = enter()
    worker, _token = enter("sales")

    saved = client.post("/reseller/staff/second-factor", data={"csrf_token": token, "roles": ["sales"]})
    led = worker.get("/reseller/orders/")
    wrong = client.post("/reseller/staff/second-factor", data={"csrf_token": token, "roles": ["operator"]})

    assert saved.status_code == 303
    assert led.location == "/reseller/profile/security"
    assert wrong.status_code == 422
    with database.work(shops["north"].id) as db:
        require_second_factor_of(db, [])
        db.commit()

"""The office's pages of hosts: from an empty list to a host in use, and every state on the way."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import delete, select

from storefront.core import clock
from storefront.core.audit import AuditEntry
from storefront.core.db import Database
from storefront.core.jobs import Job
from tenants import hosts as actions
from tenants.certificate_models import HostCertificate
from tenants.host_looks import look_at
from tenants.models import HeldName, Host, HostName
from tenants.resellers import current_reseller
from tenants.wanted_records import wanted_for
from tests.fixtures_app import Shop
from tests.tenants.dns_at_hand import ELSEWHERE, Names, silence

NAME = "page.fjord.test"
Enter = Callable[..., tuple[FlaskClient, str]]


@pytest.fixture(autouse=True)
def shop(database: Database, shops: dict[str, Shop]) -> Iterator[UUID]:
    """The shop in the north, which forgets its hosts afterwards."""
    shop_id = shops["north"].id
    yield shop_id
    with database.work(shop_id) as db:
        for host in db.scalars(select(Host).where(Host.is_platform_name.is_(False))):
            db.session.delete(host)
        db.execute(delete(HostName).where(HostName.reseller_id == shop_id, HostName.name != "north.localhost"))
        db.execute(delete(HeldName).where(HeldName.reseller_id == shop_id))
        db.execute(delete(HostCertificate).where(HostCertificate.reseller_id == shop_id))
        own = db.scalar(select(Host).where(Host.name == "north.localhost"))
        assert own is not None
        actions.switch_to(db, own)
        db.commit()


@pytest.fixture
def names() -> Names:
    return Names()


def made(database: Database, shop: UUID, **more: object) -> UUID:
    with database.work(shop) as db:
        host_id = actions.connect(db, name=NAME, **more).id  # type: ignore[arg-type]  # purpose or becomes_canonical
        db.commit()
    return host_id


def looked(database: Database, shop: UUID, names: Names, *, is_right: bool = False, **more: object) -> UUID:
    host_id = made(database, shop, **more)
    with database.work(shop) as db:
        if is_right:
            names.prove(wanted_for(db.config, NAME, db.require(Host, host_id).code))
    look_at(database, shop, host_id, names)
    return host_id


def test_a_shop_without_names_of_its_own_is_shown_the_way(owner: FlaskClient) -> None:
    answer = owner.get("/reseller/hosts/")

    assert answer.status_code == 200
    assert "north.localhost" in answer.text
    assert "Your shop on your own name" in answer.text
    assert "/reseller/hosts/new" in answer.text


def test_connecting_a_name_leads_to_its_page(enter: Enter, database: Database, shop: UUID) -> None:
    client, token = enter()

    answer = client.post("/reseller/hosts/new", data={"csrf_token": token, "name": NAME, "purpose": "shop"})

    assert answer.status_code == 303
    with database.work(shop) as db:
        host = db.scalar(select(Host).where(Host.name == NAME))
        assert host is not None
        assert answer.location.endswith(f"/reseller/hosts/{host.id}")
        assert not host.becomes_canonical
        assert db.scalar(select(Job.id).where(Job.argument == str(host.id))) is not None
    page = client.get(answer.location).text
    assert f"We look what {NAME} does today" in page
    assert 'http-equiv="refresh"' in page


@pytest.mark.parametrize(
    ("typed", "said"), [("no name", "no host name"), ("co.uk", "nobody"), ("north.localhost", "platform")]
)
def test_a_refused_name_stays_in_its_field_with_the_reason(enter: Enter, typed: str, said: str) -> None:
    client, token = enter()

    answer = client.post("/reseller/hosts/new", data={"csrf_token": token, "name": typed, "purpose": "shop"})

    assert answer.status_code == 422
    assert said in answer.text
    assert typed in answer.text


def test_before_a_website_is_lost_somebody_is_asked(enter: Enter, database: Database, shop: UUID, names: Names) -> None:
    names.put(NAME, "A", ELSEWHERE)
    host_id = looked(database, shop, names)
    client, token = enter()

    page = client.get(f"/reseller/hosts/{host_id}").text
    assert "This name is in use today" in page
    assert ELSEWHERE in page
    assert "I know, go on" in page
    assert "All records for this host" not in page

    answer = client.post(f"/reseller/hosts/{host_id}/confirm", data={"csrf_token": token})

    assert answer.status_code == 303
    page = client.get(f"/reseller/hosts/{host_id}").text
    assert "All records for this host" in page


def test_the_doctor_shows_all_records_at_once_with_three_lights(
    owner: FlaskClient, database: Database, shop: UUID, names: Names
) -> None:
    host_id = looked(database, shop, names)
    with database.work(shop) as db:
        code = db.require(Host, host_id).code
        edge = db.config.edge_host

    page = owner.get(f"/reseller/hosts/{host_id}").text

    assert page.count('class="light"') == 3
    assert all(word in page for word in (code, edge, "_shop-challenge.page", "CNAME", "TXT", "data-copy"))
    assert "mailto:?subject=" in page


def test_wrong_and_could_not_ask_are_never_the_same(
    owner: FlaskClient, database: Database, shop: UUID, names: Names
) -> None:
    names.put(NAME, "CNAME", "elsewhere.example")
    host_id = looked(database, shop, names)
    with database.work(shop) as db:
        actions.confirm(db, db.require(Host, host_id))
        db.commit()
    wrong = owner.get(f"/reseller/hosts/{host_id}").text
    with silence(names):
        look_at(database, shop, host_id, names)
    silent = owner.get(f"/reseller/hosts/{host_id}").text

    assert ">Wrong<" in wrong
    assert ">Could not ask<" in silent
    assert '<p class="light-word">Wrong' not in silent


def test_a_host_in_use_can_be_preferred_and_is_marked(
    enter: Enter, database: Database, shop: UUID, names: Names
) -> None:
    host_id = looked(database, shop, names, is_right=True)
    client, token = enter()
    page = client.get(f"/reseller/hosts/{host_id}").text
    assert page.count('<p class="light-word">Right') >= 2

    answer = client.post(f"/reseller/hosts/{host_id}/prefer", data={"csrf_token": token})

    assert answer.status_code == 303
    with database.work(shop) as db:
        assert current_reseller(db).canonical_host == NAME
    assert "Main address" in client.get("/reseller/hosts/").text


def test_the_purpose_can_be_changed_but_only_to_one_of_two(
    enter: Enter, database: Database, shop: UUID, names: Names
) -> None:
    host_id = looked(database, shop, names, is_right=True)
    client, token = enter()

    for wish in ("frames", "everything"):
        client.post(f"/reseller/hosts/{host_id}/purpose", data={"csrf_token": token, "purpose": wish})

    with database.work(shop) as db:
        assert db.require(Host, host_id).purpose == "frames"
    assert "Choose one of the list" in client.get(f"/reseller/hosts/{host_id}").text


def test_removing_asks_first_and_then_holds_the_name(
    enter: Enter, database: Database, shop: UUID, names: Names
) -> None:
    host_id = looked(database, shop, names, is_right=True)
    client, token = enter()
    assert "For thirty days nobody else" in client.get(f"/reseller/hosts/{host_id}/remove").text

    answer = client.post(f"/reseller/hosts/{host_id}/remove", data={"csrf_token": token})

    assert answer.status_code == 303
    page = client.get(f"/reseller/hosts/{host_id}").text
    assert "Connect again" in page
    assert "kept for you until" in client.get("/reseller/hosts/").text
    assert client.get(f"/reseller/hosts/{host_id}/remove").status_code == 404


def test_a_removed_name_is_connected_again_or_given_back(
    enter: Enter, database: Database, shop: UUID, names: Names
) -> None:
    host_id = looked(database, shop, names, is_right=True)
    client, token = enter()
    client.post(f"/reseller/hosts/{host_id}/remove", data={"csrf_token": token})

    client.post(f"/reseller/hosts/{host_id}/again", data={"csrf_token": token})
    with database.work(shop) as db:
        assert db.require(Host, host_id).state == "pending"
        assert actions.activate(db, db.require(Host, host_id))
        actions.detach(db, db.require(Host, host_id))
        db.commit()
    answer = client.post(f"/reseller/hosts/{host_id}/release", data={"csrf_token": token})

    assert answer.status_code == 303
    with database.work(shop) as db:
        assert db.find(Host, host_id) is None


def test_what_is_in_use_is_not_given_back(enter: Enter, database: Database, shop: UUID, names: Names) -> None:
    host_id = looked(database, shop, names, is_right=True)
    client, token = enter()

    client.post(f"/reseller/hosts/{host_id}/release", data={"csrf_token": token})

    assert "Remove the host first" in client.get(f"/reseller/hosts/{host_id}").text


def test_the_script_is_told_only_what_changed(enter: Enter, database: Database, shop: UUID, names: Names) -> None:
    host_id = looked(database, shop, names)
    client, _token = enter()
    first = client.get(f"/reseller/hosts/{host_id}/state")
    stamp = first.text.split('data-stamp="')[1].split('"')[0]

    same = client.get(f"/reseller/hosts/{host_id}/state", query_string={"since": stamp})
    with clock.Stopped(clock.now() + timedelta(minutes=1)):
        look_at(database, shop, host_id, names)
    fresh = client.get(f"/reseller/hosts/{host_id}/state", query_string={"since": stamp})

    assert (first.status_code, same.status_code, fresh.status_code) == (200, 204, 200)
    assert "<html" not in first.text


def test_an_open_page_looks_without_filling_the_log(enter: Enter, database: Database, shop: UUID, names: Names) -> None:
    host_id = looked(database, shop, names)
    client, token = enter()

    by_script = client.post(
        f"/reseller/hosts/{host_id}/look", data={"csrf_token": token}, headers={"X-Requested-With": "script"}
    )
    by_hand = client.post(f"/reseller/hosts/{host_id}/look", data={"csrf_token": token})

    assert (by_script.status_code, by_hand.status_code) == (204, 303)
    with database.work(shop) as db:
        asked = list(db.scalars(select(AuditEntry.id).where(AuditEntry.action == "host.look_asked")))
    assert len(asked) == 1


def test_all_records_can_be_had_as_a_file(owner: FlaskClient, database: Database, shop: UUID, names: Names) -> None:
    host_id = looked(database, shop, names)

    answer = owner.get(f"/reseller/hosts/{host_id}/zone-file")

    assert answer.mimetype == "text/plain"
    assert f"_shop-challenge.{NAME}. 300 IN TXT" in answer.text
    assert "attachment" in answer.headers["Content-Disposition"]


def test_a_preview_link_leads_to_the_host(enter: Enter, database: Database, shop: UUID, names: Names) -> None:
    host_id = looked(database, shop, names, is_right=True)
    client, token = enter()

    answer = client.post(f"/reseller/hosts/{host_id}/preview", data={"csrf_token": token})

    assert answer.status_code == 200
    assert f"//{NAME}" in answer.text
    assert "/preview/" in answer.text
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_host_that_does_not_answer_has_no_preview(enter: Enter, database: Database, shop: UUID, names: Names) -> None:
    host_id = looked(database, shop, names)
    client, token = enter()

    answer = client.post(f"/reseller/hosts/{host_id}/preview", data={"csrf_token": token})

    assert answer.status_code == 303
    assert "does not answer on this host yet" in client.get(f"/reseller/hosts/{host_id}").text


def test_a_name_that_another_reseller_took_meanwhile_says_so_and_names_nobody(
    owner: FlaskClient, database: Database, shop: UUID, shops: dict[str, Shop], names: Names
) -> None:
    host_id = looked(database, shop, names)
    with database.work(shops["south"].id) as db:
        db.add(HeldName(name=NAME, reseller_id=db.reseller_id, held_until=db.now + timedelta(days=3)))
        db.commit()

    page = owner.get(f"/reseller/hosts/{host_id}").text

    with database.work(shops["south"].id) as db:
        db.execute(delete(HeldName).where(HeldName.name == NAME))
        db.commit()
    assert "cannot be connected at the moment" in page
    assert "South" not in page


def test_a_host_in_danger_says_until_when(owner: FlaskClient, database: Database, shop: UUID, names: Names) -> None:
    host_id = looked(database, shop, names, is_right=True)
    with database.work(shop) as db:
        host = db.require(Host, host_id)
        host.state, host.first_missed_at = "failing", db.now - timedelta(days=3)
        db.commit()

    page = owner.get(f"/reseller/hosts/{host_id}").text

    assert "For days this name has not led here" in page


def test_whoever_may_only_read_sees_no_buttons(enter: Enter, database: Database, shop: UUID, names: Names) -> None:
    host_id = looked(database, shop, names)
    client, token = enter("read_only")

    page = client.get(f"/reseller/hosts/{host_id}")
    answer = client.post(f"/reseller/hosts/{host_id}/look", data={"csrf_token": token})

    assert page.status_code == 200
    assert "Look now" not in page.text
    assert "Remove this host" not in page.text
    assert answer.status_code == 403

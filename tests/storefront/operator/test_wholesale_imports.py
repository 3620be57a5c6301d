"""Purchase prices taken in: from a table, from the registrar; seen first, all of it or nothing."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import delete, func, select
from werkzeug.test import TestResponse

from storefront.core import clock
from storefront.core.db import Database
from storefront.core.jobs import Job
from storefront.portfolio.models import Domain
from storefront.pricing.models import WholesalePlan, WholesalePrice
from storefront.pricing.sheets import LARGEST_FILE, write_xlsx
from tenants.office_models import Announcement
from tests import factories
from tests.fixtures_app import Shop
from tests.storefront.operator.conftest import Enter

ADDRESS = "/operator/wholesale/imports/"
PLAN = "imported"


@pytest.fixture(autouse=True)
def plan(database: Database, shops: dict[str, Shop]) -> Iterator[None]:
    """A plan that nothing else leans on; what was taken in is gone afterwards."""
    assert shops, "the shops bring the prices of the standard plan along"
    with database.office_work() as db:
        db.add(WholesalePlan(code=PLAN, title="Imported"))
        db.commit()
    yield
    with database.office_work() as db:
        db.execute(delete(WholesalePrice).where(WholesalePrice.plan == PLAN))
        db.execute(delete(WholesalePlan).where(WholesalePlan.code == PLAN))
        db.commit()


def send(client: FlaskClient, token: str, data: bytes, **more: str) -> TestResponse:
    """Send the form as a browser does; written out, since the test client keeps large files open."""
    today = clock.now().date().isoformat()
    fields = {"csrf_token": token, "plan": PLAN, "valid_from": today, "currency": "EUR", **more}
    parts = [f'--b\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{text}\r\n' for name, text in fields.items()]
    head = '--b\r\nContent-Disposition: form-data; name="file"; filename="prices.csv"\r\n\r\n'
    body = "".join([*parts, head]).encode() + data + b"\r\n--b--\r\n"
    return client.post(f"{ADDRESS}new", data=body, content_type="multipart/form-data; boundary=b")


def preview(client: FlaskClient, token: str, data: bytes, **more: str) -> tuple[str, str]:
    """Send a table; return the address of what it would change, and the page."""
    sent = send(client, token, data, **more)
    assert sent.status_code == 303, sent.text
    return sent.location, client.get(sent.location).text


def seen_in(page: str) -> str:
    return page.split('name="seen"')[1].split('value="')[1].split('"', maxsplit=1)[0]


def prices(database: Database) -> dict[tuple[str, str, int], tuple[int, date]]:
    with database.office_work() as db:
        rows = db.scalars(select(WholesalePrice).where(WholesalePrice.plan == PLAN))
        return {(row.ending, row.action, row.years): (row.minor, row.valid_from) for row in rows}


def test_table_is_seen_first_and_then_holds(enter: Enter, database: Database) -> None:
    client, token = enter()

    at, page = preview(client, token, b"ending;register;renew;trade;backorder\ncom;9,45;9.50;0;39\n")
    before = prices(database)
    yes = client.post(at, data={"csrf_token": token, "seen": seen_in(page), "is_sure": "y"})

    assert before == {}
    assert "€39.00" in page
    assert yes.status_code == 303
    today = clock.now().date()
    assert prices(database) == {
        ("com", "register", 1): (945, today),
        ("com", "renew", 1): (950, today),
        ("com", "trade", 1): (0, today),
        ("com", "backorder", 1): (3900, today),
    }


def test_scheduled_change_names_renewals_and_tells_resellers(enter: Enter, database: Database, own_shop: Shop) -> None:
    client, token = enter()
    day = clock.now().date() + timedelta(days=20)
    with database.work(own_shop.id) as db:
        customer = factories.make_customer(db)
        for number in range(3):
            name = f"{own_shop.host.split('.')[0]}-{number}.net"
            db.add(
                Domain(
                    customer_id=customer.id,
                    name_ascii=name,
                    name_unicode=name,
                    ending="net",
                    connection="sandbox",
                    registered_at=db.now,
                    paid_until=db.now + timedelta(days=40),
                )
            )
        db.commit()
    client.post(
        f"/operator/wholesale/plans/{PLAN}/resellers",
        data={"csrf_token": token, "slug": own_shop.host.split(".")[0]},
    )

    table = write_xlsx([["ending", "action", "years", "price"], ["net", "renew", 1, 12]])
    at, page = preview(client, token, table, valid_from=day.isoformat())
    yes = client.post(at, data={"csrf_token": token, "seen": seen_in(page), "is_sure": "y", "tells": "y"})

    assert own_shop.host.split(".")[0] in page
    assert yes.status_code == 303
    with database.office_work() as db:
        told = db.scalar(select(Announcement).order_by(Announcement.id.desc()).limit(1))
    assert told is not None
    assert set(told.title) == {"en", "fr", "pl", "de"}
    assert ".net" in told.body["en"]
    assert "€12.00" in told.body["en"]
    assert told.reseller_ids == [str(own_shop.id)] or told.reseller_ids == [own_shop.id]
    assert prices(database)["net", "renew", 1] == (1200, day)
    with database.work(own_shop.id) as db:
        assert db.scalar(select(Job.argument).where(Job.name == "warn_of_rising_costs")) == day.isoformat()


def test_prices_that_move_far_need_a_second_look(enter: Enter, database: Database) -> None:
    client, token = enter()
    at, page = preview(client, token, b"ending;register\ncom;90")

    hasty = client.post(at, data={"csrf_token": token, "seen": seen_in(page)})

    assert hasty.status_code == 422
    assert "move far" in hasty.text
    assert prices(database) == {}


def test_nobody_agrees_to_something_else_than_was_shown(enter: Enter, database: Database) -> None:
    client, token = enter()
    at, _page = preview(client, token, b"ending;register\ncom;9.41")

    answer = client.post(at, data={"csrf_token": token, "seen": "0" * 32})

    assert answer.status_code == 422
    assert "changed meanwhile" in answer.text
    assert prices(database) == {}


def test_faults_are_named_by_cell_and_nothing_is_taken_in(enter: Enter, database: Database) -> None:
    client, token = enter()

    at, page = preview(client, token, b"ending;action;price\ncom;register;-1\nnothing-here;register;5\nnet;renew;9.40")
    answer = client.post(at, data={"csrf_token": token, "seen": "x"})

    assert ">C2<" in page
    assert "below zero" in page
    assert ">A3<" in page
    assert answer.status_code == 422
    assert prices(database) == {}


def test_table_that_changes_nothing_says_so(enter: Enter) -> None:
    client, token = enter()
    present = client.get(f"/operator/wholesale/download/csv?plan={PLAN}").data

    _at, page = preview(client, token, present)

    assert "Nothing would change" in page


@pytest.mark.parametrize(
    ("data", "more", "says"),
    [
        (b"", {}, "choose a file|empty"),
        (b"PK\x03\x04", {}, "damaged"),
        (b"x" * (LARGEST_FILE + 1), {}, "larger than"),
        (b"x" * (10 * 1024 * 1024), {}, "larger than"),
        (b"ending;register\ncom;9", {"valid_from": "2020-01-01"}, "cannot change in the past"),
        (b"ending;register\ncom;9", {"valid_from": "2999-01-01"}, "more than a year away"),
        (b"ending;register\ncom;9", {"currency": "€"}, "three letters"),
        (b"ending;register\ncom;9", {"plan": "unheard-of"}, "choose one of these"),
    ],
)
def test_bad_file_or_day_is_refused_in_words(enter: Enter, data: bytes, more: dict[str, str], says: str) -> None:
    client, token = enter()

    answer = send(client, token, data, **more)

    assert answer.status_code == 422
    assert any(word in answer.text for word in says.split("|"))


def test_text_in_place_of_a_file_is_refused(enter: Enter) -> None:
    client, token = enter()

    answer = client.post(
        f"{ADDRESS}new", data={"csrf_token": token, "plan": PLAN, "currency": "EUR", "valid_from": "", "file": "text"}
    )

    assert answer.status_code == 422


def test_registrar_tells_its_prices(enter: Enter) -> None:
    client, token = enter()

    sent = client.post(f"{ADDRESS}fetch", data={"csrf_token": token})

    assert sent.status_code == 303
    page = client.get(sent.location).text
    assert "What would change" in page
    assert "Standard" in page


def test_addresses_that_somebody_made_up_lead_nowhere(enter: Enter) -> None:
    client, token = enter()
    at, _page = preview(client, token, b"ending;register\ncom;9.41")

    assert client.get(f"{ADDRESS}{'0' * 64}?plan={PLAN}&valid_from=2026-12-01").status_code == 404
    assert client.get(at.replace("valid_from=20", "valid_from=soon")).status_code == 404
    assert client.get(at.replace(PLAN, "unheard-of")).status_code == 404


def test_past_days_are_refused_at_the_last_moment(enter: Enter, database: Database) -> None:
    client, token = enter()
    at, _page = preview(client, token, b"ending;register\ncom;9.41")
    late = at.replace(clock.now().date().isoformat(), "2026-01-02")

    page = client.get(late).text
    answer = client.post(late, data={"csrf_token": token, "seen": seen_in(page), "is_sure": "y"})

    assert answer.status_code == 422
    with database.office_work() as db:
        assert db.scalar(select(func.count()).select_from(WholesalePrice).where(WholesalePrice.plan == PLAN)) == 0

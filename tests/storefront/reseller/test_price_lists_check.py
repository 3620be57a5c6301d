"""Looking through a list before it is published, and publishing it now or from a moment on."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from storefront.core.changes import announce
from storefront.core.jobs import Job
from storefront.pricing.groups import close_group, require_group
from storefront.pricing.models import PriceList, PriceSeen
from storefront.pricing.offer_models import Promotion
from storefront.pricing.price_lists import begin_price_list
from tenants.models import Site
from tests import factories
from tests.storefront.reseller.price_desk import Desk, desk

__all__ = ["desk"]
Enter = Callable[..., tuple[FlaskClient, str]]


def publish(enter: Enter, desk: Desk, list_id: UUID, **fields: str) -> TestResponse:
    client, token = enter()
    data = {"csrf_token": token, "when": "now", "revision": str(desk.revision(list_id)), **fields}
    return client.post(f"/reseller/price-lists/{list_id}/check", data=data)


def test_check_names_losses_leaps_and_what_cannot_be_renewed(enter: Enter, desk: Desk) -> None:
    gone: dict[str, Any] = {f"net_renew_{years}": None for years in (1, 2, 3, 10)}
    # Of .fr the renewal for one year alone is missing: that for two is no help to who pays by the year.
    draft = desk.draft(com_register=500, io_register=5000, eu_restore=None, fr_renew_1=None, **gone)
    client, _token = enter()

    answer = client.get(f"/reseller/price-lists/{draft}/check")

    assert answer.status_code == 200
    assert "Sold at a loss" in answer.text
    assert "There is no price to renew: .net, .fr" in answer.text
    assert "Missing: .eu" in answer.text
    assert "+359" in answer.text
    assert "I have seen this" in answer.text


def test_list_without_anything_odd_is_published_at_once(enter: Enter, desk: Desk) -> None:
    draft = desk.draft(com_register=2000)

    answer = publish(enter, desk, draft, has_seen="y")

    assert answer.status_code == 303
    assert desk.live_price("com", "register") == 2000
    with desk.work() as db:
        row = db.require(PriceList, draft)
        assert row.published_by
        because = PriceSeen.because == "price_list.published"
        assert db.scalar(select(func.count()).select_from(PriceSeen).where(because))


def test_loss_is_published_only_by_who_has_seen_it(enter: Enter, desk: Desk) -> None:
    draft = desk.draft(com_register=100)

    refused = publish(enter, desk, draft)
    kept = publish(enter, desk, draft, has_seen="y")

    assert refused.status_code == 422
    assert "tick that you have seen it" in refused.text
    assert kept.status_code == 303
    assert desk.live_price("com", "register") == 100


def test_scheduled_list_begins_at_its_moment(enter: Enter, desk: Desk) -> None:
    draft = desk.draft(com_register=3000)
    with desk.work() as db:
        day = db.today + timedelta(days=10)

    answer = publish(enter, desk, draft, has_seen="y", when="later", starts_on=day.isoformat(), starts_time="08:30")

    assert answer.status_code == 303
    assert desk.live_price("com", "register") == 1090
    with desk.work() as db:
        row = db.require(PriceList, draft)
        assert row.starts_at > db.now + timedelta(days=8)
        begins = select(Job.next_at).where(Job.name == "begin_price_list", Job.argument == str(draft))
        assert db.scalar(begins) == row.starts_at


def test_pages_are_renewed_when_a_scheduled_list_begins(desk: Desk) -> None:
    draft = desk.draft()
    desk.publish(draft)
    with desk.work() as db:
        version = select(Site.version).where(Site.reseller_id == desk.shop_id)
        before = db.scalar(version)

        begin_price_list(db, str(draft))

        assert db.scalar(version) != before


def test_moments_that_have_passed_or_do_not_exist_are_refused(enter: Enter, desk: Desk) -> None:
    draft = desk.draft()
    with desk.work() as db:
        year = db.today.year + 1

    past = publish(enter, desk, draft, has_seen="y", when="later", starts_on="2020-01-01")
    nothing = publish(enter, desk, draft, has_seen="y", when="later")
    nonsense = publish(enter, desk, draft, has_seen="y", when="later", starts_on="tomorrow")
    far = publish(enter, desk, draft, has_seen="y", when="later", starts_on=f"{year + 8}-01-01")

    assert "This moment has passed" in past.text
    assert "Please choose a day" in nothing.text
    assert nonsense.status_code == 422
    assert "more than two years ahead" in far.text


def test_two_lists_of_a_line_do_not_start_together(enter: Enter, desk: Desk) -> None:
    first, second = desk.draft(), desk.draft()
    with desk.work() as db:
        day = (db.today + timedelta(days=10)).isoformat()
    publish(enter, desk, first, has_seen="y", when="later", starts_on=day)

    answer = publish(enter, desk, second, has_seen="y", when="later", starts_on=day)

    assert answer.status_code == 422
    assert "starts at this very moment, too" in answer.text


@pytest.mark.parametrize("revision", ["9" * 5_000, "-1", "one", ""])
def test_page_that_was_never_sent_publishes_nothing(enter: Enter, desk: Desk, revision: str) -> None:
    draft = desk.draft()

    answer = publish(enter, desk, draft, has_seen="y", revision=revision)

    assert answer.status_code == 422
    assert "Please open the page again and repeat what you did." in answer.text
    with desk.work() as db:
        assert db.require(PriceList, draft).published_at is None


def test_list_that_changed_since_it_was_looked_through_is_not_published(enter: Enter, desk: Desk) -> None:
    draft = desk.draft()

    answer = publish(enter, desk, draft, has_seen="y", revision="7")

    assert answer.status_code == 422
    assert "Somebody else changed this list" in answer.text
    with desk.work() as db:
        assert db.require(PriceList, draft).published_at is None


def test_empty_list_is_not_published(enter: Enter, desk: Desk) -> None:
    client, token = enter()
    sent = {"csrf_token": token, "name": "Empty", "begins_with": "empty", "line": "main"}
    made = client.post("/reseller/price-lists/new", data=sent)
    list_id = UUID(made.location.rpartition("/")[2])

    answer = publish(enter, desk, list_id, has_seen="y")

    assert answer.status_code == 422
    assert "This list has no price yet" in answer.text


def test_published_list_has_nothing_to_check(enter: Enter, desk: Desk) -> None:
    client, _token = enter()

    assert client.get(f"/reseller/price-lists/{desk.live_id}/check").status_code == 422


@pytest.fixture
def offer_of_fr(desk: Desk) -> Iterator[None]:
    """Ten percent off a year of .fr, for everybody."""
    terms = {"method": "percent", "percent": "10", "endings": ["fr"], "actions": ["register"], "years": [1]}
    with desk.work() as db:
        promotion = factories.make_promotion(db, name="Tenth", terms=terms)
        db.commit()
    yield
    with desk.work() as db:
        db.require(Promotion, promotion.id).state = "stopped"
        db.commit()


@pytest.mark.usefixtures("offer_of_fr")
def test_check_says_what_customers_will_see_while_an_offer_runs(enter: Enter, desk: Desk) -> None:
    draft = desk.draft(fr_register=2000, de_register=2000)
    client, _token = enter()

    page = client.get(f"/reseller/price-lists/{draft}/check").text

    table = page.partition("What customers will see while offers run")[2].partition('id="publish"')[0]
    assert ["€9.81" in table, "€18.00" in table, "Tenth" in table, "A registration of .de" in table] == [
        True,
        True,
        True,
        False,
    ]


@pytest.mark.usefixtures("offer_of_fr")
def test_list_that_an_offer_pulls_below_cost_needs_a_word(enter: Enter, desk: Desk) -> None:
    # 7.00 with VAT is 5.58 without and costs 5.20; a tenth less is 5.02.
    draft = desk.draft(fr_register=700)

    refused = publish(enter, desk, draft)
    published = publish(enter, desk, draft, has_seen="y")

    assert (refused.status_code, published.status_code) == (422, 303)
    assert "together with “Tenth”" in refused.text


@pytest.fixture
def boatyards(desk: Desk) -> Iterator[None]:
    """Customers who pay a tenth less than the list says."""
    with desk.work() as db:
        group = factories.make_group(db, "Boatyards")
        announce(db)
        db.commit()
    yield
    with desk.work() as db:
        close_group(db, require_group(db, group.id))
        db.commit()


@pytest.mark.usefixtures("boatyards")
def test_list_that_a_group_would_buy_below_cost_needs_a_word(enter: Enter, desk: Desk) -> None:
    # As above, but for boatyards alone; they pay for .com a tenth less than everybody, which is enough.
    draft = desk.draft(fr_register=700, com_register=2000)

    refused = publish(enter, desk, draft)
    published = publish(enter, desk, draft, has_seen="y")

    assert (refused.status_code, published.status_code) == (422, 303)
    groups = refused.text.partition("Price groups that buy by this list")[2]
    line = groups.partition(">Boatyards<")[2].partition("</tr>")[0]
    assert re.findall(r">(\d+)<", re.sub(r"<svg.*?</svg>", "", line)) == ["0", "2", "1"]
    assert "Boatyards: A registration of .fr" in refused.text
    assert "Boatyards: A registration of .com" not in refused.text


@pytest.mark.usefixtures("boatyards")
def test_what_everybody_buys_below_cost_is_not_said_again_of_a_group(enter: Enter, desk: Desk) -> None:
    draft = desk.draft(fr_register=400)
    client, _token = enter()

    page = client.get(f"/reseller/price-lists/{draft}/check").text

    assert "Sold at a loss" in page
    assert "Boatyards: " not in page

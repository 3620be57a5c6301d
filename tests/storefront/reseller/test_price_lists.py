"""The pages of price lists: what there is, a new draft, the grid, and what is published stays as it is."""

import html
import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from storefront.core.audit import AuditEntry
from storefront.core.db import Database
from storefront.pricing.models import Price, PriceList
from storefront.reseller import price_grid
from tests.factories import ENDINGS
from tests.statements import counted
from tests.storefront.reseller.price_desk import Desk, desk

__all__ = ["desk"]
Enter = Callable[..., tuple[FlaskClient, str]]


def test_overview_tells_live_from_drafts(owner: FlaskClient, desk: Desk) -> None:
    desk.draft(name="Spring")

    answer = owner.get("/reseller/price-lists/")

    assert answer.status_code == 200
    assert answer.text.index("Live and scheduled") < answer.text.index(">List<") < answer.text.index("Drafts")
    assert answer.text.index("Drafts") < answer.text.index("Spring")


def test_new_list_begins_with_the_prices_of_another(enter: Enter, desk: Desk) -> None:
    client, token = enter()

    answer = client.post(
        "/reseller/price-lists/new",
        data={"csrf_token": token, "name": "Summer", "begins_with": str(desk.live_id), "line": "main"},
    )

    with desk.work() as db:
        made = db.scalar(select(PriceList).where(PriceList.name == "Summer"))
        assert made is not None
        assert answer.status_code == 303
        assert answer.location.endswith(f"/reseller/price-lists/{made.id}")
        assert made.published_at is None
        assert desk.prices(made.id) == desk.prices(desk.live_id)


def test_new_list_needs_a_name_of_its_own(enter: Enter, desk: Desk) -> None:
    client, token = enter()

    answer = client.post(
        "/reseller/price-lists/new",
        data={"csrf_token": token, "name": "LIST", "begins_with": "empty", "line": "main"},
    )

    assert answer.status_code == 422
    assert "Another list has this name." in answer.text
    assert desk.names() == ["List"]


def test_new_line_must_be_named(enter: Enter, desk: Desk) -> None:
    client, token = enter()
    sent = {"csrf_token": token, "name": "Partners", "begins_with": "empty", "line": "+"}

    refused = client.post("/reseller/price-lists/new", data=sent)
    kept = client.post("/reseller/price-lists/new", data={**sent, "new_line": "Partners"})

    assert refused.status_code == 422
    assert "Please say who they are" in refused.text
    assert kept.status_code == 303
    with desk.work() as db:
        assert db.scalar(select(PriceList.line).where(PriceList.name == "Partners")) == "Partners"


def test_grid_shows_cost_price_and_margin(owner: FlaskClient, desk: Desk) -> None:
    answer = owner.get(f"/reseller/price-lists/{desk.draft()}")

    assert answer.status_code == 200
    assert 'name="register.1.com" value="10.90"' in answer.text
    assert 'aria-label="Price to renew .com"' in answer.text
    assert "Draft, 0 changes" in answer.text


def test_grid_of_a_published_list_cannot_be_typed_into(owner: FlaskClient, desk: Desk) -> None:
    answer = owner.get(f"/reseller/price-lists/{desk.live_id}")

    assert answer.status_code == 200
    assert ' name="register.1.com"' not in answer.text
    assert "Copy to change" in answer.text
    assert "10.90" in answer.text


def test_grid_is_narrowed_by_pattern_period_and_view(owner: FlaskClient, desk: Desk) -> None:
    draft = desk.draft(com_register=100)

    by_pattern = owner.get(f"/reseller/price-lists/{draft}?q=.c*")
    of_ten_years = owner.get(f"/reseller/price-lists/{draft}?years=10")
    losses = owner.get(f"/reseller/price-lists/{draft}?view=loss&q=com")
    changed = owner.get(f"/reseller/price-lists/{draft}?view=changed")
    nothing = owner.get(f"/reseller/price-lists/{draft}?q=.nowhere")

    assert 'data-shown=".com"' in by_pattern.text
    assert 'data-shown=".net"' not in by_pattern.text
    assert 'name="register.10.com" value="109.00"' in of_ten_years.text
    assert 'data-shown=".com"' in losses.text
    assert changed.text.count("data-shown=") == 1
    assert "No ending fits" in nothing.text


def test_grid_takes_nonsense_in_its_address_for_nothing(owner: FlaskClient, desk: Desk) -> None:
    draft = desk.draft()

    endless = "001" + "9" * 5_000
    queries = ("years=99", "page=0", "view=x", "q=%5B", f"years={endless}", f"page={endless}")
    answers = [owner.get(f"/reseller/price-lists/{draft}?{query}") for query in queries]

    assert [answer.status_code for answer in answers] == [200] * len(queries)


def test_a_term_that_the_registry_does_not_sell_has_no_field(owner: FlaskClient, desk: Desk) -> None:
    answer = owner.get(f"/reseller/price-lists/{desk.draft(de_register_3=None)}?years=3&q=.de")

    assert "register.3.de" not in answer.text


def test_copy_of_a_list_gets_the_next_free_name(enter: Enter, desk: Desk) -> None:
    client, token = enter()

    for _time in range(2):
        client.post(f"/reseller/price-lists/{desk.live_id}/copy", data={"csrf_token": token})

    assert desk.names() == ["List", "List 2", "List 3"]


def test_rename_is_kept_and_logged(enter: Enter, desk: Desk) -> None:
    client, token = enter()

    sent = {"csrf_token": token, "name": " New  name "}
    answer = client.post(f"/reseller/price-lists/{desk.live_id}/name", data=sent)

    assert answer.status_code == 303
    assert desk.names() == ["New name"]
    with desk.work() as db:
        assert "price_list.renamed" in db.scalars(select(AuditEntry.action))


def test_scheduled_list_is_withdrawn(enter: Enter, desk: Desk) -> None:
    client, token = enter()
    draft = desk.draft()
    desk.publish(draft, in_days=3)

    answer = client.post(f"/reseller/price-lists/{draft}/withdraw", data={"csrf_token": token})

    assert answer.status_code == 303
    with desk.work() as db:
        row = db.require(PriceList, draft)
        assert row.published_at is None
        assert row.revision == 1


def test_live_list_is_not_withdrawn(enter: Enter, desk: Desk) -> None:
    client, token = enter()

    answer = client.post(f"/reseller/price-lists/{desk.live_id}/withdraw", data={"csrf_token": token})

    assert answer.status_code == 422
    assert "This list has started" in answer.text


def test_going_back_publishes_a_copy(enter: Enter, desk: Desk) -> None:
    client, token = enter()
    cheaper = desk.draft(com_register=990)
    desk.publish(cheaper)

    asked = client.get(f"/reseller/price-lists/{desk.live_id}/back")
    answer = client.post(f"/reseller/price-lists/{desk.live_id}/back", data={"csrf_token": token})

    assert "1 price changes" in asked.text
    assert answer.status_code == 303
    assert desk.live_price("com", "register") == 1090
    assert len(desk.names()) == 3


def test_draft_is_removed_with_its_prices(enter: Enter, desk: Desk) -> None:
    client, token = enter()
    draft = desk.draft()

    asked = client.get(f"/reseller/price-lists/{draft}/remove")
    answer = client.post(f"/reseller/price-lists/{draft}/remove", data={"csrf_token": token})

    assert "Remove the draft" in asked.text
    assert answer.status_code == 303
    with desk.work() as db:
        assert db.scalar(select(Price.id).where(Price.price_list_id == draft).limit(1)) is None


def test_published_list_is_never_removed(enter: Enter, desk: Desk) -> None:
    client, token = enter()

    answer = client.post(f"/reseller/price-lists/{desk.live_id}/remove", data={"csrf_token": token})

    assert answer.status_code == 422
    assert desk.names() == ["List"]


def test_who_may_only_read_gets_no_field_and_no_button(enter: Enter, desk: Desk) -> None:
    client, token = enter("support")
    draft = desk.draft()

    grid = client.get(f"/reseller/price-lists/{draft}")
    refused = client.post(f"/reseller/price-lists/{draft}/copy", data={"csrf_token": token})

    assert grid.status_code == 200
    assert "<input class=" not in grid.text.partition("<tbody>")[2]
    assert refused.status_code == 403


def test_editors_of_pages_see_no_prices(enter: Enter, desk: Desk) -> None:
    client, _token = enter("content")

    assert client.get(f"/reseller/price-lists/{desk.live_id}").status_code == 403


def test_grid_asks_few_questions(owner: FlaskClient, database: Database, desk: Desk) -> None:
    draft = desk.draft()
    owner.get(f"/reseller/price-lists/{draft}")

    with counted(database) as asked:
        owner.get(f"/reseller/price-lists/{draft}")

    assert len(asked) < 40, asked


def shown_rows(text: str) -> list[str]:
    return re.findall(r'data-shown="([^"]+)"', text)


@pytest.fixture
def short_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a page hold two endings, and a script fetch three more."""
    monkeypatch.setattr(price_grid, "MOST_ROWS", 2)
    monkeypatch.setattr(price_grid, "MOST_FETCHED", 3)


@pytest.mark.usefixtures("short_pages")
def test_long_list_is_shown_page_by_page_without_a_script(owner: FlaskClient, desk: Desk) -> None:
    here = f"/reseller/price-lists/{desk.draft()}"

    first, second = owner.get(here), owner.get(f"{here}?page=2")

    assert [len(shown_rows(answer.text)) for answer in (first, second)] == [2, 2]
    assert set(shown_rows(first.text)).isdisjoint(shown_rows(second.text))
    assert 'rel="next"' in first.text
    assert ' data-later="' in first.text
    assert ' data-later="' not in second.text


@pytest.mark.usefixtures("short_pages")
def test_script_fetches_every_further_row_that_the_filters_leave(owner: FlaskClient, desk: Desk) -> None:
    draft = desk.draft(com_register=100, net_register=100, eu_register=100)

    found: dict[str, list[str]] = {}
    for query in ("", "?view=loss&years=1"):
        first = owner.get(f"/reseller/price-lists/{draft}{query}").text
        found[query], (later,) = shown_rows(first), re.findall(r'data-later="([^"]+)"', first)
        while later:
            part = owner.get(html.unescape(later), headers={"X-Requested-With": "script"}).json
            assert part is not None
            found[query] += shown_rows(part["rows"])
            later = part["later"]

    assert len(found[""]) == len(set(found[""])) == len(ENDINGS)
    # Another one lies below its cost, too.
    assert sorted(found["?view=loss&years=1"]) == [".com", ".eu", ".io", ".net"]


@pytest.mark.usefixtures("short_pages")
def test_further_rows_have_fields_only_for_who_may_edit(enter: Enter, desk: Desk) -> None:
    part = f"/reseller/price-lists/{desk.draft()}?rows=2"
    script = {"X-Requested-With": "script"}

    answers = [enter(*role)[0].get(part, headers=script).json for role in ((), ("support",))]

    assert [answer is not None and "<input" in answer["rows"] for answer in answers] == [True, False]

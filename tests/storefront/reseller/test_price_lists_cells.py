"""Changing cells: typed into the plain form, sent by the script, in bulk, by margin rules; and why a price is so."""

from collections.abc import Callable
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from storefront.pricing.margin_rule_changes import add_rule
from storefront.pricing.price_cells import CellKey
from tests.storefront.reseller.price_desk import Desk, desk

__all__ = ["desk"]
Enter = Callable[..., tuple[FlaskClient, str]]
SCRIPT = {"X-Requested-With": "script", "Accept": "application/json"}
COM = CellKey("com", "register", 1)


def send(enter: Enter, list_id: UUID, path: str = "cells", *, revision: int = 0, **fields: object) -> TestResponse:
    client, token = enter()
    headers = SCRIPT if fields.pop("by_script", False) else {}
    data = {"csrf_token": token, "revision": str(revision), **fields.pop("cells", {}), **fields}  # type: ignore[dict-item]  # fields of a form
    return client.post(f"/reseller/price-lists/{list_id}/{path}", data=data, headers=headers)


def test_plain_form_keeps_what_was_typed_and_comes_back_to_the_same_view(enter: Enter, desk: Desk) -> None:
    draft = desk.draft()

    answer = send(enter, draft, cells={"register.1.com": "12,49", "renew.1.com": "13.90"}, q=".c*")

    assert answer.status_code == 303
    assert "q=.c*" in answer.location
    assert desk.prices(draft)[COM] == 1249
    assert desk.prices(draft)[CellKey("com", "renew", 1)] == 1390
    assert desk.revision(draft) == 1


def test_emptied_cell_takes_the_price_out(enter: Enter, desk: Desk) -> None:
    draft = desk.draft()

    send(enter, draft, cells={"register.1.com": ""})

    assert COM not in desk.prices(draft)


def test_what_is_no_amount_is_shown_again_and_nothing_is_kept(enter: Enter, desk: Desk) -> None:
    draft = desk.draft()

    answer = send(enter, draft, cells={"register.1.com": "12.49", "register.1.net": "cheap"})

    assert answer.status_code == 422
    assert 'value="cheap"' in answer.text
    assert 'aria-invalid="true"' in answer.text
    above = answer.text.partition("<table")[0]
    assert "data-wrong>" in above
    assert '<a href="#register.1.net">Price to register .net</a>' in above
    assert 'id="register.1.net"' in answer.text
    assert desk.prices(draft)[COM] == 1090


@pytest.mark.parametrize("typed", ["-1", "1000000.01", "=1+1", "1e9"])
def test_negative_huge_and_clever_amounts_are_refused(enter: Enter, desk: Desk, typed: str) -> None:
    draft = desk.draft()

    answer = send(enter, draft, cells={"register.1.com": typed})

    assert answer.status_code == 422
    assert desk.prices(draft) == desk.prices(desk.live_id)


def test_script_hears_the_revision_at_once_and_the_figures_when_it_asks(enter: Enter, desk: Desk) -> None:
    """A change does not wait for the counting of ten thousand prices."""
    draft = desk.draft()

    answer = send(enter, draft, cells={"register.1.com": "1.00"}, by_script=True)
    figures = enter()[0].get(f"/reseller/price-lists/{draft}", headers=SCRIPT)

    assert (answer.status_code, answer.json) == (200, {"revision": 1})
    assert figures.json is not None
    assert "revision" not in figures.json
    assert figures.json["badge"] == "Draft, 1 change"
    assert " to register" in figures.json["figures"]


def test_second_editor_with_an_old_page_is_told(enter: Enter, desk: Desk) -> None:
    draft = desk.draft()
    send(enter, draft, cells={"register.1.com": "12.00"})

    by_script = send(enter, draft, cells={"register.1.com": "11.00"}, by_script=True)
    plain = send(enter, draft, cells={"register.1.com": "11.00"})

    assert by_script.status_code == 409
    assert by_script.json is not None
    assert "Somebody else changed this list" in by_script.json["title"]
    assert plain.status_code == 409
    assert desk.prices(draft)[COM] == 1200


def test_published_list_refuses_every_change(enter: Enter, desk: Desk) -> None:
    answers = [
        send(enter, desk.live_id, cells={"register.1.com": "1.00"}),
        send(enter, desk.live_id, "bulk", chosen="com", which="register", method="none", do="apply"),
        send(enter, desk.live_id, "rules"),
    ]

    assert [answer.status_code for answer in answers] == [422] * 3
    assert desk.live_price("com", "register") == 1090


def test_fields_of_unknown_endings_and_actions_are_left_alone(enter: Enter, desk: Desk) -> None:
    draft = desk.draft()

    answer = send(enter, draft, cells={"register.1.nowhere": "1", "steal.1.com": "1", "register.99.com": "x"})

    assert answer.status_code in (303, 422)
    assert desk.prices(draft) == desk.prices(desk.live_id)


def test_bulk_preview_says_what_would_change_and_changes_nothing(enter: Enter, desk: Desk) -> None:
    draft = desk.draft()
    asked = {"chosen": ["com", "net"], "which": "register renew", "method": "price_percent", "amount": "50 %"}

    page = send(enter, draft, "bulk", cells=asked, terms="1", do="preview")
    told = send(enter, draft, "bulk", cells=asked, terms="1", do="preview", by_script=True)

    assert page.status_code == 200
    assert "Set 4 prices" in page.text
    assert told.json is not None
    assert told.json["words"].startswith("4 prices change, 0 would be a loss, 4 rise more than 20")
    assert desk.revision(draft) == 0


def test_bulk_sets_every_chosen_price(enter: Enter, desk: Desk) -> None:
    draft = desk.draft()
    asked = {"chosen": ["com", "net"], "which": "register", "method": "fixed", "amount": "12.10", "rounding": "90"}

    answer = send(enter, draft, "bulk", cells=asked, terms="every", do="apply", by_script=True)

    assert answer.json is not None
    assert answer.json["cells"]["register.10.com"] == "12.90"
    assert answer.json["before"]["register.10.com"] == "109.00"
    assert {desk.prices(draft)[CellKey("net", "register", years)] for years in (1, 2, 3, 10)} == {1290}
    assert desk.prices(draft)[CellKey("eu", "register", 1)] == 1090


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"method": "fixed", "amount": "x", "chosen": "com"}, "Please type an amount"),
        ({"method": "margin", "amount": "100", "chosen": "com"}, "Please type a percentage"),
        ({"method": "markup", "amount": "1e9", "chosen": "com"}, "Please type a percentage"),
        ({"method": "fixed", "amount": "5"}, "Choose some endings first"),
        ({"method": "guess", "amount": "5", "chosen": "com"}, "Please choose one of these"),
    ],
)
def test_bulk_that_makes_no_sense_is_refused(enter: Enter, desk: Desk, fields: dict[str, str], words: str) -> None:
    draft = desk.draft()

    answer = send(enter, draft, "bulk", cells=fields, which="register", do="apply", by_script=True)

    assert answer.status_code == 422
    assert answer.json is not None
    assert words in answer.json["title"]
    assert desk.revision(draft) == 0


def test_rules_make_prices_and_leave_those_set_by_hand(enter: Enter, desk: Desk) -> None:
    with desk.work() as db:
        add_rule(db, "All", {"method": "markup", "percent": "100", "step": 100, "digits": 99, "amounts": "gross"})
        db.commit()
    draft = desk.draft(com_register=None)
    client, _token = enter()

    shown = client.get(f"/reseller/price-lists/{draft}/rules")
    answer = send(enter, draft, "rules")

    made = desk.prices(draft)
    assert "were set by hand and stay" in shown.text
    assert answer.status_code == 303
    assert made[COM] % 100 == 99
    assert made[CellKey("net", "register", 1)] == 1090


def test_rules_may_replace_prices_set_by_hand(enter: Enter, desk: Desk) -> None:
    with desk.work() as db:
        add_rule(db, "All", {"method": "fixed", "amount_minor": 7700})
        db.commit()
    draft = desk.draft()

    answer = send(enter, draft, "rules", also_by_hand="y")

    assert answer.status_code == 303
    assert desk.prices(draft)[COM] == 7700


def test_rules_page_without_a_rule_shows_the_way(enter: Enter, desk: Desk) -> None:
    client, _token = enter()

    answer = client.get(f"/reseller/price-lists/{desk.draft()}/rules")

    assert "No rule is switched on" in answer.text


def test_why_goes_from_the_cost_to_what_customers_pay(enter: Enter, desk: Desk) -> None:
    with desk.work() as db:
        add_rule(db, "All endings", {"method": "markup", "percent": "25"})
        db.commit()
    client, _token = enter()
    draft = desk.draft()

    part = client.get(f"/reseller/price-lists/{draft}/why?cell=register.1.com", headers=SCRIPT)
    whole = client.get(f"/reseller/price-lists/{draft}/why?cell=register.1.com")

    assert part.status_code == 200
    assert "<html" not in part.text
    assert "Why €10.90?" in part.text
    assert part.text.index("Purchase price") < part.text.index("All endings") < part.text.index("Customer pays")
    assert "Use the rule" in part.text
    assert "<html" in whole.text


@pytest.mark.parametrize("cell", ["", "register.1.nowhere", "nonsense", "register.x.com"])
def test_why_of_nothing_is_not_found(enter: Enter, desk: Desk, cell: str) -> None:
    client, _token = enter()

    assert client.get(f"/reseller/price-lists/{desk.live_id}/why?cell={cell}").status_code == 404

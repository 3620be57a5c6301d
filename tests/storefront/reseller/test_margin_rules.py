"""The page of margin rules: written, ordered, switched and removed; what makes no sense is refused."""

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from storefront.pricing.margin_rule_changes import add_rule
from storefront.pricing.models import MarginRule
from tests.storefront.reseller.price_desk import Desk, desk

__all__ = ["desk"]
Enter = Callable[..., tuple[FlaskClient, str]]
WRITTEN = {"name": "Tech", "method": "markup", "percent": "18", "names": "standard", "rounding": "90"}


def rules(desk: Desk) -> list[MarginRule]:
    with desk.work() as db:
        return list(db.scalars(select(MarginRule).order_by(MarginRule.position)))


def make(desk: Desk, *names: str) -> None:
    with desk.work() as db:
        for name in names:
            add_rule(db, name, {"method": "markup", "percent": "25"})
        db.commit()


def test_page_without_rules_shows_the_way(owner: FlaskClient, desk: Desk) -> None:
    answer = owner.get("/reseller/margin-rules/")

    assert answer.status_code == 200
    assert "No rule yet" in answer.text
    assert desk.names()


def test_rule_is_written_and_told_in_words(enter: Enter, desk: Desk) -> None:
    client, token = enter()
    sent: dict[str, Any] = {"csrf_token": token, **WRITTEN, "endings": ".io, .net", "actions": ["register", "renew"]}

    answer = client.post("/reseller/margin-rules/new", data={**sent, "cost_from": "5", "at_least": "1.50"})

    assert answer.status_code == 303
    assert rules(desk)[0].terms == {
        "endings": ["io", "net"],
        "actions": ["register", "renew"],
        "names": "standard",
        "cost_from_minor": 500,
        "method": "markup",
        "percent": "18",
        "at_least_minor": 150,
        "step": 100,
        "digits": 90,
        "amounts": "gross",
    }
    told = client.get("/reseller/margin-rules/").text
    assert "cost + 18\N{NO-BREAK SPACE}%" in told
    assert ".io, .net" in told


def test_rule_is_changed_by_the_form_it_fills(enter: Enter, desk: Desk) -> None:
    make(desk, "First")
    client, token = enter()
    rule = rules(desk)[0]

    shown = client.get(f"/reseller/margin-rules/{rule.id}")
    sent = {"csrf_token": token, **WRITTEN, "name": "Second", "method": "fixed", "amount": "9.90"}
    answer = client.post(f"/reseller/margin-rules/{rule.id}", data=sent)

    assert 'value="First"' in shown.text
    assert answer.status_code == 303
    assert (rules(desk)[0].name, rules(desk)[0].terms["amount_minor"]) == ("Second", 990)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"name": ""}, "Please fill this in"),
        ({"percent": "much"}, "Please type a percentage"),
        ({"method": "margin", "percent": "100"}, "Please type a percentage"),
        ({"percent": "-5"}, "Please type a percentage"),
        ({"method": "plus"}, "Please type an amount"),
        ({"endings": ".nowhere"}, "Nobody knows the ending"),
        ({"endings": "..."}, "Nobody knows the ending"),
        ({"floor": "999999999"}, "Please type an amount below 20,000,000."),
        ({"cost_from": "10", "cost_to": "5"}, "must be more than"),
        ({"floor": "10", "ceiling": "5"}, "must not be less than"),
        ({"method": "guess"}, "Please choose one of these"),
    ],
)
def test_rule_that_makes_no_sense_is_refused(enter: Enter, desk: Desk, wrong: dict[str, str], words: str) -> None:
    client, token = enter()

    answer = client.post("/reseller/margin-rules/new", data={"csrf_token": token, **WRITTEN, **wrong})

    assert answer.status_code == 422
    assert words in answer.text
    assert rules(desk) == []


def test_rules_change_places(enter: Enter, desk: Desk) -> None:
    make(desk, "a", "b", "c")
    client, token = enter()
    last = rules(desk)[2]

    client.post(f"/reseller/margin-rules/{last.id}/move", data={"csrf_token": token, "up": "1"})
    client.post(f"/reseller/margin-rules/{rules(desk)[0].id}/move", data={"csrf_token": token, "up": "1"})

    assert [rule.name for rule in rules(desk)] == ["a", "c", "b"]


def test_rule_rests_and_counts_again(enter: Enter, desk: Desk) -> None:
    make(desk, "a")
    client, token = enter()

    client.post(f"/reseller/margin-rules/{rules(desk)[0].id}/switch", data={"csrf_token": token})
    rests = rules(desk)[0].is_active
    client.post(f"/reseller/margin-rules/{rules(desk)[0].id}/switch", data={"csrf_token": token})

    assert (rests, rules(desk)[0].is_active) == (False, True)


def test_removed_rule_leaves_no_gap(enter: Enter, desk: Desk) -> None:
    make(desk, "a", "b", "c")
    client, token = enter()
    first = rules(desk)[0]

    asked = client.get(f"/reseller/margin-rules/{first.id}/remove")
    client.post(f"/reseller/margin-rules/{first.id}/remove", data={"csrf_token": token})

    assert "Remove the rule" in asked.text
    assert [(rule.name, rule.position) for rule in rules(desk)] == [("b", 0), ("c", 1)]


def test_who_may_only_read_changes_no_rule(enter: Enter, desk: Desk) -> None:
    make(desk, "a")
    client, token = enter("support")

    assert client.get("/reseller/margin-rules/").status_code == 200
    assert client.post("/reseller/margin-rules/new", data={"csrf_token": token, **WRITTEN}).status_code == 403

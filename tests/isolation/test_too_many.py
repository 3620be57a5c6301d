"""Whoever sends a form too often gets it back with what was typed, and reads when to try again."""

import re
from dataclasses import replace

import pytest

from tests.isolation.forms import Found
from tests.isolation.routes import Route, routes
from tests.isolation.test_hostile_input import PAGES, SHOWN_AGAIN, fits, forms_of, fresh, person, post, text_of
from tests.isolation.world import Browser, World

# In small letters, since an address of a page is kept in them.
TYPED = "zebra 77"
RATES = ("form_rate", "sign_in_rate", "mail_rate")
# What is sent to which view; where another one shows the page, its button sends everything again.
SENT = {(str(route.rule), route.endpoint) for route in routes() if route.method == "POST"}
ADDRESSES = {rule for rule, _ in SENT}


def lost_by(browser: Browser, route: Route, address: str, form: Found) -> list[str]:
    """Send a form as one too many; name what is missing in the answer."""
    fields = [name for name, kind in form.kinds.items() if kind in SHOWN_AGAIN]
    values = {**form.values, **{name: f"{TYPED} {number}" for number, name in enumerate(fields)}}
    answer = post(browser, form.action or address, {name: [value] for name, value in values.items()})
    body = text_of(answer)
    if answer.status_code != 429:
        return [f"answered {answer.status_code}"]
    has_secrets = any("password" in name for name in form.kinds)
    is_here = form.action in ("", address) or form.action.partition("?")[0] == address
    shows_form = is_here and (str(route.rule), route.endpoint) in SENT
    is_button = "A little slower, please" in body
    wrong = ["its own page"] if is_button and shows_form and fields else []
    missing = [] if is_button and has_secrets else [name for name in fields if values[name] not in body]
    when = [] if re.search(r"You can try again in (a|\d+) minute", body) else ["when to try again"]
    later = [] if answer.headers.get("Retry-After", "").isdecimal() else ["Retry-After"]
    return [*wrong, *missing, *when, *later]


def walk(world: World, monkeypatch: pytest.MonkeyPatch, role: str) -> tuple[int, dict[str, list[str]]]:
    """Send every form that somebody sees; return how many, and what was lost of which."""
    browser = person(world, role)
    found = [
        (route, address, form)
        for route in PAGES
        if fits(route, role)
        for address, forms in [forms_of(browser, route, world, role)]
        for form in fresh(forms, address, role, "too many")
        # A form without an address of its own may be there for the buttons in it, which have theirs.
        if form.method == "POST" and (form.action or str(route.rule) in ADDRESSES)
    ]
    house = world.app.extensions["vitrine"]
    monkeypatch.setattr(house, "config", replace(house.config, **dict.fromkeys(RATES, "0/hour")))
    lost = {
        f"{form.action or address} on {address}": lost_by(browser, route, address, form)
        for route, address, form in found
    }
    return len(found), {place: missing for place, missing in lost.items() if missing}


@pytest.mark.parametrize(("role", "at_least"), [("visitor", 5), ("customer", 15)])
def test_form_sent_too_often_loses_nothing(
    fresh_world: World, monkeypatch: pytest.MonkeyPatch, role: str, at_least: int
) -> None:
    count, lost = walk(fresh_world, monkeypatch, role)

    assert lost == {}
    assert count >= at_least


@pytest.mark.proof
@pytest.mark.parametrize(("role", "at_least"), [("owner", 40), ("operator", 15)])
def test_form_of_an_office_sent_too_often_loses_nothing(
    fresh_world: World, monkeypatch: pytest.MonkeyPatch, role: str, at_least: int
) -> None:
    count, lost = walk(fresh_world, monkeypatch, role)

    assert lost == {}
    assert count >= at_least

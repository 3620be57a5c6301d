"""Every rule says who may use it; every unsafe one also its rate and its line in the log, and proves its page."""

import inspect
import re
from collections.abc import Iterator
from dataclasses import fields
from typing import Any

import pytest
from werkzeug.test import TestResponse

from storefront.core.audit import AuditEntry
from storefront.core.config import Config
from storefront.identity.permissions import PLATFORM_ONLY, Permission, Role, can
from storefront.web.guards import PUBLIC, SIGNED_IN
from tests.isolation.forms import first_form_for
from tests.isolation.routes import Route, bare_app, routes, unsafe_routes
from tests.isolation.samples import name_of_part, parts
from tests.isolation.world import Browser, Fingerprint, World, signed_in
from tests.samples import sampled, some

OFFICES = ("panel", "reseller", "operator")
BEHIND_A_DOOR = [route for route in routes() if route.area in OFFICES]
NOT_HOOKS = [route for route in unsafe_routes() if route.area != "hooks"]
# Signing in is not asked for here, and inside a window nobody is signed in: there is no token to check; the Origin is.
WITHOUT_SESSION = ("account", "frames")
WITH_TOKEN = [route for route in NOT_HOOKS if route.area not in WITHOUT_SESSION] + [
    route for route in NOT_HOOKS if route.endpoint == "account.sign_in.leave"
]


def test_every_rule_says_who_may_use_it() -> None:
    silent = [route.endpoint for route in routes() if route.guard is None]

    assert silent == [], "decorate them with @reads(...) or @acts(...)"
    assert {route.guard.permission for route in routes() if route.guard} <= {PUBLIC, SIGNED_IN, *Permission}


def test_every_unsafe_rule_has_a_rate_and_a_line_in_the_log() -> None:
    rates = {field.name for field in fields(Config)}

    for route in unsafe_routes():
        assert route.guard is not None, route
        assert route.guard.rate in rates, route
        assert re.fullmatch(r"[a-z_]+\.[a-z_]+", route.guard.audit), (route, route.guard.audit)


def test_forms_from_windows_on_other_hosts_of_a_shop_lead_to_three_addresses_alone() -> None:
    open_doors = {route.endpoint for route in routes() if route.guard is not None and route.guard.from_windows}

    assert open_doors == {"account.sign_in.form", "account.hand_off.take", "frames.leave"}


def test_rules_of_the_platform_ask_for_the_platforms_permissions() -> None:
    for route in BEHIND_A_DOOR:
        assert route.guard is not None
        if route.area == "operator":
            assert can(Role.OPERATOR, route.guard.permission), route
        elif route.area == "reseller":
            assert route.guard.permission not in PLATFORM_ONLY, route


def test_views_stand_in_the_package_of_their_area() -> None:
    app = bare_app()

    strays = [
        route.endpoint
        for route in BEHIND_A_DOOR
        if not inspect.unwrap(app.view_functions[route.endpoint]).__module__.startswith(f"storefront.{route.area}.")
    ]

    assert strays == []


@pytest.mark.parametrize("part", parts(BEHIND_A_DOOR), ids=name_of_part)
def test_visitors_do_not_get_in(world: World, part: list[Route]) -> None:
    browser = world.browser("visitor")

    answers = {str(route): browser.send(route.method, route.address(route.ids_of(world.north))) for route in part}

    assert {told: each.status for told, each in answers.items() if not is_turned_away(each)} == {}


def is_turned_away(answer: TestResponse) -> bool:
    """Whether somebody is told no, or led to the door."""
    leads = not answer.location or "/account/sign-in" in answer.location
    return leads and answer.status_code in (302, 303, 401, 403, 404)


WRONG_PEOPLE = {
    "panel": ("owner", "read-only staff", "owner of the other shop", "customer of the other shop"),
    "reseller": ("customer", "customer of the other shop", "owner of the other shop"),
    "operator": ("customer", "owner", "read-only staff", "operator without second factor"),
}


@sampled
@pytest.mark.parametrize("part", parts(BEHIND_A_DOOR), ids=name_of_part)
def test_people_of_other_offices_do_not_get_in(world: World, part: list[Route]) -> None:
    before = world.everything()

    statuses = {
        (str(route), role): world.browser(role).send(route.method, route.address(route.ids_of(world.north))).status_code
        for route in part
        for role in some(WRONG_PEOPLE[route.area], 1, route)
    }

    assert {told: status for told, status in statuses.items() if status not in (302, 303, 403, 404)} == {}
    assert world.everything() == before


# Who may see the settings may look at the shop as it could be: that leaves a mark in their own browser only.
LOOKING = frozenset(
    {
        "reseller.themes.look",
        "reseller.themes.leave",
        "reseller.opening.preview",
        "reseller.see_as.look",
        "reseller.see_as.leave",
    }
)
# What somebody changes of themselves is theirs, whatever their role.
OF_THE_OFFICE = [
    route
    for route in unsafe_routes()
    if route.area in ("reseller", "operator")
    and route.guard is not None
    and route.guard.permission != SIGNED_IN
    and route.endpoint not in LOOKING
]


@pytest.mark.parametrize("part", parts(OF_THE_OFFICE), ids=name_of_part)
def test_readers_change_nothing(world: World, part: list[Route]) -> None:
    before = world.everything()
    reader = world.browser("read-only staff")

    statuses = {
        str(route): reader.send(route.method, route.address(route.ids_of(world.north))).status_code for route in part
    }

    assert {told: status for told, status in statuses.items() if status not in (403, 404)} == {}
    assert world.everything() == before


def test_offices_are_nowhere_on_other_hosts(world: World) -> None:
    """Staff pages answer on the shop's name at the platform, operators' on the platform's own host (decision 17)."""
    owner = world.browser("owner")
    operator = world.browser("operator")

    at_platform = owner.client.get("/reseller/", base_url=world.platform.url).status_code
    at_shop = operator.client.get("/operator/", base_url=world.north.shop.url).status_code

    assert (at_platform, at_shop) == (302, 404) or (at_platform, at_shop) == (404, 404)


# Pages that were not made for this session.


def person_for(world: World, route: Route) -> Browser:
    """Somebody who could use a rule, in a session of their own."""
    north = world.north
    if route.area == "operator":
        return signed_in(world, world.operator_id, world.platform, second_factor=True)
    if route.area == "reseller":
        return signed_in(world, north.staff["owner"], north.shop)
    return signed_in(world, north.first.user_id, north.shop)


@pytest.fixture
def untouched(world: World) -> Iterator[None]:
    """Nothing has changed when the test ends."""
    before = world.everything()
    yield
    assert world.everything() == before


ORIGINS: dict[str, dict[str, str]] = {
    "of another site": {"Origin": "https://evil.test"},
    "of the other shop": {"Origin": "https://south.localhost"},
    "null": {"Origin": "null"},
    "with another port": {"Origin": "https://north.localhost:8443"},
    "with another scheme": {"Origin": "ftp://north.localhost"},
    "that only begins alike": {"Origin": "https://north.localhost.evil.test"},
    "with a user": {"Origin": "https://north.localhost@evil.test"},
    "missing, sent across sites": {"Sec-Fetch-Site": "cross-site"},
    "missing, sent from a sister": {"Sec-Fetch-Site": "same-site"},
    "missing, referred by another": {"Referer": "https://evil.test/north.localhost"},
    "missing altogether": {},
}


@sampled
@pytest.mark.usefixtures("untouched")
@pytest.mark.parametrize("part", parts(NOT_HOOKS), ids=name_of_part)
def test_foreign_origin_is_refused(world: World, part: list[Route]) -> None:
    browser = person_for(world, part[0])

    statuses = {
        (str(route), name): browser.client.open(
            route.address(route.ids_of(world.north)),
            method=route.method,
            base_url=browser.shop.url,
            headers=ORIGINS[name],
            data={"csrf_token": browser.token},
        ).status_code
        for route in part
        for name in some(list(ORIGINS), 2, route)
    }

    assert statuses
    assert {told: status for told, status in statuses.items() if status != 403} == {}


@pytest.mark.parametrize("route", [r for r in unsafe_routes() if r.area == "hooks"], ids=str)
@pytest.mark.usefixtures("untouched")
def test_hooks_refuse_what_is_not_signed(world: World, route: Route) -> None:
    browser = world.browser("visitor")
    bodies: list[tuple[bytes, dict[str, str]]] = [
        (b"", {}),
        (b"{}", {}),
        (b'{"id": "x", "type": "payment.captured"}', {"Signature": "0" * 64}),
        (b"\x00\xff", {"X-Signature": "t=1,v1=0"}),
        (b"[" * 5_000, {"Sandbox-Signature": "t=1,v1=" + "0" * 64}),
    ]
    addresses = [route.address({}), route.address(dict.fromkeys(route.parameters, "nobody"))]

    statuses = {
        browser.client.open(
            address,
            method=route.method,
            base_url=browser.shop.url,
            data=body,
            headers=headers,
            content_type="application/json",
        ).status_code
        for address in addresses
        for body, headers in bodies
    }

    assert statuses <= {400, 401, 403, 404, 422}


# What somebody presses works with the token of the page only, and is logged.


def typed_into(world: World, route: Route, browser: Browser) -> dict[str, Any]:
    """What somebody types who opens the form and presses its button, if a page shows it; the token is the browser's."""
    address = route.address(route.ids_of(world.north))
    if "GET" not in (route.rule.methods or ()):
        return {}
    form = first_form_for(browser.send("GET", address).get_data(as_text=True), address)
    return {name: value for name, value in form.values.items() if name != "csrf_token"} if form else {}


def opened(world: World, route: Route) -> tuple[Browser, dict[str, Any], Fingerprint]:
    """Somebody who has the form of a rule before them, what it sends, and everything as it is before."""
    browser = person_for(world, route)
    return browser, typed_into(world, route, browser), world.everything()


def press(world: World, route: Route, browser: Browser, typed: dict[str, Any], *, token: str | None) -> TestResponse:
    """Send a form with a token, or with none."""
    data = typed if token is None else {**typed, "csrf_token": token}
    return browser.send(route.method, route.address(route.ids_of(world.north)), data, has_token=False)


def wrong_tokens(world: World, right: str) -> tuple[str | None, ...]:
    """What is no token of this session: nothing, nonsense, another person's, nearly the right one."""
    return (None, "", "x", "é", world.browser("other customer").token, right[:-1], right + "0")


def says_once_more(browser: Browser, answer: TestResponse) -> bool:
    """Whether a redirect only leads back to the page, or on from there, which asks to press once more."""
    page = browser.client.get(answer.location, base_url=browser.shop.url, follow_redirects=True)
    return "once more" in page.get_data(as_text=True)


def lines(found: Fingerprint) -> int:
    """How many lines the logs have."""
    return sum(count for (_, table), (count, _) in found.items() if table == AuditEntry.__tablename__)


# Presses that cannot end well here whoever presses, with the reason.
CANNOT_WORK = {"hooks.payments.receive": "signed by the gateway: tests/storefront/hooks"}


@sampled
@pytest.mark.parametrize("route", [r for r in NOT_HOOKS if r.endpoint not in CANNOT_WORK], ids=str)
def test_press_needs_its_token_and_leaves_a_line_in_the_log(world: World, fresh_world: World, route: Route) -> None:
    # A cart that other presses have emptied is refused whatever the token is.
    place = world if route.area == "shop" else fresh_world
    browser, typed, before = opened(place, route)

    for token in some(wrong_tokens(place, browser.token), 1, route) if route in WITH_TOKEN else ():
        refused = press(place, route, browser, typed, token=token)
        assert refused.status_code in (303, 400, 403, 404, 409, 422), (token, refused.status_code)
        assert refused.status_code != 303 or says_once_more(browser, refused), token
    assert place.everything() == before
    if place is not fresh_world:
        place, (browser, typed, before) = fresh_world, opened(fresh_world, route)
    answer = press(place, route, browser, typed, token=browser.token)

    after = place.everything()
    assert answer.status_code < 500
    if answer.status_code < 400 and after != before:
        assert lines(after) > lines(before), f"{route.endpoint} changed something and logged nothing"
    if answer.status_code >= 400:
        assert after == before, f"{route.endpoint} answered {answer.status_code} and changed something"

"""Every rule, method, role and kind of id: a foreign row is answered exactly as one that does not exist."""

import re
from itertools import product
from typing import NamedTuple
from uuid import UUID, uuid4

import pytest
from werkzeug.test import TestResponse

from tests.isolation.routes import FIXTURES, OF_THE_PLATFORM, TEXTS, UNSAFE, Route, routes
from tests.isolation.samples import name_of_part, parts
from tests.isolation.world import MAY_READ, ROLES, Browser, World, has_marks
from tests.samples import sampled, some

# What differs from answer to answer without telling anything: references, stamps of time, signed notes.
CHANGING = re.compile(
    r'<p[^>]*class="[^"]*reference[^"]*"[^>]*>.*?</p>|(?<=__Host-note=)[^;]+|\b[0-9a-f]{8}\b(?=</(?:code|strong|samp)>)',
    re.DOTALL,
)
HEADERS = ("Content-Type", "Location", "Set-Cookie", "Cache-Control", "Vary", "Allow", "Content-Disposition")
SEES_EVERYBODY = {"operator"}


class Answer(NamedTuple):
    """What somebody can tell an answer by."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: str


def told_by(response: TestResponse, asked: dict[str, str]) -> Answer:
    """Take out of an answer what was asked for and what changes by itself."""

    def plain(text: str) -> str:
        for name, value in asked.items():
            text = text.replace(value, f"<{name}>")
        return CHANGING.sub("…", text)

    headers = tuple((name, plain(value)) for name, value in response.headers if name in HEADERS)
    return Answer(response.status_code, headers, plain(response.get_data(as_text=True)))


def title_of(response: TestResponse) -> str:
    """The title of a page, to tell what went wrong."""
    found = re.search(r"<title>([^<]*)", response.get_data(as_text=True))
    return f"{response.status_code} {found.group(1) if found else ''}"


def ask(browser: Browser, route: Route, values: dict[str, str]) -> TestResponse:
    return browser.send(route.method, route.address(values))


def leaks(role: str, response: TestResponse, world: World) -> list[str]:
    """Marks, in body or headers, that this role may not read; ids of the other shop too."""
    told = "\n".join([response.get_data().decode("utf-8", "replace"), *(f"{k}: {v}" for k, v in response.headers)])
    found = has_marks(told, MAY_READ[role])
    if role not in SEES_EVERYBODY:
        asked = response.request.path
        foreign = {*world.south.ids.values(), *world.south.first.ids.values(), *world.south.second.ids.values()}
        found += [str(each) for each in foreign if str(each) in told and str(each) not in asked]
    return found


WITH_ROWS = [route for route in routes() if route.row_parameters]


def test_every_parameter_has_a_fixture() -> None:
    unknown = {
        f"{route.endpoint}: add {name!r} to FIXTURES in tests/isolation/routes.py (and its row to world.furnish), "
        "or to TEXTS if it names no row of a shop"
        for route in routes()
        for name in route.parameters
        if name not in FIXTURES and name not in TEXTS
    }

    assert unknown == set()


def test_every_uuid_names_a_row() -> None:
    loose = {
        f"{route.rule} {name}"
        for route in routes()
        for name in route.parameters
        if f"<uuid:{name}>" in str(route.rule) and name not in FIXTURES | OF_THE_PLATFORM
    }

    assert loose == set()


# Who gets into an office is who could meet a row there, the first most of all; of the others some try each door.
AT_HOME = {
    "panel": ("customer", "other customer"),
    "reseller": ("owner", "read-only staff"),
    "operator": ("owner", "operator"),
}


def people_for(route: Route) -> list[str]:
    """Who is at home in the office of a route, and one more; all of them in ./run proof."""
    first, *at_home = AT_HOME.get(route.area, ("customer", "visitor", "owner"))
    strangers = [role for role in ROLES if role not in (first, *at_home)]
    return [first, *some([*at_home, *strangers], 1, route)]


@sampled
@pytest.mark.parametrize("route", WITH_ROWS, ids=str)
def test_foreign_row_is_answered_like_none(world: World, route: Route) -> None:
    before = world.everything()
    different, leaked = [], []

    for role in people_for(route):
        browser = world.browser(role)
        none = {name: str(uuid4()) for name in route.row_parameters}
        other_shop = route.ids_of(world.south)
        expected = told_by(ask(browser, route, none), none)
        response = ask(browser, route, other_shop)
        leaked += [(role, mark) for mark in leaks(role, response, world)]
        if role not in SEES_EVERYBODY and told_by(response, other_shop) != expected:
            different.append((role, expected.status, response.status_code))

    assert leaked == []
    assert different == []
    if route.method in UNSAFE and route.area != "operator":
        assert world.everything() == before


PERSONAL = [route for route in WITH_ROWS if route.area in ("panel", "shop", "account")]


@pytest.mark.parametrize("route", PERSONAL, ids=str)
def test_row_of_another_customer_is_answered_like_none(world: World, route: Route) -> None:
    browser = world.browser("customer")
    none = {name: str(uuid4()) for name in route.row_parameters}
    neighbours = route.ids_of(world.north, world.north.second)
    expected = told_by(ask(browser, route, none), none)

    response = ask(browser, route, neighbours)

    assert leaks("customer", response, world) == []
    assert told_by(response, neighbours) == expected
    assert response.status_code in (404, 405)


@pytest.mark.parametrize("route", [route for route in WITH_ROWS if len(route.row_parameters) > 1], ids=str)
def test_mixed_ids_open_nothing(world: World, route: Route) -> None:
    names = route.row_parameters
    browser = world.browser("customer" if route in PERSONAL else "owner")

    for whose in product((world.north, world.south), repeat=len(names)):
        if world.south in whose:
            mixed = {name: route.ids_of(estate)[name] for name, estate in zip(names, whose, strict=True)}
            assert ask(browser, route, mixed).status_code in (403, 404), mixed


# Files are named by their content, pictures of pages by what they say, and a script says which cell it means: without
# these there is nothing to show.
SHOWS_NOTHING = {"reseller.messages.attachment", "reseller.price_lists.cells.why", "cards.show"}
READABLE = [route for route in WITH_ROWS if route.method == "GET" and route.endpoint not in SHOWS_NOTHING]


@pytest.mark.parametrize("route", READABLE, ids=str)
def test_own_row_is_shown(world: World, route: Route) -> None:
    """Without this the test above could pass on pages that show nothing to anybody."""
    own = route.ids_of(world.north)
    role = {"reseller": "owner", "operator": "operator"}.get(route.area, "customer")

    response = ask(world.browser(role), route, own)

    assert response.status_code in (200, 202, 302, 303), title_of(response)
    assert leaks(role, response, world) == []


WITHOUT_ROWS = [route for route in routes() if route.method == "GET" and not route.row_parameters]


@sampled
@pytest.mark.parametrize("route", WITHOUT_ROWS, ids=str)
def test_page_shows_nothing_of_others(world: World, route: Route) -> None:
    leaked = []

    for role in people_for(route):
        response = world.browser(role).send("GET", route.address({}))
        leaked += [(role, mark) for mark in leaks(role, response, world)]
        assert response.status_code < 500, (role, title_of(response))

    assert leaked == []


@sampled
@pytest.mark.parametrize("part", parts(routes()), ids=name_of_part)
def test_methods_that_are_not_offered_are_refused(world: World, part: list[Route]) -> None:
    offered = {(each.rule.rule, each.method) for each in routes()}
    one_of_each = {route.rule.rule: route for route in part}.values()
    browser = world.browser("visitor")

    answers = {
        (str(route), method): browser.send(method, route.address(route.ids_of(world.north))).status_code
        for route in one_of_each
        for method in some(("PUT", "PATCH", "DELETE"), 1, route)
        if (route.rule.rule, method) not in offered
    }

    assert {told: status for told, status in answers.items() if status not in (302, 303, 404, 405)} == {}


def test_an_id_that_is_none_is_no_defect(world: World) -> None:
    odd = ["0", "null", "undefined", "-1", "1e9", "%00", "..%2f..", "'", str(UUID(int=0)), "%F0%9F%A6%AD"]
    browser = world.browser("customer")

    statuses = {
        browser.client.open(
            str(route.rule).replace(f"<uuid:{route.row_parameters[0]}>", text), base_url=browser.shop.url
        ).status_code
        for route in READABLE
        if route.area == "panel" and len(route.row_parameters) == 1
        for text in odd
    }

    assert statuses <= {404, 422}

"""Every field of every form, every query and every path, with what nobody should type: no 500, no trace, nothing lost.

A sample stands in ``./run test``; every text in every field is walked by ``./run proof``.
"""

import html
import re
from collections.abc import Callable
from dataclasses import replace
from itertools import groupby
from urllib.parse import quote, urlencode

import pytest
from werkzeug.test import TestResponse

from tests.isolation.forms import Found, forms_in
from tests.isolation.hostile import SAMPLE, WICKED, Faults
from tests.isolation.routes import Route, routes
from tests.isolation.world import Browser, World, signed_in
from tests.samples import sampled, some

PAGES = [route for route in routes() if route.method == "GET" and route.area not in ("assets", "probes")]
PEOPLE = ("visitor", "customer", "owner", "operator")
# Kinds whose text a browser shows again after a refusal.
SHOWN_AGAIN = ("text", "email", "tel", "search", "url", "textarea")
QUERIES = (
    "q",
    "next",
    "after",
    "state",
    "page",
    "name",
    "names",
    "ending",
    "search",
    "look",
    "removed",
    "kind",
    "locale",
)


def person(world: World, role: str) -> Browser:
    """A browser with a session of its own, since a form may end it."""
    users = {"customer": world.north.first.user_id, "owner": world.north.staff["owner"]}
    if role in ("visitor", "customer"):
        world.let_visitors_in()
    if role == "visitor":
        return world.browser("visitor")
    if role == "operator":
        return signed_in(world, world.operator_id, world.platform, second_factor=True)
    return signed_in(world, users[role], world.north.shop)


def fits(route: Route, role: str) -> bool:
    """Whether somebody may see a page, so that its forms are worth reading."""
    wanted = {"panel": ("customer",), "reseller": ("owner",), "operator": ("operator",)}
    return role in wanted.get(route.area, ("visitor", "customer"))


WALKS = [(route, role) for route in PAGES for role in PEOPLE if fits(route, role)]


def encoded(text: str) -> str:
    """Percent-encode as a hostile client does: half a character stays half a character."""
    return quote(text.encode("utf-8", "surrogatepass"), safe="")


def post(browser: Browser, action: str, values: dict[str, list[str]]) -> TestResponse:
    """Send a form as bytes, since some of them are no text."""
    pairs = [(name, each.encode("utf-8", "surrogatepass")) for name, many in values.items() for each in many]
    return browser.client.post(
        action,
        base_url=browser.shop.url,
        data=urlencode(pairs),
        content_type="application/x-www-form-urlencoded",
        headers={"Origin": browser.shop.url, "Accept-Language": "en"},
    )


def text_of(answer: TestResponse) -> str:
    """What an answer says; of a file whatever can be read."""
    return answer.get_data().decode("utf-8", "replace")


_met: dict[tuple[str, str], list[tuple[str, str]]] = {}
_forms: dict[tuple[str, str], tuple[str, list[Found]]] = {}


def forms_of(browser: Browser, route: Route, world: World, role: str) -> tuple[str, list[Found]]:
    """The forms of a page that belong to it: leaving and switching the language are on every page."""
    address = route.address(route.ids_of(world.north))
    answer = browser.send("GET", address)
    if answer.status_code != 200 or "html" not in (answer.content_type or ""):
        found = []
    else:
        found = [form for form in forms_in(text_of(answer)) if "/sign-in/leave" not in form.action]
    _met[str(route), role] = [(form.method, form.action or address) for form in found]
    _forms[str(route), role] = (address, found)
    return address, found


Case = tuple[str, str, dict[str, str]]  # what is done, the field it is about, the texts by field


def one_by_one(form: Found) -> list[Case]:
    """Every text in every field."""
    return [(f"{name}={told}", name, {name: text}) for name in free(form) for told, text in WICKED.items()]


def at_once(form: Found) -> list[Case]:
    """Other texts in each field, twice so that nearly every kind is met, and another one in some fields alone."""
    fields, texts = free(form), list(WICKED.items())
    if not fields:
        return [("pressed", "", {})]
    whose, half = (form.action, *fields), len(SAMPLE) // 2
    together: list[Case] = [
        (f"all from {SAMPLE[first]}", "", {name: nth_text(first + place) for place, name in enumerate(fields)})
        for turn in some(range(half), 1, whose)
        for first in (turn, turn + half)
    ]
    alone: list[Case] = [
        (f"{name}={told}", name, {name: text}) for name in fields for told, text in some(texts, 1, (*whose, name))
    ]
    return together + some(alone, 2, whose)


def nth_text(number: int) -> str:
    """One of the texts that catch what all of them catch."""
    return WICKED[SAMPLE[number % len(SAMPLE)]]


def free(form: Found) -> list[str]:
    """The fields of a form but the token, without which nothing is looked at."""
    return [name for name in form.kinds if name != "csrf_token"]


def walk_form(browser: Browser, address: str, form: Found, cases: list[Case]) -> Faults:
    """Send a form with what nobody should type."""
    faults = Faults()
    action = form.action or address
    for told, name, typed in cases:
        values = {each: [value] for each, value in {**form.values, **typed}.items()}
        place = f"{form.method} {action} {told}"
        if form.method == "GET":
            query = "&".join(f"{each}={encoded(many[0])}" for each, many in values.items())
            answer = browser.send("GET", f"{action.partition('?')[0]}?{query}")
        else:
            answer = post(browser, action, values)
        body = text_of(answer)
        faults.judge(place, answer.status_code, body, str(answer.headers))
        kind = form.kinds.get(name, "")
        if answer.status_code == 422 and kind in SHOWN_AGAIN and not is_kept(typed[name], body, name):
            faults.found.append(f"{place}: what was typed is lost")
    return faults


def is_kept(text: str, body: str, name: str) -> bool:
    """Whether what was typed stands in its field again; what no page can hold may be missing."""
    wanted = text.strip()[:200]
    if not wanted or any(letter < " " or "\ud800" <= letter <= "\udfff" for letter in wanted):
        return True
    fields = [form for form in forms_in(body) if name in form.values]
    # A page may ask something else now, or the form may be of another address: then there is no such field.
    return (
        not fields
        or any(wanted in html.unescape(form.values[name]) for form in fields)
        or wanted in html.unescape(body)
    )


@sampled
@pytest.mark.parametrize(("route", "role"), WALKS, ids=str)
def test_sample_of_wicked_texts_breaks_no_form(fresh_world: World, route: Route, role: str) -> None:
    walk(fresh_world, route, role, at_once)


@pytest.mark.proof
@pytest.mark.parametrize(("route", "role"), WALKS, ids=str)
def test_every_wicked_text_breaks_no_form(fresh_world: World, route: Route, role: str) -> None:
    walk(fresh_world, route, role, one_by_one)


def walk(world: World, route: Route, role: str, cases: Callable[[Found], list[Case]]) -> None:
    """Walk every form of a page as somebody; a form that stands on many pages is walked on one of them."""
    browser = person(world, role)
    address, forms = forms_of(browser, route, world, role)
    faults = [
        fault
        for form in fresh(forms, address, role, cases.__name__)
        for fault in walk_form(browser, address, form, cases(form)).found
    ]

    assert faults == []


ROW = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_walked: set[tuple[str, ...]] = set()


def key_of(form: Found, address: str, role: str, way: str) -> tuple[str, ...]:
    """What makes a form another one."""
    return (role, way, form.method, ROW.sub("…", form.action or address), *sorted(form.kinds))


def opened_before(browser: Browser, route: Route, role: str) -> tuple[str, list[Found]] | None:
    """The forms of a page that somebody has opened before, with the token of a session of today."""
    if not browser.token or (str(route), role) not in _forms:
        return None
    address, forms = _forms[str(route), role]
    tokens = {"csrf_token": browser.token}
    return address, [replace(form, values={**form.values, **tokens}) for form in forms if form.method == "POST"]


def has_fresh(route: Route, role: str, way: str) -> bool:
    """Whether a page may have a form to send that was not walked in this way; one that nobody has opened yet may."""
    if (str(route), role) not in _forms:
        return True
    address, forms = _forms[str(route), role]
    return any(form.method == "POST" and key_of(form, address, role, way) not in _walked for form in forms)


def fresh(forms: list[Found], address: str, role: str, way: str) -> list[Found]:
    """The forms that were not walked in this way before."""
    found = []
    for form in forms:
        key = key_of(form, address, role, way)
        if key not in _walked:
            _walked.add(key)
            found.append(form)
    return found


@sampled
@pytest.mark.parametrize(("route", "role"), WALKS, ids=str)
def test_fields_twice_missing_or_made_up_break_no_form(fresh_world: World, route: Route, role: str) -> None:
    if not has_fresh(route, role, "shapes"):
        return
    browser = person(fresh_world, role)
    address, forms = opened_before(browser, route, role) or forms_of(browser, route, fresh_world, role)
    faults = Faults()

    for form in fresh(forms, address, role, "shapes"):
        if form.method != "POST":
            continue
        token = {"csrf_token": [form.values["csrf_token"]]} if form.values.get("csrf_token") else {}
        full = {name: [value] for name, value in form.values.items()}
        shapes: dict[str, dict[str, list[str]]] = {
            "nothing": {},
            "the token alone": token,
            "everything twice": {name: [*many, "x"] for name, many in full.items() if name != "csrf_token"} | token,
            "unknown fields": full
            | {"reseller_id": [str(fresh_world.south.shop.id)], "is_staff": ["1"], "__proto__": ["x"]},
            "list brackets": {f"{name}[]": many for name, many in full.items()} | token,
            "choices nobody offered": full | {name: ["nobody offered this"] for name in form.choices} | token,
        }
        for told, values in some(list(shapes.items()), 2, form.action or address):
            answer = post(browser, form.action or address, values)
            faults.judge(
                f"{form.action or address} {told}",
                answer.status_code,
                text_of(answer),
                str(answer.headers),
            )

    assert faults.found == []


def one_of_each(walks: list[tuple[Route, str]]) -> list[tuple[Route, str]]:
    """Each route by one of those who may see it; by all of them in ./run proof."""
    by_route = [list(each) for _, each in groupby(walks, key=lambda walk: str(walk[0]))]
    return [walk for several in by_route for walk in some(several, 1, several[0][0])]


@sampled
@pytest.mark.parametrize(("route", "role"), one_of_each(WALKS), ids=str)
def test_wicked_queries_break_no_page(world: World, route: Route, role: str) -> None:
    browser = world.browser(role)
    address = route.address(route.ids_of(world.north))
    faults = Faults()

    # Every name carries a text, every text stands in two names or more; other pages have them in another order.
    for turn in some(range(len(SAMPLE)), 1, (route, role)):
        told = {name: SAMPLE[(place + turn) % len(SAMPLE)] for place, name in enumerate(QUERIES)}
        query = "&".join(f"{name}={encoded(WICKED[text])}" for name, text in told.items())
        answer = browser.client.get(f"{address}?{query}", base_url=browser.shop.url)
        faults.judge(f"{address} queries={told}", answer.status_code, text_of(answer), str(answer.headers))
        if "//evil.test" in (answer.location or ""):
            faults.found.append(f"{address}: leads to another site")

    assert faults.found == []


WITH_TEXTS = [(route, role) for route, role in WALKS if route.parameters and role != "operator"]


@sampled
@pytest.mark.parametrize(("route", "role"), one_of_each(WITH_TEXTS), ids=str)
def test_wicked_paths_break_no_page(world: World, route: Route, role: str) -> None:
    browser = world.browser(role)
    rule = str(route.rule)
    faults = Faults()

    for name in route.parameters:
        for told, text in some(list(WICKED.items()), 2, (route, role, name)):
            filled = rule
            for each in route.parameters:
                start, _, rest = filled.partition(f"{each}>")
                filled = start.rpartition("<")[0] + (encoded(text) if each == name else "x") + rest
            answer = browser.client.get(filled, base_url=browser.shop.url)
            faults.judge(f"{rule} {name}={told}", answer.status_code, text_of(answer), str(answer.headers))

    assert faults.found == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("Accept-Language", "x" * 10_000),
        ("Accept-Language", "en;q=NaN, fr;q=1e999, *;q=-1, \x00"),
        ("Accept", "text/html;q=x, */*;q=999999999999999999999"),
        ("Accept-Encoding", "gzip;q=, br;;;,,,"),
        ("User-Agent", "\ud83e" * 10),
        ("Cookie", "__Host-session=" + "x" * 8_000),
        ("Cookie", "__Host-session=\x00; __Host-cart='; DROP TABLE cart; --"),
        ("Cookie", "__Host-note=eyJfIjoxfQ.x.y; __Host-step={{7*7}}; cart-count=-1e9"),
        ("Referer", "javascript:alert(1)"),
        ("If-None-Match", '"' * 5_000),
        ("If-Modified-Since", "31 February 99999"),
        ("Range", "bytes=999999999999999999999-0"),
        ("X-Forwarded-For", "' OR 1=1 --"),
        ("X-Forwarded-Proto", "javascript"),
        ("Content-Length", "-1"),
        ("Content-Type", "multipart/form-data"),
        ("Content-Type", "application/x-www-form-urlencoded; charset=utf-7"),
    ],
    ids=lambda text: text[:40].encode("unicode_escape").decode(),
)
def test_wicked_headers_break_no_page(world: World, name: str, value: str) -> None:
    browser = world.browser("visitor")
    faults = Faults()
    # A server hands headers over as Latin-1 (PEP 3333); what it cannot hold never arrives.
    told = {f"HTTP_{name.upper().replace('-', '_')}": value.encode("utf-8", "replace").decode("latin-1")}
    if name in ("Content-Length", "Content-Type"):
        told = {name.upper().replace("-", "_"): value}

    for path in ("/", "/search?q=example.com", "/cart", "/account/sign-in", "/panel/"):
        answer = browser.client.get(path, base_url=browser.shop.url, environ_overrides=told)
        faults.judge(f"{path} {name}", answer.status_code, text_of(answer), str(answer.headers))

    assert faults.found == []


BODIES: dict[str, tuple[bytes, str]] = {
    "no boundary": (b"--x\r\n", "multipart/form-data"),
    "broken parts": (b"--b\r\nContent-Disposition: form-data; name=\r\n\r\n", "multipart/form-data; boundary=b"),
    "JSON": (b'{"csrf_token": ["x"]}', "application/json"),
    "XML": (b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>', "application/xml"),
    "bytes": (bytes(range(256)), "application/x-www-form-urlencoded"),
    "many fields": (b"&".join(b"a%d=1" % number for number in range(5_000)), "application/x-www-form-urlencoded"),
    "large": (b"q=" + b"a" * 3_000_000, "application/x-www-form-urlencoded"),
    "a file": (
        b'--b\r\nContent-Disposition: form-data; name="login"; filename="../../x"\r\n\r\nx\r\n--b--\r\n',
        "multipart/form-data; boundary=b",
    ),
}


@pytest.mark.parametrize("name", BODIES)
def test_wicked_bodies_break_no_form(world: World, name: str) -> None:
    browser = world.browser("visitor")
    body, kind = BODIES[name]
    faults = Faults()

    for path in ("/cart/add", "/account/sign-in", "/account/sign-up", "/account/recovery", "/checkout"):
        answer = browser.client.post(
            path, base_url=browser.shop.url, data=body, content_type=kind, headers={"Origin": browser.shop.url}
        )
        faults.judge(f"{path} {name}", answer.status_code, text_of(answer), str(answer.headers))

    assert faults.found == []


def test_the_walk_meets_the_forms_it_is_about(fresh_world: World) -> None:
    """Without this the walk could pass by finding no form."""
    for route, role in WALKS:
        # What the walks before have met need not be asked for again.
        if (str(route), role) not in _met:
            forms_of(person(fresh_world, role), route, fresh_world, role)
    met = {each for route, role in WALKS for each in _met[str(route), role]}

    assert len([each for each in met if each[0] == "POST"]) >= 20
    assert {path for _method, path in met} >= {
        "/account/sign-in",
        "/account/sign-up",
        "/cart/add",
        "/panel/profile/edit",
    } - {"/cart/add"}

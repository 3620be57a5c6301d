"""Nothing that is typed or sent leads a visitor to another site, unless somebody of the shop openly chose that site.

Where a browser would go is told by :func:`place_of`, which reads an address as the WHATWG URL standard says; the proof
asks Chromium as well. Each target is tried at each place that takes one.
"""

import re
from collections.abc import Callable, Iterator
from html import unescape
from urllib.parse import quote, urlsplit

import pytest
from flask.testing import FlaskClient
from playwright.sync_api import sync_playwright

from cms.menu_items import ADDRESS, MenuLine, faults_of
from cms.own_links import led
from cms.page_checks import is_link, with_safe_links
from cms.redirect_files import read_redirects
from cms.redirect_rules import lead_to, why_not
from cms.redirects import write_redirect
from cms.sanitize import clean
from storefront.core.db import Database
from storefront.core.errors import Refused
from storefront.web.next_path import own_path
from tests.cms.corpora import targets
from tests.fixtures_app import Shop
from tests.journeys.walk import ARGUMENTS
from tests.storefront.reseller.office import make_staff

OWN = "north.localhost"
TARGETS = targets(OWN)
FEW = TARGETS[:: len(TARGETS) // 12]
SPECIAL = {"http", "https", "ftp", "ws", "wss", "file"}
SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):(.*)", re.DOTALL)
HREF = re.compile(r"""(?:href|action|src)="([^"]*)\"""")
TAKING = ("/account/sign-in", "/account/sign-up", "/account/recovery", "/cart", "/search")
RUNNING = {"javascript", "data", "vbscript", "blob", "file"}


def place_of(address: str, base_scheme: str = "https") -> str:
    """Where a browser goes from a page of ours: a host, ``here``, or a scheme that is no place, such as ``mailto``."""
    text = re.sub(r"[\t\n\r]", "", address.strip("".join(map(chr, range(0x21)))))
    found = SCHEME.fullmatch(text)
    scheme, rest = (found[1].lower(), found[2]) if found else ("", text)
    if scheme and scheme not in SPECIAL:
        return scheme
    rest = re.split(r"[?#]", rest, maxsplit=1)[0].replace("\\", "/")
    if scheme in {"", base_scheme} and not rest.startswith("//"):
        return "here"
    host = rest.lstrip("/").partition("/")[0].rpartition("@")[2].lower()
    return host[1:].partition("]")[0] if host.startswith("[") else host.partition(":")[0] or "nowhere"


def is_open(target: str) -> bool:
    """Whether a target says in plain words which site or address it leads to."""
    if target.startswith(("mailto:", "tel:")):
        return True
    if not target.startswith(("https://", "http://")):
        return False
    try:
        parts = urlsplit(target)
    except ValueError:
        return False
    return parts.username is None and parts.password is None and parts.hostname == place_of(target)


def leads_away(target: str) -> bool:
    """Whether a browser would go where nobody said that it would."""
    return place_of(target) not in {"here", OWN} and not is_open(target)


def test_corpus_is_large_and_tries_to_lead_away() -> None:
    assert len(set(TARGETS)) == len(TARGETS) > 300
    assert sum(leads_away(each) for each in TARGETS) > 300


def test_target_of_a_redirect_leads_nowhere_unawares() -> None:
    kept = [each for each in TARGETS if why_not("/old", each, {}) is None]

    assert [each for each in kept if leads_away(each)] == []
    led_on = [
        lead_to(each, prefix, query) for each in kept for prefix in ("", "/pl") for query in ("", "x=//evil.test")
    ]
    assert [each for each in led_on if leads_away(each)] == []


def test_target_in_a_file_leads_nowhere_unawares() -> None:
    rows = [(number, [f"/old-{number}", each, ""]) for number, each in enumerate(TARGETS, 2)]

    lines = read_redirects([(1, ["path", "target", "permanent"]), *rows], {}, set())

    assert [line.target for line in lines if line.kind != "fault" and leads_away(line.target)] == []


def test_link_of_a_menu_or_a_block_leads_nowhere_unawares() -> None:
    kept = [each for each in TARGETS if not faults_of([MenuLine(to=ADDRESS, label="x", url=each)], "header", [])]
    shown = [with_safe_links({"kind": "call_to_action", "url": each})["url"] for each in TARGETS]

    assert [each for each in [*kept, *shown] if leads_away(each)] == []
    assert [each for each in kept if not is_link(each)] == []
    assert [each for each in kept if leads_away(led(each, "/pl"))] == []


def test_link_in_rich_text_leads_nowhere_unawares() -> None:
    kept = {}
    for target in TARGETS:
        found = HREF.findall(clean(f'<p><a href="{quote_mark(target)}">x</a></p>'))
        if away := [each for each in found if leads_away(unescape(each))]:
            kept[target] = away

    assert kept == {}


def quote_mark(text: str) -> str:
    return text.replace("&", "&amp;").replace('"', "&quot;")


def test_way_back_leads_to_another_page_of_ours_only() -> None:
    kept = [own_path(each) for each in TARGETS]

    assert [each for each in kept if each and place_of(each) != "here"] == []


def test_open_choice_is_kept() -> None:
    assert why_not("/old", "https://other.example/path", {}) is None
    assert is_link("mailto:hello@other.example")
    assert own_path("/panel/?a=b") == "/panel/?a=b"


def latin(path: str) -> str:
    """An address as WSGI has it."""
    return path.encode("utf-8", "surrogatepass").decode("latin-1")


@pytest.fixture
def ways(
    database: Database, shops: dict[str, Shop], client_of: Callable[[Shop], FlaskClient], sign_in: Callable[..., str]
) -> Callable[[str], list[str]]:
    """Send a target everywhere; returns where answers lead that were not asked to lead there."""
    shop = shops["north"]
    visitor, owner = client_of(shop), client_of(shop)
    sign_in(owner, shop, make_staff(database, shop))

    def send(target: str) -> list[str]:
        said = quote(target, safe="")
        asked = [
            *((owner, f"/account/sign-in?next={said}") for _ in range(1)),
            *(
                (visitor, f"{path}?next={said}")
                for path in ("/account/sign-in", "/account/sign-up", "/cart", "/search")
            ),
            (visitor, f"/?lang={said}&language={said}&locale={said}"),
        ]
        with database.work(shop.id) as db:
            try:
                write_redirect(db, "/leads-away", target)
                db.commit()
                asked.append((visitor, "/leads-away?x=y"))
            except Refused:
                pass
        told = []
        bare = target.replace("\x00", "")
        answers = [(path, client.get(path)) for client, path in asked]
        # As a server gives an address on: decoded, and never read as a whole one before.
        paths = (bare if bare.startswith("/") else f"/{bare}", f"/pl/{bare}")
        answers += [(path, visitor.get("/", environ_overrides={"PATH_INFO": latin(path)})) for path in paths]
        for path, answer in answers:
            assert answer.status_code < 500, path
            leads = [
                answer.headers.get("Location", ""),
                *(HREF.findall(answer.text) if answer.status_code == 200 else []),
            ]
            own = "" if path.startswith("/leads-away") else target
            told += [f"{path} → {each}" for each in leads if leads_away(each) or (is_open(each) and each == own)]
        return told

    return send


@pytest.mark.parametrize("target", FEW)
def test_no_address_of_the_shop_leads_away(ways: Callable[[str], list[str]], target: str) -> None:
    assert ways(target) == []


@pytest.mark.proof
@pytest.mark.parametrize("target", TARGETS[::3])
def test_no_address_of_the_shop_leads_any_target_away(ways: Callable[[str], list[str]], target: str) -> None:
    assert ways(target) == []


@pytest.fixture(scope="module")
def read_by_chromium(chromium: str) -> Iterator[Callable[[list[str]], list[str]]]:
    """Where Chromium would go."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        page = browser.new_page()
        read = (
            f"given => given.map(each => {{ try {{ const url = new URL(each, 'https://{OWN}/');"
            " return url.host ? url.hostname : url.protocol.slice(0, -1) } catch { return 'nowhere' } })"
        )
        yield lambda given: page.evaluate(read, given)
        browser.close()


@pytest.mark.proof
@pytest.mark.browser
def test_chromium_goes_nowhere_unawares_either(read_by_chromium: Callable[[list[str]], list[str]]) -> None:
    kept = [each for each in TARGETS if is_link(each) or own_path(each)]
    places = dict(zip(kept, read_by_chromium(kept), strict=True))

    assert [place for place in places.values() if place in RUNNING] == []
    assert {each: place for each, place in places.items() if place != OWN and not is_open(each)} == {}
    assert [each for each, place in places.items() if own_path(each) and place != OWN] == []

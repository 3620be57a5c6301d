"""A host from nothing to served over HTTPS: the reseller's page, a real name server, Caddy, and a test authority."""

import base64
import hashlib
import json
import re
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from playwright.sync_api import Browser, expect, sync_playwright

from tests.fixtures_dns import NameServers
from tests.fixtures_gateway import free_port
from tests.fixtures_house import House, furnished, open_house
from tests.journeys.walk import ARGUMENTS, Walk
from tests.running_edge import LOOPBACK, RunningEdge, running_edge
from tests.waiting import until

pytestmark = pytest.mark.browser

ZONE = "moving.test"
HOST = f"shop.{ZONE}"
EDGE = f"edge.{ZONE}"
NOTHING = f"edge A {LOOPBACK}\n"
AS_LONG_AS_IT_TAKES = 120
# Where the authority is slower than the first two looks at the edge, the third one comes two minutes later.
WITH_A_THIRD_LOOK = 2 * AS_LONG_AS_IT_TAKES


@dataclass(frozen=True, kw_only=True)
class Street:
    """The house, its edge, and the name servers of the world."""

    house: House
    edge: RunningEdge
    names: NameServers


@pytest.fixture(scope="module")
def street(name_servers: NameServers, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Street]:
    folder = tmp_path_factory.mktemp("street")
    name_servers.change(ZONE, NOTHING)
    https = free_port()
    resolvers = ",".join(f"127.0.0.{number}@{name_servers.port}" for number in (1, 2))
    more = {
        "EDGE_HOST": EDGE,
        "EDGE_ADDRESSES": LOOPBACK,
        "EDGE_CONNECT": f"{LOOPBACK}:{https}",
        "TRUSTED_PROXIES": LOOPBACK,
        "VITRINE_DNS_PORT": str(name_servers.port),
        "DNS_RESOLVERS": resolvers,
        # Written when the authority starts, read when the first certificate is looked at.
        "SSL_CERT_FILE": str(folder / "issuer.pem"),
    }
    with ExitStack() as stack:
        addresses = stack.enter_context(furnished("street"))
        house = stack.enter_context(open_house(addresses, tmp_path_factory.mktemp("house"), **more))
        asked = f"{LOOPBACK}:{name_servers.port}"
        edge = stack.enter_context(running_edge(folder, upstream=house.port, names=asked, https=https))
        yield Street(house=house, edge=edge, names=name_servers)


@pytest.fixture
def trusting(chromium: str, street: Street) -> Iterator[Browser]:
    """Chromium that believes the test authority, and finds the host where the world's name servers say it is."""
    believed = ",".join(sha256_of_key(street.edge.storage.parent / name) for name in ("issuer.pem", "between.pem"))
    arguments = [
        *ARGUMENTS,
        f"--ignore-certificate-errors-spki-list={believed}",
        f"--host-resolver-rules=MAP {HOST} {LOOPBACK}",
    ]
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium, args=arguments)
        yield opened
        opened.close()


def sha256_of_key(certificate: Path) -> str:
    """Return what Chromium names a public key by."""
    found = x509.load_pem_x509_certificate(certificate.read_bytes())
    packed = found.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return base64.b64encode(hashlib.sha256(packed).digest()).decode()


def sign_in(walk: Walk, house: House) -> None:
    login = house.login("nordhost", "owner")
    walk.go(house.url("nordhost", "/reseller/hosts/"))
    walk.page.locator("main [name=login]").fill(login["login"])
    walk.page.locator("main [name=password]").fill(login["password"])
    walk.press("main form button[type=submit]")
    walk.page.wait_for_url("**/reseller/**")


def code_on(walk: Walk) -> str:
    """Return the code that the page asks for."""
    values = walk.page.locator("[data-copy]").evaluate_all("all => all.map(each => each.dataset.copy)")
    found = re.search(r"vt-[a-z0-9-]+", json.dumps(values))
    assert found, values
    return found[0]


def test_host_is_connected_from_nothing_to_https(trusting: Browser, street: Street) -> None:
    walk = Walk(trusting, width=1280, locale="en-GB")
    page = walk.page
    sign_in(walk, street.house)
    assert HOST not in street.edge.certificates()

    walk.go(street.house.url("nordhost", "/reseller/hosts/new"))
    walk.look("host-new")
    walk.fill(name=HOST)
    page.check("input[name=becomes_canonical]")
    walk.press("main form button[type=submit]")
    expect(page.locator("h1")).to_contain_text(HOST)
    expect(page.locator(".light").first).to_be_visible(timeout=AS_LONG_AS_IT_TAKES * 1000)
    walk.look("host-waiting")

    # What the person who keeps the zone does with what stands on the page.
    street.names.change(ZONE, f'{NOTHING}shop CNAME edge\n_shop-challenge.shop TXT "{code_on(walk)}"\n')

    # The page asks again by itself as long as it is open, and says so when everything is in place.
    expect(page.locator(".light[data-tone=success]")).to_have_count(3, timeout=WITH_A_THIRD_LOOK * 1000)
    walk.look("host-works")
    assert HOST in street.edge.certificates()

    # Until the look that follows the certificate, the shop still leads to the host it had.
    address = f"https://{HOST}:{street.edge.https}/"
    until(lambda: (page.goto(address) is not None) and page.url == address, seconds=AS_LONG_AS_IT_TAKES)
    answer = page.reload()

    assert answer is not None
    assert answer.status == 200
    shown_by = answer.security_details()
    assert shown_by is not None
    assert "Pebble" in (shown_by.get("issuer") or "")
    expect(page).to_have_title(re.compile("Nordhost"))
    assert "localhost" not in page.content().replace("pay.localhost", "")
    walk.look("host-served")
    walk.close()

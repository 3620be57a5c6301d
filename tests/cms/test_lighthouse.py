"""Lighthouse gives every starter page 95 points at least, four times: speed, accessibility, practice, search."""

import json
import os
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from uuid import uuid4

import pytest

from cms.starter_texts import languages
from storefront.core.db import Database
from tests.cms.starter_shop import offer_services, publish_starter
from tests.conftest import made_database
from tests.fixtures_app import config_for, open_shops
from tests.fixtures_gateway import free_port
from tests.running_edge import running_application

pytestmark = [pytest.mark.proof, pytest.mark.browser]

GOAL = 95
# A trace of Chromium's that lacks its beginning gives no points at all, neither good nor bad ones.
TRIES = 3
# Speed differs from one visit to the next with whatever else the machine does: Lighthouse asks for a median of several.
VISITS = 3
ASKED = ("performance", "accessibility", "best-practices", "seo")


@dataclass(frozen=True, kw_only=True)
class Site:
    """A running shop with starter sites, and the addresses of their pages."""

    origin: str
    paths: tuple[str, ...]


@pytest.fixture(scope="module")
def sites(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A shop of its own under the server that it is shipped with."""
    folder = tmp_path_factory.mktemp("lighthouse")
    port = free_port()
    name = f"{os.environ.get('TEST_PREFIX', 'vitrine_test')}_{uuid4().hex}"
    with made_database(name, os.environ.get("TEST_TEMPLATE")) as addresses:
        config = config_for(addresses, folder)
        database = Database(config)
        shop = open_shops(database)["north"]
        with database.work(shop.id) as db:
            offer_services(db)
            paths = publish_starter(db)
            db.commit()
        database.dispose()
        environment = {
            **os.environ,
            **addresses.environment(),
            "VITRINE_MODE": "development",
            "VITRINE_DATA": str(folder),
            "VITRINE_PORT": str(port),
        }
        with running_application(folder, environment, port):
            yield Site(origin=f"http://{shop.host}:{port}", paths=tuple(paths))


def points(url: str, chromium: str, folder: Path) -> dict[str, tuple[float, list[str]]]:
    """What Lighthouse gives a page in each of its four, with what cost points."""
    found = folder / "found.json"
    flags = "--headless=new --no-sandbox --disable-gpu --disable-dev-shm-usage"
    command = [
        "node", os.environ["TEST_LIGHTHOUSE"], url, "--quiet", "--output=json", f"--output-path={found}",
        f"--only-categories={','.join(ASKED)}", "--no-enable-error-reporting", f"--chrome-flags={flags}",
    ]  # fmt: skip
    environment = {**os.environ, "CHROME_PATH": chromium, "HOME": str(folder)}
    ask = partial(subprocess.run, command, env=environment, capture_output=True, text=True, check=False, timeout=180)
    done = ask()
    for _ in range(TRIES - 1):
        if "Please run Lighthouse again" in done.stderr:
            done = ask()
    assert done.returncode == 0, done.stderr[-2000:]
    report = json.loads(found.read_text(encoding="utf-8"))
    told: dict[str, tuple[float, list[str]]] = {}
    for name, category in report["categories"].items():
        audits = [(report["audits"][ref["id"]], ref["weight"]) for ref in category["auditRefs"]]
        lost = [f"{audit['id']} {audit['score']}" for audit, weight in audits if weight and (audit["score"] or 0) < 1]
        told[name] = (100 * (category["score"] or 0), lost)
    return told


def steady_points(url: str, chromium: str, folder: Path) -> dict[str, tuple[float, list[str]]]:
    """The points of a page; where the first visit was too slow, the median of three in speed and the least else."""
    told = points(url, chromium, folder)
    if told["performance"][0] >= GOAL:
        return told
    visits = [told, *(points(url, chromium, folder) for _ in range(VISITS - 1))]
    worst = {name: min((each[name] for each in visits), key=lambda said: said[0]) for name in told}
    return worst | {"performance": sorted(each["performance"] for each in visits)[VISITS // 2]}


@pytest.mark.parametrize("locale", languages())
def test_every_starter_page_has_ninety_five_points_four_times(
    sites: Site, chromium: str, tmp_path: Path, locale: str
) -> None:
    if not os.environ.get("TEST_LIGHTHOUSE"):
        pytest.skip(f"checker: Lighthouse, {os.environ.get('TEST_LIGHTHOUSE_MISSING') or 'start with ./run proof'}")
    wrong: dict[str, tuple[float, list[str]]] = {}
    for path in sites.paths:
        if path.startswith(f"/{locale}/"):
            told = steady_points(f"{sites.origin}{path}", chromium, tmp_path)
            wrong |= {f"{path} {name}": said for name, said in told.items() if said[0] < GOAL}

    assert wrong == {}

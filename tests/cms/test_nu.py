"""The Nu checker of the W3C has nothing to say: starter pages, every block in every theme, the editor."""

import json
import os
import subprocess
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from cms.blocks import KINDS, SPECS, block_from
from cms.drafts import Writing, save_draft
from cms.pages import PageTerms, publish_page
from cms.tree import new_page
from storefront.core.changes import SITE, announce
from storefront.core.db import Database
from tenants.resellers import current_reseller
from tests.cms.block_samples import sample
from tests.cms.block_shop import furnish
from tests.cms.starter_shop import new_shop, offer_services, publish_starter
from tests.fixtures_app import Shop
from tests.storefront.reseller.office import make_staff

pytestmark = pytest.mark.proof

THEMES = ("default", "aurora")
# Advice that holds no fault: a section without a title is none for a screen reader either, and a film of another site
# may keep its own origin, which is not ours.
ADVICE = ("Section lacks heading.", "Potentially bad value “allow-scripts allow-same-origin allow-popups")
OFFICE = (
    "/reseller/pages/", "/reseller/pages/new", "/reseller/pages/bin", "/reseller/menus/",
    "/reseller/menus/edit?place=header&language=en", "/reseller/media/", "/reseller/media/new", "/reseller/media/bin",
    "/reseller/redirects/", "/reseller/redirects/new", "/reseller/redirects/import", "/reseller/starter/",
    "/reseller/visitor-messages/",
)  # fmt: skip


@pytest.fixture(scope="module")
def shop(database: Database, shops: dict[str, Shop]) -> Shop:  # noqa: ARG001 - the reference must be loaded
    """A shop of its own with something of everything."""
    return new_shop(database)


def judged(pages: Mapping[str, str], folder: Path) -> str:
    """What the checker says, and of which page first; a warning counts as a fault, a remark does not."""
    if not os.environ.get("TEST_NU"):
        pytest.skip(f"checker: the Nu checker, {os.environ.get('TEST_NU_MISSING') or 'start with ./run proof'}")
    names = {}
    for number, (name, text) in enumerate(pages.items()):
        (folder / f"{number}.html").write_text(text, encoding="utf-8")
        names[f"{number}.html"] = name
    command = ["java", "-Xmx512m", "-jar", os.environ["TEST_NU"], "--format", "json", "--stdout", "--exit-zero-always"]
    files = [str(folder / name) for name in names]
    told = subprocess.run([*command, *files], capture_output=True, text=True, check=True).stdout
    found: dict[str, list[str]] = {}
    for each in json.loads(told)["messages"]:
        is_fault = each["type"] == "error" or each.get("subType") == "warning"
        if is_fault and not each["message"].startswith(ADVICE):
            place = names.get(each.get("url", "").rpartition("/")[2], "?")
            found.setdefault(f"{each['message']} — {each.get('extract', '')[:160]}", []).append(place)
    return "\n".join(f"{said} on {len(places)} pages, first {places[0]}" for said, places in found.items())


@pytest.fixture
def fetch(client_of: Callable[[Shop], FlaskClient], shop: Shop) -> Callable[[str], str]:
    """What a visitor of the shop gets."""
    client = client_of(shop)

    def get(path: str) -> str:
        answer = client.get(path)
        assert answer.status_code == 200, path
        return answer.text

    return get


@pytest.fixture
def dress(database: Database, shop: Shop, heard: Callable[[Shop, int], None]) -> Iterator[Callable[[str], None]]:
    """Give the shop a theme."""

    def go(theme: str) -> None:
        with database.work(shop.id) as db:
            current_reseller(db).theme = theme
            announce(db)
            db.commit()
            version = db.scalar(select(SITE.c.version).where(SITE.c.reseller_id == shop.id)) or 0
        heard(shop, version)

    yield go
    go("default")


@pytest.mark.parametrize("theme", THEMES)
def test_every_block_page_is_valid(
    database: Database,
    shop: Shop,
    fetch: Callable[[str], str],
    dress: Callable[[str], None],
    tmp_path: Path,
    theme: str,
) -> None:
    with database.work(shop.id) as db:
        found = furnished(db)
        pages = {f"/{theme}-{kind.replace('_', '-')}": [sample(kind, **found)] for kind in KINDS}
        pages |= {f"/{theme}-bare-{kind.replace('_', '-')}": [bare(kind)] for kind in KINDS}
        pages[f"/{theme}-all"] = [sample(kind, **found) for kind in KINDS]
        for path, blocks in pages.items():
            terms = PageTerms(key=path, locale="en", path=path, title="A page", blocks=[block_from(b) for b in blocks])
            publish_page(db, terms)
        db.commit()
    dress(theme)

    assert judged({path: fetch(path) for path in pages}, tmp_path) == ""


def bare(kind: str) -> dict[str, str]:
    """A block with nothing in it but a title, where it has one."""
    return {"kind": kind, **({"title": "Some words"} if "title" in SPECS[kind] else {})}


FURNISHED: dict[str, str] = {}


def furnished(db: object) -> dict[str, str]:
    """Furnish the shop once."""
    if not FURNISHED:
        FURNISHED.update(furnish(db))  # type: ignore[arg-type]  # a Work
    return FURNISHED


@pytest.mark.parametrize("theme", THEMES)
def test_every_starter_page_is_valid(
    database: Database,
    shop: Shop,
    fetch: Callable[[str], str],
    dress: Callable[[str], None],
    tmp_path: Path,
    theme: str,
) -> None:
    with database.work(shop.id) as db:
        offer_services(db)
        paths = publish_starter(db)
        db.commit()
    dress(theme)

    assert judged({path: fetch(path) for path in paths}, tmp_path) == ""


def test_every_page_of_the_editor_is_valid(
    database: Database,
    shop: Shop,
    client_of: Callable[[Shop], FlaskClient],
    sign_in: Callable[..., str],
    tmp_path: Path,
) -> None:
    client = client_of(shop)
    sign_in(client, shop, make_staff(database, shop))
    with database.work(shop.id) as db:
        draft = new_page(db, "Every block", "en")
        blocks = [{**sample(kind, **furnished(db)), "id": f"b{number}"} for number, kind in enumerate(KINDS)]
        save_draft(db, draft, Writing(path=draft.path, title="Every block", blocks=blocks), revision=0)
        edit = f"/reseller/pages/{draft.page_id}"
        db.commit()
    places = (*OFFICE, f"{edit}/en/", f"{edit}/pl/", f"{edit}/en/preview", f"{edit}/en/versions/", f"{edit}/move")
    pages = {}
    for path in places:
        answer = client.get(path)
        assert answer.status_code == 200, path
        pages[path] = answer.text

    assert judged(pages, tmp_path) == ""

"""The starter site: complete in every language, true to the shop, and written page by page or all at once."""

import re
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import delete, select

from cms.blocks import block_from, with_ids
from cms.drafts import Writing, find_version, open_draft, save_draft
from cms.models import Menu, Page, PageVersion, Redirect, VisitorMessage
from cms.page_checks import Words, problems_of
from cms.publishing import publish_draft
from cms.queries import find_page, find_published
from cms.starter import starter_pages, write_menus, write_page, write_site
from cms.starter_texts import (
    Facts,
    Group,
    StarterPage,
    UnknownPlaceholder,
    fill,
    gaps_in,
    languages,
    pages_of,
    texts_in,
)
from cms.tree import trash_page
from storefront.core.db import Database, Work
from storefront.core.i18n import LOCALES
from tests.cms.starter_shop import completed, new_shop, offer_services
from tests.fixtures_app import Shop
from tests.samples import sampled, share
from tests.waiting import until

WORDS = {
    "shop": "Nord & Söhne", "company": "Nord <GmbH>", "address": "Hafen 1, 20095 Hamburg", "country": "Germany",
    "email": "post@nord.example", "numbers": "HRB 1", "vat_number": "DE1",
}  # fmt: skip
SERVICES = ("hosting", "email", "ssl")
FACTS = Facts(words=WORDS, endings={"best_endings": ["com", "de"]}, services=SERVICES)
GROUP = Group(slug="europe", title="Europe", endings=["de", "fr"], shown=".de, .fr")
OWN_PLACES = ("/search", "/price-list", "/cart/transfer", "/account/recovery")
PLACE = re.compile(r"""(?:href=['"]|^)(/[^'"]*)""")


def pages(locale: str, facts: Facts = FACTS) -> dict[str, StarterPage]:
    return {page.key: page for page in pages_of(locale, facts, [GROUP])}


def links_in(value: Any, name: str = "") -> Iterator[str]:
    if isinstance(value, Mapping):
        for key, each in value.items():
            yield from links_in(each, key)
    elif isinstance(value, list):
        for each in value:
            yield from links_in(each, name)
    elif isinstance(value, str) and name in {"url", "html", "answer"}:
        yield from PLACE.findall(value)


def test_every_language_of_the_shop_has_a_site() -> None:
    assert set(languages()) == set(LOCALES)


@pytest.mark.parametrize("locale", languages())
def test_every_page_could_be_published(locale: str) -> None:
    for page in pages(locale).values():
        blocks = with_ids([block_from(block).to_json() for block in page.blocks])
        assert problems_of(Words(title=page.title, description=page.description), blocks) == [], page.key
        assert 40 <= len(page.description) <= 170, (page.key, len(page.description))


@pytest.mark.parametrize("services", [each for count in range(4) for each in combinations(SERVICES, count)])
@pytest.mark.parametrize("locale", languages())
def test_every_link_leads_somewhere_whatever_is_sold(locale: str, services: tuple[str, ...]) -> None:
    found = pages(locale, replace(FACTS, services=services))
    known = {page.path for page in found.values()}

    strange = {
        (page.key, link)
        for page in found.values()
        for link in links_in(list(page.blocks))
        if link not in known and not link.startswith(OWN_PLACES)
    }

    assert strange == set()
    assert len(known) == len(found)
    assert set(found) & set(SERVICES) == set(services)
    sold = {block["service"] for page in found.values() for block in page.blocks if block["kind"] == "products"}
    assert sold == set(services)


@pytest.mark.parametrize("locale", languages())
def test_every_language_says_the_same_in_the_same_shape(locale: str) -> None:
    def shape(found: Mapping[str, StarterPage]) -> dict[str, Any]:
        return {key: [_shape(block) for block in page.blocks] for key, page in found.items()}

    assert shape(pages(locale)) == shape(pages("en"))
    assert set(texts_in(locale)["gaps"]) == set(texts_in("en")["gaps"])
    keys = [column["pages"] for column in texts_in(locale)["menus"]["footer"]]
    assert keys == [column["pages"] for column in texts_in("en")["menus"]["footer"]]
    assert {key for column in keys for key in column} <= set(pages(locale))


def _shape(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _shape(each) for key, each in value.items() if key != "text"}
    if isinstance(value, list):
        return [_shape(each) for each in value] if value and isinstance(value[0], Mapping) else len(value)
    if isinstance(value, str):
        return re.findall(r"<(\w+)", value)
    return value


@pytest.mark.parametrize("locale", languages())
def test_what_a_shop_has_not_said_is_named(locale: str) -> None:
    silent = pages(locale, replace(FACTS, words={**WORDS, "vat_number": "", "company": ""}))

    assert len(silent["imprint"].gaps) == len(pages(locale)["imprint"].gaps) + 2
    assert all(page.gaps for page in pages(locale).values() if page.is_legal)


def test_words_of_the_shop_are_put_in_once_and_never_looked_at_again() -> None:
    sly = {"shop": "{{ email }} {{ secret }} <b>", "email": "post@nord.example"}

    assert fill("At {{ shop }}.", sly) == "At {{ email }} {{ secret }} <b>."
    assert fill("At {{ shop }}.", sly, is_markup=True) == "At {{ email }} {{ secret }} &lt;b&gt;."


@pytest.mark.parametrize("text", ["{{ secret }}", "{{ shop }}{{ email_ }}"])
def test_unknown_names_are_refused(text: str) -> None:
    with pytest.raises(UnknownPlaceholder):
        fill(text, {"shop": "North"})


@pytest.mark.parametrize(
    "text", ["{{ shop.name }}", "{{ 7*7 }}", "{%% if 1 %%}", "{shop.__class__}", "%(shop)s", "{{shop}}"]
)
def test_what_is_no_name_is_left_as_it_is(text: str) -> None:
    assert fill(text, {"shop": "North"}) == text


def test_gaps_stand_in_brackets() -> None:
    assert list(gaps_in({"html": "<p>[Who &amp; when?] and [more]</p>", "rows": [{"x": "[last]"}]})) == [
        "Who & when?", "more", "last",
    ]  # fmt: skip


@pytest.fixture
def bare(db: Work) -> Work:
    """A shop without pages, until the test ends."""
    for model in (VisitorMessage, PageVersion, Redirect, Menu):
        db.execute(delete(model).where(model.reseller_id == db.reseller_id))
    db.execute(delete(Page).where(Page.reseller_id == db.reseller_id))
    db.flush()
    return db


def test_whole_site_is_published_but_what_somebody_must_read_first(bare: Work) -> None:
    written = write_site(bare, "en", publish=True)

    assert {"home", "prices", "contact"} <= {page.key for page in written}
    for page in written:
        assert (find_published(bare, page.key, ["en"]) is None) == bool(page.is_legal or page.gaps), page.key
    assert "about" in {page.key for page in written if page.gaps}
    footer = bare.scalar(select(Menu).where(Menu.place == "footer", Menu.locale == "en"))
    assert footer is not None
    assert [column["title"] for column in footer.items] == ["Domains", "Help", "The small print"]


def test_second_time_writes_nothing_and_other_languages_are_translations(bare: Work) -> None:
    write_site(bare, "en", publish=True)

    assert write_site(bare, "en", publish=True) == []
    write_site(bare, "pl", publish=False)

    home = find_page(bare, "home")
    assert home is not None
    draft = find_version(bare, home, "pl", "draft")
    assert draft is not None
    assert draft.path == "/"
    assert draft.translated_from


def test_page_written_again_is_a_draft_and_nothing_is_lost(bare: Work) -> None:
    write_site(bare, "en", publish=True)
    about = next(page for page in starter_pages(bare, "en") if page.key == "contact")
    page = find_page(bare, "contact")
    assert page is not None
    open_draft(bare, page, "en").title = "What I was writing"

    write_page(bare, about, "en", publish=False)

    draft = find_version(bare, page, "en", "draft")
    assert draft is not None
    assert draft.title == about.title
    assert draft.path == about.path
    past = select(PageVersion.title).where(PageVersion.page_id == page.id, PageVersion.state == "past")
    assert list(bare.scalars(past)) == ["What I was writing"]


def test_page_comes_out_of_the_bin_when_it_is_wanted_again(bare: Work) -> None:
    write_site(bare, "en", publish=True)
    page = find_page(bare, "status")
    assert page is not None
    trash_page(bare, page)
    assert "status" not in {each.key for each in write_site(bare, "en", publish=True)}

    write_page(bare, next(each for each in starter_pages(bare, "en") if each.key == "status"), "en", publish=True)

    assert page.trashed_at is None
    assert find_published(bare, "status", ["en"]) is not None


@pytest.fixture
def fresh(database: Database) -> Shop:
    return new_shop(database)


@dataclass(frozen=True, kw_only=True)
class Site:
    """The whole site of a shop in every language; the addresses of its pages by language and key."""

    shop: Shop
    paths: dict[str, dict[str, str]]


@pytest.fixture(scope="module")
def live(database: Database, shops: dict[str, Shop]) -> Site:  # noqa: ARG001 - the endings must be there
    """One site for the tests that look at it; what one of them changes, no other looks at."""
    shop = new_shop(database)
    with database.work(shop.id) as db:
        offer_services(db)
        for locale in languages():
            for starter in starter_pages(db, locale):
                write_page(db, replace(starter, blocks=completed(starter.blocks)), locale, publish=True)
            write_menus(db, locale)
        seen = select(PageVersion.locale, Page.key, PageVersion.path).join(Page, Page.id == PageVersion.page_id)
        paths: dict[str, dict[str, str]] = {}
        for locale, key, path in db.execute(seen.where(PageVersion.state == "published")):
            paths.setdefault(locale, {})[key] = path
        db.commit()
    return Site(shop=shop, paths=paths)


@sampled
def test_every_page_is_light_and_whole(live: Site, client_of: Callable[[Shop], FlaskClient]) -> None:
    client = client_of(live.shop)

    for turn, (locale, paths) in enumerate(live.paths.items()):
        for path in share(list(paths.values()), turn, 2):
            answer = client.get(f"/{locale}{path}")
            assert answer.status_code == 200
            assert len(answer.data) <= 60_000, (path, len(answer.data))
            assert answer.text.count("<h1") == 1
            assert "{{" not in answer.text
            assert 'lang="' + locale in answer.text


def test_services_have_their_prices_and_lead_to_each_other(
    live: Site, client_of: Callable[[Shop], FlaskClient]
) -> None:
    client = client_of(live.shop)

    for locale, paths in live.paths.items():
        home = client.get(f"/{locale}{paths['home']}").text
        for service in SERVICES:
            assert f'href="/{locale}{paths[service]}"' in home
            assert f"Fjord for {service}" in home
        page = client.get(f"/{locale}{paths['hosting']}").text
        assert "73" in page[page.index("Fjord for hosting") :][:600]
        said = page[page.index("Fjord") : page.index("<footer")]
        assert re.search(rf"href=\W?/{locale}{paths['ssl']}\b", said), re.findall(r"href=[^ >]*", said)


def test_news_lie_below_their_page_and_are_told_with_a_feed(
    live: Site, client_of: Callable[[Shop], FlaskClient]
) -> None:
    client = client_of(live.shop)

    for locale, paths in live.paths.items():
        page = client.get(f"/{locale}{paths['news']}").text
        for key in ("news-open", "news-prices", "news-move"):
            assert paths[key].startswith(f"{paths['news']}/")
            assert f'href="/{locale}{paths[key]}"' in page
        assert "news-day" in client.get(f"/{locale}{paths['news-open']}").text
        assert client.get(f"/{locale}{paths['news']}/feed.xml").status_code == 200


def test_links_keep_the_language_and_menus_follow_their_pages(
    live: Site, client_of: Callable[[Shop], FlaskClient], database: Database
) -> None:
    client = client_of(live.shop)

    assert 'href="/pl/transfer"' in client.get("/pl/").text
    with database.work(live.shop.id) as db:
        page = find_page(db, "help")
        assert page is not None
        draft = open_draft(db, page, "pl")
        save_draft(db, draft, Writing(path="/wsparcie", title="Wsparcie", blocks=draft.blocks), revision=0)
        publish_draft(db, draft, revision=1)
        trash_page(db, page := find_page(db, "status") or page)
        db.commit()
    # A worker hears of the change a moment later.
    until(lambda: 'href="/pl/wsparcie"' in client.get("/pl/kontakt").text)
    found = client.get("/pl/kontakt").text
    assert 'href="/pl/status"' not in found
    assert live.paths["pl"]["help"] == "/pomoc"


def test_site_that_is_asked_for_three_times_at_once_is_written_once(database: Database, fresh: Shop) -> None:
    def write() -> int:
        with database.work(fresh.id) as db:
            written = len(write_site(db, "en", publish=False))
            db.commit()
        return written

    with ThreadPoolExecutor(3) as pool:
        counts = sorted(each.result() for each in [pool.submit(write) for _ in range(3)])

    assert counts[:2] == [0, 0]
    assert counts[2] > 5

"""Groups of endings as visitors meet them: what is proposed for a bare word, for a taken name, and in which order."""

import re
from collections.abc import Callable, Iterator

import pytest
from flask.testing import FlaskClient
from sqlalchemy import delete, select, update

from storefront.catalog.models import TldGroup
from storefront.catalog.shelves import GroupTerms, move_group, offer_endings, write_group
from storefront.core.changes import SITE, announce
from storefront.core.config import Config
from storefront.core.db import Database
from tests import factories
from tests.cms.block_shop import published
from tests.fixtures_app import Shop
from tests.fixtures_lookups import finish
from tests.storefront.shop.test_search import rows_of, search_of

pytestmark = pytest.mark.usefixtures("valkey")
TRADE = GroupTerms(slug="trade", title={"en": "Trade & more"}, endings=("eu", "com"))


@pytest.fixture
def told(database: Database, shops: dict[str, Shop], heard: Callable[[Shop, int], None]) -> Callable[[], None]:
    """Wait until visitors see what was changed."""

    def wait() -> None:
        with database.office_work() as db:
            version = db.scalar(select(SITE.c.version).where(SITE.c.reseller_id == shops["north"].id))
        heard(shops["north"], version or 0)

    return wait


@pytest.fixture
def made(database: Database, shops: dict[str, Shop], told: Callable[[], None]) -> Iterator[Callable[..., None]]:
    """Make groups; everything is as it was afterwards."""

    def make(*terms: GroupTerms, withdrawn: tuple[str, ...] = ()) -> None:
        with database.work(shops["north"].id) as db:
            for each in terms:
                write_group(db, each)
            offer_endings(db, withdrawn, is_offered=False)
            db.commit()
        told()

    yield make
    with database.work(shops["north"].id) as db:
        db.execute(delete(TldGroup).where(TldGroup.slug != "known"))
        db.execute(update(TldGroup).values(is_default=True, is_for_others=False, position=0))
        offer_endings(db, factories.ENDINGS, is_offered=True)
        announce(db)
        db.commit()
    told()


@pytest.fixture
def close_to(client: FlaskClient, config: Config, shops: dict[str, Shop]) -> Callable[[str], list[str]]:
    """Search, wait for the last answer, and return the other names that are proposed."""

    def searched(text: str) -> list[str]:
        first = client.get("/search", query_string={"q": text}).text
        finish(config, shops["north"].id, search_of(first))
        page = client.get("/search", query_string={"q": text, "search": search_of(first)}).text
        return list(rows_of(page.partition('id="close-to"')[2]))

    return searched


def tabs(page: str) -> list[str]:
    chips = page.partition('class="chips"')[2].partition("</nav>")[0]
    return re.findall(r'<a class="chip"[^>]*>(.*?) <span>', chips)


@pytest.mark.usefixtures("lookups")
@pytest.mark.parametrize("text", ["fjord light", "taken-fjord.com"])
def test_other_names_lie_below_the_chosen_endings(
    made: Callable[..., None], close_to: Callable[[str], list[str]], text: str
) -> None:
    before = close_to(text)
    made(GroupTerms(slug="ideas", title={"en": "Ideas"}, endings=("eu",), is_for_others=True))

    names = close_to(text)

    assert {name.rpartition(".")[2] for name in before} - {"eu"}
    assert names
    assert {name.rpartition(".")[2] for name in names} == {"eu"}


def test_taken_name_is_searched_below_the_other_endings_of_the_group(client: FlaskClient) -> None:
    page = client.get("/search", query_string={"q": "taken-fjord.com"}).text

    assert list(rows_of(page)) == [
        "taken-fjord.com",
        *(f"taken-fjord.{each}" for each in factories.ENDINGS if each != "com"),
    ]


def test_bare_word_is_searched_in_the_order_of_the_default_group(
    made: Callable[..., None], client: FlaskClient
) -> None:
    made(GroupTerms(slug="trade", title={"en": "Trade"}, endings=("eu", "com"), is_default=True))

    page = client.get("/search", query_string={"q": "fjordlight"}).text

    assert list(rows_of(page)) == ["fjordlight.eu", "fjordlight.com"]


def test_tabs_stand_in_the_order_of_the_groups(
    made: Callable[..., None],
    told: Callable[[], None],
    client: FlaskClient,
    database: Database,
    shops: dict[str, Shop],
) -> None:
    made(TRADE)
    before = tabs(client.get("/search").text)
    with database.work(shops["north"].id) as db:
        move_group(db, db.scalars(select(TldGroup.id).where(TldGroup.slug == "trade"))[0], by=-1)
        db.commit()
    told()

    assert before == ["Well known", "Trade &amp; more", "All"]
    assert tabs(client.get("/search").text) == ["Trade &amp; more", "Well known", "All"]


def test_withdrawn_ending_goes_out_of_everything(made: Callable[..., None], client: FlaskClient) -> None:
    made(GroupTerms(slug="only", title={"en": "Only"}, endings=("eu",), is_for_others=True), TRADE, withdrawn=("eu",))

    page = client.get("/search", query_string={"q": "fjordlight", "group": "trade"}).text

    assert tabs(page) == ["Well known", "Trade &amp; more", "All"]
    assert list(rows_of(page)) == ["fjordlight.com"]
    assert ".eu" not in page


def test_prices_of_a_withdrawn_ending_are_shown_no_more(
    made: Callable[..., None], client: FlaskClient, database: Database, shops: dict[str, Shop]
) -> None:
    blocks: list[dict[str, object]] = [
        {"kind": kind, "endings": ["com", "eu"]} for kind in ("price_strip", "price_table")
    ]
    with database.work(shops["north"].id) as db:
        published(db, "/two-prices", *blocks)
        db.commit()
    before = client.get("/two-prices").text
    made(withdrawn=("eu",))

    after = client.get("/two-prices").text

    assert ".eu" in before
    assert ".com" in after
    assert ".eu" not in after


def test_search_block_searches_in_its_group(
    made: Callable[..., None], client: FlaskClient, database: Database, shops: dict[str, Shop]
) -> None:
    made(TRADE)
    with database.work(shops["north"].id) as db:
        published(db, "/trade-names", {"kind": "domain_search", "title": "Find it", "group": "trade"})
        published(db, "/lost-names", {"kind": "domain_search", "title": "Find it", "group": '"><b>gone'})
        db.commit()

    assert '<input type="hidden" name="group" value="trade">' in client.get("/trade-names").text
    assert 'name="group"' not in client.get("/lost-names").text
    assert list(rows_of(client.get("/search?q=fjordlight&group=trade").text)) == ["fjordlight.eu", "fjordlight.com"]

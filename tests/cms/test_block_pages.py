"""Every kind of block on a page, as a visitor gets it."""

import re
from collections.abc import Callable
from datetime import timedelta
from itertools import pairwise
from uuid import UUID

import pytest
from flask import Flask, Response, g
from flask.testing import FlaskClient
from sqlalchemy import select

from cms.blocks import KINDS, SPECS, whole
from cms.page_checks import Words, problems_of
from storefront.core.changes import SITE
from storefront.core.db import Database
from storefront.web.rendering import make_anew_after, storable
from tenants.resellers import current_reseller
from tests import factories
from tests.cms.block_samples import SAMPLES, sample
from tests.cms.block_shop import media, published
from tests.fixtures_app import Shop
from tests.statements import counted


def test_every_kind_has_a_sample_that_could_be_published() -> None:
    ids = {name: str(UUID(int=1)) for name in ("picture", "second", "file", "promotion")}

    problems = problems_of(Words(title="A page"), [{"id": kind, **whole(sample(kind, **ids))} for kind in SAMPLES])

    assert set(SAMPLES) == set(KINDS)
    assert problems == []


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_block_from_an_older_version_lacks_nothing(kind: str) -> None:
    assert set(whole({"kind": kind})) >= set(SPECS[kind])


def test_every_block_is_shown(visit: Callable[..., str]) -> None:
    page = visit("/every-block", *KINDS)

    titles = [str(each["title"]) for each in SAMPLES.values() if "title" in each]
    assert [title for title in titles if title not in page] == []
    assert page.count("<h1") == 1
    words = re.sub(r"<script[^>]*>.*?</script>|<[^>]*>", "", page, flags=re.DOTALL)
    assert "{" not in words


def test_empty_blocks_break_no_page(visit: Callable[..., str]) -> None:
    page = visit("/empty-blocks", *KINDS, is_empty=True)

    assert page.count("<h1") == 1


@pytest.mark.parametrize("is_titled", [True, False])
def test_headings_come_in_their_order(visit: Callable[..., str], is_titled: bool) -> None:
    page = visit(f"/headings-{int(is_titled)}", *sorted(KINDS), **({} if is_titled else {"title": ""}))

    levels = [int(found) for found in re.findall(r"<h([1-6])[ >]", page.partition("<main")[2].partition("</main>")[0])]
    assert levels[0] == 1
    assert levels.count(1) == 1, levels
    assert all(after <= before + 1 for before, after in pairwise(levels)), levels


def test_picture_has_its_size_and_words(visit: Callable[..., str]) -> None:
    page = visit("/one-picture", "image")

    assert re.search(r'<img src="/media/library/[0-9a-f]{64}\.png" alt="The harbour" width="1200" height="800"', page)
    assert "The harbour in November" in page


def test_link_around_a_picture_without_words_has_a_name(visit: Callable[..., str]) -> None:
    page = visit("/our-gallery", "gallery")

    assert 'aria-label="Picture 2"' in page
    assert 'alt=""' in page


def test_file_says_its_kind_and_size(visit: Callable[..., str]) -> None:
    page = visit("/our-files", "downloads")

    assert 'download="form.pdf"' in page
    assert "PDF, 123 kB" in page


def test_file_in_the_bin_is_not_shown(database: Database, shops: dict[str, Shop], client: FlaskClient) -> None:
    with database.work(shops["north"].id) as db:
        gone = media(db, "gone.png", trashed_at=db.now)
        published(db, "/gone-picture", {"kind": "image", "picture": str(gone.id), "caption": "Gone"})
        db.commit()

    page = client.get("/gone-picture")

    assert page.status_code == 200
    assert "Gone" not in page.text


def test_file_of_another_shop_is_not_shown(database: Database, shops: dict[str, Shop], client: FlaskClient) -> None:
    with database.work(shops["south"].id) as db:
        theirs = media(db, "theirs.png").id
        db.commit()
    with database.work(shops["north"].id) as db:
        published(db, "/their-picture", {"kind": "image", "picture": str(theirs), "caption": "Theirs"})
        db.commit()

    assert "Theirs" not in client.get("/their-picture").text


def test_table_names_rows_and_columns(visit: Callable[..., str]) -> None:
    page = visit("/plans", "raw_table")

    assert '<th scope="col">Plan</th><th scope="col" class="num">Space</th>' in page
    assert '<th scope="row">Harbour</th><td class="num">20 GB</td>' in page


def test_legal_text_has_contents_that_lead_to_its_chapters(visit: Callable[..., str]) -> None:
    page = visit("/our-terms", "legal_text")

    assert '<a href="#chapter-1-2">What you owe</a>' in page
    assert '<h2 id="chapter-1-2" class="text-xl">What you owe</h2>' in page


def test_contact_card_says_who_the_shop_is(
    database: Database, shops: dict[str, Shop], visit: Callable[..., str]
) -> None:
    page = visit("/reach-us", "contact_card")

    assert 'href="mailto:hello@north.example"' in page
    assert 'href="tel:+358942450010"' in page
    with database.work(shops["north"].id) as db:
        assert current_reseller(db).vat_number in page


def test_page_of_all_blocks_asks_six_questions_at_most(
    database: Database,
    shops: dict[str, Shop],
    client: FlaskClient,
    visit: Callable[..., str],
    heard: Callable[[Shop, int], None],
) -> None:
    visit("/all-blocks", *KINDS)
    with database.office_work() as db:
        version = db.scalar(select(SITE.c.version).where(SITE.c.reseller_id == shops["north"].id))
    heard(shops["north"], version or 0)
    client.get("/all-blocks")

    with counted(database) as statements:
        answer = client.get("/all-blocks?again=1")

    assert answer.status_code == 200
    assert len(statements) <= 6, "\n".join(statements)


def test_film_is_asked_for_by_a_click_and_nothing_before(visit: Callable[..., str], client: FlaskClient) -> None:
    page = visit("/our-film", "embed")

    frame = re.search(r"<iframe[^>]*>", page)
    assert frame is not None
    assert " src" not in frame[0]
    assert "sandbox=" in frame[0]
    assert 'href="https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ" target="embed-1"' in page
    policy = client.get("/our-film").headers["Content-Security-Policy"]
    assert policy.endswith("; frame-src https://www.youtube-nocookie.com")


def test_page_without_films_may_frame_nothing(visit: Callable[..., str], client: FlaskClient) -> None:
    visit("/no-film", "rich_text")

    assert "frame-src" not in client.get("/no-film").headers["Content-Security-Policy"]


def test_news_begin_with_the_newest(visit: Callable[..., str]) -> None:
    page = visit("/our-news", "news_list")

    assert page.index("A second office") < page.index("The first office")
    assert "The first office, in a sentence." in page


def test_only_so_many_news_are_shown(visit: Callable[..., str]) -> None:
    page = visit("/newest", "news_list", most=1)

    assert "A second office" in page
    assert "The first office" not in page


def test_product_has_its_price_and_what_setting_it_up_costs(visit: Callable[..., str]) -> None:
    page = visit("/our-mailboxes", "products")

    assert "Fjord" in page
    assert "€24.00" in page
    assert "plus €5.00 once" in page


def test_product_of_a_service_that_is_not_offered_is_not_shown(visit: Callable[..., str]) -> None:
    page = visit("/our-hosting", "products", service="hosting", title="Hosting here")

    assert "Hosting here" not in page


def test_promotion_says_what_it_gives_and_until_when(visit: Callable[..., str]) -> None:
    page = visit("/our-offer", "promotion_countdown")

    assert "Names for spring" in page
    assert re.search(r"20.?% less", page)
    assert "data-countdown" in page


def test_promotion_that_is_over_is_not_shown(
    database: Database, shops: dict[str, Shop], visit: Callable[..., str]
) -> None:
    with database.work(shops["north"].id) as db:
        over = factories.make_promotion(db, starts_at=db.now - timedelta(days=2), ends_at=db.now - timedelta(days=1))
        db.commit()

    page = visit("/old-offer", "promotion_countdown", promotion=str(over.id), title="Too late")

    assert "Too late" not in page


def test_short_price_table_has_two_prices(visit: Callable[..., str]) -> None:
    page = visit("/short-prices", "price_table", shows="years")

    assert "Renewal" in page
    assert "Restore" not in page


def test_page_is_kept_for_as_long_as_what_changes_first(app: Flask) -> None:
    with app.test_request_context("/"):
        g.has_session = False
        assert storable(Response()).headers["X-Vitrine-Ready"] == "1"
        make_anew_after(3_600)
        make_anew_after(50.9)
        make_anew_after(99)

        kept = storable(Response())

    assert kept.headers["X-Vitrine-Ready"] == "50"

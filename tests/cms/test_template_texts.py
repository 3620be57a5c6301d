"""What looks like a template is a text: nothing is reckoned or filled in, and all of it is shown."""

import html
import re
from collections.abc import Callable, Iterator

import pytest
from flask.testing import FlaskClient

from cms.blocks import block_from
from cms.pages import PageTerms, publish_page, set_menu
from cms.paths import is_allowed, slug_of
from cms.redirect_rules import source_of
from cms.starter_texts import Facts, Group, languages, pages_of
from storefront.core.changes import announce
from storefront.core.db import Database
from storefront.notifications.compose import compose, one_line
from storefront.notifications.letters import LETTERS
from storefront.notifications.look import look_of
from tenants.resellers import current_reseller
from tests.cms.corpora import RECKONED, templates
from tests.cms.test_hostile import NUMBERS, blocks_of
from tests.fixtures_app import Shop
from tests.storefront.notifications.letters_at_hand import CONFIG, LINKS, SAID, make_shop

TEXTS = templates()
FEW = 3
TAG = re.compile(r"<[^>]*>")


def traces(text: str, page: str, *, is_whole: bool = True) -> list[str]:
    """What tells that a text was not left as it is."""
    found = [RECKONED] if RECKONED in page else []
    words = " ".join(html.unescape(TAG.sub(" ", page)).split())
    if is_whole and " ".join(text.split()) not in words:
        found.append("the text is not shown")
    return found


@pytest.fixture
def shown(database: Database, shops: dict[str, Shop], client: FlaskClient) -> Iterator[Callable[[str], str]]:
    """Publish a page, a menu and a company that say a text everywhere, and return what a visitor gets."""
    shop = shops["north"]

    def show(text: str) -> str:
        with database.work(shop.id) as db:
            path = f"/texts-{next(NUMBERS)}"
            terms = PageTerms(
                key=path[1:], locale="en", path=path, title=text[:100], description=text,
                blocks=[block_from(each) for each in blocks_of(text)],
            )  # fmt: skip
            publish_page(db, terms)
            set_menu(db, "header", "en", [{"label": text, "url": "/search"}])
            current_reseller(db).legal_lines = [text[:200]]
            announce(db)
            db.commit()
        answer = client.get(path)
        assert answer.status_code == 200
        return answer.text

    yield show
    with database.work(shop.id) as db:
        set_menu(db, "header", "en", [])
        current_reseller(db).legal_lines = []
        announce(db)
        db.commit()


def test_corpus_is_large() -> None:
    assert len(set(TEXTS)) == len(TEXTS) > 200


@pytest.mark.parametrize("number", range(FEW))
def test_texts_are_shown_as_they_are(shown: Callable[[str], str], number: int) -> None:
    """Many at a time here, each one by one in the proof."""
    text = " · ".join(TEXTS[number::FEW])

    assert traces(text, shown(text)) == []


@pytest.mark.proof
@pytest.mark.parametrize("text", TEXTS)
def test_every_text_in_every_field_is_shown_as_it_is(shown: Callable[[str], str], text: str) -> None:
    assert traces(text, shown(text)) == []


@pytest.mark.parametrize(("number", "name"), list(enumerate(["sign_up_code", "order_placed", "welcome"])))
def test_letters_say_the_name_of_a_shop_as_it_is(number: int, name: str) -> None:
    assert name in LETTERS
    for text in TEXTS[number::6]:
        reseller = make_shop("x", name=text, legal_name=text, city=text, legal_lines=[text])
        values = {**SAID[name], "links": LINKS, "name": text}
        letter = compose(name, values, look=look_of(CONFIG, reseller), locale="en", zone="UTC")

        assert RECKONED not in letter.subject + letter.text + letter.html, text
        assert one_line(text) in " ".join(letter.text.split()), text


@pytest.mark.proof
@pytest.mark.parametrize("text", TEXTS)
def test_every_letter_says_every_text_as_it_is(text: str) -> None:
    for name in LETTERS:
        reseller = make_shop("x", name=text, legal_name=text, city=text, legal_lines=[text])
        values = {**SAID[name], "links": LINKS, "name": text}
        letter = compose(name, values, look=look_of(CONFIG, reseller), locale="pl", zone="UTC")

        assert RECKONED not in letter.subject + letter.text + letter.html, name
        assert one_line(text) in " ".join(letter.text.split()), name


@pytest.mark.parametrize(("number", "locale"), list(enumerate(languages())))
def test_starter_pages_say_the_words_of_a_shop_as_they_are(number: int, locale: str) -> None:
    for text in TEXTS[number::6]:
        words = dict.fromkeys(("shop", "company", "address", "country", "email", "numbers", "vat_number"), text)
        group = Group(slug="x", title=text, endings=["com"], shown=text)
        pages = pages_of(locale, Facts(words=words, endings={"best_endings": ["com"]}), [group])

        assert [page.key for page in pages if RECKONED in str(page.blocks) + page.title + page.description] == [], text
        assert any(text in page.title + page.description for page in pages), text


def test_address_is_never_more_than_letters_and_hyphens() -> None:
    made = [slug_of(text) for text in TEXTS]

    assert [each for each in made if re.search(r"[^a-z0-9-]", each)] == []
    assert [text for text in TEXTS if is_allowed(f"/{text}")] == []
    assert [text for text in TEXTS if RECKONED in source_of(f"/{text}")] == []

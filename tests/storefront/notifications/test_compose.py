"""Every letter in every language, in two brands, with what hostile people write."""

import re
from typing import Any

import pytest
from jinja2 import UndefinedError

from storefront.core.money import Money
from storefront.notifications.compose import Composed, Written, compose, one_line, printable
from storefront.notifications.letters import LETTERS, Audience
from storefront.notifications.look import look_of
from storefront.orders.renewals import BuyersPrice
from tests.storefront.notifications.letters_at_hand import CONFIG, LINKS, SAID, SHOPS

LOCALES = ("en", "fr", "pl", "de")
PLATFORM = re.compile(r"vitrine", re.IGNORECASE)


def written(kind: str, locale: str = "en", shop: str = "nordhost", **more: Any) -> Composed:
    reseller = SHOPS[shop]
    values = {**SAID[kind], "links": LINKS, "name": "Marta Zielińska", **more}
    return compose(kind, values, look=look_of(CONFIG, reseller), locale=locale, zone=reseller.zone)


@pytest.mark.parametrize("shop", SHOPS)
@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("name", LETTERS)
def test_letter_is_whole_in_every_language_and_brand(name: str, locale: str, shop: str) -> None:
    letter = written(name, locale, shop)

    assert letter.subject
    assert "\n" not in letter.subject
    assert letter.subject not in letter.text.splitlines()[:1]
    assert f'lang="{locale}"' in letter.html
    assert "{{" not in letter.html + letter.text
    assert 'class="box"' in letter.html
    assert "style=" in letter.html
    assert len(letter.html.encode()) < 100_000, "Gmail cuts letters of more than 102 kB"


@pytest.mark.parametrize("name", [name for name, letter in LETTERS.items() if letter.audience is not Audience.OPERATOR])
def test_letter_has_no_word_of_the_platform(name: str) -> None:
    letter = written(name)

    assert PLATFORM.findall(letter.subject + letter.text + letter.html) == []


@pytest.mark.parametrize("name", LETTERS)
def test_letter_fetches_nothing(name: str) -> None:
    letter = written(name)

    sources = re.findall(r"src=\"([^\"]*)\"", letter.html)

    assert sources == ["cid:logo", "cid:logo-dark"]
    assert re.findall(r"url\(|@import|<link|<script", letter.html) == []


# Who asked for a code has the page before their eyes.
CODES = {"sign_up_code", "sender_code", "own_code", "email_change_code"}


@pytest.mark.parametrize("name", [name for name in LETTERS if name not in CODES])
def test_letter_says_in_text_what_it_says_in_html(name: str) -> None:
    letter = written(name)

    addresses = set(re.findall(r'href="(https://shop\.example[^"]*)"', letter.html))

    assert addresses
    assert [address for address in addresses if address not in letter.text] == []


def test_letter_with_a_gap_is_an_error() -> None:
    with pytest.raises(UndefinedError):
        compose("welcome", {"links": LINKS}, look=look_of(CONFIG, SHOPS["nordhost"]), locale="en", zone="UTC")


@pytest.mark.parametrize(
    "name", ["sign_up_code", "password_reset", "own_code", "email_change_code", "staff_invitation"]
)
def test_secret_does_not_stand_in_the_subject(name: str) -> None:
    letter = written(name)

    assert "204816" not in letter.subject
    assert "recovery" not in letter.subject


@pytest.mark.parametrize("name", LETTERS)
def test_markup_in_a_name_stays_words(name: str) -> None:
    letter = written(name, name="<img src=x onerror=alert(1)>{{ 7*7 }}")

    assert "<img src=x" not in letter.html
    assert "49" not in letter.text.partition("onerror")[2].partition("}}")[0]


def test_long_name_is_cut() -> None:
    letter = written("welcome", name="Ą" * 10_000, login="x" * 10_000)

    assert len(letter.text) < 3_000
    assert "Ą" * 300 not in letter.html


def test_name_of_several_lines_becomes_one() -> None:
    assert one_line("Eve\r\nBcc: all@example.com\x00\u2028\u202eend") == "Eve Bcc: all@example.com end"


def test_links_are_never_cut() -> None:
    link = "https://shop.example/" + "a" * 500

    assert printable({"accounts": [{"link": link, "name": "n" * 500}]})["accounts"][0]["link"] == link


def test_dark_screens_get_dark_colours() -> None:
    letter = written("welcome")

    assert "@media (prefers-color-scheme" in letter.html or "@media (prefers-color-scheme:" in letter.html
    assert letter.html.count("!important") > 20


def test_unknown_language_is_english() -> None:
    assert 'lang="en"' in written("welcome", "xx").html


def test_what_a_visitor_wrote_keeps_its_lines_and_is_not_cut() -> None:
    words = Written("Good morning,\nhow long?\n\n" + "b" * 900)

    letter = written("visitor_wrote", words=words)

    assert f"Good morning,\nhow long?\n\n{'b' * 900}\n" in letter.text
    assert "Good morning,<br>how long?<br><br>bbb" in letter.html


def test_what_a_visitor_wrote_does_not_become_markup() -> None:
    letter = written("visitor_wrote", words=Written("<b>bold</b>\n<script>x</script>\u202e"))

    assert "<script" not in letter.html
    assert "&lt;b&gt;bold" in letter.html
    assert "\u202e" not in letter.text


def test_letter_speaks_of_vat_only_where_there_is_some() -> None:
    taxed = written("payment_received")
    untaxed = written("payment_received", has_vat=False)
    free = written("domain_registered", renewal=BuyersPrice(price=Money(4770, "PLN"), vat=""))

    assert "VAT included" in taxed.text
    assert "VAT included" not in untaxed.text + untaxed.html + free.text + free.html

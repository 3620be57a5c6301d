"""The page of last resort: in the language asked for, readable in the dark, of no brand, and with nothing to load."""

import pytest

from storefront.core.i18n import LOCALES
from storefront.web.last_page import asked_language, last_page


@pytest.mark.parametrize(
    ("first_step", "accepted", "language"),
    [
        ("fr", "pl", "fr"),
        ("cart", "pl-PL,en;q=0.5", "pl"),
        ("", "es,de;q=0.3", "de"),
        ("", "es", "en"),
        ("", "", "en"),
    ],
)
def test_language_is_of_the_address_or_of_the_browser(first_step: str, accepted: str, language: str) -> None:
    assert asked_language(first_step, accepted) == language


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("status", [400, 404, 405, 421, 500, 503])
def test_page_is_whole_and_tiny_in_every_language(status: int, locale: str) -> None:
    page = last_page(status, locale)

    assert f'<html lang="{locale}">' in page
    assert '<meta name="color-scheme" content="light dark">' in page
    assert "vitrine" not in page.lower()
    assert len(page) < 600
    assert (last_page(status, "en") == page) == (locale == "en")


def test_words_are_no_markup() -> None:
    assert "<p>&lt;b&gt;No</p>" in last_page(403, "en", "<b>No")

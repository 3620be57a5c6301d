"""rule: the page of last resort, where there is no shop to speak for, or none can be asked: bare, of no brand."""

from functools import lru_cache
from html import escape

from storefront.core.i18n import DEFAULT_LOCALE, LOCALES, Text, speaking
from storefront.core.i18n import lazy_gettext as _
from storefront.web.negotiation import wish_of

# Nothing may be loaded and no style holds (default-src 'none'), so the browser's own light or dark is all the look.
_PAGE = (
    '<!doctype html><html lang="{locale}"><meta charset="utf-8">'
    '<meta name="viewport" content="width=device-width, initial-scale=1">'
    '<meta name="color-scheme" content="light dark">'
    "<title>{title}</title><h1>{title}</h1>"
)
_NOTHING_HERE = _("There is nothing at this address")
_TITLES = {
    404: _NOTHING_HERE,
    405: _("This page cannot be opened like that"),
    421: _NOTHING_HERE,
    503: _("Back in a moment"),
}
_FAILED = _("This did not work")
_HINTS: dict[int, Text] = {
    500: _(
        "It is not your fault, and we were told at once. What you did before is kept; please try again in a minute."
    ),
    503: _("Something we lean on does not answer just now. What you did before is kept; please try again in a minute."),
}


def asked_language(first_step: str, accept_language: str) -> str:
    """Return the language of ours that an address begins with, else the one that the browser likes best."""
    if first_step in LOCALES:
        return first_step
    return wish_of(accept_language).partition(",")[0] or DEFAULT_LOCALE


@lru_cache(maxsize=100)
def last_page(status: int, locale: str, words: str = "") -> str:
    """Return the whole page in a language; ``words`` say more than the status, and are no markup."""
    with speaking(locale):
        page = _PAGE.format(locale=locale, title=escape(str(_TITLES.get(status, _FAILED))))
        hint = words or str(_HINTS.get(status, ""))
    return f"{page}<p>{escape(hint)}</p>" if hint else page

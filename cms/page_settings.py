"""rule: what a page says of itself beside its title and description: to search engines and where its link is shared.

A version keeps them in ``settings``; whatever else stands there belongs to others and is left alone.
"""

from collections.abc import Mapping
from typing import Any

from cms.block_fields import Spec
from cms.news_rules import LONGEST_SLUG, MOST_OF_A_PAGE
from storefront.core.i18n import lazy_gettext as _

PAGE_SETTINGS: Mapping[str, Spec] = {
    "search_title": Spec(
        widget="line",
        label=_("Title in search engines"),
        help=_("Empty means the title of the page."),
        longest=70,
        is_words=True,
    ),
    "picture": Spec(
        widget="picture", label=_("Picture where the link is shared"), help=_("Empty means one made from the title.")
    ),
    "noindex": Spec(widget="flag", label=_("Keep this page out of search engines")),
    "date": Spec(
        widget="date", label=_("Day of the news"), help=_("Empty means the day on which the page was first published.")
    ),
    "categories": Spec(widget="categories", label=_("Categories"), longest=LONGEST_SLUG, most=MOST_OF_A_PAGE),
}
# Asked only of pages that lie below a list of news.
OF_NEWS = frozenset({"date", "categories"})
# What a translation begins with.
SHARED = tuple(sorted(OF_NEWS))


def settings_of(kept: Mapping[str, Any]) -> dict[str, Any]:
    """Return the settings that editors change, each with what it holds."""
    return {name: kept.get(name, spec.empty) for name, spec in PAGE_SETTINGS.items()}

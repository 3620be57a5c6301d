"""rule: pages without an address: what a shop says where something is missing, broken or closed, and on parked names.

Their key is their path, and begins with a sign that no address begins with: nobody can ask for them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from storefront.core.i18n import Text
from storefront.core.i18n import lazy_gettext as _

MARK: Final = "~"
NOT_FOUND, BROKEN, MAINTENANCE = "~not-found", "~broken", "~maintenance"
PARKED, RESTRAINED = "~parked", "~parked-restrained"
# What is made ready with the shop's name and menus: none of these looks at the database when it is shown.
STILL: Final = frozenset(
    {
        "hero",
        "rich_text",
        "columns",
        "features",
        "call_to_action",
        "faq",
        "testimonials",
        "image",
        "gallery",
        "raw_table",
        "frame",
        "contact_card",
        "divider",
    }
)
PLAIN: Final = frozenset({"rich_text", "image", "divider"})


@dataclass(frozen=True, kw_only=True)
class SpecialPage:
    """One such page: what editors call it, when it is seen, and which blocks it may hold.

    ``has_search`` says whether the search box answers where it is shown, ``has_links`` whether it may lead anywhere.
    """

    key: str
    label: Text
    about: Text
    sign: str
    kinds: frozenset[str]
    has_search: bool = False
    has_links: bool = True


SPECIAL_PAGES: Final[Mapping[str, SpecialPage]] = {
    each.key: each
    for each in (
        SpecialPage(
            key=NOT_FOUND,
            label=_("Nothing here"),
            about=_("Who follows an old or mistyped address reads it. The search box and a way home are always below."),
            sign="search",
            kinds=STILL | {"domain_search", "downloads"},
            has_search=True,
        ),
        SpecialPage(
            key=BROKEN,
            label=_("Something broke"),
            about=_("Seen when we make a mistake or something we lean on does not answer."),
            sign="alert",
            kinds=STILL,
        ),
        SpecialPage(
            key=MAINTENANCE,
            label=_("Maintenance"),
            about=_("Seen by everybody but your people while you have closed the site for work."),
            sign="clock",
            kinds=STILL | {"downloads"},
        ),
        SpecialPage(
            key=PARKED,
            label=_("Parked names"),
            about=_("Seen at the names of your customers that lead to your shop and have no website yet."),
            sign="globe",
            kinds=STILL,
        ),
        SpecialPage(
            key=RESTRAINED,
            label=_("Parked names without advertising"),
            about=_("The same for endings whose rules forbid advertising on names without a website."),
            sign="shield",
            kinds=PLAIN,
            has_links=False,
        ),
    )
}


def special_at(path: str) -> SpecialPage | None:
    """Return the special page that stands at this path, which is also its key."""
    return SPECIAL_PAGES.get(path)


def is_special(path: str) -> bool:
    """Whether this is no address, but the name of a page without one."""
    return path.startswith(MARK)


def is_fixed(path: str) -> bool:
    """Whether a page stays where it is: the home page, and those without an address."""
    return path == "/" or is_special(path)


def forbidden(special: SpecialPage, block: Mapping[str, Any]) -> Text | None:
    """Say why a block cannot stand on a special page; ``None`` where it can."""
    if str(block["kind"]) not in special.kinds:
        return _REFUSED.get(special.key, _("This block needs the shop, which does not answer where this page is seen."))
    if not special.has_links and _leads_away(block):
        return _("Take the links out: the rules of these endings forbid leading visitors to an offer.")
    return None


_REFUSED: Mapping[str, Text] = {
    RESTRAINED: _("The rules of these endings forbid advertising: this page takes texts, pictures and dividers only."),
}


def _leads_away(value: Any) -> bool:
    """Whether anything in a block is a link, typed or in its markup."""
    if isinstance(value, Mapping):
        return any((name == "url" and bool(each)) or _leads_away(each) for name, each in value.items())
    if isinstance(value, Sequence) and not isinstance(value, str):
        return any(_leads_away(each) for each in value)
    return isinstance(value, str) and "<a " in value


def stilled(special: SpecialPage, blocks: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return the blocks that a special page may show, without a search box where none would answer.

    Publishing refuses the others; what an older rule let through is left out.
    """
    kept = [dict(block) for block in blocks if forbidden(special, block) is None]
    for block in kept:
        if block["kind"] == "hero" and not special.has_search:
            block["search"] = False
    return kept

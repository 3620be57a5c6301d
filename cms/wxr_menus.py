"""rule: menus of a WordPress export -> menus of ours: the first above every page, the others at its foot."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from cms.arrivals import ArrivingMenu, Notes
from cms.page_checks import is_link
from cms.wxr_reading import Item

MOST_HEADER: Final = 8
MOST_COLUMNS: Final = 4
LONGEST_LABEL: Final = 60
HEADER_WORDS: Final = ("main", "primary", "header", "top", "haupt", "principal", "główne", "menu-1")


def menus_of(
    entries: Sequence[Item], refs: Mapping[str, str], locale_of: Callable[[Item], str], notes: Notes
) -> list[ArrivingMenu]:
    """Return the menus of an export by language; of several the one that sounds like it stands at the top."""
    menus: dict[tuple[str, str], list[Item]] = {}
    for entry in entries:
        name = next((name for _short, name in entry.named("nav_menu")), "")
        if name:
            menus.setdefault((locale_of(entry), name), []).append(entry)
    found = []
    for locale in sorted({locale for locale, _name in menus}):
        names = [name for each, name in menus if each == locale]
        top = next((name for name in names if any(word in name.lower() for word in HEADER_WORDS)), names[0])
        links = _links(menus[locale, top], refs, notes, top)
        found.append(ArrivingMenu(place="header", locale=locale, items=links))
        columns = [
            {"title": name[:LONGEST_LABEL], "items": _links(menus[locale, name], refs, notes, name)}
            for name in names
            if name != top
        ]
        if columns:
            found.append(ArrivingMenu(place="footer", locale=locale, items=columns[:MOST_COLUMNS]))
        for column in columns[MOST_COLUMNS:]:
            notes.say("menu", str(column["title"]))
    return found


def _links(entries: Sequence[Item], refs: Mapping[str, str], notes: Notes, menu: str) -> list[dict[str, Any]]:
    """Return the entries of a menu in their order; those below others stand behind them, since ours are flat."""
    found: list[dict[str, Any]] = []
    for entry in sorted(entries, key=lambda each: each.order):
        label = entry.title[:LONGEST_LABEL]
        number, url = entry.meta.get("_menu_item_object_id", ""), entry.meta.get("_menu_item_url", "")
        if entry.meta.get("_menu_item_type") == "post_type" and number in refs:
            found.append({"label": label, "page": refs[number]})
        elif entry.meta.get("_menu_item_type") == "custom" and is_link(url) and label:
            found.append({"label": label, "url": url})
        else:
            notes.say("menu", menu, label or url or f"#{number}")
    return found

"""What a visitor searches for, as the address of the page says it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from werkzeug.datastructures import MultiDict

from storefront.catalog.search import Search, read_search
from storefront.catalog.search_text import CHARACTERS_MOST
from storefront.pricing.queries import Shelf

ENDINGS_MOST = 500
Values = Mapping[str, str | list[str]]


@dataclass(frozen=True, kw_only=True)
class Wish:
    """The search box and what is chosen around it. ``endings`` are looked up beside those of the group."""

    text: str = ""
    group: str = ""
    endings: tuple[str, ...] = ()
    has_many: bool = False
    search_id: str = ""

    def address(self, **change: object) -> dict[str, str | list[str]]:
        """Return the values of this page's address, with changes; what is empty is left out."""
        wish = replace(self, **change)  # type: ignore[arg-type]  # the caller names fields of this class
        values: dict[str, str | list[str]] = {
            "q": wish.text,
            "group": wish.group,
            "endings": list(wish.endings),
            "several": "1" if wish.has_many else "",
            "search": wish.search_id,
        }
        return {name: value for name, value in values.items() if value}

    def others(self, shelf: Shelf) -> tuple[str, ...]:
        """Return the endings that every label is looked up under."""
        return tuple(dict.fromkeys((*shelf.group(self.group).endings, *self.endings)))

    def read(self, shelf: Shelf) -> Search:
        """Read what was typed; never raises."""
        return read_search(self.text, endings=shelf.endings, others=self.others(shelf), label_rules=shelf.label_rules)


def read_wish(arguments: "MultiDict[str, str]", shelf: Shelf) -> Wish:
    """Read the address; what makes no sense is left out."""
    text = arguments.get("q", "")[: CHARACTERS_MOST + 1]
    slug = arguments.get("group", "")
    known = {group.slug for group in shelf.groups} | {"all"}
    chosen: Sequence[str] = arguments.getlist("endings")[:ENDINGS_MOST]
    search_id = arguments.get("search", "")
    return Wish(
        text=text,
        group=slug if slug in known else "",
        endings=tuple(ending for ending in dict.fromkeys(chosen) if ending in shelf.endings),
        has_many=bool(arguments.get("several")) or "\n" in text.strip(),
        search_id=search_id if is_search_id(search_id) else "",
    )


def is_search_id(text: str) -> bool:
    """Whether a text could be the id of a search."""
    return 16 <= len(text) <= 40 and text.isascii() and text.replace("-", "").replace("_", "").isalnum()  # noqa: PLR2004 - 128 bits in base64 are 22 letters

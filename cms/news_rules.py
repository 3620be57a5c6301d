"""rule: news are the pages below a page that lists them: which are in a list, in what order, and what is beside one."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from cms.paths import normal_path

# What a list shows at once, and a feed tells.
MOST: Final = 30
MOST_OF_A_PAGE: Final = 10
SLUG: Final = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
LONGEST_SLUG: Final = 40
DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
# What XML 1.0 has no place for, however it is written.
_NO_XML: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, kw_only=True, slots=True)
class Category:
    """What some of the news are about; its address never changes, whatever it is called."""

    slug: str
    title: Mapping[str, str]

    def named(self, locale: str) -> str:
        """Return what it is called in a language, else in English, else in any."""
        return (
            self.title.get(locale) or self.title.get("en") or next((each for each in self.title.values() if each), "")
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class Post:
    """A published page below another, in one language. ``at`` is the day it names, else when it was first published."""

    page_id: UUID
    parent_id: UUID
    locale: str
    title: str
    text: str
    path: str
    at: datetime
    changed_at: datetime
    categories: tuple[str, ...] = ()
    is_hidden: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Listing:
    """A published page whose pages below it are news, in one language: because it lists them, or another page does."""

    page_id: UUID
    locale: str
    title: str
    path: str
    changed_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class News:
    """All that a shop tells: its posts, the newest first, the pages that list them, its categories in their order."""

    posts: tuple[Post, ...] = ()
    listings: tuple[Listing, ...] = ()
    categories: tuple[Category, ...] = ()

    def listing(self, locale: str, page_id: UUID | None) -> Listing | None:
        """Return the page that lists what lies below it, by its id."""
        return next((each for each in self.listings if (each.locale, each.page_id) == (locale, page_id)), None)

    def listing_at(self, locale: str, path: str) -> Listing | None:
        """Return the page that lists what lies below it, by its address."""
        return next((each for each in self.listings if (each.locale, each.path) == (locale, path)), None)

    def category(self, slug: str) -> Category | None:
        """Return a category by its address."""
        return next((each for each in self.categories if each.slug == slug), None)

    def below(self, listing: Listing | None, category: str = "") -> list[Post]:
        """Return what lies below a page, or what of it is about one thing, the newest first."""
        if listing is None:
            return []
        return [
            post
            for post in self.posts
            if (post.locale, post.parent_id) == (listing.locale, listing.page_id)
            and (not category or category in post.categories)
        ]

    def told_in(self, listing: Listing | None) -> list[Category]:
        """Return the categories of which something lies below a page, in their order."""
        used = {slug for post in self.below(listing) for slug in post.categories}
        return [each for each in self.categories if each.slug in used]

    def post(self, locale: str, page_id: UUID) -> Post | None:
        """Return a page as news, if it lies below a page that lists them."""
        found = next((each for each in self.posts if (each.locale, each.page_id) == (locale, page_id)), None)
        return found if found is not None and self.listing(locale, found.parent_id) is not None else None

    def beside(self, post: Post) -> tuple[Post | None, Post | None]:
        """Return what was told before a post, and after it."""
        told = self.below(self.listing(post.locale, post.parent_id))
        place = told.index(post)
        return told[place + 1] if place + 1 < len(told) else None, told[place - 1] if place else None


@dataclass(frozen=True, kw_only=True)
class Leaf:
    """One page of a long list; ``number`` counts from one."""

    posts: Sequence[Post]
    number: int
    of: int


def leaf(posts: Sequence[Post], number: int, most: int) -> Leaf:
    """Return one page of a list; a number beyond it is its last page."""
    of = max(1, -(-len(posts) // most))
    number = min(max(number, 1), of)
    return Leaf(posts=posts[(number - 1) * most : number * most], number=number, of=of)


def number_of(typed: str) -> int:
    """Read the number of a page from an address; whatever is none is the first."""
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 5 else 1  # noqa: PLR2004 - of 2,000 pages


def most_of(asked: object) -> int:
    """Return how many a list shows at once: what its editor asked for, within bounds."""
    return min(asked, MOST) if isinstance(asked, int) and asked > 0 else MOST


def day_of(kept: object) -> date | None:
    """Read the day that a page says it is of."""
    try:
        return date.fromisoformat(kept) if isinstance(kept, str) and DAY.fullmatch(kept) else None
    except ValueError:
        return None


def categories_of(kept: object) -> tuple[str, ...]:
    """Read the categories that a page names; what could be none is left out."""
    if not isinstance(kept, Sequence) or isinstance(kept, str):
        return ()
    good = [each for each in kept if isinstance(each, str) and len(each) <= LONGEST_SLUG and SLUG.fullmatch(each)]
    return tuple(dict.fromkeys(good))[:MOST_OF_A_PAGE]


def listed_paths(blocks: Sequence[Mapping[str, Any]], own_path: str) -> set[str]:
    """Return the addresses of the pages whose news a page lists."""
    named = [str(block.get("page") or "") for block in blocks if block.get("kind") == "news_list"]
    return {normal_path(place) if place.strip("/ ") or place == "/" else own_path for place in named}


def xml_words(text: str) -> str:
    """Leave out of a text what XML cannot hold."""
    return _NO_XML.sub("", text)

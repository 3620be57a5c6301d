"""rule: what a public page tells search engines and whoever shares its address: links, cards and structured data."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Protocol

from cms.sanitize import plain
from storefront.core.money import Money

COUNTRIED: Final[Mapping[str, str]] = {"en": "en_GB", "fr": "fr_FR", "pl": "pl_PL", "de": "de_DE"}
CONTEXT: Final = "https://schema.org"
MOST_OFFERS = 50


@dataclass(frozen=True, kw_only=True)
class Site:
    """Where a shop answers and in which languages, the first of which is its own; ``logo`` is a whole address."""

    origin: str
    languages: Sequence[str]
    name: str
    logo: str = ""

    def address(self, locale: str, path: str) -> str:
        """Return the one address under which a page is known; a shop of one language needs no name for it."""
        return f"{self.origin}/{locale}{path}" if len(self.languages) > 1 else f"{self.origin}{path}"


@dataclass(frozen=True, kw_only=True)
class Article:
    """What is told of news: the day they name, when they were changed, and what they are about."""

    at: datetime
    changed_at: datetime
    about: Sequence[str] = ()


@dataclass(frozen=True, kw_only=True)
class Told:
    """A page in one language: where it stands, what it says of itself, and where it is in other languages.

    ``paths`` has an address for every language that has the page, ``above`` the pages it lies under as title and path.
    ``query`` names the part of a list that is shown, such as ``?page=2``; ``article`` is told of what is news.
    """

    locale: str
    path: str
    title: str
    description: str
    paths: Mapping[str, str]
    above: Sequence[tuple[str, str]] = ()
    search_title: str = ""
    picture: str = ""
    picture_size: tuple[int, int] | None = None
    is_hidden: bool = False
    query: str = ""
    article: Article | None = None


def head_of(site: Site, told: Told, blocks: Sequence[Mapping[str, Any]], company: Mapping[str, Any]) -> dict[str, Any]:
    """Return what stands in the head of a page. ``company`` is told where a page tells who keeps the shop."""
    address = site.address(told.locale, told.path) + told.query
    data = [*_company(site, company), *_trail(site, told), *_of_article(site, told), *_of_blocks(site, blocks)]
    return {
        "canonical": address,
        # The second page of a list is another one in each language.
        "alternates": [] if told.query else alternates(site, told.paths),
        "type": "article" if told.article else "website",
        "is_hidden": told.is_hidden,
        "title": told.search_title or told.title,
        "description": told.description,
        "locale": COUNTRIED.get(told.locale, told.locale),
        "picture": told.picture or site.logo,
        "picture_size": told.picture_size,
        "is_large": bool(told.picture),
        "data": [] if told.is_hidden else data,
    }


def alternates(site: Site, paths: Mapping[str, str]) -> list[tuple[str, str]]:
    """List a page's languages with its address in each, and last the one for everybody else; none if it has but one."""
    own = [locale for locale in site.languages if locale in paths]
    if len(own) < 2:  # noqa: PLR2004 - one language has no other
        return []
    # Without a language in front, the shop answers in the visitor's own where it can.
    return [(each, site.address(each, paths[each])) for each in own] + [("x-default", site.origin + paths[own[0]])]


def _company(site: Site, company: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    if company:
        logo = {"logo": site.logo} if site.logo else {}
        yield {"@context": CONTEXT, "@type": "Organization", "name": site.name, "url": f"{site.origin}/", **logo} | {
            name: value for name, value in company.items() if value
        }


def _trail(site: Site, told: Told) -> Iterator[dict[str, Any]]:
    if told.path == "/":
        return
    steps = [(site.name, "/"), *told.above, (told.title, told.path)]
    yield {
        "@context": CONTEXT,
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": place, "name": name, "item": site.address(told.locale, path)}
            for place, (name, path) in enumerate(steps, start=1)
        ],
    }


def _of_article(site: Site, told: Told) -> Iterator[dict[str, Any]]:
    if told.article is None:
        return
    address = site.address(told.locale, told.path)
    shop = {"@type": "Organization", "name": site.name, "url": f"{site.origin}/"}
    logo = {"logo": {"@type": "ImageObject", "url": site.logo}} if site.logo else {}
    found = {
        "description": told.description,
        "image": told.picture or site.logo,
        "articleSection": list(told.article.about),
    }
    yield {
        "@context": CONTEXT,
        "@type": "BlogPosting",
        "headline": told.title,
        "inLanguage": told.locale,
        "url": address,
        "mainEntityOfPage": address,
        "datePublished": told.article.at.isoformat(timespec="seconds"),
        "dateModified": max(told.article.at, told.article.changed_at).isoformat(timespec="seconds"),
        "author": shop,
        "publisher": {**shop, **logo},
        **{name: value for name, value in found.items() if value},
    }


def _of_blocks(site: Site, blocks: Sequence[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    questions = [each for block in blocks if block["kind"] == "faq" for each in block["questions"]]
    if questions:
        yield {
            "@context": CONTEXT,
            "@type": "FAQPage",
            "mainEntity": [
                {
                    "@type": "Question",
                    "name": str(each["question"]),
                    "acceptedAnswer": {"@type": "Answer", "text": " ".join(plain(str(each["answer"])).split())},
                }
                for each in questions
            ],
        }
    rows = [row for block in blocks if block["kind"] == "price_table" for row in block["rows"]]
    if rows:
        yield _offers(site, rows)


class _Priced(Protocol):
    """A line of a table of prices."""

    @property
    def ending(self) -> str:
        """The ending as people read it."""

    @property
    def first(self) -> Money:
        """What its first term costs."""


def _offers(site: Site, rows: Sequence[_Priced]) -> dict[str, Any]:
    """Tell the price that a first term costs, of each ending that a page lists."""
    by_ending = {row.ending: row for row in reversed(rows)}
    prices = [row.first for row in by_ending.values()]
    return {
        "@context": CONTEXT,
        "@type": "Product",
        "name": ", ".join(sorted(by_ending)[:MOST_OFFERS]),
        "brand": {"@type": "Brand", "name": site.name},
        "offers": {
            "@type": "AggregateOffer",
            "priceCurrency": prices[0].currency,
            "lowPrice": str(min(prices).decimal),
            "highPrice": str(max(prices).decimal),
            "offerCount": len(prices),
            "offers": [
                {
                    "@type": "Offer",
                    "name": ending,
                    "price": str(row.first.decimal),
                    "priceCurrency": row.first.currency,
                    "availability": "https://schema.org/InStock",
                }
                for ending, row in sorted(by_ending.items())[:MOST_OFFERS]
            ],
        },
    }


@dataclass(frozen=True, kw_only=True)
class Listed:
    """A page in the list for search engines: where it is in each language, and the day on which each was changed."""

    paths: Mapping[str, str]
    days: Mapping[str, str]


def sitemap_of(site: Site, pages: Sequence[Listed]) -> list[dict[str, Any]]:
    """Return every page in every language that it has, each with all its languages."""
    return [
        {
            "url": site.address(locale, path),
            "day": each.days.get(locale, ""),
            "alternates": alternates(site, each.paths),
        }
        for each in pages
        for locale, path in each.paths.items()
        if locale in site.languages
    ]

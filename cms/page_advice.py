"""rule: advice for search engines and readers while a page is written; none of it stands in the way of publishing."""

from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cms.blocks import KINDS
from cms.page_checks import Words
from cms.special_rules import is_special
from cms.starter_texts import gaps_in
from cms.translations import words_of
from storefront.core.i18n import Text
from storefront.core.i18n import lazy_gettext as _

# What result pages show before they cut.
LONGEST_SHOWN_TITLE, LONGEST_SHOWN_DESCRIPTION = 60, 160
SHORTEST_DESCRIPTION = 50
SHORTEST_PAGE = 40


@dataclass(frozen=True, kw_only=True)
class Advice:
    """Something that would do a page good, and the field where it is done."""

    place: str
    message: Text


def advice_on(
    words: Words,
    blocks: Sequence[Mapping[str, Any]],
    *,
    search_title: str = "",
    sold: Container[str] | None = None,
    services: Container[str] | None = None,
) -> list[Advice]:
    """List what would do a page good, in the order of the page; one without an address is for no search engine.

    ``sold`` are the endings that the shop sells, ``services`` those of which it shows a product with its price, if
    somebody asked: others are shown to nobody.
    """
    if is_special(words.path):
        return []
    title = search_title or words.title
    found = []
    if len(title) > LONGEST_SHOWN_TITLE:
        place = "settings.search_title" if search_title else "title"
        found.append(Advice(place=place, message=_("The title is longer than search engines show.")))
    if not words.description:
        found.append(Advice(place="description", message=_("A description would tell searchers what to expect.")))
    elif len(words.description) < SHORTEST_DESCRIPTION:
        found.append(Advice(place="description", message=_("The description is short: one or two sentences do well.")))
    elif len(words.description) > LONGEST_SHOWN_DESCRIPTION:
        found.append(Advice(place="description", message=_("The description is longer than search engines show.")))
    found += _gaps(words, blocks)
    said = " ".join(text for block in blocks for _spec, text in words_of(block).values())
    if blocks and len(said.split()) < SHORTEST_PAGE and not any(_is_lively(block) for block in blocks):
        found.append(Advice(place="", message=_("There is little to read on this page.")))
    if sold is not None:
        found += _not_sold(blocks, sold)
    return [*found, *_not_offered(blocks, services)] if services is not None else found


def _not_sold(blocks: Sequence[Mapping[str, Any]], sold: Container[str]) -> Iterator[Advice]:
    for block in blocks:
        missing = [f".{ending}" for ending in block.get("endings", ()) if ending not in sold]
        if missing:
            message = _("Your shop does not sell %(endings)s: visitors do not see it.", endings=", ".join(missing[:5]))
            yield Advice(place=f"{block['id']}.endings", message=message)


def _not_offered(blocks: Sequence[Mapping[str, Any]], services: Container[str]) -> Iterator[Advice]:
    for block in blocks:
        if block["kind"] == "products" and block.get("service") not in services:
            message = _("Visitors do not see these products: you do not offer the service, or none has a price.")
            yield Advice(place=f"{block['id']}.service", message=message)


def _gaps(words: Words, blocks: Sequence[Mapping[str, Any]]) -> Iterator[Advice]:
    """Name what starter sites leave to be completed; a number or a sign in brackets is none of it."""
    around = [("title", words.title), ("description", words.description)]
    inside = [
        (f"{block.get('id', '')}.{name}", text) for block in blocks for name, (_spec, text) in words_of(block).items()
    ]
    for place, text in (*around, *inside):
        for gap in dict.fromkeys(gaps_in(text)):
            if any(letter.isalpha() for letter in gap):
                yield Advice(place=place, message=_("Still to be completed: “%(gap)s”.", gap=gap))


def _is_lively(block: Mapping[str, Any]) -> bool:
    """Whether a block shows more than what is written in it: prices, the search, pictures."""
    return KINDS[str(block["kind"])].area != "words"

"""rule: the kinds of block a page is made of, JSON in and out."""

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from cms.block_base import Block, specs_of
from cms.block_fields import LISTS, Spec
from cms.blocks_of_contact import ContactCard, ContactForm
from cms.blocks_of_pictures import Downloads, Embed, Gallery, Image
from cms.blocks_of_shop import DomainSearch, PriceStrip, PriceTable, Products, PromotionCountdown
from cms.blocks_of_words import (
    CallToAction,
    Columns,
    Divider,
    Faq,
    Features,
    Frame,
    Hero,
    LegalText,
    NewsList,
    RawTable,
    RichText,
    Testimonials,
)
from cms.sanitize import clean

MOST_BLOCKS = 200


class BadBlock(ValueError):
    """A block's data is not of its kind's shape; the message names the field."""


# In the order in which an editor is offered them.
KINDS: Mapping[str, type[Block]] = {
    kind.kind: kind
    for kind in (
        Hero,
        RichText,
        Columns,
        Features,
        CallToAction,
        Faq,
        Testimonials,
        Image,
        Gallery,
        Embed,
        Downloads,
        Frame,
        RawTable,
        LegalText,
        NewsList,
        ContactForm,
        ContactCard,
        Divider,
        DomainSearch,
        PriceStrip,
        PriceTable,
        Products,
        PromotionCountdown,
    )
}


SPECS: Mapping[str, Mapping[str, Spec]] = {name: specs_of(kind) for name, kind in KINDS.items()}


def block_from(data: Mapping[str, Any]) -> Block:
    """Build a block from what a page version keeps; raise ``BadBlock`` for anything that is not of its shape.

    What is not said is empty; markup is cleaned. Whether it can be shown is the question of ``page_checks``.
    """
    kind = KINDS.get(str(data.get("kind")))
    if kind is None:
        raise BadBlock(f"there is no kind of block called {data.get('kind')!r}")
    names = {each.name for each in fields(kind)}
    for name in data:
        if name != "kind" and name not in names:
            raise BadBlock(f"{kind.kind} has no {name}")
    values = {
        name: _value(f"{kind.kind}.{name}", data[name], spec) for name, spec in SPECS[kind.kind].items() if name in data
    }
    return kind(id=str(data.get("id", "")), **values)


def _value(place: str, value: Any, spec: Spec) -> Any:
    """Return a value of a field, cleaned; raise ``BadBlock`` for one of another shape."""
    wanted: Any = list if spec.widget in LISTS else {"flag": bool, "number": int}.get(spec.widget, str)
    # A truth value is a number to Python, but none to an editor.
    if not isinstance(value, wanted) or (isinstance(value, bool) and wanted is int):
        raise BadBlock(f"{place} is no {wanted.__name__}")
    if spec.widget == "rows":
        return [_row(place, row, spec.parts) for row in value]
    if spec.widget in LISTS and not all(isinstance(each, str) for each in value):
        raise BadBlock(f"{place} holds something else than words")
    if spec.widget == "choice" and value not in spec.choices:
        return spec.empty
    return clean(value) if spec.widget == "rich" else value


def _row(place: str, row: Any, parts: Mapping[str, Spec]) -> dict[str, Any]:
    if not isinstance(row, Mapping):
        raise BadBlock(f"{place} holds something else than entries")
    for name in row:
        if name not in parts:
            raise BadBlock(f"{place} has no {name}")
    return {name: _value(f"{place}.{name}", row[name], part) for name, part in parts.items() if name in row}


def blank(kind: str, block_id: str) -> dict[str, Any]:
    """Return an empty block of a kind; raise ``BadBlock`` for one that does not exist."""
    return block_from({"kind": kind, "id": block_id}).to_json()


def whole(block: Mapping[str, Any]) -> dict[str, Any]:
    """Return a kept block with every field that its kind has today: an older version may lack some."""
    kind = str(block["kind"])
    kept = {**_DEFAULTS[kind], **block}
    for name, spec in SPECS[kind].items():
        if spec.widget == "rows":
            empty = {part: each.empty for part, each in spec.parts.items()}
            kept[name] = [{**empty, **row} for row in kept[name]]
    return kept


_DEFAULTS: Mapping[str, Mapping[str, Any]] = {name: kind().to_json() for name, kind in KINDS.items()}


def with_ids(blocks: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Give blocks that were written before they had ids the number of their place; each id stands once."""
    found: list[dict[str, Any]] = []
    seen: set[str] = set()
    for number, block in enumerate(blocks, start=1):
        block_id = str(block.get("id") or f"b{number}")
        while block_id in seen:
            block_id += "x"
        seen.add(block_id)
        found.append({**block, "id": block_id})
    return found

"""What an editor of a page sends, brought together with what others wrote meanwhile, and kept."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import g
from werkzeug.datastructures import MultiDict

from cms.block_fields import LISTS
from cms.block_moves import OF_BLOCKS, OF_ROWS, added, moved, put
from cms.blocks import MOST_BLOCKS, SPECS, BadBlock, block_from, with_ids
from cms.drafts import Writing, find_version, save_draft, source_of
from cms.merging import Merged, Seen, known, merge, read_marks
from cms.models import Page, PageVersion
from cms.page_reading import read_blocks, value_of
from cms.page_settings import PAGE_SETTINGS, settings_of
from cms.paths import normal_path
from cms.special_rules import is_fixed
from cms.translations import begin_translation
from storefront.core import ids
from storefront.core.errors import Refused
from storefront.core.i18n import gettext, speaking
from storefront.core.i18n import lazy_gettext as _

# What is longer than anybody means is cut; what is a little too long is kept and named.
LONGEST = 2_000
# More entries of blocks than these take a browser too long to show.
MOST_ROWS_OF_PAGE = 1_000
AROUND = ("title", "path", "description")


@dataclass(frozen=True, kw_only=True)
class Sent:
    """A form of the editor as it was sent: what was seen, what is written, which button was pressed and on what."""

    seen: Seen
    blocks: list[dict[str, Any]]
    words: dict[str, Any]
    verb: str
    place: str
    form: MultiDict[str, str]


def read_sent(form: Mapping[str, Any], draft: PageVersion) -> Sent:
    """Read a form; what it does not carry is as it is kept."""
    # No column holds NUL, and nobody types it.
    clean = MultiDict((name.replace("\x00", ""), each.replace("\x00", "")) for name, each in _pairs(form))
    seen = Seen(blocks=read_marks(clean.getlist("seen")), words=read_marks(clean.getlist("seen_words")))
    verb, _colon, place = (clean.get("do") or "save").partition(":")
    return Sent(
        seen=seen,
        blocks=read_blocks(clean),
        words=_read_words(clean, seen, words_of(draft)),
        verb=verb,
        place=place,
        form=clean,
    )


def _pairs(form: Any) -> list[tuple[str, str]]:
    return list(form.items(multi=True))


def words_of(draft: PageVersion) -> dict[str, Any]:
    """Return what stands around the blocks of a draft, by the names of its fields."""
    around = {name: getattr(draft, name) for name in AROUND}
    settings = {f"settings.{name}": value for name, value in settings_of(draft.settings).items()}
    return {**around, **settings}


def _read_words(form: MultiDict[str, str], seen: Seen, kept: Mapping[str, Any]) -> dict[str, Any]:
    found = dict(kept)
    for name in AROUND:
        typed = form.get(name)
        if typed is not None:
            found[name] = " ".join(typed.split())[:LONGEST]
    if "path" in form:
        found["path"] = normal_path(found["path"][:LONGEST]) if found["path"] else ""
    for name, spec in PAGE_SETTINGS.items():
        field = f"settings.{name}"
        # A box without its tick sends nothing.
        if field in form or field in seen.words:
            typed = " ".join(form.getlist(field)) if spec.widget in LISTS else form.get(field) or ""
            found[field] = value_of(typed[:LONGEST], spec)
    if is_fixed(kept["path"]):
        found["path"] = kept["path"]
    return found


def brought_together(draft: PageVersion, sent: Sent) -> Merged:
    """Hold the draft and bring what was sent together with what is kept of it."""
    g.db.lock(draft)
    theirs = known(draft.blocks), words_of(draft)
    mine, words = sent.blocks, sent.words
    if sent.verb == "take":
        # Of something both changed, the other's is wanted: in the form it is now as it is kept.
        kept = {block["id"]: block for block in theirs[0]}
        mine = [kept.get(block["id"], block) if block["id"] == sent.place else block for block in mine]
        if sent.place in sent.seen.blocks and sent.place not in kept:
            mine = [block for block in mine if block["id"] != sent.place]
        words = {**words, **{name: theirs[1][name] for name in words if name == sent.place}}
    return merge(sent.seen, (mine, words), theirs)


def begun_with(kind: str, locale: str) -> dict[str, str]:
    """Return what a new block says before anybody wrote in it, in the language of the page."""
    if kind != "contact_form":
        return {}
    with speaking(locale):
        return {"consent": gettext("I agree that what I write here is kept and used to answer me.")}


def pressed(row: Page, sent: Sent, blocks: list[dict[str, Any]], locale: str) -> tuple[list[dict[str, Any]], str]:
    """Do what a button says to the blocks; returns them and the block that one wants to see then."""
    fresh = new_id()
    if sent.verb == "add":
        found = added(blocks, sent.place, fresh, after=sent.form.get("after") or "")
        return [{**each, **begun_with(sent.place, locale)} if each["id"] == fresh else each for each in found], fresh
    if sent.verb in OF_BLOCKS or sent.verb in OF_ROWS:
        found = moved(blocks, sent.verb, sent.place, fresh)
        return found, fresh if sent.verb == "copy" else sent.place.partition(".")[0]
    if sent.verb == "bring":
        block = _from_elsewhere(sent.place)
        return (put(blocks, {**block, "id": fresh}), fresh) if block else (blocks, "")
    if sent.verb == "fetch":
        return _from_source(row, sent.place, blocks), sent.place
    if sent.verb == "back":
        return _put_back(sent, blocks)
    return blocks, ""


def new_id() -> str:
    """Make the id of a new block."""
    return f"n{ids.uuid7().hex[-12:]}"


def _from_elsewhere(place: str) -> dict[str, Any] | None:
    """Find a block of another page of this shop by ``<page>/<locale>/<block>``."""
    page_id, _slash, rest = place.partition("/")
    locale, _slash, block_id = rest.partition("/")
    try:
        other = g.db.find(Page, UUID(page_id))
    except ValueError:
        return None
    if other is None:
        return None
    version = find_version(g.db, other, locale, "draft") or find_version(g.db, other, locale, "published")
    blocks = known(version.blocks) if version is not None else []
    return next((block for block in blocks if block["id"] == block_id), None)


def _from_source(row: Page, block_id: str, blocks: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Take over a block that the source language has and this translation has not, without its words."""
    source = source_of(g.db, row)
    theirs = known(with_ids(source.blocks)) if source is not None else []
    order = [block["id"] for block in theirs]
    if block_id not in order:
        return blocks
    place = order.index(block_id)
    return put(
        blocks, begin_translation(theirs)[place], after=order[place - 1] if place else "", at=None if place else 0
    )


def _put_back(sent: Sent, blocks: list[dict[str, Any]]) -> tuple[list[dict[str, Any]], str]:
    """Put the block back that was taken out last: its fields came along under ``gone``."""
    kind = sent.form.get(f"{sent.place}.kind")
    gone = read_blocks(MultiDict([*sent.form.items(multi=True), ("block", sent.place)]))
    block = next((each for each in gone if each["id"] == sent.place), None)
    at = sent.form.get("gone_from") or ""
    if block is None or kind is None:
        return blocks, ""
    is_place = at.isascii() and at.isdigit() and len(at) <= len(str(MOST_BLOCKS))
    return put(blocks, block, at=int(at) if is_place else None), sent.place


def keep(draft: PageVersion, blocks: list[dict[str, Any]], words: Mapping[str, Any]) -> None:
    """Keep what was brought together, if it is another than is kept; raises ``Refused`` for an address or too much."""
    settings = {name: words[f"settings.{name}"] for name in PAGE_SETTINGS}
    if draft.revision and known(draft.blocks) == blocks and words_of(draft) == dict(words):
        return
    rows = rows_of(blocks)
    if rows > MOST_ROWS_OF_PAGE and rows > rows_of(known(draft.blocks)):
        raise Refused(
            _("A page holds at most %(num)s entries in all its blocks. Please divide it in two.", num=MOST_ROWS_OF_PAGE)
        )
    writing = Writing(
        path=words["path"],
        title=words["title"],
        description=words["description"],
        blocks=[whole_block(block) for block in blocks],
        settings={**draft.settings, **settings},
    )
    save_draft(g.db, draft, writing, revision=draft.revision)


def rows_of(blocks: Sequence[Mapping[str, Any]]) -> int:
    """Count the entries of all blocks of a page."""
    return sum(
        len(block.get(name) or ())
        for block in blocks
        for name, spec in SPECS[str(block["kind"])].items()
        if spec.widget == "rows"
    )


def whole_block(block: Mapping[str, Any]) -> dict[str, Any]:
    """Return a block as it is kept; raises ``Refused`` where it is none."""
    try:
        return block_from(block).to_json()
    except BadBlock as error:
        raise Refused(str(error)) from error

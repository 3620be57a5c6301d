"""rule: how a page stands in a language: what visitors see, what is written, what waits, and what to look at."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, Protocol

from cms.block_fields import Spec
from cms.blocks import with_ids
from cms.page_settings import settings_of
from cms.sanitize import plain
from cms.translations import stale_blocks, words_of

State = Literal["missing", "draft", "waiting", "published", "changed"]


class Written(Protocol):
    """What a version of a page says."""

    locale: str
    path: str
    title: str
    description: str
    blocks: list[Any]
    settings: dict[str, Any]
    translated_from: list[Any] | None
    starts_at: datetime | None
    ends_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class Standing:
    """How a page stands in one language.

    ``state``: missing (nobody wrote it), draft (never published, or taken from view), waiting (goes live for the first
    time), published, or changed (published, and something newer is written). ``starts_at`` is when what waits goes
    live, ``ends_at`` when it is taken from view. ``is_stale``: the translation lacks something or its source changed.
    """

    locale: str
    state: State
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    is_stale: bool = False


def standing_of(versions: Mapping[tuple[str, str], Written], locale: str, source_locale: str) -> Standing:
    """Say how a page stands in a language; ``versions`` by language and state, as ``tree.Branch`` has them."""
    draft = versions.get((locale, "draft"))
    waiting = versions.get((locale, "waiting"))
    live = versions.get((locale, "published"))
    state: State = "missing"
    if live is not None:
        state = "changed" if draft is not None and says_more(draft, live) else "published"
    elif waiting is not None:
        state = "waiting"
    elif draft is not None:
        state = "draft"
    newest = draft or waiting or live
    source = versions.get((source_locale, "published")) or versions.get((source_locale, "draft"))
    ends = live or waiting
    return Standing(
        locale=locale,
        state=state,
        starts_at=waiting.starts_at if waiting else None,
        ends_at=ends.ends_at if ends else None,
        is_stale=newest is not None and source is not None and locale != source_locale and _is_stale(newest, source),
    )


def says_more(draft: Written, live: Written) -> bool:
    """Whether a draft says something else than what is published; opening the editor alone makes an equal one."""
    return any(getattr(draft, name) != getattr(live, name) for name in ("path", "title", "description")) or (
        settings_of(draft.settings),
        with_ids(draft.blocks),
    ) != (settings_of(live.settings), with_ids(live.blocks))


def _is_stale(version: Written, source: Written) -> bool:
    was = with_ids(version.translated_from) if version.translated_from is not None else None
    return bool(stale_blocks(with_ids(version.blocks), with_ids(source.blocks), was))


def found_in(versions: Iterable[Written], wanted: str) -> bool:
    """Whether any version has the words that are looked for, in its title, its address or its text."""
    word = wanted.casefold()
    return any(
        word in version.title.casefold()
        or word in version.path
        or any(
            word in _read(spec, text).casefold() for block in version.blocks for spec, text in words_of(block).values()
        )
        for version in versions
    )


def _read(spec: Spec, text: str) -> str:
    """Return a text as people read it, without its markup."""
    return plain(text) if spec.widget == "rich" else text

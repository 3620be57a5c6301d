"""rule: what stands in the way of publishing a page, each named where it is; and what may be looked at."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from cms.block_fields import LISTS, Spec
from cms.blocks import KINDS, SPECS
from cms.rich_sources import names_its_host
from cms.sanitize import plain
from cms.special_rules import forbidden, special_at
from storefront.core.i18n import Text, format_number
from storefront.core.i18n import lazy_gettext as _

LONGEST_TITLE = 120
LONGEST_DESCRIPTION = 400
# A page that visitors see is kept ready, and what is kept has a bound (storefront/web/kept.py).
MOST_LETTERS = 300_000
SCHEMES = frozenset({"https", "http", "mailto", "tel"})

_NEEDED = _("Please fill this in.")
BAD_LINK = _("Please give a page of this shop, such as /contact, a web address, an e-mail address or a phone number.")
_WHOLE = re.compile(r"[a-z][a-z0-9+.-]*:|[/#\\]", re.IGNORECASE)
_MAIL = re.compile(r"[^\s/@]+@[^\s/@]+\.[^\s/@]+")
_PHONE = re.compile(r"\+\d[\d ().-]{4,20}")
_HOST = re.compile(r"[^\s/.]+(?:\.[^\s/.]+)*\.[^\s/.:]{2,}(?::\d+)?(?:[/?#]\S*)?")


@dataclass(frozen=True, kw_only=True)
class Problem:
    """Something to mend. ``place`` is the name of the form's field: ``title``, or ``<block>.<field>`` and deeper."""

    place: str
    message: Text
    block_id: str = ""


@dataclass(frozen=True, kw_only=True)
class Words:
    """What stands around the blocks of a page. Of ``path`` only the name of a page without an address matters."""

    title: str
    description: str = ""
    path: str = ""


def problems_of(words: Words, blocks: Sequence[Mapping[str, Any]]) -> list[Problem]:
    """List what must be mended before a page can be published, in the order of the page."""
    found = []
    if not words.title.strip():
        found.append(Problem(place="title", message=_NEEDED))
    if len(words.title) > LONGEST_TITLE:
        found.append(Problem(place="title", message=_too_long(LONGEST_TITLE)))
    if len(words.description) > LONGEST_DESCRIPTION:
        found.append(Problem(place="description", message=_too_long(LONGEST_DESCRIPTION)))
    special = special_at(words.path)
    found += _too_much(blocks)
    for block in blocks:
        block_id = str(block.get("id", ""))
        if special is not None and (wrong := forbidden(special, block)) is not None:
            found.append(Problem(place=f"{block_id}.kind", message=wrong, block_id=block_id))
        for name, spec in SPECS[str(block["kind"])].items():
            for place, message in _faults(f"{block_id}.{name}", block.get(name, spec.empty), spec):
                found.append(Problem(place=place, message=message, block_id=block_id))
    return found


def _too_much(blocks: Sequence[Mapping[str, Any]]) -> Iterator[Problem]:
    """Name the first block with which a page is too long, and the first of a kind that is one too many."""
    letters, counts = 0, Counter[str]()
    for block in blocks:
        kind, block_id, before = str(block["kind"]), str(block.get("id", "")), letters
        letters, counts[kind] = letters + _letters(block), counts[kind] + 1
        if before <= MOST_LETTERS < letters:
            message: Text = _(
                "With this block the page has more than %(num)s characters. Please go on on another page.",
                num=format_number(MOST_LETTERS),
            )
            yield Problem(place=f"{block_id}.kind", message=message, block_id=block_id)
        most = KINDS[kind].most_on_page
        if most and counts[kind] == most + 1:
            message = _("A page has at most %(num)s blocks of this kind.", num=most)
            yield Problem(place=f"{block_id}.kind", message=message, block_id=block_id)


def _letters(value: Any) -> int:
    if isinstance(value, str):
        return len(value)
    parts = value.values() if isinstance(value, Mapping) else value if isinstance(value, Sequence) else ()
    return sum(map(_letters, parts))


def _faults(place: str, value: Any, spec: Spec) -> Iterator[tuple[str, Text]]:
    if spec.widget in LISTS and len(value) > spec.most:
        yield place, _("Please use at most %(num)s.", num=spec.most)
    if spec.widget == "rows":
        for number, row in enumerate(value):
            for name, part in spec.parts.items():
                yield from _faults(f"{place}.{number}.{name}", row.get(name, part.empty), part)
        return
    words = "\n".join(value) if spec.widget in LISTS else value if isinstance(value, str) else ""
    is_empty = not value or (isinstance(value, str) and not (plain(value) if spec.widget == "rich" else value).strip())
    if spec.is_required and is_empty:
        yield place, _NEEDED
    if spec.widget not in LISTS and len(words) > spec.longest:
        yield place, _too_long(spec.longest)
    if spec.widget in LISTS and any(len(each) > spec.longest for each in value):
        yield place, _("Please use at most %(num)s characters on each line.", num=spec.longest)
    if spec.widget == "link" and words and not is_link(words):
        yield place, BAD_LINK
    elif spec.check is not None and words.strip() and (wrong := spec.check(words)) is not None:
        yield place, wrong


def _too_long(longest: int) -> Text:
    return _("Please use at most %(num)s characters.", num=longest)


def completed(typed: str) -> str:
    """Return what somebody typed for an address as links need it: contact, example.com, me@example.com, a number."""
    said = typed.strip()
    if not said or _WHOLE.match(said):
        return said
    if _MAIL.fullmatch(said):
        return f"mailto:{said}"
    if _PHONE.fullmatch(said):
        return "tel:" + re.sub(r"[ ().-]", "", said)
    return f"https://{said}" if _HOST.fullmatch(said) else f"/{said}"


def is_link(address: str) -> bool:
    """Whether a page may lead to an address: a path of this shop, a place in the page, or a whole, safe one."""
    if "\\" in address or any(letter.isspace() or not letter.isprintable() for letter in address):
        return False
    if address.startswith("/"):
        return not address.startswith("//")
    if address.startswith("#"):
        return len(address) > 1
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    if parts.scheme not in SCHEMES:
        return False
    return names_its_host(address) if parts.scheme in {"https", "http"} else bool(parts.path)


def with_safe_links(block: Mapping[str, Any]) -> dict[str, Any]:
    """Return a block whose links lead only where a page may lead: a draft is shown before it is checked."""
    return _with_safe_links(block, SPECS[str(block["kind"])])


def _with_safe_links(values: Mapping[str, Any], specs: Mapping[str, Spec]) -> dict[str, Any]:
    kept = dict(values)
    for name, spec in specs.items():
        if spec.widget == "link" and kept.get(name) and not is_link(str(kept[name])):
            kept[name] = ""
        elif spec.widget == "rows":
            kept[name] = [_with_safe_links(row, spec.parts) for row in kept.get(name, [])]
    return kept


def label_of(block: Mapping[str, Any]) -> Text:
    """Return what editors call a block: by its heading where it has one, else by its kind."""
    return str(block.get("title") or "") or KINDS[str(block["kind"])].label

"""rule: what a page of somebody else holds of ours: scripts, elements, iframes, links, and what it forbids itself.

The page is hostile until shown otherwise: it is read once from its beginning to its end, as browsers cut it into tags
(HTML standard, tokenization), whatever is nested in it; nothing in it is carried out.
"""

import codecs
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from html import unescape
from typing import Final, TypeVar
from urllib.parse import urljoin, urlsplit

from frames.kinds import KINDS
from frames.page_policy import Policy, parse_meta_policy

MOST_BYTES: Final = 2 * 1024 * 1024
MOST_TAGS: Final = 60_000
MOST_KEPT: Final = 50
LONGEST_VALUE: Final = 2_000
MOST_ATTRIBUTES: Final = 300
# Fewer letters than this beside scripts: the page is made in the browser.
FEW_LETTERS: Final = 200
ELEMENTS: Final = frozenset(kind.element for kind in KINDS.values())
# What browsers read as text until its end tag; noscript as in a browser that runs scripts.
RAW: Final = frozenset(
    {"script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes", "noscript", "plaintext"}
)
JAVASCRIPT: Final = re.compile(
    r"|module|(?:text|application)/(?:x-)?(?:java|ecma)script(?:1\.\d)?|text/(?:live|j)script"
)
EMBED: Final = re.compile(r"/frames/embed(?:\.v(\d{1,4}))?\.js")
WINDOW: Final = re.compile(r"(?:/[a-z]{2,3}(?:-[a-z0-9]{2,8})?)?/frames/([a-z-]{2,40})(?:/([0-9a-z]{1,40}))?")
# Where tools for consent and for speed keep an address for later.
ASIDE: Final = tuple(f"data-{tool}src" for tool in ("", "lazy-", "rocket-", "cmp-", "litespeed-", "cookieblock-"))
_SHOWN: Final = re.compile(rf"&(?:lt|\#60|\#x3c);(?:{'|'.join(sorted(ELEMENTS))})\b", re.IGNORECASE)
_OPENING: Final = re.compile(r"<(?=[a-zA-Z/!?])")
_NAME: Final = re.compile(r"[a-zA-Z][^\t\n\f\r />]*")
_GAP: Final = re.compile(r"[\t\n\f\r /]+")
_KEY: Final = re.compile(r"[^\t\n\f\r />=]+|=[^\t\n\f\r />=]*")
_EQUALS: Final = re.compile(r"[\t\n\f\r ]*=[\t\n\f\r ]*")
_BARE: Final = re.compile(r"[^\t\n\f\r >]*")
_CHARSET: Final = re.compile(r"charset\s{0,5}=\s{0,5}[\"']?\s{0,5}([a-zA-Z0-9_:.+-]{1,40})", re.IGNORECASE)
# Codecs of the world's pages. Python knows others, which are no encodings of text or take for ever.
_KNOWN: Final = re.compile(
    r"utf-?8|ascii|us-ascii|latin-?1|iso-?8859-\d{1,2}|windows-125\d|cp125\d|koi8-[ru]|macintosh|gb2312|gbk|gb18030|big5"
    r"|euc-jp|euc-kr|shift_jis|utf-16(?:le|be)?"
)

Part = TypeVar("Part")


@dataclass(frozen=True, kw_only=True)
class Script:
    """The script that puts windows in, of whatever shop and version."""

    url: str
    version: int  # 0: none in its name
    integrity: str = ""
    has_crossorigin: bool = False
    nonce: str = ""
    held_by: str = ""  # a type no browser runs, or the attribute that keeps the address for later
    place: str = ""


@dataclass(frozen=True, kw_only=True)
class Element:
    """One of our elements."""

    tag: str
    key: str = ""
    shop: str = ""
    has_style: bool = False
    place: str = ""


@dataclass(frozen=True, kw_only=True)
class Inline:
    """An iframe; ``sandbox`` is none where it has no such attribute."""

    url: str
    sandbox: tuple[str, ...] | None = None
    place: str = ""

    @property
    def window(self) -> tuple[str, str]:
        """The kind and the key of the window it shows; nothing if it shows something else."""
        return window_in(self.url)


@dataclass(frozen=True, kw_only=True)
class PageFacts:
    """What is in a page. ``place`` of a part is empty where browsers carry it out, else what keeps them from it."""

    scripts: Sequence[Script] = ()
    elements: Sequence[Element] = ()
    iframes: Sequence[Inline] = ()
    links: Sequence[str] = ()  # to windows, as plain links
    policies: Sequence[Policy] = ()  # of meta elements
    inner: Sequence[tuple[tuple[str, ...] | None, "PageFacts"]] = ()  # of srcdoc, each with its sandbox
    is_in_comment: bool = False
    is_shown_as_text: bool = False
    is_put_in_by_script: bool = False
    is_made_by_script: bool = False
    has_password: bool = False
    is_cut: bool = False


@dataclass
class _Notes:
    """What was found so far."""

    base: str
    scripts: list[Script] = field(default_factory=list)
    elements: list[Element] = field(default_factory=list)
    iframes: list[Inline] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    policies: list[Policy] = field(default_factory=list)
    inner: list[tuple[tuple[str, ...] | None, PageFacts]] = field(default_factory=list)
    is_in_comment: bool = False
    is_put_in_by_script: bool = False
    has_password: bool = False
    has_base: bool = False
    letters: int = 0
    others: int = 0  # scripts that are not ours
    templates: int = 0
    depth: int = 0  # of srcdoc and noscript


@dataclass(frozen=True, kw_only=True)
class _Tag:
    name: str
    attributes: Mapping[str, str]
    text: str = ""  # what stands in an element of text


def window_in(url: str) -> tuple[str, str]:
    """Return kind and key of the window an address leads to; nothing if it leads elsewhere."""
    found = WINDOW.fullmatch(urlsplit(url).path.rstrip("/"))
    return (found[1], found[2] or "") if found and found[1] in KINDS else ("", "")


def decoded(content: bytes, content_type: str) -> str:
    """Return a page as text: by its mark, its header, its own word, else as most pages are."""
    for mark, name in (
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
    ):
        if content.startswith(mark):
            return content[len(mark) :].decode(name, "replace")
    said = [_CHARSET.search(content_type[:400]), _CHARSET.search(content[:1024].decode("latin-1"))]
    names = [found[1].lower() for found in said if found]
    name = next((each for each in names if _KNOWN.fullmatch(each)), "utf-8")
    if names and name.startswith("utf-16") and b"\x00" not in content[:200]:
        name = "utf-8"  # a page that says so of itself in ASCII cannot be
    try:
        return content.decode(name, "replace")
    except LookupError:
        return content.decode("utf-8", "replace")


def read_page(content: bytes, content_type: str, address: str, *, is_cut: bool = False) -> PageFacts:
    """Read a page that came from an address."""
    return read_markup(decoded(content[:MOST_BYTES], content_type), address, is_cut=is_cut or len(content) > MOST_BYTES)


def read_markup(markup: str, address: str, *, is_cut: bool = False, depth: int = 0) -> PageFacts:
    """Read markup whose addresses are relative to ``address``."""
    notes = _Notes(base=address, depth=depth)
    tags = 0
    for piece in _pieces(markup):
        if isinstance(piece, int):
            notes.letters += piece
        elif isinstance(piece, str):
            notes.is_in_comment = notes.is_in_comment or bool(EMBED.search(piece))
        else:
            tags += 1
            if tags > MOST_TAGS:
                is_cut = True
                break
            _take(notes, piece)
    return PageFacts(
        scripts=tuple(notes.scripts),
        elements=tuple(notes.elements),
        iframes=tuple(notes.iframes),
        links=tuple(notes.links),
        policies=tuple(notes.policies),
        inner=tuple(notes.inner),
        is_in_comment=notes.is_in_comment,
        is_shown_as_text=_is_shown(markup),
        is_put_in_by_script=notes.is_put_in_by_script,
        is_made_by_script=notes.others > 0 and notes.letters < FEW_LETTERS,
        has_password=notes.has_password,
        is_cut=is_cut,
    )


def _is_shown(markup: str) -> bool:
    """Whether our lines are written in the page as text."""
    if _SHOWN.search(markup):
        return True
    return any("&lt;script" in markup[max(found.start() - 300, 0) : found.start()] for found in EMBED.finditer(markup))


def _pieces(markup: str) -> Iterator[_Tag | str | int]:
    """Cut markup into tags, comments (as text) and the number of letters between them."""
    place = 0
    while found := _OPENING.search(markup, place):
        start = found.start()
        if start > place:
            yield len(markup[place:start].strip())
        if markup.startswith("<!--", start):
            end = markup.find("-->", start + 4)
            yield markup[start + 4 : end if end >= 0 else len(markup)]
            place = end + 3 if end >= 0 else len(markup)
            continue
        is_end = markup.startswith("</", start)
        found = _NAME.match(markup, start + (2 if is_end else 1))
        if found is None:
            # A declaration, an instruction, or an end of nothing.
            end = markup.find(">", start)
            place = end + 1 if end >= 0 else len(markup)
            continue
        name = found[0].lower()[:40]
        attributes, place = _attributes(markup, found.end())
        if is_end:
            yield _Tag(name="/" + name, attributes={})
            continue
        text = ""
        if name in RAW and place < len(markup):
            text, place = _text_of(markup, name, place)
        yield _Tag(name=name, attributes=attributes, text=text)
    yield len(markup[place:].strip())


def _attributes(markup: str, place: int) -> tuple[dict[str, str], int]:
    """Read the attributes of a tag; returns them and where the tag ends."""
    found: dict[str, str] = {}
    length = len(markup)
    while place < length:
        if gap := _GAP.match(markup, place):
            place = gap.end()
        if place >= length or markup[place] == ">":
            return found, place + 1
        key = _KEY.match(markup, place)
        if key is None:
            place += 1
            continue
        name, place, value = key[0].lower(), key.end(), ""
        if equals := _EQUALS.match(markup, place):
            place = equals.end()
            if markup[place : place + 1] in ('"', "'"):
                end = markup.find(markup[place], place + 1)
                end = end if end >= 0 else length
                value, place = markup[place + 1 : min(end, place + 1 + 64 * 1024)], end + 1
            else:
                bare = _BARE.match(markup, place)
                value, place = (bare[0], bare.end()) if bare else ("", place)
        if len(found) >= MOST_ATTRIBUTES:
            end = markup.find(">", place)
            return found, end + 1 if end >= 0 else length
        found.setdefault(name[:60], value)
    return found, length


def _text_of(markup: str, name: str, place: int) -> tuple[str, int]:
    """Return the text of an element until its end tag, and where that begins; without one it goes on to the end."""
    if name == "plaintext":
        return markup[place:], len(markup)
    end = re.compile(rf"</{name}(?=[\t\n\f\r />])", re.IGNORECASE).search(markup, place)
    return (markup[place : end.start()], end.start()) if end else (markup[place:], len(markup))


def _take(notes: _Notes, tag: _Tag) -> None:
    if tag.name in ("template", "/template"):
        notes.templates = max(notes.templates + (1 if tag.name == "template" else -1), 0)
    elif tag.name in ELEMENTS and len(notes.elements) < MOST_KEPT:
        _take_element(notes, tag)
    elif tag.name in _TAKERS:
        _TAKERS[tag.name](notes, tag)


def _place(notes: _Notes) -> str:
    return "template" if notes.templates else ""


def _value(tag: _Tag, name: str) -> str:
    return unescape(tag.attributes.get(name, "")[:LONGEST_VALUE]).strip()


def _absolute(notes: _Notes, address: str) -> str:
    """Return an address as a browser would read it; nothing where it is none."""
    try:
        whole = urljoin(notes.base, re.sub(r"[\t\n\r]", "", address))
        parts = urlsplit(whole)
        _is_number = parts.port
    except ValueError:
        return ""
    return whole if parts.scheme in ("http", "https") and parts.hostname else ""


def _take_element(notes: _Notes, tag: _Tag) -> None:
    notes.elements.append(
        Element(
            tag=tag.name,
            key=_value(tag, "frame"),
            shop=_value(tag, "shop"),
            has_style="style" in tag.attributes,
            place=_place(notes),
        )
    )


def _take_script(notes: _Notes, tag: _Tag) -> None:
    held_by, address = "", _value(tag, "src")
    if not EMBED.search(address):
        aside = next((name for name in ASIDE if EMBED.search(_value(tag, name))), "")
        held_by, address = (aside, _value(tag, aside)) if aside else ("", address)
    url = _absolute(notes, address)
    found = EMBED.search(urlsplit(url).path) if url else None
    if found is None:
        notes.others += 1
        notes.is_put_in_by_script = notes.is_put_in_by_script or bool(EMBED.search(tag.text))
        return
    kind = _value(tag, "type").lower().split(";")[0].strip()
    if len(notes.scripts) < MOST_KEPT:
        notes.scripts.append(
            Script(
                url=url,
                version=int(found[1] or 0),
                integrity=_value(tag, "integrity"),
                has_crossorigin="crossorigin" in tag.attributes,
                nonce=_value(tag, "nonce"),
                held_by=held_by or ("" if JAVASCRIPT.fullmatch(kind) else f"type={kind}"[:60]),
                place=_place(notes),
            )
        )


def _take_iframe(notes: _Notes, tag: _Tag) -> None:
    sandbox = tuple(_value(tag, "sandbox").lower().split()) if "sandbox" in tag.attributes else None
    if "srcdoc" in tag.attributes and notes.depth == 0 and len(notes.inner) < MOST_KEPT:
        notes.inner.append((sandbox, read_markup(unescape(tag.attributes["srcdoc"]), notes.base, depth=1)))
        return
    address = _value(tag, "src") or next((_value(tag, name) for name in ASIDE if _value(tag, name)), "")
    url = _absolute(notes, address)
    if url and len(notes.iframes) < MOST_KEPT:
        notes.iframes.append(Inline(url=url, sandbox=sandbox, place=_place(notes)))


def _take_noscript(notes: _Notes, tag: _Tag) -> None:
    """What stands in noscript is there for browsers without scripts only: noted as such."""
    if notes.depth:
        return
    inside = read_markup(tag.text, notes.base, depth=2)
    _keep(notes.links, inside.links)
    _keep(notes.scripts, [Script(**{**vars(each), "place": "noscript"}) for each in inside.scripts])
    _keep(notes.elements, [Element(**{**vars(each), "place": "noscript"}) for each in inside.elements])
    _keep(notes.iframes, [Inline(**{**vars(each), "place": "noscript"}) for each in inside.iframes])


def _keep(kept: list[Part], more: Sequence[Part]) -> None:
    kept.extend(more[: max(MOST_KEPT - len(kept), 0)])


def _take_link(notes: _Notes, tag: _Tag) -> None:
    url = _absolute(notes, _value(tag, "href"))
    if url and len(notes.links) < MOST_KEPT and window_in(url)[0]:
        notes.links.append(url)


def _take_meta(notes: _Notes, tag: _Tag) -> None:
    if _value(tag, "http-equiv").lower() == "content-security-policy" and len(notes.policies) < MOST_KEPT:
        policy = parse_meta_policy(unescape(tag.attributes.get("content", "")))
        if policy:
            notes.policies.append(policy)


def _take_base(notes: _Notes, tag: _Tag) -> None:
    if not notes.has_base and "href" in tag.attributes:
        notes.base, notes.has_base = _absolute(notes, _value(tag, "href")) or notes.base, True


def _take_input(notes: _Notes, tag: _Tag) -> None:
    notes.has_password = notes.has_password or _value(tag, "type").lower() == "password"


_TAKERS: Final = {
    "script": _take_script,
    "iframe": _take_iframe,
    "noscript": _take_noscript,
    "a": _take_link,
    "meta": _take_meta,
    "base": _take_base,
    "input": _take_input,
}

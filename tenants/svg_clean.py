"""rule: a drawing (SVG) read by allow-list and written anew: shapes and colours, nothing that acts or loads."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, NoReturn
from xml.parsers import expat
from xml.sax.saxutils import escape, quoteattr

from storefront.core.errors import Refused
from storefront.core.i18n import lazy_gettext as _

LARGEST_BYTES: Final = 512 * 1024
MOST_ELEMENTS: Final = 5_000
DEEPEST: Final = 40
MOST_USES: Final = 200
# What is drawn is counted with every use, mask and clip again: a few lines can ask for thousands of millions of shapes.
MOST_DRAWN: Final = 50_000
DEEPEST_USE: Final = 20
LONGEST_VALUE: Final = 200_000
# What comes out: the longer side of the picture that is drawn.
DRAWN_SIDE: Final = 1024
MOST_STRETCHED: Final = 40.0
LONGEST_SIDE: Final = 1e6

_SVG: Final = "http://www.w3.org/2000/svg"
_XLINK: Final = "http://www.w3.org/1999/xlink"
_XML: Final = "http://www.w3.org/XML/1998/namespace"
_SEPARATOR: Final = "\x1f"

_SHAPES: Final = frozenset(
    {
        "svg", "g", "defs", "symbol", "use", "path", "rect", "circle", "ellipse", "line", "polyline", "polygon",
        "linearGradient", "radialGradient", "stop", "clipPath", "mask", "style", "switch",
    }
)  # fmt: skip
# What a drawing program writes beside the drawing; it changes nothing that is seen.
_LEFT_OUT: Final = frozenset({"title", "desc", "metadata", "namedview", "view", "cursor"})
_WORDS: Final = frozenset({"text", "tspan", "textPath", "tref", "altGlyph"})
_ATTRIBUTES: Final = frozenset(
    {
        "id", "class", "style", "d", "x", "y", "x1", "y1", "x2", "y2", "cx", "cy", "r", "rx", "ry", "fx", "fy", "fr",
        "width", "height", "points", "viewBox", "preserveAspectRatio", "transform", "gradientTransform",
        "gradientUnits", "spreadMethod", "offset", "clipPathUnits", "maskUnits", "maskContentUnits", "pathLength",
        "fill", "fill-opacity", "fill-rule", "stroke", "stroke-width", "stroke-opacity", "stroke-linecap",
        "stroke-linejoin", "stroke-miterlimit", "stroke-dasharray", "stroke-dashoffset", "opacity", "color",
        "stop-color", "stop-opacity", "clip-path", "clip-rule", "mask", "display", "visibility", "paint-order",
        "mix-blend-mode", "isolation", "vector-effect", "shape-rendering", "overflow", "mask-type",
    }
)  # fmt: skip
_INSIDE: Final = re.compile(r"#[A-Za-z_][\w.-]{0,100}")
_ADDRESS: Final = re.compile(r"url\s*\(\s*['\"]?\s*([^'\")]*)", re.IGNORECASE)
_CUT_OUT: Final = re.compile(r"(?:mask|clip-path)\s*:\s*url\s*\(\s*['\"]?\s*#([^'\")\s]*)", re.IGNORECASE)
_DANGER: Final = re.compile(r"@|\\|expression|javascript|behavior|-moz-binding|<", re.IGNORECASE)
_NUMBER: Final = r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,2})?"
_LENGTH: Final = re.compile(rf"({_NUMBER})(?:px|pt|mm|cm|in|pc)?")
_BOX: Final = re.compile(rf"\s*({_NUMBER})[\s,]+({_NUMBER})[\s,]+({_NUMBER})[\s,]+({_NUMBER})\s*")


@dataclass(frozen=True, kw_only=True)
class Drawing:
    """A drawing of which we wrote every byte, and the size in points at which it is drawn."""

    markup: str = field(repr=False)
    width: int
    height: int


def is_drawing(content: bytes) -> bool:
    """Tell whether this wants to be an SVG: markup, whatever it is called."""
    head = content[:1_024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return head.startswith((b"<svg", b"<?xml", b"<!--", b"<!doctype"))


def clean_drawing(content: bytes) -> Drawing:
    """Write a drawing anew from what is allowed in it.

    Raises ``Refused`` for entities, scripts, pictures inside, anything loaded from elsewhere, letters without
    outlines, and drawings without a size or without end.
    """
    if len(content) > LARGEST_BYTES:
        raise Refused(_("This drawing is larger than 500 kB. Please save it as PNG."))
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        raise Refused(_("This drawing is written in an unusual code. Please save it as UTF-8 or as PNG.")) from None
    reader = _Reader()
    try:
        reader.read(content)
    except (expat.ExpatError, ValueError, RecursionError):
        raise _broken() from None
    return reader.drawing()


@dataclass(frozen=True, kw_only=True)
class _Part:
    """An element that others may name: how many are in it, itself too, and which parts they use."""

    elements: int
    used: Sequence[str]


def _drawn(parts: Mapping[str, _Part], part: _Part, known: dict[str, int], depth: int = 0) -> int:
    """Count what is drawn of a part with all that it uses. Raises ``Refused`` for too much, or what uses itself."""
    if depth > DEEPEST_USE:
        raise _too_many()
    count = part.elements
    for name in part.used:
        if name in parts:
            if name not in known:
                known[name] = _drawn(parts, parts[name], known, depth + 1)
            count += known[name]
        if count > MOST_DRAWN:
            raise _too_many()
    return count


def _too_many() -> Refused:
    return Refused(_("This drawing has too many parts. Please simplify it or save it as PNG."))


def _broken() -> Refused:
    return Refused(_("This drawing is broken. Please save it again, or save it as PNG."))


class _Reader:
    """Walks the file once; what it does not know is not written."""

    def __init__(self) -> None:
        self._out: list[str] = []
        self._open: list[str] = []  # names as they are written
        self._style: list[str] = []  # the words of the style that is open
        self._skipped = 0
        self._elements = 0
        self._uses = 0
        self._written = 0
        self._used: list[str] = []  # names of parts, in the order in which they are used
        self._begun: list[tuple[str, int, int]] = []  # of each open element its name, and what was before it
        self._parts: dict[str, _Part] = {}
        self._size: tuple[float, float, float, float] | None = None

    def read(self, content: bytes) -> None:
        """Read the whole file."""
        parser = expat.ParserCreate("utf-8", _SEPARATOR)
        parser.StartDoctypeDeclHandler = self._doctype
        parser.EntityDeclHandler = self._doctype
        parser.ProcessingInstructionHandler = self._instruction
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._words
        parser.buffer_text = True
        parser.Parse(content, True)

    def drawing(self) -> Drawing:
        """Return what was written, with a size of ours."""
        if self._size is None:
            raise _broken()
        _drawn(self._parts, _Part(elements=self._written, used=self._used), {})
        left, top, width, height = self._size
        if (
            not (0 < width < LONGEST_SIDE and 0 < height < LONGEST_SIDE)
            or max(width / height, height / width) > MOST_STRETCHED
        ):
            raise Refused(_("This drawing has no size that can be drawn. Please save it as PNG."))
        scale = DRAWN_SIDE / max(width, height)
        points = max(1, round(width * scale)), max(1, round(height * scale))
        head = (
            f'<svg xmlns="{_SVG}" xmlns:xlink="{_XLINK}" width="{points[0]}" height="{points[1]}" '
            f'viewBox="{left:g} {top:g} {width:g} {height:g}">'
        )
        return Drawing(markup=head + "".join(self._out) + "</svg>", width=points[0], height=points[1])

    def _doctype(self, *_args: Any) -> NoReturn:
        raise Refused(
            _("This drawing declares a document type, which we do not open. Please save it as plain SVG or PNG.")
        )

    def _instruction(self, target: str, _data: str) -> None:
        raise Refused(_("This drawing asks to load %(name)s. Please save it as plain SVG or as PNG.", name=target[:40]))

    def _start(self, name: str, attributes: Mapping[str, str]) -> None:
        self._elements += 1
        space, local = _parts(name)
        if self._elements > MOST_ELEMENTS or len(self._open) + self._skipped > DEEPEST:
            raise _too_many()
        self._refuse(local, attributes)
        if self._skipped or space != _SVG or local in _LEFT_OUT or local not in _SHAPES:
            if not self._open:
                raise _broken()
            self._skipped += 1
            return
        if not self._open:
            if local != "svg":
                raise _broken()
            self._size = _size_of(attributes)
            self._begin("", attributes)
            inherited = {key: value for key, value in attributes.items() if key in ("fill", "stroke", "style", "color")}
            self._out.append(f"<g{_written(inherited)}>")
            return
        if self._open[-1] == "style":
            raise _broken()  # a style holds words and nothing else
        self._begin(local, attributes)
        self._out.append(f"<{local}{_written(attributes)}>")

    def _begin(self, local: str, attributes: Mapping[str, str]) -> None:
        self._open.append(local)
        self._begun.append((attributes.get("id", ""), self._written, len(self._used)))
        self._written += 1
        self._used += _used_by(local, attributes)

    def _refuse(self, local: str, attributes: Mapping[str, str]) -> None:
        if local.lower() in ("script", "foreignobject", "handler", "listener", "iframe", "object", "embed", "a"):
            raise Refused(_("This drawing holds a script or a link. Please save it as plain SVG or as PNG."))
        if local in ("image", "feImage", "font-face-uri", "audio", "video"):
            raise Refused(_("This drawing loads a picture. Please save the whole as PNG."))
        if local in _WORDS:
            raise Refused(
                _(
                    "The letters of this drawing need a font that not everybody has. "
                    "Please turn them into outlines, or save it as PNG."
                )
            )
        self._uses += local == "use"
        if self._uses > MOST_USES:
            raise _too_many()
        for key, value in attributes.items():
            _check(key, value)

    def _end(self, _name: str) -> None:
        if self._skipped:
            self._skipped -= 1
            return
        local = self._open.pop()
        name, written, used = self._begun.pop()
        if name:
            # Of two parts of one name nobody knows which is meant: both count.
            same = self._parts.get(name, _Part(elements=0, used=[]))
            elements = same.elements + self._written - written
            self._parts[name] = _Part(elements=elements, used=[*same.used, *self._used[used:]])
        if local == "style":
            # Judged as one: a comment, a section or a part left out between two pieces must not hide what they say.
            words, self._style = "".join(self._style), []
            _check_style(words)
            self._out.append(escape(words))
        self._out.append(f"</{local or 'g'}>")

    def _words(self, words: str) -> None:
        if self._open and self._open[-1] == "style" and not self._skipped:
            self._style.append(words)


def _check(key: str, value: str) -> None:
    space, local = _parts(key)
    if len(value) > LONGEST_VALUE:
        raise _too_many()
    if not space and local.lower().startswith("on"):
        raise Refused(_("This drawing holds a script or a link. Please save it as plain SVG or as PNG."))
    if local in ("href", "src") and space in ("", _XLINK) and not _INSIDE.fullmatch(value.strip()):
        raise _elsewhere()
    if not space and local in ("style", "fill", "stroke", "clip-path", "mask", "filter", "marker", "cursor"):
        _check_style(value)


def _check_style(words: str) -> None:
    if _DANGER.search(words) or any(not _INSIDE.fullmatch(found.strip()) for found in _ADDRESS.findall(words)):
        raise _elsewhere()


def _elsewhere() -> Refused:
    return Refused(_("This drawing loads something from elsewhere. Please save it as plain SVG or as PNG."))


def _written(attributes: Mapping[str, str]) -> str:
    """Write the attributes we know; links inside the drawing get one spelling."""
    written = []
    for key, value in attributes.items():
        space, local = _parts(key)
        if local == "href" and space in ("", _XLINK):
            written.append(f" xlink:href={quoteattr(value.strip())}")
        elif not space and local in _ATTRIBUTES:
            written.append(f" {local}={quoteattr(value)}")
    return "".join(dict.fromkeys(written))


def _used_by(local: str, attributes: Mapping[str, str]) -> Sequence[str]:
    """Return the names of the parts that an element has drawn once more."""
    found = []
    for key, value in attributes.items():
        space, name = _parts(key)
        if local == "use" and name == "href" and space in ("", _XLINK):
            found.append(value.strip().removeprefix("#"))
        elif not space and name in ("mask", "clip-path"):
            found += _CUT_OUT.findall(f"{name}:{value}")
        elif not space and name == "style":
            found += _CUT_OUT.findall(value)
    return found


def _parts(name: str) -> tuple[str, str]:
    space, _separator, local = name.rpartition(_SEPARATOR)
    return ("" if space == _XML else space), local


def _size_of(attributes: Mapping[str, str]) -> tuple[float, float, float, float] | None:
    box = _BOX.fullmatch(attributes.get("viewBox", ""))
    if box:
        left, top, width, height = (float(part) for part in box.groups())
        return left, top, width, height
    sides = [_LENGTH.fullmatch(attributes.get(name, "").strip()) for name in ("width", "height")]
    if sides[0] is None or sides[1] is None:
        raise Refused(_("This drawing has no size that can be drawn. Please save it as PNG."))
    return 0.0, 0.0, float(sides[0][1]), float(sides[1][1])

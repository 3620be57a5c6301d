"""rule: the picture that is shown where a page's link is shared: 1,200 by 630 points, in the colours of the shop."""

import hashlib
import json
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final
from xml.sax.saxutils import escape, quoteattr

WIDTH: Final = 1_200
HEIGHT: Final = 630
# Rises when the same facts are drawn in another way: then every picture has another address.
EDITION: Final = 1
EDGE: Final = 80
LONGEST: Final = 160
LONGEST_WORD: Final = 28
# The sizes a title may have, the largest first; lines stand 1.18 of a size apart and take so much height together.
SIZES: Final = (88, 76, 66, 56, 48, 42)
LEADING: Final = 1.18
TALLEST: Final = 340
BASE: Final = 508
BLANK: Final = 0.34
# Words are measured in rows of their own, at this size; what is read off is a little less than what is drawn.
MEASURED_AT, ROW = 32, 64
SLACK: Final = 1.02
# Every font that could be chosen has these.
_EVERYWHERE: Final = 0x024F
# Of a point that no font draws: the last of those that nobody may give a meaning to but oneself.
_NOBODYS: Final = "\U0010fffd"
_JOINERS: Final = "\u200c\u200d"
# What fits beside nothing else in one line of the name, and of the address below.
LONGEST_NAME, LONGEST_HOST = 36, 52
LOGO_BOX: Final = (380, 72)
FAMILIES: Final[Mapping[str, str]] = {
    "serif": "'Noto Serif', 'DejaVu Serif', 'Liberation Serif', serif",
    "": "Inter, 'Noto Sans', 'DejaVu Sans', 'Liberation Sans', sans-serif",
}


@dataclass(frozen=True, kw_only=True)
class Card:
    """What a picture says. ``look`` names the colours and the logo, so that others make another picture of it."""

    title: str
    shop: str
    host: str
    look: str

    @property
    def digest(self) -> str:
        """What the address of the picture carries: nobody else can make one that is answered."""
        told = json.dumps([EDITION, self.title, self.shop, self.host, self.look])
        return hashlib.sha256(told.encode()).hexdigest()


@dataclass(frozen=True, kw_only=True)
class Paint:
    """What a picture is painted with: ground and ink as #rrggbb, the shop's font, its logo as a data address."""

    ground: str
    ink: str
    font: str = "plain"
    logo: str = field(default="", repr=False)
    logo_size: tuple[int, int] = (0, 0)


@dataclass(frozen=True, kw_only=True)
class Measured:
    """How wide each word is, as a part of the size of the font, and what no font here can draw."""

    widths: Mapping[str, float]
    missing: Collection[str] = ()


def words_of(text: str) -> list[str]:
    """Return the words of a title, without what nobody sees; a word that no line holds is cut into several."""
    typed = unicodedata.normalize("NFC", text)
    seen = "".join(
        sign for sign in typed if sign.isspace() or sign in _JOINERS or not unicodedata.category(sign).startswith("C")
    )
    words: list[str] = []
    for word in seen.split()[:LONGEST]:
        rest = word
        while rest:
            words.append(rest[:LONGEST_WORD])
            rest = rest[LONGEST_WORD:]
    found: list[str] = []
    for word in words:
        if sum(map(len, found)) + len(found) + len(word) > LONGEST:
            return [*found, "…"]
        found.append(word)
    return found


def unsure(words: Sequence[str]) -> list[str]:
    """Return the signs of these words that a font may lack."""
    return sorted({sign for word in words for sign in word if ord(sign) > _EVERYWHERE and sign not in _JOINERS + "…"})


def measuring(words: Sequence[str], signs: Sequence[str], font: str) -> str:
    """Return a drawing with each word in a row of its own, then each sign, and last one that no font has."""
    rows = [*words, *signs, _NOBODYS]
    width = MEASURED_AT * 2 * LONGEST_WORD
    lines = "".join(
        f'<text x="2" y="{ROW * place + ROW * 2 // 3}">{escape(row)}</text>' for place, row in enumerate(rows)
    )
    return _sheet(width, ROW * len(rows), f'<g {_font(font)} font-size="{MEASURED_AT}">{lines}</g>')


def drawable(words: Sequence[str], missing: Collection[str]) -> list[str]:
    """Return the words without ornaments that no font has; nothing where a letter is lacking: boxes say nothing."""
    if any(unicodedata.category(sign)[0] in "LMN" for word in words for sign in word if sign in missing):
        return []
    kept = ("".join(sign for sign in word if sign not in missing) for word in words)
    return [word for word in kept if word.strip(_JOINERS + "\ufe0f")]


def set_title(words: Sequence[str], widths: Mapping[str, float]) -> tuple[int, list[str]]:
    """Choose the largest size at which the words have room, and break them into lines."""
    size, lines = SIZES[-1], [""]
    for size in SIZES:
        lines = _broken(words, widths, (WIDTH - 2 * EDGE) / size / SLACK)
        if len(lines) <= _most_lines(size) and all(widths.get(word, 0) * size <= WIDTH - 2 * EDGE for word in words):
            return size, lines
    most = _most_lines(size)
    return size, lines if len(lines) <= most else [*lines[: most - 1], f"{lines[most - 1]} …"]


def _most_lines(size: int) -> int:
    return int(TALLEST // (size * LEADING))


def _broken(words: Sequence[str], widths: Mapping[str, float], room: float) -> list[str]:
    lines: list[str] = []
    used = 0.0
    for word in words:
        width = widths.get(word, 0)
        if lines and used + BLANK + width <= room:
            lines[-1] = f"{lines[-1]} {word}"
            used += BLANK + width
        else:
            lines.append(word)
            used = width
    return lines


def drawing(card: Card, paint: Paint, words: Sequence[str], widths: Mapping[str, float]) -> str:
    """Return the picture as a drawing: logo or name above, the title in the middle, the shop's address below."""
    size, lines = set_title(words, widths)
    first = BASE - (len(lines) - 1) * size * LEADING
    anchor = f'x="{WIDTH - EDGE}" text-anchor="end"' if _runs_left(words) else f'x="{EDGE}"'
    title = "".join(
        f'<text {anchor} y="{round(first + place * size * LEADING)}">{escape(line)}</text>'
        for place, line in enumerate(lines)
    )
    host = escape(_short(card.host, LONGEST_HOST))
    parts = [
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="{paint.ground}"/>',
        f'<g fill="{paint.ink}" {_font(paint.font)}>{_head(card, paint)}',
        f'<g font-size="{size}">{title}</g>',
        f'<rect x="{EDGE}" y="544" width="72" height="6" rx="3"/>',
        f'<text x="{EDGE}" y="592" font-size="30" font-weight="400">{host}</text></g>',
    ]
    return _sheet(WIDTH, HEIGHT, "".join(parts))


def _head(card: Card, paint: Paint) -> str:
    if not paint.logo:
        return f'<text x="{EDGE}" y="112" font-size="38">{escape(_short(card.shop, LONGEST_NAME))}</text>'
    width, height = paint.logo_size
    # A logo was drawn for white paper: it gets white paper.
    return (
        f'<rect x="{EDGE}" y="52" width="{width + 48}" height="{height + 32}" rx="14" fill="#fff"/>'
        f'<image x="{EDGE + 24}" y="68" width="{width}" height="{height}" href={quoteattr(paint.logo)}/>'
    )


def _short(text: str, longest: int) -> str:
    return text if len(text) <= longest else f"{text[: longest - 1]}…"


def _runs_left(words: Sequence[str]) -> bool:
    kinds = (unicodedata.bidirectional(sign) for word in words for sign in word)
    return next((kind for kind in kinds if kind in {"L", "R", "AL"}), "L") != "L"


def _font(font: str) -> str:
    family = FAMILIES["serif" if font == "serif" else ""]
    return f'font-family="{family}" font-weight="700"'


def _sheet(width: int, height: int, inside: str) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
        f'viewBox="0 0 {width} {height}">{inside}</svg>'
    )

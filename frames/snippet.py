"""rule: the lines a reseller pastes into a page: script and element, a plain iframe, or a link.

Every value is escaped for where it stands; nothing is made for a page of the shop's own origin, where a sandbox that
allows scripts and the own origin would be none (HTML standard, iframe sandbox).
"""

import base64
import hashlib
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from itertools import pairwise
from typing import Any, Final
from urllib.parse import urlencode

from frames.kinds import Kind
from frames.origins import host_of
from storefront.core.errors import Refused
from storefront.core.i18n import lazy_gettext as _
from tenants.wanted_records import registered_domain

SCRIPT_PATH: Final = "/frames/embed.v1.js"
SANDBOX: Final = (
    "allow-forms allow-scripts allow-same-origin allow-popups allow-popups-to-escape-sandbox "
    "allow-top-navigation-by-user-activation"
)
# How much room is kept before a window says how high it is: what its first step needs where it is wide, then each width
# below which it needs more, and how much, in the language that needs most.
HEIGHTS: Final[Mapping[str, tuple[int, ...]]] = {
    "domain-search": (178, 600, 228, 400, 272),
    "user-login": (363, 340, 385),
    "user-register": (601, 560, 718, 400, 755),
    "password-reset": (345, 560, 370, 400, 409),
    "order": (215, 600, 290, 400, 334),
    "cart": (423, 560, 474, 400, 527),
    "price-list": (820, 610, 1745, 352, 2200),
    "whois": (184, 400, 238),
    "contact": (566, 960, 616, 576, 752, 400, 777, 328, 827),  # with the form that shops begin with
}
# From so wide on a contact window is reckoned anew; from the second on its form has two columns.
CONTACT_WIDTHS: Final = (960, 576, 400, 328, 280)
TWO_COLUMNS: Final = 576  # CSS pixels
LESS_EDGE: Final = 352  # CSS pixels; below, a window's edge is narrower
LINE: Final = 24  # CSS pixels; how high the link in an element is, whatever the page says of its lines
TELEPHONE: Final = 360  # CSS pixels
# What may stand beside the frame's key, in this order; a plain iframe carries them in its fragment.
BESIDES: Final = ("look", "accent", "email", "name", "code", "campaign", "search")


@dataclass(frozen=True, kw_only=True)
class Piece:
    """What is put into a page. ``besides`` are attributes that are not in the frame's own row."""

    shop: str  # the origin of the host that shows it
    kind: Kind
    title: str  # in the language of the page around it
    key: str = ""
    locale: str = ""  # a prefix of the address; none: the visitor's own language
    besides: Mapping[str, str] = field(default_factory=dict)
    scheme: str = ""  # "light" or "dark" where the window is always so; a plain iframe must say the same
    heights: tuple[int, ...] = ()  # as in HEIGHTS, where the shop knows better than they what its window needs

    @property
    def address(self) -> str:
        """Where the window itself is."""
        language = f"/{self.locale}" if self.locale else ""
        key = f"/{self.key}" if self.key else ""
        return f"{self.shop}{language}/frames/{self.kind.key}{key}"


@dataclass(frozen=True, kw_only=True)
class Lines:
    """The three ways. ``script`` stands once in a page, however many elements it has."""

    script: str
    element: str
    iframe: str
    link: str

    @property
    def both(self) -> str:
        """Script and element, as most paste them."""
        return f"{self.script}\n{self.element}"


def integrity_of(content: bytes) -> str:
    """Return what a browser compares a script with (W3C Subresource Integrity)."""
    return "sha384-" + base64.b64encode(hashlib.sha384(content).digest()).decode()


def lines_for(piece: Piece, *, integrity: str, pages: Sequence[str] = ()) -> Lines:
    """Write the three ways for a piece that will stand on these origins."""
    if piece.shop in pages:
        raise Refused(
            _(
                "This page and the frame would have the same address, which browsers do not keep apart. "
                "Choose another host of your shop."
            ),
            field="host",
        )
    title, address = escape(piece.title), escape(piece.address)
    besides = {name: piece.besides[name] for name in BESIDES if piece.besides.get(name)}
    given = {"frame": piece.key, "lang": piece.locale, **besides, "title": piece.title}
    attributes = "".join(f' {name}="{escape(value)}"' for name, value in given.items() if value)
    fragment = escape("#" + urlencode(besides)) if besides else ""
    scheme = f";color-scheme:{piece.scheme}" if piece.scheme else ""
    heights = piece.heights or HEIGHTS[piece.kind.key]
    return Lines(
        script=(
            f'<script src="{escape(piece.shop + SCRIPT_PATH)}" integrity="{escape(integrity)}" '
            'crossorigin="anonymous" async></script>'
        ),
        element=(
            f'<{piece.kind.element}{attributes} style="display:flow-root"><a href="{address}" '
            f'style="display:block;box-sizing:border-box;height:{LINE}px;margin-bottom:{room(heights, LINE)}">'
            f"{title}</a></{piece.kind.element}>"
        ),
        iframe=(
            f'<div style="position:relative;padding-top:{room(heights)}">'
            f'<iframe src="{address}{fragment}" title="{title}" loading="lazy" referrerpolicy="strict-origin" allow="" '
            f'sandbox="{SANDBOX}" style="position:absolute;inset:0;width:100%;height:100%;border:0{scheme}"></iframe>'
            "</div>\n"
            f'<noscript><a href="{address}">{title}</a></noscript>'
        ),
        link=f'<a href="{address}">{title}</a>',
    )


def first_height(kind: str, width: int) -> int:
    """Return the room that a window of so many pixels' width needs at first."""
    height, *steps = HEIGHTS[kind]
    for below, higher in zip(steps[::2], steps[1::2], strict=True):
        height = higher if width < below else height
    return height


def room(heights: Sequence[int], less: int = 0) -> str:
    """Write such a height in CSS, less what else is there; as a margin or padding: 100% is the width around it."""
    height, *steps = heights
    parts = [f"{height - less}px"]
    for below, higher in zip(steps[::2], steps[1::2], strict=True):
        parts.append(f"min({higher - less}px,({below}px - 100%)*999)")
    return f"max({','.join(parts)})"


def contact_heights(form: Mapping[str, Any] | None, *, has_phone: bool) -> tuple[int, ...]:
    """Reckon the room for a contact window from the words of its form, or for a shop without one.

    Rather too much than too little: room that is not needed moves nothing.
    """
    if form is None:
        return (208, 500, 272) if has_phone else (176, 500, 210)
    heights = [(width, _form_height(form, width)) for width in CONTACT_WIDTHS]
    steps = ((wider[0], narrower[1]) for wider, narrower in pairwise(heights))
    return (heights[0][1], *(each for step in steps for each in step))


def _form_height(form: Mapping[str, Any], width: int) -> int:
    inner, is_wide = width - (24 if width < LESS_EDGE else 32), width >= TWO_COLUMNS
    fields = bool(form["topics"]) + bool(form["asks_phone"])
    height = (412 if is_wide else 498) + 88 * (math.ceil(fields / 2) if is_wide else fields)
    height += 28 * _turns(form["title"], inner, 12.5) + 25 * _turns(form["button"], inner - 60)
    height += 25 * _turns(form["consent"], inner - 30)
    return height + (41 + 25 * _turns(form["text"], inner) if form["text"] else 0)


def _turns(text: str, width: int, letter: float = 8.4) -> int:
    """Reckon how often a text goes on in another line; about three letters of each stay empty."""
    return max(0, math.ceil(len(text) / (width / letter - 3)) - 1)


def propose_host(shop: Sequence[str], pages: Sequence[str]) -> str:
    """Choose the origin of the shop that a frame should come from: one of the same registered domain as the pages.

    Browsers then treat the window as a part of the site, cookies included. ``shop`` names the main host first; the
    page's own origin is never proposed while there is another.
    """
    others = [origin for origin in shop if origin not in pages]
    near = [origin for origin in others if is_near(origin, pages)]
    return next(iter([*near, *others, *shop]))


def is_near(origin: str, pages: Sequence[str]) -> bool:
    """Whether an origin shares the registered domain with one of the pages, so that browsers see one site."""
    return registered_domain(host_of(origin)) in {registered_domain(host_of(page)) for page in pages}

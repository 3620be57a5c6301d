"""The lines of a frame as its page shows them: from which host, in which three ways, and what stands in the way."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from flask import g

from frames.counts import WHATS
from frames.kinds import KINDS
from frames.models import Frame
from frames.published import script_integrity
from frames.settings import heights_for, options_of
from frames.sites import VERIFIED, allowed_origins
from frames.snippet import SCRIPT_PATH, Lines, Piece, is_near, lines_for, propose_host
from storefront.core.errors import Refused
from storefront.core.i18n import Text, speaking
from storefront.core.i18n import lazy_gettext as _
from storefront.web.house import house
from tenants import hosts
from tenants.resellers import current_reseller

# What is counted, in the order in which it happens.
COUNTED: Final[tuple[tuple[str, Text], ...]] = (
    ("shown", _("Seen")),
    ("searched", _("Searched")),
    ("carted", _("Put into a cart")),
    ("signed_in", _("Signed in")),
    ("ordered", _("Ordered")),
)
COLUMNS: Final = [(word, "num") for _what, word in COUNTED]
DAYS: Final = 30
NOTHING: Final = dict.fromkeys(WHATS, 0)


@dataclass(frozen=True, kw_only=True)
class Pasted:
    """What the page of a frame says of its lines."""

    hosts: Sequence[str]  # origins of the shop, the main one first
    host: str
    script_url: str
    lines: Lines | None
    refusal: Text
    is_near: bool  # whether the host shares its registered domain with a site


def counting_since() -> Any:
    """The first day of the figures in lists."""
    return g.db.now.date() - timedelta(days=DAYS - 1)


def shop_origins() -> list[str]:
    """List where the shop answers: the main host first."""
    names = [host.name for host in hosts.hosts(g.db) if host.is_platform_name or host.state in VERIFIED]
    main = current_reseller(g.db).canonical_host
    return [house().config.origin(name) for name in sorted(names, key=lambda name: (name != main, name))]


def pasted(frame: Frame, wanted: str) -> Pasted:
    """Write the lines of a frame for the host that was asked for, else for the one that suits its sites best."""
    shop = shop_origins()
    pages = allowed_origins(g.db, None if frame.is_everywhere else frame.id)
    origin = wanted if wanted in shop else propose_host(shop, pages)
    kind, language = KINDS[frame.kind], options_of(frame).language
    with speaking(language or current_reseller(g.db).default_locale):
        title = str(kind.title)
    lines: Lines | None = None
    refusal: Text = ""
    try:
        lines = lines_for(
            Piece(
                shop=origin,
                kind=kind,
                key=frame.key,
                title=title,
                scheme=options_of(frame).scheme,
                heights=heights_for(g.db, kind, language),
            ),
            integrity=script_integrity(),
            pages=pages,
        )
    except Refused as no:
        refusal = no.message
    return Pasted(
        hosts=shop,
        host=origin,
        script_url=origin + SCRIPT_PATH,
        lines=lines,
        refusal=refusal,
        is_near=is_near(origin, pages),
    )

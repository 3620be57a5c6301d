"""What the view of a window knows and how it answers; who may hold it, and that nobody is signed in there."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import wraps
from typing import Any, Final

from flask import Response, current_app, g, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from frames.counts import name_afterwards
from frames.kinds import KINDS, Kind
from frames.models import Frame
from frames.options import Options, read_options
from frames.origins import origin_of
from frames.settings import find_frame, is_kind_on, options_of
from frames.sites import allowed_origins
from storefront.core.db import Work
from storefront.core.errors import NotFound
from storefront.core.i18n import gettext, speaking
from storefront.core.sealing import is_signed, sign
from storefront.web.assets import brand_stamp
from storefront.web.embedders import is_foreign
from storefront.web.guards import PUBLIC, acts, reads
from storefront.web.headers import let_embed, may_lead_to
from storefront.web.house import house
from storefront.web.rendering import page, storable
from tenants.brand_colours import brand_css, brand_from
from tenants.resellers import current_reseller

PREVIEW: Final = "preview"  # in place of a key: options come from the query, and only the office may frame it
SELF: Final = "'self'"
PREVIEW_PURPOSE: Final = "preview of frames"


@dataclass(frozen=True, kw_only=True)
class Window:
    """One window that was asked for. ``frame`` is its row; none where nobody made it."""

    kind: Kind
    frame: Frame | None
    options: Options
    origins: tuple[str, ...]  # who may hold it
    is_preview: bool = False
    is_open: bool = True

    @property
    def key(self) -> str:
        """What its address ends with; empty where nobody made it."""
        return self.frame.key if self.frame else ""

    @property
    def whose(self) -> str:
        """What its counters stand under: the key, else the kind."""
        return self.key or self.kind.key

    @property
    def path(self) -> str:
        """Its own address, with the language and without a query."""
        return self.address()

    def address(self, **query: Any) -> str:
        """Its own address with a query, such as ``step="cart"``; a preview keeps its choices."""
        if self.is_preview:
            kept = {**self.options.as_row(), "pass": request.args.get("pass") or None}
            return url_for(self.kind.endpoint, key=PREVIEW, **{**kept, **query})
        return url_for(self.kind.endpoint, key=self.key, **query)

    def allows(self, address: str) -> bool:
        """Whether a visitor may be led back to a page: it lies on a site that may hold this window."""
        origin = origin_of(address)
        return origin is not None and origin in self.origins

    @property
    def whole_url(self) -> str:
        """Where the same is done in a window of its own: the shop's own page, else this very document."""
        return in_shop(self.kind.whole) if self.kind.whole else self.path

    def in_shop(self, endpoint: str, **values: Any) -> str:
        """The address of a page of the shop, for the top or a new window."""
        return in_shop(endpoint, **values)

    @property
    def accent_url(self) -> str:
        """The shop's look in the colour of this window; empty where it has the shop's own."""
        if not self.options.accent:
            return ""
        stamp = brand_stamp(brand_css(brand_from(current_reseller(g.db).brand)))
        return url_for("frames.accent", stamp=stamp, colour=self.options.accent[1:])

    @property
    def told_url(self) -> str:
        """Where the window asks what happened at the top; empty in a preview."""
        return "" if self.is_preview else url_for("frames.told") if "frames.told" in current_app.view_functions else ""

    @property
    def shown_url(self) -> str:
        """Where the window says that somebody sees it; empty in a preview, which counts nothing."""
        return "" if self.is_preview else url_for("frames.shown", kind=self.kind.key, key=self.key)

    def render(
        self, template: str = "", /, *, status: int | None = None, is_ready: bool = False, **context: Any
    ) -> Response:
        """Answer with a template, ``frames/<kind>.html`` unless another is named.

        ``is_ready`` lets the front keep the answer for everybody: for the first document of a window alone, which must
        not depend on who asks. A form with errors answers 422, as everywhere.
        """
        response = page(template or f"frames/{self.kind.view}.html", status=status, window=self, **context)
        may_be_kept = is_ready and self.is_open and not self.is_preview and not request.args
        return storable(response) if may_be_kept else response


View = Callable[[Window], AnyResponse]
# What answers at /frames/<kind> and /frames/<kind>/<key>; modules of views fill it by ``shows``.
SHOWN: Final[dict[str, Callable[..., Any]]] = {}


def shows(kind: str, *, audit: str = "", rate: str = "form_rate") -> Callable[[View], View]:
    """Declare what shows a kind of window. With ``audit`` it takes POST too, as ``acts`` of guards.py does."""

    def wrap(view: View) -> View:
        @wraps(view)
        def answer(key: str = "") -> AnyResponse:
            window = open_window(KINDS[kind], key)
            return turned_away(window) or view(window)

        SHOWN[kind] = acts(PUBLIC, audit=audit, rate=rate)(answer) if audit else reads(PUBLIC)(answer)
        return view

    return wrap


def open_window(kind: Kind, key: str) -> Window:
    """Find the frame of this request and who may hold it, and say so in the headers. ``NotFound`` for a wrong key."""
    if key == PREVIEW:
        chosen = read_options(kind, request.args)
        window = Window(kind=kind, frame=None, options=chosen, origins=(_own_origin(),), is_preview=True)
    else:
        window = _found(kind, key)
    let_embed((SELF,) if window.is_preview else window.origins)
    if not shows_shop():
        # What leaves the window goes to the host that shows the shop.
        may_lead_to(house().config.origin(g.place.canonical))
    g.window = window
    _speak(window.options.language)
    if key and window.whose != key and not window.is_preview:
        raise NotFound
    return window


def _found(kind: Kind, key: str) -> Window:
    found = find_window(g.db, key or kind.key)
    if found is not None and found.kind is kind:
        return found
    # Whoever still names a frame that was deleted is told so where it stood.
    return Window(kind=kind, frame=None, options=Options(), origins=allowed_origins(g.db), is_open=False)


def find_window(db: Work, whose: str) -> Window | None:
    """Find a window by what its counters stand under: a key, or the kind of one that nobody made; also at the top."""
    if whose in KINDS:
        origins = allowed_origins(db)
        kind = KINDS[whose]
        return Window(kind=kind, frame=None, options=Options(), origins=origins, is_open=is_kind_on(db, whose))
    frame = find_frame(db, whose)
    if frame is None or frame.kind not in KINDS:
        return None
    origins = allowed_origins(db, None if frame.is_everywhere else frame.id)
    kind, options = KINDS[frame.kind], options_of(frame)
    return Window(kind=kind, frame=frame, options=options, origins=origins, is_open=frame.is_on)


def turned_away(window: Window) -> Response | None:
    """Answer a site that may not hold the window, or everybody while it is closed; ``None`` lets the request in."""
    said = (request.headers.get("Sec-Fetch-Dest", ""), request.headers.get("Referer", ""))
    if is_foreign(*said, request.environ.get("HTTP_HOST", ""), window.origins):
        name_afterwards(window.whose, said[1])
        let_embed(())
        return window.render("frames/foreign.html", status=403)
    if words := _closed_for(window):
        return window.render("frames/closed.html", status=503, words=words)
    if not window.is_open:
        return window.render("frames/closed.html", status=404, words="")
    return None


def preview_pass(db: Work) -> str:
    """Return what the office adds to the address of a preview (``pass``), so that a shop in preparation shows it."""
    return sign(db.config, db.now.date().isoformat(), purpose=PREVIEW_PURPOSE, owner=db.reseller_id)


def _has_pass() -> bool:
    given = request.args.get("pass", "")
    days = (g.db.now.date(), g.db.now.date() - timedelta(days=1))
    owner = g.place.reseller_id
    return any(is_signed(house().config, day.isoformat(), given, purpose=PREVIEW_PURPOSE, owner=owner) for day in days)


def _closed_for(window: Window) -> str:
    """Say why the whole shop is not open; nothing where it is, or to the office that looks at a preview."""
    if window.is_preview and _has_pass():
        return ""
    if g.place.state == "preparing":
        return gettext("This shop opens soon.")
    closed = g.maintenance
    return gettext("This shop is closed for the moment.") if closed is not None and closed.holds(g.db.now) else ""


def _own_origin() -> str:
    return house().config.origin(g.host)


def in_shop(endpoint: str, **values: Any) -> str:
    """Return the address of a page of the shop at the top: on this host, or on the one that shows the shop."""
    prefix = "" if request.script_root else f"/{g.locale}"
    path = f"{prefix}{url_for(endpoint, **values)}"
    return path if shows_shop() else f"{house().config.origin(g.place.canonical)}{path}"


def shows_shop() -> bool:
    """Whether this very host shows the shop's pages, without leading to another one."""
    platform = house().config.platform_host
    return g.place.purpose == "shop" and g.host in (g.place.canonical, f"{g.place.slug}.{platform}", platform)


def _speak(language: str) -> None:
    """Speak the language that was chosen for the frame, unless the address names one."""
    if not language or language == g.locale or request.script_root:
        return
    g.speaking.__exit__(None, None, None)
    g.locale = language
    g.speaking = speaking(g.locale, g.zone)
    g.speaking.__enter__()

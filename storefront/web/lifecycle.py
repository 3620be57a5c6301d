"""One request = one reseller, one Work, one transaction."""

from urllib.parse import urlsplit
from uuid import UUID

import structlog
from flask import Flask, Response, current_app, g, request
from flask_login import current_user
from werkzeug.wrappers import Response as AnyResponse

from storefront.core import outbox
from storefront.core.audit import record
from storefront.core.db import AWAY, Actor
from storefront.core.errors import Forbidden, SaidNo
from storefront.core.i18n import gettext, speaking
from storefront.identity.sessions import touch_session
from storefront.web import headers, price_groups, theme_preview
from storefront.web.afterwards import kept_afterwards
from storefront.web.doors import turned_away
from storefront.web.errors import bare, error_page, wants_json
from storefront.web.forms import carries_token
from storefront.web.further import further_works
from storefront.web.guards import guard_of, is_signed_in, is_unsafe, is_window
from storefront.web.house import house
from storefront.web.locale import choose_locale, lead_to_own_language
from storefront.web.parked import FILES, parked_page
from storefront.web.requests import MOST_FIELDS_OF_OFFICES
from storefront.web.sessions import SESSION_COOKIE, leave_cookies_later, write_cookies
from tenants.maintenance import Maintenance, maintenance_of
from tenants.parked_names import PARKED
from tenants.resellers import current_reseller
from tenants.resolve import normalise
from tenants.themes import DEFAULT, known_theme

log = structlog.get_logger()

# Answered by peer, whatever the Host (decision 15); they open no Work.
PEER_PATHS = ("/healthz", "/readyz", "/metrics")

OFFICES = frozenset({"reseller", "operator"})


def install(app: Flask) -> None:
    """Open a Work before every request, keep or undo it after."""
    app.before_request(open_request)
    app.after_request(close_request)
    app.teardown_request(let_go)


def open_request() -> AnyResponse | None:
    """Find the reseller, open the Work, choose language and theme, refuse what comes from elsewhere."""
    if request.path in PEER_PATHS:
        return None
    g.host = normalise(request.environ.get("HTTP_HOST", "")) or ""
    place = house().resolver.find(g.host) if g.host else None
    if place is None or place.state == "closed":
        return bare(421)
    g.place = place
    g.db = house().database.work(place.reseller_id, Actor(kind="visitor", address=request.remote_addr or ""))
    # Nobody is signed in inside other people's pages (security 2.3, F2).
    g.has_session = SESSION_COOKIE in request.cookies and place.purpose != PARKED and not is_window()
    reseller_locales = _begin_speaking()
    if place.purpose == PARKED:
        return None if request.path.startswith(FILES) else parked_page()
    if is_signed_in():
        if OFFICES & set(request.blueprints):
            request.max_form_parts = MOST_FIELDS_OF_OFFICES
        g.db.actor = current_user.actor
        theme_preview.begin()
        price_groups.begin()
    if place.state == "suspended" and not request.path.startswith(FILES):
        return error_page(503, gettext("This shop is closed for the moment."))
    led = turned_away() or lead_to_own_language(reseller_locales)
    return led or _refuse_foreign_origin() or _refuse_without_token()


def _begin_speaking() -> list[str]:
    """Choose the language of the answer and return those of the shop.

    Where the database is away, the page that says so still has a language and a look: the shop's as it was last known.
    """
    try:
        offered, default = _languages()
        g.locale = choose_locale(offered, default)
    except AWAY:
        g.has_session = False  # nobody can be recognised now
        g.locale = choose_locale(*_languages_before())
        _speak()
        raise
    _speak()
    return offered


def _speak() -> None:
    g.speaking = speaking(g.locale, g.zone)
    g.speaking.__enter__()


def _languages() -> tuple[list[str], str]:
    """Return the languages of the shop; kept by version, so usually without a query."""
    key = (g.place.reseller_id, g.place.version)
    found = _LANGUAGES.get(key)
    if found is None:
        reseller = current_reseller(g.db)
        found = (
            list(reseller.locales) or [reseller.default_locale],
            reseller.default_locale,
            reseller.zone,
            known_theme(reseller.theme),
            maintenance_of(reseller.settings),
        )
        if len(_LANGUAGES) > 5_000:  # noqa: PLR2004 - a bound, not a tuning
            _LANGUAGES.clear()
        _LANGUAGES[key] = found
    return _taken(found)


def _languages_before() -> tuple[list[str], str]:
    """Return the languages of the shop as any version of it had them, else as its host says."""
    shop, locales = g.place.reseller_id, list(g.place.locales)
    known = (found for (whose, _version), found in reversed(list(_LANGUAGES.items())) if whose == shop)
    return _taken(next(known, (locales, locales[0], "UTC", DEFAULT, None)))


def _taken(found: "_Known") -> tuple[list[str], str]:
    locales, default, g.zone, g.theme, g.maintenance = found
    return locales, default


# Languages, the usual one, time zone, theme, work that the shop is closed for.
_Known = tuple[list[str], str, str, str, Maintenance | None]
_LANGUAGES: dict[tuple[object, int], _Known] = {}


def _refuse_foreign_origin() -> AnyResponse | None:
    """Refuse an unsafe request that another site sent (decision 18). Hooks prove themselves by signature."""
    if not is_unsafe() or request.path.startswith("/hooks/"):
        return None
    origin = request.headers.get("Origin")
    if origin:
        good = origin != "null" and (_is_here(origin) or _is_window_of_this_shop(origin))
    elif "Sec-Fetch-Site" in request.headers:
        good = request.headers["Sec-Fetch-Site"] == "same-origin"
    else:
        good = _is_here(request.headers.get("Referer", ""))
    if good:
        return None
    raise Forbidden(gettext("This form came from another site. Please open the page again and repeat what you did."))


def _refuse_without_token() -> AnyResponse | None:
    """Refuse a button pressed on a page that was not made for this session.

    An address that also shows a form looks at the token itself, so that what was typed is not lost.
    """
    shows_form = request.url_rule is not None and "GET" in (request.url_rule.methods or ())
    if not is_unsafe() or shows_form or request.path.startswith("/hooks/") or not is_signed_in() or carries_token():
        return None
    raise Forbidden(gettext("This page was open for too long. Please open it again and repeat what you did."))


def _is_here(address: str) -> bool:
    """Tell whether an address is on this very site: scheme, host and port (RFC 6454 4)."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    # Where a proxy that nobody named ends TLS, the request looks plain while the browser rightly says https.
    is_scheme_ours = parts.scheme in (request.scheme, house().config.public_scheme)
    return is_scheme_ours and parts.netloc.lower() == request.environ.get("HTTP_HOST", "").lower()


def _is_window_of_this_shop(origin: str) -> bool:
    """Tell whether a form came from another host of the shop, to an address that windows lead to (decision 18)."""
    guard = guard_of(current_app, request.endpoint)
    if guard is None or not guard.from_windows:
        return False
    scheme, _colon, netloc = origin.partition("://")
    name, _colon, port = netloc.partition(":")
    if scheme not in (request.scheme, house().config.public_scheme) or normalise(netloc) != name:
        return False
    place = house().resolver.find(name)
    is_ours = place is not None and place.reseller_id == g.place.reseller_id and place.purpose != PARKED
    return is_ours and port == request.environ.get("HTTP_HOST", "").partition(":")[2]


def close_request(response: Response) -> Response:
    """Commit what an unsafe request did if the answer says it worked; undo everything else."""
    db = g.get("db")
    if db is not None:
        try:
            if is_unsafe() and response.status_code < 400 and not g.get("refusal"):  # noqa: PLR2004 - HTTP's own classes
                _log_action()
                for work in (*further_works(), db):
                    work.commit()
            else:
                _undo()
                _log_look(response)
        except Exception:
            log.exception("request.commit_failed", path=request.path)
            response = error_page(500, "")
            _undo()
        remember(g.get("refusal"))
        _keep_afterwards()
        if "stale_session" in g:
            _touch(*g.stale_session)
    if response.status_code < 400 or g.get("keeps_cookies"):  # noqa: PLR2004 - HTTP's own classes
        if is_window():
            leave_cookies_later().pop(SESSION_COOKIE, None)
        write_cookies(response)
    if wants_json():
        response.vary.add("Accept")
    return headers.protect(response)


def _undo() -> None:
    for work in (*further_works(), g.db):
        work.session.rollback()


def _log_action() -> None:
    """Write the one line of the log every unsafe route owes, unless the action wrote a better one."""
    guard = guard_of(current_app, request.endpoint)
    if guard is not None and guard.audit and not g.db.logged:
        record(g.db, guard.audit)


def _log_look(response: Response) -> None:
    """Log that somebody looked over the wall between resellers (decision 2: every use is audited)."""
    if not further_works() or is_unsafe() or response.status_code >= 400:  # noqa: PLR2004 - HTTP's own classes
        return
    with house().database.work(g.place.reseller_id, g.db.actor) as db:
        record(db, "office.looked", after={"page": request.path})
        db.commit()


def remember(refusal: object) -> None:
    """Keep the event that travels on a refusal, in a Work of its own."""
    if isinstance(refusal, SaidNo) and refusal.remember is not None:
        with house().database.work(g.place.reseller_id, g.db.actor) as db:
            outbox.remember(db, refusal.remember)
            db.commit()


def _keep_afterwards() -> None:
    """Keep what a look leaves behind. It is not worth an answer: what cannot be kept is only missed."""
    notes = kept_afterwards()
    if not notes:
        return
    try:
        with house().database.work(g.place.reseller_id, g.db.actor) as db:
            for note in notes:
                note(db)
            db.commit()
    except Exception:
        log.exception("request.afterwards_failed", path=request.path)


def _touch(session_id: UUID, kind: str) -> None:
    """Keep a used session alive, rarely and in a Work of its own: the request itself may have been undone."""
    with house().database.work(g.place.reseller_id) as db:
        touch_session(db, session_id, kind)
        db.commit()


def let_go(_error: BaseException | None) -> None:
    """Give the connection back and forget the language."""
    for work in further_works():
        work.close()
    db = g.pop("db", None)
    if db is not None:
        db.close()
    spoken = g.pop("speaking", None)
    if spoken is not None:
        spoken.__exit__(None, None, None)

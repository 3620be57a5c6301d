"""Refused, NotFound, Forbidden -> a page in the theme, or problem+json, or a bare page if even the theme fails."""

import secrets
from typing import Any

import structlog
from flask import Flask, Response, g, jsonify, make_response, request
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as AnyResponse

from storefront.core.db import AWAY
from storefront.core.errors import Conflict, SaidNo, TooMany
from storefront.core.i18n import DEFAULT_LOCALE, gettext
from storefront.core.i18n import lazy_gettext as _
from storefront.web.guards import NotSignedIn, to_sign_in
from storefront.web.last_page import asked_language, last_page
from storefront.web.own_pages import BROKEN, NOT_FOUND
from storefront.web.rendering import render
from storefront.web.site import kept
from storefront.web.too_many import sent_again, wait_words

log = structlog.get_logger()

PAGES = {403, 404, 405, 413, 422, 429, 500, 503}
# Where a shop may say something of its own, by the key of the page that it wrote. What was refused keeps the words of
# the refusal.
OWN_PAGES = {404: NOT_FOUND, 500: BROKEN, 503: BROKEN}


def install(app: Flask) -> None:
    """Be the only error handler."""
    app.register_error_handler(SaidNo, said_no)
    app.register_error_handler(NotSignedIn, not_signed_in)
    app.register_error_handler(HTTPException, http_error)
    app.register_error_handler(Exception, broken)


def said_no(answer: SaidNo) -> Response:
    """Answer a refusal nobody caught: its own words, in the theme."""
    g.refusal = answer
    words = str(answer.message)
    if isinstance(answer, TooMany):
        words = f"{words} {wait_words(answer)}".strip()
    response = error_page(answer.status, words)
    if isinstance(answer, TooMany):
        response.headers["Retry-After"] = str(answer.retry_after_s)
    return response


def not_signed_in(_error: NotSignedIn) -> AnyResponse:
    """Lead to the sign-in page and back."""
    if wants_json():
        return problem(401, gettext("Please sign in."))
    return to_sign_in(303)


def http_error(error: HTTPException) -> AnyResponse:
    """Answer what Werkzeug refuses: unknown address, wrong method, too large."""
    if error.response is not None:
        return error.response  # type: ignore[return-value]  # a redirect of the router
    status = error.code or 500
    if status == 400:  # noqa: PLR2004 - Werkzeug's own refusals of a malformed request
        status = 422
    response = error_page(status, "")
    if allow := getattr(error, "valid_methods", None):
        response.headers["Allow"] = ", ".join(sorted(allow))
    return response


def broken(error: Exception) -> Response:
    """Answer a defect: the reader gets a short reference that is in the log, never a trace."""
    if is_a_value_the_database_refuses(error):
        return error_page(422, "")
    if isinstance(error, StaleDataError):
        # Two windows, or two presses at once: the other one was quicker, and what was looked at is gone.
        return said_no(Conflict(_("This was changed in another window. Please open the page again.")))
    reference = secrets.token_hex(4)
    down = isinstance(error, AWAY)
    log.error("request.broken", reference=reference, path=request.path, down=down, exc_info=error)
    if down:
        response = error_page(503, "", reference)
        response.headers["Retry-After"] = "5"
        return response
    return error_page(500, "", reference)


# PostgreSQL: character_not_in_repertoire, untranslatable_character.
UNHEARD_OF_LETTERS = frozenset({"22021", "22P05"})


def is_a_value_the_database_refuses(error: Exception) -> bool:
    """Whether somebody sent a text no column can hold, such as NUL, which lists (JSON) refuse in other words."""
    if not isinstance(error, DBAPIError):
        return False
    return "0x00" in str(error.orig) or getattr(error.orig, "sqlstate", None) in UNHEARD_OF_LETTERS


def wants_json() -> bool:
    """Whether a script asks."""
    return request.accept_mimetypes.best_match(["text/html", "application/json"]) == "application/json"


def problem(status: int, words: str) -> Response:
    """Answer a script (RFC 9457)."""
    response = jsonify(status=status, title=words)
    response.status_code = status
    response.mimetype = "application/problem+json"
    return response


def error_page(status: int, words: str, reference: str = "") -> Response:
    """Answer with a page of the theme, or a bare one if even that fails."""
    if wants_json():
        return problem(status, words)
    if "place" not in g:  # asked by peer, on no shop's host: there is no theme to answer in
        return bare(status, words)
    status_page = 422 if status == 409 else status  # noqa: PLR2004 - HTTP's own number; the same page fits
    shown = status_page if status_page in PAGES else 500 if status >= 500 else 404  # noqa: PLR2004 - HTTP's own classes
    context: dict[str, Any] = {"words": words, "reference": reference}
    if shown == TooMany.status:
        context |= {"again": sent_again(), "again_at": request.full_path.rstrip("?")}
    g.refusal = g.get("refusal") or True
    if status >= 500 and "db" in g:  # noqa: PLR2004 - HTTP's own classes
        g.tells_of_a_fault = True
        _let_database_answer()
    # A suspended shop says so in words of its own.
    own = OWN_PAGES.get(shown) if shown != 503 or not words else None  # noqa: PLR2004 - HTTP's own number
    return own_or_theme(f"errors/{shown}.html", status, own, **context)


def own_or_theme(template: str, status: int, key: str | None, *, words: str = "", **context: Any) -> Response:
    """Answer with what the shop wrote for this, else with the theme's own words, else with a bare page."""
    for wants_own in (True, False) if key is not None and "chrome" not in g else (False,):
        try:
            own = kept.of_request()["own_pages"].get(key) if wants_own else None
            response = make_response(render(template, own=own, status=status, words=words, **context), status)
        except Exception:
            log.exception("error_page.broken", status=status, own=wants_own)
        else:
            response.headers["X-Robots-Tag"] = "noindex"
            return response
    return bare(status, words)


def _let_database_answer() -> None:
    """Leave a transaction that failed, so that the page about it can still be made."""
    try:
        g.db.session.rollback()
    except Exception:
        log.exception("error_page.no_rollback")


def bare(status: int, words: str = "") -> Response:
    """Answer without theme and database, in the language of the answer, else in the one asked for."""
    # Words were said already, in English where no language was chosen.
    locale = g.get("locale") or (DEFAULT_LOCALE if words else _asked_language())
    response = make_response(last_page(status, locale, words), status)
    response.headers["Cache-Control"] = "no-store"
    return response


def _asked_language() -> str:
    return asked_language(request.environ.get("vitrine.locale", ""), request.headers.get("Accept-Language", ""))

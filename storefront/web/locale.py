"""The /<locale> prefix and the choice of language."""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from flask import g, redirect, request
from flask_login import current_user
from werkzeug.wrappers import Response

from storefront.core.i18n import LOCALES
from storefront.web.negotiation import language_for, wish_of

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


def split_locale(path: str) -> tuple[str, str]:
    """Take a leading language off a path: ``/fr/cart`` is ``("fr", "/cart")``, ``/french`` has none."""
    first, slash, rest = path[1:].partition("/")
    if path.startswith("/") and first in LOCALES:
        return first, slash + rest or "/"
    return "", path


class LocalePrefix:
    """Move a leading ``/fr`` to SCRIPT_NAME, so that every ``url_for`` keeps the language by itself."""

    def __init__(self, app: "WSGIApplication") -> None:
        self._app = app

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Answer with the prefix moved; ``/french`` is a page, not a language."""
        locale, path = split_locale(environ.get("PATH_INFO", ""))
        if locale:
            environ["SCRIPT_NAME"] = environ.get("SCRIPT_NAME", "") + "/" + locale
            environ["PATH_INFO"] = path
            environ["vitrine.locale"] = locale
        return self._app(environ, start_response)


def choose_locale(offered: list[str], default: str) -> str:
    """Choose the language of this answer: the address, the user's own, the browser's, the reseller's."""
    prefix = request.environ.get("vitrine.locale")
    if prefix in offered:
        return str(prefix)
    if g.get("has_session") and current_user.is_authenticated and current_user.locale in offered:
        return str(current_user.locale)
    # The same choice as the front's, so that a page does not change its language when it carries a query.
    return language_for(wish_of(request.headers.get("Accept-Language", "")), (default, *offered))


def lead_to_own_language(offered: list[str]) -> Response | None:
    """Lead ``/fr/prices`` of a shop without French to ``/prices``; for now only, since it may offer French one day."""
    if request.environ.get("vitrine.locale") in (None, *offered) or request.method not in ("GET", "HEAD"):
        return None
    query = f"?{request.query_string.decode('latin-1')}" if request.query_string else ""
    # However many slashes there were, one is left: two would name another host.
    return redirect("/" + quote(request.path.lstrip("/\\")) + query, 302)


def each_locale(offered: list[str], address: Callable[[str], str]) -> list[dict[str, Any]]:
    """List the languages of a shop for the switch in the footer."""
    return [
        {"tag": tag, "name": NATIVE_NAMES.get(tag, tag), "url": address(tag), "current": tag == g.locale}
        for tag in offered
    ]


NATIVE_NAMES = {"en": "English", "fr": "Français", "pl": "Polski", "de": "Deutsch"}

"""page(), done(): the template named after the endpoint, in the reseller's theme; undefined names are errors."""

import os
from collections.abc import Callable, Hashable, MutableMapping
from pathlib import Path
from typing import Any

from flask import (
    Flask,
    Response,
    flash,
    g,
    get_flashed_messages,
    has_request_context,
    make_response,
    redirect,
    request,
    url_for,
)
from flask.templating import Environment as FlaskEnvironment
from jinja2 import FileSystemBytecodeCache
from werkzeug.wrappers import Response as AnyResponse

from storefront.core.i18n import Text
from storefront.web.assets import asset, has_asset
from storefront.web.guards import is_signed_in, is_window
from storefront.web.headers import style_nonce
from storefront.web.site import site, visitor
from tenants.themes import DEFAULT, ThemeLoader, teach

HERE = Path(__file__).parent / "templates"


class ThemedEnvironment(FlaskEnvironment):
    """Finds ``page.html`` as ``<theme>!page.html``, so that Jinja's cache keeps themes apart."""

    def get_template(self, name: Any, parent: str | None = None, globals: Any = None) -> Any:  # noqa: A002 - Jinja's own name
        """Load a template of the theme of this request."""
        if isinstance(name, str) and "!" not in name:
            name = f"{g.get('theme', DEFAULT) if has_request_context() else DEFAULT}!{name}"
        return super().get_template(name, parent, globals)

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """Give templates what all have as it is: looked up in a chain of two, it would be slower by far."""
        return super().make_globals(d) if d else self.globals


def install(app: Flask, compiled: Path, *office_folders: Path) -> None:
    """Give the app our environment instead of Flask's; templates are compiled once for all processes of a machine."""
    app.jinja_environment = ThemedEnvironment
    environment = app.jinja_env
    environment.loader = ThemeLoader(HERE, *office_folders)
    environment.autoescape = True
    environment.bytecode_cache = _cache_in(compiled)
    teach(environment)
    environment.globals.update(asset=asset, has_asset=has_asset, style_nonce=style_nonce, url_for=url_for, once=once)


def once(macro: Callable[..., str]) -> Callable[..., str]:
    """Wrap a macro of a long table, so that what looks the same is written once: ``{{ wrapped(key, …) }}``."""
    written: dict[Hashable, str] = {}

    def ask(key: Hashable, *values: object) -> str:
        found = written.get(key)
        if found is None:
            found = written[key] = macro(*values)
        return found

    return ask


def _cache_in(folder: Path) -> FileSystemBytecodeCache | None:
    """Keep compiled templates in a folder of our own; where none can be made, every process compiles them itself."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError:
        return None
    return FileSystemBytecodeCache(str(folder)) if os.access(folder, os.W_OK) else None


def render(template: str, **context: Any) -> str:
    """Render any template with what every page has."""
    environment = _environment()
    # What is owed to somebody is said on the shop's own pages: a window beside them would swallow it.
    owed = [] if is_window() else get_flashed_messages(with_categories=True)
    shared = {"site": context.get("site") or site(), "visitor": visitor(), "messages": owed}
    if "chrome" in g:
        shared.update(g.chrome())
    return str(environment.get_template(template).render(**{**shared, **context}))


def render_part(template: str, **context: Any) -> str:
    """Render what a script puts into a page that stands already: without its frame, and without owed messages."""
    return str(_environment().get_template(template).render(**context))


def _environment() -> FlaskEnvironment:
    from flask import current_app  # noqa: PLC0415 - the proxy, wanted here only

    return current_app.jinja_env


def page(template: str | None = None, /, *, status: int | None = None, **context: Any) -> Response:
    """Answer with the template named after the endpoint: ``shop.cart.show`` → ``shop/cart/show.html``.

    A form with errors answers 422, so that half an action can never be kept.
    """
    name = template or (request.endpoint or "").replace(".", "/") + ".html"
    form = context.get("form")
    refused = form is not None and getattr(form, "was_refused", False)
    return make_response(render(name, **context), status or (422 if refused else 200))


def storable(response: Response) -> Response:
    """Let the front keep this answer for every visitor, until the shop changes."""
    if not is_signed_in() and not g.get("said_something"):
        left = g.get("ready_for_s")
        # "1" means until the shop changes.
        response.headers["X-Vitrine-Ready"] = "1" if left is None else str(max(left, 2))
    return response


def make_anew_after(seconds: float) -> None:
    """Say that this page must be made anew after so long, though the shop may not have changed; the soonest counts."""
    g.ready_for_s = min(int(seconds), g.get("ready_for_s", int(seconds)))


def done(message: Text, endpoint: str, **values: Any) -> AnyResponse:
    """Say that it worked and lead on (303, so that a reload does not repeat it)."""
    say(message)
    return redirect(url_for(endpoint, **values), 303)


def say(message: Text, tone: str = "success") -> None:
    """Show a sentence once on the next page."""
    g.said_something = True
    flash(str(message), tone)

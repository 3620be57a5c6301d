"""Too often: a form comes again with what was typed and says when to try; a button can be pressed once more."""

from collections.abc import Callable
from typing import Any

from flask import g, make_response, request
from werkzeug.wrappers import Response

from storefront.core.errors import TooMany
from storefront.core.i18n import ngettext
from storefront.web.further import further_works

MINUTE_S = 60
# Of a form without an address of its own so much is kept to be sent again.
MOST_FIELDS, LONGEST = 60, 10_000


def wait_words(refusal: TooMany) -> str:
    """Say when it is worth trying again, in whole minutes."""
    minutes = max(1, -(-refusal.retry_after_s // MINUTE_S))
    return ngettext("You can try again in a minute.", "You can try again in %(num)s minutes.", minutes)


def show_again(view: Callable[..., Any], refusal: TooMany, *args: Any, **kwargs: Any) -> Response:
    """Let a view show its form once more instead of acting; raises the refusal where it shows none.

    What the view began is undone. ``Form.submitted`` is what then says no, so the view takes its way to the page.
    """
    if not _shows_a_form() or "too_many" in g:
        raise refusal
    for work in (*further_works(), g.db):
        work.session.rollback()
    g.too_many = refusal
    answer = make_response(view(*args, **kwargs))
    if not g.get("too_many_is_told"):
        raise refusal
    answer.status_code = refusal.status
    answer.headers["Retry-After"] = str(refusal.retry_after_s)
    g.refusal = refusal
    return answer


def _shows_a_form() -> bool:
    rule = request.url_rule
    if rule is None or request.method != "POST" or "GET" not in (rule.methods or ()):
        return False
    return request.accept_mimetypes.best_match(["text/html", "application/json"]) != "application/json"


def find_too_many() -> str:
    """Return why a form may not be sent now, in words, and note that it was told; "" if it may."""
    refusal = g.get("too_many")
    if refusal is None:
        return ""
    g.too_many_is_told = True
    return f"{refusal.message} {wait_words(refusal)}"


def refuse_too_many() -> None:
    """Raise the refusal that this request met: for views that look at the token themselves."""
    refusal: TooMany | None = g.get("too_many")
    if refusal is not None:
        raise refusal


def sent_again() -> list[tuple[str, str]]:
    """Return the fields of a sent form for a button that sends them again; nothing of one with secrets or files."""
    if request.method != "POST" or request.files or any("password" in name for name in request.form):
        return []
    fields = [(name, value) for name, values in request.form.lists() for value in values]
    return fields if len(fields) <= MOST_FIELDS and all(len(value) <= LONGEST for _name, value in fields) else []

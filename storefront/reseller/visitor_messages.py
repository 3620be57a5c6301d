"""/reseller/visitor-messages: what visitors wrote through forms of the shop's pages."""

from typing import Final
from urllib.parse import quote
from uuid import UUID

from flask import Blueprint, g
from werkzeug.wrappers import Response

from cms.models import VisitorMessage
from cms.visitor_messages import mark_read, page_titles, remove_message, visitor_messages
from storefront.core.i18n import gettext
from storefront.core.i18n import lazy_gettext as _
from storefront.identity.permissions import Permission
from storefront.web.forms import Form, require_token
from storefront.web.guards import acts, reads
from storefront.web.lists import after_of, paged, state_of
from storefront.web.locale import NATIVE_NAMES
from storefront.web.rendering import done, page

bp = Blueprint("visitor_messages", __name__, url_prefix="/visitor-messages")

FILTERS: Final = {"": _("All"), "new": _("To answer"), "read": _("Done")}


@bp.get("/")
@reads(Permission.CUSTOMERS_READ)
def list() -> Response:  # noqa: A001 - the verb of every list
    """What visitors wrote, the newest first."""
    state = state_of(FILTERS)
    found = visitor_messages(g.db, state=state, after=after_of())
    return page(rows=found.rows, titles=page_titles(g.db, found.rows), pager=paged(found), state=state, filters=FILTERS)


@bp.get("/<uuid:visitor_message_id>")
@reads(Permission.CUSTOMERS_READ)
def show(visitor_message_id: UUID) -> Response:
    """One message with everything the form asked."""
    message = g.db.require(VisitorMessage, visitor_message_id)
    title = page_titles(g.db, [message]).get(message.page_id, "")
    language = NATIVE_NAMES.get(message.locale, message.locale)
    return page(message=message, title=title, language=language, answer_url=_answer_url(message, title))


@bp.post("/<uuid:visitor_message_id>/done")
@acts(Permission.CUSTOMERS_MANAGE, audit="visitor_message.read")
def done_with(visitor_message_id: UUID) -> Response:
    """Say that a message is answered."""
    require_token()
    message = g.db.require(VisitorMessage, visitor_message_id)
    mark_read(g.db, message, is_read=True)
    return done(_("Done with it."), ".list")


@bp.post("/<uuid:visitor_message_id>/open-again")
@acts(Permission.CUSTOMERS_MANAGE, audit="visitor_message.unread")
def open_again(visitor_message_id: UUID) -> Response:
    """Put a message back among those to answer."""
    require_token()
    message = g.db.require(VisitorMessage, visitor_message_id)
    mark_read(g.db, message, is_read=False)
    return done(_("It waits for an answer again."), ".show", visitor_message_id=message.id)


@bp.route("/<uuid:visitor_message_id>/remove", methods=["GET", "POST"])
@acts(Permission.CUSTOMERS_MANAGE, audit="visitor_message.removed")
def remove(visitor_message_id: UUID) -> Response:
    """Ask once more, then delete a message for good."""
    message = g.db.require(VisitorMessage, visitor_message_id)
    form = Form()
    if form.submitted():
        remove_message(g.db, message)
        return done(_("Deleted."), ".list")
    return page(form=form, message=message)


def _answer_url(message: VisitorMessage, title: str) -> str:
    """Return a link that opens an answer in the reader's mail program."""
    subject = gettext("Your message to us: %(page)s", page=title) if title else gettext("Your message to us")
    return f"mailto:{quote(message.email, safe='@')}?subject={quote(subject)}"

"""/reseller/messages: every letter that was written, what became of it, and sending it again."""

import base64
import re
from uuid import UUID

from flask import Blueprint, Response, g, make_response, redirect, url_for
from werkzeug.wrappers import Response as AnyResponse

from storefront.core import files
from storefront.core.db import Work
from storefront.core.errors import NotFound, Refused
from storefront.core.i18n import lazy_gettext as _
from storefront.customers.models import Customer
from storefront.identity.permissions import Permission
from storefront.notifications.messages import send_again
from storefront.notifications.models import Message
from storefront.notifications.queries import STATES, cause_of, messages, title_of, trouble_of
from storefront.web.downloads import download
from storefront.web.guards import acts, reads
from storefront.web.headers import POLICY
from storefront.web.lists import after_of, paged, state_of, wanted_of
from storefront.web.rendering import done, page, say

bp = Blueprint("messages", __name__, url_prefix="/messages")

FILTERS = {"": _("All"), "failed": _("Not sent"), "queued": _("Waiting"), "sent": _("Sent")}
# The letter stands in a frame that may run nothing, load nothing and lead nowhere; only this page may frame it.
PREVIEW_POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; sandbox; frame-ancestors 'self'"
PICTURE = re.compile(r'"cid:([a-z-]{1,40})"')


@bp.get("/")
@reads(Permission.MESSAGES_READ)
def list() -> Response:  # noqa: A001 - the verb of every list
    """Letters, the newest first; by state, or by how the recipient's address begins."""
    wanted, state = wanted_of(), state_of(FILTERS)
    found = messages(g.db, state=state, recipient=wanted, after=after_of())
    rows = [{"message": row, "title": title_of(row), "shown": STATES[row.state]} for row in found.rows]
    return page(rows=rows, pager=paged(found), wanted=wanted, state=state, filters=FILTERS)


@bp.get("/<uuid:message_id>")
@reads(Permission.MESSAGES_READ)
def show(message_id: UUID) -> Response:
    """One letter: what it says unless that is sealed, what went with it, how far it came."""
    message = g.db.require(Message, message_id)
    response = page(
        message=message,
        title=title_of(message),
        shown=STATES[message.state],
        trouble=trouble_of(message),
        cause=cause_of(g.db, message),
        customer=g.db.find(Customer, message.customer_id),
        attached=[each for each in message.attachments if "cid" not in each],
        is_under_way=message.state in {"queued", "sending"},
    )
    response.headers["Content-Security-Policy"] = f"{POLICY.format(gateways='')}; frame-src 'self'"
    return response


@bp.get("/<uuid:message_id>/preview")
@reads(Permission.MESSAGES_READ)
def preview(message_id: UUID) -> Response:
    """The letter as a mail program shows it, for the frame on its page."""
    message = g.db.require(Message, message_id)
    if not message.html:
        raise NotFound
    response = make_response(_with_pictures(g.db, message))
    response.headers["Content-Security-Policy"] = PREVIEW_POLICY
    response.headers["X-Frame-Options"] = "SAMEORIGIN"
    return response


def _with_pictures(db: Work, message: Message) -> str:
    """Put the pictures that travel with a letter into its HTML: a sandboxed frame can ask for nothing."""
    kept = {each["cid"]: each for each in message.attachments if "cid" in each}

    def address(found: re.Match[str]) -> str:
        each = kept.get(found[1])
        if each is None:
            return '""'
        try:
            content = files.fetch(db.config, db.reseller_id, each["digest"])
        except NotFound:
            return '""'
        return f'"data:{each["type"]};base64,{base64.b64encode(content).decode()}"'

    return PICTURE.sub(address, message.html)


@bp.get("/<uuid:message_id>/attachments/<digest>")
@reads(Permission.MESSAGES_READ)
def attachment(message_id: UUID, digest: str) -> Response:
    """A paper that went with the letter."""
    message = g.db.require(Message, message_id)
    for each in message.attachments:
        if each["digest"] == digest:
            return download(files.fetch(g.db.config, g.db.reseller_id, digest), each["name"], each["type"])
    raise NotFound


@bp.post("/<uuid:message_id>/again")
@acts(Permission.MESSAGES_MANAGE, audit="message.sent_again")
def again(message_id: UUID) -> AnyResponse:
    """Send a letter once more."""
    message = g.db.require(Message, message_id)
    try:
        repeated = send_again(g.db, message)
    except Refused as no:
        say(no.message, "danger")
        return redirect(url_for(".show", message_id=message.id), 303)
    return done(_("The letter goes out again."), ".show", message_id=repeated.id)

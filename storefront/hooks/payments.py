"""/hooks/payments: gateways telling us that something happened to a payment. A doorbell, never the truth."""

from uuid import UUID

from flask import Blueprint, Response, g, make_response, request

from storefront.billing.payments import CARD, Notice, keep_notice
from storefront.core.errors import NotFound
from storefront.providers.connections import open_gateway
from storefront.providers.ports.payment_gateway import BadNotice
from storefront.web.guards import PUBLIC, acts
from storefront.web.house import house

bp = Blueprint("payments", __name__, url_prefix="/payments")

LONGEST = 64 * 1024
EVENT_ID_LONGEST = 200


@bp.post("/<connection>")
@acts(PUBLIC, audit="payment.notice_received", rate="hook_rate")
def receive(connection: str) -> Response:
    """Check signature and age, keep the notice, have the gateway asked; 200 means that it is written down."""
    if connection != CARD:
        raise NotFound
    if (request.content_length or 0) > LONGEST:
        return _said(413, "too large")
    body = request.get_data(cache=False)
    try:
        notice = open_gateway(house().config, connection).read_notice(dict(request.headers), body)
    except BadNotice:
        return _said(400, "not a notice of this gateway")
    if len(notice.event_id) > EVENT_ID_LONGEST or "\x00" in notice.event_id:
        return _said(400, "not a notice of this gateway")
    keep_notice(
        g.db,
        Notice(
            connection=connection,
            event_id=notice.event_id,
            payment_id=_payment_id(notice.reference),
            supplier_reference=notice.supplier_reference[:200],
            payload={"status": str(notice.status), "occurred_at": notice.occurred_at.isoformat()},
        ),
    )
    return _said(200, "noted")


def _payment_id(reference: str) -> UUID | None:
    try:
        return UUID(reference)
    except ValueError:
        return None


def _said(status: int, words: str) -> Response:
    response = make_response(words, status)
    response.mimetype = "text/plain"
    return response

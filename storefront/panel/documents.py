"""/panel/documents: proformas and invoices."""

from uuid import UUID

from flask import Blueprint, Response, g
from flask_login import current_user

from storefront.billing.queries import documents_of, require_document_of
from storefront.web.downloads import document_pdf
from storefront.web.guards import SIGNED_IN, reads
from storefront.web.lists import after_of, paged
from storefront.web.rendering import page

bp = Blueprint("documents", __name__, url_prefix="/documents")


@bp.get("/")
@reads(SIGNED_IN)
def list() -> Response:  # noqa: A001 - the verb of every list
    """All proformas and invoices of the customer, the newest first."""
    found = documents_of(g.db, current_user.customer_id, after=after_of())
    return page(rows=found.rows, pager=paged(found))


@bp.get("/<uuid:document_id>/pdf")
@reads(SIGNED_IN)
def download(document_id: UUID) -> Response:
    """The paper itself."""
    return document_pdf(require_document_of(g.db, current_user.customer_id, document_id))

"""/reseller/invoices: the VAT invoices, to look at and to download."""

from uuid import UUID

from flask import Blueprint, g
from werkzeug.wrappers import Response

from storefront.billing.models import Document
from storefront.billing.queries import documents
from storefront.core.errors import NotFound
from storefront.identity.permissions import Permission
from storefront.web.downloads import document_pdf
from storefront.web.guards import reads
from storefront.web.lists import after_of, paged
from storefront.web.rendering import page

bp = Blueprint("invoices", __name__, url_prefix="/invoices")


@bp.get("/")
@reads(Permission.BILLING_READ)
def list() -> Response:  # noqa: A001 - the verb of every list
    """All VAT invoices, the newest first."""
    found = documents(g.db, "invoice", after=after_of())
    return page(rows=found.rows, pager=paged(found))


@bp.get("/<uuid:document_id>/pdf")
@reads(Permission.BILLING_READ)
def download(document_id: UUID) -> Response:
    """The paper itself."""
    document = g.db.require(Document, document_id)
    if document.kind != "invoice":
        raise NotFound
    return document_pdf(document)

"""A document as PDF: rendered once, kept for ever, found again by what is in it."""

from collections.abc import Mapping
from uuid import UUID

from storefront.billing.issue import facts_of
from storefront.billing.models import Document
from storefront.billing.parties import LOGO
from storefront.billing.pdf import Asset, render_pdf
from storefront.core import files
from storefront.core.db import Database, Work
from storefront.core.errors import NotFound
from storefront.core.jobs import job
from tenants.resellers import current_reseller
from tenants.themes import plain_environment


def pdf_of(db: Work, document: Document) -> bytes:
    """Return a document's PDF, rendering it if nobody has yet. Belongs into the worker."""
    if document.pdf_digest:
        try:
            return files.fetch(db.config, document.reseller_id, document.pdf_digest)
        except NotFound:
            pass  # the file is gone: the facts are not, and the same facts give the same paper
    facts = facts_of(document)
    content = render_pdf(facts, plain_environment(facts.brand.theme), assets=_assets(db))
    document.pdf_digest = files.keep(db.config, document.reseller_id, content)
    return content


def _assets(db: Work) -> Mapping[str, Asset]:
    reseller = current_reseller(db)
    if not reseller.logo_light:
        return {}
    content = files.fetch(db.config, db.reseller_id, reseller.logo_light)
    return {LOGO: Asset(data=content, media_type="image/png")}


def keep_pdf(database: Database, reseller_id: UUID, document_id: UUID) -> None:
    """Have a document's PDF in its place, rendering it outside of any transaction: that takes seconds."""
    with database.work(reseller_id) as db:
        document = db.require(Document, document_id)
        if document.pdf_digest and files.is_kept(db.config, reseller_id, document.pdf_digest):
            return
        facts, assets = facts_of(document), _assets(db)
    content = render_pdf(facts, plain_environment(facts.brand.theme), assets=assets)
    digest = files.keep(database.config, reseller_id, content)
    with database.work(reseller_id) as db:
        db.require(Document, document_id).pdf_digest = digest
        db.commit()


@job(queue="soon")
def render_document(db: Work, document_id: str) -> None:
    """Render a document that somebody wants to download."""
    pdf_of(db, db.require(Document, UUID(document_id)))

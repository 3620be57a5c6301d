"""Private files as downloads: named, never cached by anybody, never shown inside another page."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

from flask import Response, g, make_response

from storefront.billing.models import Document
from storefront.core import files, jobs
from storefront.core.errors import NotFound
from storefront.core.i18n import gettext as _
from storefront.web.house import house
from storefront.web.rendering import page

PIECE = 256 * 1024


def download(content: bytes, name: str, kind: str) -> Response:
    """Answer with a file to keep (RFC 6266)."""
    return _to_keep(make_response(content), name, kind)


def download_large(path: Path, name: str, kind: str) -> Response:
    """Answer with a file that may be too large for the memory; it is opened when somebody reads the answer."""
    response = Response(_pieces(path))
    response.content_length = path.stat().st_size
    return _to_keep(response, name, kind)


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as content:
        while piece := content.read(PIECE):
            yield piece


def _to_keep(response: Response, name: str, kind: str) -> Response:
    response.mimetype = kind
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox; frame-ancestors 'none'"
    return response


def document_pdf(document: Document) -> Response:
    """Answer with a document's PDF, or with a page that comes back by itself while the worker still renders it."""
    name = f"{document.number.replace('/', '-')}.pdf"
    if document.pdf_digest:
        try:
            content = files.fetch(house().config, document.reseller_id, document.pdf_digest)
            return download(content, name, "application/pdf")
        except NotFound:
            pass  # rendered again below: the facts are kept in the database
    _ask_for_rendering(document)
    response = page("parts/wait.html", title=_("Your document is being made"), status=202)
    response.headers["Refresh"] = "2"
    return response


def _ask_for_rendering(document: Document) -> None:
    with house().database.work(document.reseller_id, g.db.actor) as db:
        jobs.ask(db, "render_document", str(document.id))
        db.commit()

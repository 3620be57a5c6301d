"""The papers of one shop: what they say, and what their files say of themselves."""

import re
import zlib
from collections.abc import Iterator
from datetime import datetime
from html.parser import HTMLParser
from typing import Final

from sqlalchemy import select

from storefront.billing.issue import facts_of
from storefront.billing.models import Document
from storefront.billing.pdf import render_html
from storefront.core import files
from storefront.core.db import Work
from storefront.core.errors import NotFound
from storefront.leaks.words import Seen
from tenants.themes import plain_environment

LATEST: Final = 200
_STREAM: Final = re.compile(rb"stream\r?\n(.*?)\r?\nendstream", re.DOTALL)
_HEX: Final = re.compile(rb"<((?:feff|FEFF)(?:[0-9a-fA-F]{4})*)>")


def papers(db: Work, since: datetime) -> Iterator[Seen]:
    """Look at the latest proformas and invoices: the whole text as it is printed, and the file if it is there.

    What was issued before ``since`` named the host that the shop had then, and is never changed.
    """
    issued = select(Document).where(Document.issued_at >= since).order_by(Document.id.desc())
    for document in db.scalars(issued.limit(LATEST)):
        facts = facts_of(document)
        html = render_html(facts, plain_environment(facts.brand.theme))
        yield Seen(channel="document", place=f"{document.kind} {document.number}", text=f"{html}\n{_plain(html)}")
        if document.pdf_digest:
            try:
                raw = files.fetch(db.config, db.reseller_id, document.pdf_digest)
            except NotFound:
                continue
            yield Seen(channel="document", place=f"{document.kind} {document.number} (file)", text=pdf_text(raw))


def pdf_text(raw: bytes) -> str:
    """Return what a PDF says of itself: title, author, producer, links, in and outside of its packed parts.

    The printed words are numbers of glyphs there; ``papers`` reads them where they come from.
    """
    parts = [raw]
    for found in _STREAM.finditer(raw):
        try:
            parts.append(zlib.decompress(found[1]))
        except zlib.error:
            continue
    whole = b"\n".join(parts)
    wide = [bytes.fromhex(found.decode("ascii")).decode("utf-16", "replace") for found in _HEX.findall(whole)]
    return "\n".join([whole.decode("utf-8", "replace"), *wide])


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []

    def handle_data(self, data: str) -> None:
        self.found.append(data)


def _plain(html: str) -> str:
    """Return the words between the tags, so that no tag stands inside a name."""
    reader = _Words()
    reader.feed(html)
    return "".join(reader.found)

"""What a customer agreed to, with the way to the very edition."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import select

from cms.legal_models import LegalDocument, LegalEdition
from cms.models import PageVersion
from storefront.core.db import Work
from storefront.core.i18n import Text
from storefront.core.i18n import lazy_gettext as _
from storefront.customers.models import Consent

MOST: Final = 100
KINDS: Final[Mapping[str, Text]] = {
    "terms": _("Accepted a document"),
    "immediate_start": _("Asked to begin at once"),
    "withdrawal_waiver": _("Knows about the right to withdraw"),
    "newsletter": _("Newsletter"),
}


@dataclass(frozen=True, kw_only=True)
class Agreed:
    """A consent as it is shown; ``title``, ``slug`` and ``label`` lead to the edition, where its words are kept."""

    consent: Consent
    kind: Text
    title: str = ""
    slug: str = ""
    label: str = ""


def agreements_of(db: Work, customer_id: UUID, *, order_id: UUID | None = None, limit: int = MOST) -> Sequence[Agreed]:
    """List what a customer agreed to, with one order if one is given, the latest first; one question."""
    wanted = [Consent.reseller_id == db.reseller_id, Consent.customer_id == customer_id]
    if order_id is not None:
        wanted.append(Consent.order_id == order_id)
    version_of = (PageVersion.reseller_id == Consent.reseller_id) & (PageVersion.id == Consent.text_id)
    edition_of = (LegalEdition.reseller_id == PageVersion.reseller_id) & (LegalEdition.id == PageVersion.edition_id)
    document_of = (LegalDocument.reseller_id == LegalEdition.reseller_id) & (
        LegalDocument.id == LegalEdition.document_id
    )
    rows = db.execute(
        select(Consent, PageVersion.title, LegalDocument.slug, LegalEdition.label)
        .outerjoin(PageVersion, version_of)
        .outerjoin(LegalEdition, edition_of)
        .outerjoin(LegalDocument, document_of)
        .where(*wanted)
        .order_by(Consent.at.desc(), Consent.id.desc())
        .limit(limit)
    )
    return [
        Agreed(
            consent=consent,
            kind=KINDS.get(consent.kind, consent.kind),
            title=title or "",
            slug=slug or "",
            label=label or "",
        )
        for consent, title, slug, label in rows
    ]

"""The documents that a buyer accepts: where they stand, which edition, and the sentence that accepts them."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import g, url_for

from cms.legal import Held, read_documents, text_of
from cms.models import PageVersion
from storefront.core.i18n import Text
from storefront.core.i18n import lazy_gettext as _
from storefront.orders.agreements import AcceptedText, Terms
from tenants.resellers import current_reseller


@dataclass(frozen=True, kw_only=True)
class ToRead:
    """A document beside the box: its title, and where its words stand."""

    title: str
    language: str
    url: str


@dataclass(frozen=True, kw_only=True)
class TermsOfService:
    """``documents`` is empty where a shop has published none; ``shown`` tells one set of texts from another."""

    documents: Sequence[ToRead]
    kept: Terms

    @property
    def shown(self) -> str:
        """What stands in the form, so that nobody accepts other words than they were shown."""
        return ",".join(str(each.text_id) for each in self.kept.texts) or "none"


def terms_of_service() -> TermsOfService:
    """Return the documents to accept, in the editions in force, in the reader's language where they are there in it."""
    reseller = current_reseller(g.db)
    locales = list(dict.fromkeys((g.locale, reseller.default_locale, *reseller.locales)))
    found = [
        (held, text)
        for held in read_documents(g.db)
        if held.document.needs_acceptance and (text := _in_force(held, locales)) is not None
    ]
    if not found:
        wording: Text = _("I accept the terms of service of %(shop)s.", shop=reseller.legal_name)
        return TermsOfService(documents=(), kept=Terms(version="unpublished", wording=wording))
    texts = tuple(AcceptedText(version=_label(held), text_id=text.id) for held, text in found)
    wording = _wording(found)
    return TermsOfService(
        documents=[
            ToRead(title=text.title, language=text.locale, url=url_for("cms.page", path=text.path.lstrip("/")))
            if text.state == "published"
            else ToRead(
                title=text.title,
                language=text.locale,
                url=url_for("legal.edition", slug=held.document.slug, label=_label(held)),
            )
            for held, text in found
        ],
        kept=Terms(version=", ".join(each.version for each in texts), wording=wording, texts=texts),
    )


def _in_force(held: Held, locales: Sequence[str]) -> PageVersion | None:
    """Return the words of the edition in force; a translation that lags behind is of another one, and binds nobody."""
    if held.now is None:
        return None
    mine = (held.texts[locale] for locale in locales if locale in held.texts)
    return next((each for each in mine if each.edition_id == held.now.id), None) or text_of(g.db, held.now, locales)


def _wording(found: Sequence[tuple[Held, PageVersion]]) -> Text:
    if len(found) == 1 and found[0][0].document.kind == "terms":
        return _("I accept the terms of service (edition %(label)s).", label=_label(found[0][0]))
    named = [
        str(_("%(document)s (edition %(label)s)", document=text.title, label=_label(held))) for held, text in found
    ]
    return _("I accept these documents: %(documents)s.", documents=", ".join(named))


def _label(held: Held) -> str:
    return held.now.label if held.now is not None else ""

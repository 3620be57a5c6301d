"""The terms of service of this shop: where they stand, which version, and the sentence that accepts them."""

from dataclasses import dataclass

from flask import g, url_for

from cms.queries import find_published
from storefront.core.i18n import Text, format_day
from storefront.core.i18n import lazy_gettext as _
from storefront.orders.agreements import Terms
from tenants.resellers import current_reseller


@dataclass(frozen=True, kw_only=True)
class TermsOfService:
    """``url`` is empty where a shop has published none; ``day`` is when this version was published."""

    url: str
    day: str
    kept: Terms


def terms_of_service() -> TermsOfService:
    """Return the terms as they are linked beside the box; the version is the page's own id."""
    reseller = current_reseller(g.db)
    version = find_published(g.db, "terms", list(dict.fromkeys((g.locale, reseller.default_locale, "en"))))
    if version is None or version.published_at is None:
        wording: Text = _("I accept the terms of service of %(shop)s.", shop=reseller.legal_name)
        return TermsOfService(url="", day="", kept=Terms(version="unpublished", wording=wording))
    day = format_day(version.published_at)
    wording = _("I accept the terms of service (version of %(day)s).", day=day)
    kept = Terms(version=f"{version.id} {version.published_at:%Y-%m-%d}", wording=wording)
    return TermsOfService(url=url_for("cms.page", path=version.path.lstrip("/")), day=day, kept=kept)

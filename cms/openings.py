"""A new reseller: rows in an office Work, then, in a Work of its own, what a shop begins with and its first owner."""

import json
import re
from dataclasses import dataclass
from uuid import UUID
from zoneinfo import available_timezones

from sqlalchemy import select

from cms.first_pages import write_first_pages
from cms.queries import find_page
from storefront.core import ids, jobs
from storefront.core.audit import record
from storefront.core.db import Database, Work
from storefront.core.errors import Refused
from storefront.core.i18n import LOCALES, gettext, speaking
from storefront.core.i18n import lazy_gettext as _
from storefront.core.sealing import seal, unseal
from storefront.identity.email_addresses import read_email
from storefront.identity.invitations import invite
from storefront.identity.permissions import Role
from storefront.pricing.copying import copy_shelves, read_shelves
from tenants.links import office_url
from tenants.models import Reseller
from tenants.resellers import PREPARING, current_reseller, open_reseller

PURPOSE = "opening"
SLUG = re.compile(r"[a-z][a-z0-9-]{1,38}[a-z0-9]")
# Names of the platform's own, now or one day.
KEPT_SLUGS = frozenset(
    {"admin", "api", "app", "edge", "ftp", "hooks", "imap", "localhost", "mail", "ns1", "ns2", "operator", "pay"}
    | {"platform", "pop", "smtp", "static", "status", "support", "www"}
)
INVITATION = "/account/invitation/TOKEN"


@dataclass(frozen=True, kw_only=True)
class OpeningTerms:
    """What an operator says of a new reseller. ``prices_of`` is the reseller whose price list is copied, if any.

    ``has_whole_site``: it begins with all pages of the starter site in its language, else with home and prices.
    """

    slug: str
    name: str
    currency: str
    locale: str
    zone: str
    theme: str
    country: str
    owner_email: str
    prices_of: UUID | None = None
    has_whole_site: bool = True


def open_new_reseller(db: Work, terms: OpeningTerms) -> Reseller:
    """Make a reseller in preparation, in an office Work; what it begins with follows within seconds.

    Raises ``Refused`` for a short name that is taken or kept, and for what is not on offer.
    """
    slug = terms.slug.lower()
    _refuse_bad(db, slug, terms)
    host = f"{slug}.{db.config.platform_host}"
    reseller = open_reseller(
        db,
        Reseller(
            id=ids.uuid7(),
            slug=slug,
            name=terms.name,
            theme=terms.theme,
            opened_at=db.now,
            default_locale=terms.locale,
            locales=[terms.locale],
            zone=terms.zone,
            canonical_host=host,
            currency=terms.currency,
            country=terms.country,
            # The reseller fills in the rest: the list of what is still to do says so.
            legal_name="",
            street="",
            postcode="",
            city="",
            email=read_email(terms.owner_email, field="owner_email").address,
        ),
        hosts=[host],
        state=PREPARING,
    )
    db.flush()
    entry = record(db, "reseller.made", after={"shop": slug, "currency": terms.currency, "state": PREPARING})
    entry.reseller_id, entry.subject_kind, entry.subject_id = reseller.id, "Reseller", reseller.id
    told = {"email": reseller.email, "prices_of": str(terms.prices_of or ""), "whole": terms.has_whole_site}
    sealed = seal(db.config, json.dumps(told), purpose=PURPOSE, owner=reseller.id)
    jobs.ask(db, furnish_new_shop.__name__, sealed, reseller_id=reseller.id)
    return reseller


def _refuse_bad(db: Work, slug: str, terms: OpeningTerms) -> None:
    if not SLUG.fullmatch(slug) or "--" in slug:
        message = _("Please use three to forty letters a to z, digits and single hyphens, beginning with a letter.")
        raise Refused(message, field="slug")
    if slug in KEPT_SLUGS:
        raise Refused(_("This name is the platform's own. Please choose another one."), field="slug")
    if db.scalar(select(Reseller.id).where(Reseller.slug == slug)) is not None:
        raise Refused(_("A shop has this name already. Please choose another one."), field="slug")
    if terms.locale not in LOCALES:
        raise Refused(_("Please choose one of the languages."), field="locale")
    if terms.zone not in available_timezones():
        raise Refused(_("Please choose one of the time zones."), field="zone")


@jobs.job(queue="now", opens_own_work=True)
def furnish_new_shop(database: Database, reseller_id: UUID, sealed: str) -> None:
    """Give a new shop its first pages and prices, and invite its first owner; a second time does nothing more."""
    told = json.loads(unseal(database.config, sealed, purpose=PURPOSE, owner=reseller_id))
    shelves = None
    if told["prices_of"]:
        with database.work(UUID(told["prices_of"])) as theirs:
            shelves = read_shelves(theirs)
    with database.work(reseller_id) as db:
        reseller = current_reseller(db)
        if find_page(db, "home") is not None:
            return  # all of this was kept together
        if shelves is not None and shelves.currency == reseller.currency:
            copy_shelves(db, shelves)
        write_first_pages(db, is_whole=told.get("whole", True))
        with speaking(reseller.default_locale):
            by = gettext("the platform")
        invite(
            db,
            told["email"],
            Role.OWNER,
            locale=reseller.default_locale,
            link=office_url(db.config, reseller, INVITATION, reseller.default_locale),
            by=by,
        )
        db.commit()

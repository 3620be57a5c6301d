"""The advertisement on the first page of the customers' panel: what may stand there, and which one stands there now."""

from dataclasses import dataclass
from datetime import date
from typing import Final, Literal
from urllib.parse import urlsplit
from uuid import UUID

from sqlalchemy import exists, select

from storefront.core import clock, files
from storefront.core.audit import record
from storefront.core.db import Work
from storefront.core.errors import Refused
from storefront.core.i18n import lazy_gettext as _
from tenants.brand_models import Advert
from tenants.models import Reseller
from tenants.pictures import advert_picture
from tenants.resellers import current_reseller

LONGEST_LINK: Final = 500
MOST: Final = 50

State = Literal["running", "planned", "ended"]


@dataclass(frozen=True, kw_only=True)
class AdvertTerms:
    """What an advertisement says, leads to, and when it is shown. No languages means all of the shop's."""

    title: str = ""
    text: str = ""
    alt: str = ""
    link: str = ""
    link_words: str = ""
    locales: tuple[str, ...] = ()
    starts_on: date | None = None
    ends_on: date | None = None


_LATEST = select(Advert).order_by(Advert.changed_at.desc(), Advert.id).limit(MOST + 1)


def adverts(db: Work) -> list[Advert]:
    """Return all advertisements, the latest changed first."""
    return list(db.scalars(_LATEST))


def find_advert_for(db: Work, locale: str) -> Advert | None:
    """Return what a customer who reads this language sees today: one for the language before one for all."""
    # With the shop's zone in the same question: the first page of every customer asks it, and most shops have none.
    rows = db.execute(_LATEST.add_columns(Reseller.zone).join(Reseller, Reseller.id == Advert.reseller_id))
    found = [advert for advert, zone in rows if state_of(advert, clock.today(zone)) == "running"]
    own = [advert for advert in found if locale in advert.locales]
    return next(iter([*own, *(advert for advert in found if not advert.locales)]), None)


def state_of(advert: Advert, today: date) -> State:
    """Tell whether an advertisement runs on a day of the shop."""
    if advert.starts_on is not None and today < advert.starts_on:
        return "planned"
    return "ended" if advert.ends_on is not None and today > advert.ends_on else "running"


def is_advert_picture(db: Work, digest: str) -> bool:
    """Whether a picture stands on one of this shop's advertisements."""
    return bool(db.scalar(select(exists().where(Advert.picture == digest))))


def write_advert(
    db: Work, terms: AdvertTerms, advert: Advert | None = None, *, picture: bytes = b"", drops_picture: bool = False
) -> Advert:
    """Keep a new advertisement, or what became of one. Raises ``Refused`` naming the field."""
    _check(db, terms)
    if advert is None:
        if len(adverts(db)) >= MOST:
            raise Refused(_("There are many advertisements already. Please delete one that has ended."))
        advert = db.add(Advert(changed_at=db.now))
    if drops_picture:
        advert.picture, advert.picture_width, advert.picture_height = None, 0, 0
    if picture:
        try:
            content, advert.picture_width, advert.picture_height = advert_picture(picture)
        except Refused as no:
            raise Refused(no.message, field="picture_file") from None
        advert.picture = files.keep(db.config, db.reseller_id, content)
    if not terms.title and not advert.picture:
        raise Refused(_("Write a title or choose a picture."), field="title")
    if advert.picture and not terms.alt:
        raise Refused(_("Say in words what the picture shows, for those who cannot see it."), field="alt")
    for name in ("title", "text", "alt", "link", "link_words", "starts_on", "ends_on"):
        setattr(advert, name, getattr(terms, name))
    advert.locales, advert.changed_at = list(terms.locales), db.now
    db.flush()
    record(db, "advert.written", advert, after={"title": terms.title, "link": terms.link})
    return advert


def remove_advert(db: Work, advert_id: UUID) -> None:
    """Delete an advertisement."""
    advert = db.require(Advert, advert_id)
    record(db, "advert.removed", advert, before={"title": advert.title, "link": advert.link})
    db.session.delete(advert)


def is_good_link(link: str) -> bool:
    """Whether a link leads to a page of the shop (/…) or, encrypted, to another one (https://…)."""
    if len(link) > LONGEST_LINK or any(letter.isspace() or letter in "\\\"'<>" for letter in link):
        return False
    if link.startswith("/"):
        return not link.startswith("//")
    try:
        parts = urlsplit(link)
    except ValueError:
        return False
    return parts.scheme == "https" and "." in (parts.hostname or "") and parts.username is None


def _check(db: Work, terms: AdvertTerms) -> None:
    reseller = current_reseller(db)
    if terms.link and not is_good_link(terms.link):
        raise Refused(
            _("Write a full address that begins with https://, or a page of your shop like /offers."), field="link"
        )
    if terms.link and terms.title and not terms.link_words:
        raise Refused(_("Say in a few words what the link does, such as: See the offer."), field="link_words")
    if terms.starts_on and terms.ends_on and terms.ends_on < terms.starts_on:
        raise Refused(_("The last day is before the first."), field="ends_on")
    known = set(reseller.locales) or {reseller.default_locale}
    if not set(terms.locales) <= known:
        raise Refused(_("Please choose one of these."), field="locales")

"""The form of a new reseller: everything needed to begin, and nothing that the reseller knows better."""

from typing import Any
from uuid import UUID

from flask import g
from sqlalchemy import select

from cms.openings import OpeningTerms
from storefront.core.i18n import LOCALES, countries
from storefront.core.i18n import lazy_gettext as _
from storefront.pricing.models import PriceList
from storefront.web.fields import Pick, options
from storefront.web.forms import Form, Line
from storefront.web.locale import NATIVE_NAMES
from storefront.web.zones import known_zones, zone_of
from tenants.models import Reseller, Site
from tenants.themes import DEFAULT

PAGES = (("whole", _("A whole site: prices, transfer, help, contact and more")), ("few", _("Home and prices only")))
CURRENCIES = ("EUR", "PLN", "GBP", "CHF", "SEK", "NOK", "DKK", "CZK", "USD")


class OpeningForm(Form):
    """A reseller in a few lines."""

    name = Line(_("Name of the shop"), longest=80)
    slug = Line(_("Short name"), longest=40)
    owner_email = Line(_("E-mail of the first owner"), longest=254)
    country = Pick(_("Country"))
    currency = Pick(_("Currency"))
    locale = Pick(_("Language"))
    zone = Pick(_("Time zone"))
    prices_of = Pick(_("Prices to begin with"))
    pages = Pick(_("Pages to begin with"), default="whole")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.country.choices = options([("", _("Please choose")), *countries()])
        self.currency.choices = options([(code, code) for code in CURRENCIES])
        self.locale.choices = options((tag, NATIVE_NAMES.get(tag, tag)) for tag in LOCALES)
        self.zone.choices = options(
            [("", _("That of the country")), *((zone, zone.replace("_", " ")) for zone in known_zones())]
        )
        self.prices_of.choices = options([("", _("None: the reseller begins with an empty list")), *_price_lists()])

        self.pages.choices = options(PAGES)

    def terms(self) -> OpeningTerms:
        """Return what was typed."""
        chosen = self.prices_of.data or ""
        return OpeningTerms(
            slug=self.slug.data or "",
            name=self.name.data or "",
            currency=self.currency.data or "",
            locale=self.locale.data or "",
            zone=self.zone.data or zone_of(self.country.data or ""),
            theme=DEFAULT,
            country=self.country.data or "",
            owner_email=self.owner_email.data or "",
            prices_of=UUID(chosen) if chosen else None,
            has_whole_site=self.pages.data != "few",
        )


def _price_lists() -> list[tuple[str, Any]]:
    """List shops whose prices may be copied, by name, with their currency."""
    selling = select(PriceList.reseller_id).where(PriceList.published_at.is_not(None))
    shops = (
        select(Reseller.id, Reseller.name, Reseller.currency)
        .join(Site, Site.reseller_id == Reseller.id)
        .where(Site.state == "open", Reseller.id.in_(selling))
    )
    return [
        (str(each.id), _("Those of %(shop)s, in %(currency)s", shop=each.name, currency=each.currency))
        for each in g.office.execute(shops.order_by(Reseller.name).limit(200))
    ]

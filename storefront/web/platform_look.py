"""rule: the offices' own name and colours; customers never see them."""

from functools import cache

from storefront.core.i18n import LOCALES
from tenants.brand_colours import brand_css, brand_from

PLATFORM_NAME = "Vitrine"
OFFICE_LOCALES = list(LOCALES)
_BRAND = {"brand": "#1f3d3a", "accent": "#b4532a", "radius": "8px"}


@cache
def office_sheet() -> str:
    """Return the platform's own colours as a sheet."""
    return brand_css(brand_from(_BRAND))

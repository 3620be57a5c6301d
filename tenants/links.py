"""Addresses outside of a request, for letters and documents: on the shop's own host, in the reader's language."""

from storefront.core.config import Config
from tenants.models import Reseller


def shop_url(config: Config, reseller: Reseller, path: str = "/", locale: str = "") -> str:
    """Return the address of a page of the shop as its customers know it; ``path`` begins with a slash."""
    return config.origin(reseller.canonical_host) + _in_language(path, locale)


def office_url(config: Config, reseller: Reseller, path: str = "/reseller/", locale: str = "") -> str:
    """Return the address of a page of the reseller's office, or of the operator's for the platform (decision 17)."""
    host = config.platform_host if reseller.is_platform else f"{reseller.slug}.{config.platform_host}"
    return config.origin(host) + _in_language(path, locale)


def _in_language(path: str, locale: str) -> str:
    return f"/{locale}{path}" if locale else path

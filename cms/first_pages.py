"""The pages and menus a new shop begins with, in its own language."""

from cms.starter import starter_pages as pages_to_begin_with
from cms.starter import write_menus, write_page, write_site
from storefront.core.db import Work
from tenants.resellers import current_reseller

# Enough to search, to compare prices and to order.
FEW = frozenset({"home", "prices"})


def write_first_pages(db: Work, *, is_whole: bool = True) -> None:
    """Write the starter site of a shop that has no pages yet, or only its home and price page; with the menus.

    Visitors see it once the shop opens; what the law asks for waits as drafts until somebody has read it.
    """
    locale = current_reseller(db).default_locale
    if is_whole:
        write_site(db, locale, publish=True)
        return
    for starter in pages_to_begin_with(db, locale):
        if starter.key in FEW:
            write_page(db, starter, locale, publish=True)
    write_menus(db, locale)

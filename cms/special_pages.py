"""Pages without an address: begun with the theme's words, and what of them the shop says now."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import structlog
from flask import g, request
from sqlalchemy import func, select

from cms.drafts import find_version, open_draft, source_of
from cms.models import Page, PageVersion
from cms.own_links import at_origin, in_language
from cms.queries import find_page
from cms.render import shown
from cms.special_rules import BROKEN, MAINTENANCE, NOT_FOUND, PARKED, RESTRAINED, special_at, stilled
from storefront.core.audit import record
from storefront.core.db import Work
from storefront.core.errors import NotFound
from storefront.core.i18n import Text, speaking
from storefront.core.i18n import lazy_gettext as _
from storefront.web.house import house
from tenants.resellers import current_reseller

log = structlog.get_logger()

ON_OTHERS: Final = (PARKED, RESTRAINED)
# What a page is begun with: what the theme says where nothing is written.
FIRST_WORDS: Final[Mapping[str, tuple[Text, Text]]] = {
    NOT_FOUND: (
        _("There is nothing at this address"),
        _("It may have moved, or there is a letter too many. What you put into the cart is still there."),
    ),
    BROKEN: (
        _("Something broke on our side"),
        _("It is not your fault, and we were told at once. What you did before is kept; please try again in a minute."),
    ),
    MAINTENANCE: (
        _("We are working on this site"),
        _("It is back soon. Domains, mail and sites that were bought here go on working."),
    ),
    PARKED: (
        _("This name is registered"),
        _("There is no website here yet. Whoever holds the name can make one any day."),
    ),
    RESTRAINED: (_("This name is registered"), _("There is no website here yet.")),
}


def begin_special(db: Work, key: str, locale: str) -> Page:
    """Return one of these pages with something written in a language: its draft, a translation, or the first words."""
    if special_at(key) is None:
        raise NotFound
    # Two who begin it at once must not make two of it.
    db.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(f"special {db.reseller_id}{key}", 0))))
    page = find_page(db, key)
    if page is None:
        page = db.add(Page(key=key, created_at=db.now))
        db.flush()
        record(db, "page.made", page, after={"key": key})
    if any(find_version(db, page, locale, state) for state in ("draft", "published", "waiting")):
        return page
    if source_of(db, page) is not None and locale != current_reseller(db).default_locale:
        open_draft(db, page, locale)
    else:
        _write_first_words(db, page, locale)
    db.flush()
    return page


def _write_first_words(db: Work, page: Page, locale: str) -> None:
    with speaking(locale, db.zone):
        title, words = (str(each) for each in FIRST_WORDS[page.key])
    block = {"kind": "rich_text", "id": "b1", "title": "", "html": f"<p>{words}</p>"}
    db.add(
        PageVersion(
            page_id=page.id,
            locale=locale,
            path=page.key,
            title=title,
            blocks=[block],
            edited_at=db.now,
            edited_by=db.actor.name,
        )
    )


def special_versions(db: Work, keys: Sequence[str], locale: str) -> Sequence[PageVersion]:
    """Return what is published of these pages in a language, in one query."""
    published = select(PageVersion).where(PageVersion.reseller_id == db.reseller_id, PageVersion.state == "published")
    return db.scalars(published.where(PageVersion.path.in_(keys), PageVersion.locale == locale))


def own_pages(db: Work, locale: str, keys: Sequence[str]) -> Mapping[str, Any]:
    """Return what the shop says itself in a language on these pages, ready to be shown without a query."""
    told = {}
    for version in special_versions(db, keys, locale):
        try:
            told[version.path] = shown_special(db, version)
        except Exception:  # whatever is wrong with such a page, the theme has words of its own
            log.exception("special_page.broken", key=version.path)
    return told


def shown_special(db: Work, version: PageVersion) -> dict[str, Any]:
    """Return one of these pages as templates show it: only what may stand on it.

    On the names of customers a link to the shop is a whole address.
    """
    special = special_at(version.path)
    if special is None:
        raise NotFound
    told = shown(db, version, "", blocks=stilled(special, version.blocks))
    if version.path in ON_OTHERS:
        return {**told, "blocks": at_origin(told["blocks"], house().config.origin(g.place.canonical))}
    return {**told, "blocks": in_language(told["blocks"], request.script_root)}

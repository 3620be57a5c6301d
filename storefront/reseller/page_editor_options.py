"""What can be chosen in the fields of a block: signs, files, promotions, groups of endings, categories of news."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import g
from sqlalchemy import select

from cms.block_fields import Spec
from cms.models import MediaFile, NewsCategory
from storefront.catalog.models import TldGroup
from storefront.catalog.queries import offered_endings
from storefront.core.i18n import Text
from storefront.core.i18n import lazy_gettext as _
from storefront.pricing.offer_models import Promotion
from storefront.pricing.products import services_shown

# The signs of icons.svg that say something to a visitor, each with a word for it.
SIGNS: Sequence[tuple[str, Text]] = (
    ("globe", _("Globe")),
    ("search", _("Magnifier")),
    ("lock", _("Lock")),
    ("shield", _("Shield")),
    ("bolt", _("Lightning")),
    ("mail", _("Letter")),
    ("server", _("Server")),
    ("transfer", _("Transfer")),
    ("refresh", _("Renewal")),
    ("tag", _("Price tag")),
    ("wallet", _("Wallet")),
    ("card", _("Card")),
    ("bank", _("Bank")),
    ("clock", _("Clock")),
    ("calendar", _("Calendar")),
    ("phone", _("Telephone")),
    ("users", _("People")),
    ("user", _("Person")),
    ("help", _("Help")),
    ("question", _("Question mark")),
    ("star", _("Star")),
    ("check", _("Tick")),
    ("list", _("List")),
    ("grid", _("Grid")),
    ("columns", _("Columns")),
    ("link", _("Chain")),
    ("gear", _("Gear")),
    ("key", _("Key")),
    ("language", _("Languages")),
    ("chart", _("Chart")),
    ("eye", _("Eye")),
    ("home", _("House")),
    ("flag", _("Flag")),
    ("pencil", _("Pencil")),
    ("image", _("Picture")),
    ("file", _("Document")),
    ("download", _("Download")),
    ("megaphone", _("Megaphone")),
)
MOST_FILES = 500


def options_of(spec: Spec, value: str) -> Sequence[tuple[str, Text]]:
    """Return what can be chosen in a field; what is chosen stays, even if nobody would offer it any more.

    On a page of very many blocks the signs are listed once for all fields, or they would be most of what is sent.
    """
    if spec.widget == "icon" and g.get("is_long_page"):
        return ()
    if spec.widget == "choice":
        return tuple(spec.choices.items())
    makers = {
        "icon": lambda: SIGNS,
        "picture": _pictures,
        "file": _files,
        "promotion": _promotions,
        "group": _groups,
        "category": _categories,
    }
    if spec.widget == "categories":
        return _categories()
    maker = makers.get(spec.widget)
    if maker is None:
        return ()
    offered = [("", _("None")), *maker()]
    return offered if any(each == value for each, _word in offered) else [*offered, (value, value)]


def sold_endings() -> frozenset[str]:
    """Return the endings that the shop sells: a block may name others, which nobody sees."""
    return frozenset(offered_endings(g.db))


def seen_services(blocks: Sequence[Mapping[str, Any]]) -> frozenset[str]:
    """Return the services of which visitors see products; nothing is asked for a page that has no block of them."""
    has_products = any(block["kind"] == "products" for block in blocks)
    return services_shown(g.db) if has_products else frozenset()


def _pictures() -> Sequence[tuple[str, Text]]:
    return [(str(file.id), file.name) for file in _library() if file.kind.startswith("image/")]


def _files() -> Sequence[tuple[str, Text]]:
    return [(str(file.id), file.name) for file in _library()]


def _library() -> Sequence[MediaFile]:
    """Read the files once a request, the newest first."""
    if "media_library" not in g:
        files = select(MediaFile).where(MediaFile.reseller_id == g.db.reseller_id, MediaFile.trashed_at.is_(None))
        g.media_library = g.db.scalars(files.order_by(MediaFile.created_at.desc(), MediaFile.id).limit(MOST_FILES))
    found: Sequence[MediaFile] = g.media_library
    return found


def _promotions() -> Sequence[tuple[str, Text]]:
    if "promotions_to_show" not in g:
        rows = select(Promotion).where(Promotion.reseller_id == g.db.reseller_id, Promotion.state != "stopped")
        g.promotions_to_show = [
            (str(each.id), each.name) for each in g.db.scalars(rows.order_by(Promotion.starts_at.desc()).limit(100))
        ]
    found: Sequence[tuple[str, Text]] = g.promotions_to_show
    return found


def _groups() -> Sequence[tuple[str, Text]]:
    if "groups_to_show" not in g:
        rows = select(TldGroup).where(TldGroup.reseller_id == g.db.reseller_id)
        g.groups_to_show = [
            (each.slug, each.title.in_(g.locale)) for each in g.db.scalars(rows.order_by(TldGroup.position))
        ]
    found: Sequence[tuple[str, Text]] = g.groups_to_show
    return found


def _categories() -> Sequence[tuple[str, Text]]:
    if "categories_to_show" not in g:
        rows = select(NewsCategory).where(NewsCategory.reseller_id == g.db.reseller_id)
        g.categories_to_show = [
            (each.slug, each.title.in_(g.locale)) for each in g.db.scalars(rows.order_by(NewsCategory.position))
        ]
    found: Sequence[tuple[str, Text]] = g.categories_to_show
    return found

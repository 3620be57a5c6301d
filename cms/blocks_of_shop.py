"""rule: blocks that show the shop: its search, its endings and their prices."""

from dataclasses import dataclass
from typing import ClassVar

from cms import block_fields as edited
from cms.block_base import Block
from storefront.core.i18n import Text
from storefront.core.i18n import lazy_gettext as _

_HEADING = _("Heading")
_TEXT = _("Text")


@dataclass(frozen=True, kw_only=True)
class DomainSearch(Block):
    """The search box in the middle of a page."""

    kind: ClassVar[str] = "domain_search"
    label: ClassVar[Text] = _("Domain search")
    about: ClassVar[Text] = _("The search box, anywhere on a page.")
    sign: ClassVar[str] = "search"
    area: ClassVar[str] = "shop"
    title: str = edited.line(_HEADING)
    text: str = edited.text(_TEXT, longest=400)
    placeholder: str = edited.line(_("Words in the empty search box"), longest=60)


@dataclass(frozen=True, kw_only=True)
class PriceStrip(Block):
    """A few endings with first and renewal price, from the live price list."""

    kind: ClassVar[str] = "price_strip"
    label: ClassVar[Text] = _("A few prices")
    about: ClassVar[Text] = _("Up to six endings in a row, with the first and the renewal price of your price list.")
    sign: ClassVar[str] = "tag"
    area: ClassVar[str] = "shop"
    endings: list[str] = edited.endings(_("Endings"), is_required=True)


@dataclass(frozen=True, kw_only=True)
class PriceTable(Block):
    """All four prices of some endings, or of every ending on offer when none is named."""

    kind: ClassVar[str] = "price_table"
    label: ClassVar[Text] = _("Price table")
    about: ClassVar[Text] = _(
        "First year, renewal, transfer and restore of each ending, always as your price list says."
    )
    sign: ClassVar[str] = "list"
    area: ClassVar[str] = "shop"
    title: str = edited.line(_HEADING)
    text: str = edited.text(_TEXT, longest=400)
    points: list[str] = edited.sentences(_("Points beside the table, one on each line"), most=8)
    endings: list[str] = edited.endings(_("Endings; none means all that you sell"))

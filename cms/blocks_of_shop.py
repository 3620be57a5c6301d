"""rule: blocks that show the shop: its search, its endings and their prices."""

from dataclasses import dataclass
from typing import ClassVar

from cms import block_fields as edited
from cms.block_base import Block
from storefront.core.i18n import Text
from storefront.core.i18n import lazy_gettext as _

_HEADING = _("Heading")
_TEXT = _("Text")
_ENDINGS = _("One after the other, with commas or spaces between: .com, .eu, .org")


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
    group: str = edited.group(
        _("Below which endings a word is searched"), help=_("None means the group that your search begins with.")
    )


@dataclass(frozen=True, kw_only=True)
class PriceStrip(Block):
    """A few endings with first and renewal price, from the live price list."""

    kind: ClassVar[str] = "price_strip"
    label: ClassVar[Text] = _("A few prices")
    about: ClassVar[Text] = _("Up to six endings in a row, with the first and the renewal price of your price list.")
    sign: ClassVar[str] = "tag"
    area: ClassVar[str] = "shop"
    most_on_page: ClassVar[int] = 10
    endings: list[str] = edited.endings(_("Endings"), is_required=True, help=_ENDINGS)


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
    most_on_page: ClassVar[int] = 5
    title: str = edited.line(_HEADING)
    text: str = edited.text(_TEXT, longest=400)
    points: list[str] = edited.sentences(_("Points beside the table, one on each line"), most=8)
    shows: str = edited.choice(
        _("Which prices"),
        {"all": _("All four"), "years": _("First year and renewal")},
        help=_("Whoever reads a first price reads the renewal price, too."),
    )
    endings: list[str] = edited.endings(
        _("Endings; none means all that you sell"),
        help=_ENDINGS,
    )


@dataclass(frozen=True, kw_only=True)
class Products(Block):
    """What the shop sells beside domains, while it sells such."""

    kind: ClassVar[str] = "products"
    label: ClassVar[Text] = _("Products")
    about: ClassVar[Text] = _(
        "Hosting, mailboxes, certificates or redirects with their prices, as soon as you offer them."
    )
    sign: ClassVar[str] = "server"
    area: ClassVar[str] = "shop"
    most_on_page: ClassVar[int] = 10
    title: str = edited.line(_HEADING)
    text: str = edited.text(_TEXT, longest=400)
    service: str = edited.choice(
        _("What"),
        {
            "hosting": _("Hosting"),
            "email": _("Mailboxes"),
            "ssl": _("Certificates"),
            "redirect": _("Redirects"),
        },
    )
    url: str = edited.link(_("Leads to"))
    button: str = edited.line(_("Words of the button"), longest=60)


@dataclass(frozen=True, kw_only=True)
class PromotionCountdown(Block):
    """A promotion with its end; it is there only while the promotion runs."""

    kind: ClassVar[str] = "promotion_countdown"
    label: ClassVar[Text] = _("Promotion with countdown")
    about: ClassVar[Text] = _("What a promotion gives and how long it lasts. It comes and goes with the promotion.")
    sign: ClassVar[str] = "clock"
    area: ClassVar[str] = "shop"
    most_on_page: ClassVar[int] = 10
    promotion: str = edited.promotion(_("Promotion"), is_required=True)
    title: str = edited.line(_HEADING, help=_("Empty means what the promotion is called."))
    text: str = edited.text(_TEXT, longest=400)
    url: str = edited.link(_("Leads to"))
    button: str = edited.line(_("Words of the button"), longest=60)

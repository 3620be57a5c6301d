"""rule: blocks by which visitors reach the shop."""

from dataclasses import dataclass
from typing import ClassVar

from cms import block_fields as edited
from cms.block_base import Block
from storefront.core.i18n import Text
from storefront.core.i18n import lazy_gettext as _

_HEADING = _("Heading")
_TEXT = _("Text")


@dataclass(frozen=True, kw_only=True)
class ContactCard(Block):
    """Who to reach, where and when; no map that tells others who looked."""

    kind: ClassVar[str] = "contact_card"
    label: ClassVar[Text] = _("Contact card")
    about: ClassVar[Text] = _("Your address, telephone, e-mail and hours, without a map that watches your visitors.")
    sign: ClassVar[str] = "contact"
    area: ClassVar[str] = "contact"
    title: str = edited.line(_HEADING)
    text: str = edited.text(_TEXT, longest=400)
    has_company: bool = edited.flag(
        _("With the name, address and numbers of your company"), default=True, help=_("As they stand on your invoices.")
    )
    email: str = edited.line(_("E-mail address"), longest=254)
    phone: str = edited.line(_("Telephone"), longest=40)
    hours: list[str] = edited.sentences(_("Hours, one on each line"), most=14)
    ways: list[str] = edited.sentences(_("How to find you, one on each line"), most=6)

"""rule: blocks by which visitors reach the shop."""

from dataclasses import dataclass
from typing import ClassVar

from cms import block_fields as edited
from cms.block_base import Block
from storefront.core.i18n import Text
from storefront.core.i18n import lazy_gettext as _
from storefront.identity.email_addresses import email_problem

_HEADING = _("Heading")
_TEXT = _("Text")


def _wrong_email(address: str) -> Text | None:
    problem = email_problem(address)
    return problem.message if problem is not None else None


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
    email: str = edited.line(_("E-mail address"), longest=254, check=_wrong_email)
    phone: str = edited.line(_("Telephone"), longest=40)
    hours: list[str] = edited.sentences(_("Hours, one on each line"), most=14)
    ways: list[str] = edited.sentences(_("How to find you, one on each line"), most=6)


@dataclass(frozen=True, kw_only=True)
class ContactForm(Block):
    """A form that writes to the shop; what it keeps is listed in the office."""

    kind: ClassVar[str] = "contact_form"
    label: ClassVar[Text] = _("Contact form")
    about: ClassVar[Text] = _("Visitors write to you here: you get a letter, and the office lists it.")
    sign: ClassVar[str] = "mail"
    area: ClassVar[str] = "contact"
    most_on_page: ClassVar[int] = 5
    title: str = edited.line(_HEADING)
    text: str = edited.text(_TEXT, longest=400)
    topics: list[str] = edited.sentences(
        _("What it can be about, one on each line"), most=12, help=_("None means that nobody is asked.")
    )
    asks_phone: bool = edited.flag(_("Asks for a telephone number too"))
    consent: str = edited.text(
        _("What visitors agree to"),
        longest=600,
        is_required=True,
        help=_("One sentence with a box before it: what you do with their words, and for how long."),
    )
    button: str = edited.line(_("Words of the button"), longest=60)
    thanks: str = edited.text(_("What they read when it is sent"), longest=600)

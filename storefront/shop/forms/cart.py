"""What the cart's forms send: a name, a term, a contact, name servers, or just the press of a button."""

from typing import Any
from uuid import UUID

from wtforms import Field as WtField

from storefront.core.i18n import lazy_gettext as _
from storefront.core.money import Money
from storefront.orders.nameservers import SHOWN
from storefront.web.fields import Choice, Hidden, Tick
from storefront.web.forms import Form, Line
from storefront.web.person_form import PersonForm

# Far above any price, far below what a column holds.
DIGITS_MOST = 9


def whole(field: WtField) -> int | None:
    """Read a number that a page put there; nothing for anything else."""
    text = str(field.data or "")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= DIGITS_MOST else None


class Press(Form):
    """A button with nothing but its token."""


class AddForm(Form):
    """A name for the cart; ``agrees_to`` is the registry's own price in minor units, as it was shown."""

    name = Line(_("Name"), longest=1_000)
    years = Hidden()
    agrees_to = Hidden()
    search = Hidden()
    next = Hidden()

    def agreed(self, currency: str) -> Money | None:
        """Return the price that was confirmed."""
        minor = whole(self.agrees_to)
        return None if minor is None else Money(minor, currency)


class YearsForm(Form):
    """Another term for a line."""

    years = Hidden()


class AgreeForm(Form):
    """Yes to a price, in minor units as it was shown."""

    price = Hidden()


class DiscountForm(Form):
    """A code of a promotion, as somebody typed it."""

    code = Line(_("Discount code"), longest=60)


class ContactForm(Form):
    """In whose name a line is registered."""

    contact = Choice(_("Contact"))
    for_all = Tick(_("For all names in the cart"))

    @property
    def contact_id(self) -> UUID:
        """The chosen contact; its value was one of those offered."""
        return UUID(str(self.contact.data))


class NewContactForm(PersonForm):
    """Somebody new in whose name a line is registered."""

    for_all = Tick(_("For all names in the cart"))


class NameserversForm(Form):
    """Up to six name servers; none means the shop's own."""

    first = Line(_("Name server %(num)s", num=1), optional=True)
    second = Line(_("Name server %(num)s", num=2), optional=True)
    third = Line(_("Name server %(num)s", num=3), optional=True)
    fourth = Line(_("Name server %(num)s", num=4), optional=True)
    fifth = Line(_("Name server %(num)s", num=5), optional=True)
    sixth = Line(_("Name server %(num)s", num=6), optional=True)
    for_all = Tick(_("For all names in the cart"))

    @property
    def lines(self) -> list[Any]:
        """The fields of the servers, in their order."""
        return [self.first, self.second, self.third, self.fourth, self.fifth, self.sixth][:SHOWN]

    @property
    def hosts(self) -> list[str]:
        """What was typed."""
        return [line.data or "" for line in self.lines]

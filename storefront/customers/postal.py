"""What customers and contacts have in common: written down, compared, sorted, protected from change."""

from dataclasses import asdict, fields
from typing import Any

from storefront.core.errors import Refused
from storefront.core.i18n import lazy_gettext as _
from storefront.core.problems import refuse_problems
from storefront.customers.models import Contact, Customer
from storefront.customers.registrants import Registrant, registrant_problems, tidy_registrant

FIELDS = tuple(field.name for field in fields(Registrant))
# Who somebody is by law is not edited: a new contact, or an owner change, says it anew (domains 3.3).
LOCKED = ("kind", "given", "family", "orgname", "country")


def registrant_of(row: Customer | Contact) -> Registrant:
    """Return the data of a row."""
    return Registrant(**{name: getattr(row, name) for name in FIELDS})


def values_of(registrant: Registrant) -> dict[str, Any]:
    """Return the data as a row's columns."""
    return asdict(registrant)


def tidied(registrant: Registrant) -> Registrant:
    """Return the data as it is stored; raise ``Refused`` with the first thing that is wrong."""
    tidy = tidy_registrant(registrant)
    refuse_problems(registrant_problems(tidy))
    return tidy


def changed(row: Customer | Contact, wanted: Registrant) -> tuple[dict[str, Any], dict[str, Any]]:
    """Take new data into a row and return what was and what is; raises ``Refused`` for what is locked."""
    tidy = tidied(wanted)
    before, after = values_of(registrant_of(row)), values_of(tidy)
    for name in LOCKED:
        if before[name] != after[name]:
            raise Refused(_("Name, organisation and country stay as they are. Please make a new contact."), field=name)
    for name, value in after.items():
        setattr(row, name, value)
    return before, after

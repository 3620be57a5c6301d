"""A price in words: what it is of, and for whom."""

from storefront.core.i18n import format_money, gettext, ngettext
from storefront.core.i18n import lazy_gettext as _
from storefront.pricing.items import DOMAIN, Item

_BACKORDER = _("A back-order of .%(ending)s")
_ONCE = {
    "transfer": _("A transfer of .%(ending)s"),
    "restore": _("A restoration of .%(ending)s"),
    "trade": _("A change of owner of .%(ending)s"),
}


def words_of(item: Item) -> str:
    """Name a price in words, in the language of this moment."""
    words = _words_of_any(item)
    if item.premium is None:
        return words
    return gettext("%(what)s, a name whose own price costs you %(cost)s", what=words, cost=format_money(item.premium))


def _words_of_any(item: Item) -> str:
    num, ending = item.years, item.ending
    if item.kind != DOMAIN:
        return f"{item.kind} {ending}, {item.action}"
    if item.action == "register":
        return ngettext(
            "A registration of .%(ending)s for %(num)s year",
            "A registration of .%(ending)s for %(num)s years",
            num,
            ending=ending,
        )
    if item.action == "renew":
        return ngettext(
            "A renewal of .%(ending)s for %(num)s year",
            "A renewal of .%(ending)s for %(num)s years",
            num,
            ending=ending,
        )
    return str(_ONCE.get(item.action, _BACKORDER)) % {"ending": ending}

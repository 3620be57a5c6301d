"""rule: what the statuses of a registration mean, in words (RFC 5731, RFC 3915; names on the web by RFC 8056)."""

from collections.abc import Iterable, Mapping

from storefront.core.i18n import Text
from storefront.core.i18n import lazy_gettext as _


def whois_words(statuses: Iterable[str]) -> list[Text]:
    """Say each status in words, once; one that nobody has described comes back as the registry wrote it."""
    known = _words()
    said = [known.get(_key(status), status) for status in statuses]
    return list({str(words): words for words in said}.values())


def _key(status: str) -> str:
    """Read EPP's ``clientTransferProhibited`` and RDAP's ``client transfer prohibited`` alike."""
    return status.replace(" ", "").lower()


def _words() -> Mapping[str, Text]:
    words = {
        "ok": _("active"),
        "active": _("active"),
        "inactive": _("no name servers, so it does not answer"),
        "addperiod": _("newly registered"),
        "autorenewperiod": _("expired; it can still be renewed"),
        "renewperiod": _("lately renewed"),
        "transferperiod": _("lately moved to another provider"),
        "redemptionperiod": _("deleted; its former holder can still restore it"),
        "pendingcreate": _("being registered"),
        "pendingdelete": _("about to be deleted"),
        "pendingrenew": _("being renewed"),
        "pendingrestore": _("being restored"),
        "pendingtransfer": _("being moved to another provider"),
        "pendingupdate": _("being changed"),
    }
    for who in ("client", "server"):
        words |= {
            f"{who}hold": _("put on hold, so it does not answer"),
            f"{who}deleteprohibited": _("locked against deletion"),
            f"{who}renewprohibited": _("locked against renewal"),
            f"{who}transferprohibited": _("locked against being moved to another provider"),
            f"{who}updateprohibited": _("locked against changes"),
        }
    return words

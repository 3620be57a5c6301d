"""rule: name servers as they are typed: host names that can be looked up, each once, as many as a registry wants."""

import re
from collections.abc import Sequence

from storefront.catalog.labels import BadLabel, encode, map_unicode
from storefront.core.errors import Refused
from storefront.core.i18n import Text
from storefront.core.i18n import lazy_gettext as _

# No registry we know takes more than thirteen (RFC 5731 sets no bound, DNS over UDP did); a form shows six.
SHOWN = 6
LONGEST = 253
# RFC 1123, section 2.1: letters, digits, inner hyphens; the last label of a host name is never all digits.
_HOST = re.compile(
    r"(?=.{4,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+(?!\d+$)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
)


def read_host(typed: str) -> str:
    """Return a host name in ASCII and lower case, empty for an empty line; raises ``Refused`` for anything else."""
    text = typed.strip().rstrip(".").lower()
    if not text:
        return ""
    try:
        host = text if text.isascii() else ".".join(map(encode, map_unicode(text[: LONGEST * 2]).split(".")))
    except BadLabel as error:
        raise Refused(_not_a_host()) from error
    if not _HOST.fullmatch(host):
        raise Refused(_not_a_host())
    return host


def read_hosts(typed: Sequence[str], *, name: str, least: int, most: int) -> list[str]:
    """Read the name servers of a name; none at all means the shop's own. Raises ``Refused`` with what is wrong.

    A server inside the name itself needs its address at the registry (glue), which exists only after registration.
    """
    hosts = list(dict.fromkeys(host for host in map(read_host, typed) if host))
    if not hosts:
        return []
    if any(host == name or host.endswith(f".{name}") for host in hosts):
        raise Refused(_("A name server inside the name itself can be set up once the name is registered."))
    if len(hosts) < least:
        raise Refused(_("The registry wants at least %(num)s different name servers.", num=least))
    if len(hosts) > most:
        raise Refused(_("The registry takes at most %(num)s name servers.", num=most))
    return hosts


def _not_a_host() -> Text:
    return _("This is not the name of a server. It should look like ns1.example.net.")

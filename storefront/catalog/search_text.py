"""rule: what people paste into the search box, cut into host names and phrases."""

import ipaddress
import re
import unicodedata
from dataclasses import dataclass

CHARACTERS_MOST = 10_000
LONGEST_HOST = 1_000  # far above any real name, so that no later step meets unbounded input

# Unseen in copied text and never part of a name: byte order mark, zero width space, word joiner, soft hyphen.
_UNSEEN = dict.fromkeys(map(ord, "\ufeff\u200b\u2060\u00ad"))
_NEW_LINES = re.compile("\r\n|[\r\v\f\x85\u2028\u2029]")
# Also the commas and semicolons of Chinese, Japanese and Arabic.
_BETWEEN = re.compile("[\n\t,;\uff0c\uff1b\u3001\u060c]+")
# Quotation marks and brackets, straight and as word processors set them.
_AROUND = "\"'`\u00b4<>()[]{}«»\u2039\u203a„“”\u201a\u2018\u2019「」"
_WEB_SCHEME = re.compile(r"(?:[a-z][a-z0-9+.-]{0,20}:)?//+|(?:https?|ftp|mailto):/?", re.IGNORECASE)
_IDNA_DOTS = re.compile("[\u3002\uff0e\uff61]")  # RFC 3490, section 3.1: read as full stops


@dataclass(frozen=True, kw_only=True, slots=True)
class Pasted:
    """What a text was cut into; ``was_cut`` and ``left_out`` say what did not fit."""

    tokens: tuple[str, ...]
    was_cut: bool = False
    left_out: int = 0


def tokens(text: str, *, names: int = 200, characters: int = CHARACTERS_MOST) -> Pasted:
    """Cut a text at new lines, tabs, commas and semicolons; never at spaces, unless every word is a name with a dot."""
    cleaned = unicodedata.normalize("NFC", _NEW_LINES.sub("\n", text[:characters])).translate(_UNSEEN)
    cleaned = "".join(one for one in cleaned if one in "\n\t" or unicodedata.category(one) not in ("Cc", "Cs"))
    found: list[str] = []
    for piece in _BETWEEN.split(cleaned):
        found.extend(_several(piece.strip()))
    return Pasted(tokens=tuple(found[:names]), was_cut=len(text) > characters, left_out=max(0, len(found) - names))


def _several(piece: str) -> list[str]:
    """Read ``a.fr b.pl`` as two names: in a phrase not every word has a dot inside."""
    words = piece.split()
    if len(words) > 1 and all("." in word.strip(_AROUND).strip(".") for word in words):
        return words
    return [piece] if piece else []


def host_of(token: str) -> str:
    """Return the host of a pasted address, e-mail address or name, ``""`` if there is none.

    Scheme, user, port, path and query are dropped (RFC 3986, section 3); an address such as ``[2001:db8::1]`` loses its
    brackets. No more than ``LONGEST_HOST`` characters come back.
    """
    host = token.strip().strip(_AROUND).strip()
    if _is_address(host):
        return host
    host = _WEB_SCHEME.sub("", host, count=1) if _WEB_SCHEME.match(host) else host
    host = re.split(r"[/?#\\]", host, maxsplit=1)[0]
    host = host.rsplit("@", 1)[-1]
    if host.startswith("["):
        host = host[1:].split("]", 1)[0]
    elif not _is_address(host):
        host = host.split(":", 1)[0]
    host = _IDNA_DOTS.sub(".", host).strip().strip(_AROUND).strip()
    return host.removesuffix(".")[:LONGEST_HOST]


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def is_ip_address(host: str) -> bool:
    """Tell whether a host is an IPv4 or IPv6 address, also in full-width digits."""
    return _is_address(unicodedata.normalize("NFKC", host)) if len(host) < LONGEST_HOST else False

"""rule: e-mail addresses: shape, length, and the key they are found by."""

import re
import unicodedata
from dataclasses import dataclass

import idna

from storefront.core.errors import Refused
from storefront.core.i18n import lazy_gettext as _
from storefront.core.problems import Problem

LONGEST_LOCAL = 64  # RFC 5321, section 4.5.3.1.1
LONGEST = 254  # RFC 5321, section 4.5.3.1.3: a path of 256 octets holds two angle brackets
FIELD = "email"

# RFC 5321 "dot-string". Quoted local parts are legal, but no registry and few servers take them.
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LOCAL = re.compile(rf"{_ATOM}(?:\.{_ATOM})*")
_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
_TOP = re.compile(r"[a-z]{2,63}|xn--[a-z0-9-]{1,59}")


@dataclass(frozen=True, slots=True)
class EmailAddress:
    """An address that mail servers and registries take: ASCII only, the domain in lower-case A-labels."""

    local: str
    domain: str

    @property
    def address(self) -> str:
        """The address to send to; the part before the @ is kept as it was typed."""
        return f"{self.local}@{self.domain}"

    @property
    def key(self) -> str:
        """What look-ups compare: all in lower case."""
        return self.address.lower()

    @property
    def unicode(self) -> str:
        """The address as people read it."""
        try:
            return f"{self.local}@{idna.decode(self.domain)}"
        except (idna.IDNAError, UnicodeError):
            return self.address

    def __str__(self) -> str:
        return self.address


def read_email(text: str, *, field: str = FIELD) -> EmailAddress:
    """Read what somebody typed; raises ``Refused`` with a sentence that says what to mend."""
    found = _parse(text, field)
    if isinstance(found, Problem):
        raise Refused(found.message, field=field)
    return found


def email_problem(text: str, *, field: str = FIELD) -> Problem | None:
    """Say what is wrong with an address, or ``None``."""
    found = _parse(text, field)
    return found if isinstance(found, Problem) else None


def email_key(text: str) -> str | None:
    """Return the key to look an address up by, ``None`` if it is no address at all."""
    found = _parse(text, FIELD)
    return found.key if isinstance(found, EmailAddress) else None


def veiled(address: str) -> str:
    """Return an address that its owner knows again and nobody else can write to: ``a…o@example.com``."""
    local, _at, domain = address.rpartition("@")
    shown = f"{local[:1]}…{local[-1:]}" if len(local) > 2 else f"{local[:1]}…"  # noqa: PLR2004 - nothing left to veil
    return f"{shown}@{domain}"


def _parse(text: str, field: str) -> EmailAddress | Problem:
    if len(text) > LONGEST * 4:
        return _too_long(field)
    typed = unicodedata.normalize("NFC", text).strip()
    if not typed:
        return Problem(field, _("Please type an e-mail address."), "missing")
    local, _at, domain_typed = typed.rpartition("@")
    problem = _local_problem(local, field)
    if problem:
        return problem
    domain = _domain(domain_typed)
    if domain is None:
        return Problem(field, _("The part after the @ is not right. It should look like example.com."), "domain")
    is_too_long = len(local) > LONGEST_LOCAL or len(local) + 1 + len(domain) > LONGEST
    return _too_long(field) if is_too_long else EmailAddress(local, domain)


def _local_problem(local: str, field: str) -> Problem | None:
    if not local or "@" in local:
        return Problem(field, _("An e-mail address looks like name@example.com, with one @."), "shape")
    if not local.isascii():
        message = _("Please use an address with only letters a to z before the @; registries accept no others.")
        return Problem(field, message, "not_ascii")
    if not _LOCAL.fullmatch(local):
        return Problem(field, _("The part before the @ is not right. Please check it for spaces and dots."), "local")
    return None


def _too_long(field: str) -> Problem:
    return Problem(field, _("This e-mail address is too long. Please use a shorter one."), "too_long")


def _domain(typed: str) -> str | None:
    """Return the A-labels of the part after the @ (RFC 5891), ``None`` if it is no domain name."""
    try:
        domain = typed.lower() if typed.isascii() else idna.encode(typed, uts46=True, std3_rules=True).decode("ascii")
    except (idna.IDNAError, UnicodeError):
        return None
    labels = domain.split(".")
    if len(labels) == 1 or not all(map(_LABEL.fullmatch, labels)) or not _TOP.fullmatch(labels[-1]):
        return None
    return domain

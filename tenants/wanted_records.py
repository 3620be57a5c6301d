"""rule: the records a host name must have before a shop answers on it, as the keeper of the zone enters them."""

from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from ipaddress import ip_address

from publicsuffixlist import PublicSuffixList

from storefront.core.config import Config

CHALLENGE = "_shop-challenge"
TTL_S = 300  # a mistake that is mended is forgotten after five minutes
TITLES = {"letsencrypt.org": "Let's Encrypt", "pki.goog": "Google Trust Services", "sectigo.com": "Sectigo"}


class Purpose(StrEnum):
    """What a record is for: which of the lights it turns."""

    WAY = "way"  # leads visitors to the shop
    OWNERSHIP = "ownership"  # shows whose name it is


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """A host name, where it should lead, and the code that shows whose it is. Names are A-labels without last dot."""

    host: str
    edge_name: str
    addresses4: tuple[str, ...] = ()
    addresses6: tuple[str, ...] = ()
    code: str
    issuer: str = "letsencrypt.org"
    issuer_title: str = "Let's Encrypt"
    old_addresses: tuple[str, ...] = ()  # were ours once: who still points there only has to follow
    platform_host: str = ""  # names under it are ours too, but nobody's domain should point there

    @property
    def zone(self) -> str:
        """The registered domain, such as ``example.co.uk``: where the records are entered."""
        return registered_domain(self.host)

    @property
    def is_apex(self) -> bool:
        """Whether the host is the registered domain itself, where a CNAME cannot stand (RFC 1034, 3.6.2)."""
        return self.host == self.zone

    @property
    def challenge_name(self) -> str:
        """Where the code must be found."""
        return f"{CHALLENGE}.{self.host}"

    @property
    def addresses(self) -> tuple[str, ...]:
        """Every address that is ours today."""
        return (*self.addresses4, *self.addresses6)


@dataclass(frozen=True, kw_only=True)
class WantedRecord:
    """One line to enter: ``relative`` is what most editors of zones ask for, ``@`` for the domain itself."""

    purpose: Purpose
    type: str
    name: str
    relative: str
    value: str
    ttl_s: int = TTL_S

    @property
    def line(self) -> str:
        """The same as one line of a zone file."""
        value = f'"{self.value}"' if self.type == "TXT" else self.value
        dotted = f"{value}." if self.type == "CNAME" else value
        return f"{self.name}. {self.ttl_s} IN {self.type} {dotted}"


def wanted_records(wanted: Wanted, *, zone: str = "") -> list[WantedRecord]:
    """List all records at once: addresses for an apex, an alias for a subdomain, and the code.

    ``zone`` is where the zone really begins, when that has been found to be lower than the registered domain.
    """
    zone = zone or wanted.zone
    return [*_ways(wanted, zone), _code(wanted, zone)]


def _ways(wanted: Wanted, zone: str) -> list[WantedRecord]:
    if not wanted.is_apex and wanted.host != zone:
        pairs = [("CNAME", wanted.edge_name)]
    else:
        pairs = [("A", each) for each in wanted.addresses4] + [("AAAA", each) for each in wanted.addresses6]
    relative = relative_name(wanted.host, zone)
    return [
        WantedRecord(purpose=Purpose.WAY, type=kind, name=wanted.host, relative=relative, value=value)
        for kind, value in pairs
    ]


def _code(wanted: Wanted, zone: str) -> WantedRecord:
    name = wanted.challenge_name
    return WantedRecord(
        purpose=Purpose.OWNERSHIP, type="TXT", name=name, relative=relative_name(name, zone), value=wanted.code
    )


def relative_name(name: str, zone: str) -> str:
    """What an editor of a zone asks for: ``shop`` for shop.example.com, ``@`` for the zone itself."""
    if name == zone:
        return "@"
    return name.removesuffix(f".{zone}")


@lru_cache(maxsize=1)
def _public_suffixes() -> PublicSuffixList:
    # With the private section: under eu.com or co.nl each customer has a zone of their own, which is what counts here.
    return PublicSuffixList()


@lru_cache(maxsize=4096)
def registered_domain(host: str) -> str:
    """Return the part of a host name that somebody registered; the host itself where there is no such part."""
    return _public_suffixes().privatesuffix(host) or host


def is_public_suffix(name: str) -> bool:
    """Tell whether a name is one that many register under, such as ``co.uk``: it is nobody's own."""
    return _public_suffixes().privatesuffix(name) is None


def canonical_address(text: str) -> str:
    """Write an address the one way it is compared in; raises ``ValueError`` for what is none."""
    return str(ip_address(text))


def wanted_for(config: Config, host: str, code: str) -> Wanted:
    """What a host of a reseller should have, by the settings ``EDGE_HOST``, ``EDGE_ADDRESSES`` and ``CA_NAME``."""
    addresses = [canonical_address(each) for each in config.edge_addresses]
    return Wanted(
        host=host,
        edge_name=config.edge_host,
        addresses4=tuple(each for each in addresses if ip_address(each).version == 4),  # noqa: PLR2004 - IPv4
        addresses6=tuple(each for each in addresses if ip_address(each).version == 6),  # noqa: PLR2004 - IPv6
        code=code,
        issuer=config.ca_name,
        issuer_title=TITLES.get(config.ca_name, config.ca_name),
        old_addresses=tuple(canonical_address(each) for each in config.edge_former_addresses),
        platform_host=config.platform_host,
    )

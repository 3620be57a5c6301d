"""rule: whose address or name something is, as far as published: networks before websites, and parking."""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from pathlib import Path

from storefront.core.addresses import is_open

DATA = Path(__file__).parent / "data" / "networks.toml"


@dataclass(frozen=True, kw_only=True)
class Network:
    """A company with addresses, and names that domains are pointed at."""

    name: str
    ranges: tuple[IPv4Network | IPv6Network, ...] = ()
    aliases: tuple[str, ...] = ()
    nameservers: tuple[str, ...] = ()


@lru_cache(maxsize=1)
def _kept() -> dict[str, tuple[Network, ...]]:
    found = tomllib.loads(DATA.read_text(encoding="utf-8"))
    return {kind: tuple(_network(entry) for entry in found[kind]) for kind in ("cdn", "parking")}


def _network(entry: dict[str, list[str]]) -> Network:
    return Network(
        name=str(entry["name"]),
        ranges=tuple(ip_network(each) for each in entry.get("ranges", ())),
        aliases=tuple(entry.get("aliases", ())),
        nameservers=tuple(entry.get("nameservers", ())),
    )


def is_under(name: str, parents: Iterable[str]) -> bool:
    """Whether a name is one of these or lies under one."""
    return any(name == parent or name.endswith(f".{parent}") for parent in parents)


def cdn_of(names: Iterable[str], addresses: Iterable[str]) -> str:
    """Return the name of the network that stands before a website, or nothing."""
    return _found("cdn", tuple(names), (), tuple(addresses))


def parking_of(nameservers: Iterable[str], addresses: Iterable[str]) -> str:
    """Return the name of the company that a domain is parked at, or nothing."""
    return _found("parking", (), tuple(nameservers), tuple(addresses))


def _found(kind: str, names: tuple[str, ...], nameservers: tuple[str, ...], addresses: tuple[str, ...]) -> str:
    parsed = [ip_address(each) for each in addresses]
    for network in _kept()[kind]:
        if (
            any(is_under(name, network.aliases) for name in names)
            or any(is_under(name, network.nameservers) for name in nameservers)
            or any(address in block for address in parsed for block in network.ranges)
        ):
            return network.name
    return ""


def is_reachable(address: str) -> bool:
    """Whether the open internet can reach an address at all: not private, loopback or reserved."""
    return is_open(ip_address(address))

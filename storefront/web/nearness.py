"""Who stands near: this machine and configured peers, for the pages that are meant for our own machinery."""

from collections.abc import Iterable, Mapping
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from typing import Any

from storefront.web.forwarded import PASSED_ON, TOLD

Network = IPv4Network | IPv6Network
SPOKEN_FOR = (*TOLD, "HTTP_VIA", PASSED_ON)


def networks_of(peers: Iterable[str]) -> tuple[Network, ...]:
    """Read the addresses and networks of a setting."""
    return tuple(ip_network(peer, strict=False) for peer in peers)


def is_near(environ: Mapping[str, Any], peers: tuple[Network, ...] = ()) -> bool:
    """Tell whether a request was made by this machine or a configured peer, and for itself (decision 15).

    What a proxy passes on comes from somewhere else, whatever the peer's address says.
    """
    if any(name in environ for name in SPOKEN_FOR):
        return False
    peer = environ.get("REMOTE_ADDR", "")
    if not peer:
        return True  # a unix socket has no address
    try:
        address = ip_address(peer.partition("%")[0])
    except ValueError:
        return False
    mapped = getattr(address, "ipv4_mapped", None) or address
    return mapped.is_loopback or any(network.version == mapped.version and mapped in network for network in peers)

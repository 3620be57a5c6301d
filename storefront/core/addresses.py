"""rule: which network addresses our servers may speak to when somebody else chose the name."""

from collections.abc import Iterable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

Address = IPv4Address | IPv6Address

# IANA special-purpose registry. ``is_global`` of the standard library is wrong for a dozen of these
# (on 3.11 it lets 64:ff9b::7f00:1, 2002:7f00:1:: and 224.0.0.1 through), so the list is our own.
REFUSED_V4 = tuple(
    IPv4Network(block)
    for block in (
        "0.0.0.0/8",  # this network; Linux connects 0.0.0.0 to itself
        "10.0.0.0/8",
        "100.64.0.0/10",  # carrier-grade NAT, and where clouds keep inner services
        "127.0.0.0/8",
        "169.254.0.0/16",  # link-local, and every cloud's metadata service
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.31.196.0/24",
        "192.52.193.0/24",
        "192.88.99.0/24",  # 6to4 relays
        "192.168.0.0/16",
        "192.175.48.0/24",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, and the broadcast address
    )
)

# Everything that may be on the open internet lies in 2000::/3 (RFC 4291): mapped, NAT64, unique local,
# site-local, link-local, multicast and segment routing addresses do not.
OPEN_V6 = IPv6Network("2000::/3")
REFUSED_V6 = tuple(
    IPv6Network(block)
    for block in (
        "2001::/23",  # IETF protocols, Teredo and ORCHID among them
        "2001:db8::/32",
        "2002::/16",  # 6to4 carries any IPv4 address
        "2620:4f:8000::/48",
        "3fff::/20",
    )
)


def is_open(address: Address) -> bool:
    """Whether an address is an ordinary one on the open internet."""
    if isinstance(address, IPv4Address):
        return not any(address in block for block in REFUSED_V4)
    if address.scope_id or address not in OPEN_V6:
        return False
    return not any(address in block for block in REFUSED_V6)


def is_own_machine(address: Address) -> bool:
    """Whether an address is the loopback of this machine."""
    return str(address) == "::1" or (isinstance(address, IPv4Address) and address.is_loopback)


def is_named(host: str, port: int, allowed: Iterable[str]) -> bool:
    """Whether a list such as ``pay.localhost:8001, *.localhost:8000`` names a host and port.

    A star stands for exactly one label or more in front; an entry without a port means every port.
    """
    return any(_fits(host.rstrip(".").lower(), port, entry.lower()) for entry in allowed)


def _fits(host: str, port: int, entry: str) -> bool:
    name, _, wanted_port = entry.partition(":")
    if wanted_port and wanted_port != str(port):
        return False
    return host.endswith(name[1:]) if name.startswith("*.") else host == name


def literal(host: str) -> Address | None:
    """Return the address that a host spelt as digits is, or None for a name."""
    try:
        return ip_address(host.strip("[]"))
    except ValueError:
        return None
